"""The connection of a line to its server."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from snomtui.kit.box import Close, Conn, Down, Linked, Open, Output, Up
from snomtui.kit.machine import Machine, Table
from snomtui.line.account import Account
from snomtui.sip.means import Wire
from snomtui.sip.message import Request


class State(Enum):
    """Where the connection is."""

    DOWN = auto()
    """There is none, and nobody wants one."""
    OPENING = auto()
    """It was asked for."""
    UP = auto()
    """Bytes can go."""
    PAUSING = auto()
    """It broke; the registration decides when to try again."""


class Input(Enum):
    """What can happen to it."""

    OPEN = auto()
    CONNECTED = auto()
    BROKEN = auto()
    CLOSE = auto()


TABLE: Table[State, Input] = {
    State.DOWN: {Input.OPEN: State.OPENING, Input.CLOSE: State.DOWN, Input.BROKEN: State.DOWN},
    State.OPENING: {
        Input.CONNECTED: State.UP,
        Input.BROKEN: State.PAUSING,
        Input.CLOSE: State.DOWN,
        Input.OPEN: State.OPENING,
    },
    State.UP: {Input.BROKEN: State.PAUSING, Input.CLOSE: State.DOWN, Input.OPEN: State.UP},
    State.PAUSING: {Input.OPEN: State.OPENING, Input.CLOSE: State.DOWN, Input.BROKEN: State.PAUSING},
}


class Link:
    """One connection at a time; every new one has a new number."""

    def __init__(self, account: Account, numbers: Callable[[], Conn], put: Callable[[Output], None]) -> None:
        self._account, self._numbers, self._put = account, numbers, put
        self._machine = Machine(f"link {account.number}", TABLE, State.DOWN)
        self.conn: Conn = 0
        self.up: Up | None = None

    @property
    def state(self) -> State:
        """Where the connection is."""
        return self._machine.state

    @property
    def wire(self) -> Wire:
        """Where transactions live."""
        return Wire(self.conn, self._account.server.transport != "udp")

    def wire_for(self, request: Request) -> Wire:
        """Over UDP a request inside a dialog goes straight to the next hop (RFC 3261 12.2.1.1)."""
        wire = self.wire
        if wire.reliable or not request.to.tag:
            return wire
        hop = request.routes[0].uri if request.routes else request.target
        literal = hop.host.replace(".", "").isdigit() or hop.host.startswith("[")
        return Wire(wire.conn, False, (hop.host, hop.port or 5060)) if literal else wire

    def open(self) -> None:
        """Ask for a connection, unless there is one."""
        was = self._machine.state
        if self._machine.step(Input.OPEN) is State.OPENING and was is not State.OPENING:
            self.conn = self._numbers()
            server = self._account.server
            port = self._account.local_port if server.transport == "udp" else 0
            self._put(Open(self.conn, server.transport, server.host, server.port, port))

    def linked(self, state: Linked) -> None:
        """It came up or broke."""
        if isinstance(state, Up) and self._machine.knows(Input.CONNECTED):
            self._machine.step(Input.CONNECTED)
            self.up = state
        elif isinstance(state, Down):
            self._machine.step(Input.BROKEN)
            self.up = None

    def close(self) -> None:
        """Let it go."""
        if self._machine.state in (State.UP, State.OPENING):
            self._put(Close(self.conn))
        self._machine.step(Input.CLOSE)
        self.up = None
