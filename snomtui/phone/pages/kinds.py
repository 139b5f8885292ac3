"""All kinds of pages by name."""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.phone.model import Model, Screen
from snomtui.phone.pages import (
    call,
    calllists,
    card,
    certificate,
    confirm,
    contacts,
    directory,
    entry,
    idle,
    lists,
    menu,
    messages,
    modes,
    note,
    redirection,
    search,
    security,
    setting,
    signing,
    transfer,
    writing,
)
from snomtui.phone.pages.page import Kind, Step
from snomtui.phone.snapshot import Page
from snomtui.presence import CHOICES
from snomtui.skin import Shape


def _draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    from snomtui.phone.pages.minibrowser import KIND  # loaded when somebody opens it

    return KIND.draw(model, shape, screen, now)


def _press(model: Model, screen: Screen, key: str, now: float) -> Step:
    from snomtui.phone.pages.minibrowser import KIND

    return KIND.press(model, screen, key, now)


_MINIBROWSER = Kind(_draw, _press)
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
    "call_lists": calllists.LISTS_PAGE,
    "calls": calllists.CALLS,
    "record": calllists.RECORD,
    "directory": directory.KIND,
    "entry_form": directory.FORM,
    "messages": messages.KIND,
    "message": messages.ONE,
    "write": writing.KIND,
    "menu": menu.KIND,
    "modes": modes.KIND,
    "administrator": modes.PASSWORD,
    "setting": setting.KIND,
    "explain": setting.EXPLAIN,
    "confirm": confirm.KIND,
    "security": security.KIND,
    "identities": lists.IDENTITIES,
    "info": lists.INFO,
    "help": lists.HELP,
    "notice": lists.NOTICE,
    "sign_in": signing.KIND,
    "minibrowser": _MINIBROWSER,
    "transfer": transfer.KIND,
    "redirection": redirection.KIND,
    "redirect_to": redirection.NUMBER,
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
        case "redirect_to":
            return redirection.opened(model, subject)
        case "sign_in":
            return signing.opened(model)
        case "setting":
            return setting.opened(model, subject)
        case "entry_form":
            return directory.opened(model, subject)
        case "identities":
            numbers = sorted(model.identities)
            return Screen(name, numbers.index(model.active_line) if model.active_line in numbers else 0)
        case "write":
            return Screen(name, subject=subject, mode="abc")
        case _:
            return Screen(name, subject=subject)
