"""The scripts of those who are played: how long things take, what is heard, and where a call stands."""

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
ALLOW: Item = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, NOTIFY")


@dataclass(frozen=True, slots=True)
class Script:
    """What one does who is called."""

    refusal: int = 0
    """Refuses at once with this status; 0 = does not."""
    rings: float | None = RING_TIME
    """Seconds until it picks up; None = never."""
    early: str = ""
    """The source that is heard before the answer (183); empty = nothing is (180)."""
    gives_up: float | None = None
    """Seconds of ringing after which it refuses with `after`; None = rings on."""
    after: int = 480
    why: tuple[int, str] = (0, "")
    """Number and words of the ms-diagnostics in a refusal; 0 = none."""
    sounds: tuple[tuple[float, str], ...] = ((0.0, "tone"), (TONE_TIME, "echo"))
    """What is heard so many seconds after the answer."""
    lasts: float | None = None
    """Seconds after which it hangs up; None = waits for the other."""
    mailbox: bool = False
    """Whether it is somebody's voice mail."""


ANSWERS = Script()
SCRIPTS = {
    Behaviour.BUSY: Script(refusal=486),
    Behaviour.REJECTS: Script(refusal=603),
    Behaviour.RINGS: Script(rings=None),
}
"""What people do; all others answer."""


def script_of(person: Person) -> Script:
    """What somebody does who is called."""
    return SCRIPTS.get(person.behaviour, ANSWERS)


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
    """One call of one colleague, of a number outside or of a voice mail."""

    number: int
    person: Person
    """Who is played; the owner of the voice mail."""
    peer: str
    """The other's address of record."""
    machine: Machine[State, Input]
    dialog: Dialog | None = None
    invite: Request | None = None
    """The INVITE that made it."""
    server: ServerKey | None = None
    client: ClientKey | None = None
    script: Script = ANSWERS
    sound: Sound | None = None
    answer: bytes = b""
    """Our session description, once it is given."""
    timers: set[Hashable] = field(default_factory=set)
