"""One identity at one server: where bytes become conversations, and the only way out for everything that is sent."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import cast

from snomtui.auth.guard import Guard
from snomtui.errors import IllegalStep, MalformedMessage, RemoteError
from snomtui.kit.box import Conn, Down, HostPort, Log, Output, Send, Surroundings, Up
from snomtui.kit.ids import Ids
from snomtui.kit.timers import Timers
from snomtui.line.account import Account
from snomtui.line.call import Call
from snomtui.line.desk import Conversation
from snomtui.line.events import Event, RegistrationChanged
from snomtui.line.inbound import Inbound
from snomtui.line.link import Link
from snomtui.line.link import State as LinkState
from snomtui.line.publication import Wish
from snomtui.line.registration import Registration, bindings
from snomtui.line.roaming import Roaming
from snomtui.line.seconds import seconds
from snomtui.line.watching import Watching
from snomtui.presence import Contact
from snomtui.sip.happenings import Answered, Failed, Repeated
from snomtui.sip.headers import Headers, Item
from snomtui.sip.means import ClientKey, ServerKey, Wire, client_key, server_key
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.stream import Framer, Ping, Read, Trouble, datagram
from snomtui.sip.transaction import Transactions

PONG = b"\r\n"
KEEP_ALIVE = b"\r\n\r\n"
BETWEEN_HANDSHAKES = 30.0
"""Seconds for which a server must know us before a new handshake is worth it."""


class Line:
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
        self._framer = Framer()
        self._guard = self._new_guard(model)
        self._model = model
        self._transactions = Transactions(self._timers, account.t1)
        self._refusal, self._tried = "", "none"
        self._registration = Registration(self, self._registered)
        self._server: Roaming | Watching = (
            Roaming(self, model.upper()) if account.ocs else Watching(self, model, contacts)
        )
        self._wish = Wish()
        self._gruu = ""
        self._parked: list[tuple[Request, Conversation]] = []
        """Requests that wait until the registration has a new association."""
        self._next_handshake = 0.0
        """Before that moment no challenge to another request than REGISTER starts a new handshake."""
        self._taken_back: set[ClientKey] = set()
        """Requests that were cancelled: no challenge to them is answered."""
        self._silence: float | None = None
        """Seconds after which a keep-alive is due; None = none is wanted."""
        self.calls = Inbound(self, self._find_subscription, self._dropped)

    def _new_guard(self, model: str) -> Guard:
        account = self.account
        return Guard(account.credentials, None, self.surroundings.dice, model.upper(), attempts=account.attempts)

    # -- what the phone wants

    def start(self, now: float) -> None:
        """Register, or register again."""
        self._guard.forget()
        self._registration.start(now)
        self._connect(now)

    def leave(self, now: float) -> None:
        """End calls, withdraw, unregister."""
        self.calls.hang_up_all(now)
        if self._registration.established:
            self._server.leave(now)
        self._registration.leave(now)

    def close(self) -> None:
        """Let the connection go."""
        self._link.close()

    @property
    def gone(self) -> bool:
        """Whether the registration has ended and nothing waits for an answer."""
        return not self._registration.wanted and self._registration.state.name == "OFF"

    @property
    def registered(self) -> bool:
        """Whether the server knows us now."""
        return self._registration.established

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this."""
        self._wish = wish
        if self._registration.established:
            self._server.wish(wish, now)

    # -- the doors

    @property
    def conn(self) -> Conn:
        """The number of the present connection."""
        return self._link.conn

    def linked(self, state: Up | Down, now: float) -> None:
        """The connection came up or broke."""
        self._link.linked(state)
        self._framer = Framer()
        if isinstance(state, Up):
            self.log(7, f"Trusted IP Addresses: {state.transport}:")
            self._registration.connected(now)
        else:
            self._broken(state.why, now)
        self._flush(now)

    def _broken(self, why: str, now: float) -> None:
        self.log(4, f"Connection to {self.account.server} is gone: {why}")
        self._handle(self._transactions.lost(self._link.conn, why, now), now)
        self._timers.stop("keep-alive")
        self._server.gone()
        self._guard.forget()
        if self._registration.state.name in ("REGISTERING", "REGISTERED", "REFRESHING", "LEAVING"):
            self._registration.lost(why, now)

    def receive(self, data: bytes, now: float, peer: HostPort | None = None) -> None:
        """Bytes came in."""
        if self._link.wire.reliable:
            for read in self._framer.feed(data):
                self._read(read, self._link.wire, now)
        else:
            read_one = datagram(data)
            if read_one is not None:
                self._read(read_one, Wire(self._link.conn, False, peer), now)
        self._flush(now)

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
        self.log(4, f"Message dropped: {trouble.error}")
        if trouble.request is not None and trouble.request.method != "ACK":
            answer = respond(trouble.request, trouble.error.status, tag=self.ids.tag())
            self._transmit(answer, wire, now)
        if trouble.fatal:
            self._link.close()
            self._link.linked(Down("The server sent bytes that are no SIP"))
            self._broken("The server sent bytes that are no SIP", now)

    def _message(self, message: Message, wire: Wire, now: float) -> None:
        try:
            belief = self._guard.verify(message, now)
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
        if isinstance(message, Response) and message.cseq.method == "REGISTER":
            self._link.close()
            self._registration.doubted(why, now)

    def _handle(self, happenings: Iterable[object], now: float) -> None:
        for happening in happenings:
            match happening:
                case Answered(owner, request, response):
                    self._answered(cast(Conversation, owner), request, response, now)
                case Failed(owner, request, status, why):
                    self._taken_back.discard(client_key(request))
                    cast(Conversation, owner).failed(request, status, why, now)
                case Repeated(owner, request, response):
                    self.calls.repeated(owner, request, response, now)
                case _:
                    self.calls.happened(happening, now)

    def _answered(self, owner: Conversation, request: Request, response: Response, now: float) -> None:
        sent = client_key(request)
        stale = request.method == "REGISTER" and not self._registration.awaits(request)
        if response.status not in (401, 407) or sent in self._taken_back or stale:
            self._taken_back -= {sent} if response.status >= 200 else set()
            owner.answered(request, response, now)
            return
        verdict = self._guard.challenged(request, response, now)
        self._tried = verdict.auth
        self._write_guard_log()
        if verdict.retry:
            self._again(request, owner, now)
        elif verdict.register and self._may_wait(request, now):
            self._parked.append((request, owner))
        else:
            self._refusal = verdict.why
            owner.answered(request, response, now)

    def _may_wait(self, request: Request, now: float) -> bool:
        """Whether a new handshake runs for this request, but not again and again for a server that forgets us."""
        if request.method == "REGISTER" or not self._registration.established:
            return False
        if self._registration.state.name == "REGISTERED":  # else a REGISTER is out already
            if now < self._next_handshake:
                return False
            self._next_handshake = now + BETWEEN_HANDSHAKES
            self._registration.start(now)
            self._registration.connected(now)
        return True

    def _again(self, request: Request, owner: Conversation, now: float) -> None:
        """The same request once more, as a new transaction (RFC 3261 22.2)."""
        number = request.cseq.number + 1
        headers = request.headers.with_("Via", self.via()).with_("CSeq", f"{number} {request.method}")
        fresh = self._guard.prepare(request.with_headers(headers), now)
        owner.resent(fresh, self._dispatch(fresh, owner, now))

    def _write_guard_log(self) -> None:
        for level, text in self._guard.log():
            self.log(level, text)

    # -- conversations

    def _registered(self, response: Response, first: bool, now: float) -> None:
        account = self.account
        for contact in bindings(response):
            if account.instance in (contact.params.get("+sip.instance") or "").lower():
                self._gruu = contact.params.get("gruu") or self._gruu
        self._keep_alive(response, now)
        if first:
            self._server.begin(now)
        self._server.wish(self._wish, now)
        parked, self._parked = self._parked, []
        for request, owner in parked:
            if isinstance(owner, Call) or not first:  # all others have just begun anew
                self._again(request, owner, now)

    def _keep_alive(self, response: Response, now: float) -> None:
        """OCS says how long silence may last ([MS-CONMGMT] 3.1)."""
        for part in (response.headers.get("ms-keep-alive") or "").split(";"):
            name, _, value = part.strip().partition("=")
            silence = seconds(value) if name.lower() == "timeout" else None
            if silence is not None:
                self._silence = max(5.0, min(silence, 86400) * 0.8)
                self._timers.start("keep-alive", now + self._silence)

    def _find_subscription(self, request: Request, key: ServerKey | None, now: float) -> bool:
        found = self._server.notified(request)
        if found:
            found.notified(request, key, now)
            return True
        if (request.headers.get("Event") or "").lower().startswith("message-summary") and key is not None:
            self.reply(key, respond(request, 200, tag=self.ids.tag()), now)
            if isinstance(self._server, Watching) and request.body:
                self._server.mailbox_came("", request, now)
            return True
        return False

    def _dropped(self, why: str, now: float) -> None:
        """The server has thrown us out ([MS-SIPREGE] 3.3: registration-notify)."""
        self._server.gone()
        self._guard.forget()
        self._registration.lost(why, now)

    def _connect(self, now: float) -> None:
        if self._link.state is LinkState.UP:
            self._registration.connected(now)
            return
        server = self.account.server
        if self.account.proxied:
            self.log(8, f"Routing to outbound proxy {server}")
        self.log(8, f"DNS cache_lookup: a {server.host} ->")
        self._link.open()

    def _alarm(self, name: Hashable, now: float) -> None:
        if name == "keep-alive":
            self._out.append(Send(self._link.conn, KEEP_ALIVE))
            self._timers.start(name, now + (self._silence or 60))
        elif isinstance(name, tuple) and name[0] == "transaction":
            self._handle(self._transactions.fire(name, now), now)
        elif isinstance(name, tuple):
            name[1].alarm(name[2], now)

    # -- what conversations may ask (`Desk`)

    def local_address(self) -> str:
        """The address at which others reach our media."""
        return self.account.address or (self._link.up.local[0] if self._link.up else "127.0.0.1")

    def _here(self) -> str:
        host, port = self._link.up.local if self._link.up else ("127.0.0.1", 5060)
        host = self.account.address or host
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def via(self) -> str:
        """A fresh Via value."""
        rport = "" if self.account.ocs else ";rport"
        return f"SIP/2.0/{self.account.server.transport.upper()} {self._here()};branch={self.ids.branch()}{rport}"

    def contact(self) -> str:
        """Our address for dialogs, in brackets."""
        if self._gruu and self._registration.established:
            return f"<{self._gruu}>"
        transport = self.account.server.transport
        param = "" if transport == "udp" else f";transport={transport}"
        if self.account.ocs:
            return f"<sip:{self._here()}{param};ms-opaque={self._registration.token}>"
        return f"<sip:{self.account.user}@{self._here()}{param};line={self._registration.token}>"

    def caller(self, tag: str) -> str:
        """A From value with our name."""
        account = self.account
        quoted = account.name.replace("\\", "\\\\").replace('"', '\\"')
        epid = f";epid={account.epid}" if account.ocs else ""
        return f'"{quoted}" <{account.uri}>;tag={tag}{epid}' if quoted else f"<{account.uri}>;tag={tag}{epid}"

    def request(
        self, method: str, uri: str, to: str, tag: str, call_id: str, cseq: int, headers: Iterable[Item] = ()
    ) -> Request:
        """A request outside a dialog, with all that every request needs (RFC 3261 8.1.1)."""
        return Request(
            method,
            uri,
            Headers.of(
                ("Via", self.via()),
                ("From", self.caller(tag)),
                ("To", to),
                ("Call-ID", call_id),
                ("CSeq", f"{cseq} {method}"),
                ("Max-Forwards", str(self.account.max_forwards)),
                *headers,
            ),
        )

    def send(self, request: Request, owner: Conversation, now: float) -> ClientKey:
        """Send a request; the owner hears of it."""
        return self._dispatch(self._guard.prepare(request, now), owner, now)

    def _dispatch(self, request: Request, owner: Conversation, now: float) -> ClientKey:
        self._log_sending(request.method)
        return self._transactions.request(request, self._wire_for(request), owner, now)

    def _wire_for(self, request: Request) -> Wire:
        """Over UDP a request inside a dialog goes straight to the next hop (RFC 3261 12.2.1.1)."""
        wire = self._link.wire
        if wire.reliable or not request.to.tag:
            return wire
        hop = request.routes[0].uri if request.routes else request.target
        literal = hop.host.replace(".", "").isdigit() or hop.host.startswith("[")
        return Wire(wire.conn, False, (hop.host, hop.port or 5060)) if literal else wire

    def _log_sending(self, method: str) -> None:
        if self._tried != "none" or method != "REGISTER":
            server = self.account.server
            self.log(8, f"Routing to explicit plan {server.transport} {server.port}")
        self.log(8, f"Send Packet {method}")

    def reply(self, key: ServerKey, response: Response, now: float) -> None:
        """Answer a request."""
        self._transactions.respond(key, response, now)

    def acknowledge(self, ack: Request, now: float) -> None:
        """Send the ACK to a 2xx."""
        self._transmit(self._guard.prepare(ack, now), self._wire_for(ack), now)

    def cancel(self, key: ClientKey, now: float) -> None:
        """Take an INVITE back."""
        for request, owner in [one for one in self._parked if client_key(one[0]) == key]:
            self._parked.remove((request, owner))
            owner.failed(request, 487, "taken back", now)
            return
        self._taken_back.add(key)
        self._transactions.cancel(key, (), now)

    def tell(self, event: Event) -> None:
        """Something happened."""
        self._events.append(event)
        if isinstance(event, RegistrationChanged) and event.state == "off":
            self._timers.stop("keep-alive")

    def log(self, level: int, text: str) -> None:
        """One line of the phone's log."""
        self._out.append(Log(level, text))

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
        self._connect(now)

    def login_refused(self) -> str:
        """Why a login was refused, as far as we can know, in words."""
        return f"The login was refused: {self._refusal}" if self._refusal else "The login was refused"

    def auth(self) -> str:
        """How we have proved who we are, or tried to."""
        return self._guard.auth if self._registration.established else self._tried

    # -- out: the only exit

    def _flush(self, now: float) -> None:
        """Hand out what transactions want on the wire."""
        while self._parked and not self._registration.established:
            request, owner = self._parked.pop()
            owner.failed(request, 503, "The registration was lost", now)
        for each in self._transactions.transmit():
            self._transmit(each.message, each.wire, now)

    def _transmit(self, message: Message, wire: Wire, now: float) -> None:
        if isinstance(message, Request) and "User-Agent" not in message.headers:
            message = message.with_("User-Agent", self.account.user_agent)
        data = bytes(self._guard.seal(message, now))
        self._out.append(Send(wire.conn, data, wire.peer))
        if self._silence is not None and self._registration.wanted:
            self._timers.start("keep-alive", now + self._silence)
