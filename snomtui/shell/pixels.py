"""Pictures of web servers as pixels of the display."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("BMP", "PNG", "JPEG", "GIF")
"""What the phone can read."""
MOST_PIXELS = 16_000_000
"""A picture with more pixels is not unpacked: a small file may claim to be huge."""
GROUND, INK = -1, -2
"""As in `phone.snapshot`, which this room cannot see: the display's own colours."""
_DARK, _LIGHT = 56, 208
"""Grey values below and above which a grey display shows its own ink or ground."""

Pixels = tuple[tuple[int, ...], ...]


class NoPicture(ValueError):
    """Bytes that are no picture, or one that cannot be shown; the text says why."""


def unpacked(data: bytes, size: tuple[int, int], tones: str) -> Pixels:
    """A picture in rows of pixels: as wide as `size`, at most as high, its sides in their true relation.

    `tones`: `mono`, `grey` or `color`. What is transparent or beside the picture is ground. Raises `NoPicture`.
    The library is slow to load, and unpacking may take a moment: call this in a thread.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow would warn of is refused below
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NoPicture("It is too large a picture")
                return _drawn(opened.convert("RGBA"), size, tones)
    except NoPicture:
        raise
    except Image.DecompressionBombError:
        raise NoPicture("It is too large a picture") from None
    except Exception as error:  # decoders meet bad bytes with exceptions of every kind
        raise NoPicture("It is no picture that this phone can show") from error


def _drawn(image: Image, size: tuple[int, int], tones: str) -> Pixels:
    from PIL.Image import Resampling

    wide, high = max(1, size[0]), max(1, size[1])
    scale = min(wide / image.width, high / image.height)
    fitted = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.resize(fitted, Resampling.BOX if scale < 1 else Resampling.NEAREST)
    rows = _color_rows(small) if tones == "color" else _grey_rows(small, tones == "mono")
    clear = small.getchannel("A").tobytes()
    left = (wide - fitted[0]) // 2
    right = wide - fitted[0] - left
    masked = (
        [pixel if clear[y * fitted[0] + x] >= 128 else GROUND for x, pixel in enumerate(row)]
        for y, row in enumerate(rows)
    )
    return tuple((*[GROUND] * left, *row, *[GROUND] * right) for row in masked)


def _color_rows(image: Image) -> list[list[int]]:
    data = image.convert("RGB").tobytes()
    return _in_rows([int.from_bytes(data[n : n + 3], "big") for n in range(0, len(data), 3)], image.width)


def _grey_rows(image: Image, mono: bool) -> list[list[int]]:
    """Dark is ink and light is ground; grey displays show what lies between as well.

    Others draw the line at the mean: few pixels show a shape better than a pattern does. The ground of a grey display
    is no white, so that shades are darker than on paper.
    """
    data = image.convert("L").tobytes()
    if mono:
        mean = sum(data) / len(data)
        return _in_rows([INK if value < mean else GROUND for value in data], image.width)
    shades = [INK if value < _DARK else GROUND if value > _LIGHT else value * 3 // 4 * 0x10101 for value in data]
    return _in_rows(shades, image.width)


def _in_rows(pixels: list[int], width: int) -> list[list[int]]:
    return [pixels[n : n + width] for n in range(0, len(pixels), width)]
