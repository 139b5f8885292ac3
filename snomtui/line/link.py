"""The connection of a line to its server: finding the server, reaching it, and going to the next one (RFC 3263)."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from snomtui.errors import MalformedMessage
from snomtui.kit.box import Close, Conn, Down, Linked, Locate, Located, Open, Output, Target, Up
from snomtui.kit.machine import Machine, Table
from snomtui.line.account import Account, Server
from snomtui.sip.means import Wire
from snomtui.sip.message import Request

BANNED = 300.0
"""Seconds for which a target that failed is tried last."""
MOST_TARGETS = 16
"""So many targets are tried in one round; a name may have any number."""


class State(Enum):
    """Where the connection is."""

    DOWN = auto()
    """There is none, and nobody wants one."""
    LOCATING = auto()
    """It is being found out where the server is."""
    OPENING = auto()
    """A target was asked for."""
    UP = auto()
    """Bytes can go."""
    PAUSING = auto()
    """It broke, or no target can be reached; the registration decides when to try again."""


class Input(Enum):
    """What can happen to it."""

    OPEN = auto()
    FOUND = auto()
    CONNECTED = auto()
    NEXT = auto()
    BROKEN = auto()
    CLOSE = auto()


TABLE: Table[State, Input] = {
    State.DOWN: {Input.OPEN: State.LOCATING, Input.CLOSE: State.DOWN, Input.BROKEN: State.DOWN},
    State.LOCATING: {
        Input.FOUND: State.OPENING,
        Input.BROKEN: State.PAUSING,
        Input.CLOSE: State.DOWN,
        Input.OPEN: State.LOCATING,
    },
    State.OPENING: {
        Input.CONNECTED: State.UP,
        Input.NEXT: State.OPENING,
        Input.BROKEN: State.PAUSING,
        Input.CLOSE: State.DOWN,
        Input.OPEN: State.OPENING,
    },
    State.UP: {
        Input.NEXT: State.OPENING,
        Input.BROKEN: State.PAUSING,
        Input.CLOSE: State.DOWN,
        Input.OPEN: State.UP,
    },
    State.PAUSING: {Input.OPEN: State.LOCATING, Input.CLOSE: State.DOWN, Input.BROKEN: State.PAUSING},
}


class Link:
    """One connection at a time; every new one has a new number."""

    def __init__(self, account: Account, numbers: Callable[[], Conn], put: Callable[[Output], None]) -> None:
        self._account, self._numbers, self._put = account, numbers, put
        self._machine = Machine(f"link {account.number}", TABLE, State.DOWN)
        self.conn: Conn = 0
        self.up: Up | None = None
        self.wanted: Server = account.server
        """Where to go: the account's server, or the one to which that has sent us."""
        self.target: Target | None = None
        """The target in use, or the one that was tried last."""
        self._targets: tuple[Target, ...] = ()
        """All targets of this round, in the order of the names' owner."""
        self._left: list[Target] = []
        """Those not tried yet."""
        self._banned: dict[Target, float] = {}
        """Targets that failed, and until when they are tried last."""

    @property
    def state(self) -> State:
        """Where the connection is."""
        return self._machine.state

    @property
    def transport(self) -> str:
        """`udp`, `tcp` or `tls`: of the target, or the likely one."""
        if self.target:
            return self.target.transport
        return self.wanted.transport or ("tls" if self._account.ocs else "udp")

    @property
    def place(self) -> str:
        """The server as people read it: `host:port`."""
        if self.target:
            return f"{self.target.host}:{self.target.port}"
        return f"{self.wanted.host}:{self.wanted.port}" if self.wanted.port else self.wanted.host

    @property
    def wire(self) -> Wire:
        """Where transactions live."""
        return Wire(self.conn, self.transport != "udp")

    def wire_for(self, request: Request) -> Wire:
        """Over UDP a request inside a dialog goes straight to the next hop (RFC 3261 12.2.1.1).

        What is no such place goes to the server: a name, a hop that cannot be read, and the bare address of the domain,
        which is nobody's Contact.
        """
        wire = self.wire
        if wire.reliable or not request.to.tag:
            return wire
        try:
            hop = request.routes[0].uri if request.routes else request.target
        except MalformedMessage:
            return wire
        literal = hop.host.replace(".", "").isdigit() or hop.host.startswith("[")
        domain = hop.port is None and not request.routes and hop.host == self._account.host
        return Wire(wire.conn, False, (hop.host, hop.port or 5060)) if literal and not domain else wire

    # -- what the line wants

    def open(self) -> None:
        """Ask for a connection, unless there is one: first where the server is, then for each place in turn."""
        was = self.state
        if self._machine.step(Input.OPEN) is State.LOCATING and was is not State.LOCATING:
            self.conn, self.target = self._numbers(), None
            self._put(self._question())

    def _question(self) -> Locate:
        """Where the server is; at OCS it is looked for as Communicator does, unless a person has named one."""
        server, account = self.wanted, self._account
        named = account.proxied or server != account.server or server.port or server.transport
        discover = account.ocs and not named
        transport = server.transport or ("tls" if account.ocs and not discover else None)
        return Locate(self.conn, server.host, server.port, transport, discover)

    def next(self, now: float, ban: float = BANNED) -> bool:
        """Leave this server for the next one; False if there is none. It is tried last for `ban` seconds."""
        if self.state not in (State.UP, State.OPENING):
            return False
        if self.target:
            self._banned[self.target] = now + ban
        if not self._left and self.state is State.UP:
            self._left = [each for each in self._targets if self._banned.get(each, 0.0) <= now]
        if not self._left:
            return False
        self._put(Close(self.conn))
        self._machine.step(Input.NEXT)
        self._try_next()
        return True

    def go_to(self, server: Server) -> None:
        """Another server is to be used from now on; the connection there is let go."""
        self.close()
        self.wanted = server

    def back(self) -> None:
        """The best place is there again: leave this one for it."""
        best = self.preferred
        if best is None:
            return
        self._banned.pop(best, None)
        self._left = [best, *(each for each in self._targets if each != best)]
        self._put(Close(self.conn))
        self._machine.step(Input.NEXT)
        self._try_next()

    def close(self) -> None:
        """Let it go."""
        if self.state in (State.UP, State.OPENING, State.LOCATING):
            self._put(Close(self.conn))
        self._machine.step(Input.CLOSE)
        self.up = None

    @property
    def preferred(self) -> Target | None:
        """The place where we should rather be, if this is not the best one."""
        best = self._targets[0] if self._targets else None
        return best if self.state is State.UP and best != self.target else None

    # -- what the shell tells

    def linked(self, state: Linked, now: float, proven: bool = True) -> None:
        """A server was located, or a connection came up or broke; `proven`: the server has served us well."""
        match state:
            case Located(targets):
                self._located(targets, now)
            case Up():
                if self._machine.knows(Input.CONNECTED):
                    self._machine.step(Input.CONNECTED)
                    self.up = state
            case Down():
                self._broken(now, proven)

    def _located(self, targets: tuple[Target, ...], now: float) -> None:
        if not self._machine.knows(Input.FOUND):
            return
        self._targets = targets[:MOST_TARGETS]
        self._banned = {each: until for each, until in self._banned.items() if until > now}
        self._left = sorted(self._targets, key=lambda each: each in self._banned)
        if not self._left:
            self._machine.step(Input.BROKEN)
            return
        self._machine.step(Input.FOUND)
        self._try_next()

    def _broken(self, now: float, proven: bool) -> None:
        self.up = None
        useless = self.state is State.OPENING or (self.state is State.UP and not proven)
        if useless and self.target:
            self._banned[self.target] = now + BANNED
            if self._left:
                self._machine.step(Input.NEXT)
                self._try_next()
                return
        self._machine.step(Input.BROKEN)

    def _try_next(self) -> None:
        self.up, self.target = None, self._left.pop(0)
        self.conn = self._numbers()
        self._put(self.order(self.conn, self.target))

    def order(self, conn: Conn, target: Target) -> Open:
        """What the shell needs to connect to a target."""
        port = self._account.local_port if target.transport == "udp" else 0
        pins = self._account.pins
        return Open(conn, target.transport, target.host, target.port, port, target.address, target.name, pins)
