"""A telephone exchange over UDP as a box: registrar, presence server and the far end of calls, with real transactions.

It repeats what gets lost and takes what comes twice, so it can stand in bad weather. Everything is on its own clock.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from random import Random

from snomtui.kit.box import Conn, HostPort, Linked, Output, Send, Up
from snomtui.kit.ids import Ids
from snomtui.kit.timers import Timers
from snomtui.presence import Availability, Presence
from snomtui.simple.pidf import build_pidf
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.sdp import Sdp, sdp_part
from snomtui.sip.stream import Ping, Trouble, datagram
from snomtui.sip.transaction import (
    Answered,
    Arrived,
    Cancelled,
    ClientKey,
    Failed,
    Happening,
    NoAck,
    Repeated,
    ServerKey,
    Transactions,
    Wire,
)
from tests.line.peer import sdp

HERE = "127.0.0.1:5060"
ALLOW = "INVITE, ACK, BYE, CANCEL, NOTIFY, OPTIONS"
MIRROR = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
RINGS = 2.0
"""Seconds until a call is answered."""


@dataclass
class Call:
    """One call as the exchange sees it."""

    dialog: Dialog | None
    invite: Request
    key: ServerKey | ClientKey
    state: str
    """`ringing`, `accepted` (the ACK is to come), `talking`."""
    direction: str = "sendrecv"
    """What the phone said last."""


class Exchange:
    """Registers everybody, tells everybody's presence, and answers every call after two seconds."""

    name = "exchange"

    def __init__(self, seed: int = 1) -> None:
        self.timers = Timers()
        self.layer = Transactions(self.timers)
        self.ids = Ids(Random(seed).randbytes)
        self.wire = Wire(0, False)
        self.bound: dict[str, str] = {}
        """Contact by address of record."""
        self.watchers: dict[str, Dialog] = {}
        """Subscriptions by Call-ID."""
        self.published: dict[str, str] = {}
        """Documents by entity tag."""
        self.calls: dict[str, Call] = {}
        """By Call-ID."""
        self.ended: list[str] = []
        """How each call ended: `bye`, `our bye`, `cancelled`, `refused 486`, `no ack`, `failed`."""
        self._out: list[Output] = []

    # -- the five doors

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        assert isinstance(state, Up)
        self.wire = Wire(conn, False)

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        read = datagram(data)
        assert not isinstance(read, Trouble), read
        if read is None or isinstance(read, Ping):
            return
        self._told(self.layer.receive(read, Wire(conn, False, peer), now), now)

    def tick(self, now: float) -> None:
        while (name := self.timers.pop(now)) is not None:
            self._alarm(name, now)

    def outbox(self) -> list[Output]:
        out, self._out = self._out, []
        out += [Send(each.wire.conn, bytes(each.message), each.wire.peer) for each in self.layer.transmit()]
        return out

    def next_wake(self) -> float | None:
        return self.timers.next()

    @property
    def at_rest(self) -> bool:
        """Whether nothing at all is left."""
        left = (self.bound, self.watchers, self.published, self.calls)
        return not any(left) and len(self.layer) == len(self.timers) == 0

    # -- what comes in

    def _told(self, happenings: list[Happening], now: float) -> None:
        for one in happenings:
            match one:
                case Arrived(request, None):
                    self._acknowledged(request)
                case Arrived(request, key):
                    assert key is not None
                    self._asked(request, key, now)
                case Cancelled(key):
                    self._cancelled(key, now)
                case Answered(_, request, response) | Repeated(_, request, response):
                    self._answered(request, response, now)
                case Failed(_, request) if request.method in ("INVITE", "BYE"):
                    self._over(request.call_id, "failed")
                case NoAck(key):
                    self._unacknowledged(key, now)

    def _asked(self, request: Request, key: ServerKey, now: float) -> None:
        match request.method:
            case "REGISTER":
                self._register(request, key, now)
            case "SUBSCRIBE":
                self._subscribe(request, key, now)
            case "PUBLISH":
                self._publish(request, key, now)
            case "INVITE" if request.to.tag:
                self._again(request, key, now)
            case "INVITE":
                self._called(request, key, now)
            case "BYE":
                known = request.call_id in self.calls
                self._reply(key, request, 200 if known else 481, now)
                self._over(request.call_id, "bye")
            case _:
                self._reply(key, request, 200, now)

    def _reply(
        self, key: ServerKey, request: Request, status: int, now: float, *headers: Item, body: bytes = b""
    ) -> None:
        part = ("application/sdp", body) if body else None
        self.layer.respond(key, respond(request, status, tag=self._tag(request), headers=headers, body=part), now)

    def _tag(self, request: Request) -> str:
        return f"x{request.call_id[:8]}"

    # -- registrar and presence

    def _register(self, request: Request, key: ServerKey, now: float) -> None:
        contact = request.headers.get("Contact") or ""
        if request.expires:
            self.bound[request.to.uri.aor] = str(request.contacts[0].uri)
            self._reply(key, request, 200, now, ("Contact", f"{contact};expires=600"))
        else:
            self.bound.pop(request.to.uri.aor, None)
            self._reply(key, request, 200, now)

    def _subscribe(self, request: Request, key: ServerKey, now: float) -> None:
        expires = request.expires or 0
        if request.to.tag and request.call_id not in self.watchers:
            self._reply(key, request, 481, now)
            return
        self._reply(key, request, 200, now, ("Expires", str(expires)), ("Contact", f"<sip:{HERE}>"))
        if request.call_id not in self.watchers:
            self.watchers[request.call_id] = Dialog.uas(request, self._tag(request), f"<sip:{HERE}>")
        state = f"active;expires={expires}" if expires else "terminated;reason=timeout"
        dialog = self.watchers[request.call_id]
        event = request.headers.get("Event") or ""
        notify = dialog.request("NOTIFY", self._via(), [("Event", event), ("Subscription-State", state)])
        pidf = build_pidf(request.uri, Presence(Availability.BUSY), "t1")
        self.layer.request(notify.with_body("application/pidf+xml", pidf), self._to(), "notify", now)
        if not expires:
            del self.watchers[request.call_id]

    def _publish(self, request: Request, key: ServerKey, now: float) -> None:
        tag = request.headers.get("SIP-If-Match")
        if tag is not None and tag not in self.published:
            self._reply(key, request, 412, now)
            return
        self.published.pop(tag or "", None)
        fresh = self.ids.token(8)
        if request.expires:
            self.published[fresh] = request.body.decode()
        self._reply(key, request, 200, now, ("SIP-ETag", fresh), ("Expires", str(request.expires or 0)))

    # -- calls from the phone

    def _called(self, request: Request, key: ServerKey, now: float) -> None:
        dialog = Dialog.uas(request, self._tag(request), f"<sip:{HERE}>")
        self.calls[request.call_id] = Call(dialog, request, key, "ringing", self._direction(request))
        self._reply(key, request, 180, now, ("Contact", f"<sip:{HERE}>"))
        self.timers.start(("answer", request.call_id), now + RINGS)

    def _again(self, request: Request, key: ServerKey, now: float) -> None:
        call = self.calls.get(request.call_id)
        if call is None or call.dialog is None or not call.dialog.takes(request):
            self._reply(key, request, 500 if call else 481, now)
            return
        call.direction, call.key, call.state = self._direction(request), key, "accepted"
        self._accept(call, request, key, now)

    def _accept(self, call: Call, request: Request, key: ServerKey, now: float) -> None:
        call.state = "accepted"
        body = sdp(MIRROR[call.direction])
        self._reply(key, request, 200, now, ("Contact", f"<sip:{HERE}>"), ("Allow", ALLOW), body=body)

    def _alarm(self, name: Hashable, now: float) -> None:
        if isinstance(name, tuple) and name[0] == "answer":
            call = self.calls[name[1]]
            assert isinstance(call.key, ServerKey)
            self._accept(call, call.invite, call.key, now)
        else:
            self._told(self.layer.fire(name, now), now)

    def _acknowledged(self, ack: Request) -> None:
        call = self.calls.get(ack.call_id)
        if call:
            call.state = "talking"

    def _cancelled(self, key: ServerKey, now: float) -> None:
        call = next((each for each in self.calls.values() if each.key == key), None)
        if call:
            self._reply(key, call.invite, 487, now)
            self._over(call.invite.call_id, "cancelled")

    def _unacknowledged(self, key: ServerKey, now: float) -> None:
        call = next((each for each in self.calls.values() if each.key == key), None)
        if call:
            self._over(call.invite.call_id, "no ack")

    # -- calls to the phone

    def call(self, aor: str, now: float) -> str:
        """Call a registered phone; the Call-ID."""
        call_id = self.ids.call_id()
        items: list[Item] = [("Via", self._via()), ("Max-Forwards", "70"), ("To", f"<{aor}>"), ("Call-ID", call_id)]
        items += [("From", f"<sip:anna@example.org>;tag={self.ids.tag()}"), ("CSeq", "1 INVITE")]
        items += [("Contact", f"<sip:anna@{HERE}>"), ("Allow", ALLOW)]
        invite = Request("INVITE", self.bound[aor], Headers.of(*items)).with_body("application/sdp", sdp())
        self.calls[call_id] = Call(None, invite, self.layer.request(invite, self._to(), "call", now), "ringing")
        return call_id

    def cancel(self, call_id: str, now: float) -> None:
        """Take a call back."""
        key = self.calls[call_id].key
        assert isinstance(key, ClientKey)
        self.layer.cancel(key, [], now)

    def ask(self, call_id: str, method: str, now: float, direction: str = "") -> None:
        """Send a BYE, or a re-INVITE with another direction."""
        call = self.calls[call_id]
        assert call.dialog is not None
        body = ("application/sdp", sdp(direction)) if direction else None
        request = call.dialog.request(method, self._via(), [("Contact", f"<sip:anna@{HERE}>")], body)
        self.layer.request(request, self._to(), method, now)
        if direction:
            call.state = "ringing"

    def _answered(self, request: Request, response: Response, now: float) -> None:
        call = self.calls.get(request.call_id)
        if response.status < 200 or request.method not in ("INVITE", "BYE"):
            return
        if request.method == "BYE":
            self._over(request.call_id, "our bye")
        elif response.status >= 300 and not request.to.tag:
            self._over(request.call_id, f"refused {response.status}")
        elif response.status < 300:
            dialog = Dialog.uac(request, response)
            if call and call.dialog is None:
                call.dialog = dialog
            if call:
                call.state, call.direction = "talking", self._direction(response)
            ack = (call.dialog if call and call.dialog else dialog).ack(request, self._via())
            self._out.append(Send(self._to().conn, bytes(ack), self._to().peer))

    def _over(self, call_id: str, why: str) -> None:
        if self.calls.pop(call_id, None):
            self.timers.stop(("answer", call_id))
            self.ended.append(why)

    # -- addresses

    def _via(self) -> str:
        return f"SIP/2.0/UDP {HERE};rport;branch={self.ids.branch()}"

    def _to(self) -> Wire:
        """The one phone there is."""
        return Wire(self.wire.conn, False, ("127.0.0.1", 40000))

    @staticmethod
    def _direction(message: Request | Response) -> str:
        body = sdp_part(message)
        parsed = Sdp.parse(body or b"")
        return parsed.direction(parsed.media[0])
