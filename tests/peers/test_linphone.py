"""Calls between our phone and Linphone through a real Kamailio."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers

pytestmark = pytest.mark.peer
TRANSPORTS = ("udp", "tcp", "tls")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_calls_linphone_which_hangs_up(callers: Callers, transport: str) -> None:
    phone, linphone = callers.phone("alice", transport), callers.linphone("dave", transport)
    phone.do("dial", number="dave")
    phone.expect("call", state="ringing")
    linphone.expect("Receiving new incoming call")
    linphone.say("answer")
    phone.expect("call", state="talking")
    linphone.expect("Media streams established")
    linphone.say("terminate")
    assert phone.expect("call", state="ended")["cause"] == "remote"


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_linphone_calls_phone_which_hangs_up(callers: Callers, transport: str) -> None:
    phone, linphone = callers.phone("alice", transport), callers.linphone("dave", transport)
    linphone.say("call sip:alice@pbx.test")
    phone.expect("call", state="offered", number="dave")
    phone.do("answer")
    phone.expect("call", state="talking")
    linphone.expect("Media streams established")
    phone.do("hangup")
    assert phone.expect("call", state="ended")["cause"] == "local"
    linphone.expect("ended")


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_each_holds_the_other_and_takes_it_back(callers: Callers, transport: str) -> None:
    phone, linphone = callers.phone("alice", transport), callers.linphone("dave", transport)
    phone.do("dial", number="dave")
    linphone.expect("Receiving new incoming call")
    linphone.say("answer")
    phone.expect("call", state="talking")
    linphone.expect("Media streams established")
    linphone.say("pause")
    phone.expect("call", state="held")
    linphone.expect("is now paused")
    linphone.say("resume")
    phone.expect("call", state="talking")
    linphone.expect("Media streams established")
    phone.do("hold")
    phone.expect("call", state="holding")
    linphone.ask("calls", "PausedByRemote")
    phone.do("resume")
    phone.expect("call", state="talking")
    linphone.ask("calls", "StreamsRunning")
    linphone.say("terminate")
    phone.expect("call", state="ended")


def test_linphone_that_gives_up_and_linphone_that_refuses(callers: Callers) -> None:
    phone, linphone = callers.phone("alice"), callers.linphone("dave")
    linphone.say("call sip:alice@pbx.test")
    phone.expect("call", state="offered")
    linphone.say("terminate")
    assert phone.expect("call", state="ended")["cause"] == "cancelled"
    phone.do("dial", number="dave")
    linphone.expect("Receiving new incoming call")
    linphone.say("terminate")
    ended = phone.expect("call", state="ended")
    assert (ended["cause"], ended["code"]) == ("refused", 603)


def test_media_flows_between_phone_and_linphone(callers: Callers) -> None:
    phone, linphone = callers.phone("alice"), callers.linphone("dave")
    phone.do("dial", number="dave")
    linphone.expect("Receiving new incoming call")
    linphone.say("answer")
    phone.expect("call", state="talking")
    linphone.say("play /usr/share/sounds/linphone/hello8000.wav")
    while phone.expect("media")["received"] < 50:
        pass
    phone.do("hangup")
