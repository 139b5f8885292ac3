"""All kinds of pages by name."""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.phone.pages import call, certificate, contacts, entry, forms, idle, lists
from snomtui.phone.pages.page import Kind

KINDS: Mapping[str, Kind] = {
    "idle": idle.KIND,
    "entry": entry.KIND,
    "call": call.KIND,
    "certificate": certificate.KIND,
    "contacts": contacts.KIND,
    "contact": contacts.CARD,
    "presence": lists.PRESENCE,
    "call_lists": lists.CALL_LISTS,
    "calls": lists.CALLS,
    "menu": lists.MENU,
    "identities": lists.IDENTITIES,
    "info": lists.INFO,
    "help": lists.HELP,
    "sign_in": forms.SIGN_IN,
    "transfer": forms.TRANSFER,
}
