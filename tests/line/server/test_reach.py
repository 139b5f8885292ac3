"""How a line keeps in reach of its server: the next one, the way back, redirects, signs of life, changed addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from snomtui.kit.box import Certificate, Down, Send, Target
from snomtui.line.events import CertificateDoubted
from snomtui.line.server.failback import AFTER, WHEN_BUSY
from snomtui.line.server.keepalive import DATAGRAM, PATIENCE, PING, STREAM
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, Peer, Rule, accepted, in_turn, registered, says, silent

ONE, TWO = Target("tcp", "one", 5060, "192.0.2.1"), Target("tcp", "two", 5060, "192.0.2.2")
AT_ONE, AT_TWO = ("192.0.2.1", 5060), ("192.0.2.2", 5060)


class Pair:
    """A line whose server's name leads to two machines."""

    def __init__(
        self, transport: str = "tcp", first: Peer | None = None, second: Peer | None = None, kind: str = "default"
    ) -> None:
        """`kind`: of server."""
        self.one, self.two = first or Peer(OPTIONS=says(200)), second or Peer()
        server = f"pbx.example.org;transport={transport}"
        self.bench = Bench(self.two, start=False, user_outbound1=server, user_server_type1=kind)
        self.wire = self.bench.wire
        self.wire.boxes.append(self.one)
        self.wire.at = {AT_ONE: self.one, AT_TWO: self.two}
        self.wire.places = {"pbx.example.org": (replace(ONE, transport=transport), replace(TWO, transport=transport))}

    def start(self) -> Bench:
        """Register."""
        self.bench.line.start(self.bench.now)
        self.bench.settle()
        return self.bench


# -- the next server


def test_line_registers_at_the_first_server() -> None:
    pair = Pair()
    assert pair.start().registrations == ["registering", "registered"]
    assert (len(pair.one.asked("REGISTER")), pair.two.requests) == (1, [])


def test_line_goes_on_to_the_second_server_when_the_first_refuses_the_connection() -> None:
    pair = Pair()
    pair.wire.refuse = {AT_ONE}
    bench = pair.start()
    assert bench.registrations == ["registering", "registered"]
    assert len(pair.two.asked("REGISTER")) == 1


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_line_goes_on_to_the_second_server_when_the_first_is_out_of_service(transport: str) -> None:
    pair = Pair(transport, Peer(REGISTER=says(503, ("Retry-After", "60"))))
    bench = pair.start()
    assert bench.registrations == ["registering", "registered"]
    assert len(pair.two.asked("REGISTER")) == 1


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_line_does_not_wait_half_a_minute_for_a_silent_server_when_there_is_another(transport: str) -> None:
    pair = Pair(transport, Peer(REGISTER=silent))
    bench = pair.start()
    bench.advance(9)
    assert bench.registrations == ["registering", "registered"]
    bench.advance(60)
    assert bench.registrations == ["registering", "registered"]


def test_line_goes_on_when_the_first_server_hangs_up_on_the_register() -> None:
    pair = Pair(first=Peer(REGISTER=silent))
    bench = pair.start()
    pair.wire.cut(pair.one)
    bench.settle()
    assert bench.registrations == ["registering", "registered"]
    assert len(pair.two.asked("REGISTER")) == 1


def test_all_servers_out_of_service_are_asked_again_when_they_say_so() -> None:
    pair = Pair(
        first=Peer(REGISTER=says(503)), second=Peer(REGISTER=says(503, ("Retry-After", "42 (lunch);duration=1")))
    )
    bench = pair.start()
    assert (bench.registration.state, bench.registration.code) == ("refused", 503)
    assert bench.registration.retry_in == 42
    pair.one.rules["REGISTER"] = pair.two.rules["REGISTER"] = registered
    bench.advance(41)
    assert bench.registration.state == "refused"
    bench.advance(2)
    assert bench.registration.state == "registered"


def test_server_that_dies_is_replaced_within_seconds() -> None:
    pair = Pair()
    bench = pair.start()
    pair.wire.refuse = {AT_ONE}
    pair.wire.cut(pair.one)
    bench.advance(10)
    assert bench.registration.state == "registered"
    assert len(pair.two.asked("REGISTER")) == 1


def test_request_that_is_never_answered_shows_that_the_server_is_dead() -> None:
    pair = Pair("udp")
    bench = pair.start()
    pair.one.rules.clear()
    bench.dial()
    bench.advance(33)
    assert bench.call().cause == "timeout"
    bench.advance(10)
    assert bench.registration.state == "registered"
    assert len(pair.two.asked("REGISTER")) == 1


def test_name_that_leads_nowhere_is_told_in_words_and_tried_again() -> None:
    pair = Pair()
    pair.wire.places = {"pbx.example.org": ()}
    bench = pair.start()
    assert (bench.registration.state, bench.registration.retry_in) == ("waiting", 300)
    assert bench.registration.reason == "The name pbx.example.org does not resolve"
    pair.wire.places = {"pbx.example.org": (TWO,)}
    bench.advance(301)
    assert bench.registration.state == "registered"


# -- the way back


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_line_goes_back_to_the_better_server_when_that_answers_again(transport: str) -> None:
    pair = Pair(transport)
    pair.wire.refuse, pair.one.rules = {AT_ONE}, {}
    bench = pair.start()
    bench.advance(9)
    assert bench.registration.state == "registered"
    bench.advance(AFTER + 40)
    assert len(pair.one.asked("REGISTER")) <= 1
    pair.wire.refuse, pair.one.rules = set(), {"OPTIONS": says(200), "REGISTER": registered}
    bench.advance(AFTER + 40)
    assert len(pair.one.asked("OPTIONS")) >= 1
    assert bench.registration.state == "registered"
    before = len(pair.two.asked("REGISTER"))
    bench.advance(1000)
    assert len(pair.two.asked("REGISTER")) == before


def test_line_does_not_go_back_to_a_server_that_is_still_out_of_service() -> None:
    pair = Pair(first=Peer(REGISTER=says(503), OPTIONS=says(503)))
    bench = pair.start()
    bench.advance(3 * AFTER)
    assert len(pair.one.asked("OPTIONS")) >= 2
    assert len(pair.one.asked("REGISTER")) == 1
    assert bench.registration.state == "registered"


def test_line_does_not_go_back_during_a_call() -> None:
    pair = Pair(second=Peer(INVITE=accepted, BYE=says(200)))
    pair.wire.refuse = {AT_ONE}
    bench = pair.start()
    bench.dial()
    pair.wire.refuse = set()
    bench.advance(AFTER + 2 * WHEN_BUSY)
    assert not pair.one.asked("OPTIONS")
    bench.hang_up()
    bench.advance(WHEN_BUSY + 1)
    assert pair.one.asked("REGISTER")
    assert bench.registration.state == "registered"


# -- redirects


def moved(status: int, *contacts: str) -> Rule:
    """A registrar that sends everybody elsewhere."""
    return says(status, *(("Contact", contact) for contact in contacts))


@pytest.mark.parametrize(("status", "uri"), [(301, "sip:two:5060"), (302, "sip:two:5060"), (305, "sip:example.org")])
def test_line_registers_where_the_server_sends_it(status: int, uri: str) -> None:
    pair = Pair(first=Peer(REGISTER=moved(status, "<sip:two:5060;transport=tcp>")))
    pair.wire.at[("two", 5060)] = pair.two
    bench = pair.start()
    assert bench.registrations[-1] == "registered"
    assert pair.two.last("REGISTER").uri == uri
    assert pair.two.last("REGISTER").to.uri.aor == "sip:heiko@example.org"


def test_best_of_several_places_is_taken() -> None:
    contacts = ("<sip:nowhere;transport=tcp>;q=0.1", "<mailto:heiko@example.org>", "<sip:two;transport=tcp>;q=0.9")
    pair = Pair(first=Peer(REGISTER=moved(302, *contacts)))
    pair.wire.at[("two", 5060)] = pair.two
    pair.start()
    assert len(pair.two.asked("REGISTER")) == 1


def test_servers_that_send_each_other_the_phone_are_refused() -> None:
    pair = Pair(
        first=Peer(REGISTER=moved(302, "<sip:two:5060;transport=tcp>")),
        second=Peer(REGISTER=moved(302, "<sip:one:5060;transport=tcp>")),
    )
    pair.wire.at |= {("two", 5060): pair.two, ("one", 5060): pair.one}
    bench = pair.start()
    assert (bench.registration.state, bench.registration.code) == ("refused", 302)
    assert len(pair.one.requests) + len(pair.two.requests) <= 6


@pytest.mark.parametrize("contacts", [(), ("<tel:+49301>",), ("<sip:two;transport=sctp>",), ("*",), ("<sip:[broken",)])
def test_redirect_to_nowhere_is_a_refusal(contacts: tuple[str, ...]) -> None:
    bench = Pair(first=Peer(REGISTER=moved(302, *contacts))).start()
    assert (bench.registration.state, bench.registration.code) == ("refused", 302)
    assert "elsewhere" in bench.registration.reason


def test_line_never_goes_from_tls_to_a_place_without() -> None:
    pair = Pair("tls", Peer(REGISTER=moved(302, "<sip:two:5060;transport=tcp>")))
    pair.wire.at[("two", 5060)] = pair.two
    assert pair.start().registration.state == "refused"
    assert pair.two.requests == []


def test_ocs_over_tcp_sends_the_phone_to_its_home_pool_over_tcp() -> None:
    pair = Pair(first=Peer(REGISTER=moved(301, "<sip:two:5060;transport=tcp>;q=0.7")), kind="ocs")
    pair.wire.at[("two", 5060)] = pair.two
    assert pair.start().registration.state == "registered"
    assert pair.two.last("REGISTER").uri == "sip:example.org"


@pytest.mark.parametrize(
    ("contact", "transport", "expected"),
    [
        ("<sip:two:5061>", "tcp", "registered"),
        ("<sip:two:5061;transport=udp>", "tcp", "refused"),
        ("<sip:two:5061;transport=tcp>", "tls", "refused"),
    ],
)
def test_pool_of_an_ocs_without_transport_speaks_tls_and_none_is_worse(
    contact: str, transport: str, expected: str
) -> None:
    pair = Pair(transport, Peer(REGISTER=moved(301, contact)), kind="ocs")
    pair.wire.at[("two", 5061)] = pair.two
    assert pair.start().registration.state == expected


def test_line_that_was_sent_elsewhere_begins_at_home_after_that_place_is_gone() -> None:
    pair = Pair(first=Peer(REGISTER=moved(302, "<sip:two:5060;transport=tcp>")))
    pair.wire.at[("two", 5060)] = pair.two
    bench = pair.start()
    pair.one.rules["REGISTER"] = registered
    pair.wire.cut(pair.two)
    bench.advance(10)
    assert bench.registration.state == "registered"
    assert pair.one.last("REGISTER").uri == "sip:example.org"


# -- extensions


def test_extension_that_the_server_does_not_know_is_left_out() -> None:
    bench = Bench(Peer(REGISTER=in_turn(says(420, ("Unsupported", "path, outbound")), registered)))
    assert bench.registration.state == "registered"
    first, second = bench.peer.asked("REGISTER")
    assert first.headers.get("Supported") == "path, outbound"
    assert "Supported" not in second.headers
    assert "reg-id" not in (second.headers.get("Contact") or "")


@pytest.mark.parametrize("rule", [says(420, ("Unsupported", "outbound")), says(420), says(439)])
def test_server_that_is_never_content_is_not_asked_for_ever(rule: Rule) -> None:
    bench = Bench(Peer(REGISTER=rule))
    assert bench.registration.state == "refused"
    assert len(bench.peer.asked("REGISTER")) <= 2


# -- what the registrar tells about us


def test_service_route_leads_all_requests_outside_dialogs_but_the_register() -> None:
    routes = ("Service-Route", "<sip:edge.example.org;lr>, <sip:core.example.org;lr>")
    bench = Bench(Peer(REGISTER=says(200, routes)))
    bench.dial()
    found = [str(route) for route in bench.peer.last("INVITE").routes]
    assert found == ["<sip:edge.example.org;lr>", "<sip:core.example.org;lr>"]
    bench.advance(1300)
    assert len(bench.peer.asked("REGISTER")) > 1
    assert not bench.peer.last("REGISTER").routes


def test_service_route_that_cannot_be_read_costs_itself() -> None:
    routes = [("Service-Route", each) for each in ("<<<", "<mailto:x@y>", "sip:edge.example.org;lr", "<sip:core;lr>")]
    bench = Bench(Peer(REGISTER=says(200, *routes)))
    bench.dial()
    assert bench.peer.last("INVITE").headers.values("Route") == ("<sip:core;lr>",)


def with_gruu(request: Request) -> Response:
    """200 with a GRUU, whether it was asked for or not."""
    gruu = 'pub-gruu="sip:heiko@example.org;gr=urn:uuid:1"'
    return respond(request, 200, tag="r", headers=[("Contact", f"{request.headers.get('Contact')};{gruu}")])


def test_gruu_is_used_where_it_was_asked_for() -> None:
    bench = Bench(Peer(REGISTER=with_gruu), offer_gruu="on")
    assert "gruu" in (bench.peer.last("REGISTER").headers.get("Supported") or "")
    bench.dial()
    assert bench.peer.last("INVITE").headers.get("Contact") == "<sip:heiko@example.org;gr=urn:uuid:1>"
    bench.advance(1300)
    assert "gr=" not in (bench.peer.last("REGISTER").headers.get("Contact") or "")


def test_gruu_that_was_not_asked_for_is_not_used() -> None:
    bench = Bench(Peer(REGISTER=with_gruu))
    bench.dial()
    assert "gr=" not in (bench.peer.last("INVITE").headers.get("Contact") or "")


def seen_at(*places: str) -> Rule:
    """A registrar that sees the phone behind an address translation, each time at the next place."""
    left = list(places)

    def rule(request: Request) -> Response:
        answer = registered(request)
        host, _, port = (left.pop(0) if len(left) > 1 else left[0]).partition(":")
        via = (answer.headers.get("Via") or "").replace(";rport", f";received={host};rport={port}")
        return answer.with_("Via", via)

    return rule


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_phone_behind_an_address_translation_registers_where_it_is_seen(transport: str) -> None:
    bench = Bench(Peer(REGISTER=seen_at("203.0.113.5:6000")), user_outbound1=f"127.0.0.1:5060;transport={transport}")
    first, second = bench.peer.asked("REGISTER")
    new, old = second.contacts
    assert (new.uri.host, new.uri.port) == ("203.0.113.5", 6000)
    assert (old.uri, old.params.get("expires")) == (first.contacts[0].uri, "0")
    bench.dial()
    assert bench.peer.last("INVITE").contacts[0].uri.host == "203.0.113.5"


@pytest.mark.parametrize(
    "params",
    [
        ";received=not-an-ip;rport=99999",
        ";received=::::;rport=-4",
        ";received=0.0.0.0",
        ";received=224.0.0.1;rport=0",
        ';received="x>;q=1, <sip:evil@example.net"',
    ],
)
def test_place_where_no_phone_can_be_goes_into_no_contact(params: str) -> None:
    def rule(request: Request) -> Response:
        answer = registered(request)
        return answer.with_("Via", (answer.headers.get("Via") or "").replace(";rport", params))

    bench = Bench(Peer(REGISTER=rule))
    assert bench.registration.state == "registered"
    assert len(bench.peer.asked("REGISTER")) == 1
    assert bench.line.letterhead.location().startswith("<sip:heiko@127.0.0.1:")


def test_translation_that_changes_is_told_to_the_server() -> None:
    bench = Bench(Peer(REGISTER=seen_at("203.0.113.5:6000", "203.0.113.5:6000", "203.0.113.9:7000")))
    bench.advance(201)
    new, old = bench.peer.last("REGISTER").contacts
    assert (new.uri.host, old.uri.host) == ("203.0.113.9", "203.0.113.5")


def test_server_that_sees_us_elsewhere_each_time_gets_no_storm() -> None:
    places = [f"203.0.113.5:{port}" for port in range(6000, 6100)]
    bench = Bench(Peer(REGISTER=seen_at(*places)))
    bench.advance(29)
    assert len(bench.peer.asked("REGISTER")) <= 3


def test_old_address_is_taken_back_after_a_new_connection() -> None:
    bench = Bench()
    first = bench.peer.last("REGISTER").contacts[0].uri
    bench.wire.cut(bench.box)
    bench.advance(10)
    new, old = bench.peer.last("REGISTER").contacts
    assert new.uri.port != first.port
    assert (old.uri, old.params.get("expires")) == (first, "0")


def test_refused_refresh_ends_what_depends_on_it() -> None:
    bench = Bench(Peer(REGISTER=in_turn(registered, says(403), registered), SUBSCRIBE=says(200)), user_mailbox1="99")
    before = len(bench.peer.asked("SUBSCRIBE"))
    bench.advance(201)
    assert bench.registration.state == "refused"
    bench.advance(301)
    assert bench.registration.state == "registered"
    fresh = bench.peer.asked("SUBSCRIBE")[before:]
    assert before and fresh and not fresh[0].to.tag


# -- signs of life


def pings(bench: Bench) -> int:
    """How many signs of life the phone has sent."""
    return sum(isinstance(each, Send) and each.data == PING for each in bench.box.done)


def test_stream_is_kept_alive_without_being_asked() -> None:
    bench = Bench(Peer(REGISTER=says(200, ("Expires", "3600"))))
    bench.advance(STREAM + 1)
    assert (pings(bench), bench.peer.pings) == (1, 1)


def test_udp_is_kept_alive_only_through_an_address_translation() -> None:
    udp: dict[str, Any] = {"user_outbound1": "127.0.0.1:5060;transport=udp"}
    plain, translated = Bench(**udp), Bench(Peer(REGISTER=seen_at("203.0.113.5:6000")), **udp)
    plain.advance(DATAGRAM + 1)
    translated.advance(DATAGRAM + 1)
    assert (pings(plain), pings(translated)) == (0, 1)


def test_setting_says_how_often_a_sign_of_life_is_sent() -> None:
    bench = Bench(user_outbound1="127.0.0.1:5060;transport=udp", keepalive_interval1="14")
    bench.advance(29)
    assert pings(bench) == 2


def test_server_that_gives_no_sign_of_life_is_left_and_found_again() -> None:
    bench = Bench(Peer(REGISTER=says(200, ("Expires", "3600"), ("Flow-Timer", "30"))))
    bench.advance(24 + PATIENCE - 1)
    assert bench.registrations == ["registering", "registered"]
    bench.advance(2)
    assert bench.registration.state == "waiting"
    bench.advance(5)
    assert bench.registration.state == "registered"
    assert bench.opened == 2


# -- certificates


def test_doubtful_certificate_is_told() -> None:
    bench = Bench(start=False)
    certificate = Certificate("ab" * 32, "CN=pbx", "CN=pbx", "2030-01-01", "nobody vouches for it")
    bench.line.start(bench.now)
    order = list(bench.line.outbox())
    assert order
    bench.wire.refusing = True
    bench.settle()
    bench.line.linked(bench.line.conn, Down("not trusted", certificate), bench.now)
    assert [event.certificate for event in bench.line.events() if isinstance(event, CertificateDoubted)] == [
        certificate
    ]


def test_call_survives_while_its_server_is_replaced() -> None:
    pair = Pair(first=Peer(INVITE=accepted, BYE=says(200), OPTIONS=says(200)), second=Peer(BYE=says(200)))
    bench = pair.start()
    bench.dial()
    pair.wire.refuse = {AT_ONE}
    pair.wire.cut(pair.one)
    bench.advance(10)
    assert bench.registration.state == "registered"
    assert bench.calls() == ["dialling", "talking"]
    bench.hang_up()
    assert len(pair.two.asked("BYE")) == 1


# -- what is asked for while the connection is away


def away(**rules: Rule) -> Bench:
    """A call that is up, and the connection has just been lost."""
    bench = Bench(Peer(INVITE=accepted, BYE=says(200), **rules))
    bench.dial()
    bench.wire.cut(bench.box)
    assert bench.registration.state == "waiting"
    return bench


def test_hold_that_is_pressed_without_a_connection_waits_for_the_next_one() -> None:
    bench = away()
    [call] = bench.line.calls
    call.hold(bench.now)
    bench.settle()
    bench.advance(5)
    assert bench.registration.state == "registered"
    assert len(bench.peer.asked("INVITE")) == 2
    assert bench.calls()[-1] == "holding"
    bench.advance(60)
    assert bench.calls()[-1] == "holding"


def test_call_that_is_hung_up_without_a_connection_is_ended_over_the_next_one() -> None:
    bench = away()
    bench.hang_up()
    bench.advance(5)
    assert len(bench.peer.asked("BYE")) == 1
    assert not list(bench.line.calls)


def test_call_that_is_dialled_without_a_connection_goes_out_over_the_next_one() -> None:
    bench = away()
    id = bench.dial("sip:carol@example.org")
    assert bench.calls(id) == ["dialling"]
    bench.advance(5)
    assert bench.calls(id) == ["dialling", "talking"]


def test_call_that_is_dialled_and_taken_back_without_a_connection_never_goes_out() -> None:
    bench = away()
    id = bench.dial("sip:carol@example.org")
    bench.hang_up(id)
    bench.advance(5)
    assert len(bench.peer.asked("INVITE")) == 1
    assert bench.call(id).cause == "local"


def test_person_does_not_wait_for_ever_for_a_connection() -> None:
    bench = away()
    bench.wire.refusing = True
    id = bench.dial("sip:carol@example.org")
    bench.advance(9)
    assert bench.calls(id) == ["dialling"]
    bench.advance(2)
    assert (bench.call(id).state, bench.call(id).cause) == ("ended", "failed")


def test_line_does_not_go_back_when_a_call_begins_while_it_asks() -> None:
    pair = Pair(second=Peer(INVITE=accepted, BYE=says(200)))
    pair.wire.refuse, pair.one.rules = {AT_ONE}, {"REGISTER": registered}
    bench = pair.start()
    pair.wire.refuse = set()
    bench.advance(AFTER + 1)
    [question] = pair.one.asked("OPTIONS")
    bench.dial()
    pair.one.send(respond(question, 200, tag="o"))
    bench.settle()
    assert bench.calls() == ["dialling", "talking"]
    assert not pair.one.asked("REGISTER")
    pair.one.rules["OPTIONS"] = says(200)
    bench.hang_up()
    bench.advance(WHEN_BUSY + 1)
    assert len(pair.one.asked("REGISTER")) == 1


def test_new_address_is_told_after_a_while_even_if_it_comes_too_soon_after_the_last_one() -> None:
    bench = Bench(Peer(REGISTER=seen_at("203.0.113.5:6000", "203.0.113.5:6000", "203.0.113.5:6001")))
    bench.line.start(bench.now)
    bench.settle()
    assert bench.peer.last("REGISTER").contacts[0].uri.port == 6000
    bench.advance(31)
    assert bench.peer.last("REGISTER").contacts[0].uri.port == 6001


def test_phone_behind_a_translation_registers_where_it_is_seen_after_each_new_connection() -> None:
    bench = Bench(Peer(REGISTER=seen_at("203.0.113.5:6000")))
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert bench.peer.last("REGISTER").contacts[0].uri.host == "203.0.113.5"


def test_server_that_answers_late_but_in_time_is_not_left() -> None:
    pair = Pair(first=Peer(REGISTER=silent))
    bench = pair.start()
    bench.advance(7.9)
    [first] = pair.one.asked("REGISTER")
    pair.one.rules["REGISTER"] = registered
    challenge = ("WWW-Authenticate", 'Digest realm="example.org", nonce="n"')
    pair.one.send(respond(first, 401, tag="r", headers=[challenge]))
    bench.settle()
    bench.advance(30)
    assert bench.registration.state == "registered"
    assert not pair.two.requests


def test_call_goes_to_the_next_server_when_the_first_is_overloaded() -> None:
    busy = Peer(INVITE=says(503, ("Retry-After", "60")), OPTIONS=says(200))
    pair = Pair(first=busy, second=Peer(INVITE=accepted, BYE=says(200)))
    bench = pair.start()
    bench.dial()
    assert bench.calls() == ["dialling", "talking"]
    assert len(pair.two.asked("REGISTER")) == len(pair.two.asked("INVITE")) == 1


def test_call_is_refused_when_the_only_server_is_overloaded() -> None:
    bench = Bench(Peer(INVITE=says(503, ("Retry-After", "60"))))
    bench.dial()
    assert (bench.call().state, bench.call().code) == ("ended", 503)
    assert bench.registrations == ["registering", "registered"]
