"""The connection of a line."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Close, Down, Locate, Located, Open, Output, Target, Up
from snomtui.line.account import Server, account_of
from snomtui.line.link import BANNED, MOST_TARGETS, Link, State
from snomtui.settings.registry import Settings
from snomtui.sip.message import Request
from tests.line.callers import UDP
from tests.line.peer import HEIKO, Peer

UP = Up("tcp", ("192.0.2.1", 40000), ("192.0.2.2", 5060))
ONE, TWO, THREE = (Target("tcp", name, 5060, f"192.0.2.{at}") for at, name in enumerate(("one", "two", "three"), 2))


def made(**settings: str) -> tuple[Link, list[Output]]:
    """A link and what it asks for."""
    account = account_of(Settings({**HEIKO, **settings}), 1, "snom370")
    assert account is not None
    out: list[Output] = []
    numbers = iter(range(1, 100))
    return Link(account, lambda: next(numbers), out.append), out


def located(*targets: Target, **settings: str) -> tuple[Link, list[Output]]:
    """A link that knows where its server is."""
    link, out = made(**settings)
    link.open()
    link.linked(Located(targets), 0.0)
    return link, out


def opened(out: list[Output]) -> list[str]:
    """The hosts to which a connection was wanted, in order."""
    return [each.host for each in out if isinstance(each, Open)]


def test_link_asks_first_where_the_server_is_and_then_opens_one_connection() -> None:
    link, out = made()
    link.open()
    link.open()
    assert out == [Locate(1, "127.0.0.1", 5060, "tcp")]
    link.linked(Located((ONE,)), 0.0)
    link.open()
    link.linked(UP, 0.0)
    link.open()
    assert out[1:] == [Open(2, "tcp", "one", 5060, 0, "192.0.2.2")]
    assert (link.state, link.up, link.conn) == (State.UP, UP, 2)


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({"user_outbound1": ""}, Locate(1, "example.org")),
        ({"user_outbound1": "", "user_host1": "[::1]:5070"}, Locate(1, "[::1]", 5070)),
        ({"user_outbound1": "pbx.example.org;transport=tcp"}, Locate(1, "pbx.example.org", None, "tcp")),
        ({"user_outbound1": "", "user_server_type1": "ocs"}, Locate(1, "example.org", ocs=True)),
        ({"user_outbound1": "sip.example.org", "user_server_type1": "ocs"}, Locate(1, "sip.example.org", None, "tls")),
        (
            {"user_outbound1": "sip.example.org:443", "user_server_type1": "ocs"},
            Locate(1, "sip.example.org", 443, "tls"),
        ),
    ],
)
def test_what_is_asked_follows_from_what_was_given(settings: dict[str, str], asked: Locate) -> None:
    link, out = made(**settings)
    link.open()
    assert out == [asked]


def test_link_that_broke_is_located_anew() -> None:
    link, out = located(ONE)
    link.linked(UP, 0.0)
    link.linked(Down("gone"), 0.0)
    assert (link.state, link.up) == (State.PAUSING, None)
    link.open()
    assert isinstance(out[-1], Locate) and out[-1].conn == 3


def test_link_is_closed_once() -> None:
    link, out = located(ONE)
    link.linked(UP, 0.0)
    link.close()
    link.close()
    link.linked(Down("closed by us"), 0.0)
    assert [each for each in out if isinstance(each, Close)] == [Close(2)]
    assert link.state is State.DOWN


def test_search_that_is_no_longer_wanted_is_called_off() -> None:
    link, out = made()
    link.open()
    link.close()
    link.linked(Located((ONE,)), 0.0)
    assert out[1:] == [Close(1)]
    assert link.state is State.DOWN


def test_connection_that_comes_up_too_late_is_not_taken() -> None:
    link, _ = located(ONE)
    link.close()
    link.linked(UP, 0.0)
    assert (link.state, link.up) == (State.DOWN, None)


def test_udp_link_uses_the_local_port_of_the_settings() -> None:
    _, out = located(Target("udp", "one", 5060), user_outbound1=UDP, network_id_port="5070")
    assert out[-1] == Open(2, "udp", "one", 5060, 5070)


def test_pins_of_the_account_go_with_every_connection() -> None:
    pin = "ab" * 32
    _, out = located(ONE, sim_tls_pins=pin)
    assert isinstance(out[-1], Open) and out[-1].pins == (pin,)


# -- several targets


def test_targets_are_tried_in_their_order_until_one_answers() -> None:
    link, out = located(ONE, TWO, THREE)
    link.linked(Down("refused"), 0.0)
    link.linked(Down("refused"), 0.0)
    link.linked(UP, 0.0)
    assert opened(out) == ["one", "two", "three"]
    assert (link.state, link.target) == (State.UP, THREE)


def test_link_rests_when_no_target_is_left() -> None:
    link, out = located(ONE, TWO)
    link.linked(Down("refused"), 0.0)
    link.linked(Down("refused"), 0.0)
    assert (link.state, opened(out)) == (State.PAUSING, ["one", "two"])


def test_link_rests_when_there_is_no_target_at_all() -> None:
    link, _ = located()
    assert link.state is State.PAUSING


def test_target_that_failed_is_tried_last_for_a_while() -> None:
    link, out = located(ONE, TWO)
    link.linked(Down("refused"), 0.0)
    link.linked(UP, 0.0)
    link.linked(Down("gone"), 10.0)
    link.open()
    link.linked(Located((ONE, TWO)), 10.0)
    assert opened(out) == ["one", "two", "two"]
    link.close()
    link.open()
    link.linked(Located((ONE, TWO)), BANNED + 1)
    assert opened(out)[-1] == "one"


def test_server_that_breaks_before_it_has_served_us_is_left_for_the_next() -> None:
    link, out = located(ONE, TWO)
    link.linked(UP, 0.0)
    link.linked(Down("closed"), 0.0, proven=False)
    assert (link.state, opened(out)) == (State.OPENING, ["one", "two"])


def test_server_out_of_service_is_left_and_not_tried_again_in_its_pause() -> None:
    link, out = located(ONE, TWO)
    link.linked(UP, 0.0)
    assert link.next(0.0, 60.0)
    link.linked(UP, 0.0)
    assert not link.next(30.0)
    assert link.target == TWO
    assert link.next(61.0)
    assert opened(out) == ["one", "two", "one"]
    assert sum(isinstance(each, Close) for each in out) == 2


def test_only_target_is_never_left() -> None:
    link, _ = located(ONE)
    link.linked(UP, 0.0)
    assert not link.next(0.0)
    assert link.state is State.UP


def test_second_best_target_knows_the_best() -> None:
    link, out = located(ONE, TWO)
    link.linked(Down("refused"), 0.0)
    assert link.preferred is None
    link.linked(UP, 0.0)
    assert link.preferred == ONE
    link.back()
    link.linked(UP, 0.0)
    assert (link.target, link.preferred, opened(out)) == (ONE, None, ["one", "two", "one"])


def test_link_that_is_sent_elsewhere_locates_that_place() -> None:
    link, out = located(ONE)
    link.linked(UP, 0.0)
    link.go_to(Server("pool.example.org", 5061, "tls"))
    link.open()
    assert out[-2:] == [Close(2), Locate(3, "pool.example.org", 5061, "tls")]
    assert link.place == "pool.example.org:5061"


def test_name_with_very_many_addresses_is_not_tried_for_ever() -> None:
    link, out = located(*(Target("tcp", f"host{n}", 5060) for n in range(1000)))
    for _ in range(1000):
        link.linked(Down("refused"), 0.0)
    assert len(opened(out)) == MOST_TARGETS


# -- where requests go over UDP


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
        ("sip:anna@192.0.2.7:5080", '<sip:192.0.2.8;lr;x="a,b">', None),
    ],
)
def test_request_inside_a_dialog_goes_to_the_next_hop_over_udp(
    target: str, route: str, peer: tuple[str, int] | None
) -> None:
    link, _ = made(user_outbound1=UDP)
    assert link.wire_for(inside(target, route)).peer == peer


def test_request_to_the_domain_itself_goes_to_the_server() -> None:
    """The other side gave no Contact, so that its address is all we know of it."""
    link, _ = made(user_host1="192.0.2.7", user_outbound1=UDP)
    assert link.wire_for(inside("sip:anna@192.0.2.7")).peer is None
    assert link.wire_for(inside("sip:anna@192.0.2.7:5080")).peer == ("192.0.2.7", 5080)
    assert link.wire_for(inside("sip:anna@192.0.2.9", "<sip:192.0.2.7;lr>")).peer == ("192.0.2.7", 5060)


def test_all_other_requests_go_to_the_server() -> None:
    udp, _ = made(user_outbound1=UDP)
    tcp, _ = made()
    assert udp.wire_for(Peer().make("OPTIONS", uri="sip:anna@192.0.2.7")).peer is None
    assert tcp.wire_for(inside("sip:anna@192.0.2.7")).peer is None
