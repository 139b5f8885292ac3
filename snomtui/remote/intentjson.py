"""Intents as JSON objects, in and out: what headless stdin and the HTTP API take, and what `command` events tell.

`intents_of` reads an object, `object_of` writes one; reading what was written gives the same intent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from snomtui.errors import LocalError
from snomtui.phone import intents as want
from snomtui.phone.history import LISTS
from snomtui.phone.intents import Intent, is_secret
from snomtui.phone.ringer import RINGERS
from snomtui.presence import WORDS, Availability
from snomtui.remote.api.shapes import one_line
from snomtui.remote.keys import presses, sequence
from snomtui.remote.query import STARS, without_login
from snomtui.settings.registry import IDENTITIES

Object = dict[str, Any]
"""One JSON object; its values are what JSON knows."""

LONGEST = 4096
"""The longest text in an intent, characters."""

MOST_NUMBERS, LONGEST_NUMBER = 20, 255
"""So many numbers an entry of the directory may be given, and so many characters each may have."""

MOST_AT_ONCE = 100
"""So many intents may stand in one request."""
REDIRECTED = ("all", "busy", "time")


class BadIntent(LocalError):
    """An object that is no intent; the text says what is wrong and what would be right."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def encode(value: object) -> bytes:
    """One line of JSON, without the newline. Half characters (surrogates) in texts become U+FFFD."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return _encode(_whole(msgspec.to_builtins(value)))


def _whole(value: Any) -> Any:
    """The same value with texts that can be sent."""
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, (list, tuple)) else value


def whole_text(text: str) -> str:
    """The text with U+FFFD for each half character, so that it has a form in UTF-8."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def any_json(line: bytes) -> Any:
    """One JSON value; raises `BadIntent` for anything else."""
    try:
        return _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadIntent(f"not JSON: {error}") from None


def counted(value: Any) -> Any:
    """The same value; a whole number is one, however it is written (`5.0` is 5 in JSON Schema)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def decode(line: bytes) -> Object:
    """One JSON object; raises `BadIntent` for anything else."""
    value = any_json(line)
    if not isinstance(value, dict):
        raise BadIntent('must be one JSON object such as {"do": "snapshot"}')
    return value


def intents_of(given: Mapping[str, Any]) -> tuple[Intent, ...]:
    """The intents that an object asks for, in order; raises `BadIntent`. `snapshot` asks for none."""
    do = given.get("do")
    if not isinstance(do, str):
        raise BadIntent('needs "do", the name of what is wanted')
    reader = _READERS.get(do)
    if reader is None:
        raise BadIntent(f"unknown do {ascii(do[:40])}, known are {', '.join(_READERS)}")
    try:
        found = reader(_Fields(do, given))
    except BadIntent:
        raise
    except LocalError as error:
        raise BadIntent(f"{do}: {error}") from None
    return found if isinstance(found, tuple) else (found,)


def intent_of(given: Mapping[str, Any]) -> Intent | list[Intent]:
    """As `intents_of`; one intent comes alone, none or several as a list."""
    found = intents_of(given)
    return found[0] if len(found) == 1 else list(found)


def object_of(intent: Intent) -> Object:
    """The object that asks for this intent."""
    return _WRITERS[type(intent)](intent)


def objects_of(wanted: Sequence[Intent], secrets: bool = False) -> list[Object]:
    """What became of a request, for its `command` event: keys in a row as one object, secrets as stars.

    URLs are told without their logins.
    """
    found: list[Object] = []
    run: list[want.Press] = []
    for intent in (*wanted, None):
        if isinstance(intent, want.Press):
            run.append(intent)
            continue
        if run:
            found.append({"do": "press", "keys": sequence(run)})
            run = []
        if intent is not None:
            found.append(object_of(intent) if secrets else _shown(intent))
    return found


def _shown(intent: Intent) -> Object:
    shown = object_of(intent)
    if isinstance(intent, want.Administer):
        shown["password"] = STARS
    elif isinstance(intent, want.SetSetting) and intent.value and is_secret(intent.name):
        shown["value"] = STARS
    elif isinstance(intent, want.SetSetting):
        shown["value"] = without_login(intent.value)
    elif isinstance(intent, want.Show):
        shown["url"] = without_login(intent.url)
    return shown


class _Fields:
    """The fields of one object, checked as they are asked for."""

    def __init__(self, do: str, given: Mapping[str, Any]) -> None:
        self._do, self._given = do, {name: counted(value) for name, value in given.items()}

    def text(self, name: str, empty: bool = False) -> str:
        """A text that must be there; a whole number counts as its digits."""
        value = self._given.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not (empty or value.strip()):
            raise BadIntent(f'{self._do}: needs "{name}", a text')
        if len(value) > LONGEST:
            raise BadIntent(f'{self._do}: "{name}" is too long')
        return value

    def line(self, name: str) -> str:
        """A text of one line without control characters, blanks at its ends cut off."""
        text = self.text(name).strip()
        if not one_line(text):
            raise BadIntent(f'{self._do}: "{name}" must be one line of text')
        return text

    def optional(self, name: str) -> str | None:
        """A text that may be missing or null."""
        return None if self._given.get(name) is None else self.text(name, empty=True)

    def identity(self) -> int | None:
        """The number of an identity, or None."""
        value = self._given.get("identity")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= IDENTITIES:
            raise BadIntent(f'{self._do}: "identity" must be a whole number from 1 to {IDENTITIES}')
        return value

    def has(self, name: str) -> bool:
        """Whether it is given, and not null."""
        return self._given.get(name) is not None

    def switch(self, name: str, missing: bool = False) -> bool:
        """True or false."""
        value = self._given.get(name, missing)
        if not isinstance(value, bool):
            raise BadIntent(f'{self._do}: "{name}" must be true or false')
        return value

    def ringer(self) -> int:
        """The number of a ringer, the first if none is named."""
        value = self._given.get("number", 1)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= RINGERS:
            raise BadIntent(f'{self._do}: "number" must be a whole number from 1 to {RINGERS}')
        return value

    def row(self) -> int:
        """The number of a row on the display, from 0."""
        value = self._given.get("row")
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1000:
            raise BadIntent(f'{self._do}: "row" must be a whole number from 0')
        return value

    def numbers(self) -> tuple[str, ...]:
        """The phone numbers of an entry: an array of texts."""
        given = self._given.get("numbers", [])
        if not isinstance(given, list) or len(given) > MOST_NUMBERS:
            raise BadIntent(f'{self._do}: "numbers" must be an array of at most {MOST_NUMBERS} texts')
        if not all(isinstance(each, str) and len(each) <= LONGEST_NUMBER for each in given):
            raise BadIntent(f'{self._do}: each of "numbers" must be a text of at most {LONGEST_NUMBER} characters')
        return tuple(given)

    def word(self, name: str, words: Sequence[str]) -> str:
        """One of these words, in any case."""
        given = self.line(name).lower()
        if given not in words:
            raise BadIntent(f'{self._do}: "{name}" must be one of {", ".join(words)}')
        return given

    def setting(self) -> str:
        """The value of a setting: a text, a whole number, true or false."""
        value = self._given.get("value")
        return ("on" if value else "off") if isinstance(value, bool) else self.text("value", empty=True)


def _availability(fields: _Fields) -> Availability:
    given = fields.line("availability")
    word = given.upper().replace("-", "_").replace(" ", "_")
    if word in Availability.__members__:
        return Availability[word]
    for state, spoken in WORDS.items():
        if spoken.lower() == given.lower():
            return state
    raise BadIntent(f'presence: "availability" must be one of {", ".join(Availability.__members__)}')


def _list(fields: _Fields) -> str:
    which = fields.word("list", (*LISTS, "dialled"))
    return "dialed" if which == "dialled" else which


def _clear(fields: _Fields) -> Intent:
    return want.ClearList(_list(fields))


def _dtmf(fields: _Fields) -> Intent:
    digits = fields.line("digits").upper()
    if digits.strip("0123456789*#ABCD"):
        raise BadIntent('dtmf: "digits" are 0 to 9, *, # and A to D')
    return want.Dtmf(digits)


def _redirect(fields: _Fields) -> Intent:
    when = fields.word("when", REDIRECTED)
    return want.Redirect(when, fields.switch("on") if fields.has("on") else None, fields.optional("to"))


def _redirected(wish: want.Redirect) -> Object:
    given = {"on": wish.on, "to": wish.to}
    return {"do": "redirect", "when": wish.when, **{name: value for name, value in given.items() if value is not None}}


def _entry(fields: _Fields) -> Intent:
    name, address = fields.optional("name") or "", fields.optional("address") or ""
    return want.SaveEntry(name, fields.numbers(), address, fields.optional("type") or "", fields.optional("old") or "")


def _fingerprint(fields: _Fields) -> str:
    """As certificates are compared everywhere: in capitals or not, with colons or blanks or without."""
    digits = fields.line("fingerprint").lower().replace(":", "").replace(" ", "")
    if len(digits) != 64 or digits.strip("0123456789abcdef"):
        raise BadIntent('certificate: "fingerprint" is a SHA-256, 64 hexadecimal digits')
    return digits


_READERS: Mapping[str, Callable[[_Fields], Intent | tuple[Intent, ...]]] = {
    "dial": lambda f: want.Dial(f.line("number"), f.identity()),
    "press": lambda f: presses(f.line("keys")),
    "hangup": lambda f: want.HangUp(f.optional("call"), f.switch("every")),
    "answer": lambda f: want.Answer(f.optional("call")),
    "hold": lambda f: want.Hold(f.optional("call")),
    "resume": lambda f: want.Resume(f.optional("call")),
    "transfer": lambda f: want.Transfer(f.line("to"), f.optional("call")),
    "conference": lambda f: want.Conference(f.switch("on", missing=True)),
    "redirect": _redirect,
    "dtmf": _dtmf,
    "message": lambda f: want.Write(f.line("to"), f.text("text"), f.identity()),
    "add_contact": lambda f: want.AddContact(f.line("uri"), f.optional("name") or "", f.optional("group") or ""),
    "remove_contact": lambda f: want.RemoveContact(f.line("uri")),
    "search": lambda f: want.Search(f.line("text")),
    "presence": lambda f: want.SetPresence(_availability(f), f.optional("note")),
    "set": lambda f: want.SetSetting(f.line("name"), f.setting()),
    "register": lambda f: want.Register(f.identity() or 1),
    "logoff": lambda f: want.LogOff(f.identity()),
    "administer": lambda f: want.Administer(f.text("password", empty=True)),
    "clear": _clear,
    "forget_call": lambda f: want.ForgetCall(_list(f), f.line("id")),
    "forget_message": lambda f: want.ForgetMessage(f.line("id")),
    "save_entry": _entry,
    "delete_entry": lambda f: want.DeleteEntry(f.line("uri")),
    "reboot": lambda f: want.Reboot(),
    "ring": lambda f: want.PlayRinger(f.ringer()),
    "reset": lambda f: want.Reset(),
    "accept_certificate": lambda f: want.AcceptCertificate(_fingerprint(f)),
    "reject_certificate": lambda f: want.RejectCertificate(_fingerprint(f)),
    "select": lambda f: want.Select(f.row()),
    "go": lambda f: want.Go(f.line("page")),
    "snapshot": lambda f: (),
    "show": lambda f: want.Show(f.line("url")),
    "quit": lambda f: want.Quit(),
}


KNOWN = tuple(_READERS)
"""All that `do` may be."""


def _with(do: str, **fields: object) -> Object:
    """The object, without the fields that say nothing."""
    return {"do": do, **{name: value for name, value in fields.items() if value is not None and value is not False}}


def _saved(wish: want.SaveEntry) -> Object:
    given = {"numbers": list(wish.numbers), "address": wish.address, "type": wish.type, "old": wish.old}
    return {"do": "save_entry", "name": wish.name, **{name: value for name, value in given.items() if value}}


_WRITERS: Mapping[type, Callable[[Any], Object]] = {
    want.Dial: lambda i: _with("dial", number=i.number, identity=i.identity),
    want.Press: lambda i: {"do": "press", "keys": sequence([i])},
    want.HangUp: lambda i: _with("hangup", call=i.call, every=i.every),
    want.Answer: lambda i: _with("answer", call=i.call),
    want.Hold: lambda i: _with("hold", call=i.call),
    want.Resume: lambda i: _with("resume", call=i.call),
    want.Transfer: lambda i: _with("transfer", to=i.to, call=i.call),
    want.Conference: lambda i: {"do": "conference", "on": i.on},
    want.Redirect: _redirected,
    want.Dtmf: lambda i: {"do": "dtmf", "digits": i.digits},
    want.Write: lambda i: _with("message", to=i.to, text=i.text, identity=i.identity),
    want.AddContact: lambda i: _with("add_contact", uri=i.uri, name=i.name or None, group=i.group or None),
    want.RemoveContact: lambda i: {"do": "remove_contact", "uri": i.uri},
    want.Search: lambda i: {"do": "search", "text": i.text},
    want.SetPresence: lambda i: _with("presence", availability=i.availability.value, note=i.note),
    want.SetSetting: lambda i: {"do": "set", "name": i.name, "value": i.value},
    want.Register: lambda i: {"do": "register", "identity": i.identity},
    want.LogOff: lambda i: _with("logoff", identity=i.identity),
    want.Administer: lambda i: {"do": "administer", "password": i.password},
    want.ClearList: lambda i: {"do": "clear", "list": i.which},
    want.ForgetCall: lambda i: {"do": "forget_call", "list": i.which, "id": i.id},
    want.ForgetMessage: lambda i: {"do": "forget_message", "id": i.id},
    want.SaveEntry: _saved,
    want.DeleteEntry: lambda i: {"do": "delete_entry", "uri": i.uri},
    want.Reboot: lambda i: {"do": "reboot"},
    want.PlayRinger: lambda i: {"do": "ring", "number": i.number},
    want.Reset: lambda i: {"do": "reset"},
    want.AcceptCertificate: lambda i: {"do": "accept_certificate", "fingerprint": i.fingerprint},
    want.RejectCertificate: lambda i: {"do": "reject_certificate", "fingerprint": i.fingerprint},
    want.Select: lambda i: {"do": "select", "row": i.row},
    want.Go: lambda i: {"do": "go", "page": i.page},
    want.Show: lambda i: {"do": "show", "url": i.url},
    want.Quit: lambda i: {"do": "quit"},
}
