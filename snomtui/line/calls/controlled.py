"""Remote control by SIP: NOTIFYs that press a key or start the phone again, and programs that speak CSTA."""

from __future__ import annotations

from snomtui.line.calls.call import Call
from snomtui.line.calls.cstasession import KIND, CstaSession
from snomtui.line.calls.gate import Gate
from snomtui.line.desk import Desk
from snomtui.line.events import CstaAsked, CstaEnded, KeyAsked, RestartAsked
from snomtui.line.methods import ALLOW
from snomtui.sip.headers import Item
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, respond

MOST = 8
"""So many CSTA sessions there may be at a time; the oldest one goes for a new one."""
_KEYS = ("talk", "hold")
_RESTARTS = ("check-sync", "reboot")


class Controlled:
    """What others may make one line do. The phone hears of it, and does it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.gate = Gate(desk)
        self._sessions: dict[int, CstaSession] = {}
        self._count = 0

    # -- NOTIFY

    def notified(self, request: Request, key: ServerKey, now: float, call: Call | None = None) -> bool:
        """Obey a NOTIFY, in a call or outside of one; False if it is about something else."""
        event, _, parameters = (request.headers.get("Event") or "").strip().lower().partition(";")
        controls, event = self._desk.account.controls, event.strip()
        if event in _KEYS and controls.talk != "off":
            if self._obeyed(request, key, controls.talk, now):
                self._desk.tell(KeyAsked(self._desk.account.number, event, call.id if call else ""))
        elif event in _RESTARTS and call is None:
            how = controls.checksync if event == "check-sync" else controls.reboot
            if how == "off":
                return False
            if self._obeyed(request, key, how, now):
                wanted = event == "reboot" or "reboot=true" in parameters.replace(" ", "")
                self._desk.tell(RestartAsked(self._desk.account.number, wanted))
        else:
            return False
        return True

    def _obeyed(self, request: Request, key: ServerKey, how: str, now: float) -> bool:
        if not self.gate.admits(request, key, how == "challenge", now):
            return False
        self._desk.reply(key, respond(request, 200, tag="" if request.to.tag else self._desk.ids.tag()), now)
        return True

    # -- CSTA

    def wanted(self, request: Request) -> bool:
        """Whether an INVITE begins a CSTA session, and such may be."""
        return self._desk.account.controls.csta and request.content_type == KIND

    def invited(self, request: Request, key: ServerKey, now: float) -> None:
        """Begin a session; raises `MalformedMessage` if no dialog can be made of the INVITE."""
        if not self.gate.admits(request, key, self._desk.account.controls.csta_challenge > 0, now):
            return
        if len(self._sessions) >= MOST:  # a program that crashed never says good-bye
            oldest = next(iter(self._sessions.values()))
            oldest.close(now)
            self._ended(oldest)
        self._count += 1
        session = CstaSession(self._desk, self._count, request, key, self._ended)
        self._sessions[self._count] = session
        self._ask(session, request, key)

    def find(self, request: Request) -> CstaSession | None:
        """The session that a request belongs to."""
        return next((each for each in self._sessions.values() if each.owns(request)), None)

    def asked(self, session: CstaSession, request: Request, key: ServerKey, now: float) -> None:
        """A request in a session."""
        if not session.takes(request, key, now):
            return
        if request.method == "BYE":
            session.left(request, key, now)
        elif request.method in ("INFO", "INVITE", "UPDATE"):
            strict = self._desk.account.controls.csta_challenge > 1
            if self.gate.admits(request, key, strict, now):
                self._served(session, request, key, now)
        else:
            headers: list[Item] = [("Allow", ALLOW)] if request.method == "OPTIONS" else []
            self._desk.reply(key, respond(request, 200 if headers else 481, headers=headers), now)

    def _served(self, session: CstaSession, request: Request, key: ServerKey, now: float) -> None:
        if request.body and request.content_type != KIND:
            self._desk.reply(key, respond(request, 415, headers=[("Accept", KIND)]), now)
        elif request.body:
            self._ask(session, request, key)
        else:
            session.reply(request, key, b"", now)

    def _ask(self, session: CstaSession, request: Request, key: ServerKey) -> None:
        number = session.pending(request, key)
        self._desk.tell(CstaAsked(self._desk.account.number, session.number, number, request.body))

    def answer(self, number: int, asked: int, body: bytes, now: float) -> None:
        """The phone's answer to what was asked in a session; nothing happens if that is over."""
        if session := self._sessions.get(number):
            session.answer(asked, body, now)

    def report(self, number: int, body: bytes, now: float) -> None:
        """Tell an event in a session."""
        if session := self._sessions.get(number):
            session.report(body, now)

    def _ended(self, session: CstaSession) -> None:
        if self._sessions.pop(session.number, None):
            self._desk.tell(CstaEnded(self._desk.account.number, session.number))

    def acknowledged(self, request: Request, now: float) -> None:
        """An ACK to a 2xx came."""
        if session := self.find(request):
            session.acknowledged(now)

    def unacknowledged(self, key: ServerKey, now: float) -> None:
        """The ACK to a 2xx never came."""
        for session in list(self._sessions.values()):
            session.unacknowledged(key, now)

    def leave(self, now: float) -> None:
        """End every session; the phone hears of it now, for the answers come when nobody listens to this line."""
        for session in list(self._sessions.values()):
            session.close(now)
            self._ended(session)

    def cut_off(self) -> None:
        """The connection is gone, and with it the trust in whoever spoke over it."""
        for session in list(self._sessions.values()):
            session.drop()
