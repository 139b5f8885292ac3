"""The authority of a simulated front end, as people with a login there reach it (EST, RFC 7030)."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from snomtui.kit.box import host_port
from snomtui.kit.secret import Secret
from snomtui.office.people import People
from snomtui.remote.est import EstServer
from snomtui.shell.certificates import Bundle
from snomtui.shell.issuing import Issuing

Log = Callable[[int, str], None]
"""Takes a line of the log with its level."""


class Vouching:
    """Gives certificates to the people of the office and to their telephones."""

    def __init__(self, people: People, bundle: Bundle, now: Callable[[], float], log: Log) -> None:
        self._people, self._bundle, self._now, self._log = people, bundle, now, log
        self._issuing = Issuing(bundle.root, (people.server, people.domain))
        self._server: EstServer | None = None

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, and say where; raises `ListenError`."""
        self._server = EstServer(self, host, port, self._context, self._trouble, self._now)
        return await self._server.start()

    async def stop(self) -> None:
        """Close it."""
        if self._server:
            await self._server.stop()

    def _trouble(self, why: str) -> None:
        self._log(2, f"Certificate server: {why}")

    async def _context(self) -> ssl.SSLContext:
        context = self._bundle.server_context()
        context.load_verify_locations(cadata=self._bundle.authority)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def authorities(self) -> bytes:
        """The authority's certificate, PKCS#7 in DER."""
        return self._issuing.authorities()

    def person(self, login: str, password: str) -> str:
        """Who logs in as DOMAIN\\user, user@domain or user; empty = nobody with this password."""
        domain, mark, user = login.rpartition("\\")
        found = self._people.account(user if mark else login, domain)
        wanted = found.password if found else Secret("")
        right = wanted == Secret(password)
        return found.address if found and wanted and right else ""

    def enrol(self, request: bytes, who: str, old: bytes | None) -> bytes:
        """A certificate for a request, PKCS#7 in DER; raises ValueError in words."""
        what = "renewed" if old else "given"
        try:
            made, subject = self._issuing.issue(request, who, self._now(), old)
        except ValueError as error:
            self._log(3, f"No certificate {what} to {who}: {error}")
            raise
        self._log(5, f"Certificate {what} to {who}: {subject}")
        return made


def url_of(bound: tuple[str, int]) -> str:
    """The base URL of the certificate server."""
    return f"https://{host_port(bound)}"
