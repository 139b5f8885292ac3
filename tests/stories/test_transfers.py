"""Three phones through the front end: blind and attended transfers, and what all of them show."""

from __future__ import annotations

from snomtui.line.events import CallChanged, Trouble
from snomtui.phone.intents import Answer, Dial, HangUp, Hold, Transfer
from snomtui.phone.snapshot import CallState
from tests.stories.house import STAFF, Desk, House
from tests.stories.test_calls import no_port_leaks

ANNA = """
[[person]]
uri = "sip:Anna.Lindner@ucc.de"
password = "Herbst2009!"
name = "Anna Lindner"
numbers = ["+49301234507"]
contacts = ["sip:Jan.Dierich@ucc.de"]
"""


def three() -> tuple[House, Desk, Desk, Desk]:
    """Heiko, Jan and Anna; Heiko has called Jan."""
    house = House(staff=STAFF + ANNA)
    heiko, jan, anna = (house.signed_in(user) for user in ("Heiko.Riedel", "Jan.Dierich", "Anna.Lindner"))
    call(house, heiko, jan, "sip:Jan.Dierich@ucc.de")
    return house, heiko, jan, anna


def call(house: House, caller: Desk, callee: Desk, uri: str) -> None:
    """One calls, the other answers."""
    caller.do(Dial(uri))
    house.wire.until(lambda: "offered" in callee.calls)
    callee.do(Answer())
    house.wire.until(lambda: "talking" in caller.calls and "talking" in callee.calls)


def shown(desk: Desk) -> list[CallState]:
    """The calls on a display."""
    return list(desk.phone.snapshot().calls)


def hung_up(house: House, *desks: Desk) -> None:
    """Everybody hangs up, and nothing is left."""
    desks[0].do(HangUp(every=True))
    house.wire.advance(12)
    for desk in desks:
        assert desk.calls == []
        assert not [key for key in desk.phone.snapshot().leds if key.startswith("P")]
        no_port_leaks(desk)


def test_caller_sends_the_other_side_to_a_third_one() -> None:
    house, heiko, jan, anna = three()
    heiko.do(Transfer("sip:Anna.Lindner@ucc.de"))
    house.wire.until(lambda: anna.calls == ["offered"])
    assert (heiko.calls, jan.calls) == (["talking"], ["talking", "ringing"])
    assert set(jan.phone.snapshot().leds) >= {"P1", "P2"}
    anna.do(Answer())
    house.wire.until(lambda: heiko.calls == [])
    house.wire.advance(4)
    assert (jan.calls, anna.calls) == (["talking"], ["talking"])
    assert "Anna Lindner" in jan.text and "Jan Dierich" in anna.text
    hung_up(house, jan, anna, heiko)


def test_callee_sends_the_caller_to_a_third_one() -> None:
    house, heiko, jan, anna = three()
    jan.do(Hold(), Transfer("sip:Anna.Lindner@ucc.de"))
    house.wire.until(lambda: anna.calls == ["offered"])
    anna.do(Answer())
    house.wire.until(lambda: jan.calls == [])
    house.wire.advance(4)
    assert (heiko.calls, anna.calls) == (["talking"], ["talking"])
    hung_up(house, heiko, anna, jan)


def test_transfer_to_somebody_busy_leaves_the_call_as_it_was() -> None:
    house, heiko, jan, _ = three()
    heiko.do(Transfer("sip:Bo.Busy@ucc.de"))
    house.wire.advance(2)
    assert heiko.calls == ["talking"]
    assert [trouble.what for trouble in heiko.events(Trouble)] == ["transfer"]
    assert "486" in heiko.text
    house.wire.advance(10)
    assert jan.calls == ["talking"]
    hung_up(house, heiko, jan)


def test_transferor_who_hangs_up_early_is_not_missed() -> None:
    house, heiko, jan, anna = three()
    heiko.do(Transfer("sip:Anna.Lindner@ucc.de"))
    house.wire.until(lambda: anna.calls == ["offered"])
    heiko.do(HangUp())
    house.wire.advance(4)
    assert (heiko.calls, jan.calls, anna.calls) == ([], ["ringing"], ["offered"])
    anna.do(Answer())
    house.wire.advance(1)
    assert (jan.calls, anna.calls) == (["talking"], ["talking"])
    hung_up(house, anna, jan, heiko)


def asked_first() -> tuple[House, Desk, Desk, Desk]:
    """Heiko has called Jan, put him on hold and asked Anna."""
    house, heiko, jan, anna = three()
    call(house, heiko, anna, "sip:Anna.Lindner@ucc.de")
    assert (heiko.calls, jan.calls, anna.calls) == (["holding", "talking"], ["held"], ["talking"])
    return house, heiko, jan, anna


def connected(house: House, heiko: Desk, jan: Desk, anna: Desk) -> None:
    """Jan and Anna talk to each other, and Heiko is out of it."""
    house.wire.until(lambda: heiko.calls == [], 10)
    house.wire.advance(10)
    assert (heiko.calls, jan.calls, anna.calls) == ([], ["talking"], ["talking"])
    assert [call.remote_name for call in (*shown(jan), *shown(anna))] == ["Anna Lindner", "Jan Dierich"]
    assert heiko.events(Trouble) == []
    hung_up(house, jan, anna, heiko)


def test_held_call_is_connected_with_the_other_one_by_keys() -> None:
    house, heiko, jan, anna = asked_first()
    heiko.press("TRANSFER")
    assert "Jan Dierich" in heiko.text
    heiko.press("ENTER")
    connected(house, heiko, jan, anna)


def test_other_call_is_named_by_its_id() -> None:
    house, heiko, jan, anna = asked_first()
    held, talking = shown(heiko)
    heiko.do(Transfer(talking.id, held.id))
    connected(house, heiko, jan, anna)


def test_one_who_takes_the_place_of_another_does_not_ring() -> None:
    house, heiko, _, anna = asked_first()
    heiko.press("TRANSFER", "ENTER")
    house.wire.advance(5)
    assert [event.state for event in anna.events(CallChanged) if event.id == "1-2"] == ["offered", "talking"]
    assert [record.which for record in anna.phone._model.history.list("missed")] == []


def test_call_is_sent_on_while_the_third_phone_still_rings() -> None:
    house, heiko, jan, anna = three()
    heiko.do(Dial("sip:Anna.Lindner@ucc.de"))
    house.wire.until(lambda: anna.calls == ["offered"])
    heiko.press("TRANSFER", "ENTER")
    house.wire.advance(1)
    assert anna.calls[-1] == "offered"
    anna.do(Answer())
    connected(house, heiko, jan, anna)


def test_two_who_send_each_other_elsewhere_at_the_same_moment_go_on_talking() -> None:
    house, heiko, jan, anna = three()
    for desk in (heiko, jan):
        assert desk.phone.do(Transfer("sip:Anna.Lindner@ucc.de"), house.now) is None
    house.wire.advance(5)
    assert (heiko.calls, jan.calls, anna.calls) == (["talking"], ["talking"], [])
    assert all("491" in desk.events(Trouble)[-1].why for desk in (heiko, jan))
    hung_up(house, heiko, jan)
