"""`log.htm`: the lines of the phone's log that are kept."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.phone.intents import SetSetting
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.pages.menu import entry_of
from snomtui.remote.reply import BadRequest
from snomtui.settings.modes import allowed

PAGE = "/log.htm"
HIGHEST = 9
"""The level at which everything is told."""


def routes(frame: Frame) -> list[Route]:
    """The page."""
    return [Route(PAGE, Log(frame).answer, methods=USED)]


class Log:
    """Answers it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Show the lines up to `level`; by POST set how much is logged (`log_level`), or forget the lines (`clear`)."""
        frame = self._frame
        foreign = frame.foreign(request) if request.method == "POST" else None
        if foreign:
            return foreign
        try:
            asked = {name.lower(): value for name, value in await frame.asked(request)}
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if request.method != "POST":
            return self._shown(asked.get("level", ""))
        if "clear" in asked:
            frame.doors.inside.clear_log()
        wanted = [SetSetting("log_level", asked["log_level"])] if "log_level" in asked and self._may else []
        outcome = frame.do(request, wanted)
        return self._shown("", outcome.why) if outcome.why else frame.redirect(PAGE, outcome)

    def _shown(self, level: str, error: str = "") -> Response:
        most = int(level) if level.isascii() and level.isdigit() and len(level) == 1 else HIGHEST
        lines = [line for line in self._frame.doors.inside.log if _level(line) <= most]
        holds = self._frame.doors.inside.log_level
        entry = entry_of(PAGE)
        title = self._frame.titled(entry) if entry else ""
        return self._frame.page(
            "log.html", here=PAGE, heading=title, error=error, lines=lines, most=most, holds=holds, may=self._may
        )

    @property
    def _may(self) -> bool:
        """Whether how much is logged may be changed now."""
        return allowed("log_level", self._frame.doors.settings)


def _level(line: str) -> int:
    """The level of a line such as `[5]27/10/2009 18:26:44: text`."""
    return int(line[1]) if line[1:2].isdigit() else 0
