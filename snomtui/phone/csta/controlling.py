"""Programs that control and watch the phone by CSTA over SIP: their requests are done, their monitors served."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snomtui.kit.box import Log
from snomtui.kit.xml import tag
from snomtui.line.events import CstaAsked, CstaEnded
from snomtui.phone.csta import events
from snomtui.phone.csta.exchange import Exchanged, serve
from snomtui.phone.csta.services import View
from snomtui.phone.csta.words import Asked, CstaFault, Style, read
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.snapshot import CallState

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

MOST = 16
"""So many monitors a session may have."""

Session = tuple[int, int]
"""Identity and number."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """What a program watches."""

    id: str
    session: Session
    identity: int | None
    """None = all identities."""
    style: Style


class Controlling:
    """The part of the hands that programs use."""

    def __init__(self, phone: Phone, do: Callable[[Intent, float], Refusal | None]) -> None:
        self._phone, self._do = phone, do
        self._monitors: dict[str, Monitor] = {}
        self._registers: dict[str, Monitor] = {}
        """Programs that want to hear whether the phone works at all (ECMA-269 13.2)."""
        self._count = 0
        self._up = self._working()

    def asked(self, event: CstaAsked, now: float) -> None:
        """A program wants something: it is done, and answered."""
        done = self._done(event, now)
        line = self._phone.line(event.identity)
        self._phone.put(Log(5, f"CSTA {done.name or 'request'}: {done.why or 'done'}"))
        if line is not None:
            line.calls.remote.answer(event.session, event.request, done.answer, now)

    def _done(self, event: CstaAsked, now: float) -> Exchanged:
        if not event.body:
            return Exchanged(b"")
        session = event.identity, event.session
        style = Style()
        try:
            asked = read(event.body)
            style = asked.style
            if own := self._own.get(asked.name):
                return Exchanged(own(asked, session), asked.name)
        except CstaFault as fault:
            return Exchanged(style.fault(fault), why=str(fault))
        return serve(asked, self._view, lambda wish: self._wish(wish, now))

    def _wish(self, wish: Intent, now: float) -> str:
        refused = self._do(wish, now)
        return refused.why if refused else ""

    def _view(self) -> View:
        """The phone as it is. A call that was begun just now is not on the display yet, but is there."""
        model = self._phone.model
        calls = dict(model.calls)
        for line in self._phone.lines():
            for call in line.calls:
                if call.id not in calls:
                    out = call.invitation is None
                    number = line.account.number
                    calls[call.id] = CallState(call.id, number, "out" if out else "in", "", "", "", "dialling")
        return View(tuple(calls.values()), tuple(model.identities.values()))

    # -- monitors

    @property
    def _own(self) -> Mapping[str, Callable[[Asked, Session], bytes]]:
        """The services that need a session."""
        return {
            "MonitorStart": self._start,
            "MonitorStop": self._stop,
            "SystemRegister": self._register,
            "SystemRegisterCancel": self._cancel,
        }

    def _start(self, asked: Asked, session: Session) -> bytes:
        identity = self._view().identity(asked.text("monitorObject", "deviceObject"))
        made = self._kept(self._monitors, identity, asked, session)
        existing = tag("monitorExistingCalls", None, "true")
        return asked.style.whole("MonitorStartResponse", tag("monitorCrossRefID", None, made.id), existing)

    def _kept(self, where: dict[str, Monitor], identity: int | None, asked: Asked, session: Session) -> Monitor:
        if sum(each.session == session for each in where.values()) >= MOST:
            raise CstaFault("There are too many monitors", "systemResourceAvailability", "overallMonitorLimitExceeded")
        self._count += 1
        made = Monitor(str(self._count), session, identity, asked.style)
        where[made.id] = made
        return made

    def _stop(self, asked: Asked, session: Session) -> bytes:
        id = asked.text("monitorCrossRefID")
        known = self._monitors.get(id)
        if known is None or known.session != session:
            raise CstaFault(f"There is no monitor {id[:20]}", value="invalidCrossRefID")
        del self._monitors[id]
        return asked.style.whole("MonitorStopResponse")

    def _register(self, asked: Asked, session: Session) -> bytes:
        made = self._kept(self._registers, None, asked, session)
        return asked.style.whole("SystemRegisterResponse", tag("sysStatRegisterID", None, made.id))

    def _cancel(self, asked: Asked, session: Session) -> bytes:
        id = asked.text("sysStatRegisterID")
        known = self._registers.get(id)
        if known is None or known.session != session:
            raise CstaFault(f"There is no registration {id[:20]}", value="invalidCrossRefID")
        del self._registers[id]
        return asked.style.whole("SystemRegisterCancelResponse")

    def _working(self) -> bool:
        """Whether any identity is registered."""
        return any(identity.state == "registered" for identity in self._phone.model.identities.values())

    def registered(self, now: float) -> None:
        """A registration took a step: does the phone work, or no longer?"""
        before, self._up = self._up, self._working()
        for each in list(self._registers.values()) if before != self._up else ():
            status = tag("systemStatus", None, "normal" if self._up else "disabled")
            body = each.style.whole("SystemStatus", tag("sysStatRegisterID", None, each.id), status)
            if line := self._phone.line(each.session[0]):
                line.calls.remote.report(each.session[1], body, now)

    def called(self, before: CallState | None, call: CallState, now: float) -> None:
        """A call took a step: whoever watches is told."""
        view = View((), tuple(self._phone.model.identities.values()))
        for monitor in list(self._monitors.values()):
            line = self._phone.line(monitor.session[0])
            if line is None or monitor.identity not in (None, call.identity):
                continue
            for body in events.told(monitor.id, monitor.style, view, before, call):
                line.calls.remote.report(monitor.session[1], body, now)

    def ended(self, event: CstaEnded) -> None:
        """A session is over."""
        gone = event.identity, event.session
        for kept in (self._monitors, self._registers):
            for each in [each for each in kept.values() if each.session == gone]:
                del kept[each.id]
