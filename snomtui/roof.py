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
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from snomtui import __version__
from snomtui.errors import LocalError
from snomtui.given import EST, STATUS, address, listeners, logbook, settings_of, web
from snomtui.opening import demo_settings, enrols, front_end, rules_of
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.store import Store
from snomtui.skin import Closet, expanded
from snomtui.ui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from snomtui.frontend import FrontEnd
    from snomtui.house import Telephone
    from snomtui.phone.intents import Intent, Refusal
    from snomtui.settings.registry import Settings
    from snomtui.trace.chronicle import Kept

Object = dict[str, Any]
Step = Callable[[], Awaitable[None]]
MAKER = "0004132E"
"""How the MAC addresses of a snom 370 begin. The rest is drawn once: a registrar takes two phones with one for one."""
DEMO_LOG_LEVEL = 8
"""The demo shows how a sign-in goes, so its log holds what the articles of 2009 print."""


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Household:
    """What is built for one phone: itself, for the demo a front end, and what must happen before it starts."""

    telephone: Telephone
    skins: Wardrobe
    front: FrontEnd | None = None
    before: Step | None = None
    ending: Callable[[], None] = _nothing
    """Called when it is switched off, before anything ends."""

    def places(self) -> list[tuple[str, str]]:
        """The web pages: what each is, and its address, empty if it is off."""
        front = [("The front end's status page", self.front.http)] if self.front else []
        phone = self.telephone
        base = phone.http or phone.https
        page = f"{base}/phone" if base else ""
        secure = ("The phone's web server with TLS", phone.https)
        return [("The phone's web server", phone.http), secure, ("The phone in a browser", page), *front]

    async def start(self, ready: Callable[[], None] = lambda: None) -> None:
        """Open the front end, then switch the phone on; raises `LocalError`."""
        if self.before:
            await self.before()
        await self.telephone.start(ready)
        self.skins.wore = self.telephone.wear
        self.skins.start()

    async def stop(self) -> None:
        """Sign off and close everything."""
        self.ending()
        await self.skins.stop()
        await self.telephone.stop()
        if self.front:
            await self.front.stop()


Build = Callable[[], Household]
Around = Callable[[Build], Build]


def _as_it_is(build: Build) -> Build:
    return build


# -- what was given


def phone(given: argparse.Namespace, around: Around = _as_it_is) -> int:
    """`snomtui phone`; `around` may do something with what is built."""
    folder = given.state_dir or user_state_path("snomtui")
    remembered = Store(folder).settings
    mac = remembered.setdefault("sim_mac", MAKER + os.urandom(2).hex().upper())
    settings, contacts = settings_of(given, remembered)
    book = logbook(given, settings.number("log_level"))
    _comfort(given, settings)
    skins = _skins(given, settings, book)
    where = web(given)

    def build() -> Household:
        from snomtui.house import Telephone, Wanted

        wanted = Wanted(settings, contacts, skins.skin.shape, where["http"], where["https"], state_dir=folder)
        telephone = Telephone(wanted, Clock(), book)
        telephone.keep("setting:sim_mac", mac)
        return Household(telephone, skins)

    return _live(given, around(build), skins, book)


def _comfort(given: argparse.Namespace, settings: Settings) -> None:
    """What the command line leaves open of the terminal is as the settings say."""
    given.theme = given.theme or settings.text("sim_theme")
    given.bell = settings.on("sim_bell") if given.bell is None else given.bell


def _skins(given: argparse.Namespace, settings: Settings, book: Logbook) -> Wardrobe:
    """The skin that was asked for, with its expansion module if that is wanted; raises `SkinError` if there is none."""
    changes = [expanded] if settings.on("sim_expansion_module") else []
    clock = Clock()
    return Wardrobe(Closet(given.model, *changes), lambda line: book.write(2, f"Skin: {line}", clock.now()))


def demo(given: argparse.Namespace, around: Around = _as_it_is) -> int:
    """`snomtui demo`; `around` may do something with what is built."""
    book = logbook(given, DEMO_LOG_LEVEL)
    where, listen = web(given), listeners(given.listen)
    status, est = address(given.status, "--status", STATUS), address(given.est, "--est", EST)
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
        settings, contacts = settings_of(given, demo_settings(people, given.firmware, kept))
        told = Logbook(2, book.lines.append, *book.sinks)  # of the office only what is wrong; the log is the phone's
        front, bundle = front_end(given, house_rules, folder, clock, told)
        wanted = Wanted(
            settings,
            contacts,
            skins.skin.shape,
            where["http"],
            where["https"],
            moves=True,
            state_dir=given.state_dir,
            trust=Trust(ca_text=bundle.authority),
            hosts={people.server: "127.0.0.1"},
        )

        async def open_office() -> None:
            await front.start(listen, bundle, moves=True, status=status, est=est)
            enrols(settings, people, front.est)
            if front.http:
                book.write(5, f"The front end's status page is at {front.http}", clock.now())
            port = (front.listening.get("tls") or front.listening["tcp"]).rpartition(":")[2]
            kind = "tls" if "tls" in front.listening else "tcp"
            settings.set("user_outbound1", f"{people.server}:{port};transport={kind}")

        return Household(Telephone(wanted, clock, book), skins, front, open_office)

    return _live(given, around(build), skins, book)


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

    return record(given, lambda people: demo_settings(people, None, {}))


def qa_record(given: argparse.Namespace, password: Callable[[], str]) -> int:
    """`snomtui qa record`: a demo, or a phone whose settings lead to a server, with a recorder beside it."""
    from snomtui.qa.recording import Recording, from_afar

    if given.phone:
        return from_afar(given, password)
    recording = Recording(given)

    def around(build: Build) -> Build:
        def recorded() -> Household:
            house = build()
            recording.follow(house.telephone, house.front)
            return replace(house, ending=recording.end)

        return recorded

    with recording.kept():
        return phone(given, around) if "user_host1" in recording.own else demo(given, around)


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
        event: Object = {"at": now(), "event": "ready", "http": telephone.http or None}
        event |= {"https": telephone.https or None, "model": telephone.model, "version": __version__}
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
