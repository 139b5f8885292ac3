"""Requests that the server has challenged. Handshakes for parked requests are in the stories of a forgetful server."""

from __future__ import annotations

import pytest

from snomtui.auth.digest import DigestDoor
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import bench
from tests.line.peer import Bench, Peer, Rule, in_turn, registered, says
from tests.wire import START

DOOR = DigestDoor("example.org", b"server")


def asking(then: Rule, status: int = 401, password: str = "secret") -> Rule:
    """A rule that asks for Digest first."""
    asked, given = {
        401: ("WWW-Authenticate", "Authorization"),
        407: ("Proxy-Authenticate", "Proxy-Authorization"),
    }[status]

    def rule(request: Request) -> object:
        proof = request.headers.get(given)
        if proof and DOOR.check(proof, request.method, request.uri, {"heiko": password}.get, START).ok:
            return then(request)
        return respond(request, status, tag="door", headers=[(asked, DOOR.challenge(START))])

    return rule  # type: ignore[return-value]


@pytest.mark.parametrize("status", [401, 407])
def test_challenge_is_answered_once_with_the_next_number(status: int) -> None:
    one = Bench(Peer(REGISTER=asking(registered, status)))
    assert one.registration.auth == "digest"
    first, second = one.peer.asked("REGISTER")
    assert (second.cseq.number, second.call_id) == (first.cseq.number + 1, first.call_id)


def test_what_was_tried_in_vain_is_told_with_the_reason() -> None:
    one = Bench(Peer(REGISTER=asking(registered, password="other")))
    assert (one.registration.state, one.registration.auth) == ("refused", "digest")
    assert one.registration.reason == "The login was refused: wrong user name or password"
    assert len(one.peer.asked("REGISTER")) == 2


def test_server_that_offers_nothing_we_know_is_told_so() -> None:
    one = Bench(Peer(REGISTER=says(401, ("WWW-Authenticate", 'Basic realm="x"'))))
    assert one.registration.auth == "none"
    assert "no scheme that this phone knows" in one.registration.reason


def test_ntlm_is_asked_for_once_though_every_call_is_refused_for_it() -> None:
    """A server that wants a handshake again and again is not registered with again and again."""
    one = bench()
    one.peer.rules["INVITE"] = says(407, ("Proxy-Authenticate", 'NTLM realm="r", targetname="t", version=4'))
    for _ in range(5):
        one.dial()
    assert len(one.peer.asked("REGISTER")) == 2
    assert [one.call(f"1-{n}").state for n in range(1, 6)] == ["ended"] * 5
    one.no_port_leaks()


def test_request_that_waits_for_a_handshake_fails_with_the_registration() -> None:
    one = bench()
    one.peer.rules["INVITE"] = says(407, ("Proxy-Authenticate", 'NTLM realm="r", targetname="t", version=4'))
    one.peer.rules["REGISTER"] = says(403)
    one.dial()
    assert one.registration.state == "refused"
    assert (one.call().state, one.call().cause, one.call().code) == ("ended", "failed", 503)
    assert one.call().reason == "The registration was lost"
    one.no_port_leaks()


def test_request_that_waits_is_sent_again_after_the_handshake() -> None:
    one = bench()
    challenge = says(407, ("Proxy-Authenticate", 'NTLM realm="r", targetname="t", version=4'))
    one.peer.rules["INVITE"] = in_turn(challenge, says(486))
    one.dial()
    first, second = one.peer.asked("INVITE")
    assert second.cseq.number == first.cseq.number + 1
    assert (one.call().cause, one.call().code) == ("refused", 486)


def test_late_challenge_to_what_was_taken_back_is_not_answered() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    one.hang_up()
    challenge: Response = respond(invite, 407, tag="p", headers=[("Proxy-Authenticate", DOOR.challenge(START))])
    one.tell(challenge, challenge)
    assert len(one.peer.asked("INVITE")) == 1
    one.no_port_leaks()
