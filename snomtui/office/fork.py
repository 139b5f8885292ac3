"""One request on its way to one place or to many, and what is tried after that."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from snomtui.kit.machine import Machine, Table
from snomtui.ocs.diagnostics import Refusal
from snomtui.office.desk import Asked
from snomtui.office.forwarding import Step
from snomtui.office.routes import Target
from snomtui.sip.message import Request, Response
from snomtui.sip.transaction import ClientKey, ServerKey

MOST_BRANCHES = 64
"""So many places one request is sent to, all forwards together."""
MOST_FORWARDS = 10
"""So often one call is forwarded."""


class State(Enum):
    """How far a request that is passed on has come."""

    TRYING = auto()
    """No final answer has gone back."""
    TAKEN_BACK = auto()
    """The caller has hung up; those who ring are told so."""
    WON = auto()
    """A 2xx has gone back; those of others who answered as well may follow."""
    LOST = auto()
    """A refusal has gone back."""


class Input(Enum):
    """What happens to it."""

    TAKEN_BACK = auto()
    SUCCESS = auto()
    REFUSED = auto()


TABLE: Table[State, Input] = {
    State.TRYING: {Input.TAKEN_BACK: State.TAKEN_BACK, Input.SUCCESS: State.WON, Input.REFUSED: State.LOST},
    State.TAKEN_BACK: {Input.TAKEN_BACK: State.TAKEN_BACK, Input.SUCCESS: State.WON, Input.REFUSED: State.LOST},
    State.WON: {Input.SUCCESS: State.WON},
    State.LOST: {Input.SUCCESS: State.LOST},
}


@dataclass(eq=False, slots=True)
class Branch:
    """A request on its way to one target."""

    fork: Fork
    target: Target
    request: Request
    route: tuple[str, str] = ("", "")
    """Our Record-Route as the callee sees it, and as the caller shall see it."""
    key: ClientKey | None = None
    final: Response | None = None
    dropped: bool = False
    """Whether something else was tried instead: its refusal counts no longer."""


@dataclass(eq=False, slots=True)
class Fork:
    """One request that is being passed on."""

    number: int
    asked: Asked
    request: Request
    """As it is passed on: without our Routes, with one hop less."""
    branches: list[Branch] = field(default_factory=list)
    ahead: list[Step] = field(default_factory=list)
    """What is tried when this comes to nothing."""
    visited: set[str] = field(default_factory=set)
    """Addresses of the people whose rules were followed, so that no circle is walked twice."""
    history: list[tuple[str, str]] = field(default_factory=list)
    """Who has forwarded the call, as From would name them, and why (RFC 5806)."""
    refusal: Refusal | None = None
    """Why the last place could not be reached at all."""
    machine: Machine[State, Input] = field(default_factory=lambda: Machine("fork", TABLE, State.TRYING))

    @property
    def state(self) -> State:
        """How far it has come."""
        return self.machine.state

    @property
    def waiting(self) -> bool:
        """Whether the caller still waits for the final answer."""
        return self.state in (State.TRYING, State.TAKEN_BACK)

    @property
    def open(self) -> list[Branch]:
        """The branches that have no final answer yet and are still wanted."""
        return [each for each in self.branches if each.final is None and not each.dropped]

    @property
    def key(self) -> ServerKey:
        """What is answered in the end."""
        if self.asked.key is None:
            raise AssertionError("only what can be answered is forked")
        return self.asked.key

    @property
    def best(self) -> Response | None:
        """The best refusal (RFC 3261 16.7 step 6); None if there is none."""
        finals = [each.final for each in self.branches if each.final and not each.dropped]
        return min(finals, key=_worth, default=None)

    def begins(self, request: Request) -> bool:
        """Whether it is the INVITE of the call that a later request of the caller belongs to."""
        begun = self.asked.request
        same = begun.call_id == request.call_id and begun.from_.tag == request.from_.tag
        return same and begun.method == "INVITE"

    def rings_at(self, target: Target) -> bool:
        """Whether the request is on its way there already."""
        return any(each.target.wire == target.wire and each.target.uri == target.uri for each in self.open)


def _worth(final: Response) -> tuple[int, bool, int]:
    """The order of refusals, best first; what somebody chose comes before mere absence."""
    rank = {6: 0, 3: 1, 4: 2, 5: 3}.get(final.status // 100, 9)
    return rank, final.status in (408, 480, 487), final.status
