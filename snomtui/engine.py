"""The SIP engine for somebody else's asyncio program: register, call, watch presence, without a phone around it.

    async with Engine() as engine:
        alice = engine.line(user_name="alice", user_host="pbx.example", user_pass="...")
        await alice.registered()

Settings have snom's names without the index. Everything happens in the caller's own event loop, media in its thread.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

from snomtui import __version__
from snomtui.errors import LocalError, RemoteError, SettingsError
from snomtui.kit.box import Surroundings
from snomtui.line.account import account_of
from snomtui.line.calls.call import Call
from snomtui.line.events import CallChanged, Event, RegistrationChanged
from snomtui.line.line import Line
from snomtui.line.lines import Lines
from snomtui.line.watch.publication import Wish
from snomtui.presence import Availability, Contact
from snomtui.settings.registry import Settings, registry
from snomtui.shell import wires
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook, Sink
from snomtui.shell.media import MediaThread
from snomtui.shell.runner import Runner
from snomtui.shell.tls import Trust

MOST_UNREAD = 10_000
"""So many events wait for a reader who does not read; then the oldest are lost."""
FAREWELL = 2.0
"""Seconds that unregistering may take at the end."""


class Refused(RemoteError):
    """A server or a person said no, or nobody answered; the text says why."""


class Events:
    """Events as they happen, for `async for`; begins with those that happen after it was made."""

    def __init__(self) -> None:
        self._waiting: deque[Event] = deque(maxlen=MOST_UNREAD)
        self._came = asyncio.Event()

    def put(self, event: Event) -> None:
        """Something happened."""
        self._waiting.append(event)
        self._came.set()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while not self._waiting:
            self._came.clear()
            await self._came.wait()
        return self._waiting.popleft()


class EngineCall:
    """A call."""

    def __init__(self, line: EngineLine, call: Call) -> None:
        self._line, self._call = line, call
        self.last: CallChanged | None = None
        """How it stands: its `state`, `remote`, `code`, `reason` and more."""

    @property
    def id(self) -> str:
        """What its events have as their `id`."""
        return self._call.id

    async def until(self, *states: str) -> CallChanged:
        """Wait until it is in one of the states of `CallChanged`; raises `Refused` if it ends before."""
        async with self._line.listening() as events:
            while True:
                if self.last and self.last.state in states:
                    return self.last
                if self.last and self.last.state == "ended":
                    raise Refused(f"{self.last.cause}: {self.last.code or ''} {self.last.reason}".strip())
                await anext(events)

    def answer(self) -> None:
        """Take it; a `LocalError` unless it rings here."""
        self._do(self._call.answer)

    def hold(self) -> None:
        """Put the other side on hold."""
        self._do(self._call.hold)

    def resume(self) -> None:
        """Take it back."""
        self._do(self._call.resume)

    def transfer(self, to: str) -> None:
        """Send the other side to the address `to`; a `LocalError` if it is none."""
        self._do(lambda now: self._call.transfer(to, now))

    def digits(self, digits: str) -> None:
        """Send DTMF."""
        self._do(lambda now: self._call.digits(digits))

    def hang_up(self) -> None:
        """End it, whatever its state."""
        self._do(self._call.hang_up)

    def _do(self, what: Callable[[float], object]) -> None:
        self._line.do(what)


class _Listening:
    """A listener for as long as it is wanted."""

    def __init__(self, listeners: list[Events]) -> None:
        self._listeners, self._events = listeners, Events()

    async def __aenter__(self) -> Events:
        self._listeners.append(self._events)
        return self._events

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        self._listeners.remove(self._events)


class EngineLine:
    """One identity at one server."""

    def __init__(self, engine: Engine, line: Line) -> None:
        self._engine, self._line = engine, line
        self._listeners: list[Events] = []
        self._calls: dict[str, EngineCall] = {}
        self.registration: RegistrationChanged | None = None
        """How the registration stands."""
        self.left = False
        """Whether it was told to leave."""

    def listening(self) -> _Listening:
        """Hear everything that happens: `async with line.listening() as events: async for event in events`."""
        return _Listening(self._listeners)

    async def registered(self) -> RegistrationChanged:
        """Wait until the server knows us; raises `Refused` with the reason if it does not want to."""
        async with self.listening() as events:
            while True:
                told = self.registration
                if told and told.state == "registered":
                    return told
                if told and told.state in ("refused", "waiting"):
                    raise Refused(f"{told.code or ''} {told.reason}".strip())
                await anext(events)

    def dial(self, uri: str) -> EngineCall:
        """Call `sip:...` or `tel:...`; a `LocalError` if that is none, or there are too many calls."""
        calls: list[Call] = []
        self.do(lambda now: calls.append(self._line.calls.dial(uri, uri, now)))
        return self._handle(calls[0])

    def calls(self) -> list[EngineCall]:
        """All calls there are, those that ring here included."""
        return [self._handle(call) for call in self._line.calls]

    def _handle(self, call: Call) -> EngineCall:
        return self._calls.setdefault(call.id, EngineCall(self, call))

    def publish(self, availability: Availability, note: str = "") -> None:
        """Tell others how one is to be seen."""
        self.do(lambda now: self._line.wish(Wish(availability, note, chosen_at=now), now))

    def leave(self) -> None:
        """End calls, unsubscribe, unregister; after that the engine forgets this line."""
        self.left = True
        self.do(self._line.leave)

    @property
    def gone(self) -> bool:
        """Whether it has left."""
        return self._line.gone

    def do(self, what: Callable[[float], object]) -> None:
        """Ask something of the line; errors of the caller come back as exceptions."""
        self._engine.do(self._line, what)

    def heard(self, event: Event) -> None:
        """The engine tells what happened."""
        match event:
            case RegistrationChanged():
                self.registration = event
            case CallChanged(id=id):
                call = self._line.calls.find(id)
                handle = self._handle(call) if call else self._calls.get(id)
                if handle:
                    handle.last = event
                if event.state == "ended":
                    self._calls.pop(id, None)
        for listener in list(self._listeners):
            listener.put(event)


class Engine:
    """Lines in the running event loop. Use it with `async with`: at the end all lines unregister."""

    def __init__(self, log: Sink | None = None, log_level: int = 5, **settings: str) -> None:
        """`log` gets the lines of snom's log up to `log_level` (0 to 9); `settings` hold for all lines.

        Raises `SettingsError`.
        """
        self._common = {_full(name): value for name, value in settings.items()}
        self._clock = Clock()
        self._media = MediaThread(os.urandom, clock=self._clock)
        self._box = Lines(Surroundings(os.urandom, self._media.reserve))
        book = Logbook(log_level, *([log] if log else []))
        self._runner = Runner(self._box, self._clock, book, self._media, self._settled)
        wires.follow(Settings(self._common), self._runner.transport, Trust())
        self._lines: dict[Line, EngineLine] = {}

    async def __aenter__(self) -> Self:
        self._media.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in list(self._lines.values()):
            line.leave()
        end = self._clock.now() + FAREWELL
        while self._lines and self._clock.now() < end:
            await asyncio.sleep(0.02)
        self._media.stop()
        await self._runner.stop()

    def line(self, watch: Iterable[str] = (), **settings: str) -> EngineLine:
        """Register an identity; `watch` are addresses whose presence is wanted. Raises `SettingsError`."""
        known = Settings(self._common | {_full(name): value for name, value in settings.items()})
        account = account_of(known, 1, "snomtui")
        if account is None:
            raise SettingsError("user_name and user_host are needed")
        number = len(self._lines) + 1
        account = replace(account, number=number, user_agent=f"snomtui/{__version__}")
        line = self._box.add(account, tuple(Contact(name=uri, uri=uri, watched=True) for uri in watch))
        self._lines[line] = EngineLine(self, line)
        self.do(line, line.start)
        return self._lines[line]

    def do(self, line: Line, what: Callable[[float], object]) -> None:
        """Ask something of a line; an error of the caller is raised here."""
        errors: list[LocalError] = []

        def asked() -> None:
            now = self._clock.now()
            try:
                self._box.do(line, lambda: what(now), now)
            except LocalError as error:
                errors.append(error)

        self._runner.step(asked)
        if errors:
            raise errors[0]

    def _settled(self) -> None:
        for line, event in self._box.events():
            if line in self._lines:
                self._lines[line].heard(event)
        for line in [line for line, handle in self._lines.items() if handle.left and handle.gone]:
            del self._lines[line]
            self._box.remove(line, self._clock.now())


def _full(name: str) -> str:
    """The setting of identity 1 where there is one for each identity."""
    row = registry().get(name)
    return f"{name}1" if row and row.first == 1 else name
