"""Calls: dialling, answering, holding and ending them when a person wants it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from snomtui.errors import LocalError
from snomtui.line.calls.call import Call
from snomtui.line.calls.calltable import State
from snomtui.line.calls.incoming import Incoming
from snomtui.line.line import Line
from snomtui.phone import ears, intents, transferring
from snomtui.phone.conferring import Conferring
from snomtui.phone.dialplan import cleaned, planned
from snomtui.phone.diverting import Diverting
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.model import Model
from snomtui.sip.uri import checked

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

_NUMBER = re.compile(r"\+?[0-9*#]+(?:;ext=[0-9]+)?")
_ADDRESS = re.compile(r"(?:sips?:)?[^\s<>\"@;?]+@[^\s<>\"@;?/]+(?:;[^\s<>\"]*)?", re.IGNORECASE)
_BREAKS = re.compile(r"[\x00-\x20\x7f]")
_USER = "-_.!~*'()&=+$,"
"""What may stand in a user part as it is (RFC 3261 25.1)."""
_ASCII = "".join(map(chr, range(0x80)))
_HOLDABLE = (State.TALKING, State.HELD)
_TRANSFERABLE = (State.TALKING, State.HOLDING, State.HELD)


class Calling:
    """The part of the hands that deals with calls."""

    def __init__(self, phone: Phone, do: Callable[[Intent, float], Refusal | None]) -> None:
        self._phone = phone
        self.diverting = Diverting(phone, self._planned, do)
        self.conferring = Conferring(phone, self._hold)

    @property
    def _model(self) -> Model:
        return self._phone.model

    def _find(self, id: str | None) -> tuple[Line, Call] | None:
        wanted = id or self._model.shown_call
        for line in self._phone.lines():
            call = line.calls.find(wanted)
            if call is not None:
                return line, call
        return None

    def dial(self, dial: intents.Dial, now: float) -> Refusal | None:
        """Call a number or an address."""
        found = self._addressed(dial.number, dial.identity)
        if isinstance(found, Refusal):
            return found
        line, number, uri = found
        self._hold_others(None, now)
        self._phone.mute(False)
        self._model.device = self._model.device or "speaker"
        try:
            line.calls.dial(uri, number, now)
        except LocalError as error:
            return Refusal(str(error))
        return None

    def write(self, wish: intents.Write, now: float) -> Refusal | None:
        """Send an instant message to a number or an address."""
        found = self._addressed(wish.to, wish.identity)
        if isinstance(found, Refusal):
            return found
        line, _, uri = found
        try:
            line.calls.chats.write(uri, wish.text, now)
        except LocalError as error:
            return Refusal(str(error))
        return None

    def _addressed(self, to: str, identity: int | None) -> tuple[Line, str, str] | Refusal:
        """The line to use, what was dialled as the dial plan has it, and its URI."""
        number = cleaned(to)
        if not number:
            return Refusal("No number to dial")
        line = self._line_for(identity)
        if isinstance(line, Refusal):
            return line
        number, uri = self._planned(number, line)
        if uri is None:
            return Refusal.of("{text} is neither a number nor an address", text=repr(to[:60]))
        if uri.lower().startswith("sips:") and line.transport() != "tls":  # RFC 3261 19.1
            return Refusal.of("A sips address needs TLS, and line {number} has none", number=line.account.number)
        return line, number, uri

    def _planned(self, to: str, line: Line) -> tuple[str, str | None]:
        """What was typed as the dial plan of a line has it, and its URI; None if it is neither number nor address."""
        settings, account = self._model.settings, line.account
        number = planned(cleaned(to), settings.text("user_dp_str", account.number), account.host)
        return number, _uri(number, line, settings.text("sim_phone_context", account.number).strip())

    def _line_for(self, identity: int | None) -> Line | Refusal:
        """The line to call from: the one named, else the active one, else any that is registered."""
        if identity is not None:
            line = self._phone.line(identity)
            if line is None:
                return Refusal.of("Identity {number} is not set up", number=identity)
            return line if line.registered else self._why_not(identity)
        active = self._model.active_line
        ready = [line for line in self._phone.lines() if line.registered]
        ready.sort(key=lambda line: line.account.number != active)
        if ready:
            return ready[0]
        return self._why_not(active) if self._phone.line(active) else Refusal("No identity is set up: sign in first")

    def _why_not(self, identity: int) -> Refusal:
        state = self._model.identities.get(identity)
        if state and state.reason:
            return Refusal.of("Line {number} is not registered: {why}", number=identity, why=state.reason)
        return Refusal.of("Line {number} is not registered", number=identity)

    def _hold_others(self, id: str | None, now: float) -> None:
        together = self.conferring.members() if id is not None and self.conferring.member(id) else []
        for line in self._phone.lines():
            for call in line.calls:
                if call.id != id and call not in together:
                    self._hold(call, now)

    def _hold(self, call: Call, now: float) -> None:
        if call.state in _HOLDABLE:
            call.hold(now)

    def hang_up(self, wish: intents.HangUp, now: float) -> Refusal | None:
        """End a call, refuse it, or take an ended one off the display."""
        if wish.every:
            for line in self._phone.lines():
                line.calls.hang_up_all(now)
            for id in list(self._model.calls):
                if self._model.calls[id].state == "ended":
                    ears.forget_call(self._model, id)
            return None
        found = self._find(wish.call)
        if found and wish.call is None and self.conferring.member(found[1].id):
            for call in self.conferring.members():
                call.hang_up(now)
            return None
        if found:
            self._model.transfers.pop(found[1].id, None)  # how it would have gone nobody will hear
            found[1].hang_up(now)
            return None
        id = wish.call or self._model.shown_call
        if id in self._model.calls:
            ears.forget_call(self._model, id)
            return None
        return Refusal("There is no call")

    def answer(self, wish: intents.Answer, now: float) -> Refusal | None:
        """Take a ringing call; the others go on hold."""
        ringing = next((call.id for call in self._model.calls.values() if call.state == "offered"), None)
        found = self._find(wish.call or ringing)
        if found is None or found[1].state is not State.OFFERED:
            return Refusal("No call is ringing")
        self._hold_others(found[1].id, now)
        self._phone.mute(False)
        self._model.device = self._model.device or "speaker"
        self._model.shown_call = found[1].id
        found[1].answer(now)
        return None

    def hold(self, wish: intents.Hold, now: float) -> Refusal | None:
        """Put a call on hold."""
        found = self._find(wish.call)
        if found is None or found[1].state not in _HOLDABLE:
            return Refusal("There is no call to hold")
        for call in self._together(found[1]):
            self._hold(call, now)
        return None

    def resume(self, wish: intents.Resume, now: float) -> Refusal | None:
        """Take a call back; the others go on hold."""
        found = self._find(wish.call)
        if found is None or found[1].state is not State.HOLDING:
            return Refusal("There is no call on hold")
        self._hold_others(found[1].id, now)
        self._model.shown_call = found[1].id
        for call in self._together(found[1]):
            if call.state is State.HOLDING:
                call.resume(now)
        return None

    def _together(self, call: Call) -> list[Call]:
        """A call, with the others of its conference."""
        return self.conferring.members() if self.conferring.member(call.id) else [call]

    def transfer(self, wish: intents.Transfer, now: float) -> Refusal | None:
        """Send the other side of a call elsewhere."""
        found = self._find(wish.call)
        if found is not None and isinstance(found[1], Incoming) and found[1].state is State.OFFERED:
            return self.diverting.deflect(found[0], found[1], wish.to, now)
        other = self._find(wish.to) if wish.to else None
        if found is not None and other is not None and other[1] is not found[1]:
            return self._join(found, other, now)
        if found is None or found[1].state not in _TRANSFERABLE:
            return Refusal("There is no call to transfer")
        _, uri = self._planned(wish.to, found[0])
        if uri is None:
            return Refusal.of("{text} is neither a number nor an address", text=repr(wish.to[:60]))
        transferring.begun(self._model, found[1].id, wish.to)
        found[1].transfer(uri, now)
        return None

    def _join(self, one: tuple[Line, Call], two: tuple[Line, Call], now: float) -> Refusal | None:
        """Connect the other sides of two calls. The one on hold is sent, for the other one was asked just now.

        Nobody can take the place of a call that still rings there: that one ends, and its number is called anew.
        """
        for (_, call), (line, to) in ((one, two), (two, one)):
            if call.state in _TRANSFERABLE and to.state in (State.DIALLING, State.RINGING):
                _, uri = self._planned(self._model.calls[to.id].number, line)
                if uri is None:
                    return Refusal("The other call cannot be joined while it rings")
                to.hang_up(now)
                transferring.begun(self._model, call.id, self._model.calls[to.id].number)
                call.transfer(uri, now)
                return None
        if one[1].state not in _TRANSFERABLE or two[1].state not in _TRANSFERABLE:
            return Refusal("Only two calls that are up can be connected with each other")
        sent, target = (two, one) if two[1].state is State.HOLDING and one[1].state is not State.HOLDING else (one, two)
        transferring.begun(self._model, sent[1].id, self._model.calls[target[1].id].number)
        sent[1].join(target[1], now)
        return None

    def dtmf(self, wish: intents.Dtmf, now: float) -> Refusal | None:
        """Send tones in the call on the display."""
        digits = wish.digits.upper()
        if not re.fullmatch(r"[0-9*#A-D,]{1,100}", digits):
            return Refusal("Tones are 0 to 9, *, # and A to D")
        found = self._find(None)
        if found is None or found[1].state is not State.TALKING:
            return Refusal("There is no call to send tones in")
        found[1].digits(digits)
        return None


def _readable(uri: str) -> str | None:
    """The address as it may stand in a request line: other signs than ASCII escaped, nothing behind a question mark."""
    try:
        uri = quote(uri, safe=_ASCII)
        checked(uri)
    except (LocalError, UnicodeEncodeError):
        return None
    return None if _BREAKS.search(uri) else uri


def _uri(number: str, line: Line, context: str) -> str | None:
    """The request URI for a number or address; None if it is neither. Nothing of it can break out of the URI.

    `context` is the location profile by which an OCS shall normalise a number that the dial plan has left
    ([MS-OCER]); E.164 needs none. At OCS a number always says that it is one: without `user=phone` it would be looked
    for as the name of a person.
    """
    account = line.account
    if _NUMBER.fullmatch(number):
        phone = ";user=phone" if account.user_phone or account.ocs else ""
        where = f";phone-context={quote(context, safe=_USER)}" if context and account.ocs and number[0] != "+" else ""
        return f"sip:{quote(number, safe='+*;=')}{where}@{account.host}{phone}"
    if _ADDRESS.fullmatch(number):
        return _readable(number if number.lower().startswith(("sip:", "sips:")) else f"sip:{number}")
    if re.fullmatch(r"[^\s<>\"@:;?/\\\x00-\x1f\x7f\ud800-\udfff]{1,80}", number):
        return f"sip:{quote(number, safe=_USER)}@{account.host}"
    return None
