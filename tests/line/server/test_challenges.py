"""Requests that the server has challenged. Handshakes for parked requests are in the stories of a forgetful server."""

from __future__ import annotations

import pytest

from snomtui.auth.challenge import AuthLine
from snomtui.auth.digest import DigestDoor
from snomtui.kit.box import Send
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import UDP, bench, pick_up
from tests.line.doors import always_stale, digest_asks, fresh_nonce, fresh_realm, never_content
from tests.line.peer import Bench, Peer, Rule, accepted, in_turn, registered, ringing, says, silent
from tests.wire import START

DOOR = DigestDoor("example.org", b"server")


@pytest.mark.parametrize("status", [401, 407])
def test_challenge_is_answered_once_with_the_next_number(status: int) -> None:
    one = Bench(Peer(REGISTER=digest_asks(DOOR, registered, status)))
    assert one.registration.auth == "digest"
    first, second = one.peer.asked("REGISTER")
    assert (second.cseq.number, second.call_id) == (first.cseq.number + 1, first.call_id)


def test_what_was_tried_in_vain_is_told_with_the_reason() -> None:
    one = Bench(Peer(REGISTER=digest_asks(DOOR, registered, password="other")))
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


# -- Digest on the wire: a registrar that asks for every request, and a proxy before it


def digest_bench(status: int = 401, transport: str = "tcp", **more: Rule) -> Bench:
    """A line at a server that wants to know for each request who asks."""
    rules = {"INVITE": accepted, "BYE": says(200), "REFER": says(202), "CANCEL": says(200), **more}
    door = DigestDoor("example.org", b"server")
    asks = {method: rule if method == "CANCEL" else digest_asks(door, rule, status) for method, rule in rules.items()}
    peer = Peer(REGISTER=digest_asks(door, registered, status), **asks)
    return Bench(peer, user_outbound1=f"127.0.0.1:5060;transport={transport}")


def proof(request: Request, status: int = 401) -> AuthLine:
    """The Digest credentials in a request."""
    return AuthLine.parse(request.headers.get("Authorization" if status == 401 else "Proxy-Authorization") or "")


@pytest.mark.parametrize("status", [401, 407])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_nonce_is_used_again_with_rising_counts_for_all_requests_of_a_call(status: int, transport: str) -> None:
    one = digest_bench(status, transport)
    one.dial()
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    one.hang_up()
    asked = [each for each in one.peer.requests if each.method in ("INVITE", "BYE")]
    assert [each.method for each in asked] == ["INVITE", "INVITE", "BYE"]
    counts = [proof(each, status).get("nc") for each in (one.peer.last("REGISTER"), *asked)]
    assert counts == [f"{count:08x}" for count in range(1, 5)]
    assert len({proof(each, status).get("nonce") for each in asked}) == 1


@pytest.mark.parametrize("status", [401, 407])
def test_ack_repeats_the_credentials_of_its_invite(status: int) -> None:
    one = digest_bench(status)
    one.dial()
    assert str(proof(one.peer.last("ACK"), status)) == str(proof(one.peer.last("INVITE"), status))


def test_cancel_repeats_the_credentials_of_its_invite() -> None:
    one = digest_bench(INVITE=ringing)
    one.dial()
    one.hang_up()
    assert str(proof(one.peer.last("CANCEL"))) == str(proof(one.peer.last("INVITE")))


def challenged_once(then: Rule, nonce: str, status: int = 401) -> Rule:
    """A rule that forgets its nonces before this request, and says so with or without the word stale."""
    header = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    return in_turn(says(status, (header, f'Digest realm="example.org", qop="auth", {nonce}')), then)


FORGOTTEN = ['nonce="new"', 'nonce="new", stale=true', 'nonce="new", stale=TRUE', 'nonce="new", stale="true"']


@pytest.mark.parametrize("nonce", FORGOTTEN)
@pytest.mark.parametrize("status", [401, 407])
def test_requests_inside_a_call_are_made_again_with_a_new_nonce(nonce: str, status: int) -> None:
    one = digest_bench(status)
    one.dial()
    one.peer.rules["INVITE"] = challenged_once(accepted, nonce, status)
    one.peer.rules["BYE"] = challenged_once(says(200), nonce, status)
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    assert one.calls()[-1] == "holding"
    one.hang_up()
    for method in ("INVITE", "BYE"):
        first, second = one.peer.asked(method)[-2:]
        assert second.cseq.number > first.cseq.number and second.via.branch != first.via.branch
        assert proof(second, status).get("nonce") == "new"
    assert one.call().state == "ended" and len(one.peer.asked("BYE")) == 2
    one.no_port_leaks()


def test_refer_that_is_challenged_is_made_again() -> None:
    one = digest_bench()
    one.dial()
    one.peer.rules["REFER"] = challenged_once(says(202), 'nonce="new", stale=true')
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:carl@example.org", one.now)
    one.settle()
    first, second = one.peer.asked("REFER")
    assert second.cseq.number > first.cseq.number and second.headers.get("Refer-To") == first.headers.get("Refer-To")


def test_proxy_asks_first_and_the_far_end_second() -> None:
    proxy, far = DigestDoor("proxy.example", b"proxy"), DigestDoor("example.org", b"far")
    invite = digest_asks(proxy, digest_asks(far, accepted), 407)
    one = bench()
    one.peer.rules["INVITE"] = invite
    one.dial()
    assert one.calls() == ["dialling", "talking"]
    sent = one.peer.asked("INVITE")
    assert [len(each.headers.all("Proxy-Authorization") + each.headers.all("Authorization")) for each in sent] == [
        0,
        1,
        2,
    ]
    assert len(one.peer.asked("ACK")) == 3
    ack = one.peer.last("ACK")
    assert str(proof(ack, 407)) == str(proof(sent[-1], 407)) and str(proof(ack)) == str(proof(sent[-1]))


def test_presence_is_published_and_watched_with_credentials() -> None:
    door = DigestDoor("example.org", b"server")
    published = digest_asks(door, says(200, ("SIP-ETag", "e1"), ("Expires", "3600")))
    subscribed = digest_asks(door, says(200, ("Expires", "3600"), ("Contact", "<sip:127.0.0.1:5060>")))
    peer = Peer(REGISTER=digest_asks(door, registered), PUBLISH=published, SUBSCRIBE=subscribed)
    one = Bench(peer, user_publish_presence_bootup1="on", user_mailbox1="99")
    assert len(one.peer.asked("REGISTER")) == 2 and len(one.peer.asked("PUBLISH")) == 1
    counts = [int(proof(each).get("nc") or "0", 16) for each in one.peer.requests[1:]]
    assert counts == list(range(1, len(counts) + 1)) and len(counts) >= 2


# -- servers that are never content


NEVER = [(fresh_nonce, 2), (fresh_realm, 7), (always_stale, 5)]


@pytest.mark.parametrize(("challenges", "most"), NEVER, ids=["wrong password", "new realms", "stale"])
@pytest.mark.parametrize("status", [401, 407])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_refused_registration_is_no_storm(challenges: object, most: int, status: int, transport: str) -> None:
    peer = Peer(REGISTER=never_content(challenges, status))  # type: ignore[arg-type]
    one = Bench(peer, user_outbound1=f"127.0.0.1:5060;transport={transport}")
    assert one.registration.state == "refused" and len(one.peer.asked("REGISTER")) == most
    one.advance(299)
    assert len(one.peer.asked("REGISTER")) == most
    one.advance(2)
    assert len(one.peer.asked("REGISTER")) == 2 * most


@pytest.mark.parametrize(("challenges", "most"), NEVER, ids=["wrong password", "new realms", "stale"])
def test_refused_call_is_no_storm(challenges: object, most: int) -> None:
    one = bench()
    one.peer.rules["INVITE"] = never_content(challenges, 407)  # type: ignore[arg-type]
    one.dial()
    one.advance(60)
    assert len(one.peer.asked("INVITE")) == len(one.peer.asked("ACK")) == most
    assert (one.call().state, one.call().code) == ("ended", 407)
    one.no_port_leaks()


@pytest.mark.parametrize(("challenges", "most"), NEVER, ids=["wrong password", "new realms", "stale"])
def test_refused_bye_ends_the_call_all_the_same(challenges: object, most: int) -> None:
    one = digest_bench()
    one.dial()
    one.peer.rules["BYE"] = never_content(challenges)  # type: ignore[arg-type]
    one.hang_up()
    one.advance(60)
    assert len(one.peer.asked("BYE")) <= most + 1
    assert one.call().state == "ended"
    one.no_port_leaks()


@pytest.mark.parametrize("method", ["SUBSCRIBE", "PUBLISH"])
@pytest.mark.parametrize(("challenges", "most"), NEVER, ids=["wrong password", "new realms", "stale"])
def test_refused_presence_is_no_storm(method: str, challenges: object, most: int) -> None:
    peer = Peer(SUBSCRIBE=silent, PUBLISH=silent)
    peer.rules[method] = never_content(challenges)  # type: ignore[arg-type]
    one = Bench(peer, user_publish_presence_bootup1="on", user_mailbox1="99")
    calls = {each.call_id for each in one.peer.asked(method)}
    assert 0 < len(one.peer.asked(method)) <= most * len(calls)
    one.advance(60)
    assert len(one.peer.asked(method)) <= 2 * most * len(calls)


# -- to whom credentials go


def test_login_of_one_realm_is_kept_from_all_others() -> None:
    one = Bench(Peer(REGISTER=digest_asks(DOOR, registered)), sim_realm1="example.com")
    assert (one.registration.state, len(one.peer.asked("REGISTER"))) == ("refused", 1)
    assert 'in the realm "example.org"' in one.registration.reason
    one = Bench(Peer(REGISTER=digest_asks(DOOR, registered)), sim_realm1="example.org")
    assert one.registration.state == "registered"


def test_call_to_another_domain_takes_no_credentials_of_the_registrar_along() -> None:
    one = digest_bench()
    one.peer.rules["INVITE"] = says(404)
    one.dial("sip:anna@elsewhere.test")
    assert "Authorization" not in one.peer.last("INVITE").headers
    one.dial("sip:anna@example.org")
    assert "Authorization" in one.peer.last("INVITE").headers


def test_stranger_who_is_reached_past_the_server_sees_no_credentials() -> None:
    """Over UDP our BYE goes straight to the address that the caller gave."""
    door = DigestDoor("example.org", b"server")
    one = Bench(Peer(REGISTER=digest_asks(door, registered, 407)), user_outbound1=UDP)
    one.peer.rules["BYE"] = says(200)
    invite = one.peer.make("INVITE", ("Contact", "<sip:anna@192.0.2.99:5070>"), uri="sip:heiko@127.0.0.1")
    one.tell(invite)
    pick_up(one)
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    one.hang_up()
    assert "Proxy-Authorization" in one.peer.last("REGISTER").headers
    byes = [each for each in one.box.done if isinstance(each, Send) and each.data.startswith(b"BYE")]
    assert [each.to for each in byes] == [("192.0.2.99", 5070)] * len(byes)
    assert byes and not any(b"Authorization" in each.data for each in byes)
