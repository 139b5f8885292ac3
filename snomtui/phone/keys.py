"""The keys of a snom, and what they mean when the page on top does not take them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.phone.intents import Dial, Dtmf, Go, HangUp, Intent, Press, Redirect, SetSetting, Show, Transfer
from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState
from snomtui.settings.registry import IDENTITIES, Settings, registry
from snomtui.sip.uri import person_uri
from snomtui.skin import EXPANSION

DIGITS = "0123456789*#"
PROGRAMMABLE = 54
"""P1 to P54 have a meaning (`fkey0` to `fkey53`), on whatever case, display or expansion module they are."""

_PLAIN = frozenset(
    {
        "CANCEL", "ENTER", "OFFHOOK", "ONHOOK", "LEFT", "RIGHT",
        "UP", "DOWN", "F1", "F2", "F3", "F4",
        "SPEAKER", "HEADSET", "TRANSFER", "REDIAL", "DND", "REC",
        "MENU", "F_HOLD", "VOLUME_UP", "VOLUME_DOWN", "DISCONNECT", "MUTE",
        "CONFERENCE", "HELP", "SNOM", "RETRIEVE", "DIRECTORY", "SETTINGS",
        "MESSAGE", "BACKSPACE",
    }
)  # fmt: skip
ALIASES = {
    "F_R": "F_HOLD",
    "HOLD": "F_HOLD",
    "OK": "ENTER",
    "F_OK": "ENTER",
    "F_CANCEL": "CANCEL",
    "F_ABORT": "CANCEL",
    "F_UP": "UP",
    "F_DOWN": "DOWN",
    "F_LEFT": "LEFT",
    "F_RIGHT": "RIGHT",
    "F_TRANSFER": "TRANSFER",
    "F_CONFERENCE": "CONFERENCE",
    "F_CONF_ON": "CONFERENCE",
    "F_REDIAL": "REDIAL",
    "F_DND": "DND",
    "F_MUTE": "MUTE",
    "F_REC": "REC",
    "F_MENU": "MENU",
    "F_SETTINGS": "SETTINGS",
    "F_HELP": "HELP",
    "F_SNOM": "SNOM",
    "F_SUPPORT": "HELP",
    "STAR": "*",
    "HASH": "#",
    "POUND": "#",
    "CLEAR": "BACKSPACE",
}
"""Other spellings of a key, as `keyevent`, the minibrowser and older firmware write them."""

PAGES = {
    "F_REGS": "identities",
    "F_CALL_LIST": "call_lists",
    "F_ADR_BOOK": "directory",
    "F_DIRECTORY": "contacts",
    "F_CONTACTS": "contacts",
    "F_PRESENCE": "presence",
    "F_MESSAGES": "messages",
    "F_SECURITY": "security",
    "F_INFO": "info",
    "F_LOGOFF_ALL": "confirm:log_off_all",
    "F_IDENTITIES": "menu:identity",
    "F_PREFERENCES": "menu:preferences",
    "F_REMOTE_DIR": "search",
    "F_CONTACTPOOL": "contacts",
    "F_REDIRECT": "redirection",
    "F_MISSED_LIST": "calls:missed",
    "F_ACCEPTED_LIST": "calls:received",
    "F_DIALED_LIST": "calls:dialed",
    "F_DIRECTORY_SEARCH": "search",
    "ABS": "search",
    "F_ABS": "search",
    "MENU": "menu",
    "SETTINGS": "menu",
    "DIRECTORY": "contacts",
    "HELP": "help",
    "SNOM": "info",
}
"""Keys that open a page."""

IDENTITY_KEYS = {"F_PREV_ID": -1, "F_NEXT_ID": 1}
"""Keys that change the outgoing identity, and which way they go."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No snom has such a key."""

    name: str


def canonical(name: str) -> str | Unknown:
    """The phone's own name of a key; matching ignores case, as one published client relies on."""
    if name.startswith("TEXT:") and len(name) == 6:
        return name
    key = name.strip().upper()
    key = ALIASES.get(key, key)
    if key in _PLAIN or key in PAGES or key in IDENTITY_KEYS or (len(key) == 1 and key in DIGITS):
        return key
    if re.fullmatch(r"P[1-9][0-9]?", key) and int(key[1:]) <= PROGRAMMABLE:
        return key
    if re.fullmatch(r"EK(0|[1-9][0-9]?)", key) and EXPANSION + int(key[2:]) <= PROGRAMMABLE:
        return f"P{EXPANSION + int(key[2:])}"  # the module comes after the twelve of the phone
    return Unknown(name)


@dataclass(frozen=True, slots=True)
class FunctionKey:
    """The meaning of a programmable key (`fkey0` is P1)."""

    kind: str
    """`line`, `dest`, `speed`, `keyevent`, `none`, or a kind that this phone does not serve."""
    argument: str = ""
    label: str = ""
    identity: int | None = None
    """The identity that it dials from; None = the outgoing one."""

    @property
    def uri(self) -> str:
        """The address in the argument of `dest` and `blf`, without brackets."""
        found = re.search(r"<([^>]+)>", self.argument)
        return (found[1] if found else self.argument.partition("|")[0]).strip()


def function_key(settings: Settings, number: int) -> FunctionKey:
    """What Pn means, by the settings `fkey`, `fkey_context`, `fkey_label` and `fkey_short_label`."""
    kind, _, argument = settings.text("fkey", number - 1).strip().partition(" ")
    label = settings.text("fkey_label", number - 1) or settings.text("fkey_short_label", number - 1)
    context = settings.text("fkey_context", number - 1).strip()
    identity = int(context) if context.isascii() and context.isdigit() and 1 <= int(context) <= IDENTITIES else None
    return FunctionKey(kind.lower() or "none", argument.strip(), label, identity)


def line_keys(settings: Settings, names: Iterable[str]) -> list[str]:
    """The keys on which calls sit, of those that the phone has, in order."""
    return [name for name in names if function_key(settings, int(name[1:])).kind == "line"]


def people_on_keys(settings: Settings, identity: int, ocs: bool) -> tuple[str, ...]:
    """The addresses of colleagues on the keys of this identity, each once; their presence is wanted.

    An ordinary PBX tells of `blf` keys whose phone is in use, so that only `dest` keys ask for presence there.
    A key of context `active` belongs to the outgoing identity. A number is nobody.
    """
    kinds = ("dest", "blf") if ocs else ("dest",)
    found: dict[str, str] = {}
    for number in range(1, (registry()["fkey"].last or 0) + 2):
        meant = function_key(settings, number)
        owner = meant.identity or settings.number("active_line")
        if meant.kind in kinds and owner == identity and (uri := person(meant.uri)):
            found.setdefault(uri.casefold(), uri)
    return tuple(found.values())


def person(address: str) -> str:
    """The address of somebody whose presence can be asked for, as `sip:user@host`; empty if it is a number or none."""
    bare, _, parameters = address.strip().partition(";")
    return "" if "user=phone" in parameters.lower() else person_uri(bare) or ""


def call_on(model: Model, key: str) -> CallState | None:
    """The call that sits on this line key."""
    return next((call for call in model.calls.values() if call.key == key), None)


def meaning(model: Model, key: str) -> Intent | None:
    """What a key means when the page on top does not take it; None = it does nothing here."""
    if key in PAGES:
        return Go(PAGES[key])
    if key in IDENTITY_KEYS:
        return _other_identity(model, IDENTITY_KEYS[key])
    if key.startswith("P") and key[1:].isdigit():
        return _programmable(model, key)
    if key == "REDIAL":
        dialled = model.history.list("dialed")
        return Dial(dialled[0].number) if dialled else Go("calls:dialed")
    if key == "RETRIEVE":
        mailbox = model.settings.text("user_mailbox", model.active_line)
        return Dial(mailbox) if mailbox else None
    if key == "DISCONNECT":
        return HangUp()
    return None


def _other_identity(model: Model, step: int) -> Intent | None:
    """The next identity that is set up becomes the outgoing one, or the one before."""
    numbers = sorted(model.identities)
    if len(numbers) < 2:
        return None
    at = numbers.index(model.active_line) if model.active_line in numbers else 0
    return SetSetting("active_line", str(numbers[(at + step) % len(numbers)]))


def action(text: str) -> FunctionKey:
    """What a key of the idle display means, as settings such as `gui_fkey1` say it; `F_REGS` alone is a key event."""
    kind, _, argument = text.strip().partition(" ")
    if not argument and kind.upper().startswith("F_"):
        return FunctionKey("keyevent", kind.upper())
    return FunctionKey(kind.lower() or "none", argument.strip())


def _programmable(model: Model, key: str) -> Intent | None:
    return wish(function_key(model.settings, int(key[1:])))


def wish(meant: FunctionKey) -> Intent | None:
    """What a key with this meaning does; None = nothing."""
    if meant.kind in ("dest", "blf"):
        return Dial(meant.uri, meant.identity)
    if meant.kind == "speed":
        return Dial(meant.argument, meant.identity)
    if meant.kind == "dtmf":
        return Dtmf(meant.argument) if meant.argument else None
    if meant.kind == "transfer":
        return Transfer(meant.uri) if meant.uri else None
    if meant.kind == "redirect":
        return Redirect("all", to=meant.uri or None)
    if meant.kind in ("url", "xml"):
        return Show(meant.argument, quiet=meant.kind == "url")
    if meant.kind == "keyevent":
        other = canonical(meant.argument)
        # A key that stands for a programmable key could stand for itself in the end.
        return None if isinstance(other, Unknown) or re.fullmatch(r"P\d+", other) else Press(other)
    return None
