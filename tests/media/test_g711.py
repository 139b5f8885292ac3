"""G.711 against the values of the recommendation."""

from __future__ import annotations

from array import array

import pytest

from snomtui.errors import LocalError
from snomtui.media import g711


def _pcm(*samples: int) -> bytes:
    return array("h", samples).tobytes()


@pytest.mark.parametrize(("sample", "octet"), [(0, 0xD5), (32767, 0xAA), (-32768, 0x2A), (8, 0xD5), (-9, 0x55)])
def test_a_law_octets_are_those_of_the_recommendation(sample: int, octet: int) -> None:
    assert g711.encode(_pcm(sample), "PCMA") == bytes([octet])


@pytest.mark.parametrize(("sample", "octet"), [(0, 0xFF), (32767, 0x80), (-32768, 0x00), (8, 0xFE), (-8, 0x7E)])
def test_mu_law_octets_are_those_of_the_recommendation(sample: int, octet: int) -> None:
    assert g711.encode(_pcm(sample), "PCMU") == bytes([octet])


@pytest.mark.parametrize(
    ("codec", "octet", "sample"),
    [("PCMA", 0xD5, 8), ("PCMA", 0x55, -8), ("PCMA", 0xAA, 32256), ("PCMU", 0xFF, 0), ("PCMU", 0x80, 32124)],
)
def test_decoder_gives_the_middle_of_the_step(codec: str, octet: int, sample: int) -> None:
    assert g711.decode(bytes([octet]), codec) == _pcm(sample)


@pytest.mark.parametrize("codec", ["PCMA", "PCMU"])
def test_each_octet_comes_back_as_it_was(codec: str) -> None:
    octets = bytes(value for value in range(256) if (codec, value) != ("PCMU", 0x7F))  # minus zero becomes zero
    assert g711.encode(g711.decode(octets, codec), codec) == octets


@pytest.mark.parametrize("codec", ["PCMA", "PCMU"])
def test_silence_is_what_the_encoder_makes_of_nothing(codec: str) -> None:
    assert g711.encode(_pcm(0), codec) == g711.SILENCE[codec]


def test_other_codecs_are_refused_by_name() -> None:
    with pytest.raises(LocalError, match="G722"):
        g711.encode(b"", "G722")
    with pytest.raises(LocalError, match="G722"):
        g711.decode(b"", "G722")
