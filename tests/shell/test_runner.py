"""The one loop, driving a small box with real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from snomtui.kit.box import (
    Close,
    Conn,
    Digits,
    Down,
    Fetch,
    HostPort,
    Keep,
    Linked,
    Locate,
    Located,
    Log,
    Open,
    Output,
    Play,
    Send,
    Up,
)
from snomtui.shell import runner as shell_runner
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.runner import Runner


@dataclass
class Parrot:
    """A box that says everything back, and notes what it hears."""

    heard: list[object] = field(default_factory=list)
    out: list[Output] = field(default_factory=list)
    wakes: list[float] = field(default_factory=list)
    defect: str = ""
    """The door that fails."""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        self._note(("receive", conn, data))
        self.out.append(Send(conn, data, peer))

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        self._note(("linked", conn, type(state)))

    def tick(self, now: float) -> None:
        while self.wakes and self.wakes[0] <= now:
            self._note(("tick", self.wakes.pop(0)))
        if self.defect == "tick":
            self.wakes.insert(0, now)
            self._note("defect")
            raise RuntimeError("a box with a broken alarm")

    def outbox(self) -> list[Output]:
        if self.defect == "outbox":
            self.defect = ""
            raise RuntimeError("a box that stumbles over its own news")
        out, self.out = self.out, []
        return out

    def next_wake(self) -> float | None:
        return min(self.wakes, default=None)

    def _note(self, what: object) -> None:
        self.heard.append(what)
        self.news.set()

    async def hears(self, wanted: Callable[[list[object]], bool]) -> None:
        """Wait until what was heard is as wanted."""
        async with asyncio.timeout(5):
            while not wanted(self.heard):
                self.news.clear()
                await self.news.wait()


@dataclass
class Deck:
    """A media thread that only notes its orders."""

    orders: list[object] = field(default_factory=list)

    def play(self, port: int, plan: object | None) -> None:
        self.orders.append((port, plan))

    def digits(self, port: int, text: str) -> None:
        self.orders.append((port, text))


@dataclass
class World:
    """A runner with everything around it."""

    box: Parrot
    runner: Runner
    deck: Deck
    book: Logbook
    settled: list[int]
    kept: list[tuple[str, str]]
    fetched: list[Fetch]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    box, deck, book = Parrot(), Deck(), Logbook(9)
    settled, kept, fetched = list[int](), list[tuple[str, str]](), list[Fetch]()

    def keep(name: str, value: str) -> None:
        kept.append((name, value))

    runner = Runner(box, Clock(), book, deck, lambda: settled.append(len(box.heard)), keep, fetched.append)
    yield World(box, runner, deck, book, settled, kept, fetched)
    await runner.stop()


@dataclass
class Witness:
    """Notes what crosses the wire."""

    seen: list[object] = field(default_factory=list)

    def linked(self, conn: Conn, state: Linked) -> None:
        self.seen.append((conn, type(state)))

    def sent(self, order: Send, now: float) -> None:
        self.seen.append(order)

    def __len__(self) -> int:
        return len(self.seen)


async def test_witness_sees_connections_and_everything_that_is_sent(world: World) -> None:
    witness = Witness()
    world.runner.tap = witness
    world.runner.linked(7, Up("tcp", ("127.0.0.1", 1), ("127.0.0.1", 2)))
    world.box.out = [Send(7, b"hello")]
    world.runner.step(lambda: None)
    assert witness.seen == [(7, Up), Send(7, b"hello")]


async def test_every_kind_of_order_reaches_the_one_who_performs_it(world: World) -> None:
    world.box.out = [Log(3, "hello"), Play(50000, None), Digits(50000, "5"), Keep("call", "x"), Fetch("http://x/")]
    world.runner.step(lambda: None)
    assert world.book.lines[0].endswith(": hello")
    assert world.deck.orders == [(50000, None), (50000, "5")]
    assert (world.kept, world.fetched) == ([("call", "x")], [Fetch("http://x/")])


async def test_box_hears_a_connection_and_its_answer_goes_back(world: World) -> None:
    host, port = await world.runner.transport.listen("tcp", "127.0.0.1", 0)
    world.box.out = [Open(1, "tcp", host, port)]
    world.runner.step(lambda: None)
    await world.box.hears(lambda heard: len(heard) == 2)
    assert {("linked", 1, Up), ("linked", -1, Up)} == set(world.box.heard)
    world.box.out = [Send(1, b"polly")]
    world.runner.step(lambda: None)
    await world.box.hears(lambda heard: ("receive", 1, b"polly") in heard)
    assert ("receive", -1, b"polly") in world.box.heard
    world.box.out = [Close(1)]
    world.runner.step(lambda: None)
    await world.box.hears(lambda heard: ("linked", -1, Down) in heard)
    assert ("linked", 1, Down) not in world.box.heard


async def test_box_hears_where_a_server_is_and_the_log_tells_what_was_asked(world: World) -> None:
    world.box.out = [Locate(1, "localhost", 5060), Locate(2, "localhost", 5060), Close(2)]
    world.runner.step(lambda: None)
    await world.box.hears(lambda heard: ("linked", 1, Located) in heard)
    assert world.book.lines[0].startswith("[8]") and world.book.lines[0].endswith(": DNS cache_lookup: a localhost ->")
    assert ("linked", 2, Located) not in world.box.heard


async def test_listeners_are_told_once_after_all_orders(world: World) -> None:
    seen: list[int] = []
    world.runner.settled = lambda: seen.append(len(world.book.lines))
    world.box.out = [Log(1, "a"), Log(1, "b")]
    world.runner.step(lambda: world.box.out.append(Log(1, "c")))
    assert seen == [3]


async def test_box_is_woken_at_its_moment(world: World) -> None:
    now = world.runner.clock.now()
    world.box.wakes = [now + 0.02, now + 0.04]
    world.runner.step(lambda: None)
    await world.box.hears(lambda heard: len(heard) == 2)
    assert world.runner.clock.now() >= now + 0.04


async def test_timer_follows_a_wake_that_moves_forward(world: World) -> None:
    now = world.runner.clock.now()
    world.box.wakes = [now + 3600]
    world.runner.step(lambda: None)
    world.runner.step(lambda: world.box.wakes.insert(0, now))
    await world.box.hears(lambda heard: heard == [("tick", now)])


async def test_defect_costs_one_step_and_is_logged_with_its_place(world: World) -> None:
    def fall() -> None:
        world.box.out.append(Log(1, "before the fall"))
        raise ZeroDivisionError("on purpose")

    world.runner.step(fall)
    assert [line.partition(": ")[2] for line in (world.book.lines[0], world.book.lines[-2], world.book.lines[-1])] == [
        "defect: Traceback (most recent call last):",
        "defect: ZeroDivisionError: on purpose",
        "before the fall",
    ]
    assert world.settled == [0]


async def test_defect_while_the_box_collects_its_orders_holds_up_nobody(world: World) -> None:
    world.box.defect, world.box.wakes = "outbox", [world.runner.clock.now()]
    world.box.out = [Log(1, "on its way")]
    world.runner.step(lambda: None)
    assert world.book.lines[-2].endswith("a box that stumbles over its own news")
    assert world.book.lines[-1].endswith("on its way") and world.settled == [0]


async def test_order_that_fails_costs_itself_only(world: World) -> None:
    def keep(name: str, value: str) -> None:
        raise OSError("disk full")

    world.runner.keep = keep
    world.box.out = [Keep("call", "x"), Log(1, "still here")]
    world.runner.step(lambda: None)
    assert world.book.lines[-1].endswith("still here") and world.settled == [0]


async def test_listener_that_fails_does_not_reach_the_sockets(world: World) -> None:
    def fall() -> None:
        raise ValueError("a listener's mistake")

    world.runner.settled = fall
    world.runner.step(lambda: None)
    assert world.book.lines[-1].endswith("a listener's mistake")


async def test_box_with_a_broken_alarm_is_given_a_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell_runner, "REST", 0.05)
    begun = world.runner.clock.now()
    world.box.defect, world.box.wakes = "tick", [begun]
    world.runner.step(lambda: None)
    await world.box.hears(lambda heard: heard.count("defect") == 3)
    assert world.runner.clock.now() >= begun + 0.1


async def test_stopped_runner_rings_no_more(world: World) -> None:
    world.box.wakes = [world.runner.clock.now() + 0.01]
    world.runner.step(lambda: None)
    await world.runner.stop()
    await asyncio.sleep(0.03)
    assert world.box.heard == []
