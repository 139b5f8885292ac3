"""The script of a colleague's calls: how long things take, and where a call stands."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from snomtui.kit.box import Play
from snomtui.kit.machine import Machine, Table
from snomtui.office.desk import COLLEAGUES
from snomtui.office.people import Behaviour, Person
from snomtui.office.sound import Sound
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.message import Request
from snomtui.sip.transaction import ClientKey, ServerKey, Wire

INSIDE = Wire(COLLEAGUES, True)
RING_TIME = 1.0
"""Seconds until a colleague picks up."""
TONE_TIME = 3.0
"""Seconds of tone before the echo."""
STILL_RINGING = 60.0
"""Seconds between the 180s of somebody who never answers (RFC 3261 16.8: proxies give up after three minutes)."""
FIRST_CALL, NEXT_CALL, RINGS_FOR, TALKS_FOR = 15.0, 120.0, 20.0, 15.0
"""Seconds: until the first call of somebody who calls, between calls, how long it rings and lasts."""
REFUSALS = {Behaviour.BUSY: 486, Behaviour.REJECTS: 603}
ALLOW: Item = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, NOTIFY")


class State(Enum):
    """Where a colleague's call stands."""

    OFFERED = "offered"
    """Somebody calls; it rings."""
    CALLING = "calling"
    """The colleague calls somebody."""
    TALKING = "talking"
    """Answered, sound runs."""
    ENDED = "ended"
    """Over."""


class Input(Enum):
    """What happens to a colleague's call."""

    PICK_UP = "picked up"
    HANG_UP = "hung up here"
    GONE = "hung up or refused there"


_S, _I = State, Input
TABLE: Table[State, Input] = {
    _S.OFFERED: {_I.PICK_UP: _S.TALKING, _I.HANG_UP: _S.ENDED, _I.GONE: _S.ENDED},
    _S.CALLING: {_I.PICK_UP: _S.TALKING, _I.HANG_UP: _S.ENDED, _I.GONE: _S.ENDED},
    _S.TALKING: {_I.HANG_UP: _S.ENDED, _I.GONE: _S.ENDED},
    _S.ENDED: {_I.HANG_UP: _S.ENDED, _I.GONE: _S.ENDED},
}


class Around(Protocol):
    """What colleagues can see and do outside of their calls."""

    def host_for(self, uri: str) -> str:
        """The address at which this person's phone reaches our media."""

    def phones(self) -> tuple[Person, ...]:
        """Who is signed in with a phone."""

    def busy(self, person: Person, calls: int, now: float) -> None:
        """A colleague has so many calls now."""

    def play(self, output: Play) -> None:
        """Run or end the media of a call."""


@dataclass(eq=False, slots=True)
class Call:
    """One call of one colleague."""

    number: int
    person: Person
    peer: str
    """The other's address of record."""
    machine: Machine[State, Input]
    dialog: Dialog | None = None
    invite: Request | None = None
    """The INVITE that made it."""
    server: ServerKey | None = None
    client: ClientKey | None = None
    sound: Sound | None = None
    timers: set[Hashable] = field(default_factory=set)
