"""The simulated front end as a box: its five doors, and who does what behind them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from hashlib import sha1
from types import MappingProxyType

from snomtui.errors import MalformedMessage, MalformedXml
from snomtui.kit.box import Conn, HostPort, Linked, Output, Play, Surroundings, Up
from snomtui.ocs.contacts import ROAMING_CONTACTS
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.endpoint import epid_of
from snomtui.ocs.provisioning import PROVISIONING
from snomtui.ocs.publication import machine_state
from snomtui.ocs.roaming import ROAMING_SELF
from snomtui.office import orders
from snomtui.office.callrouter import CallRouter
from snomtui.office.colleagues import Colleagues
from snomtui.office.connections import Connections
from snomtui.office.desk import Asked, Desk
from snomtui.office.directory import Directory
from snomtui.office.entrance import Entrance
from snomtui.office.faults import Faults
from snomtui.office.fork import Branch
from snomtui.office.forwarding import Forwarding
from snomtui.office.gate import Gate
from snomtui.office.journal import Journal
from snomtui.office.keeping import Keeper
from snomtui.office.moods import Moods
from snomtui.office.orders import Order
from snomtui.office.people import People, Person
from snomtui.office.policy import Policy
from snomtui.office.presence import EVENT, Presence, owner_of
from snomtui.office.provisioning import Provisioning
from snomtui.office.registrar import EVENTS, Endpoint, Registrar
from snomtui.office.roaming import Contacts
from snomtui.office.roaming_self import RoamingSelf
from snomtui.office.routes import Routes
from snomtui.office.script import INSIDE
from snomtui.office.services import Services
from snomtui.office.status import Status, status_of
from snomtui.office.subscribers import Subscribers
from snomtui.office.subscription import Subscription, Subscriptions
from snomtui.sip import validity
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Response, respond
from snomtui.sip.stream import Ping, Read, Trouble
from snomtui.sip.transaction import Answered, Arrived, Cancelled, Failed, Happening, Repeated, Wire

METHODS = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, MESSAGE, NOTIFY, SUBSCRIBE, SERVICE, REGISTER"
ALLOW: Item = ("Allow", METHODS)
NOTHING: Mapping[str, str] = MappingProxyType({})
"""What was kept when there was no earlier life."""


class Office:
    """An OCS 2007 R2 front end without sockets. Read `people` and `journal`; set `faults` at any time."""

    def __init__(
        self,
        people: People,
        policy: Policy,
        surroundings: Surroundings,
        now: float,
        faults: Faults | None = None,
        kept: Mapping[str, str] = NOTHING,
    ) -> None:
        """Open the office at the moment `now` (seconds since 1970), with what was kept of an earlier life."""
        self._gate = Gate(people, policy, surroundings)
        self._desk = Desk(people, policy, surroundings, self._gate.seal)
        self._entrance = Entrance(self._desk, self._gate, self._admitted, self._cut)
        self._connections = Connections(self._desk, self._cut)
        self._presence = Presence(self._desk, now)
        self._registrar = Registrar(self._desk, self._came, self._gone)
        self._contacts = Contacts(self._desk)
        self._subscriptions = Subscriptions(
            self._desk,
            {
                ROAMING_CONTACTS: self._contacts,
                PROVISIONING: Provisioning(self._desk),
                EVENT: self._presence,
            },
        )
        self._presence.subscriptions = self._contacts.subscriptions = self._subscriptions
        self._subscribers = Subscribers(self._desk, self._contacts, self._subscriptions)
        self._presence.came = self._subscribers.came
        own = RoamingSelf(self._desk, self._presence, self._subscribers)
        self._subscriptions.add(ROAMING_SELF, own)
        self._services = Services(self._desk, self._presence, self._contacts, own, Directory(self._desk))
        self._keeper = Keeper(self._desk, self._contacts, self._presence, self._subscribers)
        self._routes = Routes(self._desk, self._registrar)
        self._router = CallRouter(self._desk, self._routes, Forwarding(self._presence, self._routes))
        self._moods = Moods(self._desk, self._presence)
        self._colleagues = Colleagues(people, surroundings, self)
        self.faults = faults or Faults()
        for person in people.persons:
            if person.scripted:
                self._registrar.enrol(person, now)
        self._keeper.restore(kept, now)

    # -- what others may see

    @property
    def people(self) -> People:
        """Who works here."""
        return self._desk.people

    @property
    def policy(self) -> Policy:
        """What is insisted on."""
        return self._desk.policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        self._desk.policy = policy
        self._gate.follow(policy)

    @property
    def discarded(self) -> int:
        """How many messages were dropped in silence, for a wrong signature or for none."""
        return self._entrance.discarded

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
        return status_of(self._desk, self._entrance, self._registrar, self._router, len(self._subscriptions), now)

    def do(self, order: Order, now: float) -> orders.Refusal | None:
        """Do what an administrator orders; None = done."""
        return orders.obey(self, order, now)

    def sign_out(self, address: str, event: str, now: float) -> int:
        """Put a person's phones out; `event` is `unregistered`, `rejected` (disabled) or `deactivated` (moved)."""
        person = self.people.find(address)
        out = [each for each in (self._registrar.of(person) if person else ()) if not each.scripted]
        for endpoint in out:
            self._registrar.sign_out(endpoint, event, now)
        self._settle(now)
        return len(out)

    def have_call(self, who: str, whom: str, now: float) -> str:
        """Have somebody who is played, or a number outside, call a phone; returns why not, or nothing."""
        why = self._colleagues.have_call(who, whom, now)
        self._settle(now)
        return why

    def have_hang_up(self, who: str, now: float) -> str:
        """Have somebody who is played end all calls; returns why not, or nothing."""
        why = self._colleagues.have_hang_up(who, now)
        self._settle(now)
        return why

    def restart(self, now: float) -> None:
        """Do as if the service was restarted: everybody is cut off and forgotten; contact lists and the like stay."""
        self.journal.note("the service is restarted", now)
        self._desk.log(3, "the service is restarted")
        self._subscriptions.forget()
        for conn, link in tuple(self._desk.links.items()):
            if link.transport == "udp":
                self._forget(conn, "the service is restarted", now)
            else:
                self._cut(conn, "the service is restarted", now)
        self._gate.forget()
        self._presence.restart(now)
        self._subscribers.forget()
        self._settle(now)

    # -- the five doors

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        """A connection opened or closed."""
        if isinstance(state, Up):
            self._connections.opened(conn, state, now)
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
        for each in self._connections.read(conn, data, now):
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
        return [*self._desk.outbox(), *self._keeper.outputs()]

    def next_wake(self) -> float | None:
        """When to be ticked at the latest."""
        wakes = (self._desk.timers.next(), self._colleagues.timers.next())
        return min((each for each in wakes if each is not None), default=None)

    # -- a message comes in

    def _read(self, read: Read, wire: Wire, now: float) -> None:
        if isinstance(read, Ping):
            return
        if not isinstance(read, Trouble):
            self._entrance.take(read, wire, now)
            return
        self.journal.note(f"unreadable: {read.error}", now, wire.conn)
        self._desk.log(4, f"unreadable: {read.error}")
        if read.request:
            self._desk.send(wire, validity.answer_as_it_is(read.request, validity.Refusal(read.error.status)), now)
        if read.fatal:
            self._cut(wire.conn, "framing is lost", now)

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
            else:
                self._entrance.discard(message, "nobody has shown a password here", wire, now)
        self._desk.flush(now)

    # -- who answers what

    def _asked(self, asked: Asked, now: float) -> None:
        try:
            self._dispatch(asked, now)
        except MalformedXml as error:
            self._desk.refuse(asked, Refusal(400, 4001, f"XML parse failure: {error}"), now)
        except MalformedMessage as error:
            self._desk.refuse(asked, Refusal(error.status, 1000, str(error)), now)

    def _dispatch(self, asked: Asked, now: float) -> None:
        match asked.request.method:
            case "REGISTER":
                self._registrar.register(asked, now)
            case "SUBSCRIBE":
                self._subscribe(asked, now)
            case "SERVICE":
                self._services.service(asked, now)
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
            why = f"Event {event[:60]} is not served" if event else "No Event is named"
            self._desk.refuse(asked, Refusal(489, 2001, why, (("Allow-Events", EVENTS),)), now)

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
            case ("step", int(number)):
                self._router.step_over(number, now)
            case ("settle",):
                self._presence.settle(now)
            case ("subscribers",):
                self._subscribers.settle(now)
            case ("silence", int(conn)):
                self._connections.fire(conn, now)
            case ("slow",):
                self._desk.deliver(now)

    # -- inside the house

    def _settle(self, now: float) -> None:
        """Carry messages to and from the colleagues until all is said."""
        said = self._colleagues.transmit()
        while said or self._desk.inside:
            for message in said:
                self._admitted(message, INSIDE, self._routes.insider(message.from_.uri), "none", now)
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
        if self._desk.links.pop(conn, None) is not None:
            self._connections.closed(conn)
            self._forget(conn, why, now)

    def _forget(self, conn: Conn, why: str, now: float) -> None:
        """All that came about over this connection is over."""
        self._router.lost(conn, now)
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
