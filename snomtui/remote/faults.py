"""Faults of the web server on purpose, for programs that are to be tested against them: the setting `sim_http_fault`.

    KIND[@PAGE][*COUNT | %PERCENT | once], several separated by commas

`slow:SECONDS` answers late, `500` and `503[:SECONDS]` fail (503 says when to come again), `401` asks for a login,
`cut` closes the connection without an answer, `truncated` closes it in the middle of the answer, with the command done.
`*COUNT` holds for so many requests: it counts down in the setting itself, and at the end the fault is gone.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from snomtui.phone.intents import SetSetting
from snomtui.remote import reply
from snomtui.remote.doors import Doors
from snomtui.remote.reply import App, Receive, Scope, Send

SETTING = "sim_http_fault"
CUT = "snomtui.cut"
"""The extension of a scope that ends its connection: `cut(at_once)`; otherwise what was sent leaves before."""
SPARED = ("/commands.htm", "/sim.htm", "/api/v1/settings")
"""Where the setting can be changed: no fault holds there."""

_FAULT = re.compile(
    r"(?P<kind>slow|500|503|401|cut|truncated)(?::(?P<seconds>[0-9.]+))?(?:@/?(?P<page>[^ ,*%]+))?"
    r"(?:\*(?P<count>[0-9]+)|%(?P<percent>[0-9]+)| (?P<once>once))?"
)

Fail = Callable[[Scope, int, str], None]
"""Told of each request that a fault keeps from the phone: status (0 = no answer) and reason."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One of them."""

    kind: str
    """`slow 500 503 401 cut truncated`."""
    seconds: str = ""
    """How late, or when to come again."""
    page: str = ""
    """Without the first slash; empty = every page."""
    count: int | None = None
    """For so many requests; None = for all."""
    percent: int = 100

    def __str__(self) -> str:
        many = f"*{self.count}" if self.count is not None else f"%{self.percent}" if self.percent < 100 else ""
        return self.kind + (f":{self.seconds}" if self.seconds else "") + (f"@{self.page}" if self.page else "") + many

    def holds(self, path: str, dice: Callable[[], float]) -> bool:
        """Whether it happens to a request for this path."""
        return self.page in ("", path.lstrip("/")) and (self.percent >= 100 or dice() * 100 < self.percent)


def parse(text: str) -> tuple[Fault, ...]:
    """The faults of a value of the setting, which the registry has checked; what it does not know is passed over."""
    found = (_FAULT.fullmatch(part.strip()) for part in text.split(","))
    return tuple(
        Fault(
            match["kind"],
            match["seconds"] or "",
            match["page"] or "",
            1 if match["once"] else int(match["count"]) if match["count"] else None,
            int(match["percent"] or 100),
        )
        for match in found
        if match
    )


class Faulty:
    """Stands before the whole web server and makes it fail as the setting says."""

    def __init__(self, app: App, doors: Doors, challenge: Callable[[], bytes], fail: Fail) -> None:
        """`challenge` is the value of WWW-Authenticate of a 401."""
        self._app, self._doors, self._challenge, self._fail = app, doors, challenge, fail
        self.dice: Callable[[], float] = random.random

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: let the request through, late or not at all."""
        text = self._doors.settings.text(SETTING)
        if text and scope["type"] == "http" and not _spared(scope):
            for fault in self._due(text, reply.path(scope)):
                if fault.kind == "slow":
                    await asyncio.sleep(float(fault.seconds))
                elif fault.kind == "truncated":
                    send = _Half(scope, send).send
                else:
                    await self._answer(fault, scope, receive, send)
                    return
        await self._app(scope, receive, send)

    def _due(self, text: str, path: str) -> list[Fault]:
        """The faults that happen to this request; what is counted counts down."""
        faults = parse(text)
        due = [fault for fault in faults if fault.holds(path, self.dice)]
        if any(fault.count is not None for fault in due):
            left = (replace(each, count=each.count - 1) if each in due and each.count else each for each in faults)
            self._doors.do(SetSetting(SETTING, ", ".join(str(each) for each in left if each.count != 0)))
        return due

    async def _answer(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        why = f"fault on purpose: {fault}"
        self._fail(scope, int(fault.kind) if fault.kind.isdigit() else 0, why)
        if fault.kind == "cut":
            _cut(scope, at_once=True)
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        headers = {
            "401": [(b"www-authenticate", self._challenge())],
            "503": [(b"retry-after", str(round(float(fault.seconds or 1))).encode())],
        }.get(fault.kind, [])
        await reply.answer(send, int(fault.kind), f"{why}\n".encode(), b"text/plain", headers)


def _spared(scope: Scope) -> bool:
    path = reply.path(scope)
    settable = path == "/dummy.htm" and (scope["method"] == "POST" or SETTING.encode() in scope["query_string"])
    return path in SPARED or path.startswith(SPARED[0] + "/") or settable


class _Half:
    """Sends the first half of an answer and then ends the connection."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send, self._over = scope, send, False

    async def send(self, event: reply.Event) -> None:
        """One part of the answer."""
        if self._over:
            return
        if event["type"] == "http.response.start":
            await self._send(event)
            return
        self._over = True
        body = event.get("body", b"")
        await self._send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        _cut(self._scope, at_once=False)


def cuttable(app: App, cut: Callable[[bool], None]) -> App:
    """The same application, which can end its connection."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[CUT] = cut
        await app(scope, receive, send)

    return serve


def _cut(scope: Scope, at_once: bool) -> None:
    end = scope.get("extensions", {}).get(CUT)
    if end is not None:
        end(at_once)
