"""What the commands `phone` and `demo` do: read what was given, build the house, live in it.

On a screen the phone's front is drawn first and the house is built behind it; so what is heavy is imported where it
is built.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from snomtui import __version__
from snomtui.errors import LocalError
from snomtui.given import STATUS, address, listeners, logbook, settings_of
from snomtui.opening import front_end, own_user, rules_of, sign_in
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.store import Store
from snomtui.skin import Closet, expanded
from snomtui.ui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from snomtui.frontend import FrontEnd
    from snomtui.house import Telephone
    from snomtui.office.people import People
    from snomtui.phone.intents import Intent, Refusal
    from snomtui.settings.registry import Settings
    from snomtui.trace.chronicle import Kept

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
    skins: Wardrobe
    front: FrontEnd | None = None
    before: Step | None = None

    def places(self) -> list[tuple[str, str]]:
        """The web pages: what each is, and its address, empty if it is off."""
        front = [("The front end's status page", self.front.http)] if self.front else []
        page = f"{self.telephone.http}/phone" if self.telephone.http else ""
        return [("The phone's web server", self.telephone.http), ("The phone in a browser", page), *front]

    async def start(self, ready: Callable[[], None] = lambda: None) -> None:
        """Open the front end, then switch the phone on; raises `LocalError`."""
        if self.before:
            await self.before()
        await self.telephone.start(ready)
        self.skins.wore = self.telephone.wear
        self.skins.start()

    async def stop(self) -> None:
        """Sign off and close everything."""
        await self.skins.stop()
        await self.telephone.stop()
        if self.front:
            await self.front.stop()


Build = Callable[[], Household]


# -- what was given


def phone(given: argparse.Namespace) -> int:
    """`snomtui phone`."""
    folder = given.state_dir or user_state_path("snomtui")
    remembered = Store(folder).settings
    mac = remembered.setdefault("sim_mac", MAKER + os.urandom(2).hex().upper())
    settings, contacts = settings_of(given, remembered)
    book = logbook(given, settings.number("log_level"))
    _comfort(given, settings)
    skins = _skins(given, settings, book)
    http = address(given.http)

    def build() -> Household:
        from snomtui.house import Telephone, Wanted

        wanted = Wanted(settings, contacts, skins.skin.shape, http, state_dir=folder)
        telephone = Telephone(wanted, Clock(), book)
        telephone.keep("setting:sim_mac", mac)
        return Household(telephone, skins)

    return _live(given, build, skins, book)


def _comfort(given: argparse.Namespace, settings: Settings) -> None:
    """What the command line leaves open of the terminal is as the settings say."""
    given.theme = given.theme or settings.text("sim_theme")
    given.bell = settings.on("sim_bell") if given.bell is None else given.bell


def _skins(given: argparse.Namespace, settings: Settings, book: Logbook) -> Wardrobe:
    """The skin that was asked for, with its expansion module if that is wanted; raises `SkinError` if there is none."""
    changes = [expanded] if settings.on("sim_expansion_module") else []
    clock = Clock()
    return Wardrobe(Closet(given.model, *changes), lambda line: book.write(2, f"Skin: {line}", clock.now()))


def demo(given: argparse.Namespace) -> int:
    """`snomtui demo`."""
    book = logbook(given, DEMO_LOG_LEVEL)
    http, listen = address(given.http), listeners(given.listen)
    status = address(given.status, "--status", STATUS)
    kept = Store(given.state_dir).settings if given.state_dir else {}
    rules = partial(rules_of, given)
    if given.people or given.policy or given.fault:
        rules()  # what is wrong is told before anything is drawn; what comes with the program is right
    screen = settings_of(given, kept)[0]
    _comfort(given, screen)
    skins = _skins(given, screen, book)
    folder = given.state_dir / "office" if given.state_dir else None

    def build() -> Household:
        from snomtui.house import Telephone, Wanted
        from snomtui.shell.tls import Trust

        clock, house_rules = Clock(), rules()
        people = house_rules.people
        settings, contacts = settings_of(given, _demo_settings(people, given.firmware, kept))
        told = Logbook(2, book.lines.append, *book.sinks)  # of the office only what is wrong; the log is the phone's
        front, bundle = front_end(given, house_rules, folder, clock, told)
        wanted = Wanted(
            settings,
            contacts,
            skins.skin.shape,
            http,
            moves=True,
            state_dir=given.state_dir,
            trust=Trust(ca_text=bundle.authority),
            hosts={people.server: "127.0.0.1"},
        )

        async def open_office() -> None:
            await front.start(listen, bundle, moves=True, status=status)
            if front.http:
                book.write(5, f"The front end's status page is at {front.http}", clock.now())
            port = (front.listening.get("tls") or front.listening["tcp"]).rpartition(":")[2]
            kind = "tls" if "tls" in front.listening else "tcp"
            settings.set("user_outbound1", f"{people.server}:{port};transport={kind}")

        return Household(Telephone(wanted, clock, book), skins, front, open_office)

    return _live(given, build, skins, book)


def browse(given: argparse.Namespace) -> int:
    """`snomtui browse`: a phone, or with `--demo` all of `snomtui demo`, whose screen is in a web browser."""
    from snomtui.browsing import split, where

    if given.headless:
        raise LocalError("browse draws in a web browser: --headless is for phone and demo")
    given.page, given.listen = split(given.listen)
    if given.listen and not given.demo:
        raise LocalError(f"--listen {given.listen[0]}: a front end is only there with --demo; the page needs HOST:PORT")
    where(given.page)
    given.browse = True
    return demo(given) if given.demo else phone(given)


def record(given: argparse.Namespace) -> int:
    """`snomtui record`."""
    from snomtui.recording.command import record

    return record(given, lambda people: _demo_settings(people, None, {}))


# -- the demo


def _demo_settings(people: People, firmware: str | None, kept: dict[str, str]) -> dict[str, str]:
    """The demo's own user is the first person with a password; the colleagues sit on the keys."""
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
    fixed = (*_ACCOUNT, "sim_firmware") if firmware else _ACCOUNT
    return values | {name: value for name, value in kept.items() if name not in fixed}


# -- living


def _live(given: argparse.Namespace, build: Build, skins: Wardrobe, book: Logbook) -> int:
    if given.browse:
        return _run(_browse(given, build, skins, book))
    if given.headless:
        return _run(_headless(build(), skins, book))
    return _on_screen(build, skins, book, given)


async def _browse(given: argparse.Namespace, build: Build, skins: Wardrobe, book: Logbook) -> int:
    from snomtui.browsing import Tabs, Window, live, where
    from snomtui.ui.terminal import wanted

    house = build()
    terminal = wanted(os.environ, given.theme, given.bell, given.keys)
    shown = _shown([house], book, skins)
    tabs = house.telephone.screens = Tabs(house.telephone, skins.skin, terminal=terminal, **shown)

    window = Window(house.telephone, tabs, where(given.page))
    return await live(house, window, given.open, _at_leisure)


def _shown(houses: list[Household], book: Logbook, skins: Wardrobe) -> dict[str, Any]:
    """What the ui shows beside the phone, in the terminal and in each tab of a browser."""

    def places() -> list[tuple[str, str]]:
        return [place for house in houses for place in house.places() if place[1]]

    def desk() -> Kept | None:
        return houses[0].telephone.kept if houses else None

    return {"log_lines": lambda: book.lines, "places": places, "desk": desk, "skins": skins}


async def _headless(house: Household, skins: Wardrobe, book: Logbook) -> int:
    from snomtui.browsing import Tabs
    from snomtui.headless import Lines, both_words, commands, obey_signals, phone_words
    from snomtui.phone.intents import Quit
    from snomtui.remote.jsonform import snapshot_object

    telephone, front = house.telephone, house.front
    telephone.screens = Tabs(telephone, skins.skin, **_shown([house], book, skins))
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
        words = phone_words(do)
        await commands(both_words(front.do, words) if front else words, snapshot, lines.write, now, stop)
    finally:
        await house.stop()
        lines.close()
    return 0


def _on_screen(build: Build, skins: Wardrobe, book: Logbook, given: argparse.Namespace) -> int:
    # Keys are read from stdin and the screen is drawn on stderr, as Textual does it.
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise LocalError("no terminal here: use --headless")
    from snomtui.ui.app import PhoneApp
    from snomtui.ui.terminal import wanted
    from snomtui.ui.waking import Waking

    terminal = wanted(os.environ, given.theme, given.bell, given.keys)

    doors = Waking(skins.skin.shape.model)
    built: list[Household] = []
    wrong: list[LocalError] = []
    shown = _shown(built, book, skins)

    async def begin() -> None:
        try:
            from snomtui.browsing import Tabs

            built.append(build())
            built[0].telephone.screens = Tabs(built[0].telephone, skins.skin, terminal=terminal, **shown)
            doors.wake(built[0].telephone)
            await built[0].start()
            _at_leisure()
        except LocalError as error:
            wrong.append(error)
            app.exit()

    async def end() -> None:
        for house in built:
            await house.stop()

    app = PhoneApp(doors, skins.skin, on_ready=begin, on_exit=end, terminal=terminal, **shown)
    app.run(mouse=given.mouse)
    for why in (app.wrong, app.defect):
        if why:
            raise why
    if wrong:
        raise wrong[0]
    return app.return_code or 0


def _at_leisure() -> None:
    """The start is over: garbage is looked for again, but not among what was built; that would stop all sound."""
    gc.freeze()
    gc.enable()


def _run(main: Any) -> int:
    return int(asyncio.run(main))
