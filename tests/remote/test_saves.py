"""Settings as they come in queries and forms."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import SetSetting
from snomtui.remote.saves import named, saved, saves


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("user_name1", "user_name1"),
        ("user_name[1]", "user_name1"),
        ("fkey[0]", "fkey0"),
        ("User_Name1", "user_name1"),
        ("HTTP_USER", "http_user"),
        ("no_such[3]", "no_such3"),
        ("No_Such", "No_Such"),
    ],
)
def test_setting_is_known_by_any_spelling_of_its_name(given: str, name: str) -> None:
    assert named(given) == name


def test_nothing_is_saved_without_being_told_to() -> None:
    assert not saves([("user_name1", "x")]) and saved([("user_name1", "x")]) == ()
    assert not saves([("settings", "")])


def test_what_stands_beside_settings_is_none() -> None:
    asked = [
        ("l", "1"),
        ("Settings", "Save"),
        ("store_settings", "save"),
        ("PLAY_RINGER:1", "x"),
        ("user_name1", " a+b "),
    ]
    assert saved(asked) == (SetSetting("user_name1", " a+b "),)
