"""One identity at one server: where bytes become conversations, and the only way out for everything that is sent."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import cast

from snomtui.errors import IllegalStep, MalformedMessage, RemoteError
from snomtui.kit.box import Conn, HostPort, Linked, Log, Output, Send, Surroundings
from snomtui.kit.ids import Ids
from snomtui.kit.timers import Timers
from snomtui.line.account import Account, Server
from snomtui.line.calls.inbound import Inbound
from snomtui.line.desk import Conversation
from snomtui.line.events import Event, RegistrationChanged
from snomtui.line.letterhead import Letterhead
from snomtui.line.link import Link
from snomtui.line.link import State as LinkState
from snomtui.line.methods import SERVICE
from snomtui.line.server.challenges import Challenges, guard_for
from snomtui.line.server.intake import STALLED, Intake, witnessed
from snomtui.line.server.reach import Reach
from snomtui.line.server.registration import Registration
from snomtui.line.server.regtable import State as RegistrationState
from snomtui.line.server.waitingroom import WaitingRoom
from snomtui.line.watch.publication import Wish
from snomtui.line.watch.roaming import Roaming
from snomtui.line.watch.wants import Wants
from snomtui.line.watch.watching import Watching
from snomtui.presence import Contact
from snomtui.sip.grammar import readable
from snomtui.sip.happenings import Answered, Failed, Repeated
from snomtui.sip.means import ClientKey, ServerKey, Wire, server_key
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.stream import Ping, Read, Trouble
from snomtui.sip.transaction import Transactions, way_back
from snomtui.sip.validity import answer_as_it_is, refusal_of_trouble

PONG = b"\r\n"


class Line(Wants):
    """One identity with its link, registration, calls, subscriptions and publication."""

    def __init__(
        self,
        account: Account,
        surroundings: Surroundings,
        numbers: Callable[[], Conn],
        model: str,
        contacts: tuple[Contact, ...] = (),
    ) -> None:
        """`numbers` gives fresh connection numbers; `contacts` are those to watch where the server keeps no list."""
        self.account = account
        self.surroundings = surroundings
        self.ids = Ids(surroundings.dice)
        self._timers = Timers()
        self._out: list[Output] = []
        self._events: list[Event] = []
        self._link = Link(account, numbers, self._out.append)
        self._intake = Intake(self._timers)
        self._guard = guard_for(account, surroundings.dice, model.upper(), self._link)
        self._transactions = Transactions(self._timers, account.t1)
        self.letterhead = Letterhead(account, self.ids, self._link, lambda: self.registered)
        self._registration = Registration(self, self._registered)
        parked = WaitingRoom(self._registration, self._timers)
        self._challenges = Challenges(
            self._guard, self._registration, parked, self.letterhead, self._dispatch, self.log
        )
        self._server: Roaming | Watching = (
            Roaming(self, model.upper()) if account.ocs else Watching(self, model, contacts, self.start)
        )
        self._wish = Wish()
        self._proof: float | None = None
        """When the server must be shown anew who we are; another moment = it was shown."""
        self._reach = Reach(self, self._link, self._registration, self._timers, numbers, self._cut)
        self.calls = Inbound(self, self._find_subscription, self._dropped, self._transactions.merged)

    # -- what the phone wants

    def start(self, now: float) -> None:
        """Register, or register again."""
        self._guard.forget()
        self._registration.start(now)
        self._reach.connect(now)

    def leave(self, now: float) -> None:
        """End calls, withdraw, unregister."""
        self.calls.leave(now)
        if self._registration.established:
            self._server.leave(now)
        self._registration.leave(now)

    def close(self) -> None:
        """Let the connection go."""
        self._link.close()

    @property
    def gone(self) -> bool:
        """Whether the registration has ended, no call is left, and nothing waits for an answer or an ACK."""
        left = self._registration.state is RegistrationState.OFF and self._server.quiet
        return left and not self.in_call() and self._transactions.quiet

    @property
    def registered(self) -> bool:
        """Whether the server knows us now."""
        return self._registration.established

    # -- the doors

    @property
    def conn(self) -> Conn:
        """The number of the present connection."""
        return self._link.conn

    def owns(self, conn: Conn) -> bool:
        """Whether a connection is one of this line's."""
        return self._reach.owns(conn)

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        """The server was located, or a connection came up or broke."""
        if conn == self._link.conn:
            self._intake.renew()
        self._reach.linked(conn, state, now)
        self._flush(now)

    def _cut(self, conn: Conn, why: str, now: float) -> None:
        """There is no connection any more, or none to be trusted: what depends on it is over."""
        self._handle(self._transactions.lost(conn, why, now), now)
        self._intake.renew()
        self.letterhead.forget()
        self._server.gone()
        self.calls.cut_off(why, now)
        self._guard.forget()

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        """Bytes came in; what was still on its way when the connection was given up is not read."""
        if conn == self._reach.failback.conn:
            for message in self._reach.failback.received(data):
                witnessed(self.surroundings, message, Wire(conn, True), "none", now)
                self._handle(self._transactions.receive(message, Wire(conn, True), now), now)
        elif conn == self._link.conn:
            self._received(data, now, peer)
        self._flush(now)

    def _received(self, data: bytes, now: float, peer: HostPort | None) -> None:
        reliable = self._link.wire.reliable
        self._reach.heard(data)
        for read in self._intake.read(data, reliable, now):
            if self._link.state is LinkState.UP:
                self._read(read, Wire(self._link.conn, reliable, None if reliable else peer), now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        while (name := self._timers.pop(now)) is not None:
            self._alarm(name, now)
        self._flush(now)

    def next_wake(self) -> float | None:
        """When to be ticked at the latest."""
        return self._timers.next()

    def settle(self, now: float) -> None:
        """After the phone has asked for something: sign and hand out what is to be sent."""
        self._flush(now)

    def outbox(self) -> list[Output]:
        """What is to be done, in order; empties itself."""
        out, self._out[:] = list(self._out), []
        return out

    def events(self) -> list[Event]:
        """What happened; empties itself."""
        events, self._events = self._events, []
        return events

    # -- in

    def _read(self, read: Read, wire: Wire, now: float) -> None:
        if isinstance(read, Ping):
            self._out.append(Send(wire.conn, PONG, wire.peer))
        elif isinstance(read, Trouble):
            self._troubled(read, wire, now)
        else:
            self._message(read, wire, now)

    def _troubled(self, trouble: Trouble, wire: Wire, now: float) -> None:
        witnessed(self.surroundings, trouble.raw, wire, str(trouble.error), now)
        self.log(4, f"Message dropped: {trouble.error}")
        if trouble.request is not None:
            request, wire = way_back(trouble.request, wire)
            refused = refusal_of_trouble(request, trouble.error.status, SERVICE)
            self._transmit(answer_as_it_is(request, refused), wire, now)
        if trouble.fatal:
            self._flush(now)  # what came before it was good, and is answered
            self._reach.hang_up("The server sent bytes that are no SIP", now)

    def _message(self, message: Message, wire: Wire, now: float) -> None:
        try:
            belief = self._guard.verify(message, now)
            witnessed(self.surroundings, message, wire, belief.verdict, now)
            if not belief.ok:
                self._doubted(message, belief.why, now)
                return
            if isinstance(message, Request):
                self.log(8, f"Received {message.method}")
            self._handle(self._transactions.receive(message, wire, now), now)
        except RemoteError as error:
            self.log(4, f"Message dropped: {error}")
            if isinstance(message, Request) and message.method not in ("ACK", "BENOTIFY"):
                self._answer_malformed(message, error, now)

    def _answer_malformed(self, request: Request, error: RemoteError, now: float) -> None:
        status = error.status if isinstance(error, MalformedMessage) else 400
        try:
            self.reply(server_key(request), respond(request, status, tag=self.ids.tag()), now)
        except (MalformedMessage, IllegalStep):
            return  # no answer can be made of it, or it was answered before the trouble was seen

    def _doubted(self, message: Message, why: str, now: float) -> None:
        self.log(3, f"Signature of the server is wrong, message dropped: {why}")
        register = isinstance(message, Response) and message.cseq.method == "REGISTER"
        if register and self._registration.awaits(message):
            self._registration.doubted(why, now)
            self._reach.hang_up("The server could not prove who it is", now)

    def _handle(self, happenings: Iterable[object], now: float) -> None:
        for happening in happenings:
            match happening:
                case Answered(owner, request, response):
                    self._answered(cast(Conversation, owner), request, response, now)
                case Failed(owner, request, status, why):
                    self._challenges.failed(request)
                    cast(Conversation, owner).failed(request, status, why, now)
                    if status == 408 and owner not in (self._registration, self._reach.failback):
                        self._reach.look_after_server(now)
                case Repeated(_, request, response):
                    self.calls.repeated(request, response, now)
                case _:
                    self.calls.happened(happening, now)

    def _answered(self, owner: Conversation, request: Request, response: Response, now: float) -> None:
        if owner is not self._reach.failback:
            if self._challenges.take(request, response, owner, now):
                return
            if request.method == "INVITE" and not request.to.tag and list(self.calls) == [owner]:
                self._flush(now)  # the ACK belongs on this connection
                if self._reach.overloaded(response, now):
                    self._challenges.wait(request, owner, now)
                    return
        owner.answered(request, response, now)

    # -- conversations

    def _registered(self, response: Response, first: bool, now: float) -> None:
        self._reach.registered(response, now)
        proved, self._proof = self._guard.renew_at != self._proof, self._guard.renew_at
        if first:
            self._server.begin(response, now)
        elif proved:
            self._server.proved(now)
        self._server.wish(self._wish, now)
        self._challenges.proved(first, now)

    def _find_subscription(self, request: Request, key: ServerKey | None, now: float) -> bool:
        if found := self._server.notified(request):
            found.notified(request, key, now)
            return True
        if (request.headers.get("Event") or "").lower().startswith("message-summary") and key is not None:
            self.reply(key, respond(request, 200, tag=self.ids.tag()), now)
            if isinstance(self._server, Watching) and request.body:
                self._server.mailbox_came("", request, now)
            return True
        return False

    def _dropped(self, why: str, for_good: bool, now: float) -> None:
        """The server has thrown us out ([MS-SIPREGE] 3.2: registration-notify)."""
        self._server.gone()
        self._flush(now)  # the answer is signed with the association that ends here
        self._guard.forget()
        if for_good:
            self._registration.banned(why, now)
        else:
            self._registration.lost(why, now)

    def _alarm(self, name: Hashable, now: float) -> None:
        if self._reach.alarm(name, now):
            return
        if name == STALLED:
            self._reach.hang_up("The server never finished a message", now)
        elif isinstance(name, tuple) and name[0] == "transaction":
            self._handle(self._transactions.fire(name, now), now)
        elif isinstance(name, tuple):
            name[1].alarm(name[2], now)

    # -- what conversations may ask (`Desk`)

    def send(self, request: Request, owner: Conversation, now: float) -> ClientKey:
        """Send a request, or have it wait for the next connection; the owner hears of it."""
        if self._registration.wanted and self._link.state is not LinkState.UP:
            return self._challenges.wait(request, owner, now)
        return self._dispatch(self._guard.prepare(request, now), owner, now)

    def send_over(self, request: Request, wire: Wire, owner: Conversation, now: float) -> None:
        """Send a request over another connection; it passes no guard, who knows only the line's own."""
        self._transactions.request(request, wire, owner, now)

    def in_call(self) -> bool:
        """Whether there is a call."""
        return any(True for _ in self.calls)

    def _dispatch(self, request: Request, owner: Conversation, now: float) -> ClientKey:
        self._reach.log_sending(request.method, self._challenges.tried)
        return self._transactions.request(request, self._link.wire_for(request), owner, now)

    def reply(self, key: ServerKey, response: Response, now: float) -> None:
        """Answer a request."""
        self._transactions.respond(key, response, now)

    def acknowledge(self, ack: Request, now: float) -> None:
        """Send the ACK to a 2xx."""
        self._transmit(self._guard.prepare(ack, now), self._link.wire_for(ack), now)

    def cancel(self, key: ClientKey, now: float) -> None:
        """Take an INVITE back."""
        if not self._challenges.cancelled(key, now):
            self._transactions.cancel(key, (), now)

    def tell(self, event: Event) -> None:
        """Something happened."""
        self._events.append(event)
        if isinstance(event, RegistrationChanged) and event.state == "off":
            self._reach.rest()
        if isinstance(event, RegistrationChanged) and event.state in ("refused", "waiting"):
            self._server.gone()  # nobody serves whom the registrar does not know

    def log(self, level: int, text: str) -> None:
        """One line of the phone's log."""
        self._out.append(Log(level, readable(text)))

    def put(self, output: Output) -> None:
        """Something for the shell, such as media."""
        self._out.append(output)

    def alarm(self, owner: Conversation, name: Hashable, at: float | None) -> None:
        """Set a timer of a conversation, or stop it with None."""
        if at is None:
            self._timers.stop(("owner", owner, name))
        else:
            self._timers.start(("owner", owner, name), at)

    def reconnect(self, now: float) -> None:
        """Register over the connection there is, or make one."""
        if not self._registration.established:
            self._guard.forget()
        self._reach.connect(now)

    def next_server(self, pause: int | None, now: float) -> bool:
        """Leave this server for the next one, for `pause` seconds; False if there is none."""
        return self._reach.next_server(pause, now)

    def go_to(self, server: Server, now: float) -> None:
        """Connect to another server, to which this one has sent us."""
        self._reach.go_to(server, now)

    def go_home(self) -> None:
        """From the next connection on use the account's own server."""
        self._reach.go_home()

    def transport(self) -> str:
        """`udp`, `tcp` or `tls`."""
        return self._link.transport

    def place(self) -> str:
        """The server in use as people read it: `host:port`."""
        return self._link.place

    def login_refused(self) -> str:
        """Why a login was refused, as far as we can know, in words."""
        return self._challenges.refusal

    def auth(self) -> str:
        """How we have proved who we are, or tried to."""
        return self._challenges.auth

    # -- out: the only exit

    def _flush(self, now: float) -> None:
        """Hand out what transactions want on the wire."""
        self._challenges.give_up(now)
        for each in self._transactions.transmit():
            self._transmit(each.message, each.wire, now)

    def _transmit(self, message: Message, wire: Wire, now: float) -> None:
        if isinstance(message, Request) and "User-Agent" not in message.headers:
            message = message.adding("User-Agent", self.account.user_agent)
        data = bytes(self._guard.seal(message, now) if wire.conn == self._link.conn else message)
        self._out.append(Send(wire.conn, data, wire.peer))
        if wire.conn == self._link.conn:
            self._reach.said(now)
