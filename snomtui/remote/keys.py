"""The keys that `key=` of command.htm and `press` know, by snom's names, and how a sequence of them is written.

A sequence is `K;K,T,P;...`: T is how long the key is held and P the pause after it, in ms; both may be left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from urllib.parse import unquote

from snomtui.errors import LocalError
from snomtui.phone.intents import Press
from snomtui.phone.keys import ALIASES, IDENTITY_KEYS, PAGES

LONGEST = 60_000
"""The longest press or pause that is taken, ms."""

_PRINTED = (
    "CANCEL ENTER OFFHOOK ONHOOK LEFT RIGHT UP DOWN 0 1 2 3 4 5 6 7 8 9 * # F1 F2 F3 F4 SPEAKER HEADSET TRANSFER "
    "REDIAL DND REC MENU VOLUME_UP VOLUME_DOWN DISCONNECT CLEAR FUNCTION RECALL MUTE CONFERENCE HELP SNOM RETRIEVE "
    "DIRECTORY SETTINGS"
)
_FUNCTIONS = (
    "ABORT ADR_BOOK CALL_AGENT_LOGGEDIN CALL_AGENT_READY CALL_LIST CANCEL CONFERENCE CONF_ON CONTACTPOOL CONTACTS "
    "DIALOG DIRECTORY DND DOWN HELP HOLD LEFT MENU MUTE NEXT_ID PRESENCE PREV_ID R REC REDIAL REGS REMOTE_DIR RIGHT "
    "SETTINGS SNOM SUPPORT TRANSFER UP MINIBROWSER_SELECT MINIBROWSER_EXIT MINIBROWSER_UPDATE MINIBROWSER_SEARCH "
    "MINIBROWSER_CANCEL MINIBROWSER_BACK MINIBROWSER_DIAL MINIBROWSER_EDIT_DIAL MINIBROWSER_EDIT_NEXT"
)
_OPENING = frozenset(name for name in (*PAGES, *IDENTITY_KEYS) if name.startswith("F_"))
NAMES = frozenset(_PRINTED.split()) | {f"F_{name}" for name in _FUNCTIONS.split()} | _OPENING
"""All keys with a fixed name; beside them P1 to P99 and EK0 to EK127."""

_NUMBERED = re.compile(r"P[1-9][0-9]?|EK(?:0|[1-9][0-9]?|1[01][0-9]|12[0-7])")
_OLD_NAMES = {"F_R": "F_HOLD"}
"""Older firmware calls Hold so."""


class BadKeys(LocalError):
    """A key sequence that cannot be read; the text says which part and why."""


def presses(sequence: str) -> tuple[Press, ...]:
    """Read `K,T,P;K...`; raises `BadKeys`. The case of letters does not matter.

    Liberal, as programs write it in many ways: keys may be parted by blanks or `+` too, digits need not be parted at
    all, a `=` behind a key is passed over, and what was percent-encoded twice is decoded.
    """
    text = unquote(sequence) if "%" in sequence else sequence
    text = re.sub(r"[\s+]*,[\s+]*", ",", text).replace("=", "")
    found = tuple(press for item in re.split(r"[;\s+]+", text) if item for press in _item(item))
    if not found:
        raise BadKeys("no key given")
    return found


def _item(item: str) -> tuple[Press, ...]:
    return tuple(map(Press, item)) if re.fullmatch(r"[0-9*#]{2,255}", item) else (_press(item),)


def sequence(keys: Iterable[Press]) -> str:
    """Write presses as `presses` reads them."""
    return ";".join(_written(key) for key in keys)


def _press(item: str) -> Press:
    name, *times = (part.strip() for part in item.split(","))
    key = name.upper()
    key = _OLD_NAMES.get(key, key)
    if key not in NAMES:
        key = ALIASES.get(key, key)
    if key not in NAMES and not _NUMBERED.fullmatch(key):
        raise BadKeys(f"unknown key {_short(name)}{_hint(key)}")
    if len(times) > 2:
        raise BadKeys(f"key {key}: too many commas, write KEY,PRESS,PAUSE")
    time, pause = (_milliseconds(key, text) for text in (*times, "", "")[:2])
    return Press(key, time, pause)


def _milliseconds(key: str, text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= LONGEST):
        raise BadKeys(f"key {key}: times are whole milliseconds up to {LONGEST}, not {_short(text)}")
    return int(text)


def _written(press: Press) -> str:
    if press.pause:
        return f"{press.key},{press.time or ''},{press.pause}"
    return f"{press.key},{press.time}" if press.time else press.key


def _hint(key: str) -> str:
    """What the person may have meant, or which keys there are."""
    near = get_close_matches(key[:40], sorted(NAMES), 3, 0.7)
    if near:
        return f", did you mean {' or '.join(near)}?"
    return "; keys are 0 to 9, *, #, ENTER, CANCEL, UP, DOWN, LEFT, RIGHT, F1 to F4, P1 to P99, MENU, MUTE, F_HOLD ..."


def _short(text: str) -> str:
    """The text for a message: printable and not longer than a line."""
    return ascii(text[:40])
