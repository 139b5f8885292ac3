"""The pages of settings below Setup: one class and one template for all, made from the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.remote import query
from snomtui.remote.doing import Outcome
from snomtui.remote.pages import submission
from snomtui.remote.pages.field import Group, made, names_on
from snomtui.remote.pages.frame import USED, Frame
from snomtui.remote.pages.menu import entry_of
from snomtui.remote.reply import BadRequest
from snomtui.remote.saves import saves
from snomtui.settings.registry import Settings

_PLAIN = (
    *("prefs", "actions", "sim"),
    *("advanced_network", "advanced_behavior", "advanced_audio", "advanced_sip", "advanced_qos_security"),
)
"""Pages on which there is nothing but settings."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page shows."""

    here: str
    """Its address, as the menu has it."""
    groups: tuple[Group, ...]
    template: str = "setup.html"
    more: Mapping[str, object] = field(default_factory=dict)
    """What else the template wants to know."""


MakesSheet = Callable[[Settings, query.Pairs], Sheet]
"""Makes a page for what a request asks; raises `BadRequest` for a page that there is not."""
Reads = Callable[[query.Pairs], query.Pairs]
"""Makes settings of what a form of several fields each calls otherwise."""


def routes(frame: Frame) -> list[Route]:
    """The pages on which there is nothing but settings."""
    also = form_route(frame, "action", _plain("actions"))  # a library for call tests knows it by this name
    return [*(form_route(frame, page, _plain(page)) for page in _PLAIN), also]


def form_route(frame: Frame, page: str, sheet: MakesSheet, reads: Reads = list) -> Route:
    """One page of settings by its name without .htm."""
    return Route(f"/{page}.htm", Form(frame, sheet, reads).answer, methods=USED)


def group_of(names: Iterable[str], settings: Settings, title: str = "") -> Group:
    """The fields of these settings."""
    return Group(tuple(made(name, settings) for name in names), title)


def _plain(page: str) -> MakesSheet:
    return lambda settings, asked: Sheet(f"/{page}.htm", (group_of(names_on(page), settings),))


class Form:
    """Answers one page of settings, see `submission` for what is saved when."""

    def __init__(self, frame: Frame, sheet: MakesSheet, reads: Reads = list) -> None:
        self._frame, self._sheet, self._reads = frame, sheet, reads

    async def answer(self, request: Request) -> Response:
        """Show it, or save what was filled in."""
        try:
            asked = await self._frame.asked(request)
        except BadRequest as error:
            return self._frame.message(str(error), error.status)
        return self.decide(request, asked)

    def decide(self, request: Request, asked: query.Pairs) -> Response:
        """The same, when what is asked has been read already."""
        frame = self._frame
        try:
            sheet = self._sheet(frame.doors.settings, asked)
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if request.method == "HEAD" or not saves(asked):
            return self.shown(sheet)
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        asked = self._reads(asked)
        if submission.by_person(asked):
            return self._filled_in(request, sheet, asked)
        return self._told(request, sheet, asked)

    def _filled_in(self, request: Request, sheet: Sheet, asked: query.Pairs) -> Response:
        """A person's form: all of it, or nothing and why."""
        frame = self._frame
        form = submission.typed(sheet.groups, asked, frame.doors.settings, frame.language.say)
        sheet = replace(sheet, groups=form.groups)
        if form.wrong:
            why = "; ".join(f"{each.name}: {each.wrong}" for each in form.wrong)
            frame.doing.tell(request.scope, 422, Outcome(why=why))
            return self.shown(sheet, 422, Outcome(why=why))
        outcome = frame.do(request, form.changes)
        if outcome.why:
            return self.shown(sheet, 200, outcome, outcome.why)
        return frame.redirect(f"{sheet.here}#saved", outcome)

    def _told(self, request: Request, sheet: Sheet, asked: query.Pairs) -> Response:
        """A program's request: what is right is saved. It gets 200 for a GET, as from `dummy.htm`; else 302."""
        frame = self._frame
        wanted = submission.named(asked, frame.doors.settings)
        if request.method == "POST":
            outcome = frame.do(request, wanted)
            if not outcome.why:
                return frame.redirect(sheet.here, outcome)
        else:
            outcome = frame.do(request, wanted, 200)
        now = self._sheet(frame.doors.settings, asked)
        return self.shown(now, 200, outcome, outcome.why)

    def shown(self, sheet: Sheet, status: int = 200, outcome: Outcome | None = None, why: str = "") -> Response:
        """The page; `why` is what the phone has refused."""
        return self._frame.page(
            sheet.template,
            status,
            outcome,
            here=sheet.here,
            entry=entry_of(sheet.here),
            groups=sheet.groups,
            wrong=[each for group in sheet.groups for each in group.fields if each.wrong],
            why=why,
            locked=all(each.locked for group in sheet.groups for each in group.fields),
            **sheet.more,
        )
