"""The pretend wire itself."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Close, Conn, Down, HostPort, Linked, Log, Open, Output, Send, Up
from tests.wire import START, Wire


class Parrot:
    """Says back what it hears; may be told to do things at a moment."""

    def __init__(self, name: str, *wishes: Output) -> None:
        self.name = name
        self.out = list(wishes)
        self.heard: list[tuple[Conn, bytes, HostPort | None]] = []
        self.states: list[tuple[Conn, Linked]] = []
        self.wakes: list[float] = []
        self.woken: list[float] = []
        self.echo = False

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        self.heard.append((conn, data, peer))
        if self.echo:
            self.out.append(Send(conn, data.upper(), peer))

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        self.states.append((conn, state))

    def tick(self, now: float) -> None:
        self.woken.append(now)
        self.wakes = [each for each in self.wakes if each > now]

    def outbox(self) -> list[Output]:
        out, self.out = self.out, []
        return out

    def next_wake(self) -> float | None:
        return min(self.wakes, default=None)


def test_a_stream_joins_a_box_with_the_server_both_ways() -> None:
    phone, office = Parrot("phone", Open(1, "tls", "sip.ucc.de", 5061), Send(1, b"hello\r\n")), Parrot("office")
    office.echo = True
    wire = Wire(phone, office)
    assert phone.states == [(1, Up("tls", ("127.0.0.1", 40000), ("127.0.0.1", 5061)))]
    assert office.states == [(-1, Up("tls", ("127.0.0.1", 5061), ("127.0.0.1", 40000)))]
    assert phone.heard == [(1, b"HELLO\r\n", None)]
    assert wire.lines() == ["hello", "HELLO"]


def test_a_closed_stream_is_told_to_the_other_side_only() -> None:
    phone, office = Parrot("phone", Open(1, "tcp", "x", 5060), Close(1)), Parrot("office")
    Wire(phone, office)
    assert len(phone.states) == 1
    assert office.states[-1] == (-1, Down("phone closed the connection"))


def test_a_cut_is_told_to_both_and_a_refusal_to_the_one_who_opens() -> None:
    phone, office = Parrot("phone", Open(1, "tcp", "x", 5060)), Parrot("office")
    wire = Wire(phone, office)
    wire.cut(phone)
    assert isinstance(phone.states[-1][1], Down)
    assert isinstance(office.states[-1][1], Down)
    wire.refusing = True
    phone.out.append(Open(2, "tcp", "sip.ucc.de", 5060))
    wire.settle()
    assert phone.states[-1] == (2, Down("sip.ucc.de:5060 refused the connection"))


def test_packets_go_by_address_and_may_be_lost() -> None:
    phone, office = Parrot("phone", Open(1, "udp", "x", 5060)), Parrot("office")
    office.echo = True
    wire = Wire(phone, office, lose=lambda said: said.data == b"two")
    phone.out += [Send(1, b"one"), Send(1, b"two"), Send(1, b"three", ("127.0.0.1", 9))]
    wire.settle()
    assert office.heard == [(-1, b"one", ("127.0.0.1", 40000))]
    assert phone.heard == [(1, b"ONE", ("127.0.0.1", 5060))]
    assert [each.lost for each in wire.said] == [False, True, True, False]


def test_the_clock_stops_at_each_moment_that_a_box_waits_for() -> None:
    phone, office = Parrot("phone"), Parrot("office")
    phone.wakes, office.wakes = [START + 2, START + 5], [START + 3]
    wire = Wire(phone, office)
    wire.advance(4)
    assert (phone.woken, office.woken, wire.now) == ([START + 2], [START + 3], START + 4)
    wire.until(lambda: len(phone.woken) == 2, 10)
    assert wire.now == START + 5


def test_waiting_in_vain_fails_with_the_transcript() -> None:
    phone, office = Parrot("phone", Open(1, "tcp", "x", 5060), Send(1, b"hello")), Parrot("office")
    wire = Wire(phone, office)
    with pytest.raises(AssertionError, match="phone -> office: hello"):
        wire.until(lambda: False, 5)


def test_boxes_that_never_come_to_rest_are_noticed() -> None:
    phone, office = Parrot("phone", Open(1, "tcp", "x", 5060), Send(1, b"ha")), Parrot("office")
    phone.echo = office.echo = True
    with pytest.raises(AssertionError, match="never come to rest"):
        Wire(phone, office)


def test_a_box_that_wants_to_be_woken_for_ever_is_noticed() -> None:
    class Restless(Parrot):
        def next_wake(self) -> float | None:
            return START

    with pytest.raises(AssertionError, match="again and again"):
        Wire(Restless("phone"), Parrot("office")).advance(1)


def test_what_is_no_matter_of_the_wire_is_kept() -> None:
    phone, office = Parrot("phone", Log(2, "hello")), Parrot("office")
    wire = Wire(phone, office)
    assert list(wire.of_kind(phone, Log)) == [Log(2, "hello")]
