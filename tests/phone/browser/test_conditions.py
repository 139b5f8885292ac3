"""Documents whose parts depend on settings and variables."""

from __future__ import annotations

import pytest

from snomtui.phone.browser.conditions import holds
from snomtui.phone.browser.reading import read
from snomtui.phone.intents import SetSetting
from tests.phone.browser.web import Web

BASE = "http://web.example/"


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        *[
            (said, True)
            for said in ("true", "on", "Yes", "1", "!off", "a==a", "a == a", "a!=b", "10>9", "2>=2", "1<=2")
        ],
        *[(said, False) for said in ("", "false", "off", "!true", "a==b", "a!=a", "9>10", "a>b", "==x", "!1==1")],
        ("==", True),
    ],
)
def test_condition_is_true_or_false(condition: str, wanted: bool) -> None:
    assert holds(condition) is wanted


@pytest.mark.parametrize(("first", "second", "name"), [("on", "on", "A"), ("off", "on", "B"), ("off", "off", "C")])
def test_first_true_part_of_a_chain_is_taken(first: str, second: str, name: str) -> None:
    chain = (
        f'<If condition="{first}"><MenuItem name="A"/></If><Elif condition="{second}"><MenuItem name="B"/></Elif>'
        '<Else><If condition="true"><MenuItem name="C"/></If></Else><MenuItem name="D"/>'
    )
    (document,) = read(f"<SnomIPPhoneMenu>{chain}</SnomIPPhoneMenu>".encode())
    assert [item.name for item in document.items] == [name, "D"]


def test_conditions_nested_without_end_are_left_out() -> None:
    deep = "<If condition='1'>" * 5000 + "<MenuItem name='A'/>" + "</If>" * 5000
    (document,) = read(f"<SnomIPPhoneMenu>{deep}</SnomIPPhoneMenu>".encode())
    assert document.items == ()


def test_menu_says_what_a_setting_allows() -> None:
    menu = (
        '<SnomIPPhoneMenu title="Quiet"><If condition="$(set:dnd_mode)==on"><MenuItem name="Off"/></If>'
        '<Else><MenuItem name="On"/></Else></SnomIPPhoneMenu>'
    )
    web = Web({f"{BASE}m": menu})
    web.show(f"{BASE}m")
    assert (web.page.title, web.rows) == ("Quiet", ["1 On"])
    web.do(SetSetting("dnd_mode", "on"))
    web.show(f"{BASE}m")
    assert web.rows == ["1 Off"]
