"""Offer and answer of one call, and the media plan that follows."""

from __future__ import annotations

from typing import Any

import pytest

from snomtui.errors import NoMediaPort
from snomtui.line.audio import Audio
from snomtui.media.plan import Plan
from snomtui.sip.sdp import AudioPlan, Sdp, audio
from tests.line.peer import Bench, sdp


def made(**settings: Any) -> tuple[Bench, Audio]:
    """The audio of a call on a registered line."""
    bench = Bench(**settings)
    return bench, Audio(bench.line, "1-1")


def plan(bench: Bench) -> Plan:
    """What the media does now."""
    bench.settle()
    last = bench.plans[-1]
    assert last is not None
    return last


def described(body: bytes) -> AudioPlan:
    """What a session description says of its audio."""
    found = audio(Sdp.parse(body))
    assert found is not None
    return found


def test_offer_names_our_codecs_in_order_and_our_port() -> None:
    _, one = made(codec1_name1="0", codec2_name1="8")
    offer = described(one.offer())
    assert [codec.name for codec in offer.codecs] == ["PCMU", "PCMA"]
    assert (offer.host, offer.port, offer.direction) == ("127.0.0.1", one.port, "sendrecv")


def test_each_description_has_a_higher_version_than_the_last() -> None:
    _, one = made()
    versions = [body.split(b"\r\n")[1].split()[2] for body in (one.offer(), one.answer(sdp()) or b"", one.offer())]
    assert versions == [b"1", b"2", b"3"]


def test_address_of_the_setting_is_told_instead_of_the_one_of_the_connection() -> None:
    _, one = made(sim_local_address="198.51.100.7")
    assert described(one.offer()).host == "198.51.100.7"


@pytest.mark.parametrize(
    ("ours", "theirs", "send", "receive"),
    [
        ("sendrecv", "sendrecv", True, True),
        ("sendrecv", "sendonly", False, True),
        ("sendrecv", "recvonly", True, False),
        ("sendrecv", "inactive", False, False),
        ("sendonly", "recvonly", True, False),
        ("sendonly", "inactive", False, False),
    ],
)
def test_plan_sends_and_receives_what_both_want(ours: str, theirs: str, send: bool, receive: bool) -> None:
    bench, one = made()
    one.direction = ours
    assert one.agreed(sdp(theirs))
    assert (plan(bench).send, plan(bench).receive) == (send, receive)
    assert one.held == (theirs in ("sendonly", "inactive"))


def test_early_answer_is_heard_and_not_spoken_to_until_it_is_confirmed() -> None:
    bench, one = made()
    assert not one.confirmed()
    assert one.agreed(sdp(), early=True)
    assert (plan(bench).send, plan(bench).receive) == (False, True)
    assert one.confirmed()
    assert plan(bench).send


@pytest.mark.parametrize("body", [b"", b"rubbish", sdp(codecs="G729", dtmf=False)])
def test_description_that_cannot_be_spoken_changes_nothing(body: bytes) -> None:
    bench, one = made()
    assert not one.can_answer(body)
    assert one.answer(body) is None
    assert not one.agreed(body)
    assert (one.codec, bench.plans) == ("", [])


def test_same_plan_is_handed_out_once() -> None:
    bench, one = made()
    one.agreed(sdp())
    one.agreed(sdp())
    bench.settle()
    assert len(bench.plans) == 1


def test_end_gives_the_port_back() -> None:
    bench, one = made()
    one.agreed(sdp())
    one.stop()
    bench.settle()
    bench.no_port_leaks()


def test_no_free_port_is_an_error_of_ours() -> None:
    bench = Bench()
    bench.box.ports_left = 0
    with pytest.raises(NoMediaPort):
        Audio(bench.line, "1-1")


def test_muted_call_sends_silence_until_it_is_heard_again() -> None:
    bench, one = made(sim_media_source="tone")
    one.offer()
    assert one.agreed(sdp())
    assert plan(bench).source == "tone"
    one.mute(True)
    assert (plan(bench).source, plan(bench).send) == ("silence", True)
    one.mute(False)
    assert plan(bench).source == "tone"
