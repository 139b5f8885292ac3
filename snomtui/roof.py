"""What the commands `phone`, `demo` and `office` do: read what was given, build the house, live in it.

On a screen the phone's front is drawn first and the house is built behind it; so what is heavy is imported where it
is built.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import secrets
import shlex
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from snomtui import __version__
from snomtui.errors import LocalError, PeopleError, SettingsError
from snomtui.given import address, listeners, logbook, settings_of, text_of, to_stderr
from snomtui.phone.intents import Intent, Quit, Refusal
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.store import Store
from snomtui.shell.tls import Trust
from snomtui.skin import Skin, load

if TYPE_CHECKING:
    from snomtui.house import FrontEnd, Telephone
    from snomtui.office.faults import Faults
    from snomtui.office.office import Office
    from snomtui.office.people import People, Person
    from snomtui.shell.certificates import Bundle

Object = dict[str, Any]
Step = Callable[[], Awaitable[None]]
MAKER = "0004132E"
"""How the MAC addresses of a snom 370 begin. The rest is drawn once: a registrar takes two phones with one for one."""
DEMO_LOG_LEVEL = 8
"""The demo shows how a sign-in goes, so its log holds what the articles of 2009 print."""
_ACCOUNT = ("user_name1", "user_host1", "user_pname1", "user_pass1", "user_server_type1")
"""Who signs in at the demo is the people file's business, whatever the phone remembers."""
DEMO_KEYS = 4
"""How many programmable keys of the demo stay lines; the others are colleagues."""


@dataclass(frozen=True, slots=True)
class Household:
    """What is built for one phone: itself, for the demo a front end, and what must happen before it starts."""

    telephone: Telephone
    front: FrontEnd | None = None
    before: Step | None = None

    async def start(self, ready: Callable[[], None] = lambda: None) -> None:
        """Open the front end, then switch the phone on; raises `LocalError`."""
        if self.before:
            await self.before()
        await self.telephone.start(ready)

    async def stop(self) -> None:
        """Sign off and close everything."""
        await self.telephone.stop()
        if self.front:
            await self.front.stop()


Build = Callable[[], Household]


# -- what was given


def phone(given: argparse.Namespace) -> int:
    """`snomtui phone`."""
    folder = given.state_dir or user_state_path("snomtui")
    remembered = Store(folder).settings
    mac = remembered.setdefault("sim_mac", MAKER + secrets.token_hex(2).upper())
    settings, contacts = settings_of(given, remembered)
    skin = load(given.model)
    book = logbook(given, settings.number("log_level"))
    http = address(given.http)

    def build() -> Household:
        from snomtui.house import Telephone, Wanted

        wanted = Wanted(settings, contacts, skin.shape, http, state_dir=folder)
        telephone = Telephone(wanted, Clock(), book)
        telephone.keep("setting:sim_mac", mac)
        return Household(telephone)

    return _live(given, build, skin, book)


def demo(given: argparse.Namespace) -> int:
    """`snomtui demo`."""
    people, faults = _people(given.people), _faults(given.fault)
    book = logbook(given, DEMO_LOG_LEVEL)
    settings, contacts = settings_of(given, _demo_settings(people, given.firmware, given.state_dir))
    skin, http, listen = load(given.model), address(given.http), listeners(given.listen)

    def build() -> Household:
        from snomtui.house import Telephone, Wanted

        clock = Clock()
        front, bundle = _front(given, people, faults, clock, Logbook(book.level))
        wanted = Wanted(
            settings,
            contacts,
            skin.shape,
            http,
            moves=True,
            state_dir=given.state_dir,
            trust=Trust(ca_text=bundle.authority),
            hosts={people.server: "127.0.0.1"},
        )

        async def open_office() -> None:
            await front.start(listen, bundle, moves=True)
            port = (front.listening.get("tls") or front.listening["tcp"]).rpartition(":")[2]
            kind = "tls" if "tls" in front.listening else "tcp"
            settings.set("user_outbound1", f"{people.server}:{port};transport={kind}")

        return Household(Telephone(wanted, clock, book), front, open_office)

    return _live(given, build, skin, book)


def office(given: argparse.Namespace) -> int:
    """`snomtui office`."""
    people, faults = _people(given.people), _faults(given.fault)
    book = logbook(given, 5)
    if not given.headless and to_stderr not in book.sinks:
        book.sinks.append(to_stderr)
    clock = Clock()
    front, bundle = _front(given, people, faults, clock, book)
    return _run(_office_alone(given, front, bundle, people, clock))


# -- the front end


def _people(file: Path | None) -> People:
    from snomtui.office.people import People

    if not file:
        return People.default()
    try:
        text = text_of(file)
    except SettingsError as error:
        raise PeopleError(f"--people {error}") from None
    return People.parse(text, str(file))


def _faults(names: list[str]) -> Faults:
    """Read before anything is drawn, as a wrong name ends the program."""
    from snomtui.office.faults import Faults

    return Faults.parse(*names)


def _front(
    given: argparse.Namespace, people: People, faults: Faults, clock: Clock, book: Logbook
) -> tuple[FrontEnd, Bundle]:
    from snomtui.auth.ntlm.policy import LmLevel
    from snomtui.house import FrontEnd
    from snomtui.kit.box import Surroundings
    from snomtui.office.office import Office
    from snomtui.office.policy import Policy
    from snomtui.shell.media import MediaThread

    dice = os.urandom if given.seed is None else random.Random(given.seed).randbytes
    media = MediaThread(os.urandom, clock=clock)
    policy = Policy(level=LmLevel(given.lan_manager_level))
    made: Office = Office(people, policy, Surroundings(dice, media.reserve), clock.now())
    made.faults = faults
    bundle = _bundle(given, [people.server, people.domain, "localhost", "127.0.0.1", "::1"], clock)
    return FrontEnd(made, media, clock, book), bundle


def _bundle(given: argparse.Namespace, names: list[str], clock: Clock) -> Bundle:
    """A certificate for this start; its authority is written down for those who want to trust it."""
    from snomtui.shell.certificates import make

    bundle = make(names, clock.now())
    if given.ca_file:
        try:
            given.ca_file.write_text(bundle.authority, "ascii")
        except OSError as error:
            raise LocalError(f"--ca-file {given.ca_file}: {error.strerror}") from None
    return bundle


def _demo_settings(people: People, firmware: str | None, folder: Path | None) -> dict[str, str]:
    """The demo's own user is the first person with a password; the colleagues sit on the keys."""
    own = _own(people)
    if own is None:
        raise LocalError("nobody in the people file has a password: the demo's phone cannot sign in")
    values = _sign_in(own, people.netbios.lower()) | {
        "user_realname1": own.name,
        "user_pass1": own.password.reveal(),
        "user_expiry1": "900",
        "sim_firmware": firmware or "8.2",
    }
    for n, contact in enumerate(own.contacts[:8], DEMO_KEYS):
        values[f"fkey{n}"] = f"dest <{contact}>"
    kept = Store(folder).settings if folder else {}
    fixed = (*_ACCOUNT, "sim_firmware") if firmware else _ACCOUNT
    return values | {name: value for name, value in kept.items() if name not in fixed}


def _own(people: People) -> Person | None:
    """The first who can sign in."""
    return next((person for person in people.persons if person.password), None)


def _sign_in(person: Person, netbios: str) -> dict[str, str]:
    """The settings with which this person's phone signs in, without the password."""
    return {
        "user_name1": person.user,
        "user_host1": person.address.partition("@")[2],
        "user_pname1": f"{netbios}\\{person.login or person.user}",
        "user_server_type1": "ocs",
    }


def _invitation(given: argparse.Namespace, people: People, listening: Mapping[str, str]) -> list[str]:
    """How a phone signs in, as a line to copy; passwords of real people are not shown."""
    own = _own(people)
    if own is None:
        return []
    kind = "tcp" if "tcp" in listening else "tls"
    ca_file = given.ca_file.resolve() if given.ca_file else "FILE"
    values = _sign_in(own, people.netbios)
    values["user_outbound1"] = _reached(listening[kind], kind)
    if kind == "tls":
        values["sim_tls_ca_file"] = str(ca_file)
    words = ["snomtui", "phone", *(word for name, value in values.items() for word in ("--set", f"{name}={value}"))]
    password = "PASSWORD" if given.people else shlex.quote(own.password.reveal())
    told = ["A phone signs in with:", f"SNOMTUI_PASSWORD={password} {shlex.join(words)}"]
    if "tls" in listening and (kind != "tls" or not given.ca_file):
        begin = "" if given.ca_file else "start this office with --ca-file FILE and "
        more = f"user_outbound1={_reached(listening['tls'], 'tls')}", f"sim_tls_ca_file={ca_file}"
        told.append(f"With TLS: {begin}the phone with --set {shlex.quote(more[0])} --set {shlex.quote(more[1])}")
    return told


def _reached(where: str, kind: str) -> str:
    """The outbound proxy for a phone on this machine; nobody can connect to the address that means all."""
    host, _, port = where.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
    return f"{host}:{port};transport={kind}"


async def _office_alone(
    given: argparse.Namespace, front: FrontEnd, bundle: Bundle, people: People, clock: Clock
) -> int:
    from snomtui.headless import Lines, commands, obey_signals

    stop = asyncio.Event()
    obey_signals(stop)
    lines = Lines(stop.set)
    try:
        await front.start(listeners(given.listen), bundle)
        if given.headless:
            lines.write({"at": clock.now(), "event": "ready", **front.object()})
            await commands(_only_quit(stop), lambda: dict(front.object()), lines.write, clock.now, stop)
        else:
            for kind, where in front.listening.items():
                print(f"{kind.upper()} at {where}", flush=True)
            print(f"Domain {people.domain}, Windows domain {people.netbios}. Ctrl+C ends.", flush=True)
            for line in _invitation(given, people, front.listening):
                print(line, flush=True)
            await stop.wait()
    finally:
        await front.stop()
        lines.close()
    return 0


def _only_quit(stop: asyncio.Event) -> Callable[[Intent], Refusal | None]:
    def do(intent: Intent) -> Refusal | None:
        if not isinstance(intent, Quit):
            return Refusal("A front end knows quit and snapshot only")
        stop.set()
        return None

    return do


# -- living


def _live(given: argparse.Namespace, build: Build, skin: Skin, book: Logbook) -> int:
    gc.disable()  # what is built at the start is there to stay; looking through it again and again takes a tenth of it
    if given.headless:
        return _run(_headless(build()))
    return _on_screen(build, skin, book)


async def _headless(house: Household) -> int:
    from snomtui.headless import Lines, commands, obey_signals
    from snomtui.remote.jsonform import snapshot_object

    telephone, front = house.telephone, house.front
    stop = asyncio.Event()
    obey_signals(stop)
    lines = Lines(stop.set)
    telephone.listen_events(lines.write)
    now = telephone.runner.clock.now

    def ready() -> None:
        event: Object = {"at": now(), "event": "ready", "http": telephone.http or None, "https": None}
        event |= {"model": telephone.model, "version": __version__}
        if front:
            event["office"] = front.object()
        lines.write(event)

    def do(intent: Intent) -> Refusal | None:
        if isinstance(intent, Quit):
            stop.set()
            return None
        return telephone.do(intent)

    def snapshot() -> Object:
        return snapshot_object(telephone.snapshot(), telephone.contacts(), __version__)

    try:
        await house.start(ready)
        _at_leisure()
        await commands(do, snapshot, lines.write, now, stop)
    finally:
        await house.stop()
        lines.close()
    return 0


def _on_screen(build: Build, skin: Skin, book: Logbook) -> int:
    # Keys are read from stdin and the screen is drawn on stderr, as Textual does it.
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise LocalError("no terminal here: use --headless")
    from snomtui.ui.app import PhoneApp
    from snomtui.ui.waking import Waking

    doors = Waking(skin.shape.model)
    built: list[Household] = []
    wrong: list[LocalError] = []

    async def begin() -> None:
        try:
            built.append(build())
            doors.wake(built[0].telephone)
            await built[0].start()
            _at_leisure()
        except LocalError as error:
            wrong.append(error)
            app.exit()

    async def end() -> None:
        for house in built:
            await house.stop()

    app = PhoneApp(doors, skin, on_ready=begin, on_exit=end, log_lines=lambda: book.lines)
    app.run()
    if app.wrong:
        raise app.wrong
    if wrong:
        raise wrong[0]
    return app.return_code or 0


def _at_leisure() -> None:
    """The start is over: garbage is looked for again, but not among what was built; that would stop all sound."""
    gc.freeze()
    gc.enable()


def _run(main: Any) -> int:
    return int(asyncio.run(main))
