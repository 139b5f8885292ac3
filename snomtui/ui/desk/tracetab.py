"""The tab with the SIP trace: a ladder, and the message under the cursor in words."""

from __future__ import annotations

from typing import Any

from snomtui.trace.detail import Fact, facts
from snomtui.trace.ladder import Heading, Ladder, Signs, Span
from snomtui.trace.pcapout import pcap
from snomtui.trace.record import Record
from snomtui.trace.textout import heading, text
from snomtui.trace.trace import Trace
from snomtui.ui.desk.tabs import Say, Tab


class TraceTab(Tab):
    """The messages in and out of the phone."""

    name = "trace"
    endings = (".pcap", ".txt")

    def __init__(self, say: Say, trace: Trace, signs: Signs) -> None:
        super().__init__(say)
        self._trace, self._seen = trace, 0
        self.ladder = Ladder(say, signs)
        self.rows = self.ladder.rows
        self._known: tuple[int, list[Fact]] = (0, [])

    @property
    def title(self) -> str:
        """What stands on the tab."""
        return self.say("Trace")

    def poll(self) -> bool:
        """Look for new messages."""
        if self._trace.count == self._seen:
            return False
        fresh = self._trace.since(self._seen)
        self._seen = self._trace.count
        self.ladder.take(fresh, self._trace.oldest)
        self.rows = self.ladder.rows
        return True

    def look_for(self, text: str) -> None:
        """Show only messages with this text."""
        super().look_for(text)
        self.ladder.choose(wanted=text)
        self.rows = self.ladder.rows

    def choose(self, key: str, row: Any) -> bool:
        """`d`: only the dialog under the cursor, or all again. `g`: dialog after dialog, or by time."""
        if key == "d":
            call_id = row.call_id if row is not None and not self.ladder.only else ""
            self.ladder.choose(only=call_id)
        elif key == "g":
            self.ladder.choose(grouped=not self.ladder.grouped)
        else:
            return False
        self.choice = self.say("one dialog") if self.ladder.only else ""
        self.rows = self.ladder.rows
        return True

    def heading(self, width: int) -> str:
        """The names of the columns."""
        return self.ladder.titles(width) if self.rows else ""

    def draw(self, row: Any, width: int) -> list[Span]:
        """An arrow."""
        return self.ladder.draw(row, width)

    def text(self, row: Any) -> str:
        """The whole message, as a search looks through it."""
        return row.text if isinstance(row, Record) else str(row.text)

    def copied(self, row: Any) -> str:
        """The message under the heading that snom writes."""
        return f"{heading(row)}\n\n{row.text}" if isinstance(row, Record) else str(row.text)

    def facts(self, row: Any) -> list[Fact]:
        """The message in words."""
        if isinstance(row, Heading):
            return [Fact("", row.text, "start"), Fact("Call-ID", row.call_id)]
        if self._known[0] != row.number:
            self._known = (row.number, facts(row, self.say))
        return self._known[1]

    def saved(self, ending: str) -> bytes:
        """What is shown, as a capture or as text."""
        records = sorted((row for row in self.rows if isinstance(row, Record)), key=lambda one: one.number)
        return pcap(records) if ending == ".pcap" else text(records).encode("utf-8", "replace")

    def empty(self) -> str:
        """What stands there at first."""
        return self.say("No SIP message has been sent or received yet.")
