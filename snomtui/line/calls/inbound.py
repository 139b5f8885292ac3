"""The calls of a line, and what comes in that no conversation has asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from snomtui.errors import LocalError, MalformedMessage, NoMediaPort
from snomtui.line.answers import dialog_of
from snomtui.line.calls.call import Call
from snomtui.line.calls.chatroom import ChatRoom
from snomtui.line.calls.controlled import Controlled
from snomtui.line.calls.diversion import Ways, divert, nowhere
from snomtui.line.calls.incoming import Incoming
from snomtui.line.calls.late import Late
from snomtui.line.calls.outgoing import Outgoing
from snomtui.line.calls.party import Party
from snomtui.line.calls.plain import answer
from snomtui.line.calls.referred import Referrals
from snomtui.line.calls.replaces import Key, replaces_of
from snomtui.line.calls.takeover import ruling, take_over
from snomtui.line.desk import Desk
from snomtui.line.events import NotifyCame, TransferCame, Trouble, XmlPushed
from snomtui.line.methods import ALLOW, CONTROLLED, DOCUMENT, SERVICE
from snomtui.ocs.chatoffer import is_chat
from snomtui.sip.happenings import Arrived, Cancelled, NoAck, Stray
from snomtui.sip.headers import Item
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.uri import checked
from snomtui.sip.validity import Refusal, answer_as_it_is, refusal

MOST = 32
"""So many calls of one line at a time; further ones find it busy, whoever floods us with them."""
KEPT = 8
"""So many INVITEs of one call are remembered for their ACK."""
_DROPPED = {
    "rejected": "The server has locked this user",
    "deactivated": "The server asks to register again",
    "unregistered": "Signed in elsewhere with the same endpoint",
}
_FOR_GOOD = frozenset({"rejected", "unregistered"})
"""Who comes back at once is thrown out again, or throws out another phone of the same person ([MS-SIPREGE] 3.2)."""


class Inbound:
    """All calls of one line."""

    def __init__(
        self,
        desk: Desk,
        notified: Callable[[Request, ServerKey | None, float], bool],
        dropped: Callable[[str, bool, float], None],
        merged: Callable[[Request, ServerKey], bool],
    ) -> None:
        """`notified` takes a NOTIFY for a subscription; `dropped` hears why the server ended the registration, and
        whether it is for good.

        `merged` knows whether a request is a copy of one that came another way.
        """
        self._desk, self._notified, self._dropped, self._merged = desk, notified, dropped, merged
        self._calls: dict[str, Call] = {}
        self._by_call_id: dict[str, list[Call]] = {}
        """Two of them, when the phone calls itself."""
        self._servers: dict[ServerKey, Call] = {}
        """INVITEs to us by their transactions."""
        self.most = MOST
        """So many calls may there be at a time."""
        self._count = 0
        self._past: deque[Key] = deque(maxlen=64)
        """Dialogs that ended lately."""
        self._late = Late(desk, self._past)
        self._referrals = Referrals(desk, self.dial, self._crowded)
        self.chats = ChatRoom(desk, self._past, self._late.remember)
        """Conversations in writing, which are no calls."""
        self.remote = Controlled(desk)
        """Whoever controls the phone by SIP."""
        self.busy: Callable[[], bool] = lambda: False
        """Whether a new call would find this phone busy; set by the phone."""
        self.pushes: Callable[[str], bool] = lambda host: False
        """Whether a host may send documents for the display, "" = our server; set by the phone."""
        self.welcome: Callable[[Party], bool | None] = lambda caller: None
        """Whether a caller gets through although it is busy, or never does; None = as with everybody."""
        self.ways: Ways = nowhere
        """Where calls to us go instead; set by the phone."""

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
        others = [one for one in self._of(call.call_id) if one is not call]
        if others:
            self._by_call_id[call.call_id] = others
        else:
            self._by_call_id.pop(call.call_id, None)
        self._past += [dialog.key for dialog in call.dialogs()]
        for key in call.keys:
            self._servers.pop(key, None)

    def _begun(self, call: Call) -> None:
        self._calls[call.id] = call
        self._by_call_id.setdefault(call.call_id, []).append(call)

    def _of(self, call_id: str) -> list[Call]:
        return self._by_call_id.get(call_id, [])

    def _await_ack(self, call: Call, key: ServerKey) -> None:
        """Note whose INVITE this is; the oldest ones of a long call were acknowledged long ago."""
        self._servers[key] = call
        call.keys.append(key)
        while len(call.keys) > KEPT:
            self._servers.pop(call.keys.pop(0), None)

    def dial(self, uri: str, number: str, now: float, headers: Iterable[Item] = ()) -> Call:
        """Call `uri`; `number` is what was dialled, `headers` go with it.

        Raises `NoMediaPort`, and `LocalError` if `uri` is none or there are too many calls; nothing is left of it then.
        """
        checked(uri)
        if self._crowded():
            raise LocalError(f"There are {len(self._calls)} calls, which is as many as there may be")
        call = Outgoing(self._desk, self._next_id(), self._ended)
        call.referred, call.controlled = self._referrals.inside, self.remote.notified
        self._begun(call)
        try:
            call.dial(uri, number, now, headers)
        except Exception as error:
            call.abandon(str(error), now)
            raise
        self._late.remember(call.call_id)
        return call

    def leave(self, now: float) -> None:
        """End every call and every conversation."""
        self.hang_up_all(now)
        self.chats.leave(now)
        self.remote.leave(now)

    def hang_up_all(self, now: float) -> None:
        """End every call."""
        for call in self:
            call.hang_up(now)

    def cut_off(self, why: str, now: float) -> None:
        """The connection is gone."""
        for call in self:
            call.cut_off(why, now)
        self.chats.cut_off(now)
        self.remote.cut_off()

    # -- what the transactions tell

    def repeated(self, request: Request, response: Response, now: float) -> None:
        """A 2xx to an INVITE came once more: its ACK was lost."""
        if any(call.repeated(response, now) for call in self._of(response.call_id)):
            return
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
                    self._servers[key].cancelled(key, request, now)
                else:
                    self.chats.cancelled(key, now)
            case NoAck(key):
                if key in self._servers:
                    self._servers[key].unacknowledged(key, now)
                else:
                    self.chats.unacknowledged(key, now)
                    self.remote.unacknowledged(key, now)
            case Stray(response):
                self._astray(response, now)

    def _astray(self, response: Response, now: float) -> None:
        """A 2xx to an INVITE of ours that is over: its ACK was lost with a connection, or we gave up long ago."""
        if response.cseq.method != "INVITE" or response.status // 100 != 2:
            return
        here = (response.call_id, response.from_.tag, response.to.tag)
        call = next((each for each in self._of(response.call_id) if each.dialog and each.dialog.key == here), None)
        if call is None and not self.chats.has(here):
            self._late.accepted(response, now)
        elif call is None or not call.repeated(response, now):
            self._late.acknowledge(response, now)

    def _unanswerable(self, request: Request, now: float) -> None:
        """An ACK to a 2xx, or a BENOTIFY."""
        if request.method == "BENOTIFY":
            self._subscribed(request, None, now)
        elif request.method == "ACK":
            for call in list(self._of(request.call_id)):
                if call.owns(request):
                    call.acknowledged(request, now)
            self.chats.acknowledged(request, now)
            self.remote.acknowledged(request, now)

    def _subscribed(self, request: Request, key: ServerKey | None, now: float) -> bool:
        """Whether a NOTIFY or BENOTIFY is about a subscription; it was taken then."""
        taken = self._notified(request, key, now)
        if taken:
            self._desk.tell(NotifyCame(self._desk.account.number, _event(request)))
        return taken

    def _refused(self, request: Request, key: ServerKey, now: float) -> bool:
        """Whether a request was one that nobody can serve; it is answered then."""
        found = refusal(request, CONTROLLED if self._desk.account.controls.csta else SERVICE)
        if found is None and not request.to.tag and self._merged(request, key):
            found = Refusal(482)
        if found:
            self._desk.reply(key, answer_as_it_is(request, found), now)
        return found is not None

    def _arrived(self, request: Request, key: ServerKey, now: float) -> None:
        if self._refused(request, key, now):
            return
        if request.method == "NOTIFY" and self._subscribed(request, key, now):
            return
        owner = next((call for call in self._of(request.call_id) if call.owns(request)), None)
        if owner is not None:
            if request.method == "INVITE":
                self._await_ack(owner, key)
            owner.asked(request, key, now)
        elif (chat := self.chats.find(request)) is not None:
            chat.asked(request, key, now)
        elif (session := self.remote.find(request)) is not None:
            self.remote.asked(session, request, key, now)
        elif self._desk.account.ocs and request.method == "NOTIFY" and _event(request) == "registration-notify":
            self._reply(key, request, 200, now)
            self._deregistered(request, now)
        elif request.to.tag:
            self._reply(key, request, 481, now)
        else:
            self._unasked(request, key, now)

    def _unasked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request outside every dialog, of a method that is served."""
        match request.method:
            case "INVITE" if "Replaces" in request.headers:
                self._replacing(request, key, now)
            case _ if "Replaces" in request.headers:
                self._reply(key, request, 400, now)
            case "INVITE" if is_chat(request):
                self.chats.offered(request, key, now)
            case "INVITE" if self.remote.wanted(request):
                self.remote.invited(request, key, now)
            case "INVITE":
                self._offered(request, key, now)
            case "REFER":
                self._referrals.outside(request, key, now)
            case "NOTIFY" if request.content_type == DOCUMENT:
                allowed = self.pushes(self._desk.letterhead.stranger(request))
                self._reply(key, request, 200 if allowed else 403, now)
                if allowed:
                    self._desk.tell(XmlPushed(self._desk.account.number, request.body, DOCUMENT))
            case "NOTIFY" if self.remote.notified(request, key, now):
                pass
            case "OPTIONS" | "MESSAGE":
                status, more = answer(self._desk, request, self._full())
                self._desk.reply(key, respond(request, status, tag=self._desk.ids.tag(), headers=more), now)
            case _:  # it belongs into a dialog
                self._reply(key, request, 481, now)

    def _full(self) -> bool:
        """Whether a further call would be refused."""
        return self._crowded() or self.busy()

    def _crowded(self) -> bool:
        """Whether there are as many calls as there may be."""
        return len(self._calls) >= self.most

    def _offered(self, request: Request, key: ServerKey, now: float) -> None:
        welcome = self.welcome(Party.calling(request))
        if welcome is False:
            self._reply(key, request, 486, now)
            return
        full = self._crowded() or (self.busy() and not welcome)
        way = self.ways("all") or (self.ways("busy") if full else None)
        if way is not None:
            divert(self._desk, self._next_id(), request, key, way, now)
        elif full:
            self._reply(key, request, 486, now)
        else:
            self._taken(request, key, now)

    def _replacing(self, request: Request, key: ServerKey, now: float) -> None:
        """A call that shall take the place of another one (RFC 3891)."""
        replaces = replaces_of(request)
        assert replaces is not None
        old = ruling(replaces, self._of(replaces.call_id), self._past)
        if isinstance(old, int):
            self._reply(key, request, old, now)
            return
        new = self._taken(request, key, now)
        if new is not None and new.id in self._calls:
            take_over(self._desk, old, new, now)
            self._desk.tell(TransferCame(self._desk.account.number, new.id))

    def _taken(self, request: Request, key: ServerKey, now: float) -> Incoming | None:
        call = Incoming(self._desk, self._next_id(), request, key, self._ended)
        call.referred, call.ways, call.controlled = self._referrals.inside, self.ways, self.remote.notified
        self._begun(call)
        self._await_ack(call, key)
        try:
            call.offered(now)
        except MalformedMessage as error:
            call.abandon(str(error), now)
            raise
        except NoMediaPort as error:
            call.abandon(str(error), now)
            self._reply(key, request, 500, now)
            self._desk.tell(Trouble("media", str(error)))
            return None
        return call

    def _reply(
        self, key: ServerKey, request: Request, status: int, now: float, headers: list[Item] | None = None
    ) -> None:
        extra = [*(headers or []), *([("Allow", ALLOW)] if status == 200 else [])]
        self._desk.reply(key, respond(request, status, tag=self._desk.ids.tag(), headers=extra), now)

    def _deregistered(self, request: Request, now: float) -> None:
        """`deregistered;event=rejected` and the like ([MS-SIPREGE] 3.3)."""
        text = request.body.decode("utf-8", "replace").strip()
        event = text.partition("event=")[2].strip()
        self._dropped(_DROPPED.get(event, "The server has ended the registration"), event in _FOR_GOOD, now)


def _event(request: Request) -> str:
    """The event package of a NOTIFY (RFC 6665 8.2.1), in small letters; empty if it names none."""
    return (request.headers.get("Event") or "").partition(";")[0].strip().lower()
