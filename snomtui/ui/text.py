"""Text in character cells: cut, fill and make harmless what came from the net."""

from __future__ import annotations

from unicodedata import category

from rich.cells import cell_len, set_cell_size

_SILENT = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def harmless(text: str) -> str:
    """Without control characters, direction marks and variation selectors, which would upset the terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one for one in text if category(one) not in _SILENT and not "\ufe00" <= one <= "\ufe0f")


def cut(text: str, width: int, ellipsis: str) -> str:
    """At most `width` cells; what is cut off is marked."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - cell_len(ellipsis))).rstrip() + ellipsis if width > 0 else ""


def cut_label(label: str, width: int, ellipsis: str) -> str:
    """At most `width` cells of the label of a key; a number at its end stays, as only that tells lines apart."""
    name, _, number = label.rpartition(" ")
    if not name or not number.isdecimal() or cell_len(label) <= width or len(number) >= width - 2:
        return cut(label, width, ellipsis)
    return f"{cut(name, width - 1 - len(number), ellipsis)} {number}"


def cut_start(text: str, width: int, ellipsis: str) -> str:
    """At most `width` cells of the end, for text that is being typed."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) + cell_len(ellipsis) > width:
        text = text[1:]
    return ellipsis + text


def left(text: str, width: int) -> str:
    """Exactly `width` cells, text at the left."""
    return set_cell_size(text, width)


def right(text: str, width: int) -> str:
    """Exactly `width` cells, text at the right."""
    return " " * max(0, width - cell_len(text)) + set_cell_size(text, min(width, cell_len(text)))


def centred(text: str, width: int) -> str:
    """Exactly `width` cells, text in the middle."""
    return set_cell_size(" " * max(0, (width - cell_len(text)) // 2) + text, width)
