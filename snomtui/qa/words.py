"""The words of QA: what they take, and what is wrong with what was given. The table stands at the end."""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.errors import LocalError
from snomtui.office.faults import Faults
from snomtui.recording.grammar import given, seconds, words
from snomtui.recording.script import Step, Steps
from snomtui.remote.intentjson import decode, intents_of
from snomtui.settings.registry import find

EVENTS = {
    "registration": "STATE, or IDENTITY STATE: 1 registered",
    "call": "STATE, with incoming or outgoing and from WHO or to WHO before it: incoming from Jan offered",
    "presence": "WHO AVAILABILITY: Jan BUSY",
    "own_presence": "AVAILABILITY: BUSY",
    "led": "KEY PATTERN, and a colour: P1 fast",
    "display": 'a text: "Connected"',
    "command": "field=value: status=302",
    "action": "a URL, with * for what differs: http://*",
    "media": "field=value: codec=PCMA",
    "mailbox": "field=value: new=1",
    "message": "WHO and a text: Jan Hello",
    "contacts": "field=value",
    "found": "field=value",
    "lamp": "field=value",
    "certificate": "field=value",
    "error": "field=value",
}
"""What can be expected, and how."""
CALL_STATES = ("dialling", "ringing", "offered", "talking", "holding", "held", "ended")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def _test(number: int, rest: str) -> Step:
    return Step(number, "test", " ".join(words(given(rest, "a name in quotation marks"))))


def _http(number: int, rest: str) -> Step:
    """`METHOD TARGET [type TYPE] [body TEXT | body64 BASE64] [-> STATUS [LOCATION]]`."""
    found, answer = words(rest), list[str]()
    if "->" in found:
        at = found.index("->")
        found, answer = found[:at], found[at + 1 :]
        if not 1 <= len(answer) <= 2 or not (answer[0] == "none" or (answer[0].isdecimal() and len(answer[0]) == 3)):
            raise ValueError("-> needs the status of the answer, such as -> 302, or none")
    if len(found) < 2 or found[0] not in METHODS or not found[1].startswith("/") or len(found) % 2:
        raise ValueError("must be such as GET /command.htm?number=110 -> 302")
    fields = {"method": found[0]} | dict(zip(found[2::2], found[3::2], strict=True))
    wrong = fields.keys() - {"method", "type", "body", "body64"}
    if wrong:
        raise ValueError(f"{min(wrong)!r} is not known behind the target, but type, body, body64 and ->")
    fields |= dict(zip(("status", "location"), answer, strict=False))
    return Step(number, "http", found[1], fields=fields)


def _do(number: int, rest: str) -> Step:
    try:
        intents_of(decode(given(rest, 'an object, such as {"do": "hangup"}').encode()))
    except LocalError as error:
        raise ValueError(str(error)) from None
    return Step(number, "do", rest)


def _set(number: int, rest: str) -> Step:
    name, equals, value = (part.strip() for part in rest.partition("="))
    if not equals:
        raise ValueError("must be NAME=VALUE")
    find(name)
    return Step(number, "set", value, fields={"name": name})


def _person(number: int, rest: str) -> Step:
    match words(rest):
        case [who, "calls"]:
            return Step(number, "person calls", who)
        case [who, "calls", whom]:
            return Step(number, "person calls", who, fields={"whom": whom})
        case [who, "hangs", "up"]:
            return Step(number, "person hangs up", who)
    raise ValueError('must be "NAME" calls, "NAME" calls WHOM, or "NAME" hangs up')


def _fault(number: int, rest: str) -> Step:
    name, _, how = given(rest, "the name of a fault of the front end, and off to end it").partition(" ")
    if how not in ("", "on", "off"):
        raise ValueError(f"{how!r} must be on or off")
    Faults.parse(name)
    return Step(number, "fault", name, fields={"how": how or "on"})


def _within(number: int, rest: str) -> Step:
    return Step(number, "within", seconds=seconds(given(rest, "seconds, such as 5s")))


def _expect(number: int, rest: str) -> Step:
    """`EVENT ... [within SECONDS]`."""
    found, limit = words(rest), -1.0
    if len(found) > 2 and found[-2] == "within":
        limit, found = seconds(found[-1]), found[:-2]
    if not found or found[0] not in EVENTS:
        raise ValueError(f"must be one of {', '.join(EVENTS)}")
    name, rest_of = found[0], found[1:]
    try:
        fields = _fields(name, rest_of)
    except ValueError:
        raise ValueError(f"{name} needs {EVENTS[name]}") from None
    return Step(number, "expect", name, names=(), seconds=limit, fields=fields)


def _fields(name: str, found: list[str]) -> Mapping[str, str]:
    """The fields that an event must have; raises ValueError if they are not understood."""
    named = [each for each in found if _is_field(each)]
    plain = [each for each in found if not _is_field(each)]
    fields = {key: value for key, _, value in (each.partition("=") for each in named)}
    match name, plain:
        case "call", [*before, state] if state in CALL_STATES:
            return {**_call(before), "state": state, **fields}
        case "registration", [state]:
            return {"state": state, **fields}
        case "registration", [identity, state]:
            return {"identity": identity, "state": state, **fields}
        case "display", [*_, text] if plain[:-1] in ([], ["shows"]) and text:
            return {"text": text, **fields}
        case "led", [key, pattern, *color] if len(color) < 2:
            return {"key": key, "pattern": pattern, **({"color": color[0]} if color else {}), **fields}
        case "presence", [who, availability]:
            return {"who": who, "availability": availability, **fields}
        case "own_presence", [availability]:
            return {"availability": availability, **fields}
        case "action", [url]:
            return {"url": url, **fields}
        case "message", [who, text]:
            return {"from": f"*{who}*", "text": text, **fields}
        case _, [] if fields:
            return fields
    raise ValueError


def _call(before: list[str]) -> dict[str, str]:
    """What stands before the state of a call."""
    fields: dict[str, str] = {}
    rest = list(before)
    if rest and rest[0] in ("incoming", "outgoing"):
        fields["direction"] = {"incoming": "in", "outgoing": "out"}[rest.pop(0)]
    if len(rest) == 2 and rest[0] in ("from", "to", "with"):
        fields["who"] = rest[1]
        rest = []
    if rest:
        raise ValueError
    return fields


def _is_field(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.replace("_", "").isalpha() and name.islower()


QA_STEPS: Steps = {
    "test": _test,
    "http": _http,
    "do": _do,
    "set": _set,
    "person": _person,
    "fault": _fault,
    "within": _within,
    "expect": _expect,
}
