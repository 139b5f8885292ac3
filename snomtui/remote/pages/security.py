"""`advanced_qos_security.htm`: user, password and scheme of this web server."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.phone.intents import SetSetting
from snomtui.remote import query
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.reply import BadRequest

PAGE = "/advanced_qos_security.htm"
NAMES = ("http_user", "http_pass", "http_scheme", "ignore_security_warning")
"""The settings on it."""


def routes(frame: Frame) -> list[Route]:
    """The page."""
    return [Route(PAGE, Security(frame).answer, methods=USED)]


class Security:
    """Answers it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Show it, or save what was filled in."""
        frame = self._frame
        foreign = frame.foreign(request) if request.method == "POST" or request.scope["query_string"] else None
        if foreign:
            return foreign
        try:
            asked = {name.lower(): value for name, value in await frame.asked(request)}
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if request.method == "HEAD" or not ({"settings", "save"} & asked.keys()):
            return self._shown("")
        wanted = [SetSetting(name, asked[name]) for name in NAMES if name in asked]
        # Stars stand for the password that is set already; an empty field takes it away.
        outcome = frame.do(request, [w for w in wanted if not (w.name == "http_pass" and w.value == query.STARS)])
        return self._shown(outcome.why) if outcome.why else frame.redirect(PAGE, outcome)

    def _shown(self, error: str) -> Response:
        settings = self._frame.doors.settings
        return self._frame.page(
            "security.html",
            error=error,
            user=settings.text("http_user"),
            password=query.STARS if settings.text("http_pass") else "",
            digest=settings.on("http_scheme"),
            quiet=settings.on("ignore_security_warning"),
        )
