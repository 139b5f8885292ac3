"""Requests that are answered alike inside and outside of a call: OPTIONS, INFO and MESSAGE."""

from __future__ import annotations

import re

from snomtui.line.desk import Desk
from snomtui.line.events import MessageCame
from snomtui.line.methods import ABILITIES, ALLOW, CSTA, DIGITS
from snomtui.ocs.chattext import ACCEPT, text_in
from snomtui.sip.grammar import readable
from snomtui.sip.headers import Item
from snomtui.sip.message import Request

_SIGNAL = re.compile(rb"(?:\s*Signal\s*=)?\s*([0-9A-Da-d*#!]|1[0-6])\s*(?:\r?\n|$)", re.IGNORECASE)

Answer = tuple[int, list[Item]]
"""Status and headers."""


def answer(desk: Desk, request: Request, busy: bool = False) -> Answer:
    """What one of them is answered with; a message is told, a digit logged. Whatever else comes here is refused."""
    match request.method:
        case "OPTIONS":
            return 486 if busy else 200, [*ABILITIES, *_controls(desk)]
        case "INFO":
            return _info(desk, request)
        case "MESSAGE":
            return _message(desk, request)
        case _:
            return 405, [("Allow", ALLOW)]


def _controls(desk: Desk) -> list[Item]:
    """How the phone may be controlled by SIP."""
    controls = desk.account.controls
    events = [("Allow-Events", ", ".join(controls.events))] if controls.events else []
    return [*events, *([("Accept", CSTA)] if controls.csta else [])]


def _message(desk: Desk, request: Request) -> Answer:
    """An instant message (RFC 3428 7)."""
    text = text_in(request)
    if text is None:
        return 415, [("Accept", ACCEPT)]
    desk.tell(MessageCame(readable(str(request.from_.uri)), text))
    return 200, []


def _info(desk: Desk, request: Request) -> Answer:
    """Digits in the two ways that are in use; no Info Package is known here (RFC 6086 5)."""
    if "Info-Package" in request.headers:
        return 469, [("Recv-Info", "")]
    if not request.body or not request.content_type:
        return 200, [("Allow", ALLOW)]
    if request.content_type not in DIGITS:
        return 415, [("Accept", ", ".join(DIGITS))]
    found = _SIGNAL.match(request.body)
    if found:
        desk.log(6, f"The other side pressed {found[1].decode()}")
    return 200, [("Allow", ALLOW)]
