"""The ladder: messages as arrows between columns. What is drawn here is text with the names of styles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.trace.columns import Columns, Say
from snomtui.trace.record import Record
from snomtui.trace.rungs import ASCII, WIDE, Grid, Signs, Span, cut, rung, titles
from snomtui.trace.words import BAD, GOOD, clock, headline, label, narrow, worth


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line of a dialog."""

    call_id: str
    text: str


Row = Record | Heading


__all__ = ["ASCII", "Heading", "Ladder", "Row", "Signs", "Span"]


class Ladder:
    """What is shown of a trace: everything, the messages with some text, one dialog, or dialog after dialog."""

    def __init__(self, say: Say, signs: Signs = Signs()) -> None:  # noqa: B008  a frozen value
        self.say, self.signs = say, signs
        self.records: list[Record] = []
        self.rows: list[Row] = []
        self.columns = Columns()
        self.wanted, self.only, self.grouped = "", "", False

    def take(self, fresh: Iterable[Record], oldest: int = 0) -> None:
        """More messages came, and those before number `oldest` are forgotten."""
        new = list(fresh)
        self.records += new
        gone = next((at for at, one in enumerate(self.records) if one.number >= oldest), len(self.records))
        del self.records[:gone]
        if self.grouped:
            self._sort()
            return
        shown = [one for one in new if self._wants(one)]
        self.columns.learn(shown)
        dropped = next((at for at, one in enumerate(self.rows) if _number(one) >= oldest), len(self.rows))
        del self.rows[:dropped]
        self.rows += shown

    def choose(self, wanted: str | None = None, only: str | None = None, grouped: bool | None = None) -> None:
        """Show something else; what is None stays. `wanted`: a text; `only`: a Call-ID."""
        self.wanted = self.wanted if wanted is None else wanted
        self.only = self.only if only is None else only
        self.grouped = self.grouped if grouped is None else grouped
        self._sort()

    def _wants(self, record: Record) -> bool:
        if self.only and record.call_id != self.only:
            return False
        low = self.wanted.casefold()
        return not low or low in record.gist or low in label(record, self.say).casefold()

    def _sort(self) -> None:
        shown = [one for one in self.records if self._wants(one)]
        self.columns = Columns()
        self.columns.learn(shown)
        if not self.grouped:
            self.rows = list(shown)
            return
        dialogs: dict[str, list[Record]] = {}
        for one in shown:
            dialogs.setdefault(one.call_id, []).append(one)
        self.rows = []
        for call_id, records in sorted(dialogs.items(), key=lambda pair: pair[1][-1].number):
            self.rows += [Heading(call_id, headline(records, self.say)), *records]

    # -- drawing

    def titles(self, width: int) -> str:
        """The line with the names of the columns."""
        names = [narrow(self.columns.title(number, self.say)) for number in range(len(self.columns.keys))]
        return titles(names, Grid.of(len(names), width), width, self.signs)

    def draw(self, row: Row, width: int) -> list[Span]:
        """One line of exactly `width` cells."""
        if isinstance(row, Heading):
            text = f"{self.signs.shaft * 2} {narrow(row.text)} "
            return [(cut(text, width, self.signs).ljust(width, self.signs.shaft), "title")]
        value, ends = worth(row), self.columns.span(row)
        mark = self.signs.good if value == GOOD else self.signs.bad if value == BAD else " "
        style = "alert" if (row.status or 0) >= 400 else "label"
        return [
            (clock(row.at, width >= WIDE), "time"),
            (mark + " ", "alert" if value == BAD else "mark"),
            *rung(label(row, self.say), style, ends, Grid.of(len(self.columns.keys), width), width, self.signs),
        ]


def _number(row: Row) -> int:
    return row.number if isinstance(row, Record) else 0
