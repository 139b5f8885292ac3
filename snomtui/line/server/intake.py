"""What comes in over a line's connection: bytes become messages, and none may take for ever."""

from __future__ import annotations

from collections.abc import Sequence

from snomtui.kit.box import Heard, Surroundings
from snomtui.kit.timers import Timers
from snomtui.sip.means import Wire
from snomtui.sip.message import Message, as_it_came
from snomtui.sip.stream import Framer, Read, datagram

STALLED = "message without an end"
"""The name of the timer."""
PATIENCE = 32.0
"""Seconds after which the rest of a message on a stream is not waited for any more, as long as a transaction lives.

Without that, a Content-Length that is too great (RFC 4475 3.1.2.2) would swallow whatever the server says later.
"""


class Intake:
    """Reads one connection after the other; the timer `STALLED` is due when a message does not end."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._framer = Framer()

    def renew(self) -> None:
        """Another connection begins: forget what was left of the last one."""
        self._framer = Framer()
        self._timers.stop(STALLED)

    def read(self, data: bytes, reliable: bool, now: float) -> Sequence[Read]:
        """What the bytes of a stream, or one UDP packet, hold."""
        if not reliable:
            found = datagram(data)
            return [found] if found is not None else []
        reads = self._framer.feed(data)
        if not self._framer.midway:
            self._timers.stop(STALLED)
        elif reads or self._timers.deadline(STALLED) is None:
            self._timers.start(STALLED, now + PATIENCE)
        return reads


def witnessed(surroundings: Surroundings, came: Message | bytes, wire: Wire, verdict: str, now: float) -> None:
    """Show what came in to the witness, if there is one; `verdict` as in `kit.box.Heard`."""
    if surroundings.witness is not None:
        data = came if isinstance(came, bytes) else as_it_came(came)
        surroundings.witness(Heard(wire.conn, data, now, wire.peer, verdict))
