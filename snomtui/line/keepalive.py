"""Keeping a connection alive as the server asks ([MS-CONMGMT] 3.1, RFC 5626 3.5.1)."""

from __future__ import annotations

from snomtui.kit.timers import Timers
from snomtui.line.seconds import seconds
from snomtui.sip.message import Response

NAME = "keep-alive"
"""The name of the timer."""
PING = b"\r\n\r\n"
_SHARE = 0.8
"""Of the silence that a server allows, so much is used."""


class KeepAlive:
    """Says when a sign of life is due."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._silence: float | None = None
        """Seconds of silence after which a sign is due; None = the server wants none."""

    def granted(self, response: Response, now: float) -> None:
        """The server may have said how long silence may last."""
        for part in (response.headers.get("ms-keep-alive") or "").split(";"):
            name, _, value = part.strip().partition("=")
            silence = seconds(value) if name.lower() == "timeout" else None
            if silence is not None:
                self._silence = max(5.0, min(silence, 86400) * _SHARE)
                self.said(now)

    def said(self, now: float) -> None:
        """Something was sent: the silence begins anew."""
        if self._silence is not None:
            self._timers.start(NAME, now + self._silence)

    def stop(self) -> None:
        """There is no connection to keep, or nobody wants it."""
        self._timers.stop(NAME)
