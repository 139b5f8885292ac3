"""A stream on a pretend clock: what it sends, exactly, and what it makes of what it gets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import LocalError
from snomtui.media import tones
from snomtui.media.dtmf import Event
from snomtui.media.g711 import decode, encode
from snomtui.media.rtp import RtpPacket
from snomtui.media.stream import Packet, Plan, Stream
from tests.media.ears import START, THEM, dice, digits, frame, heard, loudness, packets, plan, run

ELSEWHERE = ("198.51.100.9", 5004)
FIRST = 0x01010101


def _targets(stream: Stream) -> list[tuple[str, int]]:
    return [one.to for one in stream.outbox() if isinstance(one, Packet)]


# -- out


def test_stream_sends_one_frame_each_20_ms_with_exact_numbers() -> None:
    sent = run(Stream(plan(), dice, START), 1.0, START)
    assert len(sent) == 50
    assert [packet.timestamp - FIRST for packet in sent] == [n * 160 for n in range(50)]
    assert [packet.sequence - 0x0101 for packet in sent] == list(range(50))
    assert {(packet.ssrc, packet.payload_type) for packet in sent} == {(FIRST, 8)}
    assert {packet.payload for packet in sent} == {b"\xd5" * 160}
    assert [packet.marker for packet in sent] == [True] + [False] * 49


def test_beat_does_not_drift_in_an_hour_of_late_ticks() -> None:
    stream = Stream(plan("none"), dice, START)
    for _ in range(3600 * 50):
        stream.tick((stream.next_wake() or 0.0) + 0.004)
    assert stream.next_wake() == pytest.approx(START + 3600, abs=1e-5)


def test_numbers_wrap_around() -> None:
    stream = Stream(plan(), lambda count: b"\xff" * count, START)
    sent = run(stream, 0.06, START)
    assert [packet.sequence for packet in sent] == [0xFFFF, 0, 1]
    assert [packet.timestamp for packet in sent] == [0xFFFFFFFF, 159, 319]


def test_other_frame_times_are_kept() -> None:
    sent = run(Stream(plan(ptime=30), dice, START), 0.3, START)
    assert len(sent) == 10
    assert {len(packet.payload) for packet in sent} == {240}
    assert sent[1].timestamp - sent[0].timestamp == 240


def test_late_tick_sends_a_few_frames_and_jumps_over_the_rest() -> None:
    stream = Stream(plan(), dice, START)
    run(stream, 0.1, START)
    stream.tick(START + 10.0)
    burst = packets(stream)
    assert [packet.timestamp - FIRST for packet in burst] == [160 * n for n in (498, 499, 500)]
    assert [packet.sequence - 0x0101 for packet in burst] == [5, 6, 7]
    assert burst[0].marker
    assert stream.next_wake() == pytest.approx(START + 10.02)


def test_tone_is_the_tone() -> None:
    sent = run(Stream(plan("tone"), dice, START), 3.0, START)
    pcm = b"".join(decode(packet.payload, "PCMA") for packet in sent)
    assert loudness(pcm, 440) > 0.15
    assert loudness(pcm, 880) < 0.01


def test_clip_is_played_round_and_round() -> None:
    octets = encode(tones.pcm("busy")[:1000], "PCMA")
    stream = Stream(plan("wav:door.wav"), dice, START, clip=lambda name: tones.pcm("busy")[:1000])
    sent = b"".join(packet.payload for packet in run(stream, 0.4, START))
    assert sent == (octets * 20)[: len(sent)]


def test_missing_clip_is_refused_with_its_name() -> None:
    with pytest.raises(LocalError, match="door.wav"):
        Stream(plan("wav:door.wav"), dice, START)


@pytest.mark.parametrize(
    "wrong", [plan("gramophone"), replace(plan(), codec="G729"), replace(plan(), ptime=5), plan("wav:")]
)
def test_plan_that_cannot_be_played_is_refused(wrong: Plan) -> None:
    with pytest.raises(LocalError):
        Stream(wrong, dice, START)


def test_source_none_sends_digits_only() -> None:
    stream = Stream(plan("none"), dice, START)
    stream.dial("1", START)
    assert {packet.payload_type for packet in run(stream, 1.0, START)} == {101}


# -- hold, resume, change


def test_hold_stops_and_resume_goes_on_with_the_same_source_and_clock() -> None:
    stream = Stream(plan(), dice, START)
    before = run(stream, 1.0, START)
    stream.change(replace(plan(), send=False), START + 1.0)
    assert stream.next_wake() is None
    stream.tick(START + 2.0)
    assert packets(stream) == []
    stream.change(plan(), START + 5.0)
    after = run(stream, 1.0, START + 5.0)
    assert len(after) == 50
    assert after[0].ssrc == before[0].ssrc
    assert after[0].sequence == before[-1].sequence + 1
    assert after[0].timestamp == FIRST + 5 * 8000
    assert after[0].marker
    assert not after[1].marker


def test_resume_at_once_never_turns_the_clock_back() -> None:
    stream = Stream(plan(), dice, START)
    before = run(stream, 0.1, START)
    stream.change(replace(plan(), send=False), START + 0.081)
    stream.change(plan(), START + 0.082)
    after = run(stream, 0.1, START + 0.082)
    assert after[0].timestamp == before[-1].timestamp + 160


def test_codec_and_frame_time_may_change_while_the_clock_runs_on() -> None:
    stream = Stream(plan(), dice, START)
    run(stream, 0.1, START)
    stream.change(replace(plan(ptime=40), codec="PCMU", payload=0), START + 0.1)
    sent = run(stream, 0.2, START + 0.1)
    assert {(packet.payload_type, packet.payload) for packet in sent} == {(0, b"\xff" * 320)}
    assert [packet.timestamp - FIRST for packet in sent] == [800 + 320 * n for n in range(5)]


def test_refused_change_leaves_the_stream_as_it_was() -> None:
    stream = Stream(plan(), dice, START)
    with pytest.raises(LocalError):
        stream.change(replace(plan("wav:x"), send=False), START)
    assert stream.plan == plan()
    assert len(run(stream, 0.2, START)) == 10


@pytest.mark.parametrize("remote", [("0.0.0.0", 40000), ("192.0.2.7", 0)])
def test_nothing_is_sent_to_nowhere(remote: tuple[str, int]) -> None:
    stream = Stream(replace(plan(), remote=remote), dice, START)
    stream.receive(frame(0), ELSEWHERE, START)
    assert run(stream, 0.1, START) == []
    assert stream.stats(START).sent == 0


# -- digits out


def test_digit_is_seven_packets_with_a_standing_timestamp_and_three_ends() -> None:
    stream = Stream(plan(), dice, START)
    run(stream, 0.1, START)
    stream.dial("#", START + 0.1)
    sent = run(stream, 0.3, START + 0.1)
    said = [packet for packet in sent if packet.payload_type == 101]
    assert sent[:7] == said
    assert {packet.timestamp for packet in said} == {FIRST + 800}
    assert [packet.sequence - said[0].sequence for packet in said] == list(range(7))
    assert [packet.marker for packet in said] == [True] + [False] * 6
    events = [Event.parse(packet.payload) for packet in said]
    assert [(event.code, event.duration, event.end) for event in events if event] == [
        (11, duration, duration == 800) for duration in (160, 320, 480, 640, 800, 800, 800)
    ]
    assert sent[7].timestamp == FIRST + 800 + 7 * 160


def test_digits_keep_a_pause_between_them() -> None:
    stream = Stream(plan(), dice, START)
    stream.dial("12", START)
    kinds = [packet.payload_type for packet in run(stream, 0.5, START)]
    assert kinds == [101] * 7 + [8] * 4 + [101] * 7 + [8] * 7


def test_comma_waits_a_second() -> None:
    stream = Stream(plan(), dice, START)
    stream.dial(",1", START)
    kinds = [packet.payload_type for packet in run(stream, 1.2, START)]
    assert kinds.index(101) == 50


def test_digits_are_sounds_where_telephone_event_is_unknown() -> None:
    stream = Stream(plan(dtmf=None), dice, START)
    stream.dial("5", START)
    sent = run(stream, 0.3, START)
    assert {packet.payload_type for packet in sent} == {8}
    pcm = b"".join(decode(packet.payload, "PCMA") for packet in sent[:5])
    assert loudness(pcm, 770) > 0.2
    assert loudness(pcm, 1336) > 0.2
    assert {packet.payload for packet in sent[5:]} == {b"\xd5" * 160}


def test_digits_on_hold_are_lost() -> None:
    stream = Stream(plan(), dice, START)
    stream.dial("123", START)
    stream.change(replace(plan(), send=False), START)
    stream.dial("4", START)
    stream.change(plan(), START + 1)
    assert {packet.payload_type for packet in run(stream, 1.0, START + 1)} == {8}


def test_one_stream_understands_the_digits_of_another() -> None:
    speaker, hearer = Stream(plan(), dice, START), Stream(plan(), dice, START)
    speaker.dial("0123456789*#ABCD", START)
    for packet in run(speaker, 5.0, START):
        hearer.receive(bytes(packet), THEM, START)
    assert digits(hearer) == "0123456789*#ABCD"


# -- in


def test_received_packets_are_counted_and_lost_ones_too() -> None:
    stream = Stream(plan(), dice, START)
    for n in range(100):
        if n not in (10, 11, 50):
            stream.receive(frame(n, first=65500), THEM, START + n * 0.02)
    stats = stream.stats(START + 2)
    assert (stats.received, stats.lost) == (97, 3)
    assert stats.jitter_ms < 0.2
    assert 3.5 < stats.mos < 4.4


def test_stream_that_heard_nothing_has_no_opinion() -> None:
    assert Stream(plan(), dice, START).stats(START).mos == 0.0


def test_recording_gets_what_was_said_in_order() -> None:
    stream = Stream(plan(record="x.wav"), dice, START)
    speech = [bytes([0x80 + n]) * 160 for n in range(5)]
    for n in (0, 2, 1, 3, 4):
        stream.receive(frame(n, speech[n]), THEM, START)
    stream.end()
    assert heard(stream) == b"".join(decode(one, "PCMA") for one in speech)


def test_other_law_is_understood_although_not_agreed() -> None:
    stream = Stream(plan(record="x.wav"), dice, START)
    stream.receive(bytes(RtpPacket(0, 1, 0, 7, b"\x80" * 160)), THEM, START)
    assert heard(stream) == decode(b"\x80" * 160, "PCMU")


def test_nothing_is_recorded_while_not_receiving_but_no_packet_is_lost() -> None:
    stream = Stream(plan(record="x.wav"), dice, START)
    stream.receive(frame(0), THEM, START)
    stream.change(replace(plan(record="x.wav"), receive=False), START)
    stream.outbox()
    stream.receive(frame(1), THEM, START)
    assert heard(stream) == b""
    assert (stream.stats(START).received, stream.stats(START).lost) == (2, 0)


def test_echo_gives_back_what_was_heard() -> None:
    stream = Stream(plan("echo"), dice, START)
    speech = [bytes([0x80 + n]) * 160 for n in range(10)]
    back: list[bytes] = []
    for n, said in enumerate(speech):
        stream.receive(frame(n, said), THEM, START + n * 0.02)
        stream.tick(START + n * 0.02)
        back += [packet.payload for packet in packets(stream)]
    assert back[1:] == speech[:9]


def test_echo_never_lags_more_than_400_ms() -> None:
    stream = Stream(plan("echo"), dice, START)
    for n in range(200):
        stream.receive(frame(n, bytes([n % 128 + 0x80]) * 160), THEM, START)
    assert run(stream, 0.02, START)[0].payload == bytes([180 % 128 + 0x80]) * 160


@given(st.binary(max_size=80))
def test_garbage_is_dropped_without_an_answer(data: bytes) -> None:
    stream = Stream(plan("echo", record="x.wav"), dice, START)
    stream.receive(data, ELSEWHERE, START)
    stream.receive(b"\x80\x65" + data, THEM, START)
    stream.receive(b"\x80\x08" + data, THEM, START)
    assert not [one for one in stream.outbox() if isinstance(one, Packet)]


@pytest.mark.parametrize(
    "data",
    [bytes.fromhex("000100002112a442") + bytes(12), bytes.fromhex("80c80006") + bytes(24), b"\x80\x60" + bytes(30)],
)
def test_stun_rtcp_and_foreign_payloads_neither_count_nor_latch(data: bytes) -> None:
    stream = Stream(plan(), dice, START)
    stream.receive(data, ELSEWHERE, START)
    stream.tick(START)
    assert _targets(stream) == [THEM]
    assert stream.stats(START).received == 0


# -- symmetric RTP


def test_stream_answers_to_where_the_other_side_really_speaks() -> None:
    stream = Stream(plan(), dice, START)
    stream.tick(START)
    stream.receive(frame(0), ELSEWHERE, START)
    stream.tick(START + 0.02)
    assert _targets(stream) == [THEM, ELSEWHERE]


def test_stream_latches_only_once() -> None:
    stream = Stream(plan(), dice, START)
    stream.receive(frame(0), ELSEWHERE, START)
    stream.receive(frame(1), ("203.0.113.1", 9), START)
    stream.tick(START)
    assert _targets(stream) == [ELSEWHERE]
    assert stream.stats(START).received == 1


def test_announced_address_wins_whenever_it_speaks() -> None:
    stream = Stream(plan(), dice, START)
    stream.receive(frame(0), ELSEWHERE, START)
    stream.receive(frame(1), THEM, START)
    stream.receive(frame(2), ELSEWHERE, START)
    stream.tick(START)
    assert _targets(stream) == [THEM]
    assert stream.stats(START).received == 2


def test_new_announcement_is_believed_again() -> None:
    stream = Stream(plan(), dice, START)
    stream.receive(frame(0), ELSEWHERE, START)
    stream.change(replace(plan(), remote=("192.0.2.8", 6000)), START)
    stream.tick(START)
    assert _targets(stream) == [("192.0.2.8", 6000)]


def test_stream_without_an_address_waits_until_it_is_spoken_to() -> None:
    stream = Stream(replace(plan(), remote=None), dice, START)
    stream.tick(START)
    assert _targets(stream) == []
    stream.receive(frame(0), ELSEWHERE, START)
    stream.tick(START + 0.02)
    assert _targets(stream) == [ELSEWHERE]
