"""Pictures become pixels of a display."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from snomtui.shell.pixels import GROUND, INK, NoPicture, unpacked


def picture(kind: str, size: tuple[int, int] = (8, 4), mode: str = "RGB", color: str = "red") -> bytes:
    """A picture of one colour."""
    data = io.BytesIO()
    Image.new(mode, size, color).save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize("kind", ["BMP", "PNG", "GIF"])
def test_picture_of_every_format_is_unpacked_in_its_colours(kind: str) -> None:
    assert unpacked(picture(kind), (4, 4), "color") == ((0xFF0000,) * 4,) * 2


def test_photograph_is_unpacked() -> None:
    rows = unpacked(picture("JPEG"), (8, 4), "color")
    assert (len(rows), len(rows[0])) == (4, 8)
    assert all(pixel >> 16 > 0xF0 and pixel & 0xFFFF < 0x1000 for row in rows for pixel in row)


def test_narrow_picture_stands_in_the_middle_on_ground() -> None:
    rows = unpacked(picture("PNG", (4, 8)), (8, 8), "color")
    assert rows == ((GROUND, GROUND, *[0xFF0000] * 4, GROUND, GROUND),) * 8


def test_bitmap_of_two_colours_is_ink_on_ground() -> None:
    image = Image.new("1", (4, 2), 1)
    image.putpixel((0, 0), 0)
    data = io.BytesIO()
    image.save(data, "BMP")
    for tones in ("mono", "grey"):
        rows = unpacked(data.getvalue(), (4, 2), tones)
        assert rows == ((INK, GROUND, GROUND, GROUND), (GROUND,) * 4)


def test_grey_display_shows_shades_and_others_only_what_is_darker_than_most() -> None:
    image = Image.new("L", (4, 1), 120)
    image.putpixel((3, 0), 80)
    data = io.BytesIO()
    image.save(data, "PNG")
    assert unpacked(data.getvalue(), (4, 1), "grey") == ((0x5A5A5A, 0x5A5A5A, 0x5A5A5A, 0x3C3C3C),)
    assert unpacked(data.getvalue(), (4, 1), "mono") == ((GROUND, GROUND, GROUND, INK),)


def test_what_is_transparent_is_ground() -> None:
    data = io.BytesIO()
    Image.new("RGBA", (2, 2), (255, 0, 0, 0)).save(data, "PNG")
    assert unpacked(data.getvalue(), (2, 2), "color") == ((GROUND, GROUND),) * 2


def chunk(name: bytes, data: bytes) -> bytes:
    """One part of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_small_file_that_claims_to_be_huge_is_not_unpacked() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    with pytest.raises(NoPicture, match="too large"):
        unpacked(bomb, (38, 16), "color")
    with pytest.raises(NoPicture, match="too large"):
        unpacked(picture("PNG", (5000, 5000), "1", "white"), (38, 16), "color")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<html>", picture("PNG")[:40], picture("BMP")[:30]])
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(NoPicture, match="no picture"):
        unpacked(data, (38, 16), "color")


@given(st.sampled_from(["PNG", "BMP", "GIF", "JPEG"]), st.integers(0, 60), st.binary(max_size=20))
def test_damaged_picture_is_shown_or_refused_and_nothing_else(kind: str, at: int, noise: bytes) -> None:
    good = picture(kind)
    try:
        rows = unpacked(good[:at] + noise + good[at + len(noise) :], (8, 4), "grey")
    except NoPicture:
        return
    assert len(rows) <= 4 and all(len(row) == 8 for row in rows)
