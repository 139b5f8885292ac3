"""Keys whose meaning changed under the finger: what is pressed just then was meant for what stood there before.

A call that comes in, or ends, gives the soft keys other meanings. A press that comes less than `SURE` seconds later
cannot have been meant so, and an answer that comes too late is worse than none; so it goes nowhere. Only keyboard
and mouse are guarded: a program that presses keys over HTTP has asked what the keys mean.

* Soft keys: after a call that came in and after one that ended by itself.
* OK, Cancel and a click on a row: after a call that came in, if the person was doing something; and while somebody
  types on without looking, for as long as that goes on. Nobody who waits at a quiet phone is held up.
* OK and Cancel where another call is left after the one that ended: they would work on that.
"""

from __future__ import annotations

from snomtui.phone.snapshot import Snapshot

SURE = 0.35
"""Seconds after which a press was meant for what the display shows now."""
BUSY = 2.0
"""Seconds after a press during which the person is still doing something."""
TYPING = 1.0
"""Seconds between two characters of somebody who types."""

_SOFT = frozenset({"F1", "F2", "F3", "F4"})
_DECIDING = frozenset({"ENTER", "CANCEL", "ROW"})
_ENDING = _SOFT | {"CANCEL", "ONHOOK"}
_NEVER = -1e9


class Guard:
    """Looks at each snapshot that is shown, and says which presses go nowhere. Times are seconds of any clock."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._shown = snapshot
        self._came = self._gone = self._pressed = self._typed = self._ended = _NEVER
        self._was_busy = False
        self._others = False
        self._typing_on = False

    def saw(self, snapshot: Snapshot, now: float, ours: bool = False) -> bool:
        """The display shows this from now on; `ours`: the person's own press has led to it. Returns if a call came."""
        old, self._shown = self._shown, snapshot
        if snapshot is old or snapshot.calls == old.calls:
            return False
        came = bool(_offered(snapshot) - _offered(old))
        if came:
            self._came = now
            self._was_busy = old.page.name not in ("idle", "starting") or now - self._pressed < BUSY
            self._typing_on = now - self._typed < TYPING
        if _live(old) - _live(snapshot) and not ours and now - self._ended > BUSY:
            self._gone, self._others = now, bool(_live(snapshot))
        return came

    def refuses(self, key: str, now: float) -> bool:
        """Whether a press of this key goes nowhere; `ROW` is a click on a row of the display."""
        fresh = now - self._came < SURE
        if key in _SOFT:
            return fresh or now - self._gone < SURE
        if key not in _DECIDING:
            return False
        if self._typing_on and now - self._typed < TYPING:
            return True
        return (fresh and self._was_busy) or (now - self._gone < SURE and self._others)

    def pressed(self, key: str, now: float) -> None:
        """A key that was not refused."""
        self._pressed = now
        if key == "CANCEL":
            self._gone = _NEVER  # whoever has closed the ended call has seen what stands there since
        if key.startswith("TEXT:") or len(key) == 1 or key == "BACKSPACE":
            if now - self._typed >= TYPING:
                self._typing_on = False
            self._typed = now
        if key in _ENDING:
            self._ended = now


def _offered(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(call.id for call in snapshot.calls if call.state == "offered")


def _live(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(call.id for call in snapshot.calls if call.state != "ended")
