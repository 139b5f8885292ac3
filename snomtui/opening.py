"""How a simulated front end is opened: what was given for it, read and checked; what it is made of; how it is alone.

What is heavy is imported where it is built.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snomtui.errors import ListenError, LocalError, PeopleError, SettingsError
from snomtui.given import EST, STATUS, address, listeners, logbook, text_of, to_stderr
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook

if TYPE_CHECKING:
    from snomtui.frontend import FrontEnd
    from snomtui.headless import Lines
    from snomtui.office.faults import Faults
    from snomtui.office.journal import Entry
    from snomtui.office.office import Office
    from snomtui.office.people import People, Person
    from snomtui.office.policy import Policy
    from snomtui.settings.registry import Settings
    from snomtui.shell.certificates import Bundle
    from snomtui.shell.officestore import OfficeStore

FREE = " (free ones: --listen tls:127.0.0.1:0 --listen tcp:127.0.0.1:0)"
"""What helps an office whose usual ports are taken."""
_ACCOUNT = ("user_name1", "user_host1", "user_pname1", "user_pass1", "user_server_type1")
"""Who signs in at the demo is the people file's business, whatever the phone remembers."""
_ENROLMENT = ("sim_est_url", "sim_est_user", "sim_est_password")
"""Where the demo's certificate server is changes from start to start."""
DEMO_KEYS = 4
"""How many programmable keys of the demo stay lines; the others are colleagues."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a front end is to be; read before anything is drawn, as what is wrong ends the program."""

    people: People
    policy: Policy
    faults: Faults


def rules_of(given: argparse.Namespace) -> Rules:
    """What was given for a front end; raises `LocalError`."""
    return Rules(people_of(given.people), policy_of(given.policy), faults_of(given.fault))


def people_of(file: Path | None) -> People:
    """The people file, or the built-in one; raises `PeopleError`."""
    from snomtui.office.people import People

    if not file:
        return People.default()
    try:
        text = text_of(file)
    except SettingsError as error:
        raise PeopleError(f"--people {error}") from None
    return People.parse(text, str(file))


def policy_of(texts: list[str]) -> Policy:
    """All of `--policy NAME=VALUE`, the later ones winning; raises `LocalError`."""
    from snomtui.office.policy import Policy

    policy = Policy()
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise LocalError(f"--policy {text}: must be NAME=VALUE")
        try:
            policy = policy.with_(name.strip(), value)
        except LocalError as error:
            raise LocalError(f"--policy {str(error).removeprefix('policy ')}") from None
    return policy


def faults_of(names: list[str]) -> Faults:
    """All of `--fault NAME`; raises `LocalError`."""
    from snomtui.office.faults import Faults

    try:
        return Faults.parse(*names)
    except LocalError as error:
        raise LocalError(f"--{error}") from None


def front_end(
    given: argparse.Namespace, rules: Rules, folder: Path | None, clock: Clock, book: Logbook
) -> tuple[FrontEnd, Bundle]:
    """Build one, and its certificates; `folder` is where it remembers things. Raises `LocalError`."""
    from snomtui.frontend import FrontEnd
    from snomtui.kit.box import Surroundings
    from snomtui.office import keeping
    from snomtui.office.office import Office
    from snomtui.shell.media import MediaThread
    from snomtui.shell.officestore import OfficeStore

    store = OfficeStore(folder, keeping.read) if folder else None
    dice = os.urandom if given.seed is None else random.Random(given.seed).randbytes
    media = MediaThread(os.urandom, clock=clock)
    around, kept = Surroundings(dice, media.reserve), store.kept if store else {}
    made: Office = Office(rules.people, rules.policy, around, clock.now(), rules.faults, kept)
    return FrontEnd(made, media, clock, book, store), _bundle(given, rules.people, store, clock)


def _bundle(given: argparse.Namespace, people: People, store: OfficeStore | None, clock: Clock) -> Bundle:
    """The kept certificates, or new ones; the authority is written down for those who want to trust it."""
    from snomtui.shell.certificates import make

    names = [people.server, people.domain, "localhost", "127.0.0.1", "::1"]
    bundle = store.bundle(names, clock.now()) if store else make(names, clock.now())
    if given.ca_file:
        try:
            given.ca_file.write_text(bundle.authority, "ascii")
        except OSError as error:
            raise LocalError(f"--ca-file {given.ca_file}: {error.strerror}") from None
    return bundle


def first_words(given: argparse.Namespace, front: FrontEnd) -> list[str]:
    """What an office on a terminal says first."""
    people = front.office.people
    told = [f"{kind.upper()} at {where}" for kind, where in front.listening.items()]
    if front.http:
        told.append(f"Status page at {front.http}")
    if front.est:
        told.append(f"Certificates (EST) at {front.est}")
    told.append(f"Domain {people.domain}, Windows domain {people.netbios}. Ctrl+C ends.")
    return [*told, *_invitation(given, people, front.listening)]


def own_user(people: People) -> Person | None:
    """The first who can sign in."""
    return next((person for person in people.persons if person.password), None)


def sign_in(person: Person, netbios: str) -> dict[str, str]:
    """The settings with which this person's phone signs in, without the password."""
    return {
        "user_name1": person.user,
        "user_host1": person.address.partition("@")[2],
        "user_pname1": f"{netbios}\\{person.login or person.user}",
        "user_server_type1": "ocs",
    }


def demo_settings(people: People, firmware: str | None, kept: dict[str, str]) -> dict[str, str]:
    """The settings of the demo's phone: its user is the first person with a password; colleagues sit on the keys."""
    own = own_user(people)
    if own is None:
        raise LocalError("nobody in the people file has a password: the demo's phone cannot sign in")
    values = sign_in(own, people.netbios.lower()) | {
        "user_realname1": own.name,
        "user_pass1": own.password.reveal(),
        "user_expiry1": "900",
        "sim_firmware": firmware or "8.2",
        "ignore_security_warning": "on",  # for the demonstration, whose web server listens on loopback alone
    }
    for n, contact in enumerate(own.contacts[:8], DEMO_KEYS):
        values[f"fkey{n}"] = f"dest <{contact}>"
    known = (*_ACCOUNT, *_ENROLMENT)
    fixed = (*known, "sim_firmware") if firmware else known
    return values | {name: value for name, value in kept.items() if name not in fixed}


def enrols(settings: Settings, people: People, est: str) -> None:
    """The demo's phone gets its certificate from the front end, unless it has been told of another server."""
    own = own_user(people)
    if own and est and not settings.text("sim_est_url"):
        settings.set("sim_est_url", est)
        settings.set("sim_est_user", f"{people.netbios}\\{own.login or own.user}")
        settings.set("sim_est_password", own.password.reveal())


def _invitation(given: argparse.Namespace, people: People, listening: Mapping[str, str]) -> list[str]:
    """How a phone signs in, as a line to copy; passwords of real people are not shown."""
    own = own_user(people)
    if own is None:
        return ["Nobody can sign in: nobody in the people file has a password."]
    kind = "tcp" if "tcp" in listening else "tls"
    known = given.ca_file or (given.state_dir / "authority.pem" if given.state_dir else None)
    ca_file = known.resolve() if known else "FILE"
    values = sign_in(own, people.netbios)
    values["user_outbound1"] = _reached(listening[kind], kind)
    if kind == "tls":
        values["sim_tls_ca_file"] = str(ca_file)
    words = ["snomtui", "phone", *(word for name, value in values.items() for word in ("--set", f"{name}={value}"))]
    import shlex

    password = "PASSWORD" if given.people else shlex.quote(own.password.reveal())
    told = ["A phone signs in with:", f"SNOMTUI_PASSWORD={password} {shlex.join(words)}"]
    if "tls" in listening and (kind != "tls" or not known):
        begin = "" if known else "start this office with --ca-file FILE and "
        more = f"user_outbound1={_reached(listening['tls'], 'tls')}", f"sim_tls_ca_file={ca_file}"
        told.append(f"With TLS: {begin}the phone with --set {shlex.quote(more[0])} --set {shlex.quote(more[1])}")
    return told


def _reached(where: str, kind: str) -> str:
    """The outbound proxy for a phone on this machine; nobody can connect to the address that means all."""
    host, _, port = where.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
    return f"{host}:{port};transport={kind}"


# -- alone


def office(given: argparse.Namespace) -> int:
    """`snomtui office`."""
    rules = rules_of(given)
    listen, status = listeners(given.listen), address(given.status, "--status", STATUS)
    est = address(given.est, "--est", EST)
    book = logbook(given, 5)
    if not given.headless and to_stderr not in book.sinks:
        book.sinks.append(to_stderr)
    clock = Clock()
    front, bundle = front_end(given, rules, given.state_dir, clock, book)

    async def start() -> None:
        try:
            await front.start(listen, bundle, status=status, est=est)
        except ListenError as error:
            free = "" if given.listen or front.listening.keys() >= {"tls", "tcp"} else FREE
            raise LocalError(f"{error}{free}") from None

    return asyncio.run(_alone(given, front, start, clock))


async def _alone(given: argparse.Namespace, front: FrontEnd, start: Callable[[], Awaitable[None]], clock: Clock) -> int:
    from snomtui.headless import Lines, obey_signals

    stop = asyncio.Event()
    obey_signals(stop)
    lines = Lines(stop.set)
    try:
        await start()
        if given.headless:
            await _headless(front, lines, clock, stop)
        else:
            for line in first_words(given, front):
                print(line, flush=True)
            await stop.wait()
    finally:
        await front.stop()
        lines.close()
    return 0


async def _headless(front: FrontEnd, lines: Lines, clock: Clock, stop: asyncio.Event) -> None:
    from snomtui.headless import commands, office_words
    from snomtui.remote.console.shown import decision_object, status_object

    def noted(entry: Entry) -> None:
        if entry.direction == "note":
            lines.write(decision_object(entry))

    def snapshot() -> dict[str, Any]:
        return {**status_object(front.status(), clock.now()), **front.object()}

    lines.write({"at": clock.now(), "event": "ready", **front.object()})
    front.listen_journal(noted)
    await commands(office_words(front.do, stop.set), snapshot, lines.write, clock.now, stop)
