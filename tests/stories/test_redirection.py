"""Redirection through the front end: who calls somebody that has redirected the phone gets the other one."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, Redirect
from tests.stories.house import Desk, House


def redirected(when: str, to: str, **settings: str) -> tuple[House, Desk, Desk]:
    """Heiko, who calls, and Jan, who has redirected the phone."""
    house = House()
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich", **settings)
    jan.do(Redirect(when, on=True, to=to))
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    return house, heiko, jan


@pytest.mark.parametrize("to", ["+49301234502", "sip:Ada.Answers@ucc.de"])
def test_colleague_to_whom_all_calls_go_answers(to: str) -> None:
    house, heiko, jan = redirected("all", to)
    house.wire.until(lambda: heiko.calls == ["talking"])
    assert "Ada Answers" in heiko.text
    assert jan.calls == []
    assert [(r.which, r.name) for r in jan.phone.model.history.list("received")] == [("received", "Heiko Riedel")]
    assert jan.phone.model.missed == 0


def test_colleague_gets_the_calls_that_find_the_phone_busy() -> None:
    house, heiko, jan = redirected("busy", "sip:Ada.Answers@ucc.de", dnd_mode="on")
    house.wire.until(lambda: heiko.calls == ["talking"])
    assert "Ada Answers" in heiko.text
    assert jan.calls == []


def test_colleague_gets_the_calls_that_nobody_answers_in_time() -> None:
    house, heiko, jan = redirected("time", "sip:Ada.Answers@ucc.de", redirect_time="7")
    house.wire.advance(6)
    assert (heiko.calls, jan.calls) == (["ringing"], ["offered"])
    house.wire.until(lambda: heiko.calls == ["talking"], 10)
    assert "Ada Answers" in heiko.text
    house.wire.advance(1)
    assert jan.calls == [] and jan.phone.model.missed == 0


def test_two_phones_that_redirect_to_each_other_end_the_call() -> None:
    house = House()
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich")
    jan.do(Redirect("all", on=True, to="sip:Heiko.Riedel@ucc.de"))
    heiko.do(Redirect("all", on=True, to="sip:Jan.Dierich@ucc.de"))
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    house.wire.advance(20)
    assert heiko.calls == [] and jan.calls == []
    assert heiko.ended.state == "ended"
