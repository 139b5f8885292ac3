"""`line_login.htm`, `line_sip.htm`, `line_nat.htm`, `line_rtp.htm`: the settings of one identity, `?l=1` to `?l=12`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.phone.intents import Intent, LogOff, Register, SetSetting
from snomtui.remote import query
from snomtui.remote.pages.field import names_on
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.pages.setup import Form, Sheet, group_of
from snomtui.remote.reply import BadRequest
from snomtui.settings import modes
from snomtui.settings.registry import IDENTITIES, Settings, registry

_TABS = ("line_login", "line_sip", "line_nat", "line_rtp")


def routes(frame: Frame) -> list[Route]:
    """The four tabs of an identity."""
    return [Route(f"/{page}.htm", Identity(frame, page).answer, methods=USED) for page in _TABS]


def number_of(asked: query.Pairs) -> int:
    """The identity that a request is about, 1 if it names none; raises `BadRequest`."""
    text = next((value for name, value in asked if name.lower() == "l"), "1").strip()
    if text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= IDENTITIES:
        return int(text)
    raise BadRequest(f"l goes from 1 to {IDENTITIES}", 404)


def removal(number: int, settings: Settings) -> tuple[SetSetting, ...]:
    """What takes an identity away: everything that was set for it goes back to what it was from the factory."""
    names = {f"{row.name}{number}": row.default for row in registry().values() if row.last == IDENTITIES}
    return tuple(SetSetting(name, default) for name, default in names.items() if settings.text(name) != default)


class Identity:
    """Answers one tab."""

    def __init__(self, frame: Frame, page: str) -> None:
        self._frame, self._page = frame, page
        self._form = Form(frame, self._sheet)

    async def answer(self, request: Request) -> Response:
        """Do what a button of the login page wants, else show or save the settings."""
        if request.method != "POST" or self._page != "line_login":
            return await self._form.answer(request)
        frame = self._frame
        try:
            asked = await frame.asked(request)
            number = number_of(asked)
        except BadRequest as error:
            return frame.message(str(error), error.status)
        wishes = self._wishes({name.lower() for name, _ in asked}, number)
        if wishes is None:
            return self._form.decide(request, asked)
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        outcome = frame.do(request, wishes)
        if outcome.why:
            return self._form.shown(self._sheet(frame.doors.settings, asked), 200, outcome, outcome.why)
        return frame.redirect(_here(self._page, number), outcome)

    def _wishes(self, buttons: set[str], number: int) -> tuple[Intent, ...] | None:
        """What the button that was pressed stands for; None = it was none of them."""
        if "reregister" in buttons:
            return (Register(number),)
        if "logoff" in buttons:
            return (LogOff(number),)
        if "remove" in buttons:
            return removal(number, self._frame.doors.settings)
        return None

    def _sheet(self, settings: Settings, asked: query.Pairs) -> Sheet:
        number = number_of(asked)
        states = self._frame.doors.snapshot().identities
        more = {
            "number": number,
            "state": next((each for each in states if each.number == number), None),
            "login": self._page == "line_login",
            "removable": modes.page_allowed("line_login", settings) and bool(removal(number, settings)),
        }
        group = group_of(names_on(self._page, number), settings)
        return Sheet(_here(self._page, number), (group,), "identity.html", more)


def _here(page: str, number: int) -> str:
    return f"/{page}.htm?l={number}"
