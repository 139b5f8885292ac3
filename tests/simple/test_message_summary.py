"""Waiting messages."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedMessage
from snomtui.simple.message_summary import MessageSummary


def test_phone_reads_how_much_voice_mail_is_there() -> None:
    data = b"Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.test\r\nVoice-Message: 2/8 (0/2)\r\n"
    assert MessageSummary.parse(data) == MessageSummary(True, "sip:alice@vmail.test", 2, 8, 0, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Messages-Waiting: no", MessageSummary(False)),
        ("messages-waiting:YES\nvoice-message: 1 / 0", MessageSummary(True, new=1)),
        ("Voice-Message: 3/0", MessageSummary(True, new=3)),
        ("Voice-Message: 0/4", MessageSummary(False, old=4)),
        ("Messages-Waiting: yes\r\nVoice-Message: many", MessageSummary(True)),
        ("Messages-Waiting: yes\r\nFax-Message: 1/1\r\n\r\nTo: x", MessageSummary(True)),
    ],
)
def test_phone_reads_many_spellings(text: str, expected: MessageSummary) -> None:
    assert MessageSummary.parse(text.encode()) == expected


@pytest.mark.parametrize("data", [b"", b"hello", b"Fax-Message: 1/1"])
def test_phone_refuses_a_summary_that_says_nothing(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        MessageSummary.parse(data)


@given(st.binary(max_size=200))
def test_phone_raises_only_malformed_message_for_any_bytes(data: bytes) -> None:
    for each in (data, b"Voice-Message: " + data):
        with contextlib.suppress(MalformedMessage):
            MessageSummary.parse(each)
