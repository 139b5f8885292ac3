"""The web pages of the phone: the home page with the dial form, security settings, system information."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from snomtui.errors import LocalError
from snomtui.phone.intents import Answer, HangUp, SetSetting
from snomtui.presence import WORDS
from snomtui.remote import commands, query, reply
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing, Outcome, asked_of
from snomtui.remote.doors import Doors
from snomtui.remote.paper import Paper
from snomtui.remote.reply import BadRequest

MOST_CONTACTS = 200
"""So many contacts are shown on the home page."""

SECURITY = ("http_user", "http_pass", "http_scheme", "ignore_security_warning")
"""The settings of advanced_qos_security.htm."""


class Pages:
    """Answers the pages that people look at."""

    def __init__(self, doors: Doors, doing: Doing, names: OwnNames, clock: Callable[[], float]) -> None:
        self._doors, self._doing, self._names, self._clock = doors, doing, names, clock
        self._started = clock()
        self._paper = Paper("snomtui.remote")

    async def home(self, request: Request) -> Response:
        """`index.htm`: dial, answer, hang up, or clear a call list, or show the phone."""
        try:
            asked = await asked_of(request.scope, request.receive)
            if request.method == "HEAD":
                return self._home("", 200)
            command = commands.read_home(asked, self._doors.snapshot().identities)
        except (BadRequest, LocalError) as error:
            status = error.status if isinstance(error, BadRequest) else 400
            self._doing.tell(request.scope, status, Outcome(why=str(error)))
            return self._home(str(error), status)
        if not command.intents:
            return self._home("", 200)
        outcome = self._doing.do(command.intents)
        if outcome.why and isinstance(command.intents[0], (Answer, HangUp)):  # the person saw an old page
            self._doing.tell(request.scope, 409, outcome)
            page = self._home(outcome.why, 409)
            _mark(page, outcome)
            return page
        self._doing.tell(request.scope, 302, outcome)
        # A redirect, so that reloading the page does not dial again.
        return _redirect("/index.htm", outcome)

    async def dummy(self, request: Request) -> Response:
        """`dummy.htm?settings=save&NAME=VALUE`: change settings; always 200, as with the real phone."""
        foreign = self._foreign(request)
        if foreign:
            return foreign
        try:
            asked = await asked_of(request.scope, request.receive, form=True)
        except BadRequest as error:
            self._doing.tell(request.scope, error.status, Outcome(why=str(error)))
            return self.message(str(error), error.status)
        command = commands.read_settings([] if request.method == "HEAD" else asked)
        outcome = self._doing.do(command.intents)
        if request.method != "HEAD":
            self._doing.tell(request.scope, 200, outcome)
        count = len(outcome.did)
        said = outcome.why or (f"{count} saved." if count else "Nothing to save: settings=save&NAME=VALUE")
        return self.message(said, 200, outcome)

    async def minibrowser(self, request: Request) -> Response:
        """`minibrowser.htm?url=URL`: fetch a page and show it on the display; 200, the page comes later."""
        foreign = self._foreign(request)
        if foreign or request.method == "HEAD":
            return foreign or self.message("OK", 200)
        try:
            command = commands.read_minibrowser(await asked_of(request.scope, request.receive))
        except (BadRequest, LocalError) as error:
            status = error.status if isinstance(error, BadRequest) else 400
            self._doing.tell(request.scope, status, Outcome(why=str(error)))
            return self.message(str(error), status, Outcome(why=str(error)))
        outcome = self._doing.do(command.intents)
        self._doing.tell(request.scope, 200, outcome)
        return self.message(outcome.why or "OK", 200, outcome)

    async def security(self, request: Request) -> Response:
        """`advanced_qos_security.htm`: user, password and scheme of this web server."""
        foreign = self._foreign(request) if request.method == "POST" or request.scope["query_string"] else None
        if foreign:
            return foreign
        try:
            asked = {name.lower(): value for name, value in await asked_of(request.scope, request.receive, form=True)}
        except BadRequest as error:
            return self.message(str(error), error.status)
        if request.method == "HEAD" or not ({"settings", "save"} & asked.keys()):
            return self._security("")
        wanted = [SetSetting(name, asked[name]) for name in SECURITY if name in asked]
        # Stars stand for the password that is set already; an empty field takes it away.
        outcome = self._doing.do([w for w in wanted if not (w.name == "http_pass" and w.value == query.STARS)])
        status = 200 if outcome.why else 302
        self._doing.tell(request.scope, status, outcome)
        return self._security(outcome.why) if outcome.why else _redirect("/advanced_qos_security.htm", outcome)

    async def info(self, request: Request) -> Response:
        """`info.htm`: system information, one `Name: value` a line."""
        minutes = int(self._clock() - self._started) // 60
        uptime = f"{minutes // 1440} days, {minutes // 60 % 24} hours, {minutes % 60} minutes"
        mac = self._doors.settings.text("sim_mac")
        return self._page("info.html", 200, uptime=uptime, mac=mac, identities=self._doors.snapshot().identities)

    def message(self, text: str, status: int, outcome: Outcome | None = None) -> Response:
        """A page with one sentence."""
        page = self._page("message.html", status, text=text)
        if outcome is not None:
            _mark(page, outcome)
        return page

    def _foreign(self, request: Request) -> Response | None:
        why = self._names.refuses(request.scope)
        if why is None:
            return None
        self._doing.tell(request.scope, 403, Outcome(why=why))
        return self.message(why, 403)

    def _home(self, error: str, status: int) -> Response:
        snapshot, contacts = self._doors.snapshot(), self._doors.contacts()
        return self._page(
            "index.html",
            status,
            error=error,
            phone=snapshot,
            contacts=contacts[:MOST_CONTACTS],
            more=max(0, len(contacts) - MOST_CONTACTS),
            words=WORDS,
        )

    def _security(self, error: str) -> Response:
        settings = self._doors.settings
        return self._page(
            "security.html",
            200,
            error=error,
            user=settings.text("http_user"),
            password=query.STARS if settings.text("http_pass") else "",
            digest=settings.on("http_scheme"),
            quiet=settings.on("ignore_security_warning"),
        )

    def _page(self, name: str, status: int, **values: object) -> Response:
        settings = self._doors.settings
        warn = not settings.text("http_pass") and not settings.on("ignore_security_warning")
        return self._paper.page(name, status, model=self._doors.model, version=self._doors.version, warn=warn, **values)


def _redirect(where: str, outcome: Outcome) -> Response:
    page = RedirectResponse(where, 302, {"cache-control": "no-store"})
    _mark(page, outcome)
    return page


def _mark(page: Response, outcome: Outcome) -> None:
    for name, value in reply.refusal(outcome.why):
        page.headers[name.decode()] = value.decode()
