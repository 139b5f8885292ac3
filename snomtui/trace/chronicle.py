"""What else the desk shows: remote commands with what they did, and how the audio of each call is doing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from snomtui.trace.trace import Trace

Object = dict[str, Any]
COMMANDS, CALLS = 500, 50
"""So many commands, and the media of so many calls, are kept."""


class Chronicle:
    """The last `command` and `action` events, and the newest `media` event of each of the last calls."""

    def __init__(self) -> None:
        self._commands: deque[Object] = deque(maxlen=COMMANDS)
        self._media: dict[str, Object] = {}
        self.count = 0
        """Grows with everything that is noted."""
        self.fault = ""
        """What the web server does wrong on purpose; empty = nothing."""

    def note_fault(self, fault: str) -> None:
        """The web server does something else wrong from now on, or nothing."""
        self.fault = fault
        self.count += 1

    def note(self, event: Object) -> None:
        """Keep an event object of the outward contract, if it is one of those that are shown."""
        if event.get("event") in ("command", "action"):
            self._commands.append(event)
        elif event.get("event") == "media":
            known_as = str(event.get("id"))
            remote = event.get("remote") or self._media.get(known_as, {}).get("remote", "")
            self._media[known_as] = {**event, "remote": remote}
            if len(self._media) > CALLS:
                del self._media[next(iter(self._media))]
        else:
            return
        self.count += 1

    def commands(self) -> Iterator[Object]:
        """The commands that came in and the action URLs that went out, the oldest first."""
        return iter(tuple(self._commands))

    def media(self) -> Iterator[Object]:
        """The newest report of each call, in the order of the calls."""
        return iter(tuple(self._media.values()))


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of one phone for its desk."""

    trace: Trace = field(default_factory=Trace)
    chronicle: Chronicle = field(default_factory=Chronicle)
