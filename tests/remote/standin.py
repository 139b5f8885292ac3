"""A phone that writes down what it is asked for, and a web application around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx

from snomtui.errors import SettingsError
from snomtui.kit.box import Certificate
from snomtui.phone.history import Record
from snomtui.phone.intents import Dial, Intent, Refusal, Select, SetSetting
from snomtui.phone.snapshot import CallState, IdentityState, Led, Page, Pattern, Row, Snapshot, SoftKey
from snomtui.presence import Availability, Contact, Presence
from snomtui.remote.app import PhoneWeb
from snomtui.remote.inside import Linked, Memory, Name, Subscribed
from snomtui.remote.intentjson import Object
from snomtui.settings.registry import Settings
from snomtui.trace.trace import Trace

JAN = Contact("sip:jan@ucc.test", "Jan <b>", ("+49301",), presence=Presence(Availability.BUSY, "", "in <script>"))


def snapshot() -> Snapshot:
    """A phone with two identities, no call, and one LED on."""
    return Snapshot(
        model="snom370",
        page=Page("idle", "Heiko", (Row("Missed", "2"), Row("b")), (SoftKey("Dir", Dial("1")), None, None, None)),
        status="NR",
        leds={"P1": Led("red", Pattern.FAST)},
        identities=(
            IdentityState(1, "heiko@ucc.test", "Heiko", "registered", active=True),
            IdentityState(2, "49301@voip.test", "Desk", "off"),
        ),
        own=Presence(Availability.AVAILABLE),
    )


class StillInside:
    """Insides in which nothing happens by itself."""

    def __init__(self) -> None:
        self.trace = Trace()
        self.log: list[str] = []
        self.log_level = 5
        self.told: list[Subscribed] = []
        self.known: list[Name] = []

    def clear_log(self) -> None:
        """Forget the lines."""
        self.log.clear()

    def names(self) -> list[Name]:
        """As they are."""
        return self.known

    def subscriptions(self) -> list[Subscribed]:
        """As they are."""
        return self.told

    def links(self) -> list[Linked]:
        """One."""
        return [Linked(1, "tls", "192.0.2.7:40001", "192.0.2.1:5061")]

    def certificate(self) -> Certificate:
        """One of an authority."""
        return Certificate("ab" * 32, "CN=0004132E1D2A", "CN=Enterprise", "2027-02-21", "")

    def memory(self) -> Memory:
        """Of a system that does not tell everything."""
        return Memory(50 << 20, None, None, 3, 7, 1_795_400_000.0)


class NotingPhone:
    """Stands in for the phone: notes intents, refuses those it is told to, and dials for show."""

    def __init__(self, **settings: str) -> None:
        self.settings = Settings(settings)
        self.model, self.version = "snom370", "8.2.24"
        self.done: list[Intent] = []
        self.refusals: dict[Intent, str] = {}
        self.now = snapshot()
        self.people: tuple[Contact, ...] = (JAN,)
        self.inside = StillInside()
        self.entries: tuple[Contact, ...] = ()
        self.records: tuple[Record, ...] = ()
        self.listeners: list[Callable[[Object], None]] = []
        self.breaks = False
        self.touchable = False

    def do(self, intent: Intent) -> Refusal | None:
        """Note it."""
        if self.breaks:
            raise RuntimeError("out of order")
        if intent in self.refusals:
            return Refusal(self.refusals[intent])
        if isinstance(intent, SetSetting):
            try:
                self.settings.set(intent.name, intent.value)
            except SettingsError as error:
                return Refusal(str(error))
        self.done.append(intent)
        if isinstance(intent, Dial):
            call = CallState(f"c{len(self.done)}", 1, "out", f"sip:{intent.number}", "", intent.number, "dialling")
            self.now = replace(self.now, calls=(*self.now.calls, call))
        return None

    def touched(self, x: int, y: int) -> Intent | Refusal | None:
        """Rows of ten pixels, and nothing right of them; `touchable` says whether there is a touch display."""
        if not self.touchable:
            return Refusal("This phone has no touch display")
        return Select(y // 10) if x < 100 else None

    def snapshot(self) -> Snapshot:
        """As it is."""
        return self.now

    def contacts(self) -> tuple[Contact, ...]:
        """As they are."""
        return self.people

    def call_list(self, which: str) -> tuple[Record, ...]:
        """As they are."""
        return tuple(each for each in self.records if each.which == which)

    def directory(self) -> tuple[Contact, ...]:
        """As it is."""
        return self.entries

    def listen_events(self, callback: Callable[[Object], None]) -> Callable[[], None]:
        """Add a listener."""
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    def happen(self, event: Object) -> None:
        """Tell all listeners."""
        for listener in self.listeners:
            listener(event)


class Clock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1_795_400_000.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


class Bench:
    """A noting phone, its web application, the events that were told, and a client."""

    def __init__(self, **settings: str) -> None:
        self.phone = NotingPhone(**settings)
        self.clock = Clock()
        self.told: list[Object] = []
        self.web = PhoneWeb(self.phone, self.told.append, "127.0.0.1", self.clock)

    def client(
        self, auth: httpx.Auth | tuple[str, str] | None = None, peer: tuple[str, int] = ("192.0.2.9", 4711)
    ) -> httpx.AsyncClient:
        """A client that talks to the application without a socket; redirects are not followed."""
        transport = httpx.ASGITransport(app=self.web, client=peer)
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", auth=auth)

    @property
    def commands(self) -> list[Object]:
        """The `command` events."""
        return [event for event in self.told if event["event"] == "command"]
