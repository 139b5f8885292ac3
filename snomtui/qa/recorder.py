"""Writes down what happens at a phone as a script of QA: what was done, and what came of it. Pure but for the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from snomtui.phone.intents import Dial, Intent, Press, Quit, SetSetting
from snomtui.phone.snapshot import Page
from snomtui.qa.telling import Names, told
from snomtui.recording.grammar import word
from snomtui.remote.intentjson import encode, objects_of
from snomtui.remote.query import STARS

Object = dict[str, Any]
_SECRET = re.compile(r"(?:(\w+)(=|%3D))?" + re.escape(STARS))
_NO_EVENT: Mapping[str, Any] = {}
MOMENT = 0.05
"""Seconds within which a phone has done what a program asked, and told it."""
_NOT_YET = "wait until its line is known"
_UNTOLD = "login needed"
"""The first answer to a program that sends its login when it is asked for: the request comes again."""


@dataclass(slots=True)
class Line:
    """One line of the script that is being written."""

    text: str
    keys: bool = False
    """Whether more keys may be added."""
    intent: Intent | None = None
    """What was done, as long as nobody knows whether a program wanted it."""
    at: float = 0.0
    """When what it expects happened, seconds since 1970; 0 = it expects nothing."""


class Recorder:
    """Takes in what is done and what happens, and has a script of it."""

    def __init__(
        self,
        head: Iterable[str],
        page: Callable[[], Page],
        soon: Callable[[Callable[[], None]], object],
        names: Names,
    ) -> None:
        """`head`: lines for the scene; `page`: what the display shows; `soon` calls back once this moment is over."""
        self._head, self._page, self._soon, self._names = list(head), page, soon, names
        self._lines: list[Line] = []
        self._secrets: dict[str, str] = {}
        self._hidden = False
        self._shown = ""
        self._talking: set[str] = set()
        self.over = False
        """Whether nothing more is taken in."""
        self.changed: Callable[[], None] = lambda: None
        """Called when there is more to write."""

    # -- in

    def asked(self, intent: Intent) -> None:
        """Somebody wants something: by a key, or by HTTP, which the `command` event will tell at once."""
        if self.over or isinstance(intent, Quit):
            return
        page = self._page()
        self._hidden = page.name != "entry" and bool(page.entry) and not str(page.entry).strip("*")
        self._lines.append(Line(_NOT_YET, intent=intent))
        self._soon(self._settle)

    def hear(self, event: Mapping[str, Any]) -> None:
        """Something happened."""
        if self.over:
            return
        if event["event"] == "command":
            self._commanded(event)
        elif event["event"] == "call":
            self._called(event)
        elif self._lines:  # before anything was done a phone just starts
            line = told(event, self._names)
            if event["event"] == "display":
                line = "" if line == self._shown else line
                self._shown = line or self._shown
            if line:
                self._add(line, event)

    def _commanded(self, event: Mapping[str, Any]) -> None:
        line = Line(self._http(event))
        mine = [at for at, each in enumerate(self._lines) if each.intent is not None]
        if mine:
            self._lines[mine[0]] = line
            for at in reversed(mine[1:]):
                del self._lines[at]
        else:
            self._lines.insert(self._before(float(event.get("at", 0.0))), line)
        self.changed()

    def _before(self, at: float) -> int:
        """The place of a command told at this moment: before what came of it, which a running phone tells first."""
        place = len(self._lines)
        while place and self._lines[place - 1].at and self._lines[place - 1].at > at - MOMENT:
            place -= 1
        return place

    def _http(self, event: Mapping[str, Any]) -> str:
        parts = ["http", str(event["method"]), word(self._veiled(str(event["target"])))]
        body, kind = str(event.get("body", "")), str(event.get("content_type", ""))
        if kind and not kind.startswith("application/x-www-form-urlencoded"):
            parts += ["type", word(kind)]
        if body:
            parts += _body(self._veiled(body))
        whole = " ".join([*parts, "->", str(event["status"] or "none")])
        return f"# {whole} ({_UNTOLD})" if event.get("why") == _UNTOLD else whole

    def _called(self, event: Mapping[str, Any]) -> None:
        """Those who are played do what they did again because the script says so."""
        who, known = self._names.played.get(str(event["remote"]).lower(), ""), str(event["id"])
        state = event["state"]
        if state == "offered" and who:
            self._add(f"person {word(who)} calls")
        elif state == "ended" and who and _by_them(event, known in self._talking):
            self._add(f"person {word(who)} hangs up")
        if state == "talking":
            self._talking.add(known)
        if self._lines:
            self._add(told(event, self._names), event)

    # -- what was done at the phone itself

    def _settle(self) -> None:
        """This moment is over: what no program wanted was done by a person."""
        for at, line in enumerate(self._lines):
            if line.intent is not None:
                self._lines[at] = self._by_hand(line.intent)
        self.changed()

    def _by_hand(self, intent: Intent) -> Line:
        page = self._page()
        stars = bool(page.entry) and not str(page.entry).strip("*")
        if isinstance(intent, Press) and not intent.time and not intent.pause:
            types = intent.key.startswith("TEXT:") or intent.key in "0123456789*#"
            if types and page.name != "entry" and (stars or self._hidden):
                return Line(f"key ${self._secret('typed')}")
            if intent.key.startswith("TEXT:"):
                return Line(f"type {word(intent.key[5:])}")
            return Line(f"key {intent.key}", keys=True)
        if isinstance(intent, Dial) and intent.identity is None:
            return Line(f"dial {word(self._names.known.get(intent.number.lower(), intent.number))}")
        found = objects_of([intent])[0]
        if isinstance(intent, SetSetting):
            return Line(self._veiled(f"set {found['name']}={found['value']}"))
        return Line(f"do {self._veiled(encode(found).decode())}")

    def _veiled(self, text: str) -> str:
        """The text with a variable where a secret was."""

        def variable(match: re.Match[str]) -> str:
            name = self._secret(match[1] or "secret")
            return f"{match[1]}{match[2]}${{{name}}}" if match[1] else f"${{{name}}}"

        return _SECRET.sub(variable, text)

    def _secret(self, name: str) -> str:
        self._secrets[name] = f"let {name}"
        return name

    def _add(self, line: str, event: Mapping[str, Any] = _NO_EVENT) -> None:
        if line:
            self._lines.append(Line(line, at=float(event.get("at", 0.0))))
            self.changed()

    # -- out

    def text(self) -> str:
        """The script so far."""
        done: list[str] = []
        keys = False
        for line in self._lines:
            if line.text == _NOT_YET:
                continue
            if line.keys and keys:
                done[-1] += line.text.removeprefix("key")
            elif not done or not line.text.startswith("expect") or line.text != done[-1]:
                done.append(line.text)
            keys = line.keys
        head = [*self._head, *self._secrets.values()]
        return "\n".join([*head, *([""] if head else []), 'test "recorded"', *done, ""])


def _by_them(event: Mapping[str, Any], talking: bool) -> bool:
    """Whether a call has ended because the other one hung up."""
    given_up = event["direction"] == "in" and event["cause"] == "cancelled"
    return given_up or (talking and event["cause"] == "remote")


def _body(text: str) -> list[str]:
    if text.isprintable():
        return ["body", word(text)]
    from base64 import b64encode

    return ["body64", b64encode(text.encode()).decode()]
