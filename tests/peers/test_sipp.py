"""SIPp, which takes messages only in the order that is written down, talks to our phone."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers
from tests.peers.pbx import Pbx, free_port

pytestmark = pytest.mark.peer


def test_phone_hears_its_own_sound_from_an_echo(pbx: Pbx, callers: Callers) -> None:
    phone = callers.phone("alice")
    echo = callers.sipp("uas_echo", "echo", pbx.echo_port, "-rtp_echo")
    phone.do("dial", number="echo")
    phone.call("ringing")
    phone.call("talking")
    told = phone.hears(100)
    assert told["codec"] == "PCMU"
    phone.do("hold")
    phone.call("holding")
    phone.do("resume")
    phone.call("talking")
    phone.hears(told["received"] + 50)
    phone.do("hangup")
    phone.call("ended")
    assert echo.wait(20) == 0


def test_sipp_calls_phone_and_every_message_comes_in_order(callers: Callers) -> None:
    phone = callers.phone("bob")
    caller = callers.sipp("uac_call", "alice", free_port(), "-s", "bob")
    phone.call("offered", number="alice", remote_name="SIPp")
    phone.do("answer")
    phone.call("talking")
    assert phone.hears(100)["codec"] == "PCMU"
    phone.call("ended", cause="remote")
    assert caller.wait(20) == 0


def test_program_controls_the_phone_by_csta_over_sip(callers: Callers) -> None:
    port = free_port()
    phone = callers.phone("bob", network_id_port=port, csta_control="on")
    program = callers.sipp("uac_csta", "bob", free_port(), "-s", "bob", "-rsa", f"127.0.0.1:{port}")
    phone.call("dialling", number="busy")
    phone.call("ended", code=486)
    assert program.wait(30) == 0
