"""The states of a subscription as its own side sees it (RFC 6665 4.1.2), and how they follow each other."""

from __future__ import annotations

from enum import Enum, auto

from snomtui.kit.machine import Table


class State(Enum):
    """Where the subscription stands."""

    SUBSCRIBING = auto()
    """The first SUBSCRIBE is out."""
    EXPECTING = auto()
    """The server has agreed; its first NOTIFY has not come."""
    ACTIVE = auto()
    """The server sends what changes."""
    REFRESHING = auto()
    """Active, and a SUBSCRIBE is out to stay so."""
    ABANDONED = auto()
    """The first SUBSCRIBE is out, but nobody wants it any more: as soon as there is something to end, it is ended."""
    ENDING = auto()
    """A SUBSCRIBE with expiry 0 is out, or answered; the last NOTIFY has not come."""
    ENDED = auto()
    """Over."""
    WAITING = auto()
    """Refused or ended by the server; the next try is timed."""


class Input(Enum):
    """What can happen to it."""

    START = auto()
    ACCEPTED = auto()
    TOLD = auto()
    TOO_BRIEF = auto()
    POSTPONED = auto()
    DENIED = auto()
    TERMINATED = auto()
    SILENCE = auto()
    DUE = auto()
    END = auto()
    GONE = auto()


TABLE: Table[State, Input] = {
    State.SUBSCRIBING: {
        Input.START: State.SUBSCRIBING,
        Input.ACCEPTED: State.EXPECTING,
        Input.TOLD: State.ACTIVE,
        Input.TOO_BRIEF: State.SUBSCRIBING,
        Input.DENIED: State.WAITING,
        Input.TERMINATED: State.WAITING,
        Input.END: State.ABANDONED,
        Input.GONE: State.ENDED,
    },
    State.EXPECTING: {
        Input.START: State.SUBSCRIBING,
        Input.TOLD: State.ACTIVE,
        Input.TERMINATED: State.WAITING,
        Input.SILENCE: State.WAITING,
        Input.DUE: State.EXPECTING,
        Input.END: State.ENDING,
        Input.GONE: State.ENDED,
    },
    State.ACTIVE: {
        Input.START: State.SUBSCRIBING,
        Input.ACCEPTED: State.ACTIVE,  # the NOTIFY was faster than the answer
        Input.TOLD: State.ACTIVE,
        Input.TERMINATED: State.WAITING,
        Input.DUE: State.REFRESHING,
        Input.END: State.ENDING,
        Input.GONE: State.ENDED,
    },
    State.REFRESHING: {
        Input.START: State.SUBSCRIBING,
        Input.ACCEPTED: State.ACTIVE,
        Input.TOLD: State.REFRESHING,
        Input.TOO_BRIEF: State.REFRESHING,
        Input.POSTPONED: State.ACTIVE,
        Input.DENIED: State.WAITING,
        Input.TERMINATED: State.WAITING,
        Input.END: State.ENDING,
        Input.GONE: State.ENDED,
    },
    State.ABANDONED: {
        Input.START: State.SUBSCRIBING,
        Input.ACCEPTED: State.ENDING,
        Input.TOLD: State.ENDING,
        Input.DENIED: State.ENDED,
        Input.TERMINATED: State.ENDED,
        Input.END: State.ABANDONED,
        Input.GONE: State.ENDED,
    },
    State.ENDING: {
        Input.START: State.SUBSCRIBING,
        Input.ACCEPTED: State.ENDING,
        Input.TOLD: State.ENDING,
        Input.DENIED: State.ENDED,
        Input.TERMINATED: State.ENDED,
        Input.SILENCE: State.ENDED,
        Input.END: State.ENDING,
        Input.GONE: State.ENDED,
    },
    State.WAITING: {
        Input.START: State.SUBSCRIBING,
        Input.DUE: State.WAITING,
        Input.END: State.ENDED,
        Input.GONE: State.ENDED,
    },
    State.ENDED: {Input.START: State.SUBSCRIBING, Input.END: State.ENDED, Input.GONE: State.ENDED},
}
