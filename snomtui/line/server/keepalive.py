"""Keeping a connection alive as the server asks ([MS-CONMGMT] 3.1) or as RFC 5626 4.4 has it."""

from __future__ import annotations

from snomtui.kit.timers import Timers
from snomtui.line.seconds import seconds
from snomtui.sip.message import Response

NAME, DEAD = "keep-alive", "no pong"
"""The names of the timers: a sign of life is due; the answer to one is overdue."""
PING = b"\r\n\r\n"
_SHARE = 0.8
"""Of the silence that a server allows, so much is used."""
STREAM, DATAGRAM = 100.0, 25.0
"""Seconds of silence where the server says nothing: over TCP and TLS, and over UDP through an address translation."""
PATIENCE = 10.0
"""Seconds in which a pong must come (RFC 5626 4.4.1)."""


class KeepAlive:
    """Says when a sign of life is due, and when the other side gives none."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._silence: float | None = None
        """Seconds of silence after which a sign is due; None = none is wanted."""
        self._ponging = False
        """Whether this server answers signs of life, so that silence means that it is gone."""

    def granted(self, response: Response, otherwise: float | None, now: float) -> None:
        """A REGISTER was accepted; `otherwise` is the silence where the server says nothing of it."""
        self._silence = otherwise
        timer = seconds(response.headers.get("Flow-Timer"))
        if timer:
            self._silence, self._ponging = max(1.0, timer * _SHARE), True
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
        else:
            self._timers.stop(NAME)

    def pinged(self, now: float, reliable: bool) -> None:
        """A sign of life was sent; only over a stream it is answered."""
        self.said(now)
        if reliable and self._ponging and self._timers.deadline(DEAD) is None:
            self._timers.start(DEAD, now + PATIENCE)

    def heard(self, data: bytes) -> None:
        """Bytes came: the other side lives. A lone line end is its pong."""
        self._timers.stop(DEAD)
        self._ponging = self._ponging or data == b"\r\n"

    def stop(self) -> None:
        """There is no connection to keep, or nobody wants it."""
        self._timers.stop(NAME)
        self._timers.stop(DEAD)
        self._silence, self._ponging = None, False
