"""Events that are waited for: which fits, that each counts once, and what is said when none comes."""

from __future__ import annotations

import threading

import pytest

from snomtui.qa.events import Happenings, NotSeen, fits


@pytest.mark.parametrize(
    ("wanted", "good"),
    [
        ({"state": "talking"}, True),
        ({"state": "TALK*"}, True),
        ({"state": "talk"}, False),
        ({"number": "+49*"}, True),
        ({"number": "[0-9+]*"}, False),
        ({"number": "+4930123?"}, False),
        ({"code": "200"}, True),
        ({"code": 200}, True),
        ({"code": lambda code: code > 200}, False),
        ({"rows": "*jan*"}, True),
        ({"muted": "true"}, True),
        ({"none": ""}, True),
        ({"state": "talking", "code": 486}, False),
    ],
)
def test_field_fits_as_it_is_meant(wanted: dict[str, object], good: bool) -> None:
    event = {
        "state": "talking",
        "number": "+49301234",
        "code": 200,
        "rows": ["x", "Jan D"],
        "muted": True,
        "none": None,
    }
    assert fits(event, wanted) == good


def test_each_event_is_waited_for_once_and_in_its_order() -> None:
    happenings = Happenings()
    for number in (1, 2):
        happenings.add({"event": "call", "state": "ended", "id": number})
    happenings.add({"event": "led"})
    found = [happenings.wait("call", 0, {"state": "ended"})["id"] for _ in range(2)]
    assert found == [1, 2] and len(happenings) == 3
    with pytest.raises(NotSeen, match=r"not within 0 s: call state='ended'\nseen:\n  call state=ended"):
        happenings.wait("call", 0, {"state": "ended"})


def test_event_of_another_thread_wakes_whoever_waits() -> None:
    happenings = Happenings()
    threading.Thread(target=happenings.add, args=({"event": "led", "key": "P1"},)).start()
    assert happenings.wait("led", 5, {})["key"] == "P1"


def test_end_of_the_stream_ends_the_wait_at_once() -> None:
    happenings = Happenings()
    threading.Thread(target=happenings.end, args=("the phone is gone",)).start()
    with pytest.raises(NotSeen, match="the phone is gone: led"):
        happenings.wait("led", 60, {})
