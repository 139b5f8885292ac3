"""The displays of the models, and a phone of each; what must hold for every page on them."""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.presence import Contact
from snomtui.skin import Shape
from tests.line.peer import Peer
from tests.phone.bench import Bench

SHAPES = {
    "snom320": Shape("snom320", 1, 24, 4, 12),
    "snom360": Shape("snom360", 4, 21, 4, 12),
    "snom370": Shape("snom370", 8, 38, 4, 12),
    "snom870": Shape("snom870", 10, 48, 4, 12),
}
EACH = [(shape, language) for shape in SHAPES for language in ("English", "Deutsch")]
PEOPLE = (
    Contact("sip:anna@example.org", "Anna Lindner", ("+4930123456",), watched=False),
    Contact("sip:bob@example.org", "Bob Alexander von Humboldt", ("+4930123457",), watched=False),
)


def phone(shape: str, language: str = "English", peer: Peer | None = None, /, **settings: str) -> Bench:
    """A phone of a model, with Anna and Bob in its directory."""
    more: Mapping[str, str] = {"language": language, "ignore_security_warning": "on", **settings}
    return Bench(peer, PEOPLE, shape=SHAPES[shape], settings=more)


def fits(bench: Bench, shape: str) -> None:
    """No page has more rows than the display, and no soft key a label that is cut."""
    page, here = bench.page, SHAPES[shape]
    assert len(page.rows) <= here.rows
    room = (here.columns + 2) // 4
    assert [key.label for key in page.softkeys if key and len(key.label) > room] == []
    assert len(bench.snapshot.status) <= here.columns


def seen(bench: Bench) -> str:
    """All that stands on the display."""
    page, snapshot = bench.page, bench.snapshot
    title = "" if len(page.rows) == 1 and snapshot.model == "snom320" else page.title
    rows = [f"{row.text} {row.right}" for row in page.rows]
    return "\n".join([title, *rows, page.entry or "", snapshot.status])


def labels(bench: Bench) -> list[str]:
    """The labels of the soft keys; those without a meaning are empty."""
    return [key.label if key else "" for key in bench.page.softkeys]
