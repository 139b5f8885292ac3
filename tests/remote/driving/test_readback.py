"""What the client makes of answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.remote.driving.readback import events, in_words, is_snapshot, lines_of, text_of
from snomtui.remote.intentjson import Object
from snomtui.remote.jsonform import snapshot_object
from snomtui.remote.sse import Feed
from tests.remote.standin import JAN, snapshot


@given(st.lists(st.text()))
def test_client_reads_what_the_event_stream_writes(texts: list[str]) -> None:
    feed = Feed("run", lambda: 0.0)
    for text in texts:
        feed.add({"event": "message", "text": text})
    wire = feed.since(0)[0].decode()
    assert list(events(lines_of(iter(wire)), "")) == [
        (f"run-{number}", {"event": "message", "text": text}) for number, text in enumerate(texts, 1)
    ]


def test_client_passes_over_comments_and_what_is_no_event() -> None:
    lines = [": hello", "retry: 1000", "", "data: banana", "", "id: 7", "data: {", 'data: "a": 1}', ""]
    assert list(events(iter(lines), "")) == [("7", {"a": 1})]


@pytest.mark.parametrize(
    "found",
    [
        {"calls": [7]},
        {"calls": 7},
        {"calls": [{"id": "1"}]},
        {"identities": "no"},
        {"own_presence": []},
        {"display": 1},
    ],
)
def test_what_only_looks_like_a_snapshot_is_none(found: Object) -> None:
    assert not is_snapshot(found)
    assert is_snapshot(snapshot_object(snapshot(), (JAN,), "8.2"))


def test_page_of_a_phone_moves_no_cursor() -> None:
    assert text_of("<p>a\x1b[2J</p>b") == "a?[2J\nb"


def test_snapshot_is_told_in_words() -> None:
    words = in_words(snapshot_object(snapshot(), (JAN,), "8.2"))
    assert words.splitlines() == [
        "snom370 8.2",
        "identity 1: heiko@ucc.test registered",
        "identity 2: 49301@voip.test off",
        "presence: AVAILABLE",
        "status: NR",
    ]


def test_page_is_told_line_by_line_without_scripts() -> None:
    page = "<html><head><title>x</title></head><script>y()</script><tr><td>Mac:</td><td>00&amp;</td></tr><br>b"
    assert text_of(page) == "Mac: 00&\nb"
