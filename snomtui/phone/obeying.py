"""What a server makes the phone do by NOTIFY: answer, hold, start again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snomtui.kit.box import Log
from snomtui.line.events import KeyAsked, RestartAsked
from snomtui.phone.intents import Answer, Hold, Intent, Reboot, Refusal, Resume

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone


class Obeying:
    """The part of the hands that obeys servers."""

    def __init__(self, phone: Phone, do: Callable[[Intent, float], Refusal | None]) -> None:
        self._phone, self._do = phone, do
        self._restart = False
        """Whether the phone is to start again when the last call is over."""

    def asked(self, event: KeyAsked | RestartAsked, now: float) -> None:
        """A server wants something, and may."""
        if isinstance(event, KeyAsked):
            wish = self._wish(event)
            refused = self._do(wish, now) if wish else None
            done = "done" if wish else "there is no such call"
            self._phone.put(Log(5, f"NOTIFY {event.key}: {refused.why if refused else done}"))
        elif event.reboot:
            self._restart = True
            self._phone.put(Log(5, "NOTIFY: start again when no call is up"))
            self.called(now)
        else:
            self._phone.put(Log(5, "NOTIFY check-sync: there is no settings server, nothing has changed"))

    def _wish(self, event: KeyAsked) -> Intent | None:
        """`talk` takes a call that rings, or one on hold; `hold` holds the one that is talking."""
        calls = self._phone.model.calls.values()
        of_line = [call for call in calls if call.identity == event.identity and event.id in ("", call.id)]
        for state, wish in (("offered", Answer), ("holding", Resume)) if event.key == "talk" else (("talking", Hold),):
            for call in of_line:
                if call.state == state:
                    return wish(call.id)
        return None

    def called(self, now: float) -> None:
        """A call took a step: was it the last one, before the phone is to start again?"""
        if self._restart and all(call.state == "ended" for call in self._phone.model.calls.values()):
            self._phone.later("restart", now)

    def restart(self, now: float) -> None:
        """Nothing is in the way any more."""
        self._restart = False
        self._do(Reboot(), now)
