"""Who is let in, and what is offered to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snomtui.auth.doorman import State
from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.office.faults import Faults
from snomtui.office.gate import is_ordinary
from snomtui.office.people import People
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request
from tests.office.client import SDP, Client
from tests.office.house import QUIET, House
from tests.wire import surroundings

PEOPLE = People.default()


def schemes(house: House, **more: object) -> list[str]:
    client = house.client("Heiko.Riedel", **more)
    client.register(house.now)
    house.settle()
    challenges = client.answers[0].headers.all("WWW-Authenticate")
    return [each.partition(" ")[0] for each in challenges]


def test_an_ocs_client_is_offered_what_ocs_offers() -> None:
    assert schemes(House()) == ["Kerberos", "NTLM"]


def test_an_ordinary_phone_is_offered_digest_alone_because_some_read_nothing_else() -> None:
    assert schemes(House(), epid="", digest=True) == ["Digest"]


def test_without_digest_everybody_is_offered_ntlm() -> None:
    assert schemes(House(digest=False), epid="", digest=True) == ["Kerberos", "NTLM"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Supported", "GRUU-10"),
        ("Event", "registration"),
        ("ms-keep-alive", "UAC;hop-hop=yes"),
        ("Contact", "<sip:10.1.2.3:2051>;proxy=replace"),
        ("Authorization", 'Kerberos realm="x"'),
    ],
)
def test_one_mark_is_enough_to_be_taken_for_an_ocs_client(name: str, value: str) -> None:
    plain = Request("REGISTER", "sip:ucc.de", Headers.of(("From", "<sip:heiko@ucc.de>;tag=1")))
    assert is_ordinary(plain)
    assert not is_ordinary(plain.with_(name, value))


# -- a policy that is changed while the office works


def refused(house: House, client: Client) -> tuple[str, ...]:
    """What the journal says of one more sign-in."""
    before = house.office.journal.notes()
    client.register(house.now)
    house.settle()
    assert not client.registered
    return house.office.journal.notes()[len(before) :]


def test_level_that_is_raised_holds_for_the_next_handshake_and_not_for_who_is_in() -> None:
    house = House(level=0)
    inside = house.signed_in(level=1)
    house.office.policy = replace(house.office.policy, level=LmLevel.REFUSE_LM_AND_NTLM)
    inside.ask("OPTIONS", "sip:ucc.de", house.now)
    inside.register(house.now)
    house.settle()
    assert inside.last("OPTIONS").status == inside.last("REGISTER").status == 200
    (note,) = refused(house, house.client("Julia.Falk", epid="00041399ff", level=1))
    assert note.startswith("REGISTER refused: NTLMv1 response refused by level 5 (")
    assert house.signed_in("Julia.Falk", epid="00041399ff").registered


def test_everything_that_is_offered_can_be_changed_while_the_office_works() -> None:
    house = House()
    policy = house.office.policy
    house.office.policy = replace(policy, kerberos=False)
    assert schemes(house) == ["NTLM"]
    house.office.policy = replace(policy, tls_dsk=True)
    assert schemes(house) == ["Kerberos", "NTLM", "TLS-DSK"]
    assert schemes(house, epid="", digest=True) == ["Digest"]
    house.office.policy = replace(policy, digest=False)
    assert schemes(house, epid="", digest=True) == ["Kerberos", "NTLM"]
    house.office.policy = replace(policy, version=3)
    client = house.client()
    client.register(house.now)
    house.settle()
    assert "version=3" in client.answers[0].headers.all("WWW-Authenticate")[1]


def test_minimum_session_security_can_be_changed_while_the_office_works() -> None:
    house = House(level=0)
    house.office.policy = replace(house.office.policy, minimum_session_security=Flags.ESS)
    (note,) = refused(house, house.client(level=0))
    assert note == "REGISTER refused: session security too weak: extended session security (NTLM2) is demanded"
    assert house.signed_in("Julia.Falk", epid="00041399ff").registered


# -- what the journal hears


@pytest.mark.parametrize(
    ("login", "password", "why"),
    [
        ("Heiko.Riedel", "wrong", "wrong password (NTLMv2 response)"),
        ("nobody", "x", "unknown user nobody"),
        ("Nora.Nix", "", "Nora.Nix has no password: nobody can sign in as this user"),
    ],
)
def test_journal_tells_the_causes_of_a_refusal_apart(login: str, password: str, why: str) -> None:
    people = People.parse(QUIET + '[[person]]\nuri = "sip:Nora.Nix@ucc.de"\n')
    house = House(people=people)
    client = Client(login, password, surroundings(3))
    house.wire.boxes.insert(0, client)
    house.wire.settle()
    assert refused(house, client) == (f"REGISTER refused: {why}",)
    assert client.answers[-1].status == 401


def test_journal_tells_an_expired_association_from_a_forgotten_one() -> None:
    house = House()
    client = house.signed_in()
    house.office.faults = Faults.parse("forgetful")
    client.ask("OPTIONS", "sip:ucc.de", house.now)
    house.settle()
    assert "OPTIONS asked again: association" in house.office.journal.notes()[-1]
    assert client.last("OPTIONS").status == 401


def test_ever_new_endpoints_on_one_connection_push_out_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snomtui.auth.book.MOST_ENDPOINTS", 3)
    monkeypatch.setattr("snomtui.office.gate.MOST_ENDPOINTS", 3)
    house = House()
    client = house.client()
    for number in range(8):
        client.epid, client.registered = f"00041350{number}", False
        client.guard.forget()
        client.register(house.now)
        house.settle()
        assert client.registered
    (held,) = house.office._gate._associations.values()
    assert list(held) == ["000413505", "000413506", "000413507"]
    assert all(each.state is State.TRUSTED for each in held.values())


def test_the_ack_to_a_challenge_is_not_passed_on() -> None:
    house = House()
    plain = house.signed_in(epid="", login="Heiko.Riedel", digest=True)
    julia = house.signed_in("Julia.Falk", epid="00041399ff")
    plain.ask("INVITE", julia.uri, house.now, body=SDP)
    house.settle()
    julia.reply(julia.asked("INVITE")[0], 200, house.now, body=SDP)
    house.settle()
    answer = plain.last("INVITE")
    dialog = plain.dialog(answer)
    dialog.local_cseq = plain.asked_last("INVITE").cseq.number
    plain.send(dialog.ack(plain.asked_last("INVITE"), plain.via()), house.now)
    house.settle()
    bare = Request("INVITE", dialog.target, dialog.request("INVITE", plain.via()).headers)
    plain.transactions.request(bare, plain.wire, bare, house.now)
    plain.flush(house.now)
    house.settle()
    assert plain.statuses("INVITE") == [200, 401]
    assert len(julia.asked("ACK")) == 1
    assert not any("nowhere" in each for each in house.office.journal.notes())


def test_a_used_signature_number_is_dropped_in_silence() -> None:
    house = House()
    client = house.signed_in()
    client.ask("OPTIONS", "sip:ucc.de", house.now)
    house.settle()
    replayed = house.wire.said[-2].data.replace(b"branch=z9hG4bK", b"branch=z9hG4bKx")
    before = len(house.wire.said)
    house.office.receive(-1, replayed, house.now)
    house.settle()
    assert len(house.wire.said) == before
    assert house.office.discarded == 1
    assert any("seen before" in each for each in house.office.journal.notes())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(
        ["From", "To", "Contact", "Event", "Route", "Expires", "Max-Forwards", "Supported", "Accept", "Content-Type"]
    ),
    value=st.text(st.characters(blacklist_characters="\r\n\0", blacklist_categories=["Cs"]), max_size=60),
    method=st.sampled_from(["INVITE", "SUBSCRIBE", "SERVICE", "OPTIONS", "MESSAGE", "BYE", "PUBLISH", "NOTIFY"]),
    body=st.binary(max_size=40),
)
def test_no_header_of_a_signed_in_client_can_break_the_office(name: str, value: str, method: str, body: bytes) -> None:
    house = House(people=PEOPLE)
    client = house.signed_in()
    client.strict = False
    client.ask(method, "sip:Jan.Dierich@ucc.de", house.now, [("Event", "presence")], ("application/sdp", body))
    request = client.sent_last
    bent = request.with_(name, value.strip()).with_("Via", client.via())
    client.send(bent, house.now)
    house.wire.advance(3)
    client.register(house.now)
    house.settle()
    assert client.last("REGISTER").status == 200 or client.down
