"""The port of a scheme that `webserver_type` has switched off: sends everybody to the other port."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from snomtui.kit.box import host_port
from snomtui.remote import reply
from snomtui.remote.reply import Receive, Scope, Send

_STAYS = "/:@!$&'()*+,;=-._~%?"
"""What may stand in a target as it is; control characters never do."""


class Elsewhere:
    """Answers 307, as the firmware does: the method and the body stay as they are (RFC 9110 15.4.8)."""

    def __init__(self, base: Callable[[], str]) -> None:
        """`base` tells the base URL of the other port, or is empty if that is not open."""
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "at the other port"})
            return
        where = self._base()
        if not where:
            await reply.answer(send, 503, b"The web server is switched off.\n", b"text/plain")
            return
        location = f"{_named(where, reply.header(scope, b'host'))}{_target(scope)}"
        await reply.answer(send, 307, b"", headers=[(b"location", location.encode("ascii"))])


def _named(base: str, host: str | None) -> str:
    """The base URL, under the name by which the client has asked: a certificate may be for that name alone."""
    parts = urlsplit(base)
    try:
        name = urlsplit(f"//{host}").hostname if host else None
    except ValueError:
        name = None
    if not name or not name.isascii() or quote(name, safe=":") != name:
        return base
    return f"{parts.scheme}://{host_port((name, parts.port or 0))}"


def _target(scope: Scope) -> str:
    path = reply.path(scope) if not str(scope["path"]).startswith("/") else None
    whole = reply.target(scope)
    if path is not None:
        whole = "/" + whole.partition("://")[2].partition("/")[2]
    return quote(whole, safe=_STAYS, encoding="latin-1")
