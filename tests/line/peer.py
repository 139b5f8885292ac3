"""The other side as a test plays it: reads SIP, answers by rules, sends what it is told to. And a line as a box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import TypeVar

from snomtui.errors import NoMediaPort
from snomtui.kit.box import Conn, Digits, HostPort, Linked, Log, Open, Output, Play, Send, Surroundings, Up
from snomtui.line.account import Account, account_of
from snomtui.line.events import CallChanged, Event, RegistrationChanged
from snomtui.line.line import Line
from snomtui.media.plan import Plan
from snomtui.presence import Contact
from snomtui.settings.registry import Settings
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.sdp import Codec, offer
from snomtui.sip.stream import Framer, Ping, Trouble, datagram
from tests.wire import Wire

Rule = Callable[[Request], Response | Iterable[Response] | None]
Kind = TypeVar("Kind")

HEIKO = {
    "user_name1": "heiko",
    "user_host1": "example.org",
    "user_realname1": "Heiko Riedel",
    "user_pname1": "heiko",
    "user_pass1": "secret",
    "user_outbound1": "127.0.0.1:5060;transport=tcp",
    "user_publish_presence_bootup1": "off",
}


def sdp(direction: str = "sendrecv", codecs: str = "PCMA PCMU", port: int = 30000, dtmf: bool = True) -> bytes:
    """A session description as the other side may write it."""
    known = {"PCMA": 8, "PCMU": 0, "G729": 18}
    each = [Codec(known[name], name) for name in codecs.split()]
    each += [Codec(101, "telephone-event", fmtp="0-16")] if dtmf else []
    return bytes(offer("192.0.2.9", port, each, 7, 1, direction))


class Peer:
    """A server without memory: every method has a rule, and the test sees everything."""

    name = "peer"

    def __init__(self, **rules: Rule) -> None:
        self.rules: dict[str, Rule] = {"REGISTER": registered, **rules}
        self.requests: list[Request] = []
        self.responses: list[Response] = []
        self.unreadable: list[str] = []
        """What came and was no SIP; a test that sends garbage may get some of it back in the answer."""
        self.pings = 0
        self.conn: Conn = 0
        self.downs: list[str] = []
        self._peer: HostPort | None = None
        self._framers: dict[Conn, Framer] = {}
        self._udp: set[Conn] = set()
        self._out: list[Output] = []
        self._branches = Random(5)

    # -- the five doors

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        if isinstance(state, Up):
            self.conn = conn
            self._framers[conn] = Framer()
            if state.transport == "udp":
                self._udp.add(conn)
        else:
            self.downs.append(state.why)

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        self.conn, self._peer = conn, peer
        reads = [datagram(data)] if conn in self._udp else self._framers[conn].feed(data)
        for read in reads:
            if isinstance(read, Trouble):
                self.unreadable.append(str(read.error))
            elif isinstance(read, Ping):
                self.pings += 1
            elif isinstance(read, Response):
                self.responses.append(read)
            elif read is not None:
                self._asked(read)

    def tick(self, now: float) -> None:
        """It has no clock."""

    def outbox(self) -> list[Output]:
        out, self._out = self._out, []
        return out

    def next_wake(self) -> float | None:
        return None

    # -- what it does

    def _asked(self, request: Request) -> None:
        request.check()
        self.requests.append(request)
        rule = self.rules.get(request.method)
        answer = rule(request) if rule else None
        for response in [answer] if isinstance(answer, Response) else answer or ():
            self.send(response)

    def send(self, message: Message | bytes) -> None:
        """Put a message, or any bytes, on the wire."""
        self._out.append(Send(self.conn, bytes(message), self._peer))

    def asked(self, method: str) -> list[Request]:
        """All requests of one method, in order."""
        return [request for request in self.requests if request.method == method]

    def last(self, method: str) -> Request:
        """The last request of one method."""
        return self.asked(method)[-1]

    def answers(self, method: str) -> list[int]:
        """The statuses of all answers to requests of one method."""
        return [response.status for response in self.responses if response.cseq.method == method]

    def answered(self, method: str) -> Response:
        """The last answer to a request of one method."""
        return [response for response in self.responses if response.cseq.method == method][-1]

    # -- what it asks

    def via(self) -> str:
        """A Via with a new branch."""
        kind = "UDP" if self.conn in self._udp else "TCP"
        return f"SIP/2.0/{kind} 127.0.0.1:5060;branch=z9hG4bK-{self._branches.randbytes(6).hex()}"

    def make(
        self,
        method: str,
        *more: Item,
        uri: str = "sip:heiko@127.0.0.1",
        to: str = "<sip:heiko@example.org>",
        call_id: str = "asked-by-peer",
        cseq: int = 1,
        caller: str = '"Anna" <sip:anna@example.org>;tag=theirs',
        body: tuple[str, bytes] | None = None,
    ) -> Request:
        """A request of the other side."""
        items: list[Item] = [("Via", self.via()), ("Max-Forwards", "70"), ("From", caller), ("To", to)]
        items += [("Call-ID", call_id), ("CSeq", f"{cseq} {method}"), *more]
        request = Request(method, uri, Headers.of(*items))
        return request.with_body(*body) if body else request

    def invite(self, *more: Item, body: bytes | None = None, call_id: str = "asked-by-peer") -> Request:
        """Call the phone."""
        request = self.make("INVITE", ("Contact", "<sip:anna@127.0.0.1:5060>"), *more, call_id=call_id)
        request = request.with_body("application/sdp", sdp() if body is None else body) if body != b"" else request
        self.send(request)
        return request

    def dialog_of_invite(self, request: Request) -> Dialog:
        """The dialog of a call to the phone, after its last answer."""
        answer = [each for each in self.responses if each.call_id == request.call_id and each.cseq.method == "INVITE"]
        return Dialog.uac(request, answer[-1])


def registered(request: Request) -> Response:
    """200 with the contact as it was registered, for ten minutes."""
    expires = request.expires or 0
    bound = [("Contact", f"{request.headers.get('Contact')};expires={min(expires, 600)}")] if expires else []
    return respond(request, 200, tag="reg", headers=bound)


def says(status: int, *headers: Item, reason: str = "") -> Rule:
    """A rule that always answers the same."""
    return lambda request: respond(request, status, reason, tag="fixed", headers=headers)


def in_turn(*rules: Rule) -> Rule:
    """A rule that answers differently each time; the last one stays."""
    left = list(rules)
    return lambda request: (left.pop(0) if len(left) > 1 else left[0])(request)


def silent(request: Request) -> None:
    """A rule that never answers."""


def ringing(request: Request, tag: str = "callee", *headers: Item) -> Response:
    """180."""
    return respond(request, 180, tag=tag, headers=[("Contact", "<sip:callee@127.0.0.1:5060>"), *headers])


def accepted(request: Request, tag: str = "callee", body: bytes | None = None) -> Response:
    """200 with a session description."""
    made = respond(request, 200, tag=tag, headers=[("Contact", "<sip:callee@127.0.0.1:5060>")])
    return made.with_body("application/sdp", sdp() if body is None else body) if body != b"" else made


class LineBox:
    """A line as a box of its own, with what it told."""

    name = "line"

    def __init__(self, settings: Mapping[str, str], contacts: tuple[Contact, ...] = (), seed: int = 1) -> None:
        account = account_of(Settings(dict(settings)), 1, "snom370")
        assert account is not None
        self.account: Account = account
        self.reserved: list[int] = []
        self.ports_left = 1000
        self._numbers = iter(range(1, 10**6))
        surroundings = Surroundings(Random(seed).randbytes, self._reserve)
        self.line = Line(account, surroundings, lambda: next(self._numbers), "snom370", contacts)
        self.told: list[Event] = []
        self.done: list[Output] = []

    def _reserve(self) -> int:
        if not self.ports_left:
            raise NoMediaPort("No RTP port is free")
        self.ports_left -= 1
        self.reserved.append(20000 + 2 * len(self.reserved))
        return self.reserved[-1]

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        self.line.linked(conn, state, now)

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        self.line.receive(conn, data, now, peer)

    def tick(self, now: float) -> None:
        self.line.tick(now)

    def outbox(self) -> list[Output]:
        self.told += self.line.events()
        out = self.line.outbox()
        self.done += out
        return out

    def next_wake(self) -> float | None:
        return self.line.next_wake()

    def of(self, kind: type[Kind]) -> list[Kind]:
        """All events of one kind."""
        return [event for event in self.told if isinstance(event, kind)]


class Bench:
    """A line and its other side on one wire."""

    def __init__(
        self,
        peer: Peer | None = None,
        contacts: tuple[Contact, ...] = (),
        lose: Callable[[object], bool] | None = None,
        start: bool = True,
        **settings: str,
    ) -> None:
        """`settings` are added to Heiko's, or replace them."""
        self.peer = peer or Peer()
        self.box = LineBox({**HEIKO, **settings}, contacts)
        self.line = self.box.line
        self.wire = Wire(self.box, self.peer, lose=lose)
        if start:
            self.line.start(self.now)
            self.settle()

    @property
    def now(self) -> float:
        """The clock."""
        return self.wire.now

    def settle(self) -> None:
        """Let everything be said that is to be said now."""
        self.line.settle(self.now)
        self.wire.settle()

    def advance(self, seconds: float) -> None:
        """Turn the clock."""
        self.line.settle(self.now)
        self.wire.advance(seconds)

    def tell(self, *messages: Message | bytes) -> None:
        """The other side sends something."""
        for message in messages:
            self.peer.send(message)
        self.settle()

    # -- what happened

    @property
    def registration(self) -> RegistrationChanged:
        """What was told last about the registration."""
        return self.box.of(RegistrationChanged)[-1]

    @property
    def registrations(self) -> list[str]:
        """The states of the registration, in order."""
        return [event.state for event in self.box.of(RegistrationChanged)]

    def calls(self, id: str = "1-1") -> list[str]:
        """The states of one call, in order."""
        return [event.state for event in self.box.of(CallChanged) if event.id == id]

    def call(self, id: str = "1-1") -> CallChanged:
        """What was told last about one call."""
        return [event for event in self.box.of(CallChanged) if event.id == id][-1]

    @property
    def log(self) -> list[str]:
        """The phone's log, without the time."""
        return [f"[{line.level}] {line.text}" for line in self.box.done if isinstance(line, Log)]

    @property
    def opened(self) -> int:
        """How many connections were asked for."""
        return sum(isinstance(each, Open) for each in self.box.done)

    @property
    def plans(self) -> list[Plan | None]:
        """All media plans, in order; None ends a stream."""
        plans = [each.plan for each in self.box.done if isinstance(each, Play)]
        assert all(plan is None or isinstance(plan, Plan) for plan in plans)
        return [plan if isinstance(plan, Plan) else None for plan in plans]

    @property
    def digits(self) -> list[str]:
        """All DTMF digits."""
        return [each.digits for each in self.box.done if isinstance(each, Digits)]

    def dial(self, uri: str = "sip:bob@example.org") -> str:
        """Call somebody; the call's id."""
        call = self.line.calls.dial(uri, uri.partition(":")[2].partition("@")[0], self.now)
        self.settle()
        return call.id

    def hang_up(self, id: str = "1-1") -> None:
        """End a call."""
        call = self.line.calls.find(id)
        assert call is not None
        call.hang_up(self.now)
        self.settle()

    def no_port_leaks(self) -> None:
        """Every reserved RTP port was given back exactly once, and after that nothing was played on it."""
        ended = [each.port for each in self.box.done if isinstance(each, Play) and each.plan is None]
        assert sorted(ended) == self.box.reserved
        for port in self.box.reserved:
            plays = [each.plan for each in self.box.done if isinstance(each, Play) and each.port == port]
            assert plays[-1] is None
