"""What every web page stands in: the templates, the security warning, and how the wish of a form is done and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from snomtui.errors import LocalError
from snomtui.language import Language, code, known
from snomtui.phone.intents import Intent
from snomtui.remote import query, reply, tags
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing, Outcome, asked_of
from snomtui.remote.doors import Doors
from snomtui.remote.login import Login
from snomtui.remote.pages.menu import MENU, Entry
from snomtui.remote.paper import Paper
from snomtui.remote.reply import BadRequest
from snomtui.remote.tags import Tags

LOOKED_AT = ("GET", "HEAD")
USED = (*LOOKED_AT, "POST")
"""Methods of pages that only show something, and of those that also do."""


class Frame:
    """Makes the pages, and does what they ask for."""

    def __init__(self, doors: Doors, doing: Doing, names: OwnNames, clock: Callable[[], float]) -> None:
        self.doors, self.doing, self.names, self.clock = doors, doing, names, clock
        self.started = clock()
        """When the web server was switched on, seconds since 1970."""
        self.pictures = False
        """Whether there are pictures of the display."""
        self.guard: Login | None = None
        """Knows who has guessed a password too often; there once the server is put together."""
        self.tags = Tags(lambda: doors.settings, clock)
        self._paper = Paper("snomtui.remote")

    @property
    def language(self) -> Language:
        """The language of the pages (`web_language`)."""
        return known(self.doors.settings.text("web_language"))

    def titled(self, entry: Entry) -> str:
        """What a line of the menu is called; a language may have its own word for it, under `Log (page)`."""
        found = self.language.words.get(f"{entry.title} (page)")
        return found or self.language.say(entry.title, **entry.values)

    def page(self, name: str, status: int = 200, outcome: Outcome | None = None, **values: object) -> Response:
        """Fill a template in; the refusal of `outcome`, if any, goes into a header too.

        Of `values`, `here` is the address of the page as the menu has it.
        """
        settings, language = self.doors.settings, self.language
        warn = not settings.text("http_pass") and not settings.on("ignore_security_warning")
        named: dict[str, object] = {"model": self.doors.model, "version": self.doors.version, "warn": warn, "here": ""}
        named |= {"say": language.say, "language": code(language.name), "menu": MENU, "titled": self.titled}
        named |= {"tag": self.tags.field(), "fault": settings.text("sim_http_fault")}
        made = self._paper.page(name, status, **(named | values))
        return _marked(made, outcome) if outcome else made

    def message(self, text: str, status: int = 200, outcome: Outcome | None = None) -> Response:
        """A page with one sentence."""
        return self.page("message.html", status, outcome, text=self.language.say(text))

    def said(self, outcome: Outcome) -> str:
        """Why something was refused, in the language of the pages."""
        say = self.language.say
        words = [say(each.template, **each.values) if each.template else say(each.why) for each in outcome.refusals]
        return "; ".join(words) or say(outcome.why)

    def redirect(self, where: str, outcome: Outcome) -> Response:
        """Lead to another page, so that reloading does nothing again."""
        return _marked(RedirectResponse(where, 302, {"cache-control": "no-store"}), outcome)

    def foreign(self, request: Request) -> Response | None:
        """The answer to a request that a page of another site has made, or None."""
        why = self.names.refuses(request.scope)
        if why is None:
            return None
        self.doing.tell(request.scope, 403, Outcome(why=why))
        return self.message(why, 403)

    def do(self, request: Request, intents: Sequence[Intent], status: int | None = None) -> Outcome:
        """Do what a page asks and tell it; `status` is what it is answered with, else 302, or 200 for a refusal."""
        outcome = self.doing.do(intents)
        self.doing.tell(request.scope, status or (200 if outcome.why else 302), outcome)
        return outcome

    async def asked(self, request: Request, form: bool = True) -> query.Pairs:
        """What a request asks, see `asked_of`; what is not read or may not act is told, and raised as `BadRequest`."""
        scope, settings = request.scope, self.doors.settings
        try:
            asked = await asked_of(scope, request.receive, form)
            why = self.tags.refuses(scope["method"], scope["path"], asked)
            why = why or tags.forbids_urls(settings, scope["query_string"])
            if why:
                raise BadRequest(why, 403)
            return tags.without(asked)
        except BadRequest as error:
            self.failed(request, error)
            raise

    def failed(self, request: Request, error: LocalError | BadRequest) -> int:
        """Tell of a request that could not be understood; returns the status to answer with."""
        status = error.status if isinstance(error, BadRequest) else 400
        self.doing.tell(request.scope, status, Outcome(why=str(error)))
        return status


def _marked(page: Response, outcome: Outcome) -> Response:
    for name, value in reply.refusal(outcome.why):
        page.headers[name.decode()] = value.decode()
    return page
