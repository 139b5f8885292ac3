"""All kinds of pages by name."""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.phone.model import Model, Screen
from snomtui.phone.pages import (
    call,
    card,
    certificate,
    contacts,
    entry,
    idle,
    lists,
    messages,
    note,
    search,
    signing,
    transfer,
)
from snomtui.phone.pages.page import Kind
from snomtui.presence import CHOICES

KINDS: Mapping[str, Kind] = {
    "idle": idle.KIND,
    "entry": entry.KIND,
    "call": call.KIND,
    "certificate": certificate.KIND,
    "contacts": contacts.KIND,
    "more": contacts.MORE,
    "contact": card.CARD,
    "add": card.ADD,
    "remove": card.REMOVE,
    "search": search.KIND,
    "presence": lists.PRESENCE,
    "note": note.KIND,
    "call_lists": lists.CALL_LISTS,
    "calls": lists.CALLS,
    "messages": messages.KIND,
    "message": messages.ONE,
    "menu": lists.MENU,
    "identities": lists.IDENTITIES,
    "info": lists.INFO,
    "help": lists.HELP,
    "sign_in": signing.KIND,
    "transfer": transfer.KIND,
}


def fresh(model: Model, name: str, subject: str) -> Screen:
    """A page as it opens: what is known is filled in, the cursor is on what is chosen."""
    match name:
        case "contacts":
            return contacts.opened(model)
        case "presence":
            return Screen(name, [each.value for each in CHOICES].index(model.settings.text("presence_state")))
        case "note":
            return Screen(name, entry=model.note, mode="abc")
        case "search":
            return Screen(name, entry=subject, mode="abc")
        case "add":
            return Screen(name, subject=subject, mode="abc")
        case "sign_in":
            return signing.opened(model)
        case _:
            return Screen(name, subject=subject)
