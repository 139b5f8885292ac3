"""Transfers that we ask for: the other side is sent elsewhere (RFC 3515), or into another call (RFC 5589 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from snomtui.line.calls.asserted import is_anonymous
from snomtui.line.calls.calltable import Input, State
from snomtui.line.calls.leg import Leg
from snomtui.line.calls.replaces import Replaces
from snomtui.line.events import Trouble
from snomtui.line.methods import SUPPORTED
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers, Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.reasons import reason_of
from snomtui.sip.uri import checked

_STATUS = re.compile(rb"SIP/2\.0[ \t]+(\d{3})\b", re.IGNORECASE)
SILENCE = 60.0
"""Seconds without a word from the other side after which a transfer is no longer waited for."""
GOOD_BYE = 5.0
"""Seconds in which the other call of an attended transfer should end by itself."""

HangUp = Callable[[float], None]


class Transfer:
    """Sends REFER and follows how it goes; owner of the REFER."""

    def __init__(self, leg: Leg, done: HangUp) -> None:
        """`done(now)`: the other side has reached the new one, so our call may end."""
        self._leg, self._done = leg, done
        self._other: HangUp | None = None
        """Ends the other call of an attended transfer."""
        self._asked: Request | None = None
        """Our REFER, while nobody knows what came of it."""

    def start(self, to: str, now: float) -> None:
        """Send the other side to the address `to`; a `LocalError` if it is none, and the call stays as it was."""
        self._refer(checked(to), None, now)

    def join(self, dialog: Dialog, hang_up: HangUp, now: float) -> None:
        """Send the other side into the place of ours in the call of `dialog`, which `hang_up` ends."""
        self._refer(f"{_address(dialog)}?{Replaces.of(dialog).escaped}", hang_up, now)

    def _refer(self, to: str, other: HangUp | None, now: float) -> None:
        desk = self._leg.desk
        headers: list[Item] = [
            ("Contact", desk.letterhead.contact()),
            ("Refer-To", f"<{to}>"),
            ("Supported", SUPPORTED),
        ]
        if not desk.account.private:
            headers.append(("Referred-By", f"<{desk.account.uri}>"))
        made = Headers.of(*headers)  # what cannot be written is found before the call takes a step
        self._leg.machine.step(Input.TRANSFER)
        self._other = other
        self._asked = self._leg.ask("REFER", self, now, made)
        self._leg.desk.alarm(self, "silence", None)

    # -- what the other side says to it

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The other side does it, or will not."""
        if response.status < 200 or self._asked is None:
            return
        if response.status >= 300:
            self._stay(f"The transfer was refused ({response.status} {response.reason})")
        elif (response.headers.get("Refer-Sub") or "").partition(";")[0].strip().lower() == "false":
            self._succeeded(now)  # no more will be heard of it (RFC 4488 4)
        else:
            self._leg.desk.alarm(self, "silence", now + SILENCE)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """The REFER came to nothing."""
        if self._asked is not None:
            self._stay(why)

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._leg.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this REFER."""
        self._asked = request

    # -- how it goes

    def notified(self, request: Request, key: ServerKey, now: float) -> None:
        """A NOTIFY in the call. One that is about something else is refused (RFC 6665 4.1.3, 489)."""
        event = (request.headers.get("Event") or "refer").partition(";")[0].strip().lower()
        status = 200 if event == "refer" else 489
        headers = [("Allow-Events", "refer")] if status == 489 else []
        self._leg.desk.reply(key, respond(request, status, headers=headers), now)
        if event == "refer" and self._asked is not None:
            self._told(request, now)

    def _told(self, request: Request, now: float) -> None:
        """How the transfer goes, as a piece of SIP (RFC 3420)."""
        found = _STATUS.match(request.body.strip())
        status = int(found[1]) if found else 0
        last = (request.headers.get("Subscription-State") or "").strip().lower().startswith("terminated")
        if 200 <= status < 300:
            self._succeeded(now)
        elif 300 <= status < 700:
            self._stay(f"The transfer failed ({status} {reason_of(status)})")
        elif last:
            self._stay("The other side does not say how the transfer went")
        else:
            self._leg.desk.alarm(self, "silence", now + SILENCE)

    def _succeeded(self, now: float) -> None:
        self._asked = None
        self._leg.desk.alarm(self, "silence", None)
        if self._other is not None:
            self._leg.desk.alarm(self, "other", now + GOOD_BYE)
        self._done(now)

    def _stay(self, why: str) -> None:
        """The call goes on as it was before, and a person hears why."""
        leg = self._leg
        self._asked = None
        leg.desk.alarm(self, "silence", None)
        if not leg.machine.knows(Input.STAYED):
            return
        leg.machine.step(Input.STAYED)
        if leg.audio and leg.audio.direction == "sendonly":
            leg.machine.step(Input.HOLD)
        leg.note_hold()
        leg.reason = why
        leg.say()
        leg.desk.tell(Trouble("transfer", why))

    def alarm(self, name: Hashable, now: float) -> None:
        """Nothing was heard for long, or the other call should be over by now."""
        if name == "other":
            if self._other is not None:
                self._other(now)
        elif self._leg.state is State.TRANSFERRING:
            asked = self._asked
            self._stay("The other side does not say how the transfer went")
            self._asked = asked  # if it succeeds late, that still counts

    def stop(self) -> None:
        """The call is over. If it was for the sake of a transfer, the other one still has its time to end."""
        self._asked = None
        self._leg.desk.alarm(self, "silence", None)


def _address(dialog: Dialog) -> str:
    """Where others reach the other side of a call: its public address, unless only its Contact leads there."""
    remote = dialog.remote
    if is_anonymous(remote) or not remote.uri.host or ";gr" in dialog.target:
        return dialog.target.partition("?")[0]
    return str(remote.uri).partition("?")[0]
