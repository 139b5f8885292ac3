"""Reboot and reset, in all the spellings of snom's firmware and of the programs that know it.

A program asks with a GET, or with everything in the query: it takes effect, and the answer leads to `reboot.htm`, by
which such programs see that it worked. A person's click comes as a form: it leads to `confirm.htm`, which asks again.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from snomtui.phone.intents import PlayRinger, Reboot, Reset
from snomtui.remote import forms, query, reply
from snomtui.remote.doing import Outcome
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.repeats import AGAIN
from snomtui.remote.reply import App, BadRequest, Event, Receive, Scope, Send

CONFIRM, REBOOTING = "/confirm.htm", "/reboot.htm"
ASKED_ON = frozenset(
    {
        *("/advanced.htm", "/advanced_update.htm", "/advanced_network.htm", "/update.htm", "/dummy.htm"),
        *("/line_login.htm", CONFIRM),
    }
)
"""Pages on which `reboot=`, `reset=` or, on line_login.htm, `PLAY_RINGER:1=` may stand."""
Wish = Reboot | Reset | PlayRinger


def routes(frame: Frame) -> list[Route]:
    """The question, and the page that is shown while the phone reboots."""

    async def confirm(request: Request) -> Response:
        reset = request.query_params.get("ask") == "reset"
        return frame.page("confirm.html", here="/advanced_update.htm", reset=reset)

    async def rebooting(request: Request) -> Response:
        return frame.page("reboot.html")

    return [Route(CONFIRM, confirm, methods=USED), Route(REBOOTING, rebooting, methods=USED)]


class Restarting:
    """Stands before the pages and takes what restarts the phone or plays a ringer; all else goes on."""

    def __init__(self, frame: Frame, pages: App) -> None:
        self._frame, self._pages = frame, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI; `scope["path"]` is that of a page."""
        if scope["path"] not in ASKED_ON or scope["method"] not in ("GET", "POST"):
            await self._pages(scope, receive, send)
            return
        request = Request(scope, receive)
        wish = wish_in(query.pairs(scope["query_string"]), scope["path"])
        by_person = False
        if scope["method"] == "POST":
            try:
                body = await reply.body_of(receive)
            except BadRequest as error:
                await self._frame.message(str(error), self._frame.failed(request, error))(scope, receive, send)
                return
            receive = _again(body, receive)
            request = Request(scope, receive)
            if wish is None:
                found = forms.fields(body, reply.header(scope, b"content-type") or "") or []
                wish, by_person = wish_in(found, scope["path"]), scope["path"] != CONFIRM
        if wish is None:
            await self._pages(scope, receive, send)
        else:
            await (await self._answer(request, wish, by_person))(scope, receive, send)

    async def _answer(self, request: Request, wish: Wish, by_person: bool) -> Response:
        frame = self._frame
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        try:
            asked = await frame.asked(request)
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if by_person and not isinstance(wish, PlayRinger):
            what = "reset" if isinstance(wish, Reset) else "reboot"
            return RedirectResponse(f"{CONFIRM}?ask={what}", 302, {"cache-control": "no-store"})
        if frame.doing.repeats.known(request.scope, asked):
            frame.doing.tell(request.scope, 302, Outcome(why=AGAIN, wanted=(wish,)))
            return frame.redirect(REBOOTING, Outcome())
        plays = isinstance(wish, PlayRinger)
        outcome = frame.do(request, [wish], 200 if plays and not by_person else None)
        if by_person and not outcome.why:  # only a ringer comes here so: the person stays on that identity's page
            return frame.redirect(f"{request.url.path}?{request.url.query}", outcome)
        if outcome.why or plays:
            return frame.message(outcome.why or "OK", 200, outcome)
        frame.doing.repeats.leads(request.scope)
        frame.doing.repeats.note(request.scope, asked, dialled=False)
        return frame.redirect(REBOOTING, outcome)


def wish_in(asked: query.Pairs, path: str) -> Wish | None:
    """What restarts the phone, or plays a ringer, in what a page is asked for; the values mean nothing."""
    names = {name.lower() for name, _ in asked}
    if path == "/line_login.htm":
        ringer = next((name for name in names if name.startswith("play_ringer")), "")
        number = ringer.rpartition(":")[2]
        return PlayRinger(int(number) if number in tuple("123456789") else 1) if ringer else None
    if names & {"reboot", "confirm_reboot"}:
        return Reboot()
    return Reset() if names & {"reset", "confirm_reset"} else None


def _again(body: bytes, receive: Receive) -> Receive:
    """The same request to be read once more."""
    given = False

    async def once_more() -> Event:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more
