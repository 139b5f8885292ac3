"""Notices that this machine is at another address than the one from which a connection was made.

Nobody tells: a TCP connection from an address that is gone stays silent, for minutes.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from snomtui.kit.box import Conn, HostPort
from snomtui.shell.udp import towards

EVERY = 5.0
"""Seconds between two looks."""


class Whereabouts:
    """The local addresses of connections; looks from time to time whether they are still the right ones."""

    def __init__(
        self, moved: Callable[[Conn, str], None], here: Callable[[socket.AddressFamily, HostPort], str] = towards
    ) -> None:
        """`moved(conn, why)`: a connection leads from an address that we would not take today."""
        self._moved, self._here = moved, here
        self._from: dict[Conn, tuple[str, HostPort]] = {}
        """From which address to whom."""
        self._timer: asyncio.TimerHandle | None = None

    def note(self, conn: Conn, local: str, remote: HostPort) -> None:
        """A connection is up; those that stay in this machine cannot lose their address."""
        if not local.startswith("127.") and local != "::1":
            self._from[conn] = (local, remote)
            self._plan()

    def forget(self, conn: Conn) -> None:
        """A connection is closed."""
        self._from.pop(conn, None)

    def stop(self) -> None:
        """Look no more."""
        self._from.clear()
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _plan(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(EVERY, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self.look()
        if self._from:
            self._plan()

    def look(self) -> None:
        """Compare each address with the one we would take now; a network that is not there just now says nothing."""
        now: dict[HostPort, str] = {}
        for conn, (local, remote) in list(self._from.items()):
            if remote not in now:
                now[remote] = self._address_for(remote)
            if now[remote] not in ("", local):
                self.forget(conn)
                self._moved(conn, f"The address of this machine has changed from {local} to {now[remote]}")

    def _address_for(self, remote: HostPort) -> str:
        family = socket.AF_INET6 if ":" in remote[0] else socket.AF_INET
        try:
            return self._here(family, remote)
        except OSError:
            return ""
