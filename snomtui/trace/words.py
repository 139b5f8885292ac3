"""A message in a few words, for one line of a ladder."""

from __future__ import annotations

import re
from datetime import datetime

from snomtui.trace.columns import Say
from snomtui.trace.record import Record

_EVENT = re.compile(rb"^(?:event|o)[ \t]*:[ \t]*([^\s;]+)", re.IGNORECASE | re.MULTILINE)
_USER = re.compile(r"\S+ (?:sips?:([^@;>\s]+)@|tel:([^;>\s]+))", re.IGNORECASE)
_CALLER = re.compile(rb"^(?:from|f)[ \t]*:[^\r\n]*?(?:sips?|tel):([^@;>\s]+)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(rb'gssapi-data="([^"]{0,16})')
_KINDS = {b"TlRMTVNTUAABAAAA": "NEGOTIATE", b"TlRMTVNTUAACAAAA": "CHALLENGE", b"TlRMTVNTUAADAAAA": "AUTHENTICATE"}
"""How the three tokens of [MS-NLMP] 2.2.1 begin in base64."""
_EVENTS = ("SUBSCRIBE", "NOTIFY", "BENOTIFY", "PUBLISH")
_TO_WHOM = ("INVITE", "MESSAGE", "REFER")
GOOD, BAD, PLAIN = "good", "bad", ""
"""What a signature is worth: right, not believed, none."""


def label(record: Record, say: Say) -> str:
    """What stands on the arrow."""
    token = ntlm(record, say)
    if record.status is not None:
        head = f"{record.status} {record.reason}".strip()
        return narrow(head + (token or f" ({record.method or '?'})"))
    return narrow(f"{record.method or record.start}{_about(record, say)}{token}")


def _about(record: Record, say: Say) -> str:
    if record.method in _EVENTS and (found := _EVENT.search(record.head)):
        return " " + found[1].decode("utf-8", "replace")
    if record.method not in _TO_WHOM:
        return ""
    if record.out is False and (caller := _CALLER.search(record.head)):
        return " " + say("from {who}", who=caller[1].decode("utf-8", "replace"))
    called = _USER.match(record.start)
    return f" {called[1] or called[2]}" if called else ""


def ntlm(record: Record, say: Say) -> str:
    """Which token a message carries, with a comma in front; empty if none."""
    found = _TOKEN.search(record.head)
    if not found:
        return ""
    if not found[1]:
        return ", " + say("asks for an NTLM challenge")
    return f", NTLM {_KINDS.get(found[1], '?')}"


def worth(record: Record) -> str:
    """`GOOD` for a signature that is right (of ours: for every one), `BAD` if the message was not believed."""
    if record.out is False and record.verdict not in ("", "none", "valid"):
        return BAD
    return GOOD if record.verdict == "valid" or (record.out and record.signed) else PLAIN


def signature(record: Record, say: Say) -> str:
    """What is known about the signature, in words."""
    if record.out:
        return say("made by the phone") if record.signed else say("none")
    if record.out is None or not record.verdict:
        return say("there is one; it was not checked") if record.signed else say("none")
    if record.verdict in ("valid", "none"):
        return say("valid") if record.verdict == "valid" else say("none")
    return say("message dropped: {why}", why=record.verdict)


def clock(at: float, thousandths: bool = True) -> str:
    """The local time of a message; dashes if it is not known."""
    if at <= 0:
        return "--:--:--.---" if thousandths else "--:--:--"
    text = datetime.fromtimestamp(at).strftime("%H:%M:%S.%f")
    return text[:-3] if thousandths else text[:8]


def narrow(text: str) -> str:
    """Only signs that are one cell wide."""
    return text if text.isascii() else "".join(sign if " " <= sign < "\u0300" else "?" for sign in text)


def headline(records: list[Record], say: Say) -> str:
    """What a dialog is about: its first request, and how many messages it has."""
    first = next((one for one in records if one.status is None), records[0])
    return say("{what}: {count} messages", what=label(first, say), count=len(records))
