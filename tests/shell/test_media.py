"""The media thread with real sockets on the loopback interface."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import threading
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from snomtui.errors import LocalError, NoMediaPort
from snomtui.media import g711, tones, wav
from snomtui.media.rtp import RtpPacket, ahead
from snomtui.media.stream import Plan
from snomtui.shell.media import DigitHeard, MediaNews, MediaReport, MediaThread, MediaTrouble, load_wav
from snomtui.shell.runner import Media
from tests.media.ears import frame, loudness

LOCAL = "127.0.0.1"
News = TypeVar("News", MediaReport, DigitHeard, MediaTrouble)


class Ear:
    """Listens to a media thread."""

    def __init__(self, media: MediaThread) -> None:
        self.news: queue.Queue[MediaNews] = queue.Queue()
        media.listen(self.news.put)

    def wait(self, kind: type[News], wanted: Callable[[News], bool] = lambda news: True) -> News:
        """The next piece of news that is wanted; fails after ten seconds."""
        deadline = time.monotonic() + 10
        while True:
            news = self.news.get(timeout=max(0.01, deadline - time.monotonic()))
            if isinstance(news, kind) and wanted(news):
                return news


@pytest.fixture
def media() -> Iterator[MediaThread]:
    thread = MediaThread(os.urandom, LOCAL)
    thread.start()
    yield thread
    thread.stop()


def _plan(call: str, remote: tuple[str, int] | None, source: str = "silence", record: str = "") -> Plan:
    return Plan(call, remote, "PCMA", 8, 101, source=source, record=record)


def _talk(media: MediaThread, one: Plan, other: str) -> tuple[int, int]:
    """Two streams that talk to each other; `other` is the source of the second, whose call is "echo"."""
    first, second = media.reserve(), media.reserve()
    media.play(second, _plan("echo", (LOCAL, first), other))
    media.play(first, Plan(one.call, (LOCAL, second), "PCMA", 8, 101, source=one.source, record=one.record))
    return first, second


@pytest.fixture
def stranger() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((LOCAL, 0))
        sock.settimeout(5)
        yield sock


def test_tone_comes_back_from_an_echo_and_is_recorded(media: MediaThread, tmp_path: Path) -> None:
    ear = Ear(media)
    kept = tmp_path / "calls" / "c1.wav"
    first, _ = _talk(media, _plan("c1", None, "tone", str(kept)), "echo")
    running = ear.wait(MediaReport, lambda news: news.call == "c1")
    assert (running.codec, running.final) == ("PCMA", False)
    media.play(first, None)
    stats = ear.wait(MediaReport, lambda news: news.call == "c1" and news.final).stats
    assert 40 < stats.sent < 80
    assert 40 < stats.received < 80
    assert stats.lost == 0
    assert stats.jitter_ms < 20
    assert stats.mos > 4
    with wave.open(str(kept)) as file:
        assert file.getparams()[:3] == (1, 2, 8000)
        pcm = file.readframes(file.getnframes())
    assert len(pcm) > 40 * 320
    assert loudness(pcm[-8000:], 440) > 0.1
    assert loudness(pcm[-8000:], 1000) < 0.01


def test_digits_arrive_in_order(media: MediaThread) -> None:
    ear = Ear(media)
    first, _ = _talk(media, _plan("c1", None), "silence")
    media.digits(first, "7*#0")
    said = [ear.wait(DigitHeard) for _ in range(4)]
    assert said == [DigitHeard("echo", digit) for digit in "7*#0"]


def test_frames_come_at_an_even_pace(media: MediaThread, stranger: socket.socket) -> None:
    port = media.reserve()
    media.play(port, _plan("c1", stranger.getsockname(), "tone"))
    stranger.recv(2048)
    begin = time.monotonic()
    read = [RtpPacket.parse(stranger.recv(2048)) for _ in range(51)]
    passed = time.monotonic() - begin
    stamps = [packet.timestamp for packet in read if packet]
    assert len(stamps) == 51
    assert ahead(stamps[-1], stamps[0]) / 8000 == pytest.approx(passed, abs=0.1)
    assert {(stamp - stamps[0]) % 160 for stamp in stamps if stamp >= stamps[0]} == {0}


def test_hold_and_resume_go_through_to_the_wire(media: MediaThread, stranger: socket.socket) -> None:
    remote = stranger.getsockname()
    port = media.reserve()
    media.play(port, _plan("c1", remote))
    before = RtpPacket.parse(stranger.recv(2048))
    media.play(port, Plan("c1", remote, "PCMA", 8, 101, send=False))
    stranger.settimeout(0.2)
    with pytest.raises(TimeoutError):
        while True:
            stranger.recv(2048)
    stranger.settimeout(5)
    media.play(port, Plan("c1", remote, "PCMU", 0, 101))
    after = RtpPacket.parse(stranger.recv(2048))
    assert before is not None
    assert after is not None
    assert (after.ssrc, after.payload_type) == (before.ssrc, 0)


def test_garbage_at_the_port_is_harmless(media: MediaThread, stranger: socket.socket) -> None:
    ear = Ear(media)
    port = media.reserve()
    media.play(port, _plan("c1", stranger.getsockname()))
    stranger.recv(2048)  # from here on the port is listened to
    for data in (b"", b"x", os.urandom(1400), b"\x80\x65\0\0", bytes(60000)):
        stranger.sendto(data, (LOCAL, port))
    for n in range(3):
        stranger.sendto(frame(n), (LOCAL, port))
    report = ear.wait(MediaReport, lambda news: news.stats.received > 0)
    assert (report.stats.received, report.stats.lost) == (3, 0)


def test_wav_file_is_played(media: MediaThread, stranger: socket.socket, tmp_path: Path) -> None:
    file = tmp_path / "hello.wav"
    pcm = tones.pcm("busy")
    file.write_bytes(wav.header(len(pcm)) + wav.stored(pcm))
    port = media.reserve()
    media.play(port, _plan("c1", stranger.getsockname(), f"wav:{file}"))
    packet = RtpPacket.parse(stranger.recv(2048))
    assert packet is not None
    assert len(set(packet.payload)) > 10


def test_missing_wav_file_is_told_and_silence_is_sent(media: MediaThread, stranger: socket.socket) -> None:
    ear = Ear(media)
    port = media.reserve()
    media.play(port, _plan("c1", stranger.getsockname(), "wav:/no/such.wav"))
    assert ear.wait(MediaTrouble) == MediaTrouble("c1", "/no/such.wav: No such file or directory")
    packet = RtpPacket.parse(stranger.recv(2048))
    assert packet is not None
    assert packet.payload == b"\xd5" * 160
    media.play(port, _plan("c1", stranger.getsockname(), "wav:/none/either.wav"))
    assert "/none/either.wav" in ear.wait(MediaTrouble).why


def test_folder_that_cannot_be_written_is_told(media: MediaThread, tmp_path: Path) -> None:
    ear = Ear(media)
    (tmp_path / "file").touch()
    media.play(media.reserve(), _plan("c1", (LOCAL, 9), record=str(tmp_path / "file" / "c1.wav")))
    assert "cannot record" in ear.wait(MediaTrouble).why


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (Plan("c1", (LOCAL, 9), "G729", 18, None), "G729"),
        (Plan("c1", ("phone.example", 9), "PCMA", 8, None), "phone.example"),
        (Plan("c1", ("2001:db8::1", 9), "PCMA", 8, None), "cannot send"),
    ],
)
def test_plan_that_does_not_work_is_told_and_raises_nothing(media: MediaThread, plan: Plan, why: str) -> None:
    ear = Ear(media)
    port = media.reserve()
    media.play(port, plan)
    trouble = ear.wait(MediaTrouble)
    assert trouble.call == "c1"
    assert why in trouble.why


def test_what_is_no_digit_is_told(media: MediaThread) -> None:
    ear = Ear(media)
    port = media.reserve()
    media.play(port, _plan("c1", None))
    media.digits(port, "12x")
    assert ear.wait(MediaTrouble) == MediaTrouble("c1", "'x' cannot be sent as a DTMF digit")


def test_port_that_nobody_reserved_is_told(media: MediaThread) -> None:
    ear = Ear(media)
    media.play(4, _plan("c1", None))
    assert ear.wait(MediaTrouble) == MediaTrouble("c1", "port 4 is not reserved for media")
    media.play(4, None)
    media.digits(4, "1")


def test_ports_are_even_and_rest_before_they_are_used_again(media: MediaThread) -> None:
    ports = [media.reserve() for _ in range(10)]
    for port in ports:
        media.play(port, None)
    assert all(port % 2 == 0 for port in ports)
    assert media.reserve() not in ports


def test_ports_run_out_and_come_back() -> None:
    media = MediaThread(os.urandom, LOCAL, range(47001, 47007))
    ports = {media.reserve() for _ in range(3)}
    assert ports == {47002, 47004, 47006}
    with pytest.raises(NoMediaPort, match="47002 to 47006"):
        media.reserve()
    media.play(47004, None)
    assert media.reserve() == 47004
    media.stop()


def test_address_of_another_machine_is_no_place_to_listen() -> None:
    with pytest.raises(NoMediaPort, match="192.0.2.1"):
        MediaThread(os.urandom, "192.0.2.1").reserve()


def test_stop_ends_all_streams_and_finishes_their_recordings(tmp_path: Path) -> None:
    media = MediaThread(os.urandom, LOCAL)
    ear = Ear(media)
    media.start()
    media.start()
    media.reserve()
    _talk(media, _plan("c1", None, "tone", str(tmp_path / "c1.wav")), "echo")
    ear.wait(MediaReport)
    begin = time.monotonic()
    media.stop()
    assert time.monotonic() - begin < 0.5
    assert {ear.wait(MediaReport, lambda news: news.final).call for _ in range(2)} == {"c1", "echo"}
    assert len(load_wav(str(tmp_path / "c1.wav"))) > 8000
    assert "snomtui-media" not in {thread.name for thread in threading.enumerate()}
    media.stop()
    media.play(4, None)


def test_listener_that_fails_costs_nobody_the_sound(media: MediaThread) -> None:
    def fail(news: MediaNews) -> None:
        raise RuntimeError("loop is closed")

    media.listen(fail)
    ear = Ear(media)
    _talk(media, _plan("c1", None), "echo")
    ear.wait(MediaReport)
    assert ear.wait(MediaReport, lambda news: news.stats.received > 60).stats.lost == 0


def test_two_hundred_streams_lose_nothing(media: MediaThread) -> None:
    ear = Ear(media)
    ports = [media.reserve() for _ in range(200)]
    for one, other in zip(ports[::2], ports[1::2], strict=True):
        media.play(one, _plan(str(one), (LOCAL, other), "tone"))
        media.play(other, _plan(str(other), (LOCAL, one), "echo"))
    ear.wait(MediaReport, lambda news: news.stats.received > 60)
    media.stop()
    ends = [ear.wait(MediaReport, lambda news: news.final).stats for _ in range(200)]
    assert sum(stats.lost for stats in ends) == 0
    assert min(stats.received for stats in ends) > 30


def test_large_wav_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "album.wav"
    with file.open("wb") as out:
        out.truncate(33 * 1024 * 1024)
    with pytest.raises(LocalError, match="larger than 32 MiB"):
        load_wav(str(file))


def test_media_thread_fits_the_runner(media: MediaThread) -> None:
    fits: Media = media
    fits.play(media.reserve(), None)
    fits.digits(4, "1")


def test_three_in_a_conference_hear_each_other_and_a_fourth_call_hears_none(media: MediaThread) -> None:
    """Two strangers at two streams of one room: what the first one plays, the second one hears; and not itself."""
    with contextlib.ExitStack() as stack:
        strangers = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(3)]
        for each in strangers:
            each.bind((LOCAL, 0))
            each.settimeout(5)
        ports = [media.reserve() for _ in strangers]
        for number, (port, each) in enumerate(zip(ports, strangers, strict=True)):
            room = "conference" if number < 2 else ""
            media.play(port, replace(_plan(f"c{number}", each.getsockname()), room=room))
        tone = g711.encode(tones.pcm("test") * 2, "PCMA")
        heard = [list[bytes]() for _ in strangers]
        for number in range(40):
            strangers[0].sendto(frame(number, tone[number * 160 :][:160]), (LOCAL, ports[0]))
            for each, pieces in zip(strangers, heard, strict=True):
                pieces.append(_heard(each))
        loud = [loudness(b"".join(pieces[-10:]), 440) for pieces in heard]
    assert loud[1] > 0.1
    assert max(loud[0], loud[2]) < 0.01


def _heard(stranger: socket.socket) -> bytes:
    packet = RtpPacket.parse(stranger.recv(2048))
    assert packet
    return g711.decode(packet.payload, "PCMA")
