"""Action URLs: what web servers are told when something happens on the phone (fact file, chapter 2).

Each is one GET that nobody waits for. An answer that is a document of the minibrowser is shown, any other is ignored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from snomtui.kit.box import Log
from snomtui.line.events import CallChanged, RegistrationChanged, TransferCame
from snomtui.phone import redirection
from snomtui.phone.browser import links
from snomtui.phone.csta.numbers import number_of
from snomtui.phone.events import ActionTold
from snomtui.phone.history import Record
from snomtui.phone.keys import call_on
from snomtui.phone.snapshot import CallState
from snomtui.sip.message import Request

if TYPE_CHECKING:
    from snomtui.phone.browser.browsing import Browsing
    from snomtui.phone.phone import Phone

MOST, WITHIN = 50, 10.0
"""So many action URLs within so many seconds; what is more is left out, lest a page causes events without end."""
KEPT = 64
"""So many calls are remembered by their Call-ID."""
LONG_PRESS = 500
"""From so many milliseconds on a press is a long one."""
MOST_HEADERS, LONGEST_HEADER = 60, 500
"""So many headers of an INVITE are kept for `$sip_header(NAME)`, of so many characters."""
_BAD = ("refused", "waiting")
_OWN_HEADERS = frozenset(
    {
        *("via", "route", "record-route", "from", "to", "call-id", "cseq", "contact", "max-forwards"),
        *("content-length", "content-type", "authorization", "proxy-authorization"),
    }
)
"""Headers of SIP itself, which `$sip_header(NAME)` does not tell, and what proves who somebody is."""


class Actions:
    """Tells web servers what happens."""

    def __init__(self, phone: Phone, browsing: Callable[[], Browsing]) -> None:
        """`browsing` loads the minibrowser, which is needed only for phones that tell something or show pages."""
        self._phone, self._browsing = phone, browsing
        self._ids: dict[str, dict[str, str]] = {}
        """The variables that are known only while a call is there, such as `call-id`, by call."""
        self._sent: deque[float] = deque(maxlen=MOST)
        self._before = self._switches()

    def fire(
        self, setting: str, now: float, call: CallState | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        """Something happened: its action URL, if there is one, is fetched. `more`: variables of this moment."""
        template = self._phone.settings.text(setting).strip()
        if not template:
            return
        if len(self._sent) == MOST and self._sent[0] > now - WITHIN:
            self._phone.put(Log(2, f"{setting}: too many action URLs, this one is left out"))
            self._phone.tell(ActionTold(setting, links.hushed(template), 0, "Too many action URLs"))
            return
        self._sent.append(now)
        call = call or self._phone.model.call
        known = {**(self._ids.get(call.id, {}) if call else {}), **(more or {})}
        url = self._browsing().act(setting, template, now, call, known)
        if url:
            parts = urlsplit(links.hushed(url))
            file = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            self._phone.put(Log(2, f"Sending post request host = {parts.netloc}, file = {file}"))

    # -- what happens

    def called(self, event: CallChanged, before: CallState | None, record: Record | None, now: float) -> None:
        """A call took a step; `record` is what was noted of it at its end."""
        call = self._phone.model.calls.get(event.id)
        if call is None or (before is not None and before.state == call.state):
            return
        if before is None:
            self._remember(call)
        for setting in _steps(before, call, record):
            self.fire(setting, now, call)

    def registered(self, event: RegistrationChanged, before: str, now: float) -> None:
        """A registration took a step; `before` is the state it was in."""
        if event.state == before:
            return
        if event.state == "registered" and before != "registered":
            self.fire("action_log_on_url", now)
        elif event.state == "off" and before not in ("", "off"):
            self.fire("action_log_off_url", now)
        elif event.state in _BAD and before not in _BAD:
            self.fire("action_reg_failed", now)

    def transferred(self, attended: bool, call: CallState | None, now: float) -> None:
        """A person has sent the other side elsewhere."""
        self.fire("action_attended_transfer" if attended else "action_blind_transfer", now, call)
        self.fire("action_transfer", now, call)

    def received(self, event: TransferCame, now: float) -> None:
        """The other side has connected us with somebody else."""
        self.fire("action_received_attended_transfer", now, self._phone.model.calls.get(event.id))

    def notified(self, now: float) -> None:
        """A server told something that we have subscribed to."""
        self.fire("action_received_subscr_notify_url", now)

    def held_down(self, key: str, time: int, now: float) -> None:
        """A programmable key was pressed for so many milliseconds."""
        if time >= LONG_PRESS and key.startswith("P") and key[1:].isdigit():
            self.fire("action_longpress_url", now, call_on(self._phone.model, key), {"longpress_key": key})

    def settle(self, now: float) -> None:
        """After each step of the phone: has a receiver been lifted, or something been switched?"""
        if self._phone.model.browser.pages:
            self._browsing().settle()
        before, self._before = self._before, self._switches()
        names = ("offhook", "dnd_on", "redirection_on"), ("onhook", "dnd_off", "redirection_off")
        for place, (was, is_now) in enumerate(zip(before, self._before, strict=True)):
            if was != is_now:
                self.fire(f"action_{names[0 if is_now else 1][place]}_url", now)

    def _switches(self) -> tuple[bool, bool, bool]:
        model = self._phone.model
        redirects = any(redirection.works(model.settings, kind) for kind in redirection.KINDS)
        return bool(model.device), model.settings.on("dnd_mode"), redirects

    def _remember(self, call: CallState) -> None:
        line = self._phone.line(call.identity)
        found = line.calls.find(call.id) if line else None
        number = number_of(call)
        known = {"call-id": found.call_id if found else "", "csta_id": number, "csta-id": number}
        invite = found.invitation if found else None
        self._ids.pop(call.id, None)
        self._ids[call.id] = known | (_headers(invite) if invite else {})
        while len(self._ids) > KEPT:
            del self._ids[next(iter(self._ids))]


def _headers(invite: Request) -> dict[str, str]:
    """What `$sip_header(NAME)` can be: the first header of each name, but for those of SIP itself."""
    found: dict[str, str] = {}
    for name, value in invite.headers:
        name = name.lower()
        if name not in _OWN_HEADERS and len(found) < MOST_HEADERS:
            found.setdefault(f"sip_header({name})", value[:LONGEST_HEADER])
    return found


def _steps(before: CallState | None, call: CallState, record: Record | None) -> list[str]:
    """The action URLs of one step. Whoever rejects a ringing call fires none, as with the real phone."""
    incoming = call.direction == "in"
    was = before.state if before else ""
    match call.state:
        case "offered" if not was:
            return ["action_incoming_url"]
        case "dialling" | "ringing" if not was:
            return ["action_outgoing_url"]
        case "talking" if before is None or not before.since:
            return ["action_connected_url"] if was or incoming else ["action_outgoing_url", "action_connected_url"]
        case "talking" if was == "holding":
            return ["action_unhold"]
        case "holding":
            return ["action_hold"]
        case "ended" if record is not None and record.which == "missed":
            return ["action_missed_url"]
        case "ended" if before is not None and (before.since or not incoming):
            return ["action_disconnected_url"]
    return []
