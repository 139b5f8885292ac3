"""Keeps foreign web pages away from the API and from the settings.

A page of another site can make a browser send requests to the phone. The browser says so in `Origin` and
`Sec-Fetch-Site`; a page that had its own name rebound to the phone's address still shows its name in `Host`. Programs
that are no browsers send none of these and are not disturbed.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from snomtui.remote import reply
from snomtui.remote.reply import Scope

_PRIVATE = (".localhost", ".local", ".lan", ".internal", ".intranet", ".localdomain", ".home.arpa")
"""Names that the public name service does not have, so nobody can have them rebound. Nor has it a word without dots."""


class OwnNames:
    """The names under which this server may be addressed."""

    def __init__(self, listening: str, what: str = "phone", others: Callable[[], Iterable[str]] = lambda: ()) -> None:
        """`listening` is the host that the server was told to listen on; `what` it is, for people.

        `others` are names that somebody has given it besides, such as `phone.example.com`.
        """
        self._what, self._others = what, others
        name = socket.gethostname().lower()
        self._names = {"localhost", "", listening.lower(), name, name.partition(".")[0], f"{name}.local"}

    def refuses(self, scope: Scope) -> str | None:
        """Why the request must not be served, or None."""
        host = reply.header(scope, b"host")
        misnamed = self.misnamed(scope)
        if misnamed:
            return misnamed
        if (reply.header(scope, b"sec-fetch-site") or "none") not in ("none", "same-origin"):
            return "a page of another site may not do this"
        origin = reply.header(scope, b"origin")
        if origin is not None and (host is None or not _same(origin, host, scope)):
            return "a page of another site may not do this"
        return None

    def misnamed(self, scope: Scope) -> str | None:
        """Why a page must not even be shown: it was asked for under a foreign name. Links elsewhere may lead to it."""
        host = reply.header(scope, b"host")
        if host is not None and not self._own(host):
            return f"{ascii(host[:60])} is not a name of this {self._what}; use its address"
        return None

    def _own(self, host: str) -> bool:
        name = _name(host)
        if name is None:
            return False
        if name in self._names or "." not in name or name.endswith(_PRIVATE):
            return True
        if any(name == other.lower() for other in self._others()):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True


def taken_as_json(scope: Scope) -> bool:
    """Whether a body of this media type is read as JSON: no HTML form of a page elsewhere can be sent as one.

    A form of the type that is named besides (`curl -d` says so of everything) comes percent-encoded from a browser, and
    so never is JSON; a form of type text/plain could be.
    """
    kind = (reply.header(scope, b"content-type") or "").partition(";")[0].strip().lower()
    if kind in ("", "application/json", "application/x-www-form-urlencoded"):
        return True
    return kind.startswith("application/") and kind.endswith("+json")


def _name(host: str) -> str | None:
    """The name in a Host header, without port, brackets, zone and final dot; None if it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").partition("%")[0].rstrip(".")
    except ValueError:
        return None


def _same(origin: str, host: str, scope: Scope) -> bool:
    scheme, mark, rest = origin.partition("://")
    secure = scope.get("scheme") in ("https", "wss")
    if not mark or scheme != ("https" if secure else "http"):
        return False
    plain = ":443" if secure else ":80"
    return rest.lower().removesuffix(plain) == host.lower().removesuffix(plain)
