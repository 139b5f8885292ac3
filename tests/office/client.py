"""A small OCS client for stories with the office: signs in, subscribes, calls; everything else is the test's."""

from __future__ import annotations

from collections.abc import Iterable

from snomtui.auth.guard import Credentials, Guard
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.kit.box import Conn, HostPort, Linked, Open, Output, Send, Surroundings, Up
from snomtui.kit.ids import Ids
from snomtui.kit.secret import Secret
from snomtui.kit.timers import Timers
from snomtui.ocs.endpoint import gruu, instance_uuid
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.sdp import Codec, offer
from snomtui.sip.stream import Framer, Ping, Trouble
from snomtui.sip.transaction import Answered, Arrived, Cancelled, ClientKey, ServerKey, Transactions, Wire

OCS = (("Supported", "gruu-10, adhoclist, msrtc-event-categories"), ("Supported", "ms-forking"))
PIGGYBACK = (("Supported", "ms-benotify"), ("Supported", "ms-piggyback-first-notify"))
SDP = ("application/sdp", bytes(offer("127.0.0.1", 30000, [Codec(8, "PCMA"), Codec(101, "telephone-event")], 1, 1)))


class Client:
    """One line at one server, over TCP."""

    def __init__(
        self,
        user: str,
        password: str,
        surroundings: Surroundings,
        *,
        login: str = "",
        level: int | None = 3,
        epid: str = "0004135a2b",
        domain: str = "ucc.de",
        user_agent: str = "snom370/8.2.19",
        digest: bool = False,
    ) -> None:
        """`epid` "" makes it an ordinary phone: no epid, no presence. `digest`: it knows no other scheme."""
        self.name = f"{user}/{epid}" if epid else user
        self.uri, self.domain, self.epid, self.user_agent = f"sip:{user}@{domain}", domain, epid, user_agent
        self.digest = digest
        self.strict = True
        """Whether an unreadable answer is a mistake of the office; not if the test asks for one."""
        self.ids, self.timers = Ids(surroundings.dice), Timers()
        self.transactions = Transactions(self.timers)
        wanted = LmLevel(level) if level is not None else None
        credentials = Credentials.parse(login or f"UCC\\{user}", Secret(password))
        self.guard = Guard(credentials, wanted, surroundings.dice, "TEST")
        self.answers: list[Response] = []
        """Final and provisional answers to our requests, in order."""
        self.requests: list[tuple[Request, ServerKey | None]] = []
        """What the server asked, in order."""
        self.doubts: list[str] = []
        """Why messages of the server were not believed."""
        self.cancels: list[Request] = []
        self.made: list[Request] = []
        """What we asked, in order, repeats after a challenge included."""
        self.registered = False
        self.refused = ""
        self.down = ""
        self._out: list[Output] = [Open(1, "tcp", f"sip.{domain}", 5060)]
        self._framer = Framer()
        self._local: HostPort = ("127.0.0.1", 0)
        self._call_id, self._tag, self._cseq = self.ids.call_id(), self.ids.tag(), 0
        self.wire = Wire(1, True)
        self._expires: int | None = None
        self._sent: dict[str, Request] = {}

    # -- the five doors

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        if isinstance(state, Up):
            self._local, self.down = state.local, ""
        else:
            self.down, self.registered = state.why, False

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        for read in self._framer.feed(data):
            if isinstance(read, Trouble | Ping):
                assert not self.strict, read
                continue
            belief = self.guard.verify(read, now)
            if belief.ok:
                self._take(read, now)
            else:
                self.doubts.append(belief.why)
        self.flush(now)

    def tick(self, now: float) -> None:
        while (name := self.timers.pop(now)) is not None:
            self.transactions.fire(name, now)
        self.flush(now)

    def outbox(self) -> list[Output]:
        out, self._out = self._out, []
        return out

    def next_wake(self) -> float | None:
        return self.timers.next()

    # -- wishes

    @property
    def contact(self) -> str:
        """Our Contact: the GRUU, or the address for an ordinary phone."""
        if self.epid:
            return f"<{gruu(self.uri, self.epid)}>"
        return f"<sip:phone@{self._local[0]}:{self._local[1]};transport=tcp>"

    def reconnect(self) -> None:
        """Open the connection again, with a new guard's memory."""
        self._framer = Framer()
        self.guard.forget()
        self._out.append(Open(1, "tcp", f"sip.{self.domain}", 5060))

    def register(self, now: float, expires: int | None = None, more: Iterable[Item] = ()) -> None:
        """Send a REGISTER and answer the challenges until it is accepted or refused."""
        self._expires, self._cseq = expires, self._cseq + 1
        host, port = self._local
        contact = f"<sip:{host}:{port};transport=tcp;ms-opaque=4d1e90c277>"
        if self.epid:
            contact += f';proxy=replace;+sip.instance="<urn:uuid:{instance_uuid(self.epid)}>"'
        else:
            contact = self.contact
        headers: list[Item] = [("Contact", contact), ("User-Agent", self.user_agent), *more]
        if self.epid:
            headers += [*OCS, ("ms-keep-alive", "UAC;hop-hop=yes"), ("Event", "registration")]
        if expires is not None:
            headers.append(("Expires", str(expires)))
        self._request("REGISTER", f"sip:{self.domain}", self.uri, self._call_id, self._tag, self._cseq, headers, now)

    def ask(
        self,
        method: str,
        uri: str,
        now: float,
        headers: Iterable[Item] = (),
        body: tuple[str, bytes] | None = None,
        to: str = "",
    ) -> ClientKey:
        """Send a request outside of a dialog."""
        call_id, tag = self.ids.call_id(), self.ids.tag()
        items = [("Contact", self.contact), *headers]
        return self._request(method, uri, to or uri, call_id, tag, 1, items, now, body)

    def subscribe(
        self, event: str, now: float, body: tuple[str, bytes] | None = None, more: Iterable[Item] = PIGGYBACK
    ) -> ClientKey:
        """Subscribe at the own address."""
        accept = "application/msrtc-event-categories+xml, application/rlmi+xml, multipart/related"
        return self.ask("SUBSCRIBE", self.uri, now, [("Event", event), ("Accept", accept), *more], body)

    def send(self, request: Request, now: float) -> ClientKey | None:
        """Send a request that is made already, such as one of a dialog."""
        if request.method == "ACK":
            self._seal(request, now)
            return None
        self.made.append(request)
        key = self.transactions.request(self.guard.prepare(request, now), self.wire, None, now)
        self.flush(now)
        return key

    def cancel(self, key: ClientKey, now: float) -> None:
        self.transactions.cancel(key, (), now=now)
        self.flush(now)

    def reply(
        self,
        asked: tuple[Request, ServerKey | None],
        status: int,
        now: float,
        headers: Iterable[Item] = (),
        body: tuple[str, bytes] | None = None,
        tag: str = "",
    ) -> Response:
        """Answer a request of the server."""
        request, key = asked
        assert key is not None
        items = [("Contact", self.contact), *headers]
        response = respond(request, status, tag=tag or f"t{self.name[-4:]}", headers=items, body=body)
        self.transactions.respond(key, response, now)
        self.flush(now)
        return response

    def dialog(self, response: Response) -> Dialog:
        """The dialog of our INVITE or SUBSCRIBE with this answer."""
        return Dialog.uac(self._sent[response.call_id], response)

    def dialog_request(self, response: Response) -> Request:
        """Our request that this answers."""
        return self._sent[response.call_id]

    def asked_last(self, method: str) -> Request:
        """The last request of this method that we sent, after a challenge the second one."""
        return next(each for each in reversed(self.made) if each.method == method)

    @property
    def sent_last(self) -> Request:
        """The last request that we made outside of a dialog."""
        return list(self._sent.values())[-1]

    def via(self) -> str:
        """A Via with a new branch."""
        return f"SIP/2.0/TCP {self._local[0]}:{self._local[1]};branch={self.ids.branch()}"

    # -- what was heard

    def last(self, method: str) -> Response:
        """The last answer to a request of this method."""
        return next(each for each in reversed(self.answers) if each.cseq.method == method)

    def statuses(self, method: str) -> list[int]:
        """All answers to requests of this method."""
        return [each.status for each in self.answers if each.cseq.method == method]

    def asked(self, method: str) -> list[tuple[Request, ServerKey | None]]:
        """All requests of this method that came in."""
        return [each for each in self.requests if each[0].method == method]

    # -- inside

    def _request(
        self,
        method: str,
        uri: str,
        to: str,
        call_id: str,
        tag: str,
        cseq: int,
        headers: Iterable[Item],
        now: float,
        body: tuple[str, bytes] | None = None,
    ) -> ClientKey:
        epid = f";epid={self.epid}" if self.epid else ""
        items: list[Item] = [("Via", self.via()), ("Max-Forwards", "70")]
        items += [("From", f"<{self.uri}>;tag={tag}{epid}"), ("To", f"<{to}>")]
        items += [("Call-ID", call_id), ("CSeq", f"{cseq} {method}"), *headers]
        if body:
            items.append(("Content-Type", body[0]))
        request = Request(method, uri, Headers.of(*items), body[1] if body else b"")
        request = self.guard.prepare(request, now)
        self._sent[call_id] = request
        self.made.append(request)
        key = self.transactions.request(request, self.wire, request, now)
        self.flush(now)
        return key

    def _take(self, message: Message, now: float) -> None:
        for happening in self.transactions.receive(message, self.wire, now):
            match happening:
                case Answered(request=request, response=response):
                    self.answers.append(response)
                    self._answered(request, response, now)
                case Arrived(request=request, key=key):
                    self.requests.append((request, key))
                    if request.method in ("NOTIFY", "BYE") and key:
                        self.reply((request, key), 200, now)
                case Cancelled(key=key, request=cancel):
                    self.cancels.append(cancel)
                    invite = next(one for one in self.requests if one[1] == key)
                    self.cancelled(invite, now)

    def cancelled(self, invite: tuple[Request, ServerKey | None], now: float) -> None:
        """The caller has hung up, or somebody else has answered."""
        self.reply(invite, 487, now)

    def _answered(self, request: Request, response: Response, now: float) -> None:
        if response.status in (401, 407):
            if self.digest:
                kept = tuple(item for item in response.headers if not item[1].startswith(("NTLM", "Kerberos")))
                response = response.with_headers(Headers(kept))
            verdict = self.guard.challenged(request, response, now)
            if not verdict.retry:
                self.refused = verdict.why
            elif request.method == "REGISTER":
                self.register(now, self._expires)
            else:
                again = request.with_("CSeq", f"{request.cseq.number + 1} {request.method}").with_("Via", self.via())
                self.send(again, now)
        elif request.method == "REGISTER":
            self.registered = response.status == 200 and self._expires != 0

    def flush(self, now: float) -> None:
        """Sign and send what is waiting."""
        for each in self.transactions.transmit():
            self._seal(each.message, now)

    def _seal(self, message: Message, now: float) -> None:
        self._out.append(Send(1, bytes(self.guard.seal(message, now))))
