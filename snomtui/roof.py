"""What the commands `phone`, `demo` and `office` do: read what was given, build the house, live in it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from snomtui import __version__
from snomtui.errors import LocalError, SettingsError
from snomtui.headless import Lines, commands
from snomtui.house import FrontEnd, Telephone, Wanted
from snomtui.kit.box import Surroundings
from snomtui.phone.intents import Intent, Quit, Refusal
from snomtui.presence import Contact
from snomtui.remote.jsonform import snapshot_object
from snomtui.settings.formats import from_assignments, from_toml
from snomtui.settings.registry import IDENTITIES, Settings
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.media import MediaThread
from snomtui.shell.store import Store
from snomtui.shell.tls import Trust
from snomtui.skin import Skin, load

if TYPE_CHECKING:
    from snomtui.office.office import Office
    from snomtui.office.people import People
    from snomtui.shell.certificates import Bundle

Object = dict[str, Any]
Step = Callable[[], Awaitable[None]]
HTTP = ("127.0.0.1", 8080)
LISTEN = (("tls", "127.0.0.1", 5061), ("tcp", "127.0.0.1", 5060))
DEMO_LOG_LEVEL = 8
"""The demo shows how a sign-in goes, so its log holds what the articles of 2009 print."""
DEMO_KEYS = 4
"""How many programmable keys of the demo stay lines; the others are colleagues."""


# -- what was given


def phone(given: argparse.Namespace) -> int:
    """`snomtui phone`."""
    folder = given.state_dir or user_state_path("snomtui")
    remembered = Store(folder).settings
    settings, contacts = _settings(given, remembered)
    skin = load(given.model)
    book = _logbook(given, settings.number("log_level"))
    trust = Trust(settings.text("sim_tls_ca_file"), minimum=settings.text("sim_tls_minimum"))
    wanted = Wanted(settings, contacts, skin.shape, _address(given.http), state_dir=folder, trust=trust)
    telephone = Telephone(wanted, Clock(), book)
    return _live(given, telephone, skin, None, _nothing)


def demo(given: argparse.Namespace) -> int:
    """`snomtui demo`."""
    people = _people(given.people)
    book = _logbook(given, DEMO_LOG_LEVEL)
    clock = Clock()
    front, bundle = _front(given, people, clock, Logbook(book.level))
    settings, contacts = _settings(given, _demo_settings(people, given.firmware))
    skin = load(given.model)
    wanted = Wanted(
        settings,
        contacts,
        skin.shape,
        _address(given.http),
        moves=True,
        state_dir=given.state_dir,
        trust=Trust(ca_text=bundle.authority),
        hosts={people.server: "127.0.0.1"},
    )
    telephone = Telephone(wanted, clock, book)

    async def open_office() -> None:
        await front.start(_listen(given.listen), bundle, moves=True)
        port = (front.listening.get("tls") or front.listening["tcp"]).rpartition(":")[2]
        kind = "tls" if "tls" in front.listening else "tcp"
        settings.set("user_outbound1", f"{people.server}:{port};transport={kind}")

    return _live(given, telephone, skin, front, open_office)


def office(given: argparse.Namespace) -> int:
    """`snomtui office`."""
    people = _people(given.people)
    book = _logbook(given, 5)
    if not given.headless and _to_stderr not in book.sinks:
        book.sinks.append(_to_stderr)
    clock = Clock()
    front, bundle = _front(given, people, clock, book)
    return _run(_office_alone(given, front, bundle, people, clock))


async def _nothing() -> None:
    """A phone alone needs nothing before it starts."""


def _settings(given: argparse.Namespace, below: dict[str, str]) -> tuple[Settings, tuple[Contact, ...]]:
    """All settings in one: what is known, then the files, then `--set`, then passwords from elsewhere."""
    values, contacts = dict(below), list[Contact]()
    for file in given.settings:
        try:
            loaded = from_toml(Path(file).read_text("utf-8"), file)
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
        values.update(loaded.settings)
        contacts += loaded.contacts
    values.update(from_assignments(given.set))
    settings = Settings(values)
    _passwords(settings)
    return settings, tuple(contacts)


def _passwords(settings: Settings) -> None:
    for n in range(1, IDENTITIES + 1):
        file = settings.text("sim_password_file", n)
        if file:
            try:
                settings.set(f"user_pass{n}", Path(file).expanduser().read_text("utf-8").partition("\n")[0])
            except OSError as error:
                raise SettingsError(f"sim_password_file{n}: {file}: {error.strerror}") from None
    known, active = os.environ.get("SNOMTUI_PASSWORD"), settings.number("active_line")
    if known and not settings.text("user_pass", active):
        settings.set(f"user_pass{active}", known)


def _address(text: str | None) -> tuple[str, int] | None:
    if text is None:
        return HTTP
    if text == "off":
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise LocalError(f"--http {text}: must be HOST:PORT or off")
    return host.strip("[]") or "127.0.0.1", int(port)


def _listen(texts: list[str]) -> tuple[tuple[str, str, int], ...]:
    if not texts:
        return LISTEN
    found = []
    for text in texts:
        kind, _, where = text.partition(":")
        host, colon, port = where.rpartition(":")
        if kind not in ("tls", "tcp") or not colon or not port.isdigit() or int(port) > 65535:
            raise LocalError(f"--listen {text}: must be tls:HOST:PORT or tcp:HOST:PORT")
        found.append((kind, host.strip("[]"), int(port)))
    return tuple(found)


def _logbook(given: argparse.Namespace, level: int) -> Logbook:
    """On a screen nothing may be written to stderr: Textual draws there."""
    logging.getLogger().addHandler(logging.NullHandler())
    book = Logbook(level if given.log_level is None else given.log_level)
    if given.headless:
        book.sinks.append(_to_stderr)
    if given.log_file:
        try:
            file = given.log_file.open("a", buffering=1, encoding="utf-8", errors="replace")
        except OSError as error:
            raise LocalError(f"--log-file {given.log_file}: {error.strerror}") from None
        book.sinks.append(lambda line: file.write(line + "\n") and None)
    return book


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# -- the front end


def _people(file: Path | None) -> People:
    from snomtui.office.people import People

    return People.load(file) if file else People.default()


def _front(given: argparse.Namespace, people: People, clock: Clock, book: Logbook) -> tuple[FrontEnd, Bundle]:
    from snomtui.auth.ntlm.policy import LmLevel
    from snomtui.office.faults import Faults
    from snomtui.office.office import Office
    from snomtui.office.policy import Policy
    from snomtui.shell.certificates import make

    dice = os.urandom if given.seed is None else random.Random(given.seed).randbytes
    media = MediaThread(os.urandom, clock=clock)
    policy = Policy(level=LmLevel(given.lan_manager_level))
    made: Office = Office(people, policy, Surroundings(dice, media.reserve), clock.now())
    made.faults = Faults.parse(*given.fault)
    bundle = make([people.server, people.domain, "localhost", "127.0.0.1", "::1"], clock.now())
    return FrontEnd(made, media, clock, book), bundle


def _demo_settings(people: People, firmware: str | None) -> dict[str, str]:
    """The demo's own user is the first person with a password; the colleagues sit on the keys."""
    own = next((person for person in people.persons if person.password.reveal()), None)
    if own is None:
        raise LocalError("nobody in the people file has a password: the demo's phone cannot sign in")
    user, _, host = own.uri.removeprefix("sip:").partition("@")
    values = {
        "user_realname1": own.name,
        "user_name1": user,
        "user_host1": host,
        "user_pname1": f"{people.netbios.lower()}\\{own.login or user}",
        "user_pass1": own.password.reveal(),
        "user_server_type1": "ocs",
        "user_expiry1": "900",
        "sim_firmware": firmware or "8.2",
    }
    for n, contact in enumerate(own.contacts[:8], DEMO_KEYS):
        values[f"fkey{n}"] = f"dest <{contact}>"
    return values


async def _office_alone(
    given: argparse.Namespace, front: FrontEnd, bundle: Bundle, people: People, clock: Clock
) -> int:
    stop = asyncio.Event()
    try:
        await front.start(_listen(given.listen), bundle)
        if given.headless:
            lines = Lines(stop.set)
            lines.write({"at": clock.now(), "event": "ready", **front.object()})
            await commands(_only_quit(stop), lambda: dict(front.object()), lines.write, clock.now, stop)
        else:
            for kind, where in front.listening.items():
                print(f"{kind.upper()} at {where}", flush=True)
            print(f"Domain {people.domain}, Windows domain {people.netbios}. Ctrl+C ends.", flush=True)
            await stop.wait()
    finally:
        await front.stop()
    return 0


def _only_quit(stop: asyncio.Event) -> Callable[[Intent], Refusal | None]:
    def do(intent: Intent) -> Refusal | None:
        if not isinstance(intent, Quit):
            return Refusal("A front end knows quit and snapshot only")
        stop.set()
        return None

    return do


# -- living


def _live(given: argparse.Namespace, telephone: Telephone, skin: Skin, front: FrontEnd | None, before: Step) -> int:
    if given.headless:
        return _run(_headless(telephone, front, before))
    return _on_screen(telephone, skin, front, before)


async def _headless(telephone: Telephone, front: FrontEnd | None, before: Step) -> int:
    stop = asyncio.Event()
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
        await before()
        await telephone.start(ready)
        await commands(do, snapshot, lines.write, now, stop)
    finally:
        await telephone.stop()
        if front:
            await front.stop()
    return 0


def _on_screen(telephone: Telephone, skin: Skin, front: FrontEnd | None, before: Step) -> int:
    from snomtui.ui.app import PhoneApp

    wrong: list[LocalError] = []

    async def begin() -> None:
        try:
            await before()
            await telephone.start()
        except LocalError as error:
            wrong.append(error)
            app.exit()

    async def end() -> None:
        await telephone.stop()
        if front:
            await front.stop()

    app = PhoneApp(telephone, skin, on_ready=begin, on_exit=end, log_lines=lambda: telephone.logbook.lines)
    app.run()
    if wrong:
        raise wrong[0]
    return app.return_code or 0


def _run(main: Any) -> int:
    return int(asyncio.run(main))
