"""The pages below Status that only show something: information, names, subscriptions, and what the program takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.language import Language
from snomtui.phone.snapshot import IdentityState
from snomtui.remote.inside import Subscribed
from snomtui.remote.pages.frame import LOOKED_AT, Frame

MOST = 2000
"""So many rows a page shows."""
_FAILED = {401: "Authentication failed", 403: "Authentication failed", 404: "Not found", 407: "Authentication failed"}


def routes(frame: Frame) -> list[Route]:
    """`info.htm`, `dns_cache.htm`, `subscriptions.htm` and `memory.htm`."""
    pages = Status(frame)
    answers = {
        "/info.htm": pages.info,
        "/dns_cache.htm": pages.names,
        "/subscriptions.htm": pages.subscriptions,
        "/memory.htm": pages.memory,
    }
    return [Route(path, answer, methods=LOOKED_AT) for path, answer in answers.items()]


class Status:
    """Answers them."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def info(self, request: Request) -> Response:
        """`info.htm`: system information; first one `Name: value` a line, which programs look for."""
        frame = self._frame
        identities = frame.doors.snapshot().identities
        return frame.page(
            "info.html",
            here="/info.htm",
            uptime=uptime(frame.clock() - frame.started),
            mac=frame.doors.settings.text("sim_mac"),
            identities=[(each, told(each)) for each in identities],
            links=frame.doors.inside.links(),
            certificate=frame.doors.inside.certificate(),
        )

    async def names(self, request: Request) -> Response:
        """`dns_cache.htm`: what the DNS has told, and for how long it holds."""
        now = self._frame.clock()
        found = self._frame.doors.inside.names()
        rows = [(*_question(each.text), max(0, round(each.ends - now))) for each in found[:MOST]]
        return self._frame.page("dns_cache.html", here="/dns_cache.htm", rows=rows, count=len(found))

    async def subscriptions(self, request: Request) -> Response:
        """`subscriptions.htm`: what the identities watch, and what they publish."""
        now, words = self._frame.clock(), _words(self._frame.language)
        found = self._frame.doors.inside.subscriptions()
        rows = [(each, words.get(each.state, each.state.lower()), _left(each, now)) for each in found[:MOST]]
        return self._frame.page("subscriptions.html", here="/subscriptions.htm", rows=rows, count=len(found))

    async def memory(self, request: Request) -> Response:
        """`memory.htm`: what the program takes of the machine, and how much it keeps."""
        doors = self._frame.doors
        memory, inside = doors.inside.memory(), doors.inside
        counts = {
            "calls": len(doors.snapshot().calls),
            "identities": len(doors.snapshot().identities),
            "contacts": len(doors.contacts()),
            "directory": len(doors.directory()),
            "subscriptions": len(inside.subscriptions()),
            "names": len(inside.names()),
            "lines": len(inside.log),
            "messages": len(inside.trace),
            "bytes": inside.trace.size,
        }
        since = uptime(self._frame.clock() - memory.since)
        return self._frame.page("memory.html", here="/memory.htm", memory=memory, counts=counts, since=since)


def uptime(seconds: float) -> str:
    """`1 days, 2 hours, 3 minutes`, as programs that look for it know it."""
    minutes = max(0, int(seconds)) // 60
    return f"{minutes // 1440} days, {minutes // 60 % 24} hours, {minutes % 60} minutes"


def told(identity: IdentityState) -> str:
    """The state of an identity in the words of snom's status page."""
    if identity.state == "registered":
        return "OK"
    return _FAILED.get(identity.code or 0, identity.state) if identity.state == "refused" else identity.state


def moment(at: float) -> str:
    """A local date and time, the same in all languages."""
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M:%S")


def _question(text: str) -> tuple[str, str, str]:
    """Kind, name and answer of one line such as `a sip.ucc.de -> 192.0.2.1`."""
    question, _, answer = text.partition(" -> ")
    kind, _, name = question.partition(" ")
    return kind.upper(), name, answer


def _left(each: Subscribed, now: float) -> int | None:
    return max(0, round(each.ends - now)) if each.ends else None


def _words(language: Language) -> Mapping[str, str]:
    """The states of subscriptions and publications for people."""
    say = language.say
    return {
        "SUBSCRIBING": say("asked for"),
        "EXPECTING": say("granted, nothing came yet"),
        "ACTIVE": say("active"),
        "REFRESHING": say("active, being renewed"),
        "ENDING": say("being ended"),
        "ENDED": say("ended"),
        "ABANDONED": say("being ended"),
        "WAITING": say("refused, will be tried again"),
        "SILENT": say("nothing is published"),
        "PUBLISHING": say("being published"),
        "PUBLISHED": say("published"),
        "STALE": say("being published"),
        "WITHDRAWING": say("being taken back"),
        "REFUSED": say("refused"),
    }
