"""What the media of one call shall do, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.errors import LocalError
from snomtui.kit.box import HostPort
from snomtui.media.g711 import SILENCE


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome of offer and answer (RFC 3264) for one stream, and what to play and keep."""

    call: str
    """The call's id, for events."""
    remote: HostPort | None
    """Where the other side listens; None = not known, wait until it speaks."""
    codec: str
    """`PCMA` or `PCMU`."""
    payload: int
    """The RTP payload type of the codec."""
    dtmf_payload: int | None
    """The payload type of telephone-event; None = digits go out as sounds."""
    ptime: int = 20
    """Milliseconds of audio in one packet."""
    send: bool = True
    receive: bool = True
    source: str = "silence"
    """`silence`, `none`, `tone`, `tone:NAME`, `wav:FILE` or `echo`."""
    room: str = ""
    """The conference in which all streams of this name hear each other; empty = none."""
    record: str = ""
    """The path of the WAV file for received audio, or empty."""

    @property
    def samples(self) -> int:
        """Samples in one packet."""
        return 8 * self.ptime

    def check(self) -> None:
        """Raise `LocalError` if codec or frame time are none that we have."""
        if self.codec not in SILENCE:
            raise LocalError(f"codec {self.codec}: only PCMA and PCMU are spoken")
        if not 10 <= self.ptime <= 100:
            raise LocalError(f"ptime {self.ptime}: wanted are 10 to 100 ms")
