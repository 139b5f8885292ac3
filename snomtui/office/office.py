"""The simulated front end as a box: its five doors, and who does what behind them."""

from __future__ import annotations

from collections.abc import Hashable
from hashlib import sha1

from snomtui.auth.doorman import Admit, Ask, Discard, Forbid, Pass
from snomtui.errors import MalformedMessage, MalformedXml
from snomtui.kit.box import Conn, HostPort, Linked, Output, Play, Surroundings, Up
from snomtui.ocs.endpoint import epid_of
from snomtui.ocs.publication import PUBLISH_TYPE, machine_state
from snomtui.ocs.roaming import SET_CONTAINER_MEMBERS_TYPE, SET_SUBSCRIBERS_TYPE
from snomtui.ocs.soap import SOAP_TYPE
from snomtui.office.callrouter import Branch, CallRouter
from snomtui.office.colleagues import Colleagues
from snomtui.office.desk import Asked, Desk
from snomtui.office.faults import Fault, Faults
from snomtui.office.gate import Gate
from snomtui.office.journal import Journal
from snomtui.office.moods import Moods
from snomtui.office.people import People, Person
from snomtui.office.policy import Policy
from snomtui.office.presence import EVENT, ROAMING_SELF, Presence, owner_of
from snomtui.office.registrar import Endpoint, Registrar
from snomtui.office.roaming import CONTACTS, PROVISIONING, Contacts, Provisioning, RoamingSelf
from snomtui.office.routes import Routes
from snomtui.office.script import INSIDE
from snomtui.office.status import Status, status_of
from snomtui.office.subscription import Subscription, Subscriptions
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.stream import Framer, Ping, Read, Trouble, datagram
from snomtui.sip.transaction import Answered, Arrived, Cancelled, Failed, Happening, Repeated, Wire
from snomtui.sip.validity import Refusal, answer_as_it_is

METHODS = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, MESSAGE, NOTIFY, SUBSCRIBE, SERVICE, REGISTER"
ALLOW: Item = ("Allow", METHODS)
RETRY_AFTER: Item = ("Retry-After", "30")


class Office:
    """An OCS 2007 R2 front end without sockets. Read `people` and `journal`; set `faults` at any time."""

    def __init__(
        self, people: People, policy: Policy, surroundings: Surroundings, now: float, faults: Faults | None = None
    ) -> None:
        """Open the office at the moment `now` (seconds since 1970)."""
        self.discarded = 0
        """Messages that were dropped in silence, for a wrong signature or for none."""
        self._gate = Gate(people, policy, surroundings)
        self._desk = Desk(people, policy, surroundings, self._gate.seal)
        self._framers: dict[Conn, Framer] = {}
        self._presence = Presence(self._desk, now)
        self._registrar = Registrar(self._desk, self._came, self._gone)
        self._contacts = Contacts(self._desk)
        self._own = RoamingSelf(self._desk, self._presence)
        self._subscriptions = Subscriptions(
            self._desk,
            {
                CONTACTS: self._contacts,
                PROVISIONING: Provisioning(people.domain),
                ROAMING_SELF: self._own,
                EVENT: self._presence,
            },
        )
        self._presence.subscriptions = self._contacts.subscriptions = self._subscriptions
        self._router = CallRouter(self._desk, Routes(self._desk, self._registrar))
        self._moods = Moods(self._desk, self._presence)
        self._colleagues = Colleagues(people, surroundings, self)
        self.faults = faults or Faults()
        for person in people.persons:
            if person.scripted:
                self._registrar.enrol(person, now)

    # -- what others may see

    @property
    def people(self) -> People:
        """Who works here."""
        return self._desk.people

    @property
    def policy(self) -> Policy:
        """What is insisted on."""
        return self._desk.policy

    @property
    def journal(self) -> Journal:
        """What crossed the wire, and what was decided."""
        return self._desk.journal

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self._desk.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._desk.faults = self._gate.faults = faults

    def status(self, now: float) -> Status:
        """Who is signed in, and with what."""
        return status_of(self._registrar, self._desk.links, self._subscriptions, self.discarded, now)

    def sign_out(self, address: str, event: str, now: float) -> None:
        """Put a person's phones out; `event` is `unregistered`, `rejected` (disabled) or `deactivated` (moved)."""
        person = self.people.find(address)
        for endpoint in self._registrar.of(person) if person else ():
            if not endpoint.scripted:
                self._registrar.sign_out(endpoint, event, now)
        self._settle(now)

    # -- the five doors

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        """A connection opened or closed."""
        if isinstance(state, Up):
            self._desk.link(conn, state)
            self._framers[conn] = Framer()
        else:
            self._lost(conn, state.why, now)
        self._settle(now)

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        """Bytes came in."""
        link = self._desk.links.get(conn)
        if link is None:
            return
        udp = link.transport == "udp"
        wire = Wire(conn, not udp, peer if udp else None)
        read = datagram(data) if udp else None
        for each in ([read] if read else []) if udp else self._framers[conn].feed(data):
            if conn in self._desk.links:
                self._read(each, wire, now)
                self._settle(now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        while (name := self._desk.timers.pop(now)) is not None:
            self._fire(name, now)
        self._colleagues.tick(now)
        self._settle(now)

    def outbox(self) -> list[Output]:
        """What is to be done, in order; empties itself."""
        return self._desk.outbox()

    def next_wake(self) -> float | None:
        """When to be ticked at the latest."""
        wakes = (self._desk.timers.next(), self._colleagues.timers.next())
        return min((each for each in wakes if each is not None), default=None)

    # -- a message comes in

    def _read(self, read: Read, wire: Wire, now: float) -> None:
        if isinstance(read, Ping):
            return
        if not isinstance(read, Trouble):
            self._take(read, wire, now)
            return
        self.journal.note(f"unreadable: {read.error}", now, wire.conn)
        if read.request:
            self._desk.send(wire, answer_as_it_is(read.request, Refusal(read.error.status)), now)
        if read.fatal:
            self._cut(wire.conn, "framing is lost", now)

    def _take(self, message: Message, wire: Wire, now: float) -> None:
        """Let one message in, or not."""
        self.journal.message("in", message, wire.conn, now)
        if isinstance(message, Request) and self._spoilt(message, wire, now):
            return
        try:
            ruling = self._gate.check(message, wire.conn, now)
            match ruling:
                case Admit(account=account, association=association):
                    person = self.people.find(account.uri)
                    self._admitted(message, wire, person, association.auth if association else "digest", now)
                case Pass():
                    self._admitted(message, wire, self.people.find(message.from_.uri.aor), "digest", now)
                case Ask() | Forbid() if isinstance(message, Request):
                    self._refused(message, ruling, wire, now)
                case Discard(why=why):
                    self.discarded += 1
                    self.journal.note(f"{_title(message)} discarded: {why}", now, wire.conn)
        except MalformedMessage as error:
            self.journal.note(f"{_title(message)} is malformed: {error}", now, wire.conn)
            if isinstance(message, Request) and message.method != "ACK":
                self._desk.send(wire, respond(message, error.status, tag=self._desk.ids.hex(8)), now)

    def _spoilt(self, request: Request, wire: Wire, now: float) -> bool:
        """Whether a fault that is switched on has dealt with the request."""
        if Fault.DROP in self.faults:
            self._cut(wire.conn, "fault drop", now)
            return True
        if Fault.UNAVAILABLE in self.faults and request.method != "ACK":
            why = self._desk.diagnostics(1007, "Temporarily cannot route")
            busy = respond(request, 503, tag=self._desk.ids.hex(8), headers=[RETRY_AFTER, why])
            self._desk.send(wire, busy, now)
            return True
        return False

    def _refused(self, request: Request, ruling: Ask | Forbid, wire: Wire, now: float) -> None:
        """Ask for a proof, or refuse one."""
        if isinstance(ruling, Forbid) or ruling.refusal:
            user = "" if isinstance(ruling, Forbid) else ruling.user
            self.journal.note(f"{_title(request)} refused: {ruling.why}", now, wire.conn, user)
            self._desk.log(3, f"{user or 'somebody'} refused: {ruling.why}")
        # Within a transaction, so that its ACK ends here and is not taken for one that goes on to somebody.
        for happening in self._desk.transactions.receive(request, wire, now):
            if isinstance(happening, Arrived) and happening.key:
                tag = self._desk.ids.hex(8).upper()
                answer = respond(happening.request, ruling.status, ruling.reason, tag=tag, headers=ruling.headers)
                self._desk.transactions.respond(happening.key, answer, now)
        self._desk.flush(now)

    def _admitted(self, message: Message, wire: Wire, person: Person | None, auth: str, now: float) -> None:
        epid = epid_of(message.headers.get("From") or "")
        for happening in self._desk.transactions.receive(message, wire, now):
            if not isinstance(happening, Arrived):
                self._happened(happening, now)
            elif person is not None:
                self._asked(Asked(happening.request, happening.key, happening.wire, person, epid, auth), now)
            elif happening.key is not None:
                tag = self._desk.ids.hex(8)
                self._desk.reply(happening.key, respond(happening.request, 403, tag=tag), now)
        self._desk.flush(now)

    # -- who answers what

    def _asked(self, asked: Asked, now: float) -> None:
        try:
            self._dispatch(asked, now)
        except MalformedXml as error:
            self._desk.refuse(asked, 400, 4001, f"XML parse failure: {error}".replace('"', "'"), now)
        except MalformedMessage as error:
            self._desk.refuse(asked, error.status, 1000, str(error).replace('"', "'"), now)

    def _dispatch(self, asked: Asked, now: float) -> None:
        match asked.request.method:
            case "REGISTER":
                self._registrar.register(asked, now)
            case "SUBSCRIBE":
                self._subscribe(asked, now)
            case "SERVICE":
                self._service(asked, now)
            case "PUBLISH":
                self._desk.answer(asked, 405, "", ALLOW, now=now)
            case "OPTIONS" if not asked.request.target.user:
                self._desk.answer(asked, 200, "", ALLOW, now=now)
            case _:
                self._router.route(asked, now)

    def _subscribe(self, asked: Asked, now: float) -> None:
        event = (asked.request.headers.get("Event") or "").partition(";")[0].strip()
        if self._subscriptions.serves(event):
            self._subscriptions.subscribe(asked, now)
        else:
            self._desk.refuse(asked, 489, 2001, f"Event {event[:60]} is not served".replace('"', "'"), now)

    def _service(self, asked: Asked, now: float) -> None:
        if self.people.find(asked.request.target.aor) is not asked.person:
            self._desk.refuse(asked, 404, 1003, "User does not exist", now)
            return
        kind = asked.request.content_type
        answers = {
            PUBLISH_TYPE: self._presence.service,
            SOAP_TYPE.lower(): self._contacts.service,
            SET_CONTAINER_MEMBERS_TYPE: self._presence.set_members,
            SET_SUBSCRIBERS_TYPE: self._own.set_subscribers,
        }
        if kind in answers:
            answers[kind](asked, now)
        else:
            self._desk.refuse(asked, 415, 4013, f"Content type {kind[:60]} is not served".replace('"', "'"), now)

    def _happened(self, happening: Happening, now: float) -> None:
        match happening:
            case Answered(owner=Branch() as branch, response=response):
                self._router.answered(branch, response, now)
            case Repeated(owner=Branch() as branch, response=response):
                self._router.repeated(branch, response, now)
            case Answered(owner=Subscription() as subscription, response=Response(status=status)) if status >= 200:
                self._subscriptions.answered(subscription, status)
            case Failed(owner=Branch() as branch, status=status, why=why):
                self._router.failed(branch, status, why, now)
            case Failed(owner=Subscription() as subscription, status=status):
                self._subscriptions.answered(subscription, status)
            case Cancelled(key=key, request=cancel):
                self._router.cancelled(key, cancel, now)
            case _:
                return

    def _fire(self, name: Hashable, now: float) -> None:
        match name:
            case ("transaction", *_):
                for happening in self._desk.transactions.fire(name, now):
                    self._happened(happening, now)
                self._desk.flush(now)
            case ("binding", str(key)):
                self._registrar.fire(key, now)
            case ("subscription", int(number)):
                self._subscriptions.fire(number, now)
            case ("publication", str(aor)):
                self._presence.expire(aor, now)
            case ("mood", str(aor)):
                self._moods.wander(aor, now)
            case ("ring", int(number)):
                self._router.rung_out(number, now)
            case ("settle",):
                self._presence.settle(now)
            case ("slow",):
                self._desk.deliver(now)

    # -- inside the house

    def _settle(self, now: float) -> None:
        """Carry messages to and from the colleagues until all is said."""
        said = self._colleagues.transmit()
        while said or self._desk.inside:
            for message in said:
                self._admitted(message, INSIDE, self.people.find(message.from_.uri.aor), "none", now)
            while self._desk.inside:
                self._colleagues.receive(self._desk.inside.popleft(), now)
            said = self._colleagues.transmit()

    def _came(self, endpoint: Endpoint, now: float) -> None:
        """Somebody has signed in."""
        if endpoint.scripted:
            self._moods.begin(endpoint.person, now)
            return
        self._colleagues.phone_came(now)
        if not endpoint.ocs:  # an ordinary phone says nothing about itself; who has one is there
            number = sha1(endpoint.key.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:8]
            owner = owner_of(endpoint.person, endpoint.epid or endpoint.contact)
            self._presence.publish(endpoint.person, machine_state(number), owner, now)

    def _gone(self, endpoint: Endpoint, now: float) -> None:
        """Somebody has signed out, or was lost."""
        left = self._registrar.of(endpoint.person)
        self._subscriptions.gone(endpoint)
        self._presence.endpoint_gone(endpoint, not left, now)
        if all(each.scripted for each in left):
            self._colleagues.peer_gone(endpoint.person, now)

    def _cut(self, conn: Conn, why: str, now: float) -> None:
        """Close a connection from our side."""
        self._desk.close(conn)
        self._lost(conn, why, now)

    def _lost(self, conn: Conn, why: str, now: float) -> None:
        if self._desk.links.pop(conn, None) is None:
            return
        self._framers.pop(conn, None)
        self._gate.lost(conn)
        self._subscriptions.lost(conn)
        for happening in self._desk.transactions.lost(conn, why, now):
            self._happened(happening, now)
        self._registrar.lost(conn, now)

    # -- what colleagues see and do (script.Around)

    def host_for(self, uri: str) -> str:
        """The address at which this person's phone reaches our media."""
        person = self.people.find(uri)
        for endpoint in self._registrar.of(person) if person else ():
            link = self._desk.links.get(endpoint.wire.conn)
            if link:
                return link.local[0]
        return "127.0.0.1"

    def phones(self) -> tuple[Person, ...]:
        """Who is signed in with a phone."""
        people = {each.person.aor: each.person for each in self._registrar if not each.scripted}
        return tuple(people.values())

    def busy(self, person: Person, calls: int, now: float) -> None:
        """A colleague has so many calls now."""
        self._moods.busy(person, calls, now)

    def play(self, output: Play) -> None:
        """Run or end the media of a call."""
        self._desk.put(output)


def _title(message: Message) -> str:
    return message.method if isinstance(message, Request) else f"answer {message.status}"
