"""Who is let in, and what is offered to whom."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snomtui.office.people import People
from snomtui.sip.message import Request
from tests.office.client import SDP
from tests.office.house import House

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
