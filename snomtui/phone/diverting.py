"""Redirection: callers are sent elsewhere, as the settings or a person say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snomtui.errors import MalformedMessage
from snomtui.line.calls.calltable import State
from snomtui.line.calls.diversion import Way
from snomtui.line.calls.incoming import Incoming
from snomtui.line.line import Line
from snomtui.phone import intents, redirection
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.model import Model
from snomtui.sip.uri import Uri

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

Planned = Callable[[str, Line], tuple[str, str | None]]
"""What was typed as the dial plan of a line has it, and its URI; None if it is neither number nor address."""


class Diverting:
    """The part of the hands that sends callers elsewhere."""

    def __init__(self, phone: Phone, planned: Planned, do: Callable[[Intent, float], Refusal | None]) -> None:
        """`do` changes settings."""
        self._phone, self._planned, self._do = phone, planned, do

    @property
    def _model(self) -> Model:
        return self._phone.model

    def way(self, line: Line, event: str) -> Way | None:
        """Where callers of a line go when this happens (`all`, `busy`, `time`); None = they stay here."""
        settings = self._model.settings
        if not redirection.works(settings, event):
            return None
        after = float(settings.number("redirect_time")) if event == "time" else 0.0
        return self._way(line, redirection.target(settings, event), redirection.KINDS[event].why, after)

    def _way(self, line: Line, to: str, why: str, after: float = 0.0) -> Way | None:
        """None for what nobody can be sent to, and for ourselves: such a call would come back at once."""
        number, uri = self._planned(to, line)
        if uri is None or _is_own(uri, line):
            return None
        return Way(uri, number, why, after)

    def redirect(self, wish: intents.Redirect, now: float) -> Refusal | None:
        """Switch one kind of redirection on or off."""
        settings = self._model.settings
        if wish.when not in redirection.KINDS:
            return Refusal.of("Redirection is for {kinds}", kinds=", ".join(redirection.KINDS))
        here = redirection.target(settings, wish.when)
        on = wish.on if wish.on is not None else not (self._goes_to(wish) and redirection.works(settings, wish.when))
        if on and not (wish.to or here):
            return Refusal("Say first where calls shall go")
        lines, to = list(self._phone.lines()), wish.to or here
        if on and lines and not any(self._way(line, to, "") for line in lines):
            return Refusal.of("Calls cannot go to {text}", text=repr(to[:60]))
        changed = list(redirection.changes(settings, wish.when, on))
        if on and wish.to:
            changed.insert(0, (redirection.KINDS[wish.when].number, wish.to))
        refused = (self._do(intents.SetSetting(name, value), now) for name, value in changed)
        return next((refusal for refusal in refused if refusal), None)

    def _goes_to(self, wish: intents.Redirect) -> bool:
        """Whether the wished target is the one there is; with another one a kind is switched on anew."""
        return wish.to in (None, "", redirection.target(self._model.settings, wish.when))

    def deflect(self, line: Line, call: Incoming, to: str, now: float) -> Refusal | None:
        """Send one caller elsewhere who rings here."""
        way = self._way(line, to, "deflection")
        if way is None:
            return Refusal.of("{text} is neither a number nor an address", text=repr(to[:60]))
        if call.state is not State.OFFERED:
            return Refusal("No call is ringing")
        call.divert(way, now)
        return None


def _is_own(uri: str, line: Line) -> bool:
    """Whether a call sent there comes back to this line; the usual ports and parameters make no difference."""
    try:
        there, own = Uri.parse(uri), Uri.parse(f"sip:{line.account.aor}")
    except MalformedMessage:
        return False
    return there.port in (None, 5060, 5061, own.port) and there.aor.casefold() == own.aor.casefold()
