"""The shapes of intents as JSON: the fields that each `do` takes.

The table stands beside `intentjson`, which reads these objects; its tests read what the shapes allow, and refuse what
they forbid. Where the reader is more liberal (case, blanks, fields that nobody knows), the shape shows the plain form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from snomtui.phone.directory import TYPES
from snomtui.phone.history import LISTS
from snomtui.phone.ringer import RINGERS
from snomtui.presence import Availability
from snomtui.remote.api.shapes import FILLED, LINE, Shape, maybe, named, one_of, row_of, switch, text, thing, whole
from snomtui.remote.intentjson import LONGEST, LONGEST_NUMBER, MOST_AT_ONCE, MOST_NUMBERS, REDIRECTED
from snomtui.remote.keys import NAMES
from snomtui.settings.registry import IDENTITIES

_TIME = "(?:,(?:[0-9]{0,4}|[1-5][0-9]{4}|60000)){0,2}"
_KEY = f"(?:{'|'.join(re.escape(name) for name in sorted(NAMES))}|P[1-9][0-9]?|EK[0-9]|EK[1-9][0-9]){_TIME}"
KEYS = f"^{_KEY}(?:;{_KEY})*$"
"""A sequence of keys, as programs should write it."""

_NUMERAL: Shape = {"type": ["string", "integer"], "maxLength": LONGEST}
"""A text, for which its digits may stand as a number."""
_KEYS: Shape = {**_NUMERAL, "pattern": KEYS, "minimum": 0}
_LINE: Shape = {**_NUMERAL, "pattern": LINE}
_ANY = maybe(_NUMERAL)
_IDENTITY = maybe(whole(1, IDENTITIES, "The identity; null = the outgoing one."))
_CALL: Shape = {**_ANY, "description": "The id of a call; null = the one on the display."}
_PRINT: Shape = text("SHA-256 of the certificate.", pattern="^[0-9a-fA-F]{64}$")
_LIST = one_of(*LISTS)


def _line(about: str) -> Shape:
    return {**_LINE, "description": about}


def _any(about: str) -> Shape:
    return {**_ANY, "description": about}


_FIELDS: Mapping[str, tuple[str, Mapping[str, Shape], tuple[str, ...]]] = {
    "dial": ("Call somebody.", {"number": _line("A number or an address."), "identity": _IDENTITY}, ("identity",)),
    "press": (
        "Press keys, one after the other.",
        {"keys": {**_KEYS, "description": "KEY or KEY,TIME,PAUSE in ms, with ; between; digits also as a number."}},
        (),
    ),
    "hangup": ("End a call, or all.", {"call": _CALL, "every": switch("All calls.")}, ("call", "every")),
    "answer": ("Take a ringing call.", {"call": _CALL}, ("call",)),
    "hold": ("Put a call on hold.", {"call": _CALL}, ("call",)),
    "resume": ("Take a held call back.", {"call": _CALL}, ("call",)),
    "transfer": (
        "Send the other side elsewhere, or connect two calls with each other.",
        {"to": _line("A number, an address, or the id of another call."), "call": _CALL},
        ("call",),
    ),
    "conference": ("Join all calls, or part them.", {"on": switch()}, ("on",)),
    "redirect": (
        "Send callers elsewhere, or no longer.",
        {"when": one_of(*REDIRECTED), "on": maybe(switch()), "to": _any("A number or an address.")},
        ("on", "to"),
    ),
    "dtmf": ("Send digits in the call.", {"digits": {**_NUMERAL, "pattern": "^[0-9*#A-Da-d]+$", "minimum": 0}}, ()),
    "message": (
        "Send an instant message.",
        {"to": _line("A number or an address."), "text": {**_NUMERAL, "pattern": FILLED}, "identity": _IDENTITY},
        ("identity",),
    ),
    "add_contact": (
        "Put somebody on the server's contact list.",
        {"uri": _line("user@host"), "name": _any("Empty = as the card has it."), "group": _any("Empty = no group.")},
        ("name", "group"),
    ),
    "remove_contact": ("Take somebody off the server's contact list.", {"uri": _line("user@host")}, ()),
    "search": (
        "Search the server's address book; the event found answers.",
        {"text": _line("A name or a number.")},
        (),
    ),
    "presence": (
        "Choose how one is seen.",
        {"availability": one_of(*(each.value for each in Availability)), "note": _any("null = leave it as it is.")},
        ("note",),
    ),
    "set": (
        "Change a setting.",
        {
            "name": _line("snom's name, such as user_name1."),
            "value": {"type": ["string", "integer", "boolean"], "maxLength": LONGEST},
        },
        (),
    ),
    "register": ("Register an identity now.", {"identity": _IDENTITY}, ("identity",)),
    "logoff": ("Unregister an identity; null = all.", {"identity": _IDENTITY}, ("identity",)),
    "administer": (
        "Go to administrator mode; set admin_mode to off leads back.",
        {"password": {**_NUMERAL, "description": "The administrator password."}},
        (),
    ),
    "clear": ("Empty a call list.", {"list": _LIST}, ()),
    "forget_call": ("Take one call out of its list.", {"list": _LIST, "id": _line("The id of the call there.")}, ()),
    "forget_message": ("Delete an instant message.", {"id": _line("Its id.")}, ()),
    "save_entry": (
        "Write somebody into the phone's own directory.",
        {
            "name": _any("The name."),
            "numbers": row_of(text(maxLength=LONGEST_NUMBER), maxItems=MOST_NUMBERS),
            "address": _any("user@host"),
            "type": one_of(*TYPES),
            "old": _any("The uri of the entry that is changed; empty = a new one."),
        },
        ("name", "numbers", "address", "type", "old"),
    ),
    "delete_entry": ("Take somebody out of the phone's own directory.", {"uri": _line("The uri of the entry.")}, ()),
    "reboot": ("Start again.", {}, ()),
    "ring": ("Let a ringer be heard for a moment.", {"number": whole(1, RINGERS)}, ("number",)),
    "reset": ("Back to the factory state.", {}, ()),
    "accept_certificate": ("Trust a certificate that the phone has asked about.", {"fingerprint": _PRINT}, ()),
    "reject_certificate": ("Do not trust it.", {"fingerprint": _PRINT}, ()),
    "select": ("Put the cursor on a row of the display.", {"row": whole(0, 999)}, ()),
    "go": ("Open a page of the display by name.", {"page": _line("The name.")}, ()),
    "snapshot": ("The whole phone.", {}, ()),
    "show": ("Open a page in the minibrowser.", {"url": _line("A URL.")}, ()),
    "quit": ("Unregister, end calls, end the program.", {}, ()),
}
"""For each `do`: what it does, its fields, and those of them that need not be there."""


def intent_shape(do: str) -> Shape:
    """The object that asks for one intent."""
    about, fields, optional = _FIELDS[do]
    return thing({"do": {"const": do}, **fields}, optional, about)


def components() -> dict[str, Shape]:
    """All shapes of this table by the names under which others refer to them."""
    intents = {f"Intent_{do}": intent_shape(do) for do in _FIELDS}
    every: Shape = {"oneOf": [named(name) for name in intents], "discriminator": {"propertyName": "do"}}
    several = row_of(named("Intent"), minItems=1, maxItems=MOST_AT_ONCE)
    return {"Intent": every, "Intents": several, **intents}
