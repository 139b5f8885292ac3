"""The table of command.htm, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import LocalError
from snomtui.phone.intents import (
    ClearList,
    Dial,
    Dtmf,
    HangUp,
    Intent,
    LogOff,
    Press,
    Reboot,
    Register,
    SetSetting,
)
from snomtui.remote import commands, query
from tests.remote.standin import snapshot
from tests.remote.test_keys import PRESSES

IDENTITIES = snapshot().identities


def read(raw: str) -> commands.Command:
    return commands.read(query.pairs(raw.encode()), IDENTITIES)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("number=%2B49301234", [Dial("+49301234")]),
        ("number=+49301234", [Dial("+49301234")]),
        ("number=%2049301234", [Dial("+49301234")]),
        ("number=030 12 34", [Dial("030 12 34")]),
        ("number=%2A21%23", [Dial("*21#")]),
        ("NUMBER=110", [Dial("110")]),
        ("number=sip:jan@ucc.test", [Dial("sip:jan@ucc.test")]),
        ("number=1&number=1", [Dial("1")]),
        ("number=1&outgoing_uri=49301@voip.test", [Dial("1", 2)]),
        ("outgoing_uri=sip%3A49301%40VOIP.test&number=1", [Dial("1", 2)]),
        ("number=1&outgoing_uri=heiko", [Dial("1", 1)]),
        ("number=1&outgoing_uri=<sip:heiko@ucc.test;x=y>", [Dial("1", 1)]),
        ("number=1&outgoing_uri=nobody@ucc.test", [Dial("1")]),
        ("number=1&outgoing_uri=", [Dial("1")]),
        ("key=ENTER", [Press("ENTER")]),
        ("key=OFFHOOK&key=1", [Press("OFFHOOK"), Press("1")]),
        ("key=%23;P1,2000,50", [Press("#"), Press("P1", 2000, 50)]),
        ("key_dtmf=12%23", [Dtmf("12#")]),
        ("key_dtmf=1;2;a", [Dtmf("12A")]),
        ("RELEASE_ALL_CALLS", [HangUp(every=True)]),
        ("RELEASE_ALL_CALLS=", [HangUp(every=True)]),
        ("LOGOFFALL", [LogOff(None)]),
        ("LOGOFFLINE=3", [LogOff(3)]),
        ("REREGISTER=12", [Register(12)]),
        ("number=1&outgoing_uri=%22Heiko%22%20%3Csip:heiko@ucc.test:5060%3E", [Dial("1", 1)]),
        ("number=1&outgoing_uri=49301@192.0.2.1", [Dial("1", 2)]),
        ("number=1&outgoing_uri=Desk", [Dial("1", 2)]),
        ("number=1&banana=2&_=1700000000", [Dial("1")]),
        ("key=CANCEL=", [Press("CANCEL")]),
        ("number=%252B49301234", [Dial("+49301234")]),
        ("number=%22Jan%22%20%3Csip%3Ajan%40ucc.test%3E", [Dial("sip:jan@ucc.test")]),
        ("amp;number=1&amp;outgoing_uri=heiko", [Dial("1", 1)]),
        ("", []),
    ],
)
def test_phone_understands_each_command(raw: str, wanted: list[Intent]) -> None:
    assert list(read(raw).intents) == wanted


@pytest.mark.parametrize(
    "raw",
    [
        "number=",
        "number=%20",
        "number=1%0A2",
        "number=" + "1" * 300,
        "key=BANANA",
        "key=1;BANANA",
        "key=",
        "key_dtmf=",
        "key_dtmf=x",
        "LOGOFFLINE=13",
        "LOGOFFLINE=",
        "REREGISTER=0",
        "REREGISTER=²",
        "touch=1",
        "touch=480 1",
        "banana=2",
    ],
)
def test_phone_refuses_a_command_whole(raw: str) -> None:
    with pytest.raises(LocalError):
        read(raw)


@pytest.mark.parametrize("raw", ["key_dtmf=1", "RELEASE_ALL_CALLS", "LOGOFFALL", "REREGISTER=1", "touch=1 1"])
def test_firmware_of_2009_does_not_know_what_came_later(raw: str) -> None:
    asked = query.pairs(raw.encode())
    commands.read(asked, IDENTITIES)
    with pytest.raises(commands.BadCommand, match="unknown command"):
        commands.read(asked, IDENTITIES, additions=False)


def test_only_a_dial_leads_to_the_home_page() -> None:
    assert read("number=1").dials
    assert not read("key=1").dials


@given(st.binary())
def test_phone_raises_only_its_own_errors_for_garbage(raw: bytes) -> None:
    try:
        commands.read(query.pairs(raw), IDENTITIES)
    except LocalError as error:
        assert str(error)


NUMBERS = st.from_regex(r"(\+[1-9]|[0-9*#])[0-9*# ]{0,20}[0-9]|sip:[a-z+]{1,9}@[a-z]{1,9}\.test", fullmatch=True)
ASKED: st.SearchStrategy[tuple[Intent, ...]] = st.one_of(
    st.lists(PRESSES, min_size=1).map(tuple),
    NUMBERS.map(lambda n: (Dial(n),)),
    st.from_regex(r"[0-9*#A-D]{1,20}", fullmatch=True).map(lambda d: (Dtmf(d),)),
    st.integers(1, 12).map(lambda n: (Register(n),)),
    st.one_of(st.none(), st.integers(1, 12)).map(lambda n: (LogOff(n),)),
    st.just((HangUp(every=True),)),
)


@given(ASKED)
def test_server_reads_what_the_client_wrote(wanted: tuple[Intent, ...]) -> None:
    target = commands.target(wanted)
    assert target.startswith("/command.htm?") and target.isascii() and " " not in target
    assert read(target.partition("?")[2]).intents == wanted


def test_client_names_the_outgoing_identity() -> None:
    target = commands.target([Dial("+1")], "49301@voip.test")
    assert read(target.partition("?")[2]).intents == (Dial("+1", 2),)


def test_client_cannot_ask_a_snom_for_everything() -> None:
    with pytest.raises(commands.BadCommand):
        commands.target([Reboot()])
    with pytest.raises(commands.BadCommand):
        commands.target([Dial("1"), Dial("2")])


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("NUMBER=%2B49&DIAL=Waehlen", [Dial("+49")]),
        ("number=49", [Dial("49")]),
        ("NUMBER=5&active_line=2&DIAL=", [Dial("5")]),
        ("misseddel=0", [ClearList("missed")]),
        ("dialeddel=clear&receiveddel=clear", [ClearList("dialed"), ClearList("received")]),
        ("NUMBER=", []),
        ("", []),
        ("banana=1", []),
    ],
)
def test_home_page_dials_and_clears(raw: str, wanted: list[Intent]) -> None:
    assert list(commands.read_home(query.pairs(raw.encode()), IDENTITIES).intents) == wanted


def test_home_page_says_that_a_number_is_missing() -> None:
    with pytest.raises(commands.BadCommand):
        commands.read_home(query.pairs(b"NUMBER=&DIAL=Dial"), IDENTITIES)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("settings=save&user_realname1=Heiko+Riedel", [SetSetting("user_realname1", "Heiko Riedel")]),
        (
            "settings=save&http_user=&http_pass=a%2Bb&store_settings=save",
            [SetSetting("http_user", ""), SetSetting("http_pass", "a+b")],
        ),
        ("http_user=x", []),
        (
            "user_name[1]=a&User_Name2=b&Settings=Sichern&l=1",
            [SetSetting("user_name1", "a"), SetSetting("user_name2", "b")],
        ),
        ("settings=save&fkey%5B0%5D=speed+*97", [SetSetting("fkey0", "speed *97")]),
        (
            "settings=save&action_incoming_url=http://h/a?x%3D$remote%26y=%2525&banana=1",
            [SetSetting("action_incoming_url", "http://h/a?x=$remote&y=%25"), SetSetting("banana", "1")],
        ),
        (
            "settings=save&admin_mode_password=12&admin_mode_password_confirm=12",
            [SetSetting("admin_mode_password", "12"), SetSetting("admin_mode_password_confirm", "12")],
        ),
        (
            "settings=save&admin_mode_password=12&admin_mode_password_confirm=13",
            [SetSetting("admin_mode_password_confirm", "13")],
        ),
        ("settings=save&fkey0=line&fkey0=none", [SetSetting("fkey0", "none")]),
    ],
)
def test_dummy_page_saves_settings(raw: str, wanted: list[Intent]) -> None:
    assert list(commands.read_settings(query.pairs(raw.encode(), form=True)).intents) == wanted
