"""All that goes wrong at a server's door: the client sees a 401 or nothing, the journal hears the cause."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable

import pytest

from snomtui.auth.book import PATIENCE
from snomtui.auth.credentials import Credentials
from snomtui.auth.doorman import Admit, Ask, Discard, Doorman, Ruling
from snomtui.auth.faults import Fault, short
from snomtui.auth.guard import Guard
from snomtui.auth.ntlm.messages import Flags
from snomtui.kit.secret import Secret
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request, Response, respond
from tests.auth.wire import EPID, NOW, PASSWORD, REALM, TARGET, Wire, door, guard, request, seeded

FAILED = '1000;reason="Final handshake failed";source="sip.ucc.test";HRESULT="0xC3E93EC3(SIP_E_AUTH_UNAUTHORIZED)"'


def schemes(asked: Ask) -> list[str]:
    return [value.partition(" ")[0] for name, value in asked.headers if name == "WWW-Authenticate"]


def told(asked: Ask) -> str:
    return dict(asked.headers).get("ms-diagnostics", "")


def last(wire: Wire) -> Ask:
    ruling = wire.rulings[-1]
    assert isinstance(ruling, Ask)
    return ruling


def trusted(doorman: Doorman | None = None, conn: int = -1, seed: int = 1) -> Wire:
    wire = Wire(guard(3, seed=seed), doorman or door(5), conn=conn)
    assert wire.register()
    return wire


def proof(wire: Wire) -> Request:
    """The REGISTER with the AUTHENTICATE, not sent yet."""
    wire.ask("REGISTER")
    wire.ask("REGISTER")
    made = wire.guard.seal(wire.guard.prepare(request("REGISTER", 3), wire.now), wire.now)
    assert isinstance(made, Request)
    return made


# -- whatever the cause, the client learns the same


@pytest.mark.parametrize(
    ("level", "login", "password", "fault"),
    [
        (1, r"ucc\Heiko.Riedel", PASSWORD, Fault.LEVEL),
        (3, r"ucc\Heiko.Riedel", "Winter2009!", Fault.WRONG_PASSWORD),
        (3, r"ucc\nobody", PASSWORD, Fault.UNKNOWN_USER),
        (3, r"xyz\Heiko.Riedel", PASSWORD, Fault.UNKNOWN_DOMAIN),
        (3, r"ucc\nora", "", Fault.NO_PASSWORD),
    ],
)
def test_client_cannot_tell_one_refusal_from_another(level: int, login: str, password: str, fault: Fault) -> None:
    wire = Wire(guard(level, login, password), door(5))
    assert not wire.register()
    assert last(wire).fault is fault and last(wire).refusal
    assert [name for name, _ in last(wire).headers] == [
        "Date",
        "WWW-Authenticate",
        "WWW-Authenticate",
        "ms-diagnostics",
    ]
    assert (schemes(last(wire)), told(last(wire))) == (["Kerberos", "NTLM"], FAILED)


def test_every_cause_has_words_of_its_own() -> None:
    assert len({fault.value for fault in Fault}) == len(Fault)
    assert {fault for fault in Fault if not fault.refuses} >= {Fault.NONE, Fault.STALE, Fault.EXPIRED}
    assert short("x" * 100) == "x" * 64 + "..."


# -- minimum session security


@pytest.mark.parametrize(
    ("minimum", "lacking", "words"),
    [
        (Flags.KEY_128, Flags.KEY_128, "128 bit keys are"),
        (Flags.ESS, Flags.ESS, "extended session security (NTLM2) is"),
        (Flags.ESS | Flags.KEY_128, Flags.KEY_128, "128 bit keys are"),
        (
            Flags.ESS | Flags.KEY_128, Flags.ESS | Flags.KEY_128,
            "extended session security (NTLM2) and 128 bit keys are",
        ),
    ],
)  # fmt: skip
def test_weak_session_security_is_refused_before_the_response_is_looked_at(
    minimum: Flags, lacking: Flags, words: str
) -> None:
    for password in (PASSWORD, "wrong"):
        doorman = door(0)
        doorman.minimum = minimum
        wire = Wire(guard(3, password=password), doorman)
        wire.to_client = lambda data, lacking=lacking: _weakened(data, lacking)  # type: ignore[misc]
        assert not wire.register()
        assert last(wire).fault is Fault.WEAK
        assert last(wire).why == f"session security too weak: {words} demanded"


def _weakened(data: bytes, lacking: Flags) -> bytes:
    """The CHALLENGE as if the server offered less."""
    mark = b'gssapi-data="TlRM'
    if mark not in data:
        return data
    head, _, rest = data.partition(mark)
    text, _, tail = rest.partition(b'"')
    token = bytearray(b64decode(b"TlRM" + text))
    flags = int.from_bytes(token[20:24], "little") & ~int(lacking)
    token[20:24] = flags.to_bytes(4, "little")
    return head + b'gssapi-data="' + b64encode(bytes(token)) + b'"' + tail


@pytest.mark.parametrize("minimum", [Flags(0), Flags.ESS, Flags.KEY_128, Flags.ESS | Flags.KEY_128])
def test_strong_session_security_is_enough_for_every_minimum(minimum: Flags) -> None:
    for level in (1, 3):
        doorman = door(0)
        doorman.minimum = minimum
        assert Wire(guard(level), doorman).register()


def test_phone_of_level_0_never_has_extended_session_security() -> None:
    doorman = door(0)
    doorman.minimum = Flags.ESS
    wire = Wire(guard(0), doorman)
    assert not wire.register() and last(wire).fault is Fault.WEAK


# -- challenges


def test_challenge_is_good_once_and_an_old_proof_is_told_from_a_strange_one() -> None:
    wire = Wire(guard(3), door(5))
    sent = proof(wire)
    assert not isinstance(wire.doorman.check(sent, -1, NOW), Ask)
    again = wire.doorman.check(sent, -1, NOW)
    assert isinstance(again, Ask) and again.fault is Fault.USED
    assert "was answered before" in again.why and told(again) == FAILED


def test_challenge_that_was_refused_is_spent_as_well() -> None:
    wire = Wire(guard(3, password="wrong"), door(5))
    sent = proof(wire)
    first, second = (wire.doorman.check(sent, -1, NOW) for _ in range(2))
    assert isinstance(first, Ask) and first.fault is Fault.WRONG_PASSWORD
    assert isinstance(second, Ask) and second.fault is Fault.USED


def test_proof_of_another_connection_or_server_is_no_proof() -> None:
    wire = Wire(guard(3), door(5))
    sent = proof(wire)
    for doorman, conn in ((wire.doorman, -2), (door(5, seed=9), -1)):
        ruling = doorman.check(sent, conn, NOW)
        assert isinstance(ruling, Ask) and ruling.fault is Fault.NO_CHALLENGE and not ruling.refusal
        assert told(ruling) == ""
    assert not isinstance(wire.doorman.check(sent, -1, NOW), Ask)


def test_late_answer_to_a_challenge_is_named_as_late() -> None:
    wire = Wire(guard(3), door(5))
    sent = proof(wire)
    ruling = wire.doorman.check(sent, -1, NOW + PATIENCE + 1)
    assert isinstance(ruling, Ask) and ruling.fault is Fault.LATE and not ruling.refusal
    assert "more than 120 s" in ruling.why


def test_refused_proofs_leave_nothing_behind_and_the_memory_of_them_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snomtui.auth.book.MOST_ENDED", 10)
    doorman = door(5)
    for seed in range(20):
        assert not Wire(guard(3, password="wrong", seed=seed), doorman).register()
    assert doorman._book._on == {} and len(doorman._book._ended) == 10


def test_negotiate_is_taken_for_the_empty_step() -> None:
    token = b64encode(b"NTLMSSP\0\1\0\0\0" + bytes(24)).decode()
    line = f'NTLM qop="auth", realm="{REALM}", targetname="{TARGET}", gssapi-data="{token}", version=4'
    ruling = door(5).check(request("REGISTER", 2).with_("Authorization", line), -1, NOW)
    assert isinstance(ruling, Ask) and ruling.fault is Fault.NONE
    assert 'gssapi-data="TlRM' in dict(ruling.headers)["WWW-Authenticate"]


# -- associations


def signed(wire: Wire, change: Callable[[str], str] = str) -> Ask | Discard:
    """What the doorman says to a signed request whose credentials were changed on the way."""
    sealed = wire.guard.seal(request("SUBSCRIBE", 20), wire.now)
    value = sealed.headers.get("Authorization") or ""
    ruling = wire.doorman.check(sealed.with_headers(sealed.headers.with_("Authorization", change(value))), -1, wire.now)
    assert isinstance(ruling, Ask | Discard)
    return ruling


def test_wrong_signature_and_used_number_are_discarded_with_cause_and_owner() -> None:
    wire = trusted()
    ruling = signed(wire, lambda value: value.replace('response="01', 'response="02'))
    assert isinstance(ruling, Discard)
    assert (ruling.fault, ruling.user) == (Fault.SIGNATURE, "sip:heiko.riedel@ucc.test")
    wire.ask("SUBSCRIBE")
    again = wire.doorman.check(wire.sent[-1], wire.conn, NOW)
    assert isinstance(again, Discard) and again.fault is Fault.REPLAY and "seen before" in again.why


def test_changed_opaque_is_told_from_an_unknown_one() -> None:
    wire = trusted()
    assert wire.association is not None
    opaque = wire.association.opaque
    changed = signed(wire, lambda value: value.replace(opaque, "00000000"))
    assert isinstance(changed, Ask) and changed.fault is Fault.OPAQUE and opaque in changed.why
    sent = wire.guard.seal(request("SUBSCRIBE", 21), NOW)
    restarted = door(5, seed=9).check(sent, -1, NOW)
    assert isinstance(restarted, Ask) and restarted.fault is Fault.NO_ASSOCIATION
    assert "was the server restarted?" in restarted.why
    elsewhere = wire.doorman.check(sent, -2, NOW)
    assert isinstance(elsewhere, Ask) and elsewhere.fault is Fault.OPAQUE and "another endpoint" in elsewhere.why
    wire.doorman.lost(-1)
    gone = wire.doorman.check(sent, -2, NOW)
    assert isinstance(gone, Ask) and gone.why == f"association {opaque} has ended with its connection"
    assert not any(each.refusal or told(each) for each in (changed, restarted, elsewhere, gone))


def test_restarted_door_knows_nobody_and_asks_everybody_again() -> None:
    wire = trusted(door(5, offer_digest=True))
    one = digest("heiko.riedel", PASSWORD, wire.doorman)
    wire.doorman.forget()
    ruling = signed(wire)
    assert isinstance(ruling, Ask) and ruling.fault is Fault.NO_ASSOCIATION
    assert "was the server restarted?" in ruling.why
    stale = wire.doorman.check(one, -1, NOW)
    assert isinstance(stale, Ask) and stale.fault is Fault.STALE
    assert wire.register()


def test_expired_association_is_named() -> None:
    wire = trusted()
    wire.now += 8 * 3600 + 1
    for _ in range(2):
        ruling = signed(wire)
        assert isinstance(ruling, Ask) and ruling.fault is Fault.EXPIRED and "8 hours" in ruling.why
        assert schemes(ruling) == ["Kerberos", "NTLM"]


def on_one(doorman: Doorman, epid: str) -> Wire:
    """One more endpoint on the same connection."""
    return Wire(guard(3, seed=int(epid)), doorman, to_server=lambda data: data.replace(EPID.encode(), epid.encode()))


def asking(wire: Wire) -> Ruling:
    """What the doorman says to a further request."""
    wire.ask("SUBSCRIBE")
    return wire.rulings[-1]


def test_endpoint_that_was_silent_longest_gives_way_on_a_crowded_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snomtui.auth.book.MOST_ENDPOINTS", 3)
    doorman = door(5)
    wires = [on_one(doorman, str(number)) for number in range(1, 4)]
    assert all(each.register() for each in wires)
    for each in wires:
        each.guard.forget()
        assert each.register()  # a second handshake: the one before it is trusted beside it
    assert len(doorman._book._trusted) == 6
    assert isinstance(asking(wires[0]), Admit)
    fourth = on_one(doorman, "4")
    assert fourth.register()
    assert len(doorman._book._places[-1]) == 3 and len(doorman._book._trusted) == 5
    gone = asking(wires[1])
    assert isinstance(gone, Ask) and gone.fault is Fault.NO_ASSOCIATION and "gave way" in gone.why
    assert all(isinstance(asking(each), Admit) for each in (wires[0], wires[2], fourth))
    doorman.lost(-1)
    assert (doorman._book._trusted, doorman._book._places, doorman._book._on) == ({}, {}, {})


def test_unsigned_request_of_a_trusted_endpoint_is_named_but_a_new_handshake_is_not() -> None:
    wire = trusted()
    ruling = wire.doorman.check(request("SUBSCRIBE", 20), wire.conn, NOW)
    assert isinstance(ruling, Ask) and ruling.fault is Fault.UNSIGNED
    anew = wire.doorman.check(request("REGISTER", 21), wire.conn, NOW)
    assert isinstance(anew, Ask) and (anew.fault, anew.why) == (Fault.NONE, "no credentials")


@pytest.mark.parametrize("name", ["realm", "targetname"])
def test_foreign_names_are_repeated_in_the_journal(name: str) -> None:
    wire = trusted()
    right = {"realm": REALM, "targetname": TARGET}[name]
    ruling = signed(wire, lambda value: value.replace(f'{name}="{right}"', f'{name}="other"'))
    assert isinstance(ruling, Ask) and ruling.fault is Fault.NAMES
    assert f'{name} "other"' in ruling.why and "not this server" in ruling.why


def test_new_realm_holds_for_new_handshakes_only() -> None:
    wire = trusted()
    wire.doorman.realm = "Somewhere else"
    answer = wire.ask("SUBSCRIBE")
    assert answer is not None and answer.status == 200
    wire.now += 8 * 3600
    assert wire.register()
    assert f'realm="{wire.doorman.realm}"' in (wire.sent[-1].headers.get("Authorization") or "")


# -- Kerberos, TLS-DSK and others


TICKET = 'realm="SIP Communications Service", targetname="sip/sip.ucc.test", gssapi-data="YIIE", version=4'


@pytest.mark.parametrize(("scheme", "fault"), [("Kerberos", Fault.KERBEROS), ("TLS-DSK", Fault.TLS_DSK)])
def test_ticket_is_refused_once_with_all_schemes_and_then_with_ntlm_alone(scheme: str, fault: Fault) -> None:
    doorman = door(5)
    doorman.tls_dsk = True
    carrying = request("REGISTER", 2).with_("Authorization", f"{scheme} {TICKET}")
    first, second = (doorman.check(carrying, -1, NOW) for _ in range(2))
    assert isinstance(first, Ask) and isinstance(second, Ask)
    assert (first.fault, first.kind, first.refusal) == (fault, scheme.lower(), True)
    assert first.why.startswith(f"{scheme} refused: this server takes NTLM only")
    assert (schemes(first), schemes(second)) == (["Kerberos", "NTLM", "TLS-DSK"], ["NTLM"])
    assert told(first) == FAILED
    other = doorman.check(carrying, -2, NOW)
    assert isinstance(other, Ask) and schemes(other) == ["Kerberos", "NTLM", "TLS-DSK"]
    doorman.lost(-1)
    assert list(doorman._tickets) == [-2]
    assert Wire(guard(3), doorman).register()


def test_ticket_of_one_does_not_count_for_another_on_the_same_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snomtui.auth.doorman.MOST_TICKETS", 2)
    doorman = door(5)

    def offered_to(user: str) -> list[str]:
        carrying = request("REGISTER", 2, user=user).with_("Authorization", f"Kerberos {TICKET}")
        ruling = doorman.check(carrying, -1, NOW)
        assert isinstance(ruling, Ask)
        return schemes(ruling)

    assert offered_to("jan") == offered_to("nora") == ["Kerberos", "NTLM"]
    assert offered_to("jan") == offered_to("nora") == ["NTLM"]
    assert offered_to("julia") == ["Kerberos", "NTLM"]
    assert len(doorman._tickets[-1]) == 2
    assert offered_to("jan") == ["Kerberos", "NTLM"]  # forgotten: it goes round once more


def test_tls_dsk_is_the_third_line_with_the_place_of_the_certificate_service() -> None:
    doorman = door(5, version=3)
    doorman.tls_dsk = True
    asked = doorman.check(request("REGISTER", 1), -1, NOW)
    assert isinstance(asked, Ask)
    assert asked.headers[3] == (
        "WWW-Authenticate",
        'TLS-DSK realm="SIP Communications Service", targetname="sip.ucc.test", version=4, '
        'sts-uri="https://sip.ucc.test:443/CertProv/CertProvisioningService.svc"',
    )
    wire = Wire(guard(3), doorman)
    assert wire.register() and wire.registers == 3
    assert [text for _, text in wire.log[:2]] == [
        "Challenge: Unknown scheme Kerberos",
        "Challenge: Unknown scheme TLS-DSK",
    ]


@pytest.mark.parametrize("value", ["Basic aGVpa286eA==", "Negotiate YIIE", 'Digest username="heiko"', "NTLM"])
def test_other_credentials_are_named_and_asked_again(value: str) -> None:
    ruling = door(5).check(request("REGISTER", 1).with_("Authorization", value), -1, NOW)
    assert isinstance(ruling, Ask) and not ruling.refusal
    assert ruling.fault in (Fault.SCHEME, Fault.NAMES) and value.partition(" ")[0] in ruling.why


# -- Digest


def digest(login: str, password: str, doorman: Doorman, now: float = NOW) -> Request:
    """A REGISTER with Digest credentials for a challenge of this doorman."""
    one = Guard(Credentials.parse(login, Secret(password)), None, seeded(5))
    sent = one.prepare(request("REGISTER", 1), now)
    asked = doorman.check(sent, -1, now)
    assert isinstance(asked, Ask)
    answer = respond(sent, 401, headers=asked.headers)
    items = (each for each in answer.headers if not each[1].startswith(("NTLM", "Kerberos")))
    assert one.challenged(sent, Response(401, "Unauthorized", Headers.of(*items)), now).retry
    return one.prepare(request("REGISTER", 2), now)


@pytest.mark.parametrize(
    ("login", "password", "fault", "why"),
    [
        ("heiko.riedel", "Winter2009!", Fault.WRONG_PASSWORD, "wrong password (Digest response)"),
        ("nobody", PASSWORD, Fault.UNKNOWN_USER, "unknown user nobody (Digest)"),
        ("nora", "", Fault.NO_PASSWORD, "nora has no password: nobody can sign in as this user (Digest)"),
    ],
)
def test_digest_refusals_are_told_apart(login: str, password: str, fault: Fault, why: str) -> None:
    doorman = door(5, offer_digest=True)
    ruling = doorman.check(digest(login, password, doorman), -1, NOW)
    assert isinstance(ruling, Ask) and ruling.refusal
    assert (ruling.fault, ruling.why, ruling.user, ruling.kind) == (fault, why, login, "digest")
    assert told(ruling) == ""


def test_stale_foreign_and_malformed_digest_are_told_apart() -> None:
    doorman = door(5, offer_digest=True)
    right = digest("heiko.riedel", PASSWORD, doorman)
    stale = doorman.check(right, -1, NOW + 1000)
    assert isinstance(stale, Ask) and stale.fault is Fault.STALE and not stale.refusal
    value = right.headers.get("Authorization") or ""
    foreign = doorman.check(right.with_("Authorization", value.replace('realm="ucc.test"', 'realm="x"')), -1, NOW)
    assert isinstance(foreign, Ask) and foreign.fault is Fault.NAMES and 'realm "x"' in foreign.why
    bent = doorman.check(right.with_("Authorization", value.replace("cnonce=", "xnonce=")), -1, NOW)
    assert isinstance(bent, Ask) and bent.fault is Fault.UNREADABLE
