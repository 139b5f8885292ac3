"""Connections that are kept, and those that are closed."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Close, Down, Log, Up
from snomtui.office import connections
from snomtui.office.office import Office
from snomtui.office.people import People
from snomtui.office.policy import Policy
from tests.office.house import QUIET, House
from tests.wire import surroundings


def office() -> Office:
    return Office(People.parse(QUIET), Policy(), surroundings(7), 0.0)


def up(port: int = 40000) -> Up:
    return Up("tcp", ("127.0.0.1", 5060), ("127.0.0.1", port))


def closed(box: Office) -> list[int]:
    return [each.conn for each in box.outbox() if isinstance(each, Close)]


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"REGISTER sip:ucc.de SIP/2.0\r\nVia: SIP/2.0/TCP half"])
def test_a_connection_that_brings_no_message_is_closed_after_half_a_minute(data: bytes) -> None:
    box = office()
    box.linked(-1, up(), 0.0)
    for second in range(1, 31):
        box.receive(-1, data[second - 1 : second] if len(data) > 4 else data, float(second))
        box.tick(second - 0.5)
        assert closed(box) == []
    box.tick(30.0)
    assert closed(box) == [-1]
    assert box.status(30.0).server.connections == 0


def test_a_client_that_promised_signs_of_life_is_dropped_without_them() -> None:
    house = House()
    house.office.policy = Policy(keep_alive=60)
    client = house.signed_in()
    for _ in range(5):
        house.wire.advance(100)
        house.office.receive(-1, b"\r\n\r\n", house.now)
    assert not client.down
    house.wire.advance(119)
    assert not client.down
    house.wire.advance(2)
    assert client.down
    assert house.office.status(house.now).registrations == ()


def test_a_phone_that_promised_nothing_may_be_silent() -> None:
    house = House()
    plain = house.signed_in(epid="", login="Heiko.Riedel", digest=True, user_agent="PJSUA")
    assert "ms-keep-alive" not in plain.last("REGISTER").headers
    house.wire.advance(3000)
    assert not plain.down


def test_the_sign_of_life_is_agreed_on_as_the_policy_has_it() -> None:
    house = House()
    house.office.policy = Policy(keep_alive=77)
    answer = house.signed_in().last("REGISTER").headers.get("ms-keep-alive")
    assert answer == "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=77"


def test_too_many_connections_are_closed_at_once_with_one_log_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)
    box = office()
    for conn in range(-1, -7, -1):
        box.linked(conn, up(40000 - conn), 0.0)
    outputs = box.outbox()
    assert [each.conn for each in outputs if isinstance(each, Close)] == [-4, -5, -6]
    assert len([each for each in outputs if isinstance(each, Log)]) == 1
    box.linked(-1, Down("gone"), 1.0)
    box.linked(-7, up(), 1.0)
    assert closed(box) == []
