"""Lines of the desk as text with the names of styles, and what a click on them means. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from snomtui.trace.detail import Fact
from snomtui.trace.ladder import Span
from snomtui.ui.text import cut, harmless

Hit = tuple[int, int, str]
"""First cell, the cell behind the last, and the action of a click there."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line and the places on it that can be clicked."""

    spans: tuple[Span, ...]
    hits: tuple[Hit, ...] = ()

    def action_at(self, x: int) -> str:
        """What a click there does; empty if nothing."""
        return next((action for start, end, action in self.hits if start <= x < end), "")


def bar(tabs: list[tuple[str, str]], chosen: str, focused: bool, right: str, mark: str, width: int) -> Line:
    """The tabs; the chosen one is in brackets. A mark in front says that the keys go here."""
    spans: list[Span] = [(f"{mark if focused else ' '} ", "bar")]
    hits: list[Hit] = []
    at = cell_len(mark) + 1
    for name, title in tabs:
        text = f"[{title}]" if name == chosen else f" {title} "
        spans.append((text, ("tab-on" if focused else "tab-here") if name == chosen else "bar"))
        hits.append((at, at + cell_len(text), f"tab:{name}"))
        at += cell_len(text)
    right = cut(harmless(right), max(0, width - at - 5), "~")
    gap = max(0, width - at - cell_len(right) - 5)
    hits.append((width - 4, width, "close"))
    return Line((*spans, (" " * gap + right + " ", "bar"), (" [x]", "bar")), tuple(hits))


def foot(hints: list[tuple[str, str, str]], narrowed: str, width: int) -> Line:
    """What narrows the rows, then keys and words, as many as fit; each can be clicked."""
    front = f" {cut(harmless(narrowed), width // 2, '~')} " if narrowed else ""
    spans: list[Span] = [(front, "prompt"), (" ", "foot")]
    hits: list[Hit] = []
    at = cell_len(front) + 1
    for key, word, action in hints:
        wide = cell_len(key) + 1 + cell_len(word)
        if at + wide > width - 1:
            continue
        spans += [(key, "foot-key"), (f" {word}", "foot"), ("  ", "foot")]
        hits.append((at, at + wide, action))
        at += wide + 2
    return Line(tuple(spans), tuple(hits))


def wrapped(facts: list[Fact], width: int) -> list[list[Span]]:
    """The lines of a pane: names at the left, values beside them, broken where they are too long."""
    names = max(
        (min(cell_len(one.name), 22, width // 3) for one in facts if one.value and one.style != "title"), default=0
    )
    lines: list[list[Span]] = []
    for one in facts:
        if one.style == "title":
            lines += [[("", "text")], [(cut(harmless(one.name), width, "~"), "title")]]
            continue
        indent = names + 2 if one.name else (0 if one.style == "start" else 1)
        name = set_cell_size(cut(harmless(one.name), names, "~"), indent) if one.name else " " * indent
        style = {"start": "start", "good": "good", "bad": "alert"}.get(one.style, "text")
        for number, piece in enumerate(_pieces(harmless(one.value), max(8, width - indent))):
            lines.append([(name if number == 0 else " " * indent, "name"), (piece, style)])
    return lines


def _pieces(text: str, width: int) -> list[str]:
    pieces = []
    while cell_len(text) > width:
        at = len(set_cell_size(text, width).rstrip()) if not text.isascii() else width
        space = text.rfind(" ", at // 2, at + 1)
        at = space + 1 if space > 0 else max(1, at)
        pieces.append(text[:at].rstrip())
        text = text[at:]
    return [*pieces, text]


def fitted(spans: list[Span], width: int, ellipsis: str) -> list[Span]:
    """The spans cut to this width."""
    out: list[Span] = []
    room = width
    for text, style in spans:
        if cell_len(text) > room:
            out.append((cut(text, room, ellipsis), style))
            return out
        out.append((text, style))
        room -= cell_len(text)
    return out
