"""Offer and answer of one call, and the media plan that follows."""

from __future__ import annotations

from typing import Any

import pytest

from snomtui.errors import NoMediaPort
from snomtui.line.calls.audio import Audio
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


def version(body: bytes | None) -> bytes:
    """The version in the `o=` line."""
    assert body is not None
    return body.split(b"\r\n")[1].split()[2]


def test_version_rises_with_each_change_and_only_then() -> None:
    """RFC 3264 8."""
    _, one = made()
    assert [version(one.offer()), version(one.offer()), version(one.repeat())] == [b"1", b"1", b"1"]
    assert version(one.answer(sdp("sendonly"))) == b"2"
    assert version(one.answer(sdp("sendonly", port=31000))) == b"2"
    assert version(one.repeat()) == b"2"
    one.direction = "sendonly"
    assert version(one.offer()) == b"3"


VIDEO = b"m=video 30002 RTP/AVP 34\r\na=rtpmap:34 H263/90000\r\n"


def test_lines_keep_their_places_in_later_offers() -> None:
    """RFC 3264 8: what was refused stays refused, and in its place."""
    _, one = made()
    head, _, audio_line = sdp().partition(b"m=audio")
    answered = Sdp.parse(one.answer(head + VIDEO + b"m=audio" + audio_line) or b"")
    assert [(line.kind, bool(line.port)) for line in answered.media] == [("video", False), ("audio", True)]
    again = Sdp.parse(one.offer())
    assert [(line.kind, line.port) for line in again.media] == [("video", 0), ("audio", one.port)]


def test_number_of_telephone_events_stays_as_it_was_agreed() -> None:
    _, one = made()
    theirs = sdp().replace(b"101", b"96")
    assert b"telephone-event" in (one.answer(theirs) or b"")
    assert described(one.offer()).dtmf == 96


def test_second_audio_line_is_spoken_to_if_only_that_one_can_be_spoken() -> None:
    bench, one = made()
    first = b"m=audio 29000 RTP/AVP 18\r\n"
    head, _, rest = sdp(port=30004).partition(b"m=audio")
    answered = Sdp.parse(one.answer(head + first + b"m=audio" + rest) or b"")
    assert [line.port for line in answered.media] == [0, one.port]
    assert plan(bench).remote == ("192.0.2.9", 30004)


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
    one.offer()
    assert one.previewed(sdp()) and one.waiting
    assert one.agreed(sdp(), early=True) and not one.waiting
    assert (plan(bench).send, plan(bench).receive) == (False, True)
    one.confirmed()
    assert plan(bench).send


@pytest.mark.parametrize("body", [b"", b"rubbish", sdp(codecs="G729", dtmf=False)])
def test_description_that_cannot_be_spoken_changes_nothing(body: bytes) -> None:
    bench, one = made()
    assert one.objection(body) == [("Warning", '305 127.0.0.1 "No codec in common"')]
    assert one.answer(body) is None
    assert not one.agreed(body)
    assert (one.codec, bench.plans) == ("", [])


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (sdp() + b"a=encryption:required\r\n", True),
        (sdp() + b"a=encryption: Required \r\n", True),
        (sdp().replace(b"RTP/AVP", b"RTP/SAVP"), True),
        (sdp() + b"a=encryption:optional\r\na=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:x|2^31|1:1\r\n", False),
        (sdp() + b"a=encryption:rejected\r\n", False),
    ],
)
def test_phone_without_encryption_refuses_an_offer_that_requires_it_and_says_why(body: bytes, refused: bool) -> None:
    _, one = made()
    said = [("Warning", '308 lcs.microsoft.com "Encryption Levels not compatible"')] if refused else None
    assert one.objection(body) == said
    assert (one.answer(body) is None) is refused


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
