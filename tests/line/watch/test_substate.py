"""What a notifier says of a subscription."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.line.watch.substate import SubscriptionState
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request


def read(text: str | None) -> SubscriptionState:
    """The state in a NOTIFY with this header; None = without it."""
    items = [] if text is None else [("Subscription-State", text)]
    return SubscriptionState.of(Request("NOTIFY", "sip:a@b", Headers.of(*items)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("active;expires=3600", SubscriptionState("active", expires=3600)),
        ("Pending ; Expires = 7", SubscriptionState("pending", expires=7)),
        ("terminated;reason=Probation;retry-after=60", SubscriptionState("terminated", "probation", None, 60)),
        ('terminated;reason="giveup"', SubscriptionState("terminated", "giveup")),
        ("active;expires=soon;x", SubscriptionState("active")),
        ("future", SubscriptionState("future")),
        ("", SubscriptionState(said=False)),
        (None, SubscriptionState(said=False)),
    ],
)
def test_phone_reads_the_state(text: str | None, expected: SubscriptionState) -> None:
    assert read(text) == expected
    assert expected.terminated == (expected.word == "terminated")


@given(st.text(st.characters(exclude_characters="\r\n\0"), max_size=60))
def test_any_text_is_some_state(text: str) -> None:
    assert isinstance(read(text).terminated, bool)
    assert isinstance(read(f"active;{text}").terminated, bool)
