"""Names of keys and what they mean."""

from __future__ import annotations

import pytest

from snomtui.phone.history import History, Record
from snomtui.phone.intents import Dial, Go, HangUp, Press, Show
from snomtui.phone.keys import Unknown, canonical, function_key, line_keys, meaning, people_on_keys
from snomtui.phone.model import Model
from snomtui.settings.registry import Settings
from snomtui.skin import Shape


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("P1", "P1"),
        ("p12", "P12"),
        ("enter", "ENTER"),
        ("OK", "ENTER"),
        ("F_HOLD", "F_HOLD"),
        ("hold", "F_HOLD"),
        ("STAR", "*"),
        ("#", "#"),
        ("5", "5"),
        ("f_regs", "F_REGS"),
        ("TEXT:ä", "TEXT:ä"),
        (" CANCEL ", "CANCEL"),
        ("P54", "P54"),
        ("EK0", "P13"),
        ("ek41", "P54"),
    ],
)
def test_key_has_one_name(name: str, key: str) -> None:
    assert canonical(name) == key


@pytest.mark.parametrize(
    "name", ["P0", "P55", "EK42", "EK", "P", "", "NOSUCH", "TEXT:", "TEXT:ab", "10", "text:a", "²"]
)
def test_key_that_no_snom_has_is_unknown(name: str) -> None:
    assert canonical(name) == Unknown(name)


def model(**settings: str) -> Model:
    """A phone's memory with these settings."""
    return Model(Settings(settings))


@pytest.mark.parametrize(
    ("setting", "wish"),
    [
        ("dest <sip:jan@ucc.de>", Dial("sip:jan@ucc.de")),
        ("blf <sip:jan@ucc.de>|*8", Dial("sip:jan@ucc.de")),
        ("blf sip:jan@ucc.de|*8", Dial("sip:jan@ucc.de")),
        ("speed 123", Dial("123")),
        ("keyevent F_DND", Press("DND")),
        ("keyevent NOSUCH", None),
        ("keyevent P2", None),
        ("keyevent P3", None),
        ("none", None),
        ("", None),
        ("xml http://x", Show("http://x")),
        ("url http://x?mac=$mac", Show("http://x?mac=$mac", quiet=True)),
    ],
)
def test_programmable_key_does_as_its_setting_says(setting: str, wish: object) -> None:
    assert meaning(model(fkey1=setting), "P2") == wish


def test_keys_open_pages() -> None:
    assert meaning(model(), "DIRECTORY") == Go("contacts")
    assert meaning(model(), "F_CALL_LIST") == Go("call_lists")


def test_redial_dials_the_last_number() -> None:
    one = model()
    assert meaning(one, "REDIAL") == Go("calls:dialed")
    one.history = History((Record("dialed", "", "123", 1.0),))
    assert meaning(one, "REDIAL") == Dial("123")


def test_retrieve_dials_the_mailbox() -> None:
    assert meaning(model(user_mailbox1="*97"), "RETRIEVE") == Dial("*97")
    assert meaning(model(), "RETRIEVE") is None


def test_disconnect_hangs_up() -> None:
    assert meaning(model(), "DISCONNECT") == HangUp()


def test_line_keys_are_those_of_kind_line() -> None:
    settings = Settings({"fkey1": "dest <sip:a@b>", "fkey11": "none"})
    names = Shape("snom370", 8, 38, 4, 12).key_names
    assert line_keys(settings, names) == ["P1", *(f"P{n}" for n in range(3, 12))]
    assert line_keys(settings, Shape("small", 2, 24, 4, 2).key_names) == ["P1"]
    assert function_key(settings, 2).uri == "sip:a@b"


def test_people_on_keys_are_watched_whose_identity_it_is() -> None:
    settings = Settings(
        {
            "fkey1": "dest <sip:Jan@ucc.de;transport=tls>",
            "fkey2": "blf <sip:eva@ucc.de>|*8",
            "fkey3": "dest <sip:jan@ucc.de>",
            "fkey4": "dest <sip:030123@ucc.de;user=phone>",
            "fkey5": "dest +4930123",
            "fkey6": "dest <sip:uwe@pbx>",
            "fkey_context6": "2",
            "fkey7": "speed sip:ina@ucc.de",
            "fkey53": "dest ada@ucc.de",
        }
    )
    assert people_on_keys(settings, 1, ocs=True) == ("sip:Jan@ucc.de", "sip:eva@ucc.de", "sip:ada@ucc.de")
    assert people_on_keys(settings, 1, ocs=False) == ("sip:Jan@ucc.de", "sip:ada@ucc.de")
    assert people_on_keys(settings, 2, ocs=True) == ("sip:uwe@pbx",)
