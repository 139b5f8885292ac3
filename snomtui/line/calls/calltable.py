"""The states of a call and what leads from one to the other."""

from __future__ import annotations

from enum import Enum, auto

from snomtui.kit.machine import Table


class State(Enum):
    """Where the call stands."""

    DIALLING = auto()
    """Our INVITE is out."""
    RINGING = auto()
    """The other side rings."""
    OFFERED = auto()
    """We ring."""
    TAKING = auto()
    """We took it; our 200 waits for the PRACK to an earlier answer of ours (RFC 3262 3)."""
    ANSWERING = auto()
    """Our 200 is out; the ACK is to come."""
    TALKING = auto()
    """Both speak."""
    HOLDING = auto()
    """We hold."""
    HELD = auto()
    """The other side holds."""
    TRANSFERRING = auto()
    """A REFER is out; its outcome is to come."""
    PARTING = auto()
    """We hung up before the ACK to our answer was there; the BYE waits for it (RFC 3261 15)."""
    ENDING = auto()
    """CANCEL or BYE is out."""
    ENDED = auto()
    """Over."""


CALLING = (State.DIALLING, State.RINGING)
"""We call, and nobody has answered yet."""
RINGING = (State.OFFERED, State.TAKING)
"""We are called, and have not answered yet."""
UNCONFIRMED = (State.ANSWERING, State.PARTING)
"""The ACK to our answer is to come."""
UP = (State.TALKING, State.HOLDING, State.HELD, State.TRANSFERRING)
"""Both sides know that they are connected."""
GOING = (State.PARTING, State.ENDING, State.ENDED)
"""It is over for a person."""


class Input(Enum):
    """What can happen to it."""

    PROGRESS = auto()
    ACCEPTED = auto()
    REFUSED = auto()
    TAKE = auto()
    ANSWER = auto()
    CONFIRMED = auto()
    HOLD = auto()
    RESUME = auto()
    HELD = auto()
    RELEASED = auto()
    TRANSFER = auto()
    STAYED = auto()
    HANGUP = auto()
    OVER = auto()


_OUT = {
    Input.PROGRESS: State.RINGING,
    Input.ACCEPTED: State.TALKING,
    Input.REFUSED: State.ENDED,
    Input.HANGUP: State.ENDING,
    Input.OVER: State.ENDED,
}
_UP = {Input.HANGUP: State.ENDING, Input.OVER: State.ENDED}
_IN = {Input.ANSWER: State.ANSWERING, Input.HANGUP: State.ENDED, Input.OVER: State.ENDED}

TABLE: Table[State, Input] = {
    State.DIALLING: _OUT,
    State.RINGING: _OUT,
    State.OFFERED: {**_IN, Input.TAKE: State.TAKING},
    State.TAKING: _IN,
    State.ANSWERING: {Input.CONFIRMED: State.TALKING, Input.HANGUP: State.PARTING, Input.OVER: State.ENDED},
    State.PARTING: {Input.CONFIRMED: State.ENDING, Input.HANGUP: State.PARTING, Input.OVER: State.ENDED},
    State.TALKING: {
        **_UP,
        Input.HOLD: State.HOLDING,
        Input.HELD: State.HELD,
        Input.RELEASED: State.TALKING,
        Input.TRANSFER: State.TRANSFERRING,
    },
    State.HOLDING: {
        **_UP,
        Input.RESUME: State.TALKING,
        Input.HELD: State.HOLDING,
        Input.RELEASED: State.HOLDING,
        Input.TRANSFER: State.TRANSFERRING,
    },
    State.HELD: {
        **_UP,
        Input.HOLD: State.HOLDING,
        Input.HELD: State.HELD,
        Input.RELEASED: State.TALKING,
        Input.TRANSFER: State.TRANSFERRING,
    },
    State.TRANSFERRING: {
        **_UP,
        Input.STAYED: State.TALKING,
        Input.HELD: State.TRANSFERRING,
        Input.RELEASED: State.TRANSFERRING,
    },
    State.ENDING: {Input.OVER: State.ENDED, Input.REFUSED: State.ENDED, Input.HANGUP: State.ENDING},
    State.ENDED: {},
}

SAID = {
    State.DIALLING: "dialling",
    State.RINGING: "ringing",
    State.OFFERED: "offered",
    State.TAKING: "offered",
    State.ANSWERING: "offered",
    State.TALKING: "talking",
    State.HOLDING: "holding",
    State.HELD: "held",
    State.TRANSFERRING: "talking",
    State.PARTING: "ended",
    State.ENDING: "ended",
    State.ENDED: "ended",
}
"""The contract's word for each state."""
