"""Voices that are passed on: without gaps, never much later, and several as one."""

from __future__ import annotations

from dataclasses import replace

from snomtui.media import tones
from snomtui.media.g711 import decode, encode
from snomtui.media.mixing import MOST, Mixer, Reserve
from snomtui.media.mixing import START as SAVED
from snomtui.media.stream import Stream, Voice
from tests.media.ears import START, THEM, dice, frame, loudness, plan, run

FRAME = b"\x10\x00" * 160


def test_voice_waits_until_two_frames_are_saved_and_then_goes_on() -> None:
    voice = Reserve()
    voice.put(FRAME)
    assert voice.take(160) is None
    voice.put(FRAME)
    assert voice.take(160) == FRAME
    assert voice.take(160) == FRAME
    assert voice.take(160) is None
    assert len(FRAME) * 2 == SAVED * 2


def test_voice_never_lags_more_than_400_ms() -> None:
    voice = Reserve()
    for number in range(100):
        voice.put(bytes([number, 0]) * 160)
    assert voice.take(160) == bytes([100 - MOST // 160, 0]) * 160


def test_mixer_adds_what_others_say_to_what_one_would_hear_anyway() -> None:
    mixer, own = Mixer(), encode(b"\x00\x10" * 160, "PCMA")
    assert mixer.add(own, 160, "PCMA") == own
    for who in ("jan", "eva"):
        mixer.put(who, b"\x00\x10" * SAVED)
    both = mixer.add(own, 160, "PCMA")
    assert both is not None
    assert abs(int.from_bytes(decode(both, "PCMA")[:2], "little", signed=True) - 3 * 0x1000) < 0x200
    assert mixer.add(None, 160, "PCMA") is not None
    mixer.forget()
    assert mixer.add(None, 160, "PCMA") is None


def test_loud_voices_are_cut_off_and_do_not_turn_over() -> None:
    mixer = Mixer()
    for who in range(3):
        mixer.put(who, b"\xff\x7f" * SAVED)
    loud = mixer.add(None, 160, "PCMU")
    assert loud is not None and int.from_bytes(decode(loud, "PCMU")[:2], "little", signed=True) > 30000


def test_streams_of_a_conference_say_what_they_hear_and_send_what_others_say() -> None:
    first = Stream(replace(plan(), room="conference"), dice, START)
    tone = encode(tones.pcm("test"), "PCMA")
    for number in range(10):
        first.receive(frame(number, tone[number * 160 :][:160]), THEM, START + number / 50)
    said = [one.pcm for one in first.outbox() if isinstance(one, Voice)]
    assert len(said) >= 8
    second = Stream(replace(plan(), room="conference"), dice, START)
    for pcm in said:
        second.join("first", pcm)
    sent = run(second, 0.12, START)
    assert loudness(b"".join(decode(packet.payload, "PCMA") for packet in sent[:6]), 440) > 0.1


def test_stream_outside_a_conference_sends_nobody_elses_voice() -> None:
    stream = Stream(plan(), dice, START)
    stream.join("somebody", b"\x00\x10" * 1600)
    assert {packet.payload for packet in run(stream, 0.1, START)} == {b"\xd5" * 160}
