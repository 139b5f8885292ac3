"""What the phone tells those who listen: the events of its lines and a few of its own."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.line.events import Event as LineEvent


@dataclass(frozen=True, slots=True)
class MediaReported:
    """How the audio of one call is doing, about every second and at its end."""

    id: str
    """The call's id."""
    codec: str
    sent: int
    """RTP packets."""
    received: int
    lost: int
    jitter_ms: float
    mos: float
    """1.0 (bad) to 4.5 (good), by the E-model of ITU-T G.107."""


@dataclass(frozen=True, slots=True)
class ActionTold:
    """What became of an action URL: a web server was told of something that happened."""

    setting: str
    """Which one: `action_incoming_url`."""
    url: str
    """As it went out, without a login and secrets."""
    status: int
    """The status of HTTP; 0 = nobody answered."""
    why: str = ""
    """Why it came to nothing, in words."""


PhoneEvent = LineEvent | MediaReported | ActionTold
