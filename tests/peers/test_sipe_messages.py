"""Instant messages between pidgin-sipe, an OCS client that none of us wrote, and our phone."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.peers.sipehouse import Sipe, SipeHouse, uri
from tests.phones import HeadlessPhone, Object, until

pytestmark = pytest.mark.peer
_TAG = re.compile(r"<[^>]*>")
LONG = "Zeile " * 680 + "Ende"
ODD = "Hallo, grüße <&> äöü €"


def said(told: Object) -> str:
    """The text of a message as sipe shows it, without its HTML."""
    return unescape(_TAG.sub("", str(told["text"])))


def reads(phone: HeadlessPhone, text: str, sender: str) -> None:
    """The phone shows this text next, and no other one before it."""
    told = phone.expect("message", within=20)
    assert (told["text"], told["from"]) == (text, uri(sender))


def hears(sipe: Sipe, text: str, sender: str) -> None:
    """sipe shows this text next, and no other one before it."""
    told = sipe.expect("im", within=20)
    assert (said(told), told["from"]) == (text, uri(sender))


def nothing_lost(*people: Sipe | HeadlessPhone) -> None:
    """No text of theirs came back."""
    for each in people:
        assert each.told("conversation-error") == []
        assert [told for told in each.told("error") if told.get("what") == "message"] == []


def test_sipe_writes_to_our_phone(house: SipeHouse) -> None:
    me, you, *_ = house.team()
    heiko, phone = house.signed_in(me), house.registered(you)
    heiko.do("im", uri(you), "Hallo, grüße &lt;&amp;&gt; äöü €")
    reads(phone, ODD, me)
    heiko.do("typing", uri(you))
    for text in ("zwei", "<b>drei</b>", "vier", LONG * 3):
        heiko.do("im", uri(you), text)
    for text in ("zwei", "drei", "vier", LONG * 3):
        reads(phone, text, me)
    nothing_lost(heiko)
    assert phone.told("call") == []


def test_our_phone_writes_to_sipe(house: SipeHouse) -> None:
    me, you, *_ = house.team()
    heiko, phone = house.signed_in(me), house.registered(you)
    for text in (ODD, "zwei", "drei", LONG):
        phone.do("message", to=uri(me), text=text)
    for text in (ODD, "zwei", "drei", LONG):
        hears(heiko, text, you)
    nothing_lost(phone)
    assert phone.told("call") == []


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_sipe_and_our_phone_talk_in_one_session(house: SipeHouse, transport: str) -> None:
    me, you, *_ = house.team()
    heiko, phone = house.signed_in(me, transport=transport), house.registered(you)
    heiko.do("im", uri(you), "Kommst du?")
    reads(phone, "Kommst du?", me)
    phone.do("message", to=uri(me), text="Gleich!")
    hears(heiko, "Gleich!", you)
    heiko.do("im", uri(you), "Bis gleich")
    reads(phone, "Bis gleich", me)
    phone.do("message", to=uri(me).removeprefix("sip:"), text="Ja")
    hears(heiko, "Ja", you)
    nothing_lost(heiko, phone)
    invites = [line for line in phone.log if line.endswith("INVITE")]
    assert len(invites) == 1 and "Received INVITE" in invites[0]


def test_sipe_that_leaves_and_comes_back_is_written_to_again(house: SipeHouse) -> None:
    me, you, *_ = house.team()
    heiko, phone = house.signed_in(me), house.registered(you)
    phone.do("message", to=uri(me), text="eins")
    hears(heiko, "eins", you)
    heiko.say("quit")
    heiko.join()
    phone.do("message", to=uri(me), text="niemand da")
    phone.expect("error", what="message")
    again = house.signed_in(me)
    phone.do("message", to=uri(me), text="zwei")
    hears(again, "zwei", you)


def test_two_phones_of_ours_write_to_each_other(house: SipeHouse) -> None:
    me, you, *_ = house.team()
    jan, karla = house.registered(me), house.registered(you)
    for text in ("eins", ODD, LONG):
        jan.do("message", to=uri(you), text=text)
    for text in ("eins", ODD, LONG):
        reads(karla, text, me)
    karla.do("message", to=uri(me), text="Antwort")
    reads(jan, "Antwort", you)
    nothing_lost(jan, karla)


def test_two_users_of_sipe_and_a_phone_write_to_each_other(house: SipeHouse) -> None:
    one, two, three, _ = house.team()
    heiko, karla, phone = house.signed_in(one), house.signed_in(two), house.registered(three)
    heiko.do("im", uri(two), "von Heiko")
    hears(karla, "von Heiko", one)
    karla.do("im", uri(three), "von Karla")
    reads(phone, "von Karla", two)
    phone.do("message", to=uri(one), text="vom Telefon")
    hears(heiko, "vom Telefon", three)
    nothing_lost(heiko, karla, phone)


def test_sipe_writes_to_our_phone_in_a_call_with_do_not_disturb(house: SipeHouse) -> None:
    me, you, other, _ = house.team()
    heiko, phone, karla = house.signed_in(me), house.registered(you, dnd_mode="on"), house.registered(other)
    phone.do("dial", number=uri(other))
    karla.call("offered")
    karla.do("answer")
    phone.call("talking")
    heiko.do("im", uri(you), "ganz still")
    reads(phone, "ganz still", me)
    nothing_lost(heiko)
    phone.do("hangup")
    assert {told["remote"] for told in phone.told("call")} == {uri(other)}


def test_text_for_somebody_at_a_pc_and_a_phone_is_read_at_the_pc(house: SipeHouse) -> None:
    me, you, *_ = house.team()
    heiko, pc, phone = house.signed_in(me), house.signed_in(you), house.registered(you)
    phone.expect("own_presence")
    heiko.do("im", uri(you), "eins")
    hears(pc, "eins", me)
    heiko.do("im", uri(you), "zwei")
    hears(pc, "zwei", me)
    phone.do("message", to=uri(me), text="vom Telefon")
    hears(heiko, "vom Telefon", you)
    nothing_lost(heiko, phone)
    assert phone.told("message") == []


def test_our_phone_writes_to_somebody_at_two_pcs(house: SipeHouse) -> None:
    me, you, *_ = house.team()
    phone, pcs = house.registered(me), (house.signed_in(you), house.signed_in(you, transport="tls"))
    phone.do("message", to=uri(you), text="eins")
    phone.do("message", to=uri(you), text="zwei")
    until(lambda: "zwei" in [said(told) for pc in pcs for told in pc.told("im")], 30)
    assert sorted([said(told) for told in pc.told("im")] for pc in pcs) == [[], ["eins", "zwei"]]
    nothing_lost(phone)
