"""The calls of a line, and what comes in that no conversation has asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from snomtui.errors import MalformedMessage, NoMediaPort
from snomtui.line.answers import dialog_of
from snomtui.line.call import Call
from snomtui.line.desk import Desk
from snomtui.line.events import Trouble
from snomtui.line.incoming import Incoming
from snomtui.line.methods import ALLOW, SERVED, refusal_of
from snomtui.line.outgoing import Outgoing
from snomtui.line.party import message_from
from snomtui.sip.happenings import Arrived, Cancelled, NoAck
from snomtui.sip.headers import Item
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, Response, respond

_DROPPED = {
    "rejected": "The server has locked this user",
    "deactivated": "The server asks to register again",
    "unregistered": "Signed in elsewhere with the same endpoint",
}


class Inbound:
    """All calls of one line."""

    def __init__(
        self,
        desk: Desk,
        notified: Callable[[Request, ServerKey | None, float], bool],
        dropped: Callable[[str, float], None],
    ) -> None:
        """`notified` takes a NOTIFY for a subscription; `dropped` hears that the server ended the registration."""
        self._desk, self._notified, self._dropped = desk, notified, dropped
        self._calls: dict[str, Call] = {}
        self._servers: dict[ServerKey, Incoming] = {}
        self._count = 0
        self.busy: Callable[[], bool] = lambda: False
        """Whether a new call would find this phone busy; set by the phone."""

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls.values()))

    def find(self, id: str) -> Call | None:
        """The call with this id."""
        return self._calls.get(id)

    def _next_id(self) -> str:
        self._count += 1
        return f"{self._desk.account.number}-{self._count}"

    def _ended(self, call: Call) -> None:
        self._calls.pop(call.id, None)
        self._servers = {key: one for key, one in self._servers.items() if one is not call}

    def dial(self, uri: str, number: str, now: float) -> Call:
        """Call `uri`; `number` is what was dialled. Raises `NoMediaPort`."""
        call = Outgoing(self._desk, self._next_id(), self._ended)
        self._calls[call.id] = call
        try:
            call.dial(uri, number, now)
        except NoMediaPort:
            del self._calls[call.id]
            raise
        return call

    def hang_up_all(self, now: float) -> None:
        """End every call."""
        for call in self:
            call.hang_up(now)

    def cut_off(self, why: str, now: float) -> None:
        """The connection is gone."""
        for call in self:
            call.cut_off(why, now)

    # -- what the transactions tell

    def repeated(self, request: Request, response: Response, now: float) -> None:
        """A 2xx to an INVITE came once more: its ACK was lost."""
        dialog = dialog_of(request, response)
        self._desk.acknowledge(dialog.ack(request, self._desk.letterhead.via()), now)

    def happened(self, happening: object, now: float) -> None:
        """A request came, a call was cancelled, or an ACK is missing."""
        match happening:
            case Arrived(request, None):
                self._unanswerable(request, now)
            case Arrived(request, key):
                assert key is not None
                self._arrived(request, key, now)
            case Cancelled(key, request):
                if key in self._servers:
                    self._servers[key].cancelled(request, now)
            case NoAck(key):
                if key in self._servers:
                    self._servers[key].unacknowledged(now)

    def _unanswerable(self, request: Request, now: float) -> None:
        """An ACK to a 2xx, or a BENOTIFY."""
        if request.method == "BENOTIFY":
            self._notified(request, None, now)
        elif request.method == "ACK":
            for call in self:
                if call.owns(request):
                    call.acknowledged(request, now)

    def _arrived(self, request: Request, key: ServerKey, now: float) -> None:
        if request.method == "NOTIFY" and self._notified(request, key, now):
            return
        owner = next((call for call in self._calls.values() if call.owns(request)), None)
        if owner is not None:
            owner.asked(request, key, now)
        elif request.method not in SERVED:
            self._reply(key, request, refusal_of(request.method), now)
        elif request.method == "NOTIFY" and _event(request) == "registration-notify":
            self._reply(key, request, 200, now)
            self._deregistered(request, now)
        elif request.to.tag:
            self._reply(key, request, 481, now)
        else:
            self._unasked(request, key, now)

    def _unasked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request outside every dialog, of a method that is served."""
        required = request.headers.values("Require")
        match request.method:
            case "INVITE" | "OPTIONS" if required:
                self._reply(key, request, 420, now, [("Unsupported", ", ".join(required))])
            case "INVITE":
                self._offered(request, key, now)
            case "OPTIONS":
                self._reply(key, request, 200, now, [("Accept", "application/sdp")])
            case "MESSAGE":
                self._reply(key, request, 200, now)
                self._desk.tell(message_from(request))
            case _:  # it belongs into a dialog
                self._reply(key, request, 481, now)

    def _offered(self, request: Request, key: ServerKey, now: float) -> None:
        if self.busy():
            self._reply(key, request, 486, now)
            return
        call = Incoming(self._desk, self._next_id(), request, key, self._ended)
        self._calls[call.id], self._servers[key] = call, call
        try:
            call.offered(now)
        except MalformedMessage:
            self._ended(call)
            raise
        except NoMediaPort as error:
            self._ended(call)
            self._reply(key, request, 500, now)
            self._desk.tell(Trouble("media", str(error)))

    def _reply(
        self, key: ServerKey, request: Request, status: int, now: float, headers: list[Item] | None = None
    ) -> None:
        extra = [*(headers or []), *([("Allow", ALLOW)] if status in (200, 405, 501) else [])]
        self._desk.reply(key, respond(request, status, tag=self._desk.ids.tag(), headers=extra), now)

    def _deregistered(self, request: Request, now: float) -> None:
        """`deregistered;event=rejected` and the like ([MS-SIPREGE] 3.3)."""
        text = request.body.decode("utf-8", "replace").strip()
        event = text.partition("event=")[2].strip()
        self._dropped(_DROPPED.get(event, "The server has ended the registration"), now)


def _event(request: Request) -> str:
    return (request.headers.get("Event") or "").partition(";")[0].strip().lower()
