"""`settings.htm`: every setting as one line, `name!: value`, in the order of the registry; read by people and scripts.

The mark before the colon is the permission (fact file 3.1). Secrets are blank, and so are the logins in URLs. Programs
save settings here as well, as with `dummy.htm`.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from snomtui.remote import query
from snomtui.remote.doing import Outcome
from snomtui.remote.pages import submission
from snomtui.remote.pages.frame import LOOKED_AT, USED, Frame
from snomtui.remote.reply import BadRequest
from snomtui.remote.saves import saves
from snomtui.settings.registry import Kind, Setting, registry

PAGE = "/settings.htm"


def routes(frame: Frame) -> list[Route]:
    """The page, and the same as a file."""
    dump = SettingsDump(frame)
    return [Route(PAGE, dump.answer, methods=USED), Route("/settings.txt", dump.file, methods=LOOKED_AT)]


class SettingsDump:
    """Answers them."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Save what a program names, and show all settings."""
        frame = self._frame
        try:
            asked = await frame.asked(request)
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if request.method == "HEAD" or not saves(asked):
            return self._shown(None)
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        return self._shown(frame.do(request, submission.named(asked, frame.doors.settings), 200))

    async def file(self, request: Request) -> Response:
        """The lines alone, to be kept."""
        named = {"content-disposition": f'attachment; filename="{self._frame.doors.model}-settings.txt"'}
        text = "".join(f"{name}: {value}\n" for name, value in self.lines())
        return PlainTextResponse(text, headers={"cache-control": "no-store", **named})

    def _shown(self, outcome: Outcome | None) -> Response:
        why = outcome.why if outcome else ""
        return self._frame.page("settings.html", 200, outcome, here=PAGE, lines=list(self.lines()), why=why)

    def lines(self) -> Iterator[tuple[str, str]]:
        """What the phone is, then all settings: names with their marks, and values."""
        doors = self._frame.doors
        yield "phone_type&", doors.model
        yield "mac&", doors.settings.text("sim_mac")
        yield "version&", doors.version
        yield "firmware_version&", f"{doors.model}-SIP {doors.version}"
        for row in registry().values():
            yield from self._lines_of(row)

    def _lines_of(self, row: Setting) -> Iterator[tuple[str, str]]:
        span = [None] if row.first is None else range(row.first, (row.last or 0) + 1)
        for index in span:
            secret = row.kind is Kind.SECRET
            value = "" if secret else query.without_login(self._frame.doors.settings.text(row.name, index))
            yield f"{row.name}{'' if index is None else index}{row.permission}", value
