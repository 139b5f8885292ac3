"""Somebody presses anything at any time, and the network does as it likes: the phones always end in order."""

from __future__ import annotations

from random import Random

import pytest

from snomtui.kit.box import Play
from snomtui.phone.intents import (
    Answer,
    Dial,
    Dtmf,
    HangUp,
    Hold,
    Intent,
    LogOff,
    Press,
    Reboot,
    Register,
    Resume,
    SetPresence,
    SetSetting,
    Transfer,
)
from snomtui.presence import CHOICES
from tests.stories.house import CALLER, STAFF, Desk, House

KEYS = [
    *"0123456789*#",
    *(f"P{n}" for n in range(1, 13)),
    *("CANCEL", "ENTER", "OFFHOOK", "ONHOOK", "LEFT", "RIGHT", "UP", "DOWN", "F1", "F2", "F3", "F4"),
    *("SPEAKER", "HEADSET", "TRANSFER", "REDIAL", "DND", "MENU", "F_HOLD", "VOLUME_UP", "MUTE", "HELP", "SNOM"),
    *("DIRECTORY", "BACKSPACE", "DISCONNECT", "F_PRESENCE", "F_REGS", "TEXT:a", "TEXT:@"),
]
NUMBERS = ["sip:Jan.Dierich@ucc.de", "sip:Heiko.Riedel@ucc.de", "sip:Ada.Answers@ucc.de", "sip:Bo.Busy@ucc.de"]
NUMBERS += ["sip:Ria.Rings@ucc.de", "sip:Rex.Rejects@ucc.de", "+49301234501", "nobody", "", "\x01"]
FAULTS = ["", "", "", "slow", "503", "forgetful", "lost-answer", "drop", "wrong-signature"]


def wish(luck: Random) -> Intent:
    """Anything that a person may want."""
    number = luck.choice(NUMBERS)
    wishes: list[Intent] = [Dial(number), HangUp(), HangUp(every=True), Answer(), Hold(), Resume(), Transfer(number)]
    wishes += [Dtmf("1"), LogOff(), Register(1), SetPresence(luck.choice(CHOICES)), Reboot()]
    wishes += [SetSetting("user_realname1", number), SetSetting("call_waiting", luck.choice(["on", "off"]))]
    often: list[Intent] = [Dial(number), Answer(), HangUp()] * 3
    often += [Press(luck.choice(KEYS), pause=luck.choice([0, 0, 0, 300])) for _ in range(20)]
    return luck.choice([*wishes, *often])


def play(house: House, desks: list[Desk], luck: Random, steps: int) -> None:
    """So many things happen."""
    for _ in range(steps):
        desk = luck.choice(desks)
        match luck.randrange(14):
            case 0:
                house.wire.cut(desk.phone)
            case 1:
                house.office.faults = house.office.faults.parse(*filter(None, [luck.choice(FAULTS)]))
            case 2 | 3 | 4:
                house.wire.advance(luck.choice([0.1, 1.0, 5.0, 40.0]))
            case _:
                desk.phone.do(wish(luck), house.now)
                house.settle()
        page = desk.phone.snapshot().page
        assert page.cursor is None or page.cursor < len(page.rows)
        assert len(page.rows) <= 8


@pytest.mark.parametrize("seed", range(12))
def test_phones_survive_a_monkey(seed: int) -> None:
    luck = Random(seed)
    house = House(staff=STAFF + (CALLER if seed % 3 == 0 else ""))
    desks = [house.signed_in(), house.signed_in("Jan.Dierich")]
    play(house, desks, luck, 250)
    house.office.faults = house.office.faults.parse()
    for desk in desks:
        desk.phone.do(HangUp(every=True), house.now)
        house.settle()
        desk.phone.do(SetSetting("user_active1", "on"), house.now)
        desk.phone.do(SetSetting("dnd_mode", "on"), house.now)  # no colleague may begin a new call now
    house.wire.advance(400)
    for desk in desks:
        desk.phone.do(HangUp(every=True), house.now)
        house.settle()
        desk.phone.do(Register(1), house.now)
    house.wire.advance(400)
    for desk in desks:
        assert desk.registered, desk.identity
        assert desk.calls == [], seed
        plays = [each for each in house.wire.of_kind(desk.phone, Play) if isinstance(each, Play)]
        ended = [each.port for each in plays if each.plan is None]
        assert {each.port for each in plays} == set(ended)
        assert len(ended) == len(set(ended))
