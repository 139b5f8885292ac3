"""The blind transfer: the other side is sent elsewhere (RFC 3515)."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from snomtui.line.calltable import Input, State
from snomtui.line.events import Trouble
from snomtui.line.leg import Leg
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Request, Response
from snomtui.sip.reasons import reason_of

_STATUS = re.compile(rb"SIP/2\.0 (\d{3})")


class Transfer:
    """Sends REFER and follows how it goes; owner of the REFER."""

    def __init__(self, leg: Leg, done: Callable[[float], None]) -> None:
        """`done(now)`: the other side has reached the new one, so our call may end."""
        self._leg, self._done = leg, done

    def start(self, to: str, now: float) -> None:
        """Send the other side to the address `to`."""
        desk = self._leg.desk
        self._leg.machine.step(Input.TRANSFER)
        headers: list[Item] = [
            ("Contact", desk.letterhead.contact()),
            ("Refer-To", f"<{to}>"),
            ("Referred-By", f"<{desk.account.uri}>"),
        ]
        self._leg.ask("REFER", self, now, headers)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The other side does it, or will not."""
        if response.status >= 300:
            self._stay(f"The transfer was refused ({response.status} {response.reason})")

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """The REFER came to nothing."""
        self._stay(why)

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._leg.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this REFER; the dialog knows its number."""

    def alarm(self, name: Hashable, now: float) -> None:
        """It sets no timer."""

    def told(self, request: Request, now: float) -> None:
        """How the transfer goes, in a NOTIFY with a piece of SIP (RFC 3420)."""
        found = _STATUS.match(request.body.strip())
        if not found or self._leg.state is not State.TRANSFERRING:
            return
        status = int(found[1])
        if 200 <= status < 300:
            self._done(now)
        elif status >= 300:
            self._stay(f"The transfer failed ({status} {reason_of(status)})")

    def _stay(self, why: str) -> None:
        """The call goes on as it was before, and a person hears why."""
        leg = self._leg
        if not leg.machine.knows(Input.STAYED):
            return
        leg.machine.step(Input.STAYED)
        if leg.audio and leg.audio.direction == "sendonly":
            leg.machine.step(Input.HOLD)
        leg.note_hold()
        leg.reason = why
        leg.say()
        leg.desk.tell(Trouble("transfer", why))
