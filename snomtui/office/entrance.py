"""The entrance: what becomes of a message that has come in whole, before anybody inside sees it."""

from __future__ import annotations

from typing import Protocol

from snomtui.auth.faults import Fault as Cause
from snomtui.auth.rulings import Admit, Ask, Discard, Forbid, Pass
from snomtui.errors import MalformedMessage
from snomtui.kit.box import Conn
from snomtui.office.desk import Desk
from snomtui.office.faults import Fault
from snomtui.office.gate import Gate
from snomtui.office.people import Person
from snomtui.office.refusals import Refusals, sender_of
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request, respond
from snomtui.sip.transaction import Arrived, Wire

RETRY_AFTER: Item = ("Retry-After", "30")


class Admitted(Protocol):
    """Who takes what was let in."""

    def __call__(self, message: Message, wire: Wire, person: Person | None, auth: str, now: float) -> None:
        """A message of this person, who is None if nobody here is meant; `auth` says how they signed in."""


class Cut(Protocol):
    """Who closes connections."""

    def __call__(self, conn: Conn, why: str, now: float) -> None:
        """Close one."""


class Entrance:
    """Lets messages in, or refuses them and remembers whom."""

    def __init__(self, desk: Desk, gate: Gate, admitted: Admitted, cut: Cut) -> None:
        self._desk, self._gate, self._admitted, self._cut = desk, gate, admitted, cut
        self.refusals = Refusals()
        self.discarded = 0
        """Messages that were dropped in silence, for a wrong signature or for none."""

    def take(self, message: Message, wire: Wire, now: float) -> None:
        """Let one message in, or not."""
        journal = self._desk.journal
        noted = journal.message("in", message, wire.conn, now)
        if isinstance(message, Request) and self._spoilt(message, wire, now):
            return
        try:
            ruling = self._gate.check(message, wire.conn, now)
            noted.judge(ruling)
            match ruling:
                case Admit(account=account, association=association):
                    person = self._desk.people.find(account.uri)
                    self._admitted(message, wire, person, association.auth if association else "digest", now)
                case Pass():
                    phone = self._gate.phone_on(wire.conn, message.from_.uri.aor)
                    self._admitted(message, wire, self._desk.people.find(phone), "digest", now)
                case Ask() | Forbid() if isinstance(message, Request):
                    self._refused(message, ruling, wire, now)
                case Discard(why=why, user=user):
                    if isinstance(message, Request):
                        self.refusals.note(message, ruling, self._desk.links.get(wire.conn), now)
                    self.discard(message, why, wire, now, user.removeprefix("sip:"))
        except MalformedMessage as error:
            journal.note(f"{_title(message)} is malformed: {error}", now, wire.conn)
            if isinstance(message, Request) and message.method != "ACK":
                self._desk.send(wire, respond(message, error.status, tag=self._desk.ids.hex(8)), now)

    def discard(self, message: Message, why: str, wire: Wire, now: float, user: str = "") -> None:
        """Drop a message in silence."""
        self.discarded += 1
        self._desk.journal.note(f"{_title(message)} discarded: {why}", now, wire.conn, user)

    def _spoilt(self, request: Request, wire: Wire, now: float) -> bool:
        """Whether a fault that is switched on has dealt with the request."""
        if Fault.DROP in self._desk.faults:
            self._cut(wire.conn, "fault drop", now)
            return True
        if Fault.UNAVAILABLE in self._desk.faults and request.method != "ACK":
            why = self._desk.diagnostics(1007, "Temporarily cannot route")
            busy = respond(request, 503, tag=self._desk.ids.hex(8), headers=[RETRY_AFTER, why])
            self._desk.send(wire, busy, now)
            return True
        return False

    def _refused(self, request: Request, ruling: Ask | Forbid, wire: Wire, now: float) -> None:
        """Ask for a proof, or refuse one."""
        sender = sender_of(request)
        if isinstance(ruling, Forbid) or ruling.refusal:
            user = sender if isinstance(ruling, Forbid) else ruling.user
            self._desk.journal.note(f"{_title(request)} refused: {ruling.why}", now, wire.conn, user, sender)
            self._desk.log(3, f"{user or 'somebody'} refused: {ruling.why}")
            self.refusals.note(request, ruling, self._desk.links.get(wire.conn), now)
        elif ruling.fault is not Cause.NONE:
            self._desk.journal.note(f"{_title(request)} asked again: {ruling.why}", now, wire.conn, ruling.user, sender)
        # Within a transaction, so that its ACK ends here and is not taken for one that goes on to somebody.
        for happening in self._desk.transactions.receive(request, wire, now):
            if isinstance(happening, Arrived) and happening.key:
                tag = self._desk.ids.hex(8).upper()
                answer = respond(happening.request, ruling.status, ruling.reason, tag=tag, headers=ruling.headers)
                self._desk.transactions.respond(happening.key, answer, now)
        self._desk.flush(now)


def _title(message: Message) -> str:
    return message.method if isinstance(message, Request) else f"answer {message.status}"
