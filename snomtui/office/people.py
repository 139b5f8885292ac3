"""Who works here: the people file of `snomtui office --people FILE.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha1
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from snomtui.errors import MalformedMessage, PeopleError
from snomtui.kit.secret import Secret
from snomtui.presence import Availability
from snomtui.sip.uri import Uri

Value = TypeVar("Value")


class Behaviour(Enum):
    """What a person does without a telephone, as long as nobody is signed in as them."""

    NONE = ""
    """Nothing: only somebody who signs in can answer."""
    ANSWERS = "answers"
    """Rings for a second, answers, plays a tone and then echoes."""
    BUSY = "busy"
    """Is always on the phone: 486."""
    RINGS = "rings"
    """Never answers: 180 for ever."""
    REJECTS = "rejects"
    """Declines: 603."""
    WANDERS = "wanders"
    """Presence changes by itself every few seconds; answers calls."""
    CALLS = "calls"
    """Rings the signed-in phones from time to time; answers calls."""


@dataclass(frozen=True, slots=True)
class Person:
    """One user of the front end."""

    uri: str
    """`sip:user@domain` as the file has it."""
    login: str = ""
    """The Windows account, without domain; empty: as the address."""
    password: Secret = field(default_factory=lambda: Secret(""))
    """Empty: nobody can sign in as this person."""
    name: str = ""
    numbers: tuple[str, ...] = ()
    """E.164 with `+`."""
    contacts: tuple[str, ...] = ()
    """Addresses of the contact list that the person starts with."""
    behaviour: Behaviour = Behaviour.NONE
    availability: Availability = Availability.AVAILABLE
    """What a scripted person starts with."""
    note: str = ""

    @property
    def aor(self) -> str:
        """The address in lower case: what a person is known by."""
        return self.uri.lower()

    @property
    def address(self) -> str:
        """`user@domain` without scheme."""
        return self.uri.partition(":")[2]

    @property
    def user(self) -> str:
        """The user part of the address."""
        return self.address.partition("@")[0]

    @property
    def label(self) -> str:
        """The name, or else the user part of the address."""
        return self.name or self.user

    @property
    def scripted(self) -> bool:
        """Whether a script plays this person."""
        return self.behaviour is not Behaviour.NONE

    @property
    def epid(self) -> str:
        """The epid of the endpoint at which the script sits."""
        return sha1(self.aor.encode(), usedforsecurity=False).hexdigest()[:12]

    @property
    def identity(self) -> str:
        """The value of P-Asserted-Identity (RFC 3325): the address, and the first number."""
        name = self.label.replace("\\", "").replace('"', "")
        tel = f", <tel:{self.numbers[0]}>" if self.numbers else ""
        return f'"{name}" <{self.uri}>{tel}'


class People:
    """All users of one SIP domain."""

    def __init__(self, domain: str, netbios: str, persons: tuple[Person, ...], server: str = "") -> None:
        """`server` is the front end's own name; empty: `sip.` and the domain."""
        self.domain = domain
        self.netbios = netbios
        self.persons = persons
        self.server = server or f"sip.{domain}"
        self._by_aor = {each.aor: each for each in persons}
        self._by_login = {(each.login or each.user).lower(): each for each in persons}
        self._by_number = {number: each for each in persons for number in each.numbers}

    @classmethod
    def load(cls, path: Path) -> People:
        """Read a file; raises `PeopleError` naming file and key."""
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PeopleError(f"{path}: cannot be read: {error}") from None
        return cls.parse(text, str(path))

    @classmethod
    def default(cls) -> People:
        """The people of the demo: Heiko Riedel and his colleagues."""
        return cls.parse(files(__package__).joinpath("people.toml").read_text("utf-8"), "people.toml")

    @classmethod
    def parse(cls, text: str, source: str = "people") -> People:
        """Read the text of a people file; raises `PeopleError` naming `source` and the key."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PeopleError(f"{source}: {error}") from None
        top = _Table(document, source)
        domain = top.text("domain").lower()
        netbios = top.text("netbios", domain.partition(".")[0].upper())
        server = top.text("server", "")
        entries = top.tables("person")
        top.done()
        return cls(domain, netbios, _persons(entries, domain), server)

    def find(self, uri: str) -> Person | None:
        """The person with this address, in any case; `sip:` may be missing, parameters are ignored."""
        uri = uri.lower().partition(";")[0]
        return self._by_aor.get(uri if uri.startswith("sip:") else f"sip:{uri}")

    def account(self, user: str, domain: str) -> Person | None:
        """The person who signs in as DOMAIN\\user, user@domain or user, in any case."""
        user, domain = user.lower(), domain.lower()
        if "@" in user:
            user, _, domain = user.partition("@")
        if domain not in ("", self.netbios.lower(), self.domain.lower()):
            return None
        return self._by_login.get(user) or self._by_aor.get(f"sip:{user}@{self.domain}")

    def password_of(self, user: str, domain: str) -> Secret | None:
        """The password for a sign-in, or None for a stranger."""
        person = self.account(user, domain)
        return person.password if person and person.password else None

    def by_number(self, number: str) -> Person | None:
        """The person with this E.164 number."""
        return self._by_number.get(number)


def _persons(entries: list[_Table], domain: str) -> tuple[Person, ...]:
    persons: list[Person] = []
    taken: dict[str, str] = {}
    for entry in entries:
        person = _person(entry, domain)
        login = f"login {(person.login or person.user).lower()}"
        for each in (person.aor, login, *person.numbers):
            if each in taken:
                raise PeopleError(f"{entry.where}: {each} is already taken by {taken[each]}")
            taken[each] = entry.where
        persons.append(person)
    return tuple(persons)


def _person(entry: _Table, domain: str) -> Person:
    uri = entry.checked("uri", _address)
    if uri.rpartition("@")[2].lower() != domain:
        raise PeopleError(f"{entry.where}: uri: {uri} is not in the domain {domain}")
    person = Person(
        uri=uri,
        login=entry.text("login", ""),
        password=Secret(entry.text("password", "")),
        name=entry.text("name", ""),
        numbers=entry.many("numbers", _number),
        contacts=entry.many("contacts", _address),
        behaviour=entry.checked("behaviour", _behaviour, ""),
        availability=entry.checked("availability", _availability, "AVAILABLE"),
        note=entry.text("note", ""),
    )
    entry.done()
    return person


def _address(text: str) -> str:
    uri = Uri.parse(text if ":" in text else f"sip:{text}")
    if uri.scheme != "sip" or not uri.user or not uri.host or len(uri.params):
        raise ValueError("wanted is sip:user@domain")
    return f"sip:{uri.user}@{uri.host}"


def _number(text: str) -> str:
    digits = text.removeprefix("tel:").translate(str.maketrans("", "", " -.()/"))
    if not (digits.startswith("+") and digits[1:].isascii() and digits[1:].isdigit()):
        raise ValueError("wanted is a number such as +49301234567")
    return digits


def _behaviour(text: str) -> Behaviour:
    words = {each.value: each for each in Behaviour}
    if text not in words:
        raise ValueError(f"one of {' '.join(filter(None, words))}")
    return words[text]


def _availability(text: str) -> Availability:
    words = {each.value: each for each in Availability}
    if text.upper() not in words:
        raise ValueError(f"one of {' '.join(words)}")
    return words[text.upper()]


class _Table:
    """One table of the file, and which of its keys nobody has asked for yet."""

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self.where = where
        self._left = dict(values)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self._left.pop(key, default)
        if value is None:
            raise PeopleError(f"{self.where}: {key} is missing")
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise PeopleError(f"{self.where}: {key}: a text in quotes is wanted")
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
            raise PeopleError(f"{self.where}: {key}: one line of text is wanted")
        return value

    def checked(self, key: str, read: Callable[[str], Value], default: str | None = None) -> Value:
        """A text that `read` understands."""
        return self._read(key, self.text(key, default), read)

    def many(self, key: str, read: Callable[[str], Value]) -> tuple[Value, ...]:
        """A list of texts that `read` understands; may be missing."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise PeopleError(f"{self.where}: {key}: a list of texts is wanted")
        return tuple(self._read(key, each, read) for each in value)

    def tables(self, key: str) -> list[_Table]:
        """The tables of an array of tables."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise PeopleError(f"{self.where}: {key}: wanted is [[{key}]]")
        return [_Table(each, f"{self.where}: {key} {at}") for at, each in enumerate(value, start=1)]

    def done(self) -> None:
        """Complain about keys that nobody knows."""
        for key in self._left:
            raise PeopleError(f"{self.where}: {key} is not known")

    def _read(self, key: str, text: str, read: Callable[[str], Value]) -> Value:
        try:
            return read(text)
        except (ValueError, MalformedMessage) as error:
            raise PeopleError(f"{self.where}: {key}: {text!r}: {error}") from None
