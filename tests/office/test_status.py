"""What an administrator sees: who is in, who was refused and why, and what goes on."""

from __future__ import annotations

import pytest

from snomtui.office.orders import SetFault, SetPolicy
from snomtui.office.refusals import MOST, Refused
from snomtui.office.status import CallInProgress
from tests.office.client import SDP, Client
from tests.office.house import House

CHAT = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=s\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 5060 sip null\r\n"


def refused(house: House, user: str = "Heiko.Riedel", **more: object) -> Refused:
    """The one refusal after a sign-in that fails."""
    client = house.client(user, **more)
    client.register(house.now)
    house.settle()
    assert not client.registered
    (found,) = house.office.status(house.now).refused
    return found


# -- refusals


def test_refused_client_stands_with_name_place_program_and_reason() -> None:
    house = House()
    found = refused(house, level=0, user_agent="snom360/7.3.14")
    assert (found.user, found.user_agent, found.kind) == ("UCC\\Heiko.Riedel", "snom360/7.3.14", "ntlmv1")
    assert found.why.startswith("NTLMv1 response refused by level 5")
    assert found.transport == "tcp" and found.address.count(":") == 1
    assert (found.first, found.last, found.count) == (house.now, house.now, 1)


@pytest.mark.parametrize(
    ("more", "user", "cause", "why"),
    [
        ({"password": "Winter1999!"}, "UCC\\Heiko.Riedel", "wrong_password", "wrong password"),
        ({"login": "UCC\\nobody"}, "UCC\\nobody", "unknown_user", "unknown user"),
        ({"login": "OTHER\\Heiko.Riedel"}, "OTHER\\Heiko.Riedel", "unknown_domain", "domain OTHER"),
        ({"login": "UCC\\Julia.Falk", "password": "Fruehling2009!"}, "Heiko.Riedel@ucc.de", "from", "may not write"),
    ],
    ids=["password", "user", "domain", "address"],
)
def test_causes_of_a_refusal_are_told_apart(more: dict[str, str], user: str, cause: str, why: str) -> None:
    found = refused(House(), "Heiko.Riedel", **more)
    assert (found.user, found.cause) == (user, cause) and why in found.why
    assert "Winter1999!" not in repr(found)


def test_same_refusal_again_is_counted_and_comes_first() -> None:
    house = House()
    begun = house.now
    client = house.client(level=1)
    client.register(house.now)
    house.settle()
    refused_too = house.client("Julia.Falk", password="wrong")
    refused_too.register(house.now)
    house.settle()
    house.wire.advance(60)
    again = house.client(level=1)
    again.register(house.now)
    house.settle()
    first, second = house.office.status(house.now).refused
    assert (first.count, first.first, first.last) == (2, begun, house.now)
    assert (second.user, second.count) == ("UCC\\Julia.Falk", 1)


def test_only_so_many_refusals_are_remembered() -> None:
    house = House()
    for number in range(MOST + 3):
        client = house.client(login=f"UCC\\user{number}")
        client.register(house.now)
        house.settle()
    found = house.office.status(house.now).refused
    assert len(found) == MOST
    assert (found[0].user, found[-1].user) == (f"UCC\\user{MOST + 2}", "UCC\\user3")


def test_message_that_is_dropped_in_silence_shows_why() -> None:
    house = House()
    client = house.signed_in()
    client.ask("OPTIONS", "sip:ucc.de", house.now)
    house.settle()
    replayed = house.wire.said[-2].data.replace(b"branch=z9hG4bK", b"branch=z9hG4bKx")
    house.office.receive(-1, replayed, house.now)
    status = house.office.status(house.now)
    (found,) = status.refused
    assert (found.user, found.cause, status.server.discarded) == ("Heiko.Riedel@ucc.de", "replay", 1)


def test_ordinary_steps_of_a_sign_in_are_no_refusals() -> None:
    house = House()
    house.signed_in()
    assert house.office.status(house.now).refused == ()


# -- what goes on


def test_status_tells_policy_faults_and_the_level_as_windows_calls_it() -> None:
    house = House()
    house.office.do(SetPolicy("lan_manager_level", 4), house.now)
    house.office.do(SetFault("slow"), house.now)
    server = house.office.status(house.now).server
    assert (server.domain, server.netbios, server.host) == ("ucc.de", "UCC", "sip.ucc.de")
    assert server.policy["lan_manager_level"] == 4
    assert server.level_title == "Send NTLMv2 response only. Refuse LM"
    assert server.faults == ("slow",)


def test_registration_tells_where_from_and_with_what() -> None:
    house = House()
    house.signed_in(epid="00041399ff")
    (found,) = house.office.status(house.now).registrations
    assert (found.aor, found.name, found.epid) == ("Heiko.Riedel@ucc.de", "Heiko Riedel", "00041399ff")
    assert (found.auth, found.transport, found.since) == ("ntlmv2", "tcp", house.now)
    assert found.contact.startswith("sip:") and ":" in found.address


def talking(house: House) -> tuple[Client, Client]:
    """Two people in a call."""
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    heiko.ask("INVITE", julia.uri, house.now, body=SDP)
    house.settle()
    ringing = house.office.status(house.now).calls
    assert ringing == (CallInProgress("Heiko.Riedel@ucc.de", "Julia.Falk@ucc.de", "ringing", house.now),)
    julia.reply(julia.asked("INVITE")[0], 200, house.now, body=SDP)
    house.settle()
    assert [each.state for each in house.office.status(house.now).calls] == ["talking"]
    return heiko, julia


def test_call_in_progress_is_shown_until_somebody_hangs_up() -> None:
    house = House()
    heiko, _ = talking(house)
    answer = heiko.last("INVITE")
    dialog = heiko.dialog(answer)
    dialog.local_cseq = heiko.asked_last("INVITE").cseq.number
    heiko.send(dialog.request("BYE", heiko.via()), house.now)
    house.settle()
    assert house.office.status(house.now).calls == ()


def test_conversation_in_writing_is_told_from_a_call() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    heiko.ask("INVITE", julia.uri, house.now, body=(SDP[0], CHAT))
    house.settle()
    assert [each.kind for each in house.office.status(house.now).calls] == ["chat"]
    heiko.ask("INVITE", julia.uri, house.now, body=SDP)
    house.settle()
    assert [each.kind for each in house.office.status(house.now).calls] == ["chat", "call"]


def test_who_calls_himself_has_no_other_device() -> None:
    house = House()
    heiko = house.signed_in()
    heiko.ask("INVITE", heiko.uri, house.now, body=SDP)
    house.settle()
    assert heiko.last("INVITE").status == 480
    notes = [each.line for each in house.office.journal if each.direction == "note"]
    assert notes[-1] == "INVITE refused: 480, Heiko.Riedel@ucc.de is not signed in at another device"


def test_call_is_over_when_a_connection_is_lost() -> None:
    house = House()
    _, julia = talking(house)
    house.office.sign_out("Julia.Falk@ucc.de", "rejected", house.now)
    assert len(house.office.status(house.now).calls) == 1
    house.wire.cut(julia)
    house.settle()
    assert house.office.status(house.now).calls == ()


def test_refused_call_is_no_call() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    heiko.ask("INVITE", julia.uri, house.now, body=SDP)
    house.settle()
    julia.reply(julia.asked("INVITE")[0], 486, house.now)
    house.settle()
    assert house.office.status(house.now).calls == ()
