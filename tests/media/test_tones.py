"""Tones: the right frequencies in the right rhythm."""

from __future__ import annotations

import pytest

from snomtui.errors import LocalError
from snomtui.media import tones
from tests.media.ears import loudness


@pytest.mark.parametrize(("name", "hertz"), [("test", 440), ("dial", 425), ("ringback", 425), ("busy", 425)])
def test_tone_has_its_frequency_and_no_other(name: str, hertz: int) -> None:
    piece = tones.pcm(name)[:6400]
    assert loudness(piece, hertz) > 0.15
    assert loudness(piece, hertz * 1.5) < 0.01


@pytest.mark.parametrize(("name", "on", "off"), [("ringback", 1.0, 4.0), ("busy", 0.48, 0.48)])
def test_german_tones_keep_their_rhythm(name: str, on: float, off: float) -> None:
    pcm = tones.pcm(name)
    assert len(pcm) == round((on + off) * 16000)
    assert pcm[: round(on * 16000)].strip(b"\0")
    assert not pcm[round(on * 16000) :].strip(b"\0")


@pytest.mark.parametrize("name", ["test", "dial"])
def test_steady_tone_begins_again_without_a_click(name: str) -> None:
    pcm = tones.pcm(name)
    assert loudness(pcm[-1600:] + pcm[:1600], 425 if name == "dial" else 440) > 0.15
    assert abs(int.from_bytes(pcm[:2], "little", signed=True)) < 50


@pytest.mark.parametrize(("event", "low", "high"), [(0, 941, 1336), (5, 770, 1336), (11, 941, 1477), (12, 697, 1633)])
def test_key_sounds_with_the_frequencies_of_its_row_and_column(event: int, low: int, high: int) -> None:
    pcm = tones.keypad(event)
    assert loudness(pcm, low) > 0.2
    assert loudness(pcm, high) > 0.2
    assert loudness(pcm, 852 if low != 852 else 697) < 0.02


@pytest.mark.parametrize(
    ("name", "third", "hertz"), [("information", 0.33, (950, 1400, 1800)), ("chime", 0.3, (440, 554, 659))]
)
def test_tones_of_an_announcement_sound_one_after_the_other(name: str, third: float, hertz: tuple[int, ...]) -> None:
    pcm, size = tones.pcm(name), round(third * 16000)
    for at, one in enumerate(hertz):
        piece = pcm[at * size : (at + 1) * size]
        assert [loudness(piece, each) > 0.15 for each in hertz] == [each == one for each in hertz]
    assert not pcm[3 * size :].strip(b"\0")


def test_unknown_tone_is_refused_by_name() -> None:
    with pytest.raises(LocalError, match="foghorn"):
        tones.pcm("foghorn")
