"""The simulated front end as a box: five doors, and who does what behind them."""

from __future__ import annotations

from collections.abc import Hashable

from snomtui.auth.doorman import Account, Admit, Ask, Association, Discard, Doorman, Forbid, Host, Pass
from snomtui.errors import MalformedMessage, MalformedXml
from snomtui.kit.box import Conn, Down, HostPort, Output, Play, Surroundings, Up
from snomtui.ocs.endpoint import epid_of
from snomtui.ocs.publication import PUBLISH_TYPE, machine_state
from snomtui.ocs.roaming import SET_CONTAINER_MEMBERS_TYPE, SET_SUBSCRIBERS_TYPE
from snomtui.ocs.soap import SOAP_TYPE
from snomtui.office.callrouter import Branch, CallRouter
from snomtui.office.colleagues import Colleagues
from snomtui.office.desk import COLLEAGUES, Asked, Desk
from snomtui.office.faults import SKEW, Fault, Faults
from snomtui.office.journal import Journal
from snomtui.office.moods import Moods
from snomtui.office.people import People, Person
from snomtui.office.policy import Policy
from snomtui.office.presence import EVENT, ROAMING_SELF, Presence, owner_of
from snomtui.office.registrar import Endpoint, Registrar
from snomtui.office.roaming import CONTACTS, PROVISIONING, Contacts, Provisioning, RoamingSelf
from snomtui.office.routes import Routes
from snomtui.office.script import INSIDE
from snomtui.office.subscription import Subscription, Subscriptions
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.stream import Framer, Ping, Trouble, datagram
from snomtui.sip.transaction import Answered, Arrived, Cancelled, Failed, Happening, Wire

ALLOW = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, MESSAGE, NOTIFY, SUBSCRIBE, SERVICE, REGISTER")


class Office:
    """An OCS 2007 R2 front end without sockets. Set `faults` at any time; read `people` and `journal`."""

    def __init__(
        self, people: People, policy: Policy, surroundings: Surroundings, now: float, faults: Faults | None = None
    ) -> None:
        """Open the office at the moment `now` (seconds since 1970)."""
        self.people, self.policy = people, policy
        self.refused = 0
        """Messages that were dropped in silence."""
        self._doorman = _doorman(people, policy, surroundings)
        self._framers: dict[Conn, Framer] = {}
        self._associations: dict[Conn, dict[str, Association]] = {}
        """The association of each endpoint, by epid."""
        self._desk = Desk(people, policy, surroundings, self._sealed)
        self._desk.faults = faults or Faults()
        self._presence = Presence(self._desk, now)
        self.registrar = Registrar(self._desk, self._came, self._gone)
        self.contacts = Contacts(self._desk)
        self._roaming_self = RoamingSelf(self._presence)
        packages = {
            CONTACTS: self.contacts,
            PROVISIONING: Provisioning(),
            ROAMING_SELF: self._roaming_self,
            EVENT: self._presence,
        }
        self.subscriptions = Subscriptions(self._desk, packages)
        self._presence.subscriptions = self.contacts.subscriptions = self.subscriptions
        self._routes = Routes(self._desk, self.registrar)
        self._router = CallRouter(self._desk, self._routes)
        self._moods = Moods(self._desk, self._presence)
        self.colleagues = Colleagues(people, surroundings, self)
        for person in people.persons:
            if person.scripted:
                self.registrar.enrol(person, now)
