"""Searching the server's address book: one search at a time, the newest wins ([MS-PRES] 2.2.1)."""

from __future__ import annotations

from enum import Enum, auto

from snomtui.errors import MalformedXml
from snomtui.kit.machine import Machine, Table
from snomtui.line.desk import Desk
from snomtui.line.events import Found
from snomtui.line.watch.errand import Errand, Outcome
from snomtui.ocs.directory import build_search, parse_found
from snomtui.ocs.soap import SOAP_TYPE

MOST = 50
"""People asked for; a phone shows eight at once."""
LONGEST = 100
"""Characters that may be searched for."""


class State(Enum):
    """Where the search stands."""

    IDLE = auto()
    """Nothing is searched for."""
    SEARCHING = auto()
    """A search is out."""
    STALE = auto()
    """A search is out whose answer nobody wants any more; a newer one waits for it."""


class Input(Enum):
    """What can happen to it."""

    WISH = auto()
    ANSWERED = auto()
    GONE = auto()


TABLE: Table[State, Input] = {
    State.IDLE: {Input.WISH: State.SEARCHING, Input.GONE: State.IDLE},
    State.SEARCHING: {Input.WISH: State.STALE, Input.ANSWERED: State.IDLE, Input.GONE: State.IDLE},
    State.STALE: {Input.WISH: State.STALE, Input.ANSWERED: State.SEARCHING, Input.GONE: State.IDLE},
}


class AddressBook:
    """What a person searches for in the server's address book."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._machine = Machine(f"address book {desk.account.number}", TABLE, State.IDLE)
        self._text = ""
        self._errand: Errand | None = None
        """The search that is out."""

    def search(self, text: str, now: float) -> str:
        """Search for a name, an address or a number; why it cannot be, or ""."""
        text = " ".join(text.split())
        if not text:
            return "There is nothing to search for"
        if len(text) > LONGEST:
            return f"At most {LONGEST} characters can be searched for"
        self._text = text
        if self._machine.step(Input.WISH) is State.SEARCHING:
            self._send(now)
        return ""

    def gone(self) -> None:
        """The registration is gone: nobody answers any more."""
        before = self._machine.state
        self._machine.step(Input.GONE)
        self._errand = None
        if before is not State.IDLE:
            self._tell(why="The connection to the server is lost")

    def _send(self, now: float) -> None:
        domain = f"sip:{self._desk.account.host}"
        errand = Errand(self._desk, domain, lambda outcome, at: self._came(errand, outcome, at))
        self._errand = errand
        errand.send(SOAP_TYPE, build_search(self._text, MOST), now)

    def _came(self, errand: Errand, outcome: Outcome, now: float) -> None:
        if errand is not self._errand:
            return
        self._errand = None
        if self._machine.step(Input.ANSWERED) is State.SEARCHING:
            self._send(now)
        else:
            self._told(outcome)

    def _told(self, outcome: Outcome) -> None:
        if outcome.response is None or not outcome.done:
            self._tell(why=outcome.why)
            return
        try:
            people, more = parse_found(outcome.response.body)
        except MalformedXml as error:
            self._desk.log(4, f"Answer of the address book dropped: {error}")
            self._tell(why="The answer of the address book cannot be read")
            return
        self._desk.tell(Found(self._desk.account.number, self._text, people[:MOST], more or len(people) > MOST))

    def _tell(self, why: str) -> None:
        self._desk.log(4, f"The address book was not searched: {why}")
        self._desk.tell(Found(self._desk.account.number, self._text, (), False, why))
