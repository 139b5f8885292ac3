"""The contact list and the address book that a server keeps: adding, removing and searching for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snomtui.line.line import Line
from snomtui.phone import intents
from snomtui.phone.intents import Refusal
from snomtui.phone.model import Model
from snomtui.sip.uri import person_uri

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

NOBODY = "No identity is set up: sign in first"


class Enlisting:
    """The part of the hands that changes contact lists."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    @property
    def _model(self) -> Model:
        return self._phone.model

    def add(self, wish: intents.AddContact, now: float) -> Refusal | None:
        """Have somebody added; the list shows it when the server tells."""
        address = wish.uri.strip().removeprefix("<").removesuffix(">")
        uri = person_uri(address)
        if uri is None:
            return Refusal.of("{text} is no address such as user@domain", text=repr(address[:60]))
        for text in (wish.name, wish.group):
            if not text.isprintable():
                return Refusal("A name must be one line of text")
        why = self._first(lambda line: line.add_contact(uri, wish.name.strip(), wish.group.strip(), now))
        return Refusal.of("Cannot be added: {why}", why=why) if why else None

    def remove(self, wish: intents.RemoveContact, now: float) -> Refusal | None:
        """Have somebody removed; the list shows it when the server tells."""
        book = self._model.book
        lister, contact = book.lister(wish.uri), book.find(wish.uri)
        line = self._phone.line(lister) if lister is not None else None
        if contact is None:
            return Refusal.of("{text} is not in the contact list", text=repr(wish.uri[:60]))
        if line is None:
            return Refusal.of("{name} stands in this phone's own directory: delete the entry there", name=contact.label)
        why = line.remove_contact(contact.uri, now)
        return Refusal.of("{name} cannot be removed: {why}", name=contact.label, why=why) if why else None

    def search(self, wish: intents.Search, now: float) -> Refusal | None:
        """Have an address book searched; `Found` tells the result."""
        text = " ".join(wish.text.split())
        if not text or not text.isprintable():
            return Refusal("Nothing to search for")
        why = self._first(lambda line: line.search(text, now))
        if why:
            return Refusal(why)
        self._model.searching, self._model.found = text, None
        return None

    def _first(self, ask: Callable[[Line], str]) -> str:
        """Ask the outgoing identity first, then the others; returns why the first one cannot if none can."""
        active = self._model.active_line
        lines = sorted(self._phone.lines(), key=lambda line: line.account.number != active)
        refusals: list[str] = []
        for line in lines:
            why = ask(line)
            if not why:
                return ""
            refusals.append(why)
        return refusals[0] if refusals else NOBODY
