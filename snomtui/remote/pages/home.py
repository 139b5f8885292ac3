"""The home page: the dial form, calls, contacts, and the display as it is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.errors import LocalError
from snomtui.phone.intents import Answer, HangUp
from snomtui.presence import WORDS
from snomtui.remote import commands
from snomtui.remote.doing import Outcome
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.reply import BadRequest

MOST_CONTACTS = 200
"""So many contacts are shown on the home page."""


def routes(frame: Frame) -> list[Route]:
    """`/` and `index.htm`."""
    home = Home(frame)
    return [Route("/", home.answer, methods=USED), Route("/index.htm", home.answer, methods=USED)]


class Home:
    """Answers `index.htm`."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Dial, answer, hang up, clear a call list, or show the phone."""
        frame = self._frame
        try:
            asked = await frame.asked(request, form=False)
        except BadRequest as error:
            return self._shown(error.status, str(error))
        if request.method == "HEAD":
            return self._shown()
        try:
            command = commands.read_home(asked, frame.doors.snapshot().identities)
        except LocalError as error:
            return self._shown(frame.failed(request, error), str(error))
        if not command.intents:
            return self._shown()
        return self._done(request, command)

    def _done(self, request: Request, command: commands.Command) -> Response:
        frame = self._frame
        outcome = frame.doing.do(command.intents)
        old = bool(outcome.why) and isinstance(command.intents[0], (Answer, HangUp))  # the person saw an old page
        frame.doing.tell(request.scope, 409 if old else 302, outcome)
        if old:
            return self._shown(409, outcome.why, outcome)
        return frame.redirect("/index.htm", outcome)

    def _shown(self, status: int = 200, error: str = "", outcome: Outcome | None = None) -> Response:
        contacts = self._frame.doors.contacts()
        return self._frame.page(
            "index.html",
            status,
            outcome,
            error=error,
            phone=self._frame.doors.snapshot(),
            contacts=contacts[:MOST_CONTACTS],
            more=max(0, len(contacts) - MOST_CONTACTS),
            words=WORDS,
        )
