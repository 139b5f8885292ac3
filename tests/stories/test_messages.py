"""Instant messages between people with phones, over the office."""

from __future__ import annotations

from snomtui.line.calls.chatin import GRACE
from snomtui.line.events import CallChanged, MessageCame, Trouble
from snomtui.phone.intents import Answer, Dial, HangUp, LogOff, SetSetting, Write
from tests.stories.house import Desk, House

JAN, HEIKO, ADA = "sip:Jan.Dierich@ucc.de", "sip:Heiko.Riedel@ucc.de", "sip:Ada.Answers@ucc.de"


def texts(desk: Desk) -> list[str]:
    """What a person has read."""
    return [event.text for event in desk.events(MessageCame)]


def troubles(desk: Desk) -> list[str]:
    """What was not delivered, and why."""
    return [event.why for event in desk.events(Trouble) if event.what == "message"]


def asked(desk: Desk, method: str) -> int:
    """How many requests of a method a phone has logged as sent."""
    return sum(line.endswith(f"Send Packet {method}") for line in desk.log)


def test_two_people_write_to_each_other_in_one_conversation() -> None:
    house = House()
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich")
    heiko.do(Write(JAN, "Hallo Jan, grüße <&>"), Write(JAN, "zwei"))
    jan.do(Write(HEIKO, "Antwort"))
    heiko.do(Write("Jan.Dierich", "drei"))
    house.wire.advance(1)
    assert texts(jan) == ["Hallo Jan, grüße <&>", "zwei", "drei"] and texts(heiko) == ["Antwort"]
    assert jan.events(MessageCame)[0].sender.lower() == HEIKO.lower()
    assert jan.text.endswith("Heiko Riedel: drei")
    assert (asked(heiko, "INVITE"), asked(jan, "INVITE")) == (1, 0)
    assert troubles(heiko) == troubles(jan) == []
    assert heiko.events(CallChanged) == jan.events(CallChanged) == []


def test_text_comes_in_silence_during_a_call_and_with_do_not_disturb() -> None:
    house = House()
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich")
    jan.do(Dial(ADA))
    house.wire.until(lambda: jan.calls == ["talking"])
    jan.do(SetSetting("dnd_mode", "on"))
    heiko.do(Write(JAN, "Nur lesen"))
    house.wire.advance(1)
    assert texts(jan) == ["Nur lesen"] and jan.calls == ["talking"] and troubles(heiko) == []


def test_conversation_goes_on_while_the_two_telephone() -> None:
    house = House()
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich")
    heiko.do(Write(JAN, "Ich rufe an"), Dial(JAN))
    house.wire.until(lambda: jan.calls == ["offered"])
    jan.do(Answer())
    heiko.do(Write(JAN, "Hörst du?"))
    jan.do(HangUp(every=True))
    heiko.do(Write(JAN, "Tschüss"))
    house.wire.advance(1)
    assert texts(jan) == ["Ich rufe an", "Hörst du?", "Tschüss"] and troubles(heiko) == []


def test_text_for_somebody_who_is_not_there_is_told_in_words() -> None:
    house = House()
    heiko = house.signed_in()
    heiko.do(Write(JAN, "Hallo?"))
    house.wire.advance(1)
    (why,) = troubles(heiko)
    assert why.startswith("The message was not delivered: 480")


def test_conversation_ends_with_the_sign_off_and_begins_again_after_the_next_sign_in() -> None:
    house = House()
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich")
    heiko.do(Write(JAN, "eins"))
    house.wire.advance(1)
    jan.do(LogOff(1))
    house.wire.advance(5)
    heiko.do(Write(JAN, "zu früh"))
    house.wire.advance(1)
    back = house.signed_in("Jan.Dierich", sim_mac="000413260099")
    heiko.do(Write(JAN, "zwei"))
    house.wire.advance(1)
    assert (texts(jan), texts(back)) == (["eins"], ["zwei"]) and len(troubles(heiko)) == 1


def test_text_after_a_cut_connection_finds_its_way() -> None:
    house = House()
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich")
    heiko.do(Write(JAN, "eins"))
    house.wire.cut(jan.phone)
    house.wire.until(lambda: jan.states[-1] != "registered")
    house.wire.until(lambda: jan.registered, 400)
    heiko.do(Write(JAN, "zwei"))
    jan.do(Write(HEIKO, "drei"))
    house.wire.advance(40)
    assert texts(heiko) == ["drei"]
    assert texts(jan) == ["eins", "zwei"]


def two_devices(house: House) -> tuple[Desk, Desk]:
    """Jan at two phones."""
    devices = house.signed_in("Jan.Dierich"), house.signed_in("Jan.Dierich", sim_mac="000413770001")
    house.wire.advance(5)
    return devices


def test_conversation_with_a_person_at_two_devices_is_taken_late_and_by_one_of_them() -> None:
    house = House()
    heiko, (jan, other) = house.signed_in(), two_devices(house)
    heiko.do(Write(JAN, "eins"), Write(JAN, "zwei"))
    house.wire.advance(GRACE - 1)
    assert texts(jan) == texts(other) == []
    house.wire.advance(2)
    first, second = sorted((texts(jan), texts(other)), key=len, reverse=True)
    assert first == ["eins", "zwei"] and set(second) <= {"eins"}
    assert troubles(heiko) == []


def test_device_at_which_somebody_writes_takes_the_conversation_from_the_others() -> None:
    house = House()
    heiko, (jan, other) = house.signed_in(), two_devices(house)
    heiko.do(Write(JAN, "eins"))
    house.wire.advance(3)
    other.do(Write(HEIKO, "Hier bin ich"))
    house.wire.advance(GRACE)
    assert (texts(jan), texts(other), texts(heiko)) == ([], ["eins"], ["Hier bin ich"])
    assert asked(other, "INVITE") == 0


def test_device_that_signs_off_leaves_the_conversation_to_the_other() -> None:
    house = House()
    heiko, (jan, other) = house.signed_in(), two_devices(house)
    heiko.do(Write(JAN, "eins"))
    house.wire.advance(3)
    other.do(LogOff(1))
    house.wire.advance(GRACE)
    assert (texts(jan), texts(other), troubles(heiko)) == (["eins"], [], [])


def test_device_whose_connection_is_cut_leaves_the_conversation_to_the_other() -> None:
    house = House()
    heiko, (jan, other) = house.signed_in(), two_devices(house)
    heiko.do(Write(JAN, "eins"))
    house.wire.advance(3)
    house.wire.cut(other.phone)
    house.wire.advance(GRACE)
    assert (texts(jan), texts(other), troubles(heiko)) == (["eins"], [], [])


def test_conversation_is_taken_at_once_when_the_other_device_has_gone() -> None:
    house = House()
    heiko, (jan, other) = house.signed_in(), two_devices(house)
    other.do(LogOff(1))
    house.wire.advance(5)
    heiko.do(Write(JAN, "eins"))
    house.wire.advance(1)
    assert texts(jan) == ["eins"]
