"""Who works here: the people file of `snomtui office --people FILE.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha1
from importlib.resources import files
from pathlib import Path

from snomtui.errors import PeopleError
from snomtui.kit.secret import Secret
from snomtui.ocs.numbers import comparable
from snomtui.office.entries import address, destination, domain_name, host_port, number_if_any, number_of, word
from snomtui.office.outside import EVERYBODY, Outside, outsides
from snomtui.office.table import Table
from snomtui.presence import Availability


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
    """One user of the front end, or a party outside as others see it."""

    uri: str
    """`sip:user@domain` as the file has it."""
    login: str = ""
    """The Windows account, without domain; empty: as the address."""
    password: Secret = field(default_factory=lambda: Secret(""))
    """Empty: nobody can sign in as this person."""
    name: str = ""
    numbers: tuple[str, ...] = ()
    """E.164 with `+`."""
    mobile: str = ""
    """Which of the numbers is shown as the mobile one."""
    contacts: tuple[str, ...] = ()
    """Addresses of the contact list that the person starts with, those in the group Colleagues."""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Further groups of that list: name, and who is in it."""
    behaviour: Behaviour = Behaviour.NONE
    availability: Availability = Availability.AVAILABLE
    """What a scripted person starts with."""
    note: str = ""
    voicemail: str = ""
    """Where calls go that nobody answers: a number, an address, or empty for nowhere."""
    rings: float = 20.0
    """Seconds until an unanswered call goes to the voice mail or to where the person forwards calls."""
    pool: str = ""
    """`host:port` of the pool that is the person's home; empty: here."""
    outside: bool = False
    """Whether this is no user, but a number in the telephone network."""

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
        tel = f", <tel:{self.numbers[0]}>" if self.numbers else ""
        return f"{self.written}{tel}"

    @property
    def written(self) -> str:
        """The name and the address as they stand in From; a number outside may have no name."""
        name = "" if self.outside and not self.name else self.label.replace("\\", "").replace('"', "")
        phone = ";user=phone" if self.outside else ""
        return f'"{name}" <{self.uri}{phone}>' if name else f"<{self.uri}{phone}>"


class People:
    """All users of one SIP domain."""

    def __init__(
        self,
        domain: str,
        netbios: str,
        persons: tuple[Person, ...],
        server: str = "",
        gateway: tuple[Outside, ...] = (),
    ) -> None:
        """`server` is the front end's own name; empty: `sip.` and the domain. `gateway`: the numbers outside."""
        self.domain = domain
        self.netbios = netbios
        self.persons = persons
        self.server = server or f"sip.{domain}"
        self._by_aor = {each.aor: each for each in persons}
        self._by_login = {(each.login or each.user).lower(): each for each in persons}
        self._by_number = {number: each for each in persons for number in each.numbers}
        self.gateway = tuple(sorted(gateway, key=lambda each: (each.number.endswith("*"), -len(each.number))))
        """Whole numbers first, then the longest ranges: the first that covers a number counts."""
        self._voicemails = frozenset(each.voicemail.lower() for each in persons if each.voicemail)

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
        top = Table(document, source, text)
        domain = top.checked("domain", domain_name).lower()
        netbios = top.text("netbios", domain.partition(".")[0].upper())
        server = top.text("server", "")
        entries = top.tables("person")
        gateway = top.tables("gateway")
        top.done()
        persons = _persons(entries, domain)
        taken = {number: f"sip:{each.address}" for each in persons for number in each.numbers}
        return cls(domain, netbios, persons, server, outsides(gateway, taken) or (EVERYBODY,))

    def find(self, uri: str) -> Person | None:
        """The person with this address, in any case; `sip:` may be missing, parameters are ignored."""
        uri = uri.lower().partition(";")[0]
        return self._by_aor.get(uri if uri.startswith("sip:") else f"sip:{uri}")

    def named(self, who: str) -> Person | None:
        """Somebody by name, address, user or number, in any case; a number of nobody here is one outside."""
        low = who.strip().lower()
        same = (each for each in self.persons if low in (each.label.lower(), each.user.lower(), *each.numbers))
        found = self.find(low) or next(same, None)
        if found is None and (low[1:] if low[:1] == "+" else "").isdecimal():
            return self.party(low)
        return found or next((each for each in self.persons if low and each.label.lower().split()[0] == low), None)

    def account(self, user: str, domain: str) -> Person | None:
        """The person who signs in as DOMAIN\\user, user@domain or user, in any case."""
        user, domain = user.lower(), domain.lower()
        if "@" in user:
            user, _, domain = user.partition("@")
        if domain not in ("", self.netbios.lower(), self.domain.lower()):
            return None
        return self._by_login.get(user) or self._by_aor.get(f"sip:{user}@{self.domain}")

    def by_number(self, number: str) -> Person | None:
        """The person with this E.164 number."""
        return self._by_number.get(number)

    def beyond(self, number: str) -> Outside | None:
        """The entry of the gateway that this E.164 number falls under."""
        return next((each for each in self.gateway if each.covers(number)), None)

    def is_voicemail(self, place: str) -> bool:
        """Whether a number or an address is the voice mail of people here; it may be somebody's own all the same."""
        return bool(place) and place.lower() in self._voicemails

    def party(self, number: str) -> Person:
        """A number outside as a party that calls and is called."""
        entry = self.beyond(number)
        name = entry.name if entry else ""
        return Person(f"sip:{comparable(number)}@{self.domain}", name=name, numbers=(number,), outside=True)


def _persons(entries: list[Table], domain: str) -> tuple[Person, ...]:
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


def _person(entry: Table, domain: str) -> Person:
    uri = entry.checked("uri", address)
    if uri.rpartition("@")[2].lower() != domain:
        raise PeopleError(f"{entry.where}: uri: {uri} is not in the domain {domain}")
    numbers, mobile = entry.many("numbers", number_of), entry.checked("mobile", number_if_any, "")
    person = Person(
        uri=uri,
        login=entry.text("login", ""),
        password=Secret(entry.text("password", "")),
        name=entry.text("name", ""),
        numbers=(*numbers, mobile) if mobile and mobile not in numbers else numbers,
        mobile=mobile,
        contacts=entry.many("contacts", address),
        groups=entry.lists("groups", address),
        behaviour=entry.checked("behaviour", word(Behaviour), ""),
        availability=entry.checked("availability", word(Availability), "AVAILABLE"),
        note=entry.text("note", ""),
        voicemail=entry.checked("voicemail", destination, ""),
        rings=entry.seconds("rings", 20.0),
        pool=entry.checked("pool", host_port, ""),
    )
    entry.done()
    return person
