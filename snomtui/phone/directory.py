"""The phone's own directory: who is written down here, of which type, and what the type means for a caller."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from snomtui.phone import intents
from snomtui.phone.book import bare
from snomtui.phone.intents import Refusal
from snomtui.phone.model import Model
from snomtui.presence import Contact

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

TYPES = ("", "VIP", "Deny", "Friends", "Family", "Colleagues", "Work", "Favorite")
"""snom's types of entries; the empty one is none."""
_ADDRESS = re.compile(r"(?:sips?:)?[^\s<>\"@;?:]+@[^\s<>\"@;?/]+")
_NUMBER = re.compile(r"\+?[0-9*#][0-9*# ()./-]*")


def type_of(model: Model, uri: str, number: str = "") -> str:
    """The type of whoever has this address or number in the phone's own directory; empty = none."""
    address = bare(uri)
    callers = {model.normal(each) for each in (address.partition("@")[0], number) if _NUMBER.fullmatch(each)}
    for entry in model.directory:
        if entry.type and (bare(entry.uri) == address or any(model.normal(n) in callers for n in entry.numbers)):
            return entry.type
    return ""


class Directory:
    """The part of the hands that writes the directory."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def save(self, wish: intents.SaveEntry, now: float) -> Refusal | None:
        """Write an entry, or say what is wrong with it."""
        model = self._phone.model
        made = _made(wish)
        if isinstance(made, Refusal):
            return made
        old = next((each for each in model.directory if each.uri == wish.old), None)
        if any(bare(each.uri) == bare(made.uri) and each is not old for each in model.directory):
            return Refusal.of("{address} is in the directory already", address=bare(made.uri))
        if old is not None:
            made = replace(made, watched=old.watched, groups=old.groups)
        others = tuple(each for each in model.directory if each is not old)
        model.enlist(None, (*others, made))
        if old is not None and old.uri != made.uri:
            self._phone.keep(f"entry:{old.uri}", "")
        self._phone.keep(f"entry:{made.uri}", text_of(made))
        return None

    def delete(self, wish: intents.DeleteEntry, now: float) -> Refusal | None:
        """Take an entry out."""
        model = self._phone.model
        left = tuple(each for each in model.directory if each.uri != wish.uri)
        if len(left) == len(model.directory):
            return Refusal("There is no such entry")
        model.enlist(None, left)
        self._phone.keep(f"entry:{wish.uri}", "")
        return None


def _made(wish: intents.SaveEntry) -> Contact | Refusal:
    numbers = tuple(number.strip() for number in wish.numbers if number.strip())
    address = wish.address.strip()
    if not (numbers or address):
        return Refusal("An entry needs a number or an address")
    wrong = next((number for number in numbers if not _NUMBER.fullmatch(number)), None)
    if wrong is not None:
        return Refusal.of("{text} is no number", text=repr(wrong[:60]))
    if address and not _ADDRESS.fullmatch(address):
        return Refusal.of("{text} is no address: it must be user@host", text=repr(address[:60]))
    if wish.type not in TYPES:
        return Refusal.of("The types are {types}", types=", ".join(filter(None, TYPES)))
    scheme = "" if address.startswith(("sip:", "sips:")) else "sip:"
    uri = f"{scheme}{address}" if address else f"tel:{numbers[0]}"
    return Contact(uri, wish.name.strip(), numbers, watched=False, type=wish.type)


# -- kept over restarts


def text_of(entry: Contact) -> str:
    """One entry as a line of JSON, for `Keep`."""
    return json.dumps(
        {
            "uri": entry.uri,
            "name": entry.name,
            "numbers": entry.numbers,
            "type": entry.type,
            "watched": entry.watched,
        }
    )


def _entry(text: str) -> Contact | None:
    """Read what `text_of` wrote; None if it is something else."""
    try:
        read = json.loads(text)
        numbers = tuple(str(each) for each in read["numbers"])
        kind = str(read["type"])
        return Contact(
            uri=str(read["uri"]),
            name=str(read["name"]),
            numbers=numbers,
            watched=read["watched"] is True,
            type=kind if kind in TYPES else "",
        )
    except (ValueError, KeyError, TypeError):
        return None


def restored(given: Iterable[Contact], kept: Mapping[str, str]) -> tuple[Contact, ...]:
    """The directory after a restart: what was given, and what was changed on the phone since.

    `kept` are the values of `Keep("entry:URI")` by URI; an empty one is an entry that was deleted.
    """
    entries = {each.uri: each for each in given}
    for uri, text in kept.items():
        entry = _entry(text) if text else None
        if entry is not None:
            entries[uri] = entry
        elif not text:
            entries.pop(uri, None)
    return tuple(entries.values())
