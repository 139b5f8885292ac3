"""What a server is asked to tell, by the settings."""

from __future__ import annotations

import pytest

from snomtui.line.interests import Interests, interests_of
from snomtui.settings.registry import Settings


def lamps(number: int = 1, **values: str) -> tuple[str, ...]:
    """The phones that an identity watches."""
    return interests_of(Settings(values), number).lamps


@pytest.mark.parametrize(
    ("key", "uri"),
    [
        ("blf <sip:jan@ucc.de>", "sip:jan@ucc.de"),
        ("blf <sip:jan@ucc.de>|*8", "sip:jan@ucc.de"),
        ("BLF sip:jan@ucc.de|*8", "sip:jan@ucc.de"),
        ('blf "Jan" <sip:jan@ucc.de;user=phone>', "sip:jan@ucc.de;user=phone"),
        ("blf jan@ucc.de", "sip:jan@ucc.de"),
        ("blf <sips:jan@ucc.de>", "sips:jan@ucc.de"),
    ],
)
def test_blf_key_names_a_phone_to_watch(key: str, uri: str) -> None:
    assert lamps(fkey3=key) == (uri,)


@pytest.mark.parametrize("key", ["blf 1001", "blf <>", "dest <sip:jan@ucc.de>", "speed sip:jan@ucc.de", "line"])
def test_other_keys_name_none(key: str) -> None:
    assert lamps(fkey3=key) == ()


def test_phone_on_two_keys_is_watched_once() -> None:
    assert lamps(fkey3="blf <sip:a@b>", fkey4="blf <sip:a@b>|1") == ("sip:a@b",)


def test_key_works_with_the_identity_of_its_context() -> None:
    values = {"fkey3": "blf <sip:a@b>", "fkey_context3": "2", "fkey4": "blf <sip:c@d>"}
    assert lamps(1, **values) == ("sip:c@d",)
    assert lamps(2, **values) == ("sip:a@b",)
    assert lamps(2, **values, active_line="2") == ("sip:a@b", "sip:c@d")


def test_nothing_else_is_asked_for_unless_it_is_set() -> None:
    assert interests_of(Settings(), 1) == Interests()


def test_lists_registration_and_period_are_as_set() -> None:
    settings = Settings(
        {
            "user_presence_buddy_list_uri2": "sip:friends@pbx.test",
            "user_event_list_uri2": "sip:lamps@pbx.test",
            "user_event_list_subscription2": "on",
            "user_subscription_expiry2": "120",
            "sim_watch_registration": "on",
        }
    )
    assert interests_of(settings, 2) == Interests((), "sip:friends@pbx.test", "sip:lamps@pbx.test", True, 120)
    settings.set("user_event_list_subscription2", "off")
    assert interests_of(settings, 2).phones == ""
