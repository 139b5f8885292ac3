"""The pretend wire itself."""

from __future__ import annotations

from random import Random

import pytest

from snomtui.kit.box import Box, Close, Conn, Down, HostPort, Linked, Log, Open, Output, Send, Up
from tests.weather import Weather
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


# -- weather


def talkers(weather: Weather | dict[str, Weather], seed: int = 1) -> tuple[Parrot, Parrot, Wire]:
    """Two parrots that speak over UDP."""
    phone, office = Parrot("phone", Open(1, "udp", "x", 5060)), Parrot("office")
    return phone, office, Wire(phone, office, weather=weather, seed=seed)


def test_late_packets_stop_the_clock_and_overtake_each_other() -> None:
    phone, office, wire = talkers(Weather(delay=(0.1, 3.0)))
    phone.out += [Send(1, b"%d" % number) for number in range(20)]
    wire.settle()
    assert office.heard == []
    wire.until(lambda: office.heard, 3)
    first = wire.now
    assert START + 0.1 <= first < START + 3 and len(office.heard) == 1
    wire.advance(3)
    heard = [int(data) for _, data, _ in office.heard]
    assert sorted(heard) == list(range(20)) and heard != sorted(heard)


def test_weather_has_a_direction() -> None:
    phone, office, wire = talkers({"office": Weather(loss=1.0)})
    office.echo = True
    phone.out.append(Send(1, b"hello"))
    wire.settle()
    assert len(office.heard) == 1 and phone.heard == []
    assert [said.lost for said in wire.said] == [False, True]


def test_loss_and_doubles_come_as_often_as_said_and_the_same_for_one_seed() -> None:
    def arrived(seed: int) -> list[bytes]:
        phone, office, wire = talkers(Weather(loss=0.2, doubled=0.25), seed)
        phone.out += [Send(1, b"%d" % number) for number in range(1000)]
        wire.settle()
        return [data for _, data, _ in office.heard]

    once, again, other = arrived(1), arrived(1), arrived(2)
    assert once == again != other
    assert 740 < len(set(once)) < 860 and 1.18 < len(once) / len(set(once)) < 1.32


def test_some_packets_are_overtaken_by_later_ones() -> None:
    weather, dice = Weather(overtaken=0.1, behind=0.5), Random(3)
    fates = [weather.fate(dice) for _ in range(1000)]
    assert set(fates) == {(0.0,), (0.5,)} and 60 < fates.count((0.5,)) < 150


def test_packet_for_a_socket_that_was_closed_meanwhile_is_nobodys() -> None:
    phone, office, wire = talkers(Weather(delay=(1.0, 1.0)))
    office.echo = True
    phone.out += [Send(1, b"hello"), Close(1)]
    wire.advance(5)
    assert len(office.heard) == 1 and phone.heard == []


# -- several places


def test_several_servers_are_found_at_their_own_addresses() -> None:
    one, two, three = Parrot("one"), Parrot("two"), Parrot("three")
    phone = Parrot("phone", Open(1, "tcp", "192.0.2.1", 5060), Open(2, "tcp", "b.example", 5061, address="192.0.2.2"))
    phone.out += [Open(3, "udp", "192.0.2.2", 5060), Send(3, b"hello"), Open(4, "tcp", "elsewhere", 5060)]
    at: dict[HostPort, Box] = {("192.0.2.1", 5060): one, ("192.0.2.2", 5061): two, ("192.0.2.2", 5060): two}
    Wire(phone, one, two, three, at=at)
    assert [state.remote for _, state in phone.states if isinstance(state, Up)] == [
        ("192.0.2.1", 5060),
        ("192.0.2.2", 5061),
        ("192.0.2.2", 5060),
        ("127.0.0.1", 5060),
    ]
    assert (len(one.states), len(two.states), len(three.states)) == (1, 2, 1)
    assert two.heard[0][1] == b"hello"


def test_places_that_refuse_or_swallow_do_so_until_told_otherwise() -> None:
    phone, office = Parrot("phone"), Parrot("office")
    wire = Wire(phone, office)
    wire.refuse.add(("192.0.2.1", 5060))
    wire.swallow |= {("192.0.2.2", 5060), ("192.0.2.3", 5060)}
    phone.out += [Open(number, "tcp", f"192.0.2.{number}", 5060) for number in (1, 2, 3)]
    phone.out += [Close(3), Open(4, "udp", "192.0.2.2", 5060), Send(4, b"hello")]
    wire.settle()
    assert [conn for conn, _ in phone.states] == [1, 4] and office.heard == []
    wire.advance(60)
    assert phone.states[-1] == (2, Down("192.0.2.2:5060 did not answer within 10 s"))
    wire.refuse.clear()
    phone.out.append(Open(5, "tcp", "192.0.2.1", 5060))
    wire.settle()
    assert isinstance(phone.states[-1][1], Up)
