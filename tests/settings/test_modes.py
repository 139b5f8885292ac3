"""Administrator and user mode."""

from __future__ import annotations

import pytest

from snomtui.settings import modes
from snomtui.settings.registry import Settings


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("fkey0", True),
        ("fkey_label3", True),
        ("dnd_mode", True),
        ("language", True),
        ("vol_ringer", True),
        ("http_pass", False),
        ("user_name1", False),
        ("admin_mode", False),
        ("admin_mode_password", False),
        ("use_hidden_tags", False),
        ("no_such_setting", True),  # refused as unknown, by whoever looks it up
    ],
)
def test_user_changes_less_than_the_administrator(name: str, user: bool) -> None:
    assert modes.allowed(name, Settings())
    assert modes.allowed(name, Settings({"admin_mode": "off"})) is user


def test_user_has_the_pages_of_users() -> None:
    user = Settings({"admin_mode": "off"})
    assert modes.page_allowed("prefs", user) and not modes.page_allowed("advanced_sip", user)
    assert modes.page_allowed("advanced_sip", Settings())


def test_only_the_right_password_is_right() -> None:
    assert modes.right_password("0000", Settings())
    changed = Settings({"admin_mode_password": "ü\udc80"})
    assert modes.right_password("ü\udc80", changed) and not modes.right_password("0000", changed)


def test_phone_is_secured_when_no_login_has_its_factory_value() -> None:
    own = {"http_user": "me", "http_pass": "x", "admin_mode_password": "1"}
    assert modes.secured(Settings(own))
    for name in own:
        assert not modes.secured(Settings({key: value for key, value in own.items() if key != name}))


def test_guessing_gets_slower_and_a_right_password_forgives() -> None:
    guard, waits = modes.Guard(), []
    for _ in range(6):
        guard = guard.after(False, 1000.0)
        waits.append(guard.until - 1000.0)
    assert waits == [0, 0, 0, 60, 120, 240]
    assert guard.after(True, 1000.0) == modes.Guard()
