"""Date and time as the display writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from snomtui.settings.registry import Settings


def local(settings: Settings, at: float) -> datetime:
    """The moment `at` (seconds since 1970) as local time by `utc_offset`."""
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
