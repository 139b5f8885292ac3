"""The connection of a line."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Close, Down, Open, Output, Up
from snomtui.line.account import account_of
from snomtui.line.link import Link, State
from snomtui.settings.registry import Settings
from snomtui.sip.message import Request
from tests.line.callers import UDP
from tests.line.peer import HEIKO, Peer

UP = Up("tcp", ("192.0.2.1", 40000), ("192.0.2.2", 5060))


def made(**settings: str) -> tuple[Link, list[Output]]:
    """A link and what it asks for."""
    account = account_of(Settings({**HEIKO, **settings}), 1, "snom370")
    assert account is not None
    out: list[Output] = []
    numbers = iter(range(1, 100))
    return Link(account, lambda: next(numbers), out.append), out


def test_link_opens_one_connection_however_often_it_is_asked() -> None:
    link, out = made()
    link.open()
    link.open()
    link.linked(UP)
    link.open()
    assert out == [Open(1, "tcp", "127.0.0.1", 5060, 0)]
    assert (link.state, link.up) == (State.UP, UP)


def test_link_that_broke_is_opened_under_a_new_number() -> None:
    link, out = made()
    link.open()
    link.linked(UP)
    link.linked(Down("gone"))
    assert (link.state, link.up) == (State.PAUSING, None)
    link.open()
    assert [each.conn for each in out if isinstance(each, Open)] == [1, 2]


def test_link_is_closed_once() -> None:
    link, out = made()
    link.open()
    link.linked(UP)
    link.close()
    link.close()
    link.linked(Down("closed by us"))
    assert [each for each in out if isinstance(each, Close)] == [Close(1)]
    assert link.state is State.DOWN


def test_connection_that_comes_up_too_late_is_not_taken() -> None:
    link, _ = made()
    link.open()
    link.close()
    link.linked(UP)
    assert (link.state, link.up) == (State.DOWN, None)


def test_udp_link_uses_the_local_port_of_the_settings() -> None:
    link, out = made(user_outbound1=UDP, network_id_port="5070")
    link.open()
    assert out == [Open(1, "udp", "127.0.0.1", 5060, 5070)]


def inside(target: str, route: str = "") -> Request:
    """A request inside a dialog."""
    request = Peer().make("BYE", uri=target, to="<sip:anna@example.org>;tag=theirs")
    return request.with_("Route", route) if route else request


@pytest.mark.parametrize(
    ("target", "route", "peer"),
    [
        ("sip:anna@192.0.2.7:5080", "", ("192.0.2.7", 5080)),
        ("sip:anna@192.0.2.7", "", ("192.0.2.7", 5060)),
        ("sip:anna@192.0.2.7", "<sip:192.0.2.8;lr>", ("192.0.2.8", 5060)),
        ("sip:anna@phone.example.org", "", None),
    ],
)
def test_request_inside_a_dialog_goes_to_the_next_hop_over_udp(
    target: str, route: str, peer: tuple[str, int] | None
) -> None:
    link, _ = made(user_outbound1=UDP)
    assert link.wire_for(inside(target, route)).peer == peer


def test_all_other_requests_go_to_the_server() -> None:
    udp, _ = made(user_outbound1=UDP)
    tcp, _ = made()
    assert udp.wire_for(Peer().make("OPTIONS", uri="sip:anna@192.0.2.7")).peer is None
    assert tcp.wire_for(inside("sip:anna@192.0.2.7")).peer is None
