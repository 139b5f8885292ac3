"""Pages of other sites that somebody lets use the API (CORS, WHATWG Fetch 3.2): those in `sim_api_origins`."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.remote import reply
from snomtui.remote.reply import Event, Header, Scope, Send
from snomtui.settings.registry import Settings

_MAY: tuple[Header, ...] = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type, last-event-id"),
    (b"access-control-allow-private-network", b"true"),
    (b"access-control-max-age", b"600"),
)


class Friends:
    """The origins in the setting, such as `https://crm.example.com`."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    def origin(self, scope: Scope) -> str:
        """The origin of a page that may ask, or nothing."""
        given = reply.header(scope, b"origin") or ""
        return given if given and given.lower() in self._settings().text("sim_api_origins").lower().split() else ""

    def asks_first(self, scope: Scope) -> bool:
        """Whether a browser asks, before it asks for a friend: such a request never carries a login."""
        asks = scope["type"] == "http" and scope["method"] == "OPTIONS"
        return asks and reply.path(scope).startswith("/api/") and bool(self.origin(scope))


def told_to(origin: str, first: bool, send: Send) -> Send:
    """The same, so that the browser lets the page of this origin have the answer."""
    fields = [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")]

    async def sending(event: Event) -> None:
        if event["type"] == "http.response.start":
            event["headers"] = [*event["headers"], *fields, *(_MAY if first else ())]
        await send(event)

    return sending
