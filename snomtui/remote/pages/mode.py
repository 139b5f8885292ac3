"""`admin_mode.htm`: from user mode to administrator mode, with the password for it, and back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.phone.intents import Administer, Intent, SetSetting
from snomtui.remote.doing import Outcome
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.reply import BadRequest
from snomtui.settings import modes

PAGE = "/admin_mode.htm"


def routes(frame: Frame) -> list[Route]:
    """The page."""
    return [Route(PAGE, Mode(frame).answer, methods=USED)]


class Mode:
    """Answers it; a wrong password is a failed login like any other."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Show the mode, or change it by a form: a password never belongs into a URL."""
        frame = self._frame
        if request.method != "POST":
            return self._shown()
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        blocked = frame.guard.blocked(request.scope) if frame.guard else ""
        if blocked:
            frame.doing.tell(request.scope, 200, Outcome(why=blocked))
            return frame.message(blocked)
        try:
            asked = {name.lower(): value for name, value in await frame.asked(request)}
        except BadRequest as error:
            return frame.message(str(error), error.status)
        return self._change(request, asked)

    def _change(self, request: Request, asked: dict[str, str]) -> Response:
        frame = self._frame
        if asked.get("admin_mode") == "off":
            wish: Intent = SetSetting("admin_mode", "off")
        else:
            wish = Administer(asked.get("admin_mode_password", ""))
        outcome = frame.do(request, [wish])
        if not outcome.why:
            return frame.redirect("/advanced.htm", outcome)
        if isinstance(wish, Administer) and frame.guard:
            frame.guard.guessed(request.scope)
        return self._shown(outcome)

    def _shown(self, outcome: Outcome | None = None) -> Response:
        administers = modes.administers(self._frame.doors.settings)
        error = self._frame.language.say(outcome.why) if outcome else ""
        return self._frame.page("admin_mode.html", 200, outcome, here=PAGE, administers=administers, error=error)
