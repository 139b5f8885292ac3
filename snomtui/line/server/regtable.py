"""The states of a registration and what leads from one to the other."""

from __future__ import annotations

from enum import Enum, auto

from snomtui.kit.machine import Table


class State(Enum):
    """Where the registration stands."""

    OFF = auto()
    """Nobody wants it."""
    REGISTERING = auto()
    """A REGISTER is out, or the connection is being made for it."""
    REGISTERED = auto()
    """The server knows us."""
    REFRESHING = auto()
    """Registered, and a REGISTER is out to stay so."""
    QUITTING = auto()
    """Nobody wants it any more, but a first REGISTER is out; what it brings is taken back."""
    LEAVING = auto()
    """A REGISTER with expiry 0 is out."""
    WAITING = auto()
    """The server could not be reached; the next try is timed."""
    REFUSED = auto()
    """The server said no; the next try is timed."""


class Input(Enum):
    """What can happen to it."""

    START = auto()
    CHALLENGED = auto()
    ACCEPTED = auto()
    DENIED = auto()
    LOST = auto()
    MOVED = auto()
    """Another server is tried at once."""
    DUE = auto()
    LEAVE = auto()


_TRYING = {
    Input.ACCEPTED: State.REGISTERED,
    Input.DENIED: State.REFUSED,
    Input.LOST: State.WAITING,
    Input.MOVED: State.REGISTERING,
    Input.LEAVE: State.LEAVING,
}
_RESTING = {
    Input.START: State.REGISTERING,
    Input.DUE: State.REGISTERING,
    Input.LEAVE: State.OFF,
    Input.LOST: State.WAITING,
}

TABLE: Table[State, Input] = {
    State.OFF: {Input.START: State.REGISTERING, Input.LEAVE: State.OFF, Input.LOST: State.OFF},
    State.REGISTERING: {
        **_TRYING,
        Input.LEAVE: State.QUITTING,
        Input.START: State.REGISTERING,
        Input.CHALLENGED: State.REGISTERING,
        Input.DUE: State.REGISTERING,
    },
    State.REFRESHING: {
        **_TRYING,
        Input.START: State.REFRESHING,
        Input.CHALLENGED: State.REFRESHING,
        Input.DUE: State.REFRESHING,
    },
    State.REGISTERED: {
        Input.START: State.REFRESHING,
        Input.DUE: State.REFRESHING,
        Input.MOVED: State.REGISTERING,
        Input.LEAVE: State.LEAVING,
        Input.LOST: State.WAITING,
        Input.DENIED: State.REFUSED,
    },
    State.QUITTING: {
        Input.ACCEPTED: State.LEAVING,
        Input.DENIED: State.OFF,
        Input.LOST: State.OFF,
        Input.LEAVE: State.QUITTING,
        Input.START: State.REGISTERING,
    },
    State.LEAVING: {
        Input.CHALLENGED: State.LEAVING,
        Input.ACCEPTED: State.OFF,
        Input.DENIED: State.OFF,
        Input.LOST: State.OFF,
        Input.LEAVE: State.LEAVING,
        Input.START: State.REGISTERING,
    },
    State.WAITING: _RESTING,
    State.REFUSED: {**_RESTING, Input.LOST: State.REFUSED},
}

SAID = {
    State.OFF: "off",
    State.REGISTERING: "registering",
    State.REGISTERED: "registered",
    State.REFRESHING: "registered",
    State.QUITTING: "off",
    State.LEAVING: "off",
    State.WAITING: "waiting",
    State.REFUSED: "refused",
}
"""The contract's word for each state."""
