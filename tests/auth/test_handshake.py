"""Guard and doorman together: levels, versions, counts, tampering, replay, wrong logins."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.auth.doorman import Admit, Ask, Discard, Forbid, Host, Pass
from snomtui.auth.doorman import State as DoorState
from snomtui.auth.faults import Fault
from snomtui.auth.guard import State, Trust
from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.server import OCS_OFFER
from snomtui.errors import RemoteError
from snomtui.sip.headers import Headers
from snomtui.sip.message import Message, Request, Response, parse, respond
from tests.auth.wire import EPID, NOW, Wire, door, from_server, guard, request


def trusted(version: int = 4, level: int = 3) -> Wire:
    wire = Wire(guard(level), door(3, version))
    assert wire.register()
    return wire


def kind_of(level: int) -> str:
    return "ntlmv2" if level >= 3 else "ntlmv1"


@pytest.mark.parametrize(("ours", "theirs", "version"), list(product(range(6), range(6), (2, 3, 4))))
def test_client_gets_in_exactly_where_the_level_table_says(ours: int, theirs: int, version: int) -> None:
    wire = Wire(guard(ours), door(theirs, version))
    expected = ours >= 3 or theirs < 5
    assert wire.register() is expected
    assert wire.guard.state is (State.TRUSTED if expected else State.REFUSED)
    assert wire.registers == 3
    assert wire.kerberos_lines == (1 if expected else 2)
    assert wire.guard.auth == (kind_of(ours) if expected else "none")
    if expected:
        assert wire.association is not None and wire.association.auth == kind_of(ours)
        answer = wire.ask("SUBSCRIBE")
        assert answer is not None and answer.status == 200
        assert wire.belief is not None and wire.belief.trust is Trust.BELIEVED
        assert wire.guard.verify(wire.pushed(), NOW).trust is Trust.BELIEVED
        assert wire.guard.renew_at == NOW + 8 * 3600 - 300
    else:
        last = wire.rulings[-1]
        assert isinstance(last, Ask) and last.refusal and last.user == r"ucc\Heiko.Riedel"
        assert last.why.startswith("NTLMv1 response refused by level 5 (Send NTLMv2 response only. Refuse LM & NTLM)")
        assert ("NTLM2 session security" in last.why) is (ours > 0)
        assert (last.fault, last.kind) == (Fault.LEVEL, "ntlmv1")
        assert wire.verdict is not None and not wire.verdict.retry and wire.verdict.auth == "ntlmv1"


@pytest.mark.parametrize("without", [Flags.ESS, Flags.KEY_128, Flags.KEY_128 | Flags.KEY_56, Flags.VERSION])
@pytest.mark.parametrize("level", [0, 1, 3])
def test_client_gets_in_at_a_server_that_offers_less(without: Flags, level: int) -> None:
    wire = Wire(guard(level), door(level, host=Host(offer=OCS_OFFER & ~without)))
    assert wire.register()
    assert wire.ask("SUBSCRIBE") is not None
    assert wire.guard.verify(wire.pushed(), NOW).trust is Trust.BELIEVED


@pytest.mark.parametrize("flag", [Flags.DATAGRAM, Flags.SIGN, Flags.KEY_EXCH, Flags.UNICODE])
def test_client_gives_up_at_a_server_that_lacks_what_sip_needs(flag: Flags) -> None:
    wire = Wire(guard(3), door(3, host=Host(offer=OCS_OFFER & ~flag)))
    assert not wire.register()
    assert wire.verdict is not None and f"does not offer {flag.name}" in wire.verdict.why


def test_log_of_an_accepted_sign_in_is_the_articles() -> None:
    wire = Wire(guard(3), door(5))
    assert wire.register()
    assert wire.log == [
        (3, "Challenge: Unknown scheme Kerberos"),
        (6, 'Using user "Heiko.Riedel" and domain "ucc" for NTLM authentication'),
    ]
    assert wire.guard.log() == []


def test_log_of_a_refused_ntlmv1_sign_in_is_the_articles() -> None:
    wire = Wire(guard(1), door(5))
    assert not wire.register()
    assert wire.registers == 3
    assert wire.log == [
        (3, "Challenge: Unknown scheme Kerberos"),
        (6, 'Using user "Heiko.Riedel" and domain "ucc" for NTLM authentication'),
        (3, "Challenge: Unknown scheme Kerberos"),
    ]


def test_phone_that_tries_ntlmv1_first_needs_five_registers_and_remembers() -> None:
    wire = Wire(guard(None, attempts=(1, 3)), door(5))
    assert wire.register()
    assert (wire.registers, wire.kerberos_lines, wire.guard.auth) == (5, 2, "ntlmv2")
    wire.guard.forget()
    wire.doorman.lost(wire.conn)
    wire.registers = 0
    assert wire.register()
    assert wire.registers == 3


def test_phone_that_knows_what_works_does_not_go_back_to_ntlmv1_for_trouble_of_another_kind() -> None:
    wire = Wire(guard(None, attempts=(2, 3)), door(5))
    assert wire.register()
    wire.guard.forget()
    wire.doorman.lost(wire.conn)
    wire.to_client = lambda data: data.replace(b"tag=srv1", b"tag=srv2")
    assert not wire.register()
    wire.to_client = lambda data: data
    wire.guard.forget()
    wire.doorman.lost(wire.conn)
    wire.registers = 0
    assert wire.register() and wire.registers == 3


def test_phone_whose_working_version_is_refused_begins_with_ntlmv1_again() -> None:
    wire = Wire(guard(None, attempts=(2, 3)), door(5))
    assert wire.register()
    wire.guard.forget()
    wire.doorman = door(0, seed=5)
    wire.skew = 48 * 3600
    wire.registers = 0
    assert not wire.register() and wire.registers == 3
    assert isinstance(wire.rulings[-1], Ask) and wire.rulings[-1].fault is Fault.CLOCK
    wire.guard.forget()
    assert wire.register() and wire.guard.auth == "ntlmv1"


def test_phone_that_tries_both_stays_with_ntlmv1_where_that_is_taken() -> None:
    wire = Wire(guard(None, attempts=(2, 3)), door(4))
    assert wire.register() and (wire.registers, wire.guard.auth) == (3, "ntlmv1")


def test_phone_that_tries_both_tries_each_once() -> None:
    wire = Wire(guard(None, password="wrong", attempts=(2, 3)), door(5))
    assert not wire.register()
    assert (wire.registers, wire.kerberos_lines) == (5, 3)
    assert [each.fault for each in wire.rulings if isinstance(each, Ask) and each.refusal] == [
        Fault.LEVEL,
        Fault.WRONG_PASSWORD,
    ]


def test_phone_without_a_level_tries_both() -> None:
    wire = Wire(guard(None), door(5))
    assert wire.register()
    assert wire.registers == 5


def test_call_id_stays_and_cseq_counts_over_the_attempts() -> None:
    wire = Wire(guard(3), door(5))
    assert wire.register()
    assert [one.cseq.number for one in wire.sent] == [1, 2, 3]
    assert wire.sent[0].headers.get("Authorization") is None
    assert 'gssapi-data=""' in (wire.sent[1].headers.get("Authorization") or "")


@pytest.mark.parametrize(("version", "signed", "written"), [(2, False, None), (3, False, "3"), (4, True, "4")])
def test_version_decides_whether_the_authenticate_is_signed(version: int, signed: bool, written: str | None) -> None:
    line = trusted(version).sent[2].headers.get("Authorization") or ""
    assert ("response=" in line) is signed
    assert (f"version={written}" in line) if written else ("version" not in line)


@pytest.mark.parametrize(
    ("login", "password", "fault", "why"),
    [
        (r"ucc\Heiko.Riedel", "Winter2009!", Fault.WRONG_PASSWORD, "wrong password (NTLMv2 response)"),
        (r"ucc\nobody", "Sommer2009!", Fault.UNKNOWN_USER, "unknown user nobody"),
        ("nobody@ucc.test", "Sommer2009!", Fault.UNKNOWN_USER, "unknown user nobody"),
        (
            r"elsewhere\Heiko.Riedel", "Sommer2009!", Fault.UNKNOWN_DOMAIN,
            "unknown Windows domain elsewhere, this is UCC",
        ),
        (
            "heiko.riedel@ucc.example", "Sommer2009!", Fault.UNKNOWN_DOMAIN,
            "unknown Windows domain ucc.example, this is UCC",
        ),
        (
            r"UCC\nora", "", Fault.NO_PASSWORD,
            "nora has no password: nobody can sign in as this user",
        ),
    ],
)  # fmt: skip
def test_wrong_login_is_refused_with_the_reason_in_the_journal(
    login: str, password: str, fault: Fault, why: str
) -> None:
    wire = Wire(guard(3, login, password), door(5))
    assert not wire.register()
    last = wire.rulings[-1]
    assert isinstance(last, Ask) and last.refusal and (last.fault, last.why) == (fault, why)
    assert (last.user, last.kind) == (login, "ntlmv2")
    text = dict(last.headers)["ms-diagnostics"]
    assert text.startswith('1000;reason="Final handshake failed";source="sip.ucc.test"')
    assert wire.registers == 3
    wire.ask("REGISTER")
    assert wire.guard.state is State.REFUSED and wire.verdict is not None and not wire.verdict.retry


@pytest.mark.parametrize(
    "login", [r"UCC\HEIKO.RIEDEL", "heiko.riedel@ucc.test", "heiko.riedel", r"ucc.test\heiko.riedel"]
)
def test_every_way_to_write_a_login_gets_in(login: str) -> None:
    assert Wire(guard(3, login), door(5)).register()


def test_clock_far_off_is_refused_with_ntlmv2_only_and_named_on_both_sides() -> None:
    wire = Wire(guard(3), door(3), skew=37 * 3600)
    assert not wire.register()
    last = wire.rulings[-1]
    assert isinstance(last, Ask) and last.why == (
        "clock differs by 37.0 hours: the client is behind, and NTLMv2 allows 36"
    )
    assert dict(last.headers)["ms-diagnostics"].startswith("1013;")
    assert wire.verdict is not None and "the clocks differ by 37 hours" in wire.verdict.why
    assert Wire(guard(1), door(3), skew=37 * 3600).register()
    assert Wire(guard(3), door(3), skew=35 * 3600).register()
    assert Wire(guard(3), door(3, host=Host(timestamp=True)), skew=370 * 3600).register()


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"tag=x91kq", b"tag=x91kk"),
        (b"Expires: 900", b"Expires: 901"),
        (b'cnum="2"', b'cnum="3"'),
        (b"2b7c9f@snom370", b"2b7c9e@snom370"),
    ],
)
def test_server_discards_a_tampered_request(version: int, old: bytes, new: bytes) -> None:
    wire = trusted(version)
    if version < 4:
        wire.ask("OPTIONS")  # so that the next number is 2, as after a signed AUTHENTICATE
    wire.to_server = lambda data: data.replace(old, new)
    assert wire.ask("SUBSCRIBE") is None
    assert wire.sent[-1] != wire.sent[-2] and isinstance(wire.rulings[-1], Discard)
    assert wire.rulings[-1].why == "the signature is wrong"
    wire.to_server = lambda data: data
    assert wire.ask("SUBSCRIBE") is not None


@pytest.mark.parametrize(("version", "covered"), [(2, False), (3, True), (4, True)])
def test_only_the_short_signature_of_version_2_leaves_the_to_url_out(version: int, covered: bool) -> None:
    wire = trusted(version)
    wire.to_server = lambda data: data.replace(b"<sip:jan@ucc.test>", b"<sip:bad@ucc.test>")
    assert (wire.ask("SUBSCRIBE") is None) is covered


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"SIP/2.0 200", b"SIP/2.0 202", "the signature is wrong"),
        (b"Expires: 900", b"Expires: 90", "the signature is wrong"),
        (b"tag=srv1", b"tag=srv2", "the signature is wrong"),
        (b"Authentication-Info:", b"X-Nothing:", "the signature is missing"),
        (b'realm="SIP', b'realm="sip', "realm is not the one of this association"),
        (b'targetname="sip.', b'targetname="six.', "targetname is not the one of this association"),
        (b'opaque="', b'opaque="0', "opaque is not the one of this association"),
        (b'snum="', b'snum="x', "message number x2 was seen before or is too old"),
    ],
)
def test_client_doubts_a_tampered_answer(old: bytes, new: bytes, why: str) -> None:
    wire = trusted()
    wire.to_client = lambda data: data.replace(old, new)
    assert wire.ask("SUBSCRIBE") is not None
    assert wire.belief is not None and (wire.belief.trust, wire.belief.why) == (Trust.DOUBTED, why)
    wire.to_client = lambda data: data
    assert wire.ask("SUBSCRIBE") is not None and wire.belief.ok


def test_server_discards_a_replayed_request_and_client_a_replayed_one() -> None:
    wire = trusted()
    wire.ask("SUBSCRIBE")
    again = wire.doorman.check(wire.sent[-1], wire.conn, NOW)
    assert isinstance(again, Discard) and "seen before" in again.why
    pushed = wire.pushed()
    assert wire.guard.verify(pushed, NOW).ok
    assert wire.guard.verify(pushed, NOW).trust is Trust.DOUBTED


def test_messages_may_overtake_each_other_within_the_window() -> None:
    wire = trusted()
    pushed = [wire.pushed(cseq=number) for number in range(1, 301)]
    assert wire.guard.verify(pushed[-1], NOW).ok
    assert all(wire.guard.verify(one, NOW).ok for one in reversed(pushed[-256:-1]))
    assert not wire.guard.verify(pushed[-257], NOW).ok


def test_flipped_opaque_is_an_unknown_association() -> None:
    wire = trusted()
    assert wire.association is not None
    opaque = wire.association.opaque.encode()
    flipped = opaque[:-1] + (b"0" if opaque[-1:] != b"0" else b"1")
    wire.to_server = lambda data: data.replace(opaque, flipped)
    answer = wire.ask("SUBSCRIBE")
    assert answer is not None and answer.status == 401
    assert wire.verdict is not None and not wire.verdict.retry and wire.verdict.register
    wire.to_server = lambda data: data
    assert wire.register()


def test_flipped_opaque_in_the_proof_starts_the_refusal() -> None:
    wire = Wire(guard(3), door(5))
    wire.to_server = lambda data: data.replace(b'opaque="', b'opaque="F')
    assert not wire.register()
    assert isinstance(wire.rulings[-1], Ask) and wire.rulings[-1].fault is Fault.NO_CHALLENGE


def test_server_without_the_password_is_never_trusted() -> None:
    for change in (
        lambda data: data.replace(b"Authentication-Info:", b"X-Nothing:"),
        lambda data: data.replace(b"tag=srv1", b"tag=srv2"),
    ):
        wire = Wire(guard(3), door(5), to_client=change)
        assert not wire.register()
        assert wire.belief is not None and wire.belief.trust is Trust.DOUBTED
        assert wire.guard.state is State.REFUSED and wire.guard.auth == "none"
        assert wire.guard.seal(request("SUBSCRIBE", 9), NOW).headers.get("Authorization") is None


@pytest.mark.parametrize("status", [403, 404, 503])
def test_trouble_instead_of_the_proofs_answer_lets_the_client_start_over(status: int) -> None:
    wire = Wire(guard(3), door(5))
    wire.ask("REGISTER")
    wire.ask("REGISTER")
    proof = wire.guard.seal(wire.guard.prepare(request("REGISTER", 3), NOW), NOW)
    assert isinstance(proof, Request)
    assert wire.guard.verify(respond(proof, status, tag="p"), NOW).trust is Trust.UNSIGNED_BUT_FINE
    assert wire.guard.state is State.FRESH
    wire.cseq = 3
    assert wire.register()


def test_unsigned_redirect_instead_of_the_proofs_answer_is_doubted() -> None:
    wire = Wire(guard(3), door(5))
    wire.ask("REGISTER")
    wire.ask("REGISTER")
    proof = wire.guard.prepare(request("REGISTER", 3), NOW)
    assert not wire.guard.verify(respond(proof, 301, tag="p"), NOW).ok


def test_proof_that_was_never_answered_is_not_sent_twice() -> None:
    wire = Wire(guard(3), door(5))
    wire.ask("REGISTER")
    wire.ask("REGISTER")
    wire.guard.prepare(request("REGISTER", 3), NOW)
    assert wire.guard.prepare(request("REGISTER", 4), NOW).headers.get("Authorization") is None
    wire.cseq = 4
    assert wire.register()


def test_repeats_of_the_proof_are_signed_anew_each_time() -> None:
    wire = Wire(guard(3), door(5))
    wire.ask("REGISTER")
    wire.ask("REGISTER")
    made = wire.guard.prepare(request("REGISTER", 3), NOW)
    first, second = (wire.guard.seal(made, NOW).headers.get("Authorization") or "" for _ in range(2))
    assert 'cnum="1"' in first and 'cnum="2"' in second
    assert isinstance(wire.doorman.check(wire.guard.seal(made, NOW), wire.conn, NOW), Admit)


def test_handshake_signature_is_not_signed_again() -> None:
    wire = trusted()
    line = wire.sent[2].headers.get("Authorization") or ""
    assert line.count("response=") == 1
    assert wire.guard.seal(wire.sent[2], NOW) == wire.sent[2]


def test_every_kind_of_message_is_signed_both_ways() -> None:
    wire = trusted()
    for method in ("ACK", "CANCEL", "BYE", "INFO", "INVITE", "SERVICE"):
        wire.cseq += 1
        sealed = wire.guard.seal(wire.guard.prepare(request(method, wire.cseq), NOW), NOW)
        assert isinstance(wire.deliver(sealed), Admit)
    for status in (180, 200, 486):
        answer = wire.guard.seal(respond(from_server("INVITE"), status, tag="me"), NOW)
        assert isinstance(wire.deliver(answer), Admit)
    for method in ("INVITE", "BENOTIFY", "NOTIFY", "ACK"):
        assert wire.guard.verify(wire.pushed(method), NOW).trust is Trust.BELIEVED
    assert wire.guard.verify(from_server("NOTIFY"), NOW).trust is Trust.DOUBTED


@pytest.mark.parametrize("status", [100, 180, 183, 401, 407])
def test_client_lets_provisional_answers_and_challenges_pass_unsigned(status: int) -> None:
    wire = trusted()
    assert wire.guard.verify(respond(request("INVITE", 7), status), NOW).trust is Trust.UNSIGNED_BUT_FINE


@pytest.mark.parametrize("status", [200, 202, 301, 403, 486, 603])
def test_client_drops_unsigned_final_answers_once_it_trusts(status: int) -> None:
    wire = trusted()
    assert wire.guard.verify(respond(request("INVITE", 7), status, tag="s"), NOW).trust is Trust.DOUBTED


def test_server_signs_everything_but_challenges_and_100() -> None:
    wire = trusted()
    for status, signed in ((100, False), (180, True), (200, True), (401, False), (407, False), (480, True)):
        sealed = wire.doorman.seal(respond(request("INVITE", 7), status), wire.association, NOW)
        assert ("Authentication-Info" in sealed.headers) is signed


def test_unsigned_ack_and_cancel_and_answers_are_dropped_without_a_word() -> None:
    wire = trusted()
    for message in (request("ACK", 7), request("CANCEL", 7), respond(from_server("INVITE"), 200, tag="me")):
        assert isinstance(wire.doorman.check(message, wire.conn, NOW), Discard)
    unsigned = wire.doorman.check(request("BYE", 7), wire.conn, NOW)
    assert isinstance(unsigned, Ask) and not unsigned.refusal
    assert isinstance(wire.doorman.check(respond(from_server("INVITE"), 100), wire.conn, NOW), Pass)


def test_answer_of_a_called_number_is_known_by_its_epid() -> None:
    wire = trusted()
    invite = from_server("INVITE").with_("To", f"<sip:+4930555@ucc.test;user=phone>;epid={EPID}")
    assert isinstance(wire.deliver(wire.guard.seal(respond(invite, 200, tag="me"), NOW)), Admit)
    assert isinstance(wire.doorman.check(respond(invite, 200, tag="me"), wire.conn, NOW), Discard)


def test_account_may_not_write_somebody_elses_from() -> None:
    wire = trusted()
    answer = wire.ask("MESSAGE", user="jan")
    assert answer is not None and answer.status == 403
    assert isinstance(wire.rulings[-1], Forbid)
    assert (answer.headers.get("ms-diagnostics-public") or "").startswith("4004;")
    assert wire.belief is not None and wire.belief.trust is Trust.BELIEVED


def test_new_connection_needs_a_new_handshake() -> None:
    wire = trusted()
    wire.conn = -2
    answer = wire.ask("SUBSCRIBE")
    assert answer is not None and answer.status == 401
    wire.guard.forget()
    assert wire.guard.auth == "none" and wire.guard.renew_at is None
    wire.registers = 0
    assert wire.register() and wire.registers == 3


def test_server_that_forgot_everything_gets_one_new_handshake_at_the_next_refresh() -> None:
    wire = trusted()
    wire.doorman.lost(wire.conn)
    wire.registers = 0
    assert wire.register()
    assert wire.registers == 3 and wire.guard.auth == "ntlmv2"


def test_association_is_renewed_five_minutes_before_its_end() -> None:
    wire = trusted()
    first = wire.association
    assert wire.guard.renew_at is not None and first is not None
    wire.now = wire.guard.renew_at - 1
    wire.registers = 0
    assert wire.register() and wire.registers == 1
    wire.now += 2
    wire.ask("REGISTER")
    assert wire.guard.state is State.OFFERED and wire.guard.auth == "ntlmv2"
    meanwhile = wire.ask("SUBSCRIBE")
    assert meanwhile is not None and meanwhile.status == 200
    assert wire.guard.verify(wire.pushed(), wire.now).trust is Trust.BELIEVED
    assert wire.register()
    assert wire.association is not first and wire.association is not None
    assert wire.association.state is DoorState.TRUSTED
    assert wire.guard.renew_at is not None and wire.guard.renew_at > wire.now + 7 * 3600


def test_message_signed_just_before_the_renewal_still_gets_in() -> None:
    wire = trusted()
    late = wire.guard.seal(request("SUBSCRIBE", 20), NOW)
    assert wire.guard.renew_at is not None
    wire.now = wire.guard.renew_at
    wire.cseq = 20
    assert wire.register()
    assert isinstance(wire.doorman.check(late, wire.conn, wire.now), Admit)


def test_association_older_than_eight_hours_is_forgotten_by_the_server() -> None:
    wire = trusted()
    wire.now += 8 * 3600 + 1
    answer = wire.ask("SUBSCRIBE")
    assert answer is not None and answer.status == 401


def test_late_answer_to_a_challenge_is_asked_again() -> None:
    wire = Wire(guard(3), door(5))
    wire.ask("REGISTER")
    wire.ask("REGISTER")
    wire.now += 300
    Wire(guard(3, seed=9), wire.doorman, conn=-7, now=wire.now).register()
    assert not wire.register()
    assert isinstance(wire.rulings[-1], Ask)


def test_two_phones_of_one_user_have_two_associations() -> None:
    doorman = door(5)
    one, two = Wire(guard(3, seed=3), doorman, conn=-1), Wire(guard(3, seed=4), doorman, conn=-2)
    assert one.register() and two.register()
    doorman.lost(-1)
    answer = two.ask("SUBSCRIBE")
    assert answer is not None and answer.status == 200
    assert isinstance(two.rulings[-1], Admit) and two.rulings[-1].association is two.association
    one.ask("SUBSCRIBE")
    assert isinstance(one.rulings[-1], Ask)


def test_level_and_version_can_change_while_the_server_runs() -> None:
    doorman = door(0, 4)
    assert Wire(guard(1, seed=3), doorman, conn=-1).register()
    doorman.level = doorman.level.__class__(5)
    doorman.version = 3
    assert not Wire(guard(1, seed=4), doorman, conn=-2).register()
    wire = Wire(guard(3, seed=5), doorman, conn=-3)
    assert wire.register()
    assert wire.association is not None and wire.association.version == 3


def test_client_of_version_2_is_served_by_a_server_of_version_4() -> None:
    wire = Wire(guard(3), door(5), to_client=lambda data: data.replace(b", version=4", b""))
    assert wire.register()
    assert wire.association is not None and wire.association.version == 2
    assert wire.ask("SUBSCRIBE") is not None and wire.belief is not None and wire.belief.ok


def test_missing_or_wrong_signature_in_a_version_4_proof_is_dropped() -> None:
    for old, new in ((b'response="01', b'response="02'), (b"cnum=", b"cmum=")):
        wire = Wire(guard(3), door(5))
        wire.to_server = lambda data, old=old, new=new: data.replace(old, new)  # type: ignore[misc]
        assert not wire.register()
        assert isinstance(wire.rulings[-1], Discard) and wire.rulings[-1].why.startswith("AUTHENTICATE: ")


def test_server_takes_proxy_authorization_as_well() -> None:
    wire = Wire(
        guard(3), door(5), to_server=lambda data: data.replace(b"\r\nAuthorization:", b"\r\nProxy-Authorization:")
    )
    assert wire.register()
    assert wire.ask("SUBSCRIBE") is not None


def test_client_answers_407_in_the_matching_header() -> None:
    def proxy(data: bytes) -> bytes:
        changed = data.replace(b"SIP/2.0 401 Unauthorized", b"SIP/2.0 407 Proxy Authentication Required")
        changed = changed.replace(b"WWW-Authenticate:", b"Proxy-Authenticate:")
        return changed.replace(b"Authentication-Info:", b"Proxy-Authentication-Info:")

    wire = Wire(guard(3), door(5), to_client=proxy)
    assert wire.register()
    assert wire.sent[-1].headers.get("Authorization") is None
    assert (wire.sent[-1].headers.get("Proxy-Authorization") or "").startswith("NTLM ")


def test_wrong_realm_or_target_is_no_credential() -> None:
    for old, new in ((b'realm="SIP', b'realm="sip'), (b'targetname="sip.', b'targetname="SIP.')):
        wire = trusted()
        wire.to_server = lambda data, old=old, new=new: data.replace(old, new)  # type: ignore[misc]
        answer = wire.ask("SUBSCRIBE")
        assert answer is not None and answer.status == 401


@given(st.text(max_size=60), st.sampled_from(["REGISTER", "ACK", "INVITE"]))
def test_garbage_in_credentials_is_ruled_on_or_a_remote_error(text: str, method: str) -> None:
    doorman = door(5, offer_digest=True)
    doorman.tls_dsk = True
    clean = "".join(" " if char in "\r\n\0" else char for char in text)
    for value in (
        clean,
        f"NTLM {clean}",
        f"Kerberos {clean}",
        f"TLS-DSK {clean}",
        f'NTLM realm="SIP Communications Service", targetname="sip.ucc.test", {clean}',
    ):
        items = (*request(method, 1).headers.items, ("Authorization", value))
        message = Request(method, "sip:ucc.test", Headers(items))
        assert isinstance(doorman.check(message, -1, NOW), Ask | Discard | Pass)


@given(st.binary(max_size=80), st.sampled_from(["From", "To", "Call-ID", "CSeq"]))
def test_garbage_in_other_headers_costs_one_message(data: bytes, name: str) -> None:
    wire = trusted()
    value = data.replace(b"\r", b" ").replace(b"\n", b" ").replace(b"\0", b" ")
    for message in (request("SUBSCRIBE", 9), respond(request("INVITE", 9), 200, tag="s")):
        changed = message.with_headers(message.headers.with_(name, value.decode("utf-8", "surrogateescape")))
        try:
            wire.doorman.check(changed, wire.conn, NOW)
            wire.guard.verify(changed, NOW)
        except RemoteError:
            continue


@given(st.binary(max_size=120))
def test_garbage_tokens_are_refused_on_both_sides(data: bytes) -> None:
    from base64 import b64encode

    token = b64encode(data)
    wire = Wire(guard(3), door(5))
    wire.to_server = lambda sent: sent.replace(b'gssapi-data="TlRM', b'gssapi-data="' + token)
    assert not wire.register()
    assert isinstance(wire.rulings[-1], Ask) and wire.rulings[-1].refusal
    other = Wire(guard(3), door(5))
    other.to_client = lambda sent: sent.replace(b'gssapi-data="TlRM', b'gssapi-data="' + token)
    assert not other.register()
    assert other.guard.state is State.REFUSED


@given(st.text(max_size=80))
def test_garbage_challenges_never_loop_and_never_raise(text: str) -> None:
    clean = "".join(" " if char in "\r\n\0" else char for char in text)
    one = guard(3)
    for cseq in range(1, 5):
        sent = one.prepare(request("REGISTER", cseq), NOW)
        made = respond(sent, 401)
        answer = Response(401, "Unauthorized", Headers((*made.headers.items, ("WWW-Authenticate", clean))))
        verdict = one.challenged(sent, answer, NOW)
        one.verify(answer, NOW)
        assert not verdict.retry or cseq < 3


def test_signed_bytes_survive_the_wire_even_if_they_are_not_utf_8() -> None:
    wire = trusted()
    raw = bytes(request("MESSAGE", 9)).replace(b"tag=x91kq", b"tag=x\xe991kq")
    message: Message = parse(raw)
    assert isinstance(wire.deliver(wire.guard.seal(message, NOW)), Admit)
