"""What the minibrowser does: it follows links, asks for pages, takes what comes, and leaves when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from snomtui.kit.box import Fetch, Fetched, Log
from snomtui.language import code
from snomtui.line.account import FIRMWARE
from snomtui.line.events import XmlPushed
from snomtui.phone import intents
from snomtui.phone.browser import links, variables
from snomtui.phone.browser.memory import trusted
from snomtui.phone.browser.opening import Opening
from snomtui.phone.browser.reading import Broken, looks_like_xml, read
from snomtui.phone.browser.values import Shown
from snomtui.phone.events import ActionTold
from snomtui.phone.history import LISTS
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

MOST_ASKED = 32
"""So many answers are waited for; the oldest is not waited for any longer."""
ROUNDS = 20
"""So often may pages that show nothing lead on to each other without a pause."""
PAUSE = 1.0
"""Seconds after which one more such page is no chase: some ask a server for its lamps every few seconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and why."""

    url: str
    why: str
    """`page`: a person wants it; `onward`: a page wants it; `action`: something happened; `picture`."""
    subject: str = ""
    """The page whose place it takes, or whose picture it is."""
    jump: tuple[links.Order, ...] = ()
    """Where to go in the document."""
    quiet: bool = False
    """Whether an answer that is no document is passed over."""
    said: str = ""
    """The URL as it may be shown, where a person has put a secret into it."""
    action: str = ""
    """The setting of the action URL that this is."""

    @property
    def shown(self) -> str:
        """The URL as it may be shown and logged."""
        return links.blanked(self.said or self.url)


class Browsing:
    """The part of the hands that shows pages of web servers."""

    def __init__(self, phone: Phone, do: Callable[[Intent, float], Refusal | None]) -> None:
        self._phone, self._do = phone, do
        self._asked: dict[str, Asked] = {}
        self._count, self._rounds, self._led_on = 0, 0, 0.0
        self._hidden: dict[str, str] = {}
        """How URLs with a secret in them may be shown."""
        self._wanted = ""
        """The page that a person waits for; older answers come too late."""
        self._opening = Opening(phone, self._ask_picture, self._onward)

    @property
    def _model(self) -> Model:
        return self._phone.model

    # -- ways in

    def show(self, wish: intents.Show, now: float) -> Refusal | None:
        """Follow a URL: a page, a number, or an order to the phone itself."""
        self._rounds = 0
        if not wish.url.strip():
            return Refusal("There is no address to show")
        if len(wish.url) > links.LONGEST:
            return Refusal("This address is too long")
        asked = Asked("", "page", quiet=wish.quiet, said=wish.said)
        return self._follow(wish.url.strip(), self._opening.top, asked, now)

    def act(self, setting: str, template: str, now: float, call: CallState | None, more: Mapping[str, str]) -> str:
        """Fetch the URL of an action, which stands in `setting`; returns it as it went out, or nothing."""
        url = self._expanded(template, call, more)
        if links.scheme(url) in links.INTERNAL:
            self._follow(url, None, Asked("", "action"), now)
            return ""
        where = links.fetchable(links.completed(url))
        said = links.hushed(where or url[:200])
        if where:
            jump = links.orders(url.partition("#")[2])
            self._ask(Asked(where, "action", "", jump, True, said if said != where else "", setting))
        else:
            self._phone.put(Log(2, f"{said} is no address of a page"))
            self._phone.tell(ActionTold(setting, said, 0, "That is no address of a page"))
        return where

    def pushed(self, event: XmlPushed, now: float) -> None:
        """A server has sent a document by itself."""
        try:
            self._opening.take(read(event.body, event.kind, self._said), "", now)
        except Broken as error:
            self._opening.fail("", self._what(error), now)

    def fetched(self, ask: str, answer: Fetched, now: float) -> None:
        """What was asked for is there, or not to be had."""
        asked = self._asked.pop(ask, None)
        if asked is None or (asked.why == "page" and ask != self._wanted):
            return
        if asked.action:
            self._acted(asked, answer.status, answer.why)
        if asked.why == "page" and self._model.notice == self._model.say("Loading"):
            self._model.notice = ""
        if asked.why == "picture":
            self._opening.pictured(asked.subject, answer, self._trouble(answer))
        elif asked.why != "onward" or self._opening.is_open(asked.subject):
            self._page_came(asked, answer, now)

    def _acted(self, asked: Asked, status: int, why: str) -> None:
        """What became of an action URL: for the log, and for programs that listen."""
        self._phone.put(Log(7, f"{asked.action}: {why or f'answered {status}'}"))
        self._phone.tell(ActionTold(asked.action, asked.shown, status, why))

    def settle(self) -> None:
        """After each step of the phone: what nobody can come back to is forgotten."""
        self._opening.settle()

    def alarm(self, name: Hashable, now: float) -> None:
        """A page has stood long enough and leads on."""
        self._opening.alarm(str(name), now)

    # -- answers

    def _page_came(self, asked: Asked, answer: Fetched, now: float) -> None:
        trouble = self._trouble(answer)
        document = looks_like_xml(answer.body)
        if trouble or not document:
            self._no_page(asked, answer, trouble, now)
            return
        try:
            found = read(answer.body, answer.kind, self._said)
        except Broken as error:
            if asked.why == "action":
                self._phone.put(Log(3, f"{asked.shown}: {error}"))
            else:
                self._fail(asked, self._what(error), now)
            return
        if asked.said and answer.url:
            self._hide(answer.url, asked.said)
        self._opening.take(found, answer.url or asked.url, now, asked.subject, asked.jump)

    def _no_page(self, asked: Asked, answer: Fetched, trouble: str, now: float) -> None:
        """There was no answer, or one that is no document."""
        if asked.why == "action" or answer.own:
            self._phone.put(Log(5, f"{asked.shown}: {trouble or 'nothing to show'}"))
        elif trouble:
            self._fail(asked, trouble, now)
        elif not asked.quiet and not answer.body.strip():
            self._phone.notice(self._model.say("The server sent nothing to show"), now)
        elif not asked.quiet:
            kind = answer.kind.partition(";")[0] or "?"
            self._fail(asked, self._model.say("This is no page for a phone ({kind})", kind=kind), now)

    def _fail(self, asked: Asked, why: str, now: float) -> None:
        self._opening.fail(asked.url, why, now, asked.subject, asked.shown)

    def _trouble(self, answer: Fetched) -> str:
        """Why there is no page, in the person's language, or nothing."""
        if answer.why:
            return self._model.say(answer.why)
        if answer.status >= 400:
            return self._model.say("The server answered {status}", status=answer.status)
        return ""

    def _what(self, error: Broken) -> str:
        model = self._model
        if not error.line:
            return model.say(error.why, **error.values)
        where = model.say("line {line}, column {column}", line=error.line, column=error.column)
        return f"{model.say('The document cannot be read')}: {model.say(error.why)}, {where}"

    # -- links

    def _onward(self, url: str, shown: Shown | None, subject: str, now: float) -> None:
        """A page leads on by itself; `subject` is the page, or nothing if it shows nothing."""
        chased = not subject and now - self._led_on < PAUSE
        self._rounds, self._led_on = (self._rounds + 1 if chased else 0 if subject else 1), now
        if self._rounds > ROUNDS:
            self._phone.put(Log(3, "Minibrowser: documents lead to each other without end; stopped"))
            return
        refused = self._follow(url, shown, Asked("", "onward" if subject else "action", subject), now)
        if refused:
            self._phone.notice(self._model.say(refused.template or refused.why, **refused.values), now)

    def _follow(self, link: str, shown: Shown | None, asked: Asked, now: float) -> Refusal | None:
        """Go where a link leads; `shown` is the page on which it stands, None = a person or a program wants it."""
        url = self._expanded(link, self._model.call, {})
        where, _, fragment = url.partition("#")
        orders = links.orders(fragment)
        scheme = links.scheme(where)
        if scheme in links.DIALLED:
            number = where if scheme.startswith("sip") else unquote(where.partition(":")[2].removeprefix("//"))
            return self._do(intents.Dial(number), now)
        if scheme in links.INTERNAL:
            return self._inside(where.partition("://")[2], orders, shown, now)
        base = shown.url if shown else ""
        where = links.joined(base, where) if base else where
        self._note(orders)
        if shown and where in ("", base) and self._opening.jump(shown, orders, now):
            return None
        return self._get(links.completed(where), orders, shown, asked, now)

    def _get(
        self, where: str, orders: tuple[links.Order, ...], shown: Shown | None, asked: Asked, now: float
    ) -> Refusal | None:
        target = links.fetchable(where)
        if not target:
            return Refusal.of("{url} is no address of a page", url=links.blanked(where)[:80])
        ask = self._ask(replace(asked, url=target, jump=orders))
        if asked.why == "page":
            self._wanted = ask
            self._phone.notice(self._model.say("Loading"), now)
        return self._obey(orders, shown, now)

    def _inside(self, path: str, orders: tuple[links.Order, ...], shown: Shown | None, now: float) -> Refusal | None:
        """An order to the minibrowser itself: `snom://mb_exit#numberdial=5`."""
        name = path.strip("/ ").lower()
        self._note(orders)
        if name == "mb_exit":
            self._opening.leave()
        elif name == "mb_back":
            self._opening.back()
        elif name == "mb_update" and shown and links.fetchable(shown.url):
            return self._get(shown.url, (), shown, Asked("", "page", self._opening.subject), now)
        if shown and self._opening.jump(shown, orders, now):
            return None
        return self._obey(orders, shown, now)

    def _note(self, orders: tuple[links.Order, ...]) -> None:
        """Variables that a fragment sets."""
        known = self._model.browser.variables
        for order in orders:
            if order.name == "clearvar":
                known.clear()
            elif order.name == "var" and order.what and (order.what in known or len(known) < 100):
                known[order.what] = order.value

    def _obey(self, orders: tuple[links.Order, ...], shown: Shown | None, now: float) -> Refusal | None:
        """What a fragment orders of the phone; the first refusal ends it."""
        for order in orders:
            for wish in self._wishes(order):
                if isinstance(wish, intents.SetSetting) and shown is not None and not self._trusts(shown.url):
                    return Refusal("Only hosts in mb_trusted_hosts may change settings")
                refused = self._do(wish, now)
                if refused:
                    return refused
            if order.name == "go_back":
                self._opening.back()
        return None

    def _wishes(self, order: links.Order) -> list[Intent]:
        """What one order means."""
        number = int(order.value) if order.value.isascii() and order.value.isdigit() else self._model.active_line
        match order.name:
            case "numberdial":
                return [intents.Dial(order.value)]
            case "key":
                return [intents.Press(key) for key in order.value.split(";") if key]
            case "set":
                name, _, value = order.value.partition("=")
                return [intents.SetSetting(order.what or name, order.value if order.what else value)]
            case "toggleset":
                name = order.what or order.value
                on = variables.setting(self._model, name) == "on"
                return [intents.SetSetting(name, "off" if on else "on")]
            case "reboot":
                return [intents.Reboot()]
            case "reregister":
                return [intents.Register(number)]
            case "unregister":
                return [intents.LogOff(number)]
            case "calllistclear":
                which = {"dialled": "dialed", "taken": "received"}.get(order.value.lower(), order.value.lower())
                lists = LISTS if which in ("", "all", "clear") else (which,)
                return [intents.ClearList(each) for each in lists]
        return []

    def _trusts(self, url: str) -> bool:
        """Whether pages of this server may change settings."""
        host = links.host(url)
        return bool(host) and host in trusted(self._phone.settings)

    # -- questions

    def _expanded(self, url: str, call: CallState | None, more: Mapping[str, str]) -> str:
        own = self._model.browser.variables.get
        return links.expanded(url, lambda name: variables.value(self._phone, name, call, more), own)

    def _said(self, text: str) -> str:
        """A text of a document with the variables in it replaced."""
        own = self._model.browser.variables.get
        return links.spelled(text, lambda name: variables.value(self._phone, name, self._model.call, {}), own)

    def _hide(self, url: str, said: str) -> None:
        """Remember how a URL may be shown."""
        self._hidden[url] = said
        while len(self._hidden) > MOST_ASKED:
            del self._hidden[next(iter(self._hidden))]

    def _ask(self, asked: Asked, pixels: tuple[int, int] = (0, 0)) -> str:
        self._count += 1
        if asked.said:
            self._hide(asked.url, asked.said)
        asked = replace(asked, said=asked.said or self._hidden.get(asked.url, ""))
        ask = f"{asked.why}:{self._count}"
        self._asked[ask] = asked
        while len(self._asked) > MOST_ASKED:
            oldest = self._asked.pop(next(iter(self._asked)))
            if oldest.action:
                self._acted(oldest, 0, "Not waited for any longer")
        model = self._model
        if asked.why != "action" and not asked.url.startswith("data:"):
            self._phone.put(Log(7, f"Minibrowser fetches {asked.shown}"))
        firmware = FIRMWARE[model.settings.text("sim_firmware")]
        self._phone.put(
            Fetch(
                asked.url,
                ask,
                variables.agent(model.shape.model, firmware),
                code(model.language.name),
                pixels,
                self._opening.tones,
                asked.why == "action",
            )
        )
        return ask

    def _ask_picture(self, url: str, base: str, subject: str, pixels: tuple[int, int]) -> bool:
        """Ask for a picture of a page; False if its address is none."""
        if not url.startswith("data:"):
            where = self._expanded(url, self._model.call, {})
            url = links.fetchable(links.joined(base, where) if base else where)
        if url:
            self._ask(Asked(url, "picture", subject), pixels)
        return bool(url)
