"""Date and time as the display writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from snomtui.settings.registry import Settings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

ZONES = {
    "GER+1": "Europe/Berlin",
    "AUT+1": "Europe/Vienna",
    "SWI+1": "Europe/Zurich",
    "FRA+1": "Europe/Paris",
    "ITA+1": "Europe/Rome",
    "ESP+1": "Europe/Madrid",
    "NLD+1": "Europe/Amsterdam",
    "POL+1": "Europe/Warsaw",
    "GBR-0": "Europe/London",
    "IRL-0": "Europe/Dublin",
    "PRT-0": "Europe/Lisbon",
    "FIN+2": "Europe/Helsinki",
    "GRC+2": "Europe/Athens",
    "TUR+3": "Europe/Istanbul",
    "RUS+3": "Europe/Moscow",
    "IND+5.5": "Asia/Kolkata",
    "CHN+8": "Asia/Shanghai",
    "JPN+9": "Asia/Tokyo",
    "AUS+10": "Australia/Sydney",
    "NZL+12": "Pacific/Auckland",
    "USA-5": "America/New_York",
    "USA-6": "America/Chicago",
    "USA-7": "America/Denver",
    "USA-8": "America/Los_Angeles",
    "BRA-3": "America/Sao_Paulo",
}
"""snom's names of time zones, by country and hours, and what everybody else calls them; summer time is theirs."""


@lru_cache(maxsize=len(ZONES))
def _zone(name: str) -> ZoneInfo | None:
    """A zone by snom's name; None if this machine does not know it."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(ZONES[name])
    except (KeyError, ZoneInfoNotFoundError):
        return None


def local(settings: Settings, at: float) -> datetime:
    """The moment `at` (seconds since 1970) as local time by `timezone`, or by `utc_offset` where none is set."""
    zone = _zone(settings.text("timezone"))
    if zone is not None:
        return datetime.fromtimestamp(at, zone)
    try:
        offset = timedelta(seconds=int(settings.text("utc_offset") or 0))
        return datetime.fromtimestamp(at, timezone(offset))
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(at, UTC)


def date(settings: Settings, at: float) -> str:
    """The date, day first or month first."""
    return local(settings, at).strftime("%m/%d/%Y" if settings.on("date_us_format") else "%d.%m.%Y")


def time(settings: Settings, at: float) -> str:
    """The time, to the minute."""
    return local(settings, at).strftime("%H:%M" if settings.on("time_24_format") else "%I:%M %p")


def duration(seconds: float) -> str:
    """How long a call lasts: `0:07`, `1:02:33`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
