"""WAV files as bytes: clips in, recordings out. The shell reads and writes the files."""

from __future__ import annotations

import struct
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from snomtui.errors import LocalError
from snomtui.media.g711 import RATE, decode

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # see g711
    import audioop

_PCM, _ALAW, _ULAW, _EXTENSIBLE = 1, 6, 7, 0xFFFE
HEADER_OCTETS = 44


@dataclass(frozen=True, slots=True)
class _Format:
    tag: int
    channels: int
    rate: int
    width: int
    """Octets a sample."""


def clip(data: bytes, name: str) -> bytes:
    """The sound of a WAV file as 8000 Hz mono 16-bit samples in the machine's byte order.

    Reads PCM of 8 to 32 bits and G.711, mono or stereo, 8000 to 48000 Hz. Raises `LocalError`, naming the file,
    for anything else and for a file without sound.
    """
    form, sound = _parts(data, name)
    pcm = _samples(form, sound)
    if form.channels == 2:
        pcm = audioop.tomono(pcm, 2, 0.5, 0.5)
    if form.rate != RATE:
        pcm, _ = audioop.ratecv(pcm, 2, 1, form.rate, RATE, None)
    if not pcm:
        raise LocalError(f"{name}: there is no sound in this WAV file")
    return pcm


def header(octets: int) -> bytes:
    """The first 44 octets of an 8000 Hz mono 16-bit WAV file with `octets` octets of samples."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, RATE, RATE * 2, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + octets, b"WAVE") + form + struct.pack("<4sI", b"data", octets)


def stored(pcm: bytes) -> bytes:
    """Samples in the byte order of a WAV file (little end first)."""
    return pcm if sys.byteorder == "little" else audioop.byteswap(pcm, 2)


def _samples(form: _Format, sound: bytes) -> bytes:
    whole = form.width * form.channels
    sound = sound[: len(sound) - len(sound) % whole]
    if form.tag == _ALAW:
        return decode(sound, "PCMA")
    if form.tag == _ULAW:
        return decode(sound, "PCMU")
    if form.width == 1:  # 8-bit samples in a WAV file are unsigned
        return audioop.lin2lin(audioop.bias(sound, 1, 128), 1, 2)
    if sys.byteorder == "big":
        sound = audioop.byteswap(sound, form.width)
    return sound if form.width == 2 else audioop.lin2lin(sound, form.width, 2)


def _parts(data: bytes, name: str) -> tuple[_Format, bytes]:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise LocalError(f"{name}: this is not a WAV file")
    form: _Format | None = None
    for kind, body in _chunks(data):
        if kind == b"fmt ":
            form = _format(body, name)
        elif kind == b"data" and form is not None:
            return form, body
    raise LocalError(f"{name}: a WAV file without {'sound' if form else 'a format'}")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks after the RIFF header; a length that is too long means: to the end (written as a stream)."""
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _format(body: bytes, name: str) -> _Format:
    if len(body) < 16:
        raise LocalError(f"{name}: the format chunk of this WAV file is cut off")
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = int.from_bytes(body[24:26], "little")
    right_bits = bits in (8, 16, 24, 32) if tag == _PCM else tag in (_ALAW, _ULAW) and bits == 8
    if not right_bits or channels not in (1, 2) or not RATE <= rate <= 48000:
        raise LocalError(
            f"{name}: WAV format {tag} with {channels} channels, {bits} bits, {rate} Hz; "
            "wanted is PCM or G.711, mono or stereo, 8000 to 48000 Hz"
        )
    return _Format(tag, channels, rate, bits // 8)
