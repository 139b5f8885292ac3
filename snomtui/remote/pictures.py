"""The phone as a picture: `/screen.svg` and `/screen.png` with its case and LEDs, `/screen.bmp` its display alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.errors import DrawingError
from snomtui.remote import reply
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.reply import Scope
from snomtui.remote.screen.doors import Screens

KINDS = {"svg": "image/svg+xml", "png": "image/png", "bmp": "image/bmp"}
"""What there is, and its media type."""
_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    # Whatever a server's texts hold: nothing in the picture runs or is fetched.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}


class Pictures:
    """Answers `/screen.svg` and its like."""

    def __init__(self, screens: Screens, names: OwnNames) -> None:
        self._screens, self._names = screens, names

    def routes(self) -> list[Route]:
        """One for each kind."""
        return [Route(f"/screen.{kind}", self._route(kind), methods=("GET", "HEAD")) for kind in KINDS]

    async def stop(self) -> None:
        """Whatever draws ends."""
        await self._screens.put_away()

    def _route(self, kind: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            why = self._refuses(request.scope)
            if why:
                return Response(f"{why}\n", 403, _HEADERS, "text/plain")
            # HEAD asks whether it is there: nobody needs to draw for that.
            try:
                body = b"" if request.method == "HEAD" else await self._screens.picture(kind)
            except DrawingError as error:
                return Response(f"{error}\n", 503, _HEADERS, "text/plain")
            return Response(body, 200, _HEADERS, KINDS[kind])

        return answer

    def _refuses(self, scope: Scope) -> str | None:
        """A person may follow a link to it from anywhere; no page elsewhere may have it in itself."""
        opened = reply.header(scope, b"sec-fetch-dest") == "document"
        return self._names.misnamed(scope) if opened else self._names.refuses(scope)
