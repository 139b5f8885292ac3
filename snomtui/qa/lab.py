"""Phones and front ends for tests: they live in a thread with its own loop, on free ports of loopback.

with Lab() as lab:
    phone = lab.office().phone()
    phone.dial("Jan Dierich")
    phone.wait("call", state="talking", timeout=5)
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from snomtui import __version__
from snomtui.errors import LocalError, RemoteError
from snomtui.house import Telephone, Wanted
from snomtui.office.orders import HaveCall, HaveHangUp, SetFault, order_of
from snomtui.office.people import Behaviour, People, Person
from snomtui.opening import DEMO_KEYS, demo_settings, front_end, people_of, rules_of
from snomtui.phone.intents import Intent
from snomtui.qa.events import Happenings, NotSeen, Object, told
from snomtui.remote.doing import do_all
from snomtui.remote.intentjson import intents_of
from snomtui.remote.jsonform import snapshot_object
from snomtui.settings.registry import Settings
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.tls import Trust
from snomtui.skin import Shape, Skin, load

if TYPE_CHECKING:
    from snomtui.frontend import FrontEnd

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds that a wait may last unless told otherwise."""
LONG = 20.0
"""Seconds that starting or stopping may take."""
SPARE = 8
"""So many people without a name of their own are in a lab's office, for phones beside the first."""
_HERE = "127.0.0.1"


class Refused(RemoteError):
    """The phone or the front end said no; the text says why."""


class Lab:
    """The thread in which everything lives."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="snomtui-lab", daemon=True)
        self._thread.start()
        self._alive: list[LabPhone | LabOffice] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def run(self, what: Coroutine[Any, Any, T], timeout: float = LONG) -> T:
        """Have the thread do something, and wait for it."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout)

    def call(self, what: Callable[[], T]) -> T:
        """Have the thread call a function; what it raises is raised here."""

        async def called() -> T:
            return what()

        return self.run(called())

    def office(
        self, people: People | Path | None = None, faults: tuple[str, ...] = (), policy: tuple[str, ...] = ()
    ) -> LabOffice:
        """Open a front end; without a people file it has the people of the demo."""
        known = people if isinstance(people, People) else None
        file = people if isinstance(people, Path) else None
        office = LabOffice(self, known or (people_of(file) if file else spare(calm(People.default()))), faults, policy)
        self._alive.append(office)
        return office

    def phone(
        self,
        settings: Mapping[str, str] | None = None,
        model: str | Skin = "snom370",
        trust: str = "",
        hosts: Mapping[str, str] | None = None,
    ) -> LabPhone:
        """Switch on a phone with these settings alone; `trust`: certificates of authorities, as text (PEM)."""
        shape = (load(model) if isinstance(model, str) else model).shape
        phone = LabPhone(self, Settings(dict(settings or {})), shape, Trust(ca_text=trust), hosts or {})
        self._alive.append(phone)
        return phone

    def end(self, one: LabPhone | LabOffice) -> None:
        """Switch one of them off."""
        self._alive.remove(one)
        one.stop()

    def close(self) -> None:
        """Switch everything off, the newest first."""
        for one in reversed(self._alive):
            one.stop()
        self._alive.clear()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LONG)
        if not self._thread.is_alive():
            self._loop.close()


class LabOffice:
    """A simulated front end."""

    def __init__(self, lab: Lab, people: People, faults: tuple[str, ...], policy: tuple[str, ...]) -> None:
        self._lab = lab
        self._given = argparse.Namespace(
            people=None, policy=list(policy), fault=list(faults), seed=None, ca_file=None, state_dir=None
        )
        self._people = people
        self._free = [each for each in people.persons if each.password]
        self._free.sort(key=lambda each: each.scripted)
        self._front, self.authority = lab.run(self._open())
        """`authority`: the certificate that phones are to trust, as text (PEM)."""

    async def _open(self) -> tuple[FrontEnd, str]:
        rules = rules_of(self._given)
        rules = type(rules)(self._people, rules.policy, rules.faults)
        front, bundle = front_end(self._given, rules, None, Clock(), Logbook(2))
        await front.start([("tls", _HERE, 0), ("tcp", _HERE, 0)], bundle, status=(_HERE, 0))
        return front, bundle.authority

    @property
    def people(self) -> list[str]:
        """The names of those who work here."""
        return [each.label for each in self._people.persons]

    @property
    def tls(self) -> str:
        """`host:port` for SIP over TLS."""
        return self._front.listening["tls"]

    @property
    def tcp(self) -> str:
        """`host:port` for SIP over TCP."""
        return self._front.listening["tcp"]

    @property
    def url(self) -> str:
        """The status page."""
        return self._front.http

    def phone(
        self,
        person: str = "",
        settings: Mapping[str, str] | None = None,
        model: str | Skin = "snom370",
        registered: bool = True,
    ) -> LabPhone:
        """A phone that signs in as somebody; empty = the next who has none. Waits until it is registered."""
        own = self._whose(person)
        rest = [each for each in self._people.persons if each is not own]
        values = demo_settings(People(self._people.domain, self._people.netbios, (own, *rest)), None, {})
        values["user_outbound1"] = f"{self._people.server}:{self.tls.rpartition(':')[2]};transport=tls"
        known = dict(settings or {})
        hosts = {self._people.server: _HERE}
        phone = self._lab.phone({**values, **known}, model, self.authority, hosts)
        if registered:
            phone.until(lambda: phone.is_registered, LONG, "registration state=registered")
            phone.until(lambda: phone.has_contacts or not own.contacts, LONG, "the contact list")
        return phone

    def _whose(self, person: str) -> Person:
        own = self._people.named(person) if person else next(iter(self._free), None)
        if own is None or not own.password:
            raise LocalError(f"{person or 'one more phone'}: nobody with a password is there for it")
        self._free = [each for each in self._free if each is not own]
        return own

    def call(self, person: str, phone: LabPhone | str = "") -> None:
        """Have somebody call a phone, or the one that is signed in; raises `Refused`."""
        self._ordered(HaveCall(person, phone if isinstance(phone, str) else phone.address))

    def hang_up(self, person: str) -> None:
        """Have somebody end all calls; raises `Refused`."""
        self._ordered(HaveHangUp(person))

    def fault(self, name: str, on: bool = True) -> None:
        """Have something go wrong, or no longer; raises `LocalError` that lists the names there are."""
        self._ordered(SetFault(name, on))

    def do(self, **order: object) -> None:
        """Order anything else: `office.do(do="restart")`; raises `Refused`."""
        self._ordered(order_of(order))

    def _ordered(self, order: Any) -> None:
        refusal = self._lab.call(partial(self._front.do, order))
        if refusal:
            raise Refused(refusal.why)

    def stop(self) -> None:
        """Close it."""
        self._lab.run(self._front.stop())


class LabPhone:
    """A phone, driven without asyncio."""

    def __init__(self, lab: Lab, settings: Settings, shape: Shape, trust: Trust, hosts: Mapping[str, str]) -> None:
        self._lab = lab
        self._told = Happenings()
        self.log: list[str] = []
        """The lines of its log."""
        self._telephone = lab.run(self._switched_on(settings, shape, trust, hosts))

    async def _switched_on(self, settings: Settings, shape: Shape, trust: Trust, hosts: Mapping[str, str]) -> Telephone:
        wanted = Wanted(settings, (), shape, (_HERE, 0), trust=trust, hosts=hosts)
        telephone = Telephone(wanted, Clock(), Logbook(8, self.log.append))
        telephone.listen_events(self._told.add)
        await telephone.start()
        return telephone

    # -- looking

    @property
    def url(self) -> str:
        """The base URL of its web server."""
        return self._telephone.http

    @property
    def events(self) -> list[Object]:
        """Everything that happened so far, as the event stream tells it."""
        return self._told.all()

    @property
    def happenings(self) -> Happenings:
        """The same, to be waited for."""
        return self._told

    @property
    def address(self) -> str:
        """`user@host` of the first identity."""
        return str(self.snapshot()["identities"][0]["aor"])

    @property
    def is_registered(self) -> bool:
        """Whether an identity is registered."""
        return any(each.state == "registered" for each in self._telephone.snapshot().identities)

    @property
    def has_contacts(self) -> bool:
        """Whether the contact list is there."""
        return bool(self._telephone.contacts())

    def snapshot(self) -> Object:
        """The whole phone at this moment, as `GET /api/v1/phone` tells it."""
        telephone = self._telephone
        return self._lab.call(lambda: snapshot_object(telephone.snapshot(), telephone.contacts(), __version__))

    def setting(self, name: str) -> str:
        """The value of a setting."""
        return self._lab.call(lambda: self._telephone.settings.text(name))

    # -- doing

    def do(self, do: str, **fields: object) -> None:
        """Order anything, as `POST /api/v1/intents` takes it; raises `Refused`, or `LocalError` for what is none."""
        self.intend(*intents_of({"do": do, **fields}))

    def intend(self, *wanted: Intent) -> None:
        """The same with intents; raises `Refused`."""
        why = self._lab.call(lambda: do_all(self._telephone.do, wanted).why)
        if why:
            raise Refused(why)

    def dial(self, number: str, identity: int | None = None) -> None:
        """Call a number, an address, or a contact by name."""
        self.do("dial", number=self.number(number), identity=identity)

    def number(self, who: str) -> str:
        """The address of a contact by name, else what stands there."""
        contacts = self._lab.call(self._telephone.contacts)
        return next((each.uri for each in contacts if each.name.lower() == who.lower()), who)

    def press(self, *keys: str) -> None:
        """Press keys of the phone, by snom's names: `press("F_HOLD")`, `press("1;2;3")`."""
        self.do("press", keys=";".join(keys))

    def answer(self) -> None:
        """Take the call that rings."""
        self.do("answer")

    def hangup(self) -> None:
        """End the call on the display."""
        self.do("hangup")

    def set(self, name: str, value: str | int | bool) -> None:
        """Change a setting."""
        self.do("set", name=name, value=value)

    # -- waiting

    def wait(self, event: str, timeout: float = PATIENCE, **fields: object) -> Object:
        """The next event of this name with these fields, each event once; raises `NotSeen`, which tells what happened.

        A field may be a text with `*` for anything, or a function that says yes or no.
        """
        return self._told.wait(event, timeout, fields)

    def until(self, true: Callable[[], bool], timeout: float = PATIENCE, what: str = "") -> None:
        """Wait until something is true, asked after each event; raises `NotSeen`."""
        if not self._told.until(true, timeout):
            raise NotSeen(f"not within {timeout:g} s: {what or 'what was waited for'}\nseen:\n{told(self.events)}")

    def stop(self) -> None:
        """End calls, sign off, switch off."""
        self._lab.run(self._telephone.stop())
        self._told.end("the phone was switched off")


def calm(people: People) -> People:
    """The same people, but nobody does anything by himself: who calls or wanders waits and answers."""
    lively = (Behaviour.CALLS, Behaviour.WANDERS)
    persons = (
        replace(each, behaviour=Behaviour.ANSWERS) if each.behaviour in lively else each for each in people.persons
    )
    return People(people.domain, people.netbios, tuple(persons), people.server, people.gateway)


def spare(people: People) -> People:
    """The same people and some more, whom nobody plays: phones beside the first are theirs."""
    from snomtui.kit.secret import Secret

    more = [
        Person(
            f"sip:phone{n}@{people.domain}",
            password=Secret(f"phone{n}"),
            name=f"Phone {n}",
            numbers=(f"+4930123990{n}",),
            contacts=people.persons[0].contacts[:DEMO_KEYS],
        )
        for n in range(2, SPARE + 2)
    ]
    return People(people.domain, people.netbios, (*people.persons, *more), people.server, people.gateway)
