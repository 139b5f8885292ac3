"""Call lists: which there are, the details of one call, and how entries go."""

from __future__ import annotations

import pytest

from snomtui.phone.history import Record
from snomtui.phone.intents import ForgetCall, Go
from snomtui.skin import Shape
from tests.line.peer import silent
from tests.phone.bench import Bench

NOW = 1_795_400_000.0
ANNA = Record("received", "Anna", "+4930111", NOW - 90_000, 1, 61)
EVA = Record("missed", "", "sip:eva@example.org", NOW - 60)
CARL = Record("missed", "Carl", "+4930222", NOW - 120)
RECORDS = (ANNA, CARL, EVA)


def test_lists_are_offered_with_their_counts() -> None:
    bench = Bench(records=RECORDS)
    bench.press("F_CALL_LIST")
    assert [(row.text, row.right) for row in bench.page.rows] == [
        ("1 Missed calls", "2"),
        ("2 Received calls", "1"),
        ("3 Dialled calls", "0"),
        ("4 Messages", "0"),
    ]
    bench.press("3", "ENTER")
    assert (bench.page.title, bench.rows) == ("Dialled calls", ["No calls"])
    assert [key.label for key in bench.page.softkeys if key] == ["Back"]


def test_details_tell_everything_and_dial() -> None:
    bench = Bench(records=RECORDS)
    bench.peer.rules["INVITE"] = silent
    bench.do(Go("calls:received"))
    bench.press("F2")
    facts = {row.text: row.right for row in bench.page.rows}
    assert facts == {
        "Name": "Anna",
        "Number": "+4930111",
        "Date": "22.11.2026",
        "Time": "01:13",
        "Duration": "1:01",
        "Identity": "1",
    }
    bench.press("ENTER")
    assert bench.peer.last("INVITE").target.user == "+4930111"


def test_one_call_is_deleted_from_its_details_and_from_the_list() -> None:
    bench = Bench(records=RECORDS)
    bench.press("RIGHT")
    assert bench.rows == ["eva@example.org", "Carl"]
    bench.press("DOWN", "RIGHT", "F3")
    assert (bench.page.name, bench.rows) == ("calls", ["eva@example.org"])
    assert bench.kept["forget"] == CARL.text()
    bench.press("BACKSPACE")
    assert bench.rows == ["No calls"]
    refusal = bench.do(ForgetCall("missed", EVA.id))
    assert refusal is not None and refusal.why == "This call is no longer in the list"
    bench.do(Go(f"record:missed/{EVA.id}"))
    assert bench.rows == ["Nothing here"]


def test_list_is_cleared_only_after_a_question() -> None:
    bench = Bench(records=RECORDS)
    bench.press("RIGHT", "F3")
    assert (bench.page.title, bench.rows) == ("Clear this list?", ["No", "Yes"])
    bench.press("ENTER")
    assert len(bench.rows) == 2 and bench.page.name == "calls"
    bench.press("F3", "DOWN", "ENTER")
    assert (bench.page.name, bench.rows) == ("calls", ["No calls"])
    assert bench.phone.model.history.list("received") == [ANNA]


def test_all_lists_are_cleared_at_once() -> None:
    bench = Bench(records=RECORDS)
    bench.press("F_CALL_LIST", "F3", "F1")
    assert [row.right for row in bench.page.rows] == ["0", "0", "0", "0"]
    assert {"clear:missed", "clear:received", "clear:dialed"} <= bench.kept.keys()


@pytest.mark.parametrize("rows", [1, 4])
def test_small_display_shows_which_call_it_is(rows: int) -> None:
    bench = Bench(records=RECORDS, shape=Shape("small", rows, 24, 4, 12))
    bench.press("RIGHT", "DOWN")
    assert bench.rows[-1] == ("2/2 Carl" if rows == 1 else "Carl")
