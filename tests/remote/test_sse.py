"""The ring of events behind the event stream."""

from __future__ import annotations

from snomtui.remote.sse import KEPT, MOST_AT_ONCE, Feed


def feed() -> Feed:
    return Feed("run", lambda: 5.0)


def ids(data: bytes) -> list[str]:
    return [line[4:] for line in data.decode().split("\n") if line.startswith("id: ")]


def test_listener_gets_what_comes_after_its_place() -> None:
    ring = feed()
    for number in range(3):
        ring.add({"event": "error", "n": number})
    data, place = ring.since(1)
    assert data == b'id: run-2\ndata: {"event":"error","n":1}\n\nid: run-3\ndata: {"event":"error","n":2}\n\n'
    assert place == 3 and ring.since(place) == (b"", 3)


def test_place_is_known_from_the_last_event_id() -> None:
    ring = feed()
    for _ in range(3):
        ring.add({"event": "error"})
    assert ring.place_of(None) == 3
    assert ring.place_of("run-2") == 2
    assert ring.place_of("run-99") == 3
    assert ring.place_of("older-2") == 0
    assert ring.place_of("run-²") == 0
    assert ring.place_of("banana") == 0


def test_slow_listener_is_told_how_much_it_lost() -> None:
    ring = feed()
    for number in range(KEPT + 10):
        ring.add({"event": "error", "n": number})
    data, place = ring.since(4)
    assert data.startswith(
        b'data: {"at":5.0,"event":"error","what":"events","why":"6 events are no longer kept"}\n\nid: run-11\n'
    )
    got = ids(data)
    while place < ring.last:
        data, place = ring.since(place)
        assert len(data) < MOST_AT_ONCE * 1.1
        got += ids(data)
    assert len(got) == KEPT and place == KEPT + 10


def test_listener_gets_only_what_it_asked_for_and_goes_on_after_what_it_did_not() -> None:
    ring = feed()
    for name in ("call", "led", "led", "presence", "led"):
        ring.add({"event": name})
    data, place = ring.since(0, frozenset({"call", "presence"}))
    assert ids(data) == ["run-1", "run-4"] and place == 5
    assert ring.since(place, frozenset({"call"})) == (b"", 5)


def test_text_with_line_ends_stays_one_event() -> None:
    ring = feed()
    ring.add({"event": "message", "text": "a\n\ndata: b\r"})
    assert ring.since(0)[0].count(b"\n\n") == 1
