"""The states of a conversation in writing and what leads from one to the other."""

from __future__ import annotations

from enum import Enum, auto

from snomtui.kit.machine import Table


class State(Enum):
    """Where the conversation stands."""

    INVITING = auto()
    """Our INVITE is out."""
    CANCELLING = auto()
    """We took it back."""
    OFFERED = auto()
    """Somebody invites us, and another device of this person may take it first."""
    ANSWERING = auto()
    """Our 200 is out; the ACK is to come."""
    PARTING = auto()
    """We end it before the ACK to our 200 was there; the BYE waits for it (RFC 3261 15)."""
    OPEN = auto()
    """Texts go both ways."""
    CUT = auto()
    """Its connection is gone: what still comes in is taken, but we send nothing in it."""
    ENDING = auto()
    """Our BYE is out."""
    ENDED = auto()
    """Over."""


class Input(Enum):
    """What can happen to it."""

    TAKE = auto()
    ACCEPTED = auto()
    REFUSED = auto()
    CONFIRMED = auto()
    HEARD = auto()
    LOST = auto()
    CLOSE = auto()
    OVER = auto()


TABLE: Table[State, Input] = {
    State.INVITING: {
        Input.ACCEPTED: State.OPEN,
        Input.REFUSED: State.ENDED,
        Input.HEARD: State.INVITING,
        Input.CLOSE: State.CANCELLING,
        Input.LOST: State.INVITING,
        Input.OVER: State.ENDED,
    },
    State.CANCELLING: {
        Input.ACCEPTED: State.ENDING,
        Input.REFUSED: State.ENDED,
        Input.HEARD: State.CANCELLING,
        Input.CLOSE: State.CANCELLING,
        Input.LOST: State.CANCELLING,
        Input.OVER: State.ENDED,
    },
    State.OFFERED: {
        Input.TAKE: State.ANSWERING,
        Input.CLOSE: State.ENDED,
        Input.LOST: State.ENDED,
        Input.OVER: State.ENDED,
    },
    State.ANSWERING: {
        Input.CONFIRMED: State.OPEN,
        Input.HEARD: State.ANSWERING,
        Input.CLOSE: State.PARTING,
        Input.LOST: State.CUT,
        Input.OVER: State.ENDED,
    },
    State.PARTING: {
        Input.CONFIRMED: State.ENDING,
        Input.HEARD: State.PARTING,
        Input.CLOSE: State.PARTING,
        Input.LOST: State.ENDED,
        Input.OVER: State.ENDED,
    },
    State.OPEN: {
        Input.CONFIRMED: State.OPEN,
        Input.HEARD: State.OPEN,
        Input.CLOSE: State.ENDING,
        Input.LOST: State.CUT,
        Input.OVER: State.ENDED,
    },
    State.CUT: {
        Input.CONFIRMED: State.OPEN,
        Input.HEARD: State.OPEN,
        Input.CLOSE: State.ENDED,
        Input.LOST: State.CUT,
        Input.OVER: State.ENDED,
    },
    State.ENDING: {
        Input.CONFIRMED: State.ENDING,
        Input.HEARD: State.ENDING,
        Input.CLOSE: State.ENDING,
        Input.LOST: State.ENDING,
        Input.OVER: State.ENDED,
    },
    State.ENDED: {},
}

USABLE = (State.INVITING, State.OFFERED, State.ANSWERING, State.OPEN)
"""A text of ours can be given to it."""
SPEAKING = (State.ANSWERING, State.OPEN)
"""A text of ours may go out; only a BYE has to wait for the ACK (RFC 3261 15)."""
