"""`commands.htm`: the remote commands that came in, what they did or why not; each can be done again or had for curl.

The same for programs: `GET /api/v1/commands`, `POST /api/v1/commands/{n}/replay`.
"""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.phone.intents import SetSetting
from snomtui.remote import reply
from snomtui.remote.api.gate import gate
from snomtui.remote.api.operation import CONFLICT, Answer, Asked, Operation, Refused, in_path
from snomtui.remote.api.shapes import named, row_of, switch, text, thing, whole
from snomtui.remote.doing import Outcome
from snomtui.remote.faults import SETTING
from snomtui.remote.intentjson import Object, objects_of
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.reply import BadRequest
from snomtui.remote.seen import Seen, curl

PAGE = "/commands.htm"
SHOWN = 100
"""So many are on the page; the API has all that are kept."""


def routes(frame: Frame) -> list[Route]:
    """The page."""
    return [Route(PAGE, CommandsSeen(frame).answer, methods=USED)]


def operations(frame: Frame) -> tuple[Operation, ...]:
    """The same for programs: rows of the API's table."""
    seen = CommandsSeen(frame)
    one = thing({"n": whole(1), "replay": switch("Whether it can be done again."), "curl": text()})
    return (
        Operation(
            "GET",
            "/api/v1/commands",
            "commands",
            "The remote commands that came in, the newest first.",
            seen.list,
            {200: thing({"commands": row_of(one)})},
        ),
        Operation(
            "POST",
            "/api/v1/commands/{n}/replay",
            "replay",
            "Do one of them again.",
            seen.replayed,
            {200: named("Done")},
            errors=(404, CONFLICT),
            asks=(in_path("n", whole(1), "Its number."),),
        ),
    )


class CommandsSeen:
    """Answers them."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Show them; do one again (`replay`), or switch the faults on purpose off (`fault=off`)."""
        frame = self._frame
        if request.method != "POST":
            return self._shown(request)
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        try:
            asked = {name.lower(): value for name, value in await frame.asked(request)}
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if "fault" in asked:
            outcome = frame.do(request, [SetSetting(SETTING, "")])
            return self._shown(request, outcome.why) if outcome.why else frame.redirect(PAGE, outcome)
        status, outcome = self._again(_number(asked.get("replay", "")))
        frame.doing.tell(request.scope, 302 if status == 200 else status, outcome)
        return self._shown(request, outcome.why, status) if outcome.why else frame.redirect(PAGE, outcome)

    async def list(self, asked: Asked) -> Answer:
        """`GET /api/v1/commands`: the newest first."""
        seen = [{**one.shown(), "curl": self._curl(asked, one)} for one in self._frame.doing.seen]
        return Answer(200, {"commands": seen})

    async def replayed(self, asked: Asked) -> Answer:
        """`POST /api/v1/commands/{n}/replay`: 200 done, 409 refused or not to be done again, 404 there is none."""
        known = _number(asked.place["n"])
        found = self._frame.doing.seen.find(known)
        if found is not None:
            gate(asked.scope, found.wanted, self._frame.doors.settings)
        status, outcome = self._again(known)
        if outcome.why:
            raise Refused(outcome.why, status, outcome=outcome)
        return Answer(200, {"ok": True, "did": objects_of(outcome.did)}, outcome=outcome)

    def _again(self, number: int) -> tuple[int, Outcome]:
        found = self._frame.doing.seen.find(number)
        if found is None:
            return 404, Outcome(why="That command is not kept any more")
        if found.bars:
            return 409, Outcome(why=found.bars)
        outcome = self._frame.doing.do(found.wanted)
        return 409 if outcome.why else 200, outcome

    def _shown(self, request: Request, error: str = "", status: int = 200) -> Response:
        rows = [self._row(request, one) for one in list(self._frame.doing.seen)[:SHOWN]]
        return self._frame.page("commands.html", status, here=PAGE, error=error, rows=rows)

    def _row(self, request: Request, one: Seen) -> Object:
        event = one.event
        did = ["  ".join(str(value) for value in each.values()) for each in event["did"]]
        at = time.strftime("%H:%M:%S", time.localtime(event["at"]))
        return {**one.shown(), "time": at, "words": did, "curl": self._curl(request, one)}

    def _curl(self, request: Request | Asked, one: Seen) -> str:
        settings = self._frame.doors.settings
        base = f"{request.scope.get('scheme', 'http')}://{reply.header(request.scope, b'host') or 'localhost'}"
        login = bool(settings.text("http_user") or settings.text("http_pass"))
        return curl(one.event, base, login, settings.on("http_scheme"))


def _number(text: str) -> int:
    """The number of a command; 0, which none has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
