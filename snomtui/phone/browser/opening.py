"""The pages that are open: each is a screen of the phone, so that going back is what it is everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from snomtui.kit.box import Fetched
from snomtui.phone.browser import links, variables
from snomtui.phone.browser.memory import Browser
from snomtui.phone.browser.values import Document, Item, Light, Shown
from snomtui.phone.model import Model, Screen
from snomtui.phone.snapshot import Picture

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

NAME = "minibrowser"
"""The name of the page."""
MOST_OPEN = 50
"""So many pages are kept to go back to."""
FASTEST = 0.2
"""Seconds that lie at least between two pages that lead on by themselves."""
PATIENCE = 1.0
"""Seconds after which a page below another one looks again whether it may lead on."""
LOWEST = 3
"""Rows that a display must have to show pictures; a snom 320 knows letters only."""
TONES = {"snom320": "mono", "snom360": "mono", "plain": "mono", "snom370": "grey"}
"""What displays can show; all others show colours."""


class Opening:
    """Opens, changes and closes the pages of the minibrowser."""

    def __init__(
        self,
        phone: Phone,
        ask_picture: Callable[[str, str, str, tuple[int, int]], bool],
        onward: Callable[[str, Shown | None, str, float], None],
    ) -> None:
        """`ask_picture(url, base, subject, pixels)` has a picture fetched; `onward` follows what a page leads to."""
        self._phone, self._ask_picture, self._onward = phone, ask_picture, onward
        self._numbers = count(1)
        self._silent: dict[str, tuple[str, Shown]] = {}
        """Documents that show nothing, on their way onward."""

    @property
    def _model(self) -> Model:
        return self._phone.model

    @property
    def _browser(self) -> Browser:
        return self._model.browser

    @property
    def subject(self) -> str:
        """The page on top, or nothing if that is none of the minibrowser's."""
        screen = self._model.screen
        return screen.subject if screen.name == NAME else ""

    @property
    def top(self) -> Shown | None:
        """The page on top."""
        return self._browser.pages.get(self.subject)

    @property
    def tones(self) -> str:
        """What the display can show: `mono`, `grey` or `color`."""
        return TONES.get(self._model.shape.model, "color")

    def is_open(self, subject: str) -> bool:
        """Whether this page is open; no page always is."""
        return not subject or any(each.name == NAME and each.subject == subject for each in self._model.screens)

    # -- in

    def take(
        self,
        documents: tuple[Document, ...],
        url: str,
        now: float,
        instead: str = "",
        orders: tuple[links.Order, ...] = (),
    ) -> None:
        """Documents came: orders are obeyed, and the first page is shown, or the one that a fragment names.

        `instead` is the open page whose place it takes.
        """
        chosen = _chosen(documents, None, orders)
        for document in (chosen,) if chosen else documents:
            if document.kind == "exit":
                self.leave()
                return
            if _is_silent(document):
                self._note_lights(document.lights)
                self._lead_on(Shown(url, document, documents), now)
            else:
                self._page(Shown(url, self._spelled(document), documents), now, instead)
                return

    def fail(self, url: str, why: str, now: float, instead: str = "", said: str = "") -> None:
        """Say on a page why there is none; `said` is the URL as it may be read there."""
        document = Document("error", title=self._model.say("Page not shown"), text=why, url=said or url, track=False)
        self._page(Shown(url, document), now, instead)

    def pictured(self, subject: str, answer: Fetched, trouble: str) -> None:
        """The picture of a page came, or cannot be had."""
        shown = self._browser.pages.get(subject)
        if shown is None:
            return
        if answer.pixels:
            place = "full" if shown.document.kind == "image" else "right"
            self._browser.pages[subject] = replace(shown, picture=Picture(answer.pixels, place))
        elif shown.document.kind == "image":
            why = trouble or self._model.say("It is no picture that this phone can show")
            document = replace(shown.document, text=why)
            self._browser.pages[subject] = replace(shown, document=document, picture=None)

    def jump(self, shown: Shown, orders: tuple[links.Order, ...], now: float) -> bool:
        """Go to another document of the batch, or into a menu of this one; False if no order says so."""
        document = _chosen(shown.batch, shown.document, orders)
        if document is None:
            return False
        if _is_silent(document) or document.kind == "exit":
            self.take((document,), shown.url, now)
        else:
            self._page(replace(shown, document=self._spelled(document), picture=None), now, "")
        return True

    def _spelled(self, document: Document) -> Document:
        """The document with the variables in its texts replaced."""

        def said(text: str) -> str:
            return links.spelled(text, lambda name: variables.value(self._phone, name, None, {}), known)

        known = self._browser.variables.get
        fields = tuple(replace(each, label=said(each.label), default=said(each.default)) for each in document.fields)
        items = tuple(replace(each, name=said(each.name)) for each in document.items)
        return replace(document, title=said(document.title), text=said(document.text), fields=fields, items=items)

    # -- pages

    def _page(self, shown: Shown, now: float, instead: str) -> None:
        document, model = shown.document, self._model
        self._note_lights(document.lights)
        subject = instead or self._same(document)
        if subject and document.kind == "image":  # the old picture stays until the new one is there
            before = self._browser.pages.get(subject)
            shown = replace(shown, picture=before.picture if before else None)
        shown = replace(shown, in_call=bool(model.calls))
        if not subject:
            subject = str(next(self._numbers))
            if (top := self.top) is not None and not top.document.track:
                model.screens.pop()
            model.screens.append(_screen(document, subject))
        else:
            model.screens[:] = [_kept(each, document) if each.subject == subject else each for each in model.screens]
        self._browser.pages[subject] = shown
        self._tidy()
        if document.image and model.shape.rows >= LOWEST:
            self._ask_picture(document.image, shown.url, subject, self._pixels(document))
        if document.after is not None:
            self._later(subject, document, now)

    def _pixels(self, document: Document) -> tuple[int, int]:
        """How many pixels a picture may have: two in a character cell, one above the other."""
        shape = self._model.shape
        width = shape.columns if document.kind == "image" else max(4, shape.columns // 3)
        return width, 2 * shape.rows

    def _same(self, document: Document) -> str:
        """The open page whose place this document takes."""
        if not document.document_id:
            return ""
        pages = self._browser.pages.items()
        same = (subject for subject, each in pages if each.document.document_id == document.document_id)
        return next((subject for subject in same if self.is_open(subject)), "")

    def _note_lights(self, lights: tuple[Light, ...]) -> None:
        for light in lights:
            self._browser.lights.pop(light.key, None)
            if light.led is not None:
                self._browser.lights[light.key] = light.led

    # -- onward

    def _later(self, subject: str, document: Document, now: float) -> None:
        inside = links.scheme(document.onward) in links.INTERNAL
        self._phone.later(("minibrowser", subject), now + max(document.after or 0.0, 0.0 if inside else FASTEST))

    def _lead_on(self, shown: Shown, now: float) -> None:
        """A document that shows nothing leads on, if it does."""
        if shown.document.after is None or not shown.document.onward:
            return
        subject = f"silent {next(self._numbers)}"
        self._silent[subject] = (shown.document.onward, shown)
        while len(self._silent) > MOST_OPEN:
            del self._silent[next(iter(self._silent))]
        self._later(subject, shown.document, now)

    def alarm(self, subject: str, now: float) -> None:
        """The time of a page is over: what it leads to is followed. Below another page it waits."""
        if subject in self._silent:
            url, shown = self._silent.pop(subject)
            self._onward(url, shown, "", now)
            return
        page = self._browser.pages.get(subject)
        if page is None or page.document.after is None or not self.is_open(subject):
            return
        document = page.document
        if subject != self.subject and links.scheme(document.onward) not in links.INTERNAL:
            self._phone.later(("minibrowser", subject), now + PATIENCE)
        elif document.onward:
            self._onward(document.onward, page, subject, now)
        elif page.url:
            self._onward(page.url, page, subject, now)

    # -- out

    def leave(self) -> None:
        """Close every page of the minibrowser."""
        model = self._model
        model.screens[:] = [each for each in model.screens if each.name != NAME]
        if len(model.screens) == 1 and model.calls:
            model.screens.append(Screen("call"))
        self._tidy()

    def back(self) -> None:
        """Close the page on top."""
        if self.top is not None:
            self._model.screens.pop()
        self._tidy()

    def settle(self) -> None:
        """Forget pages that were left; those that belong to a call are closed with it."""
        pages, model = self._browser.pages, self._model
        if not pages:
            return
        if not model.calls:
            over = {s for s, each in pages.items() if each.document.state == "relevant" and each.in_call}
            model.screens[:] = [each for each in model.screens if each.name != NAME or each.subject not in over]
        self._tidy()

    def _tidy(self) -> None:
        """Forget pages that nobody can come back to."""
        screens = self._model.screens
        ours = [each for each in screens if each.name == NAME]
        if len(ours) > MOST_OPEN:
            screens.remove(ours[0])
        subjects = {each.subject for each in screens if each.name == NAME}
        for gone in [subject for subject in self._browser.pages if subject not in subjects]:
            del self._browser.pages[gone]


def _is_silent(document: Document) -> bool:
    """Whether a document only orders something."""
    seen = document.title or document.text or document.items or document.fields or document.image or document.keys
    return document.kind == "silent" or (document.kind == "text" and not seen and document.after is not None)


def _screen(document: Document, subject: str) -> Screen:
    """A page as it opens."""
    fields = tuple(each.default for each in document.fields)
    if not fields:
        return Screen(NAME, subject=subject)
    return Screen(NAME, subject=subject, fields=fields, entry=fields[0], mode=document.fields[0].mode)


def _kept(screen: Screen, document: Document) -> Screen:
    """The same page with another document: the cursor stays, and what was typed if the same is asked."""
    fresh = _screen(document, screen.subject)
    same = len(fresh.fields) == len(screen.fields)
    return screen if same else fresh


def _chosen(batch: tuple[Document, ...], document: Document | None, orders: tuple[links.Order, ...]) -> Document | None:
    """The document, or the menu in it, that a fragment names (`sub=`, `menu=`); None = it names none."""
    found = None
    for order in orders:
        wanted = links.last_id(order.value)
        if order.name == "sub" and wanted:
            found = next((each for each in batch if each.id == wanted), found)
        elif order.name == "menu" and wanted:
            within = found or document or (batch[0] if batch else None)
            item = next((each for each in _menus(within) if each.id == wanted), None) if within else None
            found = _opened(within, item) if within and item else found
    return found


def _menus(document: Document) -> Iterator[Item]:
    """All menus inside a document."""
    todo = list(document.items)
    while todo:
        item = todo.pop()
        if item.items:
            yield item
            todo += item.items


def _opened(document: Document, item: Item) -> Document:
    """A menu inside a document as a page of its own."""
    return replace(document, title=item.name, items=item.items, lights=(), after=None, image="")
