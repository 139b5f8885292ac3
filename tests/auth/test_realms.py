"""The nonces that a client holds: who gets an answer, how often, and what the server must prove."""

from __future__ import annotations

import pytest

from snomtui.auth.challenge import AuthLine
from snomtui.auth.credentials import Credentials
from snomtui.auth.guard import Guard, Trust, Verdict
from snomtui.auth.offer import DigestOffer
from snomtui.auth.realms import MOST_REALMS, MOST_ROUNDS, TIRED, WRONG, DigestRealms
from snomtui.kit.secret import Secret
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.auth.test_guard import PASSWORD, accept, ask, challenge, client, line_of, proof_of, refused
from tests.auth.wire import NOW, request, seeded

SHA = ', algorithm=SHA-256-sess, qop="auth-int"'


def again(one: Guard, sent: Request, *lines: str, status: int = 401) -> tuple[Verdict, Request]:
    """The request is challenged once more; the next one."""
    verdict = one.challenged(sent, refused(sent, *lines, status=status), NOW)
    return verdict, one.prepare(request(sent.method, sent.cseq.number + 1, call_id=sent.call_id), NOW)


def nonces(sent: Request) -> list[str | None]:
    values = sent.headers.all("Authorization") + sent.headers.all("Proxy-Authorization")
    return [AuthLine.parse(value).get("nonce") for value in values]


def invite(uri: str, cseq: int = 1, tag: str = "", call_id: str = "c1", method: str = "INVITE") -> Request:
    made = request(method, cseq, call_id=call_id)
    made = made.with_("To", f"<{uri}>{tag and ';tag=' + tag}")
    return Request(method, uri, made.headers)


# -- how often


def test_refused_password_is_sent_once_however_often_the_nonce_changes() -> None:
    one = client("wrong")
    verdict, sent = ask(one, challenge("n1"))
    assert verdict.retry and nonces(sent) == ["n1"]
    verdict, sent = again(one, sent, challenge("n2"))
    assert (verdict.retry, verdict.why) == (False, WRONG)
    assert nonces(sent) == []


def test_server_that_invents_realms_gets_no_more_than_so_many_answers() -> None:
    one = client()
    verdict, sent = ask(one, challenge("n1", "r1"))
    rounds = 1
    while verdict.retry:
        rounds += 1
        verdict, sent = again(one, sent, challenge(f"n{rounds}", f"r{rounds}"))
    assert (rounds, verdict.why) == (MOST_ROUNDS + 1, TIRED)


def test_server_that_calls_everything_stale_is_left() -> None:
    one = client()
    verdict, sent = ask(one, challenge("n0"))
    rounds = 0
    while verdict.retry:
        rounds += 1
        verdict, sent = again(one, sent, challenge(f"n{rounds}", more=', qop="auth", stale=TRUE'))
    assert (rounds, verdict.why) == (4, TIRED)


def test_stale_nonce_is_no_wrong_password() -> None:
    one = client()
    _, sent = ask(one, challenge("n1"))
    verdict, sent = again(one, sent, challenge("n2", more=', stale="true", qop="auth"'))
    assert verdict.retry and nonces(sent) == ["n2"] and accept(one, sent).ok and one.auth == "digest"


def test_proxy_and_far_end_ask_one_after_the_other() -> None:
    one = client()
    _, sent = ask(one, challenge("p1", "proxy"), status=407, method="INVITE")
    verdict, sent = again(one, sent, challenge("r1", "registrar"))
    assert verdict.retry and sorted(map(str, nonces(sent))) == ["p1", "r1"]
    # The proxy was content before the far end asked; its nonce may run out without the word stale.
    verdict, sent = again(one, sent, challenge("p2", "proxy"), status=407)
    assert verdict.retry and sorted(map(str, nonces(sent))) == ["p2", "r1"]
    assert accept(one, sent).ok


def test_one_realm_asks_as_proxy_and_as_registrar() -> None:
    one = client()
    _, sent = ask(one, challenge("p1"), status=407, method="INVITE")
    verdict, sent = again(one, sent, challenge("r1"))
    assert verdict.retry
    assert line_of(sent).get("nonce") == "r1" and line_of(sent, "Proxy-Authorization").get("nonce") == "p1"


def test_challenges_that_a_proxy_has_collected_are_all_answered() -> None:
    """RFC 3261 16.7: one response may hold both kinds, for several realms."""
    one, sent = client(), request("INVITE", 1)
    collected: list[Item] = [("Proxy-Authenticate", challenge("p1", "p")), ("WWW-Authenticate", challenge("a1", "a"))]
    collected.append(("WWW-Authenticate", challenge("b1", "b")))
    answer = respond(one.prepare(sent, NOW), 401, tag="s", headers=collected)
    assert one.challenged(sent, answer, NOW).retry
    assert sorted(map(str, nonces(one.prepare(request("INVITE", 2), NOW)))) == ["a1", "b1", "p1"]


def test_branch_that_refuses_does_not_keep_another_from_asking() -> None:
    one = client()
    _, sent = ask(one, challenge("a1", "a"), method="INVITE")
    verdict, sent = again(one, sent, challenge("a2", "a"), challenge("b1", "b"))
    assert verdict.retry and nonces(sent) == ["b1"]
    verdict, sent = again(one, sent, challenge("a3", "a"), challenge("b2", "b"))
    assert (verdict.retry, verdict.why) == (False, WRONG)


def test_server_that_always_has_the_same_nonce_sees_the_count_rise() -> None:
    one = client()
    _, sent = ask(one, challenge("n1"))
    accept(one, sent)
    later = one.prepare(request("REGISTER", 5), NOW)
    verdict, sent = again(one, later, challenge("n1"))
    assert verdict.retry and line_of(sent).get("nc") == "00000003"


def test_call_that_rings_shows_that_the_nonce_was_good() -> None:
    """Its final answer takes long; meanwhile the nonce may run out for another request."""
    one = client()
    _, calling = ask(one, challenge("n1"), method="INVITE")
    assert one.verify(respond(calling, 100), NOW).ok and one.auth == "none"
    assert one.verify(respond(calling, 180, tag="s"), NOW).ok and one.auth == "digest"
    other = one.prepare(request("SUBSCRIBE", 1, call_id="c9"), NOW)
    assert one.challenged(other, refused(other, challenge("n2")), NOW).retry


def test_refusal_such_as_403_does_not_make_a_nonce_a_good_one() -> None:
    one = client("wrong")
    _, sent = ask(one, challenge("n1"))
    assert one.verify(respond(sent, 403, tag="s"), NOW).ok and one.auth == "none"


def test_so_many_realms_are_remembered() -> None:
    one = client()
    for number in range(MOST_REALMS + 5):
        ask(one, challenge(f"n{number}", f"r{number}"), cseq=2 * number + 1)
    assert len(nonces(one.prepare(request("REGISTER", 999), NOW))) == MOST_REALMS


def test_server_that_cannot_check_the_body_is_answered_without_it() -> None:
    """Kamailio 5.6 offers `auth-int` but compares with a hash of nothing in particular."""
    one, only = client(), ', qop="auth-int"'
    _, sent = ask(one, challenge("n1", more=only))
    assert line_of(sent).get("qop") == "auth-int"
    verdict, sent = again(one, sent, challenge("n2", more=only))
    assert verdict.retry and line_of(sent).get("qop") == "auth"
    assert accept(one, sent).ok
    later = one.prepare(request("INVITE", 1, call_id="c9"), NOW)
    verdict, sent = again(one, later, challenge("n3", more=only))
    assert verdict.retry and (line_of(sent).get("nonce"), line_of(sent).get("qop")) == ("n3", "auth")


def test_wrong_password_is_given_up_after_that() -> None:
    one, only = client("wrong"), ', qop="auth-int"'
    _, sent = ask(one, challenge("n1", more=only))
    _, sent = again(one, sent, challenge("n2", more=only))
    verdict, sent = again(one, sent, challenge("n3", more=only))
    assert (verdict.retry, verdict.why, nonces(sent)) == (False, WRONG, [])


def test_body_stays_protected_where_that_has_worked() -> None:
    one, only = client(), ', qop="auth-int"'
    _, sent = ask(one, challenge("n1", more=only))
    accept(one, sent)
    verdict, sent = again(one, one.prepare(request("INVITE", 3), NOW), challenge("n2", more=only))
    assert verdict.retry and line_of(sent).get("qop") == "auth-int"


# -- who gets one


def realms(asked: Request, *lines: str, status: int = 401) -> Guard:
    """A guard that has answered these challenges to a request."""
    one = Guard(Credentials.parse("heiko", Secret(PASSWORD)), None, seeded(), away=lambda sent: "away" in sent.uri)
    assert one.challenged(asked, refused(asked, *lines, status=status), NOW).retry
    return one


def carried(one: Guard, sent: Request) -> bool:
    return bool(nonces(one.prepare(sent, NOW)))


def test_registrars_realm_is_not_told_to_other_domains() -> None:
    one = realms(request("REGISTER", 1), challenge())
    assert carried(one, invite("sip:jan@ucc.test")) and carried(one, invite("sip:jan@UCC.TEST:5060"))
    for uri in ("sip:jan@evil.test", "sip:jan@sub.ucc.test", "tel:+49301"):
        assert not carried(one, invite(uri))
    assert not carried(one, invite("sip:jan@10.0.0.9", tag="t", call_id="c2"))


def test_redirected_call_takes_no_credentials_along() -> None:
    """The new request has the Call-ID of the old one (RFC 3261 8.1.3.4), but goes to another domain."""
    one = realms(invite("sip:jan@ucc.test"), challenge())
    assert carried(one, invite("sip:jan@ucc.test", 2))
    assert not carried(one, invite("sip:jan@evil.test", 3))
    assert not carried(one, invite("sip:jan@10.6.6.6", 4, tag="t", method="BYE"))


def test_dialog_in_which_a_far_end_has_asked_carries_the_answer_on() -> None:
    one = realms(invite("sip:jan@ucc.test"), challenge())
    assert carried(one, invite("sip:jan@10.0.0.9", 4, tag="t", method="BYE"))
    assert not carried(one, invite("sip:jan@10.0.0.9", 4, tag="t", method="BYE", call_id="another"))


def test_proxy_gets_its_answer_in_every_request_that_passes_it() -> None:
    one = realms(request("REGISTER", 1), challenge(), status=407)
    assert carried(one, invite("sip:jan@evil.test")) and carried(one, invite("tel:+49301"))
    assert not carried(one, invite("sip:jan@away.test", tag="t", method="BYE"))


def test_far_end_that_is_reached_directly_is_answered_when_it_asks() -> None:
    bye = invite("sip:jan@away.test", 2, tag="t", method="BYE")
    one = realms(request("REGISTER", 1), challenge())
    assert one.challenged(bye, refused(bye, challenge("a1", "theirs")), NOW).retry
    assert nonces(one.prepare(invite("sip:jan@away.test", 3, tag="t", method="BYE"), NOW)) == ["a1"]
    assert nonces(one.prepare(request("REGISTER", 9), NOW)) == ["n1"]


def test_ack_has_the_credentials_of_its_invite() -> None:
    one = realms(invite("sip:jan@ucc.test"), challenge(), challenge("o", "other"))
    sent = one.prepare(invite("sip:jan@ucc.test", 2), NOW)
    accept(one, sent)
    ack = one.prepare(invite("sip:jan@10.0.0.9", 2, tag="t", method="ACK"), NOW)
    assert ack.headers.all("Authorization") == sent.headers.all("Authorization")
    assert not nonces(one.prepare(invite("sip:jan@away.test", 2, tag="t", method="ACK"), NOW))
    assert not nonces(one.prepare(invite("sip:jan@10.0.0.9", 3, tag="t", method="ACK"), NOW))
    one.forget()
    assert not nonces(one.prepare(invite("sip:jan@10.0.0.9", 2, tag="t", method="ACK"), NOW))


# -- the server's side of it


def proven(sent: Request, body: bytes, qop: str = "auth-int", spoil: str = "") -> Response:
    info = f'rspauth="{proof_of(line_of(sent)).value("", body)}{spoil}", qop={qop}'
    return respond(sent, 200, tag="s", headers=[("Authentication-Info", info)], body=("text/plain", body))


def test_servers_proof_covers_the_body_where_that_was_agreed() -> None:
    one = client()
    _, sent = ask(one, challenge(more=SHA))
    assert one.verify(proven(sent, b"spoilt", spoil="0"), NOW).trust is Trust.DOUBTED
    assert one.verify(proven(sent, b"spoilt", spoil="0"), NOW).trust is Trust.DOUBTED  # a repeat is no better
    assert one.verify(proven(sent, b"right"), NOW).trust is Trust.BELIEVED


@pytest.mark.parametrize("which", [0, 1])
def test_proof_of_one_realm_is_none_of_the_other(which: int) -> None:
    one = client()
    _, sent = ask(one, challenge("n1", "r1"), challenge("n2", "r2"))
    lines = [AuthLine.parse(value) for value in sent.headers.all("Authorization")]
    info = f'rspauth="{proof_of(lines[which]).value("", b"")}", qop=auth, nextnonce="m"'
    assert accept(one, sent, ("Authentication-Info", info)).ok
    following = ["n1", "n2"]
    following[which] = "m"
    assert sorted(map(str, nonces(one.prepare(request("REGISTER", 3), NOW)))) == sorted(following)


def test_session_keeps_its_cnonce_until_the_next_nonce() -> None:
    one = client()
    _, sent = ask(one, challenge(more=SHA))
    first = line_of(sent).get("cnonce")
    accept(one, sent)
    sent = one.prepare(request("REGISTER", 3), NOW)
    assert (line_of(sent).get("cnonce"), line_of(sent).get("nc")) == (first, "00000002")
    accept(one, sent, ("Authentication-Info", r'nextnonce="n\"9"'))
    sent = one.prepare(request("REGISTER", 4), NOW)
    assert r'nonce="n\"9"' in str(line_of(sent)) and line_of(sent).get("nc") == "00000001"
    assert line_of(sent).get("cnonce") != first
    assert line_of(sent).get("response") == proof_of(line_of(sent)).value("REGISTER")


def test_empty_next_nonce_changes_nothing() -> None:
    one = client()
    _, sent = ask(one, challenge())
    accept(one, sent, ("Authentication-Info", 'nextnonce=""'))
    assert line_of(one.prepare(request("REGISTER", 3), NOW)).get("nc") == "00000002"


@pytest.mark.parametrize("method", ["SUBSCRIBE", "PUBLISH", "INVITE", "BYE"])
def test_count_rises_across_methods(method: str) -> None:
    one = client()
    _, sent = ask(one, challenge())
    accept(one, sent)
    sent = one.prepare(request(method, 1, call_id="other"), NOW)
    assert line_of(sent).get("nc") == "00000002"
    assert line_of(sent).get("response") == proof_of(line_of(sent)).value(method)


def test_nothing_is_kept_of_requests_that_came_to_an_end() -> None:
    held = DigestRealms(Credentials.parse("u", Secret("p")), seeded())
    offer = DigestOffer.of(AuthLine.parse(challenge()))
    assert offer is not None
    for number in range(600):
        first = held.add_to(request("SUBSCRIBE", 1, call_id=f"c{number}"), False)
        held.follow(first)
        if number % 2:
            held.close(first)
            continue
        assert held.challenged(first, {("Authorization", "ucc.test"): offer}, False) == ""
        sent = held.add_to(request("SUBSCRIBE", 2, call_id=f"c{number}"), False)
        assert held.doubts(respond(sent, 200, tag="s")) == ""
    assert (len(held._waiting), len(held._again), len(held._realms)) == (0, 0, 1)
