"""How a line keeps in reach of its server: connecting, going on to the next server and back, and keeping alive."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from snomtui.kit.box import Conn, Down, Linked, Located, Send, Up
from snomtui.kit.timers import Timers
from snomtui.line.account import Server
from snomtui.line.desk import Desk
from snomtui.line.events import CertificateDoubted
from snomtui.line.link import BANNED, Link, State
from snomtui.line.seconds import retry_after
from snomtui.line.server.failback import Failback
from snomtui.line.server.keepalive import DATAGRAM, DEAD, NAME, PING, STREAM, KeepAlive
from snomtui.line.server.registration import Registration
from snomtui.sip.message import Response

MOVE = "another address"
"""The name of the timer: the server sees us elsewhere, and is to be told."""
BETWEEN_MOVES = 30.0
"""Seconds; a server that sees us at another address each time is not told each time."""

Cut = Callable[[Conn, str, float], None]
"""Ends everything that depends on a connection: its number, why, now."""


class Reach:
    """The road between a line and its server."""

    def __init__(
        self,
        desk: Desk,
        link: Link,
        registration: Registration,
        timers: Timers,
        numbers: Callable[[], Conn],
        cut: Cut,
    ) -> None:
        """`numbers` gives fresh connection numbers."""
        self._desk, self._link, self._registration, self._cut_off = desk, link, registration, cut
        self._timers, self._keep_alive = timers, KeepAlive(timers)
        self._next_move = 0.0
        """Before that moment another address by which the server sees us is not told to it."""
        self.failback = Failback(desk, link, numbers, self.back)
        """Asks whether the better server is there again."""

    def owns(self, conn: Conn) -> bool:
        """Whether a connection is one of this line's."""
        return conn in (self._link.conn, self.failback.conn)

    def connect(self, now: float) -> None:
        """Register over the connection there is, or make one."""
        if self._link.state is State.UP:
            self._registration.connected(now)
            return
        account = self._desk.account
        if account.proxied:
            self._desk.log(8, f"Routing to outbound proxy {account.server}")
        self._link.open()

    # -- what the shell tells

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        """The server was located, or a connection came up or broke."""
        if conn == self.failback.conn and isinstance(state, Up | Down):
            self.failback.linked(state, now)
        elif conn == self._link.conn:
            self._linked(state, now)

    def _linked(self, state: Linked, now: float) -> None:
        conn, place, was_up = self._link.conn, self._link.place, self._link.up is not None
        self._link.linked(state, now, proven=self._registration.established)
        match state:
            case Up() if self._link.up:
                self._desk.log(7, f"Trusted IP Addresses: {state.transport}:")
                self._registration.connected(now)
            case Located((), why):
                self._unreachable(place, why, now)
            case Down(why, certificate):
                if certificate:
                    self._desk.tell(CertificateDoubted(self._desk.account.number, place, certificate))
                if was_up:
                    self._cut(conn, why, now)
                self._unreachable(place, why, now)

    def _unreachable(self, place: str, why: str, now: float) -> None:
        """A place cannot be reached; unless the next one is tried already, the registration is lost."""
        self._desk.log(4, f"Connection to {place} is gone: {why}")
        if self._link.state is State.PAUSING and self._registration.under_way:
            self._registration.lost(why, now)

    def _cut(self, conn: Conn, why: str, now: float) -> None:
        self.rest()
        self._next_move = 0.0
        self._cut_off(conn, why, now)

    def log_sending(self, method: str, asked: bool) -> None:
        """Log a request as the real phone does; `asked`: the server has asked who we are."""
        if asked or method != "REGISTER":
            port = self._link.target.port if self._link.target else 0
            self._desk.log(8, f"Routing to explicit plan {self._link.transport} {port}")
        self._desk.log(8, f"Send Packet {method}")

    # -- going elsewhere

    def hang_up(self, why: str, now: float) -> None:
        """Let a connection go that is of no use any more; a registration that depends on it begins anew soon."""
        conn, place = self._link.conn, self._link.place
        self._link.close()
        self._desk.log(4, f"Connection to {place} is given up: {why}")
        self._cut(conn, why, now)
        if self._registration.under_way:
            self._registration.lost(why, now)

    def next_server(self, pause: int | None, now: float) -> bool:
        """Leave this server for the next one, for `pause` seconds; False if there is none."""
        if self._link.state in (State.OPENING, State.LOCATING):
            return True
        conn, place = self._link.conn, self._link.place
        if not self._link.next(now, BANNED if pause is None else pause):
            return False
        self._desk.log(5, f"{place} is left for {self._link.place}")
        self._cut(conn, "Another server is tried", now)
        return True

    def go_to(self, server: Server, now: float) -> None:
        """Connect to another server, to which this one has sent us."""
        conn = self._link.conn
        self._link.go_to(server)
        self._cut(conn, f"The server sends us to {server}", now)
        self._link.open()

    def go_home(self) -> None:
        """From the next connection on use the account's own server."""
        if self._link.wanted != self._desk.account.server:
            self._link.go_to(self._desk.account.server)

    def back(self, now: float) -> None:
        """The better server is there again."""
        conn = self._link.conn
        self._link.back()
        self._desk.log(5, f"Back to {self._link.place}")
        self._registration.moved()
        self._cut(conn, "Back to the better server", now)

    def overloaded(self, response: Response, now: float) -> bool:
        """Whether a 503 to a new call makes us go on to the next server, where the call may be tried again."""
        pause = retry_after(response) if response.status == 503 else None
        return pause is not None and self._registration.elsewhere(pause, now)

    def look_after_server(self, now: float) -> None:
        """A request was never answered: a REGISTER shows whether the server is still there, and finds the next one."""
        if self._registration.idle:
            self._registration.start(now)
            self._registration.connected(now)

    # -- signs of life

    def registered(self, response: Response, now: float) -> None:
        """The server has accepted a REGISTER, and tells something about us in its answer."""
        seen_elsewhere = self._desk.letterhead.learn(response)
        self._keep_alive.granted(response, self._silence(), now)
        self.failback.settled(now)
        if seen_elsewhere and now < self._next_move:
            self._timers.start(MOVE, self._next_move)
        elif seen_elsewhere:
            self._next_move = now + BETWEEN_MOVES
            self._registration.anew(now)

    def _silence(self) -> float | None:
        """Seconds after which a sign of life is due where the server says nothing of it; None = never."""
        account = self._desk.account
        if account.ocs:
            return None
        if account.keepalive:
            return float(account.keepalive)
        if self._link.transport != "udp":
            return STREAM
        return DATAGRAM if self._desk.letterhead.translated else None

    def said(self, now: float) -> None:
        """Something was sent over the line's connection."""
        if self._registration.wanted:
            self._keep_alive.said(now)

    def heard(self, data: bytes) -> None:
        """Bytes came over the line's connection."""
        self._keep_alive.heard(data)

    def rest(self) -> None:
        """Nobody wants a sign of life any more."""
        self._keep_alive.stop()
        self.failback.stop()
        self._timers.stop(MOVE)

    def alarm(self, name: Hashable, now: float) -> bool:
        """A timer is due; False if it is none of ours."""
        if name == NAME:
            self._desk.put(Send(self._link.conn, PING))
            self._keep_alive.pinged(now, self._link.wire.reliable)
        elif name == DEAD:
            self.hang_up("The server gives no sign of life", now)
        elif name == MOVE:
            self._next_move = now + BETWEEN_MOVES
            self._registration.anew(now)
        return name in (NAME, DEAD, MOVE)
