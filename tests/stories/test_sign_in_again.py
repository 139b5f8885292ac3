"""A server that has forgotten the phone while it wants something."""

from __future__ import annotations

from snomtui.office.office import Office
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


def test_call_goes_out_after_a_new_handshake() -> None:
    house = House()
    desk = house.signed_in()
    forget(house.office)
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.until(lambda: desk.calls == ["talking"], 20)
    assert desk.registered


def test_call_that_was_hung_up_during_the_new_handshake_never_goes_out() -> None:
    house = House()
    desk = house.signed_in()
    forget(house.office)
    house.fault("slow")
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.advance(4)
    desk.do(HangUp())
    house.wire.advance(60)
    assert desk.calls == []
    assert not any(said.line.startswith("SIP/2.0 180") for said in house.wire.said)


def test_call_ends_when_the_new_handshake_is_refused() -> None:
    house = House()
    desk = house.signed_in()
    forget(house.office)
    house.fault("kerberos-only")
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.advance(5)
    assert desk.identity.state == "refused"
    assert desk.calls in ([], ["ended"])
    house.wire.advance(20)
    assert desk.calls == []


def forget(office: Office) -> None:
    """The server throws all its associations away, as after a restart behind a load balancer."""
    doorman = office._gate._doorman
    for name in ("_associations", "_places", "_by_place", "_by_opaque", "_held"):
        if hasattr(doorman, name):
            getattr(doorman, name).clear()
