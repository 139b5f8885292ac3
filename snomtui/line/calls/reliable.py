"""A provisional answer of ours that is repeated until its PRACK is here (RFC 3262 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from snomtui.line.calls.leg import Leg
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response

_RACK = re.compile(r"\s*0*([0-9]{1,10})\s+0*([0-9]{1,10})\s+(\S+)\s*")
_FIRST = 2**31 - 2
"""The first RSeq is drawn from 1 to 2^31 - 1 (RFC 3262 3)."""


class Reliable:
    """Sends provisional answers to one INVITE, one after the other."""

    def __init__(self, leg: Leg, invite: Request, key: ServerKey, given_up: Callable[[float], None]) -> None:
        """`given_up(now)`: no PRACK came within 64 * T1."""
        self._leg, self._invite, self._key, self._given_up = leg, invite, key, given_up
        self._number = 1 + int.from_bytes(leg.desk.ids.dice(4), "big") % _FIRST
        self._out: Response | None = None
        """What is repeated."""
        self._pause = self._until = 0.0

    @property
    def described(self) -> bool:
        """Whether a session description waits for its PRACK, so that no 2xx may go out."""
        return self._out is not None and bool(self._out.body)

    @property
    def waiting(self) -> bool:
        """Whether a PRACK is to come."""
        return self._out is not None

    def send(self, response: Response, now: float) -> None:
        """Send an answer, and again at T1, 3 T1, 7 T1 ... whatever the transport."""
        self._number += 1
        headers = response.headers.adding("Require", "100rel").adding("RSeq", str(self._number))
        self._out = response.with_headers(headers)
        self._pause = self._leg.desk.account.t1
        self._until = now + 64 * self._pause
        self._again(now)

    def _again(self, now: float) -> None:
        assert self._out is not None
        self._leg.desk.reply(self._key, self._out, now)
        self._leg.desk.alarm(self, "repeat", min(now + self._pause, self._until))
        self._pause *= 2

    def acknowledged(self, prack: Request) -> bool:
        """Whether this PRACK is for the answer that waits; it waits no longer then."""
        found = _RACK.fullmatch(prack.headers.get("RAck") or "")
        if self._out is None or not found:
            return False
        cseq = self._invite.cseq
        if (int(found[1]), int(found[2]), found[3].upper()) != (self._number, cseq.number, cseq.method):
            return False
        self._out = None
        self.stop()
        return True

    def stop(self) -> None:
        """Repeat nothing any longer; a PRACK that is on its way is still taken."""
        self._leg.desk.alarm(self, "repeat", None)

    # -- as a conversation: it has a timer, and asks for nothing

    def alarm(self, name: Hashable, now: float) -> None:
        """Time for a repeat, or to give up."""
        if self._out is None:
            return
        if now >= self._until:
            self._out = None
            self._given_up(now)
        else:
            self._again(now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """It asks for nothing."""

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """It asks for nothing."""

    def renumbered(self, request: Request) -> int:
        """It asks for nothing."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """It asks for nothing."""
