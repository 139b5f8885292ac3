"""A server that can prove who it is at the sign-in, and no longer when the registration is refreshed."""

from __future__ import annotations

from snomtui.phone.intents import Dial, HangUp, LogOff
from tests.stories.house import Desk, House
from tests.stories.test_calls import no_port_leaks


def doubted(house: House, desk: Desk) -> None:
    """The server's signatures are wrong, and the phone refreshes its registration."""
    house.fault("wrong-signature")
    house.wire.until(lambda: not desk.registered, 310)


def packets(desk: Desk) -> int:
    """How many packets the phone wanted to send."""
    return sum(line.startswith("[8] Send Packet") for line in desk.log)


def said(house: House, since: int, word: str) -> list[str]:
    """The first lines of what the phone has sent since then."""
    mine = [each.line for each in house.wire.said[since:] if each.sender == "phone"]
    return [line for line in mine if line.startswith(word)]


def test_refresh_whose_answer_is_not_to_be_believed_ends_the_registration_with_its_reason() -> None:
    house = House()
    desk = house.signed_in()
    doubted(house, desk)
    assert desk.identity.state == "refused"
    assert desk.identity.code is None
    assert "could not prove who it is" in desk.identity.reason
    assert "[5] Will try to reregister in 300 seconds" in desk.log
    assert "Next try in" in desk.text
    assert desk.states == ["registering", "registered", "refused"]


def test_nothing_is_said_to_a_server_that_is_not_believed_until_the_next_try() -> None:
    house = House()
    desk = house.signed_in(retry_after_failed_register="7200")
    doubted(house, desk)
    heard, written = len(house.wire.said), packets(desk)
    house.wire.advance(7100)
    assert house.wire.said[heard:] == []
    assert packets(desk) == written
    assert desk.states[-1] == "refused"
    house.wire.advance(101)
    assert packets(desk) > written


def test_phone_signs_in_again_as_soon_as_the_server_proves_itself() -> None:
    house = House()
    desk = house.signed_in()
    doubted(house, desk)
    house.fault()
    since = len(house.wire.said)
    house.wire.advance(301)
    assert (desk.registered, desk.identity.auth) == (True, "ntlmv2")
    assert len(said(house, since, "REGISTER")) == 3
    assert len(said(house, since, "SUBSCRIBE")) == 4
    assert len(desk.phone.contacts()) == 3
    assert desk.sees("Ada.Answers").value == "AVAILABLE"
    house.wire.advance(3600)
    assert desk.registered


def test_call_that_is_up_goes_on_though_the_server_is_not_believed() -> None:
    house = House()
    desk = house.signed_in()
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.until(lambda: desk.calls == ["talking"])
    doubted(house, desk)
    assert desk.calls == ["talking"]
    house.fault()
    house.wire.advance(301)
    assert desk.registered
    if desk.calls == ["talking"]:
        desk.do(HangUp())
    house.wire.advance(60)
    assert desk.calls == []
    no_port_leaks(desk)


def test_call_that_is_up_can_be_hung_up_while_the_server_is_not_believed() -> None:
    house = House()
    desk = house.signed_in()
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.until(lambda: desk.calls == ["talking"])
    doubted(house, desk)
    desk.do(HangUp())
    house.wire.advance(60)
    assert desk.calls == []
    assert desk.ended.cause == "local"
    no_port_leaks(desk)


def test_call_that_rings_there_ends_when_the_server_is_not_believed() -> None:
    house = House()
    desk = house.signed_in()
    house.wire.advance(250)
    desk.do(Dial("sip:Ria.Rings@ucc.de"))
    house.wire.until(lambda: desk.calls == ["ringing"])
    doubted(house, desk)
    assert desk.calls in (["ended"], [])
    assert desk.ended.cause == "failed"
    no_port_leaks(desk)


def test_call_that_rings_here_ends_when_the_server_is_not_believed() -> None:
    house = House()
    desk, jan = house.signed_in(), house.signed_in("Jan.Dierich")
    house.wire.advance(280)
    jan.do(Dial("sip:Heiko.Riedel@ucc.de"))
    assert desk.calls == ["offered"]
    doubted(house, desk)
    assert desk.calls in (["ended"], [])
    assert desk.ended.cause == "failed"
    assert desk.phone.model.missed == 1
    no_port_leaks(desk)


def test_answer_that_is_played_back_is_dropped_and_nothing_else_happens() -> None:
    house = House()
    desk = house.signed_in()
    answers = [said.data for said in house.wire.said if b"\r\nCSeq: 3 REGISTER\r\n" in said.data]
    assert answers[-1].startswith(b"SIP/2.0 200")
    conn = next(conn for box, conn in house.wire._streams if box is desk.phone)
    desk.phone.receive(conn, answers[-1], house.now)
    house.settle()
    assert any("message dropped" in line for line in desk.log)
    assert (desk.phone, conn) in house.wire._streams
    house.wire.advance(1000)
    assert desk.states == ["registering", "registered"]
    assert desk.phone.contacts()


def test_phone_that_leaves_such_a_server_is_off_and_stays_so() -> None:
    house = House()
    desk = house.signed_in()
    house.fault("wrong-signature")
    desk.do(LogOff(1))
    house.wire.advance(400)
    assert desk.identity.state == "off"
    assert desk.states[-1] == "off" and "refused" not in desk.states
