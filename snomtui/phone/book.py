"""All contacts in one book: the server's lists and the phone's own, by name, by group, and as they are searched.

A book never changes; when a list comes a new one is made. What is asked of it for each drawing costs as much with a
thousand contacts as with ten: counts are kept up, and the last listing is remembered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from snomtui.presence import OTHER_CONTACTS, Availability, Contact

_ABSENT = (Availability.OFFLINE, Availability.UNKNOWN)
_NUMBER = re.compile(r"\+?[0-9*#][0-9*# ()./-]*")
_BREAKS = re.compile(r"[\s._\-,@]+")

Roster = tuple[tuple[Contact, ...], tuple[str, ...]]
"""A list that a server keeps: its contacts, and its groups in the server's order."""
_NONE: Mapping[int, Roster] = {}


@dataclass(frozen=True, slots=True)
class Section:
    """One group with its contacts, sorted by name."""

    name: str
    members: tuple[Contact, ...]


Entry = Section | Contact
"""One row of a listing: a heading, or a contact."""


def bare(address: str) -> str:
    """An address or number in the one spelling by which people are known: without scheme and parameters."""
    return address.removeprefix("sip:").removeprefix("tel:").partition(";")[0].casefold()


def is_there(availability: Availability) -> bool:
    """Whether somebody counts as online."""
    return availability not in _ABSENT


class Book:
    """All contacts without their presence."""

    def __init__(self, rosters: Mapping[int, Roster] = _NONE, own: Iterable[Contact] = ()) -> None:
        """`rosters`: the servers' lists by identity; `own`: the phone's own directory.

        Who stands in several lists is one contact.
        """
        known: dict[str, Contact] = {}
        order: dict[str, None] = {}
        self._listers: dict[str, int] = {}
        for identity in sorted(rosters):
            contacts, groups = rosters[identity]
            order.update(dict.fromkeys(groups))
            for contact in contacts:
                known.setdefault(contact.uri, contact)
                self._listers.setdefault(bare(contact.uri), identity)
        for contact in own:
            listed = known.get(contact.uri)
            known[contact.uri] = _merged(listed, contact) if listed else contact
        self.people = tuple(sorted(known.values(), key=lambda each: each.label.casefold()))
        """Everybody once, sorted by name."""
        self._known = {bare(each.uri): each for each in self.people}
        self.sections = _sections(self.people, order)
        """The groups; empty if there is nothing to tell apart."""
        self._homes: dict[str, list[str]] = {}
        for section in self.sections:
            for each in section.members:
                self._homes.setdefault(bare(each.uri), []).append(section.name)
        self._online: dict[str, set[str]] = {section.name: set() for section in self.sections}
        self._words: dict[str, str] = {}
        self._numbers: dict[str, str] | None = None
        self._listed: tuple[frozenset[str], str, tuple[Entry, ...]] | None = None

    def find(self, uri: str) -> Contact | None:
        """The contact with this address, in any spelling."""
        return self._known.get(bare(uri))

    def lister(self, uri: str) -> int | None:
        """The identity in whose server's list somebody stands; None = in none."""
        return self._listers.get(bare(uri))

    # -- who is there

    def saw(self, uri: str, availability: Availability) -> None:
        """Somebody is seen in another state."""
        address = bare(uri)
        for name in self._homes.get(address, ()):
            if is_there(availability):
                self._online[name].add(address)
            else:
                self._online[name].discard(address)

    def online(self, section: Section) -> int:
        """How many of a group are there."""
        return len(self._online[section.name])

    # -- what is shown

    def listing(self, folded: frozenset[str], wanted: str) -> tuple[Entry, ...]:
        """The rows of the contact list: groups, of which some are folded, or all who fit what was typed."""
        if self._listed is None or self._listed[:2] != (folded, wanted):
            self._listed = (folded, wanted, tuple(self._list(folded, wanted)))
        return self._listed[2]

    def _list(self, folded: frozenset[str], wanted: str) -> Iterator[Entry]:
        if wanted.strip():
            needle = " " + (_digits(wanted) if _NUMBER.fullmatch(wanted.strip()) else plain(wanted))
            yield from (each for each in self.people if needle in self._text(each))
        elif not self.sections:
            yield from self.people
        else:
            for section in self.sections:
                yield section
                if section.name not in folded:
                    yield from section.members

    def _text(self, contact: Contact) -> str:
        """What is looked through for the beginning of a word: name, address and numbers."""
        text = self._words.get(contact.uri)
        if text is None:
            words = (contact.name, bare(contact.uri), *map(_digits, contact.numbers))
            text = self._words[contact.uri] = " " + plain(" ".join(words))
        return text

    # -- who calls

    def name_of(self, address: str, normal: Callable[[str], str]) -> str:
        """The name for an address or a number, or empty; `normal` writes numbers as the number plan does."""
        if self._numbers is None:
            self._numbers = {normal(number): each.name for each in self.people for number in each.numbers}
        wanted = bare(address)
        user = wanted.partition("@")[0]
        found = self._known.get(wanted)
        return (found.name if found else "") or self._numbers.get(normal(user), "") or self._only(wanted)

    def _only(self, wanted: str) -> str:
        """An address without a host is enough where it is a contact's whole address."""
        found = self._known.get(wanted.partition("@")[0])
        return found.name if found else ""


def _digits(number: str) -> str:
    return re.sub(r"[^0-9*#]", "", number)


def plain(text: str) -> str:
    """A text as it is searched: small letters without accents, words separated by one blank."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return _BREAKS.sub(" ", "".join(sign for sign in split if not unicodedata.combining(sign)))


def _sections(people: tuple[Contact, ...], order: dict[str, None]) -> tuple[Section, ...]:
    """The groups with their members; none where there are only other contacts, which need no heading."""
    members: dict[str, list[Contact]] = {name: [] for name in order}
    for contact in people:
        for name in dict.fromkeys(contact.groups or (OTHER_CONTACTS,)):
            members.setdefault(name, []).append(contact)
    if not members.get(OTHER_CONTACTS):
        members.pop(OTHER_CONTACTS, None)
    if set(members) <= {OTHER_CONTACTS}:
        return ()
    return tuple(Section(name, tuple(each)) for name, each in members.items())


def _merged(server: Contact, own: Contact) -> Contact:
    """The server's word comes first."""
    kept = server if server.numbers else replace(server, numbers=own.numbers, kinds=own.kinds)
    return replace(kept, name=server.name or own.name)
