"""Answers and the dialogs they make. A Contact that cannot be read costs itself, not the conversation."""

from __future__ import annotations

import re
from contextlib import suppress

from snomtui.errors import MalformedMessage
from snomtui.ocs.diagnostics import diagnosed
from snomtui.sip.address import Address, uri_text
from snomtui.sip.dialog import Dialog
from snomtui.sip.grammar import QUOTED, readable, unquote
from snomtui.sip.message import Request, Response

_WARNING = re.compile(rf"\s*([0-9]{{3}})\s+\S+\s+({QUOTED})")
_LONGEST = 120
"""So many characters of somebody else's text are shown."""
_Q = re.compile(r"\s*([01](?:\.[0-9]{0,3})?)\s*")


def dialog_of(request: Request, response: Response) -> Dialog:
    """The dialog that an answer to our request makes (RFC 3261 12.1.2)."""
    try:
        return Dialog.uac(request, response)
    except MalformedMessage:
        return Dialog.uac(request, response.with_headers(response.headers.without("Contact")))


def refresh(dialog: Dialog, response: Response) -> None:
    """Take over the Contact of an answer to a target refresh (RFC 3261 12.2.1.2)."""
    with suppress(MalformedMessage):
        dialog.refresh(response)


def bindings(response: Response) -> list[Address]:
    """The contacts that a registrar knows; one that cannot be read costs itself only."""
    with suppress(MalformedMessage):
        return list(response.contacts)
    found = []
    for text in response.headers.values("Contact"):
        with suppress(MalformedMessage):
            found.append(Address.parse(text))
    return found


def best_first(response: Response) -> list[Address]:
    """The contacts of a 3xx by their q, the best first; those of one weight keep their order (RFC 3261 8.1.3.4)."""
    return sorted(bindings(response), key=_weight, reverse=True)


def _weight(contact: Address) -> float:
    """Without a q, or with one that is none, a contact is as good as any."""
    found = _Q.fullmatch(contact.params.get("q") or "")
    return min(float(found[1]), 1.0) if found else 1.0


def service_routes(response: Response) -> tuple[str, ...]:
    """The way that a registrar wants our requests to take (RFC 3608); a route that cannot be read costs itself only."""
    found = []
    for text in response.headers.values("Service-Route"):
        with suppress(MalformedMessage):
            uri = Address.parse(text).uri
            if uri.scheme in ("sip", "sips") and uri.host and "<" in text:
                found.append(f"<{uri_text(text)}>")
    return tuple(found)


def warned(response: Response) -> str:
    """What a Warning or the diagnostics of an OCS add to a refusal, in words; "" if nothing."""
    for value in response.headers.values("Warning"):
        found = _WARNING.match(value)
        if found:
            return readable(unquote(found[2]))[:_LONGEST]
    return readable(diagnosed(response))[:_LONGEST]
