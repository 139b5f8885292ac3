"""The front end's status and journal as JSON objects. The names are promises: more may come, none may change."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from snomtui.auth.ntlm.policy import LmLevel
from snomtui.office.faults import Fault
from snomtui.office.journal import Entry, Journal
from snomtui.office.status import Status
from snomtui.remote.intentjson import Object

MOST_ENTRIES = 500
"""So many entries of the journal come with one answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of the journal somebody wants to see."""

    user: str = ""
    """Part of the user's name or address, in any case."""
    kind: str = ""
    """`note`, `in`, `out`, `ntlm` (what carries a token), or a method such as `REGISTER`."""

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is one of them."""
        if self.user and self.user.casefold() not in f"{entry.user} {entry.about}".casefold():
            return False
        match self.kind.lower():
            case "" | "all":
                return True
            case "note" | "in" | "out":
                return entry.direction == self.kind.lower()
            case "ntlm":
                return bool(entry.token)
            case method:
                return entry.method == method.upper()


def status_object(status: Status, at: float) -> Object:
    """The whole status."""
    server = _values(status.server)
    return {
        "at": at,
        "server": {name: server[name] for name in ("domain", "netbios", "host")},
        "connections": status.server.connections,
        "subscriptions": status.server.subscriptions,
        "discarded": status.server.discarded,
        "policy": dict(status.server.policy),
        "faults": list(status.server.faults),
        "known_faults": [each.value for each in Fault],
        "level_title": status.server.level_title,
        "levels": [{"level": int(each), "title": each.title} for each in LmLevel],
        "registrations": [_values(each) for each in status.registrations],
        "versions": [_values(each) for each in status.versions],
        "refused": [_values(each) for each in status.refused],
        "calls": [_values(each) for each in status.calls],
    }


def entry_object(entry: Entry) -> Object:
    """One entry of the journal, put into words now."""
    told: Object = {
        "at": entry.at,
        "event": "journal",
        "number": entry.number,
        "direction": entry.direction,
        "user": entry.user,
        "conn": entry.conn,
        "peer": entry.peer,
        "transport": entry.transport,
        "line": entry.line,
    }
    if entry.direction == "note":
        return {**told, "why": entry.line}
    told |= {"method": entry.method, "signature": entry.signature or ("signed" if entry.signed else "")}
    token = entry.token
    if token:
        told |= {"token": token, "ntlm": dict(entry.fields)}
    return told


def decision_object(entry: Entry) -> Object:
    """A decision as headless stdout tells it."""
    return {"at": entry.at, "event": "journal", "user": entry.user, "peer": entry.peer, "why": entry.line}


def journal_object(journal: Journal, since: int, wanted: Wanted) -> Object:
    """The newest entries after number `since`, the oldest of them first."""
    found = [entry for entry in journal.since(since) if wanted.takes(entry)]
    shown = found[-MOST_ENTRIES:]
    return {"last": journal.count, "left_out": len(found) - len(shown), "entries": [entry_object(e) for e in shown]}


def _values(value: Any) -> Object:
    return {field.name: getattr(value, field.name) for field in fields(value)}
