"""Moments as presence documents write them: ISO 8601 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

_END = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def stamp(at: float) -> str:
    """A moment (seconds since 1970) as `2009-10-27T18:43:31.000`; OCS leaves the zone out and means UTC."""
    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def moment(text: str | None) -> float | None:
    """Seconds since 1970, or None for what is no moment between then and the year 9999; without a zone UTC is meant."""
    try:
        at = datetime.fromisoformat((text or "").strip())
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if 0 <= seconds < _END else None
