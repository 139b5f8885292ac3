"""Changing the contact list that the server keeps: one change after the other ([MS-SIP] 3.2, 3.3).

A change names the list's number. Who is refused may have an old one: the list is read again and the change tried once
more. What is to be asked is worked out afresh from the list each time, so that nothing is done twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from snomtui.kit.machine import Machine, Table
from snomtui.line.desk import Desk, Nobody
from snomtui.line.events import Trouble
from snomtui.line.watch.errand import Errand, Outcome
from snomtui.ocs import soap
from snomtui.ocs.contacts import ContactList

MOST = 50
"""Changes that may wait."""
PATIENCE = 5.0
"""Seconds that the server may take to tell what it has changed, or the whole list."""
MOST_TRIES = 2
"""So often a change is asked for; not counted is what was refused because another device was faster."""
MOST_STEPS = 6
"""Requests that one change may take."""


class State(Enum):
    """Where the changes stand."""

    IDLE = auto()
    """Nothing is to be changed."""
    ASKING = auto()
    """A request is out."""
    AWAITING = auto()
    """It was granted, but the server has not yet told what it has changed."""
    READING = auto()
    """It was refused: the list is being read again."""


class Input(Enum):
    """What can happen to it."""

    WISH = auto()
    GRANTED = auto()
    REFUSED = auto()
    DROPPED = auto()
    LISTED = auto()
    SILENCE = auto()
    GONE = auto()


TABLE: Table[State, Input] = {
    State.IDLE: {Input.WISH: State.ASKING, Input.GONE: State.IDLE},
    State.ASKING: {
        Input.GRANTED: State.AWAITING,
        Input.REFUSED: State.READING,
        Input.DROPPED: State.IDLE,
        Input.GONE: State.IDLE,
    },
    State.AWAITING: {Input.LISTED: State.IDLE, Input.SILENCE: State.READING, Input.GONE: State.IDLE},
    State.READING: {
        Input.LISTED: State.IDLE,
        Input.SILENCE: State.READING,
        Input.DROPPED: State.IDLE,
        Input.GONE: State.IDLE,
    },
}


class Change(Protocol):
    """What a person wants of the list."""

    def step(self, contacts: ContactList) -> soap.Request | None:
        """What is to be asked next of a list as it is now; None: nothing more is to be done."""

    @property
    def failed(self) -> str:
        """What did not work, in words."""


@dataclass(eq=False, slots=True)
class _Job:
    """A change, and what has become of it."""

    change: Change
    tries: int = 0
    steps: int = 0
    why: str = ""
    """Why it was refused last."""


class Changing(Nobody):
    """Makes changes in order."""

    def __init__(self, desk: Desk, read_again: Callable[[float], None]) -> None:
        """`read_again(now)`: have the whole list told; `listed` is called when it has come."""
        self._desk, self._read_again = desk, read_again
        self._machine = Machine(f"contact list {desk.account.number}", TABLE, State.IDLE)
        self._jobs: deque[_Job] = deque()
        self._errand: Errand | None = None
        self._asked_of = 0
        """The list's number in the last request."""
        self._list: ContactList | None = None

    def wish(self, change: Change, now: float) -> str:
        """Make a change; why it cannot be, or ""."""
        if len(self._jobs) >= MOST:
            return "Too many changes are waiting"
        self._jobs.append(_Job(change))
        self._go_on(now)
        return ""

    def listed(self, contacts: ContactList, now: float) -> None:
        """The list has come, or a change of it."""
        self._list = contacts
        state = self._machine.state
        if state is State.READING and contacts.delta > self._asked_of and self._jobs[0].tries:
            self._jobs[0].tries -= 1  # our number was an old one
        if state is State.READING or (state is State.AWAITING and contacts.delta > self._asked_of):
            self._machine.step(Input.LISTED)
            self._desk.alarm(self, "silence", None)
        self._go_on(now)

    def gone(self) -> None:
        """The registration is gone. What was not done is done when the list has come anew."""
        self._machine.step(Input.GONE)
        self._desk.alarm(self, "silence", None)
        self._errand, self._list = None, None
        for job in self._jobs:
            job.tries = job.steps = 0

    # -- one after the other

    def _go_on(self, now: float) -> None:
        while self._jobs and self._list is not None and self._machine.state is State.IDLE:
            job = self._jobs[0]
            wanted = job.change.step(self._list)
            if wanted is None:
                self._jobs.popleft()
            elif job.steps >= MOST_STEPS or job.tries >= MOST_TRIES:
                self._drop(job.why or "The server does not do it")
            else:
                self._ask(job, wanted, now)

    def _ask(self, job: _Job, wanted: soap.Request, now: float) -> None:
        self._machine.step(Input.WISH)
        job.steps += 1
        self._asked_of = wanted.delta
        uri = self._desk.account.uri
        errand = Errand(self._desk, uri, lambda outcome, at: self._came(errand, job, outcome, at))
        self._errand = errand
        errand.send(soap.SOAP_TYPE, soap.build_soap(wanted), now)

    def _came(self, errand: Errand, job: _Job, outcome: Outcome, now: float) -> None:
        if errand is not self._errand:
            return
        self._errand = None
        if outcome.done:
            self._granted(now)
            return
        overtaken = self._list is not None and self._list.delta > self._asked_of
        job.tries, job.why = job.tries + (not overtaken), outcome.why
        self._desk.log(4, f"Change of the contact list refused: {outcome.why}")
        if overtaken:
            self._machine.step(Input.DROPPED)
            self._go_on(now)
        elif job.tries >= MOST_TRIES:
            self._machine.step(Input.DROPPED)
            self._drop(outcome.why)
            self._go_on(now)
        else:
            self._machine.step(Input.REFUSED)
            self._read(now)

    def _granted(self, now: float) -> None:
        self._machine.step(Input.GRANTED)
        if self._list is not None and self._list.delta > self._asked_of:
            self.listed(self._list, now)  # it was told before the answer
        else:
            self._desk.alarm(self, "silence", now + PATIENCE)

    def _read(self, now: float) -> None:
        self._desk.alarm(self, "silence", now + PATIENCE)
        self._read_again(now)

    def _drop(self, why: str) -> None:
        job = self._jobs.popleft()
        self._desk.tell(Trouble("contacts", f"{job.change.failed}: {why}"))

    def alarm(self, name: Hashable, now: float) -> None:
        """The server has not told what it has changed, or the list did not come."""
        before = self._machine.state
        self._machine.step(Input.SILENCE)
        if before is State.AWAITING:
            self._read(now)
        else:
            self._machine.step(Input.DROPPED)
            self._drop("The contact list cannot be read")
            self._go_on(now)
