"""A server that has forgotten the phone while it wants something."""

from __future__ import annotations

from snomtui.office.orders import SignOut
from snomtui.phone.intents import Dial, HangUp
from tests.stories.house import Desk, House


def forgotten() -> tuple[House, Desk]:
    """A phone whose server knows nothing of it any more from the next request on."""
    house = House()
    desk = house.signed_in()
    house.fault("forgetful")
    return house, desk


def test_call_that_meets_a_forgetful_server_does_not_hang() -> None:
    house, desk = forgotten()
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.advance(40)
    house.fault()
    house.wire.advance(5)
    if desk.calls and desk.calls[0] != "ended":
        assert desk.calls in (["talking"], ["ringing"])
        desk.do(HangUp())
    house.wire.advance(60)
    assert desk.calls == []
    used = {play.port for play in desk.plays}
    assert used == {play.port for play in desk.plays if play.plan is None}


def asked_while_forgetful() -> tuple[House, Desk]:
    """A phone whose INVITE met a server that has forgotten it; the 401 is on its way, and slow."""
    house = House()
    desk = house.signed_in()
    house.fault("forgetful", "slow")
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.advance(1)
    house.fault("slow")
    house.wire.advance(3)
    assert desk.calls == ["dialling"]
    return house, desk


def invites(house: House, desk: Desk) -> int:
    """How many INVITEs the phone has sent."""
    return sum(line.startswith("INVITE") for line in house.wire.lines(desk.phone))


def test_phone_that_is_thrown_out_still_signs_its_answer() -> None:
    house = House()
    desk = house.signed_in()
    assert house.office.do(SignOut("heiko.riedel@ucc.de"), house.now) is None
    house.settle()
    assert desk.identity.state == "refused"
    notes = [entry.line for entry in house.office.journal if entry.direction == "note"]
    assert notes[-1] == "signed out: rejected"
    assert house.office.status(house.now).server.discarded == 0


def test_call_goes_out_after_a_new_handshake() -> None:
    house, desk = asked_while_forgetful()
    assert invites(house, desk) == 1
    house.wire.until(lambda: desk.calls == ["talking"], 40)
    assert invites(house, desk) == 2
    assert set(desk.states) == {"registering", "registered"}


def test_call_that_was_hung_up_during_the_new_handshake_never_goes_out() -> None:
    house, desk = asked_while_forgetful()
    desk.do(HangUp())
    house.wire.advance(60)
    assert desk.calls == []
    assert invites(house, desk) == 1


def test_call_ends_when_the_new_handshake_is_refused() -> None:
    house, desk = asked_while_forgetful()
    house.fault("kerberos-only")
    house.wire.advance(10)
    assert desk.identity.state == "refused"
    house.wire.advance(20)
    assert desk.calls == []
    assert desk.ended.cause == "failed"


def test_call_ends_when_the_connection_is_lost_during_the_new_handshake() -> None:
    house, desk = asked_while_forgetful()
    house.wire.cut(desk.phone)
    house.wire.advance(20)
    assert desk.calls == []
    assert desk.registered


def test_forgetful_server_is_not_flooded() -> None:
    house, desk = forgotten()
    before = len(house.wire.said)
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.advance(60)
    assert len(house.wire.said) - before < 100
