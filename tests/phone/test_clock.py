"""Date and time on the display."""

from __future__ import annotations

import pytest

from snomtui.phone.clock import ZONES, date, duration, time
from snomtui.settings.registry import Settings, registry

NOON = 1_795_435_200.0  # 2026-11-23 12:00 UTC


def test_clock_follows_offset_and_format() -> None:
    settings = Settings({"utc_offset": "3600", "time_24_format": "on", "date_us_format": "off"})
    assert (time(settings, NOON), date(settings, NOON)) == ("13:00", "23.11.2026")
    settings.set("time_24_format", "off")
    settings.set("date_us_format", "on")
    assert (time(settings, NOON), date(settings, NOON)) == ("01:00 PM", "11/23/2026")


@pytest.mark.parametrize("offset", ["99999", "-99999", ""])
def test_odd_offset_does_not_stop_the_clock(offset: str) -> None:
    assert time(Settings({"utc_offset": offset, "time_24_format": "on"}), NOON) == "12:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (7.9, "0:07"), (61, "1:01"), (3753, "1:02:33"), (-5, "0:00"), (86400, "24:00:00")],
)
def test_duration_is_written_short(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_time_zone_goes_before_the_offset_and_knows_summer_time() -> None:
    settings = Settings({"timezone": "GER+1", "utc_offset": "0", "time_24_format": "on"})
    assert time(settings, NOON) == "13:00"
    assert time(settings, NOON + 200 * 86400) == "14:00"
    settings.set("timezone", "USA-5")
    assert time(settings, NOON) == "07:00"


def test_every_time_zone_that_can_be_chosen_is_known() -> None:
    assert {"", *ZONES} == set(registry()["timezone"].choices)
