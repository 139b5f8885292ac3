"""Plays one test of a script: does its steps, and waits for what is expected, each time with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from snomtui.errors import SnomtuiError
from snomtui.qa.driven import Driven, body_of
from snomtui.qa.events import Object, fits, told
from snomtui.qa.script import QaScript, Section
from snomtui.recording.grammar import word
from snomtui.recording.script import PATIENCE, Step
from snomtui.remote.query import blanked

LASTING = ("display", "led", "registration", "presence", "own_presence", "call")
"""What can be seen at any time, not just when it begins."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a test failed."""

    line: int
    expected: str
    seen: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one test."""

    script: QaScript
    section: Section
    seconds: float
    failure: Failure | None = None

    @property
    def where(self) -> str:
        """`FILE:LINE` of the failure, or of the test."""
        return f"{self.script.path}:{self.failure.line if self.failure else self.section.line}"


class Wrong(Exception):
    """A step did not go as it should."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(expected)
        self.expected, self.seen = expected, seen


class Player:
    """Plays one test once."""

    def __init__(self, script: QaScript, section: Section, driven: Driven, patience: float) -> None:
        """`patience`: seconds that an expectation waits unless the script says otherwise."""
        self._script, self._section, self._driven, self._patience = script, section, driven, patience
        self._since = 0
        """How many events there were before the last step that did something."""
        self._steps: Mapping[str, Callable[[Step], None]] = {
            "http": self._http,
            "key": lambda step: self._press(step.names),
            "press": lambda step: self._press(tuple(key_of(name) for name in step.names)),
            "type": lambda step: self._press(tuple(f"TEXT:{one}" for one in step.text)),
            "dial": lambda step: driven.do({"do": "dial", "number": driven.number(step.text)}),
            "do": self._do,
            "set": lambda step: driven.do({"do": "set", "name": step.fields["name"], "value": step.text}),
            "person calls": lambda step: driven.order(do="call", who=step.text, whom=step.fields.get("whom", "")),
            "person hangs up": lambda step: driven.order(do="hang_up", who=step.text),
            "fault": lambda step: driven.order(do="fault", name=step.text, on=step.fields["how"] == "on"),
        }

    def play(self) -> Failure | None:
        """Play all of it; None = as it should be."""
        for step in self._section.steps:
            try:
                self._play(step)
            except Wrong as error:
                return Failure(step.line, error.expected, error.seen)
            except (SnomtuiError, ValueError) as error:
                return Failure(step.line, self._text(step), str(error))
        return None

    def _play(self, step: Step) -> None:
        if step.do == "expect":
            self._expect(step)
        elif step.do == "wait":
            limit = step.seconds if step.seconds != PATIENCE else self._patience
            self._wait("display", {"text": step.text}, limit, f"wait {word(step.text)}")
        elif step.do == "within":
            self._patience = step.seconds
        elif step.do in self._steps:
            self._since = len(self._driven.happenings)
            self._steps[step.do](step)

    def _text(self, step: Step) -> str:
        """The line as it stands in the script."""
        lines = self._script.path.read_text("utf-8-sig").splitlines()
        return lines[step.line - 1].strip() if step.line <= len(lines) else step.do

    # -- doing

    def _http(self, step: Step) -> None:
        fields = step.fields
        headers = {"Content-Type": fields["type"]} if "type" in fields else {}
        if "body" in fields and not headers:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        login = fields.get("status") != "401"
        status, location = self._driven.http(fields["method"], step.text, headers, body_of(fields), login)
        asked = f"http {fields['method']} {blanked(step.text)}"
        wanted = fields.get("status", "")
        got = str(status) if status else "none"
        if wanted and got != wanted:
            raise Wrong(f"{asked} -> {wanted}", f"-> {got} {location}".rstrip() + self._why())
        if not fits({"at": location}, {"at": fields.get("location", "*")}):
            raise Wrong(f"{asked} -> {wanted} {fields['location']}", f"-> {got} {location or 'without a location'}")

    def _why(self) -> str:
        """What the phone told of the request."""
        fresh = self._driven.happenings.all(self._since)
        why = next((str(each["why"]) for each in fresh if each["event"] == "command" and each.get("why")), "")
        return f" ({why})" if why else ""

    def _press(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._driven.press(key)

    def _do(self, step: Step) -> None:
        from snomtui.remote.intentjson import decode

        self._driven.do(decode(step.text.encode()))

    # -- expecting

    def _expect(self, step: Step) -> None:
        limit = step.seconds if step.seconds >= 0 else self._patience
        self._wait(step.text, step.fields, limit, self._text(step))

    def _wait(self, name: str, fields: Mapping[str, str], limit: float, line: str) -> None:
        """Until it is so, or has been since the last step that did something."""
        happenings, start = self._driven.happenings, self._since
        wanted = wanted_of(name, fields)
        if name in LASTING and any(wanted(one) for one in standing(self._driven.snapshot(), name)):
            return
        place = start
        found: list[Object] = []

        def seen() -> bool:
            nonlocal place
            fresh = happenings.all(place)
            place += len(fresh)
            found.extend(each for each in fresh if each["event"] == name and wanted(each))
            return bool(found)

        if not happenings.until(seen, limit):
            why = happenings.over or f"not within {limit:g} s"
            raise Wrong(line, f"{why}; since line {self._last_deed(line)}:\n{told(happenings.all(start))}")

    def _last_deed(self, line: str) -> str:
        done = [step for step in self._section.steps if step.do in self._steps]
        lines = [self._text(step) for step in self._section.steps]
        at = self._section.steps[lines.index(line)].line if line in lines else self._section.line
        before = [step for step in done if step.line < at]
        return f"{before[-1].line}, {self._text(before[-1])}" if before else f"{self._section.line}, the start"


def wanted_of(name: str, fields: Mapping[str, str]) -> Callable[[Object], bool]:
    """Whether an event, or what can be seen of it now, is what an `expect` means."""
    plain: dict[str, object] = {field: value for field, value in fields.items() if field not in ("who", "text")}
    who = fields.get("who", "")
    text = fields.get("text", "").lower()

    def wanted(event: Object) -> bool:
        if who and not any(fits({"who": one}, {"who": who}) for one in names_of(event)):
            return False
        if text and name == "display" and not fits({"text": shown(event)}, {"text": f"*{text}*"}):
            return False
        if text and name != "display" and not fits(event, {"text": text}):
            return False
        return fits(event, plain)

    return wanted


def names_of(event: Object) -> list[str]:
    """All by which somebody in an event can be known."""
    names = [str(event[field]) for field in ("remote_name", "name", "number", "remote", "uri") if event.get(field)]
    return [*names, *(one.partition(":")[2] for one in names if one.startswith(("sip:", "sips:", "tel:")))]


def shown(display: Object) -> str:
    """All texts of a display in one."""
    texts = [display.get("title"), *display.get("rows", ()), display.get("entry"), *display.get("softkeys", ())]
    return "\n".join(str(each) for each in [*texts, display.get("status")] if each)


def standing(snapshot: Object, name: str) -> list[Object]:
    """What can be seen now, in the form of the events that told it."""
    match name:
        case "display":
            return [snapshot["display"]]
        case "led":
            return [{"key": key, **led} for key, led in snapshot["leds"].items()]
        case "registration":
            return list(snapshot["identities"])
        case "presence":
            return list(snapshot["contacts"])
        case "own_presence":
            return [snapshot["own_presence"]]
        case _:
            return [call for call in snapshot["calls"] if call["state"] != "ended"]


def key_of(name: str) -> str:
    """The key of the phone that a key of the keyboard stands for; raises ValueError."""
    from snomtui.ui.keyboard import BACKSPACE, SHORTCUTS

    signs = {"*": "asterisk", "#": "number_sign", ".": "full_stop", ",": "comma"}
    for shortcut in (*SHORTCUTS, BACKSPACE):
        if signs.get(name, name) in shortcut.keys.split(","):
            return "OFFHOOK" if shortcut.key == "HANDSET" else shortcut.key
    raise ValueError(f"{name!r} is no key of the keyboard that stands for one of the phone; take: key NAME")


def play(script: QaScript, section: Section, driven: Callable[[], Driven], patience: float) -> Result:
    """Play one test on a phone of its own."""
    begun = time.monotonic()
    try:
        phone = driven()
    except (SnomtuiError, AssertionError) as error:
        broken = Failure(section.line, "a phone that works", str(error))
        return Result(script, section, time.monotonic() - begun, broken)
    try:
        failure = Player(script, section, phone, patience).play()
    finally:
        phone.stop()
    return Result(script, section, time.monotonic() - begun, failure)
