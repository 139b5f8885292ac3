"""The home page: it dials, answers, hangs up and clears call lists, as programs and people ask for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.errors import LocalError
from snomtui.phone.intents import Answer, HangUp
from snomtui.remote import commands, query, reply
from snomtui.remote.doing import Outcome
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.pages.live import shown
from snomtui.remote.repeats import AGAIN
from snomtui.remote.reply import BadRequest

PATHS = ("/", "/index.htm")
"""Where it is."""


def routes(frame: Frame) -> list[Route]:
    """`/` and `index.htm`."""
    home = Home(frame)
    return [Route("/", home.answer, methods=USED), Route("/index.htm", home.answer, methods=USED)]


def _by_hand(request: Request) -> bool:
    """Whether a form was sent by a browser: its person reads why nothing happened, a program waits for its 302."""
    return request.method == "POST" and reply.header(request.scope, b"origin") is not None


class Home:
    """Answers `index.htm`."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Dial, answer, hang up, clear a call list, or show the phone.

        A page whose name was made to lead here may dial, as any page may; it sees nothing of the phone.
        """
        made = await self._answered(request)
        why = self._frame.names.misnamed(request.scope)
        return self._frame.message(why, 403) if why and made.status_code != 302 else made

    async def _answered(self, request: Request) -> Response:
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
        return self._done(request, asked, command)

    def _done(self, request: Request, asked: query.Pairs, command: commands.Command) -> Response:
        frame = self._frame
        if command.dials and frame.doing.repeats.known(request.scope, asked):
            frame.doing.tell(request.scope, 200, Outcome(why=AGAIN, wanted=command.intents))
            return self._shown()  # another redirect would be followed with the same form, for ever
        outcome = frame.doing.do(command.intents)
        frame.doing.repeats.leads(request.scope)
        if command.dials and outcome.did:
            frame.doing.repeats.note(request.scope, asked, dialled=True)
        seen = bool(outcome.why) and (isinstance(command.intents[0], (Answer, HangUp)) or _by_hand(request))
        frame.doing.tell(request.scope, 409 if seen else 302, outcome)
        if seen:
            return self._shown(409, outcome.why, outcome)
        return frame.redirect("/index.htm", outcome)

    def _shown(self, status: int = 200, error: str = "", outcome: Outcome | None = None) -> Response:
        return shown(self._frame, status, error, outcome)
