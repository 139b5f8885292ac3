"""Puts real phones and a real office on one pretend wire."""

from __future__ import annotations

from typing import TypeVar

from snomtui.auth.ntlm.policy import LmLevel
from snomtui.kit.box import Log, Play
from snomtui.line.events import CallChanged, RegistrationChanged
from snomtui.office.faults import Faults
from snomtui.office.office import Office
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.phone.events import PhoneEvent
from snomtui.phone.intents import Intent, Press
from snomtui.phone.phone import Phone
from snomtui.phone.snapshot import IdentityState
from snomtui.presence import Availability, Contact
from snomtui.settings.registry import Settings
from snomtui.skin import Shape
from tests.wire import START, Wire, surroundings

Kind = TypeVar("Kind")
SHAPE = Shape("snom370", 8, 38, 4, 12)
PASSWORDS = {"Heiko.Riedel": "Sommer2009!", "Jan.Dierich": "Winter2009!", "Anna.Lindner": "Herbst2009!"}
STAFF = """
domain = "ucc.de"
netbios = "UCC"
[[person]]
uri = "sip:Heiko.Riedel@ucc.de"
password = "Sommer2009!"
name = "Heiko Riedel"
numbers = ["+49301234500"]
contacts = ["sip:Jan.Dierich@ucc.de", "sip:Ada.Answers@ucc.de", "sip:Bo.Busy@ucc.de"]
[[person]]
uri = "sip:Jan.Dierich@ucc.de"
password = "Winter2009!"
name = "Jan Dierich"
numbers = ["+49301234501"]
contacts = ["sip:Heiko.Riedel@ucc.de"]
[[person]]
uri = "sip:Ada.Answers@ucc.de"
name = "Ada Answers"
numbers = ["+49301234502"]
behaviour = "answers"
[[person]]
uri = "sip:Bo.Busy@ucc.de"
name = "Bo Busy"
numbers = ["+49301234503"]
behaviour = "busy"
availability = "IN_A_CALL"
[[person]]
uri = "sip:Ria.Rings@ucc.de"
name = "Ria Rings"
numbers = ["+49301234504"]
behaviour = "rings"
[[person]]
uri = "sip:Rex.Rejects@ucc.de"
name = "Rex Rejects"
numbers = ["+49301234505"]
behaviour = "rejects"
"""
CALLER = """
[[person]]
uri = "sip:Cal.Calls@ucc.de"
name = "Cal Calls"
numbers = ["+49301234506"]
behaviour = "calls"
"""


def settings_of(user: str = "Heiko.Riedel", **more: str) -> Settings:
    """An identity at the office; `more` replaces settings."""
    values = {
        "user_name1": user,
        "user_host1": "ucc.de",
        "user_realname1": user.replace(".", " "),
        "user_pname1": f"ucc\\{user}",
        "user_pass1": PASSWORDS.get(user, "none"),
        "user_outbound1": "sip.ucc.de:5061;transport=tls",
        "user_server_type1": "ocs",
    }
    return Settings({**values, **more})


class Desk:
    """A phone, and what it told."""

    def __init__(self, house: House, phone: Phone) -> None:
        self._house, self.phone = house, phone
        self._told: list[PhoneEvent] = []

    def start(self) -> None:
        """Switch the phone on."""
        self.phone.start(self._house.now)
        self._house.settle()

    def do(self, *intents: Intent) -> None:
        """Do what a person wants, which the phone must not refuse."""
        for intent in intents:
            refusal = self.phone.do(intent, self._house.now)
            assert refusal is None, (intent, refusal)
            self._house.settle()

    def press(self, *keys: str) -> None:
        """Press keys."""
        self.do(*(Press(key) for key in keys))

    # -- what it shows

    @property
    def identity(self) -> IdentityState:
        """The first identity."""
        return self.phone.snapshot().identities[0]

    @property
    def registered(self) -> bool:
        """Whether the first identity is registered."""
        return self.identity.state == "registered"

    @property
    def calls(self) -> list[str]:
        """The states of the calls on the display."""
        return [call.state for call in self.phone.snapshot().calls]

    @property
    def text(self) -> str:
        """All that stands on the display."""
        snapshot = self.phone.snapshot()
        rows = [f"{row.text} {row.right}" for row in snapshot.page.rows]
        return "\n".join([snapshot.page.title, *rows, snapshot.status])

    def contact(self, user: str) -> Contact:
        """One contact with its presence."""
        return next(c for c in self.phone.contacts() if c.uri.lower() == f"sip:{user}@ucc.de".lower())

    def sees(self, user: str) -> Availability:
        """How somebody is seen."""
        return self.contact(user).presence.availability

    # -- what it told

    def events(self, kind: type[Kind]) -> list[Kind]:
        """All events of one kind since the start."""
        self._told += self.phone.events()
        return [event for event in self._told if isinstance(event, kind)]

    @property
    def states(self) -> list[str]:
        """The states of the registration, in order."""
        return [event.state for event in self.events(RegistrationChanged)]

    @property
    def ended(self) -> CallChanged:
        """The last call that ended."""
        return [event for event in self.events(CallChanged) if event.state == "ended"][-1]

    @property
    def log(self) -> list[str]:
        """The log, with the level as the real phone writes it."""
        logs = self._house.wire.of_kind(self.phone, Log)
        return [f"[{line.level}] {line.text}" for line in logs if isinstance(line, Log)]

    @property
    def plays(self) -> list[Play]:
        """What the media thread was asked to do."""
        return [play for play in self._house.wire.of_kind(self.phone, Play) if isinstance(play, Play)]


class House:
    """An office and any number of phones."""

    def __init__(self, *, level: int = 5, version: int = 4, fault: str = "", staff: str = STAFF) -> None:
        people = People.parse(staff)
        self.office = Office(people, Policy(level=LmLevel(level), version=version), surroundings(7), START)
        self.wire = Wire(self.office)
        self._seed = 30
        if fault:
            self.fault(fault)

    @property
    def now(self) -> float:
        """The clock."""
        return self.wire.now

    def settle(self) -> None:
        """Let everything that is due now happen."""
        self.wire.settle()

    def fault(self, *names: str) -> None:
        """Make these things go wrong, and no others."""
        self.office.faults = Faults.parse(*names)

    def phone(self, user: str = "Heiko.Riedel", **settings: str) -> Desk:
        """A phone that is switched on."""
        self._seed += 1
        settings.setdefault("sim_mac", f"0004132600{self._seed:02d}")
        phone = Phone(settings_of(user, **settings), SHAPE, surroundings(self._seed), now=self.now)
        self.wire.boxes.insert(0, phone)
        desk = Desk(self, phone)
        desk.start()
        return desk

    def signed_in(self, user: str = "Heiko.Riedel", **settings: str) -> Desk:
        """A phone that is registered and knows its contacts."""
        desk = self.phone(user, **settings)
        self.wire.until(lambda: desk.registered and desk.phone.contacts(), 10)
        self.wire.advance(1)
        return desk
