"""For terminals that can do little: every line is drawn with the characters and without the colours that they lack.

Width never changes: one cell stays one cell, so nothing moves.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from unicodedata import normalize

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from snomtui.skin import GLYPHS, OPTIONAL, KeyShape
from snomtui.ui.terminal import Terminal

_CONSOLE = set("─│┌┐└┘├┤┬┴┼═║╔╗╚╝░▒▓█▀▄▌▐■•")
"""What the usual fonts of a Linux console have beside Latin 1."""

_FRAMES = str.maketrans("╭╮╰╯━┃╌╎▁▂▃▔▏▎▍▕▗▖▝▘●○◌◉▪▫▴▾▸◂", "┌┐└┘─│─│▄▄▄▀││▌│▄▄▀▀■°·•■°^v><")
"""The nearest one that a Linux console has."""

_ASCII = {
    **dict.fromkeys("─━═╌┄┈▁▔▀▄▬–—−‐‑", "-"),
    **dict.fromkeys("│┃║╎▏▎▍▕┆┊", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬", "+"),
    **dict.fromkeys("▗▖▂▃▟▙", "."),
    **dict.fromkeys("▝▘▜▛´‘’", "'"),
    **dict.fromkeys("█▓▒▇▆▅■▪◆", "#"),
    **dict.fromkeys("░·∙•▫°", "."),
    **dict.fromkeys("▞╱", "/"),
    **dict.fromkeys("▚╲", "\\"),
    **dict.fromkeys("●◉☎", "*"),
    **dict.fromkeys("○◌◐◑◔", "o"),
    **dict.fromkeys("“”„«»", '"'),
    **dict(zip("▐▌▲▴△↑▼▾▽↓◀◂◁←▶▸▷→✓✔✗✘×…⊖▣◈€ßæÆøØłŁ", "[]^^^^vvvv<<<<>>>>VVXXx.x@=EsaAoOlL", strict=True)),
}


def ascii_of(text: str) -> str:
    """The text in ASCII characters, as wide as it was."""
    return text if text.isascii() else _ascii(text)


@lru_cache(2048)
def _ascii(text: str) -> str:
    return "".join(one if one.isascii() else _ASCII.get(one) or _letter(one) for one in text)


def _letter(one: str) -> str:
    """A letter without its accent; a question mark for each cell of what has no such letter."""
    bare = normalize("NFKD", one)[:1]
    width = cell_len(one)
    return bare if bare.isascii() and width == 1 else "?" * width


@lru_cache(2048)
def console_of(text: str) -> str:
    """The text in the characters of a Linux console, as wide as it was."""
    near = text.translate(_FRAMES)
    return "".join(one if one in _CONSOLE or ord(one) < 0x100 else ascii_of(one) for one in near)


class Characters(LineFilter):
    """Draws every line with fewer characters."""

    def __init__(self, charset: str) -> None:
        super().__init__()
        self._of = ascii_of if charset == "ascii" else console_of

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Called by Textual for every line."""
        return [Segment(self._of(text), style, control) for text, style, control in segments]


class Colorless(LineFilter):
    """Takes all colours away; what must be told apart by its ground is inverted by the style sheet (`:nocolor`)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Called by Textual for every line."""
        return [Segment(text, style and _colorless(style), control) for text, style, control in segments]


@lru_cache(1024)
def _colorless(style: Style) -> Style:
    return Style(bold=style.bold, italic=style.italic, underline=style.underline, reverse=style.reverse)


def filters(terminal: Terminal) -> list[LineFilter]:
    """What is needed in this terminal."""
    characters: list[LineFilter] = [Characters(terminal.charset)] if terminal.charset != "full" else []
    return [*characters, *([] if terminal.colors else [Colorless()])]


def plain_keys(keys: tuple[KeyShape, ...]) -> tuple[KeyShape, ...]:
    """The keys of a skin; a tick is a word, for the letter like it would be taken for an arrow."""
    return tuple(replace(key, label=key.label.replace("✓", "OK")) for key in keys)


def plain_glyphs(glyphs: dict[str, str]) -> dict[str, str]:
    """The glyphs of a skin, those of one character as `skin` has them in ASCII: their shapes must stay different."""
    plain = {name for name, text in GLYPHS.items() if len(text) == 1 or name in OPTIONAL}
    return {name: GLYPHS[name] if name in plain else text for name, text in glyphs.items()}
