"""A phone put together with clock, sockets, media thread and web server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snomtui import __version__
from snomtui.kit.box import Fetched, Surroundings
from snomtui.phone.directory import restored
from snomtui.phone.events import MediaReported
from snomtui.phone.history import Record
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.phone import Phone
from snomtui.phone.snapshot import Snapshot
from snomtui.phone.touching import touched
from snomtui.presence import Contact
from snomtui.remote.fetching import Fetching
from snomtui.remote.jsonform import display_event, event_object, led_events
from snomtui.settings.registry import Settings
from snomtui.shell import wires
from snomtui.shell.clock import Clock, utc_offset
from snomtui.shell.logbook import Logbook
from snomtui.shell.media import MediaNews, MediaReport, MediaThread, MediaTrouble
from snomtui.shell.pixels import unpacked
from snomtui.shell.runner import Runner
from snomtui.shell.store import Store
from snomtui.shell.tls import OLD_TLS, Trust
from snomtui.skin import Shape, Skin, load
from snomtui.trace.chronicle import Kept
from snomtui.webside.inside import Insides
from snomtui.webside.ports import Given
from snomtui.webside.side import WebSide

if TYPE_CHECKING:
    from snomtui.remote.screen.doors import Screens
    from snomtui.remote.server import WebServer

Object = dict[str, Any]
Told = Callable[[Object], None]
PATIENCE = 2.5
"""Seconds that ending calls and unregistering may take at the end: three tries of each request over UDP."""


@dataclass(slots=True)
class Wanted:
    """How a phone is to be built."""

    settings: Settings
    contacts: tuple[Contact, ...] = ()
    shape: Shape = field(default_factory=lambda: Shape("snom370", 8, 38, 4, 12))
    http: Given = ("127.0.0.1", 8080)
    """None = no HTTP; without a port the settings say it."""
    https: Given = None
    """None = no HTTPS; without a port the settings say it."""
    moves: bool = False
    """Whether a taken port is replaced by a free one."""
    state_dir: Path | None = None
    """None = nothing is remembered."""
    trust: Trust = field(default_factory=Trust)
    """Whom to believe besides those whom the settings name."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Names that are known without asking a resolver."""


class Telephone:
    """A phone with everything it needs to live; the doors of ui, web server and command line lead here."""

    def __init__(self, wanted: Wanted, clock: Clock, logbook: Logbook) -> None:
        self._wanted, self._clock, self.logbook = wanted, clock, logbook
        self._store = Store(wanted.state_dir) if wanted.state_dir else None
        settings = wanted.settings
        if not settings.text("utc_offset"):
            settings.set("utc_offset", str(utc_offset()))
        self._media = MediaThread(os.urandom, clock=clock)
        self._media.listen(self._media_said)
        self.kept = Kept()
        """What crossed the wire and what else the desk around the phone shows."""
        self.kept.chronicle.note_fault(settings.text("sim_http_fault"))
        surroundings = Surroundings(os.urandom, self._media.reserve, self.kept.trace.heard)
        contacts = restored(wanted.contacts, self._store.entries if self._store else {})
        self.phone = Phone(settings, wanted.shape, surroundings, contacts, _records(self._store), clock.now())
        self._fetching = Fetching(lambda: self.settings, lambda: self.http or self.https, self._fetched, unpacked)
        outward = self._settled, self.keep, self._fetching.fetch
        self.runner = Runner(self.phone, clock, logbook, self._media, *outward, tap=self.kept.trace)
        self.runner.transport.resolver.hosts = wanted.hosts
        resolver = self.runner.transport.resolver
        self.inside = Insides(self.phone, logbook, self.kept.trace, resolver, lambda: self.web.identity.certificate)
        wires.follow(settings, self.runner.transport, wanted.trust)
        self._seen: Snapshot | None = None
        self._watchers: list[Callable[[Snapshot], None]] = []
        self._hearers: list[Told] = []
        self.asked: Callable[[Intent], None] = lambda intent: None
        """Told of each wish before it is done, whoever has it."""
        given = {"http": wanted.http, "https": wanted.https}
        self.web = WebSide(self, given, wanted.moves, wanted.state_dir, wanted.trust.ca_text, self._made_web)
        """The web server's ports and certificate."""
        self.screens: Screens | None = None
        """Draws the phone for the web server's page `/phone`; to be set before the start."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self.model, self.version = wanted.shape.model, __version__
        self._touch: Skin | None = None

    # -- the doors

    @property
    def http(self) -> str:
        """The web server's base URL, or empty."""
        return self.web.urls["http"]

    @property
    def https(self) -> str:
        """The base URL of the web server with TLS, or empty."""
        return self.web.urls["https"]

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.phone.settings

    def snapshot(self) -> Snapshot:
        """The phone at this moment."""
        return self.phone.snapshot()

    def contacts(self) -> tuple[Contact, ...]:
        """All contacts with their presence."""
        return self.phone.contacts()

    def call_list(self, which: str) -> Sequence[Record]:
        """A call list, newest first."""
        return self.phone.model.history.list(which)

    def directory(self) -> tuple[Contact, ...]:
        """The phone's own directory."""
        return self.phone.model.directory

    def do(self, intent: Intent) -> Refusal | None:
        """Do what a person wants; what it leads to is on the wire when this returns."""
        self.asked(intent)
        refusals: list[Refusal | None] = []
        self.runner.step(lambda: refusals.append(self.phone.do(intent, self._clock.now())))
        return refusals[0] if refusals else Refusal("That failed; the log tells more")

    def touched(self, x: int, y: int) -> Intent | Refusal | None:
        """What a finger at this pixel of the display asks for: the phone does not know where its skin draws things."""
        if self.model != "snom870":
            return Refusal("Only the snom 870 has a touch display")
        if self._touch is None:
            self._touch = load("snom870")  # when somebody touches it first
        return touched(self.snapshot(), self._touch, x, y)

    def wear(self, shape: Shape) -> None:
        """The skin has changed: the phone has another display and other keys."""
        self.runner.step(lambda: self.phone.wear(shape))

    def listen(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call back at each new snapshot; what is returned ends that."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    def listen_events(self, callback: Told) -> Callable[[], None]:
        """Call back with each event object of the contract; what is returned ends that."""
        self._hearers.append(callback)
        return lambda: self._hearers.remove(callback)

    def log(self, level: int, text: str) -> None:
        """Write a line into the phone's log."""
        self.logbook.write(level, text, self._clock.now())

    def step(self, what: Callable[[], None]) -> None:
        """Do something with the phone; what it leads to is on the wire when this returns."""
        self.runner.step(what)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock.now()

    def tell(self, event: Object) -> None:
        """Hand an event to all who listen."""
        self.kept.chronicle.note(event)
        for hear in list(self._hearers):
            hear(event)

    # -- life

    async def start(self, ready: Callable[[], None] = lambda: None) -> None:
        """Switch on: the web server first, then `ready` is called, then the identities register."""
        self._loop = asyncio.get_running_loop()
        self._media.start()
        if self.runner.transport.trust.minimum == "1.0":
            self.logbook.write(2, OLD_TLS, self._clock.now())
        moved = await self.web.start()
        ready()
        self.runner.step(lambda: self.phone.start(self._clock.now()))
        for each in moved:
            self.web.tell(each)

    def _made_web(self, host: str, port: int) -> WebServer:
        from snomtui.remote.server import WebServer

        return WebServer(self, host, port, self.tell, screens=self.screens)

    async def stop(self) -> None:
        """End calls, unregister, close; takes a bounded time."""
        self.runner.step(lambda: self.phone.leave(self._clock.now()))
        end = self._clock.now() + PATIENCE
        while not self.phone.quiet and self._clock.now() < end:
            await asyncio.sleep(0.02)
        await self.web.stop()
        await self._fetching.stop()
        self._media.stop()
        await self.runner.stop()

    # -- after each step

    def _settled(self) -> None:
        now = self._clock.now()
        events = self.phone.events()
        old, new = self._seen, self.phone.snapshot()
        if self._hearers:
            for event in events:
                self.tell(event_object(event, now))
            if new is not old:
                for told in led_events(old, new, now):
                    self.tell(told)
                display = display_event(old, new, now)
                if display:
                    self.tell(display)
        if new is not old:
            self._seen = new
            for watch in list(self._watchers):
                watch(new)

    def keep(self, name: str, value: str) -> None:
        """Remember a value over restarts, see `Store.keep`."""
        if name == "setting:sim_http_fault":
            self.kept.chronicle.note_fault(value)
        if name.startswith(tuple(f"setting:{each}" for each in wires.NAMES)):
            wires.follow(self.settings, self.runner.transport, self._wanted.trust)
        if name == "setting:log_level":
            self.logbook.level = self.settings.number("log_level")
        self.web.kept(name)
        if self._store is None or name == "reboot":
            return
        try:
            self._store.keep(name, value)
        except OSError as error:
            why = f"{self._store.path} cannot be written: {error.strerror or error}"
            self.phone.trouble("store", why, self._clock.now())

    def _fetched(self, ask: str, answer: Fetched) -> None:
        self.runner.step(lambda: self.phone.fetched(ask, answer, self._clock.now()))

    def _media_said(self, news: MediaNews) -> None:
        """In the media thread: hand it over to the loop."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._media_told, news)

    def _media_told(self, news: MediaNews) -> None:
        match news:
            case MediaReport(call, codec, stats, _):
                report = MediaReported(
                    call, codec, stats.sent, stats.received, stats.lost, round(stats.jitter_ms, 2), round(stats.mos, 2)
                )
                self._note_media(report)
                self.runner.step(lambda: self.phone.reported(report))
            case MediaTrouble(_, why):
                self.runner.step(lambda: self.phone.trouble("media", why, self._clock.now()))

    def _note_media(self, report: MediaReported) -> None:
        """For the desk, which also says with whom the call is."""
        call = next((one for one in self.phone.snapshot().calls if one.id == report.id), None)
        event = event_object(report, self._clock.now())
        self.kept.chronicle.note({**event, "remote": (call.remote_name or call.number) if call else ""})


def _records(store: Store | None) -> Iterable[Record]:
    found = (Record.parse(text) for text in store.calls) if store else ()
    return [record for record in found if record]
