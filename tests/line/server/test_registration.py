"""How a line gets registered, stays so, and what it does when it cannot."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from snomtui.auth.digest import DigestDoor
from snomtui.line.server.regtable import State
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.message import parse as parse_message
from tests.line.peer import Bench, Peer, Rule, in_turn, registered, says, silent
from tests.wire import START, Said


def digest_door(algorithm: str = "MD5", password: str = "secret", at: Callable[[], float] = lambda: START) -> Rule:
    """A registrar that asks for Digest."""
    door = DigestDoor("example.org", b"server", algorithm)

    def rule(request: Request) -> Response:
        given = request.headers.get("Authorization")
        who = {"heiko": password}.get
        if given and door.check(given, request.method, request.uri, who, at()).ok:
            return registered(request)
        return respond(request, 401, tag="reg", headers=[("WWW-Authenticate", door.challenge(at()))])

    return rule


def test_phone_registers_where_nobody_asks_for_a_password() -> None:
    bench = Bench()
    assert bench.registrations == ["registering", "registered"]
    assert bench.registration.auth == "none"
    assert bench.registration.expires == 600
    assert bench.registration.transport == "tcp"
    assert bench.line.registered
    request = bench.peer.last("REGISTER")
    assert request.uri == "sip:example.org"
    assert request.from_.uri.aor == request.to.uri.aor == "sip:heiko@example.org"
    assert request.expires == 3600
    assert request.headers.get("User-Agent") == "snom370/8.2.19"


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "MD5-sess"])
def test_phone_answers_a_digest_challenge(algorithm: str) -> None:
    bench = Bench(Peer(REGISTER=digest_door(algorithm)))
    assert bench.registrations == ["registering", "registered"]
    assert bench.registration.auth == "digest"
    numbers = [request.cseq.number for request in bench.peer.asked("REGISTER")]
    assert numbers == [1, 2]
    assert len({request.call_id for request in bench.peer.requests}) == 1
    assert len({request.via.branch for request in bench.peer.requests}) == 2
    assert "secret" not in "\n".join(bench.log)


def test_phone_takes_the_first_of_two_digests_as_the_server_prefers_it() -> None:
    weak, strong = (DigestDoor("example.org", b"server", name) for name in ("MD5", "SHA-256"))

    def rule(request: Request) -> Response:
        given = request.headers.get("Authorization")
        if given and strong.check(given, "REGISTER", request.uri, {"heiko": "secret"}.get, START).ok:
            return registered(request)
        offers = [("WWW-Authenticate", door.challenge(START)) for door in (strong, weak)]
        return respond(request, 401, tag="reg", headers=offers)

    assert Bench(Peer(REGISTER=rule)).registration.state == "registered"


def test_phone_gives_up_after_a_second_401_and_tries_again_after_300_seconds() -> None:
    bench = Bench(Peer(REGISTER=digest_door(password="other")))
    assert bench.registration.state == "refused"
    assert bench.registration.code == 401
    assert bench.registration.retry_in == 300
    assert bench.registration.reason.startswith("The login was refused")
    assert len(bench.peer.asked("REGISTER")) == 2
    assert "[2] Registrar heiko@example.org refused with code 401" in bench.log
    assert bench.log[-1] == "[5] Will try to reregister in 300 seconds"
    bench.advance(299)
    assert len(bench.peer.asked("REGISTER")) == 2
    bench.peer.rules["REGISTER"] = digest_door(at=lambda: bench.now)
    bench.advance(1.5)
    assert bench.registration.state == "registered"


def test_stale_nonce_is_no_refusal() -> None:
    door = DigestDoor("example.org", b"server", lifetime=1)
    peer = Peer()
    bench = Bench(peer, start=False)

    def rule(request: Request) -> Response:
        given = request.headers.get("Authorization")
        checked = door.check(given, "REGISTER", request.uri, {"heiko": "secret"}.get, bench.now) if given else None
        if checked and checked.ok:
            return registered(request)
        stale = checked is not None and checked.user == "heiko"
        return respond(request, 401, tag="r", headers=[("WWW-Authenticate", door.challenge(bench.now, stale))])

    peer.rules["REGISTER"] = rule
    bench.line.start(bench.now)
    bench.advance(900)
    assert set(bench.registrations) == {"registering", "registered"}
    assert len(peer.asked("REGISTER")) > 6


def test_phone_asks_for_longer_when_the_registrar_says_423() -> None:
    bench = Bench(Peer(REGISTER=in_turn(says(423, ("Min-Expires", "7200")), registered)))
    assert [request.expires for request in bench.peer.asked("REGISTER")] == [3600, 7200]
    assert bench.registration.state == "registered"


def test_registrar_that_never_has_enough_is_not_asked_for_ever() -> None:
    bench = Bench(Peer(REGISTER=says(423, ("Min-Expires", "1"))))
    bench.advance(10)
    assert bench.registration.state == "refused"
    assert bench.registration.code == 423
    assert len(bench.peer.requests) < 10


def test_registrar_that_always_wants_longer_is_not_asked_for_ever() -> None:
    def longer(request: Request) -> Response:
        return respond(request, 423, tag="r", headers=[("Min-Expires", str((request.expires or 0) + 10))])

    bench = Bench(Peer(REGISTER=longer))
    assert (bench.registration.state, bench.registration.code) == ("refused", 423)
    assert [request.expires for request in bench.peer.asked("REGISTER")] == [3600, 3610, 3620, 3630]
    bench.peer.rules["REGISTER"] = registered
    bench.advance(301)
    assert bench.registration.state == "registered"
    assert bench.peer.last("REGISTER").expires == 3600


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "The server does not allow this login"),
        (404, "The server does not know this address"),
        (503, "The server is overloaded or out of service"),
        (500, "Server Internal Error"),
    ],
)
def test_refusal_is_told_in_words_and_tried_again(status: int, words: str) -> None:
    bench = Bench(Peer(REGISTER=in_turn(says(status), registered)))
    assert (bench.registration.state, bench.registration.code, bench.registration.reason) == ("refused", status, words)
    assert f"[2] Registrar heiko@example.org refused with code {status}" in bench.log
    bench.advance(301)
    assert bench.registration.state == "registered"


def test_reason_of_the_server_is_told_where_we_have_no_better_words() -> None:
    bench = Bench(Peer(REGISTER=says(480, reason="Gone fishing")))
    assert bench.registration.reason == "Gone fishing"


@pytest.mark.parametrize(
    "header",
    [
        ("ms-diagnostics", '17002;reason="Client version is not supported";source="sip.ucc.de"'),
        ("Warning", '310 lcs.microsoft.com "Client version is not supported"'),
    ],
)
def test_what_the_server_says_besides_is_told_as_well(header: tuple[str, str]) -> None:
    bench = Bench(Peer(REGISTER=says(403, header)))
    assert bench.registration.reason == "The server does not allow this login: Client version is not supported"


def test_retry_comes_after_the_time_that_the_setting_says() -> None:
    bench = Bench(Peer(REGISTER=says(403)), retry_after_failed_register="20")
    assert bench.registration.retry_in == 20
    bench.advance(61)
    assert len(bench.peer.requests) == 4


def test_server_that_does_not_answer_is_told_and_tried_again() -> None:
    bench = Bench(Peer(REGISTER=silent))
    bench.advance(33)
    assert bench.registration.state == "waiting"
    assert bench.registration.code is None
    assert bench.registration.reason == "127.0.0.1:5060 does not answer"
    bench.peer.rules["REGISTER"] = registered
    bench.advance(300)
    assert bench.registration.state == "registered"


def test_server_that_cannot_be_reached_is_told_and_tried_again() -> None:
    bench = Bench(start=False)
    bench.wire.refusing = True
    bench.line.start(bench.now)
    bench.settle()
    assert bench.registration.state == "waiting"
    assert "refused the connection" in bench.registration.reason
    assert bench.registration.retry_in is not None
    bench.wire.refusing = False
    bench.advance(301)
    assert bench.registration.state == "registered"


def test_lost_connection_is_made_again_within_seconds() -> None:
    bench = Bench()
    bench.wire.cut(bench.box)
    assert bench.registration.state == "waiting"
    assert bench.registration.reason == "the cable was pulled"
    assert bench.registration.retry_in in (1, 2, 3)
    bench.advance(3)
    assert bench.registration.state == "registered"
    assert bench.opened == 2


def test_server_that_restarts_for_a_minute_is_found_again_soon_after() -> None:
    bench = Bench()
    bench.wire.refusing = True
    bench.wire.cut(bench.box)
    bench.advance(60)
    bench.wire.refusing = False
    bench.advance(60)
    assert bench.registration.state == "registered"
    assert bench.opened < 12


def test_connection_lost_during_the_first_register_is_tried_again() -> None:
    bench = Bench(Peer(REGISTER=silent))
    bench.wire.cut(bench.box)
    assert bench.registration.state == "waiting"
    bench.peer.rules["REGISTER"] = registered
    bench.advance(301)
    assert bench.registration.state == "registered"


def test_expiry_of_the_own_contact_counts() -> None:
    def rule(request: Request) -> Response:
        contact = request.headers.get("Contact")
        others = [("Contact", f"<sip:heiko@192.0.2.1>;expires=30, {contact};expires=90"), ("Expires", "3000")]
        return respond(request, 200, tag="r", headers=others)

    assert Bench(Peer(REGISTER=rule)).registration.expires == 90


def test_expires_header_counts_where_the_contact_says_nothing() -> None:
    def rule(request: Request) -> Response:
        headers = [("Contact", request.headers.get("Contact") or ""), ("Expires", "120")]
        return respond(request, 200, tag="r", headers=headers)

    assert Bench(Peer(REGISTER=rule)).registration.expires == 120


def test_phone_takes_what_it_asked_for_when_the_registrar_says_nothing() -> None:
    assert Bench(Peer(REGISTER=says(200))).registration.expires == 3600


@pytest.mark.parametrize(("expires", "least", "most"), [("14", 3, 4), ("3", 0.8, 1), ("1", 0.8, 1)])
def test_short_expiry_is_refreshed_in_time(expires: str, least: float, most: float) -> None:
    bench = Bench(Peer(REGISTER=says(200, ("Expires", expires))))
    assert bench.registration.expires == int(expires)
    bench.advance(least)
    assert len(bench.peer.asked("REGISTER")) == 1
    bench.advance(most - least + 0.01)
    assert len(bench.peer.asked("REGISTER")) == 2


def test_expiry_of_nothing_is_replaced_by_600() -> None:
    assert Bench(Peer(REGISTER=says(200, ("Expires", "0")))).registration.expires == 600


@pytest.mark.parametrize("text", ["²", "-5", "", "soon", "9" * 5000, "1e3"])
def test_expiry_that_is_no_number_harms_nothing(text: str) -> None:
    def rule(request: Request) -> Response:
        contact = f"{request.headers.get('Contact')};expires={text}" if text else request.headers.get("Contact") or ""
        return respond(request, 200, tag="r", headers=[("Contact", contact)])

    bench = Bench(Peer(REGISTER=rule))
    assert bench.registration.state == "registered"
    assert (bench.registration.expires or 0) >= 600


@pytest.mark.parametrize("least", ["²", "9" * 5000, "-1", ""])
def test_423_without_a_number_is_a_refusal(least: str) -> None:
    bench = Bench(Peer(REGISTER=in_turn(says(423, ("Min-Expires", least)), says(403))))
    assert bench.registration.state == "refused"


@pytest.mark.parametrize("timeout", ["²", "9" * 5000, "-1", "", "soon"])
def test_keep_alive_without_a_number_harms_nothing(timeout: str) -> None:
    bench = Bench(Peer(REGISTER=says(200, ("ms-keep-alive", f"UAS; tcp=no; hop-hop=yes; timeout={timeout}"))))
    assert bench.registration.state == "registered"


def test_server_that_hangs_up_after_each_registration_is_asked_less_and_less_often() -> None:
    bench = Bench()
    for _ in range(120):
        if bench.registration.state == "registered":
            bench.wire.cut(bench.box)
        bench.advance(1)
    assert 5 <= len(bench.peer.asked("REGISTER")) <= 9
    bench.advance(300)
    assert bench.registration.state == "registered"
    bench.wire.cut(bench.box)
    bench.advance(4)
    assert bench.registration.state == "registered"  # after a time of calm it is in a hurry again


def test_refresh_comes_after_a_third_of_the_time() -> None:
    bench = Bench()
    assert "[5] sip::send_register: reregister timer for line 0 set to 200s" in bench.log
    bench.advance(179)
    assert len(bench.peer.asked("REGISTER")) == 1
    bench.advance(22)
    first, second = bench.peer.asked("REGISTER")
    assert (first.call_id, first.cseq.number + 1) == (second.call_id, second.cseq.number)
    assert bench.registrations == ["registering", "registered"]


def test_refresh_that_fails_is_a_refusal() -> None:
    bench = Bench(Peer(REGISTER=in_turn(registered, says(403))))
    bench.advance(201)
    assert bench.registration.state == "refused"
    assert not bench.line.registered


def test_contact_that_cannot_be_read_costs_itself_only() -> None:
    def rule(request: Request) -> Response:
        headers = [("Contact", "<sip:[broken"), ("Contact", f"{request.headers.get('Contact')};expires=77")]
        return respond(request, 200, tag="r", headers=headers)

    assert Bench(Peer(REGISTER=rule)).registration.expires == 77


def test_phone_unregisters() -> None:
    bench = Bench()
    bench.line.leave(bench.now)
    bench.settle()
    assert bench.peer.last("REGISTER").expires == 0
    assert bench.registration.state == "off"
    assert bench.line.gone
    bench.advance(5000)
    assert len(bench.peer.requests) == 2


def test_phone_unregisters_with_its_password() -> None:
    bench = Bench(Peer(REGISTER=digest_door()))
    bench.line.leave(bench.now)
    bench.settle()
    assert bench.line.gone
    assert bench.peer.last("REGISTER").headers.get("Authorization")


def test_phone_leaves_though_nobody_answers() -> None:
    bench = Bench(Peer(REGISTER=in_turn(registered, silent)))
    bench.line.leave(bench.now)
    bench.advance(33)
    assert bench.line.gone


def test_phone_that_is_not_registered_leaves_without_a_word() -> None:
    bench = Bench(Peer(REGISTER=says(403)))
    bench.line.leave(bench.now)
    bench.settle()
    assert bench.line.gone
    bench.advance(1000)
    assert len(bench.peer.asked("REGISTER")) == 1


def test_phone_registers_again_after_it_has_left() -> None:
    bench = Bench()
    bench.line.leave(bench.now)
    bench.settle()
    bench.line.start(bench.now)
    bench.settle()
    assert bench.registrations == ["registering", "registered", "off", "registering", "registered"]


def test_phone_that_was_asked_to_register_again_does_so_at_once() -> None:
    bench = Bench()
    bench.line.start(bench.now)
    bench.settle()
    assert len(bench.peer.asked("REGISTER")) == 2
    assert bench.registrations == ["registering", "registered"]


def test_start_while_leaving_ends_registered() -> None:
    bench = Bench(Peer(REGISTER=in_turn(registered, silent, registered)))
    bench.line.leave(bench.now)
    bench.settle()
    bench.line.start(bench.now)
    bench.settle()
    assert bench.registration.state == "registered"
    bench.advance(40)  # the un-REGISTER comes to nothing
    assert bench.registration.state == "registered"


def test_late_answer_to_an_old_register_changes_nothing() -> None:
    bench = Bench(Peer(REGISTER=silent))
    old = bench.peer.last("REGISTER")
    bench.line.start(bench.now)
    bench.settle()
    bench.peer.rules["REGISTER"] = registered
    bench.tell(respond(old, 403, tag="r"))
    assert bench.registration.state == "registering"


def test_late_challenge_to_a_phone_that_was_switched_off_is_not_answered() -> None:
    bench = Bench(Peer(REGISTER=silent))
    asked = bench.peer.last("REGISTER")
    bench.line.leave(bench.now)
    bench.settle()
    challenge = DigestDoor("example.org", b"server").challenge(START)
    bench.tell(respond(asked, 401, tag="r", headers=[("WWW-Authenticate", challenge)]))
    assert bench.registration.state == "off"
    assert len(bench.peer.asked("REGISTER")) == 1


def test_register_is_repeated_over_udp_until_it_is_answered() -> None:
    lost: list[Said] = []

    def lose(said: object) -> bool:
        assert isinstance(said, Said)
        if said.sender == "line" and len(lost) < 3:
            lost.append(said)
            return True
        return False

    bench = Bench(user_outbound1="127.0.0.1:5060;transport=udp", lose=lose)
    bench.advance(4)
    assert bench.registration.state == "registered"
    assert [round(said.at - START, 3) for said in lost] == [0.0, 0.5, 1.5]
    assert len({parse_message(said.data).via.branch for said in lost}) == 1


def test_answer_that_is_lost_is_asked_for_again_over_udp() -> None:
    lost: list[Said] = []

    def lose(said: object) -> bool:
        assert isinstance(said, Said)
        if said.sender == "peer" and len(lost) < 2:
            lost.append(said)
            return True
        return False

    bench = Bench(user_outbound1="127.0.0.1:5060;transport=udp", lose=lose)
    bench.advance(4)
    assert bench.registration.state == "registered"


def test_states_that_are_established_are_those_in_which_the_server_knows_us() -> None:
    bench = Bench()
    bench.peer.rules["REGISTER"] = silent
    bench.advance(201)
    assert bench.line._registration.state is State.REFRESHING
    assert bench.line.registered


def test_expiry_of_the_present_binding_counts_not_that_of_an_older_one_of_ours() -> None:
    def rule(request: Request) -> Response:
        here = request.headers.all("Contact")[0]
        old = here.replace(f":{request.contacts[0].uri.port}", ":1999")
        return respond(request, 200, tag="r", headers=[("Contact", f"{here};expires=90, {old};expires=3000")])

    assert Bench(Peer(REGISTER=rule)).registration.expires == 90


def test_phone_that_signs_off_while_it_is_being_registered_takes_that_back() -> None:
    bench = Bench(Peer(REGISTER=silent))
    bench.line.leave(bench.now)
    bench.settle()
    assert not bench.line.gone
    bench.peer.rules["REGISTER"] = says(200)
    bench.tell(registered(bench.peer.last("REGISTER")))
    assert bench.line.gone
    assert [request.expires for request in bench.peer.asked("REGISTER")] == [3600, 0]


@pytest.mark.parametrize("status", [401, 403, 503])
def test_phone_that_signs_off_and_is_then_refused_is_gone(status: int) -> None:
    bench = Bench(Peer(REGISTER=silent))
    bench.line.leave(bench.now)
    bench.tell(respond(bench.peer.last("REGISTER"), status, tag="r"))
    assert bench.line.gone
    assert len(bench.peer.asked("REGISTER")) == 1
    assert bench.registration.state == "off"


@pytest.mark.parametrize("cut", [True, False])
def test_phone_that_signs_off_and_never_hears_of_its_register_is_gone(cut: bool) -> None:
    bench = Bench(Peer(REGISTER=silent))
    bench.line.leave(bench.now)
    if cut:
        bench.wire.cut(bench.box)
    bench.advance(33)
    assert bench.line.gone


def test_person_who_signs_in_again_while_signing_off_is_registered() -> None:
    bench = Bench(Peer(REGISTER=silent))
    bench.line.leave(bench.now)
    bench.peer.rules["REGISTER"] = registered
    bench.line.start(bench.now)
    bench.settle()
    assert bench.registration.state == "registered"
