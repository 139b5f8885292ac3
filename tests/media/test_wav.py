"""WAV files as other programs write them, and as we do."""

from __future__ import annotations

import io
import struct
import wave
from array import array

import pytest

from snomtui.errors import LocalError
from snomtui.media import tones, wav
from snomtui.media.g711 import encode
from tests.media.ears import loudness

TONE = tones.pcm("test")


def _file(pcm: bytes, channels: int = 1, width: int = 2, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(pcm)
    return out.getvalue()


def _raw(form: bytes, sound: bytes) -> bytes:
    body = b"WAVE" + struct.pack("<4sI", b"fmt ", len(form)) + form + struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def test_telephone_wav_is_taken_as_it_is() -> None:
    assert wav.clip(_file(TONE), "a.wav") == TONE


def test_stereo_becomes_the_mean_of_both_sides() -> None:
    both = array("h", [1000, 3000, -2000, -4000]).tobytes()
    assert array("h", wav.clip(_file(both, channels=2), "a.wav")).tolist() == [2000, -3000]


def test_faster_wav_keeps_its_pitch() -> None:
    slow = array("h", TONE)
    fast = array("h", [sample for sample in slow for _ in range(2)]).tobytes()
    clip = wav.clip(_file(fast, rate=16000), "a.wav")
    assert abs(len(clip) - len(TONE)) <= 4
    assert loudness(clip[:6400], 440) > 0.15


def test_eight_bits_are_read_as_unsigned() -> None:
    assert array("h", wav.clip(_file(bytes([128, 255, 0]), width=1), "a.wav")).tolist() == [0, 32512, -32768]


def test_g711_wav_is_decoded() -> None:
    form = struct.pack("<HHIIHH", 6, 1, 8000, 8000, 1, 8)
    assert wav.clip(_raw(form, encode(TONE, "PCMA")), "a.wav")[:2] == array("h", [8]).tobytes()


def test_extensible_format_is_looked_into() -> None:
    form = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 8000, 16000, 2, 16, 22, 16, 4) + b"\x01\0" + bytes(14)
    assert wav.clip(_raw(form, TONE[:320]), "a.wav") == TONE[:320]


def test_length_of_a_streamed_file_is_not_believed() -> None:
    data = wav.header(0xFFFFFFF0 - 36) + TONE[:320]
    assert wav.clip(data, "a.wav") == TONE[:320]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a WAV file"),
        (b"ID3 something else", "not a WAV file"),
        (b"RIFF\0\0\0\0WAVE", "without a format"),
        (wav.header(0)[:36], "without sound"),
        (wav.header(0), "no sound"),
        (_raw(b"\1\0", TONE), "cut off"),
        (_raw(struct.pack("<HHIIHH", 3, 1, 8000, 32000, 4, 32), TONE), "wanted is PCM"),
        (_file(bytes(12), channels=3), "3 channels"),
        (_file(bytes(12), rate=4000), "4000 Hz"),
    ],
)
def test_odd_file_is_refused_with_its_name_and_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(LocalError, match=f"a.wav: .*{why}"):
        wav.clip(data, "a.wav")


def test_header_is_what_other_programs_expect() -> None:
    with wave.open(io.BytesIO(wav.header(len(TONE)) + wav.stored(TONE))) as file:
        assert file.getparams()[:4] == (1, 2, 8000, len(TONE) // 2)
