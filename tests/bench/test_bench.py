"""Every bench runs; how fast, is no test's business."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.bench.__main__ import GROUPS
from tests.bench.counts import TINY, Counts
from tests.bench.parsing import Work, parsing
from tests.bench.sink import answer
from tests.bench.table import Figure, percentile, table

Group = Callable[[Counts], Iterator[Figure]]


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS.keys())
def test_every_bench_yields_figures(group: Group) -> None:
    figures = list(group(TINY))
    assert figures
    for figure in figures:
        assert figure.median >= 0
        assert figure.what in table([figure])


def test_the_table_shows_median_slow_end_and_ratio() -> None:
    figure = Figure("dial", (1.0, 2.0, 9.0), against=4.0, beside="baresip")
    assert table([figure]).splitlines()[1].split() == ["dial", "2.0", "9.0", "ms", "3", "0.50", "x", "baresip"]


def test_the_table_says_whether_a_target_is_met() -> None:
    for target, verdict in ((3.0, "met"), (5.0, "NOT")):
        beside = Figure("INVITE", (8.0,), "1/s", against=2.0, beside="opensip", target=target)
        assert table([beside]).splitlines()[1].split()[4:7] == [f"{target:.1f}", "x", verdict]
        alone = Figure("handshakes", (4000.0,), "1/s", digits=0, target=target * 1000)
        assert table([alone]).splitlines()[1].split()[4:6] == [f"{target * 1000:,.0f}", verdict]


def test_the_table_says_plainly_which_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.parsing.LIBRARIES", {"opensip": _missing, "sipmessage": _missing})
    shown = table(parsing(TINY))
    assert "nothing: opensip and sipmessage not installed" in shown and "met" not in shown.lower().split()


def _missing() -> Work:
    raise ImportError("no such library")


def test_the_percentile_of_few_values_is_the_largest() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
    assert percentile([float(n) for n in range(1000)], 0.99) == 990.0


def test_the_sink_is_busy_for_calls_and_silent_to_acknowledgements() -> None:
    invite = b"INVITE sip:a@b SIP/2.0\r\nVia: v\r\nTo: <sip:a@b>\r\nContact: <sip:c>\r\n\r\n"
    answered = answer(invite)
    assert answered is not None
    assert answered.startswith(b"SIP/2.0 486 Busy Here\r\nVia: v\r\nTo: <sip:a@b>;tag=sink\r\n")
    assert b"Contact" not in answered
    assert answer(invite.replace(b"INVITE", b"ACK")) is None
    assert answer(b"SIP/2.0 200 OK\r\n\r\n") is None
