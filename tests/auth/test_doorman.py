"""The doorman without NTLM: what it asks, Digest beside NTLM, memory."""

from __future__ import annotations

from snomtui.auth.credentials import Credentials
from snomtui.auth.doorman import Admit, Ask, Discard, Forbid, Pass
from snomtui.auth.guard import Guard
from snomtui.auth.rulings import TABLE, State
from snomtui.kit.secret import Secret
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request, Response, respond
from tests.auth.wire import NOW, PASSWORD, Wire, door, from_server, guard, request, seeded


def schemes(asked: Ask) -> list[str]:
    return [value.partition(" ")[0] for name, value in asked.headers if name == "WWW-Authenticate"]


def digest_only(answer: Response) -> Response:
    """The answer as a phone sees it that reads Digest only."""
    items = ((name, value) for name, value in answer.headers if not value.startswith(("NTLM", "Kerberos")))
    return Response(answer.status, answer.reason, Headers.of(*items))


def phone(login: str = "heiko.riedel", password: str = PASSWORD) -> Guard:
    return Guard(Credentials.parse(login, Secret(password)), None, seeded(5))


def test_stranger_is_asked_with_all_schemes_and_the_date() -> None:
    asked = door().check(request("REGISTER", 1), -1, NOW)
    assert isinstance(asked, Ask)
    assert asked.headers == (
        ("Date", "Tue, 27 Oct 2009 18:43:30 GMT"),
        (
            "WWW-Authenticate",
            'Kerberos realm="SIP Communications Service", targetname="sip/sip.ucc.test", version=4',
        ),
        ("WWW-Authenticate", 'NTLM realm="SIP Communications Service", targetname="sip.ucc.test", version=4'),
    )
    assert (asked.status, asked.reason, asked.why, asked.refusal) == (401, "Unauthorized", "no credentials", False)


def test_schemes_and_version_are_settings() -> None:
    made = door(version=2, kerberos=False)
    asked = made.check(request("REGISTER", 1), -1, NOW)
    assert isinstance(asked, Ask) and schemes(asked) == ["NTLM"]
    assert "version" not in dict(asked.headers)["WWW-Authenticate"]
    made.kerberos, made.offer_digest = True, True
    asked = made.check(request("REGISTER", 1), -1, NOW)
    assert isinstance(asked, Ask) and schemes(asked) == ["Kerberos", "NTLM", "Digest"]


def test_server_for_digest_phones_only_offers_nothing_else() -> None:
    made = door(kerberos=False, offer_digest=True)
    made.offer_ntlm = False
    wire = Wire(guard(3, "heiko.riedel"), made)
    assert wire.register()
    assert isinstance(wire.rulings[0], Ask) and schemes(wire.rulings[0]) == ["Digest"]
    assert wire.guard.auth == "digest" and wire.registers == 2


def test_ack_cancel_and_answers_of_strangers_are_never_challenged() -> None:
    made = door()
    for method in ("ACK", "CANCEL"):
        assert isinstance(made.check(request(method, 1), -1, NOW), Discard)
    assert isinstance(made.check(respond(from_server("OPTIONS"), 200, tag="x"), -1, NOW), Pass)


def register(one: Guard, made: Request, doorman_offers: Ask) -> Request:
    answer = digest_only(respond(made, 401, headers=doorman_offers.headers))
    assert one.challenged(made, answer, NOW).retry
    return one.prepare(request("REGISTER", made.cseq.number + 1), NOW)


def test_digest_phone_gets_in_beside_ntlm_and_does_not_sign() -> None:
    made, one = door(offer_digest=True), phone()
    sent = one.prepare(request("REGISTER", 1), NOW)
    asked = made.check(sent, -1, NOW)
    assert isinstance(asked, Ask)
    ruling = made.check(register(one, sent, asked), -1, NOW)
    assert isinstance(ruling, Admit) and ruling.association is None
    assert ruling.account.uri == "sip:heiko.riedel@ucc.test"
    answer = respond(sent, 200, tag="x")
    assert made.seal(answer, ruling.association, NOW) == answer
    assert isinstance(made.check(request("ACK", 2), -1, NOW), Pass)
    assert isinstance(made.check(respond(from_server(), 200, tag="x"), -1, NOW), Pass)


def test_ack_and_cancel_may_repeat_the_digest_of_their_invite_but_nothing_else() -> None:
    made, one = door(offer_digest=True), phone()
    sent = one.prepare(request("INVITE", 1), NOW)
    asked = made.check(sent, -1, NOW)
    assert isinstance(asked, Ask)
    assert one.challenged(sent, digest_only(respond(sent, 401, headers=asked.headers)), NOW).retry
    invite = one.prepare(request("INVITE", 2), NOW)
    assert isinstance(made.check(invite, -1, NOW), Admit)
    ack = one.prepare(request("ACK", 2), NOW)
    assert ack.headers.all("Authorization") == invite.headers.all("Authorization") != ()
    assert isinstance(made.check(ack, -1, NOW), Pass)
    assert isinstance(made.check(request("ACK", 2).with_("Authorization", 'NTLM qop="auth"'), -1, NOW), Discard)


def test_digest_phone_with_a_wrong_password_old_nonce_or_foreign_from_is_stopped() -> None:
    made = door(offer_digest=True)
    one = phone(password="x")
    sent = one.prepare(request("REGISTER", 1), NOW)
    asked = made.check(sent, -1, NOW)
    assert isinstance(asked, Ask)
    ruling = made.check(register(one, sent, asked), -1, NOW)
    assert isinstance(ruling, Ask) and ruling.refusal and ruling.user == "heiko.riedel"
    right = register(phone(), sent, asked)
    old = made.check(right, -1, NOW + 1000)
    assert isinstance(old, Ask) and not old.refusal and "stale=true" in old.headers[-1][1]
    foreign = right.with_("From", "<sip:jan@ucc.test>;tag=1")
    assert isinstance(made.check(foreign, -1, NOW), Forbid)


def test_digest_is_not_taken_when_it_is_not_offered() -> None:
    made = door(offer_digest=True)
    sent = request("REGISTER", 1)
    asked = made.check(sent, -1, NOW)
    assert isinstance(asked, Ask)
    right = register(phone(), sent, asked)
    made.offer_digest = False
    assert isinstance(made.check(right, -1, NOW), Ask)


def test_challenges_that_nobody_answers_and_lost_connections_leave_nothing_behind() -> None:
    made = door()
    for number in range(50):
        wire = Wire(guard(3, seed=number), made, conn=-number - 1, now=NOW + number)
        wire.ask("REGISTER")
        wire.ask("REGISTER")
        if number % 2:
            made.lost(-number - 1)
    assert len(made._book._challenged) == len(made._book._on) == 25
    late = Wire(guard(3), made, conn=-99, now=NOW + 1000)
    assert late.register()
    assert len(made._book._challenged) == 0 and list(made._book._on) == [-99] and len(made._book._trusted) == 1
    for round_ in range(5):
        late.now += 28_000
        assert late.register()
        assert len(made._book._trusted) <= 2, round_
    made.lost(-99)
    assert (made._book._trusted, made._book._places, made._book._on) == ({}, {}, {})


def test_opaques_never_clash_even_with_loaded_dice() -> None:
    made = door()
    made._book._dice = bytes
    for conn in range(-3, 0):
        wire = Wire(guard(3), made, conn=conn)
        assert wire.register()
    assert sorted(made._book._trusted) == ["00000000", "00000001", "00000002"]


def test_every_state_of_an_association_is_reached_and_left() -> None:
    reached = {state for row in TABLE.values() for state in row.values()}
    assert reached == set(State) == set(TABLE)
    assert all(set(row.values()) - {state} for state, row in TABLE.items())
