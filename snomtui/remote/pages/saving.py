"""Pages that programs use: `dummy.htm` sets settings, `minibrowser.htm` shows a page on the display."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.errors import LocalError
from snomtui.remote import commands
from snomtui.remote.doing import Outcome
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.reply import BadRequest


def routes(frame: Frame) -> list[Route]:
    """`dummy.htm` and `minibrowser.htm`."""
    pages = Saving(frame)
    return [
        Route("/dummy.htm", pages.dummy, methods=USED),
        Route("/minibrowser.htm", pages.minibrowser, methods=USED),
    ]


class Saving:
    """Answers them; always 200, as with the real phone."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def dummy(self, request: Request) -> Response:
        """`dummy.htm?settings=save&NAME=VALUE`: change settings."""
        frame = self._frame
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        if request.method == "HEAD":
            return frame.message("OK")
        try:
            command = commands.read_settings(await frame.asked(request))
        except BadRequest as error:
            return frame.message(str(error), error.status)
        outcome = frame.do(request, command.intents, 200)
        count = len(outcome.did)
        said = outcome.why or (f"{count} saved." if count else "Nothing to save: settings=save&NAME=VALUE")
        return frame.message(said, 200, outcome)

    async def minibrowser(self, request: Request) -> Response:
        """`minibrowser.htm?url=URL`: fetch a page and show it on the display; the page comes later."""
        frame = self._frame
        foreign = frame.foreign(request)
        if foreign or request.method == "HEAD":
            return foreign or frame.message("OK")
        try:
            command = commands.read_minibrowser(await frame.asked(request, form=False))
        except BadRequest as error:
            return frame.message(str(error), error.status)
        except LocalError as error:
            return frame.message(str(error), frame.failed(request, error), Outcome(why=str(error)))
        outcome = frame.do(request, command.intents, 200)
        return frame.message(outcome.why or "OK", 200, outcome)
