"""Where a request goes: people, numbers and voice mails, and the signed Record-Route that brings later ones back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, new

from snomtui.errors import MalformedMessage
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.endpoint import epid_of, instance_of_gruu
from snomtui.ocs.numbers import LONGEST, Rule, in_context, is_number, normalise
from snomtui.ocs.routing import VOICEMAIL, is_voicemail
from snomtui.office.desk import COLLEAGUES, Asked, Desk
from snomtui.office.gateway import NO_ROUTE
from snomtui.office.people import Person
from snomtui.office.registrar import Endpoint, Registrar
from snomtui.sip.address import Address
from snomtui.sip.message import Request
from snomtui.sip.transaction import Wire
from snomtui.sip.uri import Uri

RULES = (
    Rule(r"^00([1-9]\d+)$", "+$1"),
    Rule(r"^0([1-9]\d+)$", "+49$1"),
    Rule(r"^([1-9]\d{5,})$", "+4930$1"),
)
"""The location profile of the office, which stands in Berlin."""
_EXTENSION = re.compile(r"\d{2,5}")
_OUTSIDE = re.compile(r"\+[0-9]{2,15}")
"""A number as the telephone network knows it (ITU-T E.164)."""
INSIDE = f"c{COLLEAGUES}"
"""How Record-Route names those who are played and are no user's endpoint."""
_STATE = re.compile(r"state:([0-9a-z\-]+)\.([0-9a-z\-]+)")


@dataclass(frozen=True, slots=True)
class Target:
    """One place that a request is sent to."""

    wire: Wire
    uri: str
    """The request URI there."""
    epid: str
    leg: str
    """The endpoint as Record-Route names it."""
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The voice mail of somebody."""

    owner: Person


Place = Person | Mailbox | Refusal
"""Whom an address leads to, or why it leads nowhere; a person may be one outside."""


class Routes:
    """Finds targets. Remembers nothing: what a dialog needs travels in its Record-Route."""

    def __init__(self, desk: Desk, registrar: Registrar) -> None:
        self._desk, self._registrar = desk, registrar
        self._secret = desk.surroundings.dice(32)

    # -- the first request of a dialog

    def place(self, uri: Uri, caller: Person) -> Place:
        """Whom an address or a number means; raises `MalformedMessage`. `caller` is whose own voice mail it may be."""
        people = self._desk.people
        here = uri.scheme == "tel" or self._desk.is_here(uri.host)
        if here and is_voicemail(uri):
            owner = people.find(f"sip:{uri.plain_user}@{people.domain}")
            return Mailbox(owner) if owner else Refusal(404, 1003, "User does not exist")
        person = self.person(uri)
        if person:
            return person
        if self._is_number(uri):
            return self._outside(uri, caller)
        if not here:
            return Refusal(404, 1005, "Cannot route to destination domain")
        if people.is_voicemail(f"sip:{uri.plain_user}@{people.domain}"):
            return Mailbox(caller)
        return Refusal(404, 1003, "User does not exist")

    def voicemail(self, person: Person) -> Place:
        """Where calls go that somebody does not take."""
        if not person.voicemail:
            return Refusal(480, 15030, f"{person.address} has no voice mail")
        number = person.voicemail.startswith("+")
        return self.place(Uri.parse(f"tel:{person.voicemail}" if number else person.voicemail), person)

    def person(self, uri: Uri) -> Person | None:
        """Who of the users is meant by an address or a number."""
        people = self._desk.people
        if uri.scheme == "tel" or (uri.params.get("user") or "").lower() == "phone":
            return self._by_number(uri)
        if not self._desk.is_here(uri.host):
            return None
        found = people.find(f"sip:{uri.plain_user}@{people.domain}")
        # Ordinary phones leave out user=phone.
        return found or (self._by_number(uri) if is_number(uri.plain_user) else None)

    def insider(self, uri: Uri) -> Person:
        """Who is played and says this; in a call that was forwarded they answer to any name."""
        people = self._desk.people
        return people.find(uri.aor) or self.person(uri) or people.party(_number_in(uri))

    def _is_number(self, uri: Uri) -> bool:
        if uri.scheme == "tel" or (uri.params.get("user") or "").lower() == "phone":
            return True
        return self._desk.is_here(uri.host) and is_number(uri.plain_user.partition(";")[0])

    def _by_number(self, uri: Uri) -> Person | None:
        people = self._desk.people
        number = _number_in(uri)
        plain, _, extension = number.partition(";ext=")
        spellings = (number, normalise(number, RULES) or "", plain + extension, plain)
        found = next((person for each in spellings if (person := people.by_number(each))), None)
        if found or not _EXTENSION.fullmatch(number):
            return found
        ends = [each for each in people.persons if any(one.endswith(number) for one in each.numbers)]
        return ends[0] if len(ends) == 1 else None

    def _outside(self, uri: Uri, caller: Person) -> Place:
        """A number that is no user's: a voice mail, or one behind the gateway ([MS-OCER] 12000 to 12999)."""
        number = _number_in(uri).partition(";ext=")[0]
        if len(number) > LONGEST:
            return Refusal(404, 12002, "Phone number not valid or too large")
        number = normalise(number, RULES) or ""
        if self._desk.people.is_voicemail(number):
            return Mailbox(caller)
        if not _OUTSIDE.fullmatch(number):
            return Refusal(404, 14010, "No rule of the location profile makes it a number")
        return self._desk.people.party(number) if self._desk.people.beyond(number) else Refusal(404, *NO_ROUTE)

    def targets(self, place: Person | Mailbox, asked: Asked, *, meant: bool) -> tuple[Target, ...]:
        """Where somebody can be reached. `meant`: the request names them itself, and perhaps one of their devices."""
        if isinstance(place, Mailbox):
            return (Target(Wire(COLLEAGUES, True), f"{place.owner.uri};{VOICEMAIL}", "", INSIDE, place.owner),)
        if place.outside:
            return (Target(Wire(COLLEAGUES, True), f"{place.uri};user=phone", "", INSIDE, place),)
        found = self._endpoints(place, asked) if meant else self._all_but_own(place, asked)
        return tuple(map(_to_endpoint, found))

    def names_a_device(self, asked: Asked) -> bool:
        """Whether a request is for one device of somebody, and so for nobody else."""
        return bool(instance_of_gruu(asked.request.uri) or epid_of(asked.request.headers.get("To") or ""))

    def has_phone(self, person: Person) -> bool:
        """Whether somebody is signed in who is not played."""
        return any(not each.scripted for each in self._registrar.of(person))

    def _endpoints(self, person: Person, asked: Asked) -> tuple[Endpoint, ...]:
        """One endpoint, or none, if it is named (GRUU, or epid on To); else all but the one that asks."""
        if instance_of_gruu(asked.request.uri):
            found = self._registrar.by_gruu(person, asked.request.uri)
            return (found,) if found else ()
        epid = epid_of(asked.request.headers.get("To") or "")
        if epid:
            named = self._registrar.at(person, epid)
            return (named,) if named else ()
        return self._all_but_own(person, asked)

    def _all_but_own(self, person: Person, asked: Asked) -> tuple[Endpoint, ...]:
        own = self._own(asked)
        return tuple(each for each in self._registrar.of(person) if own is None or each.key != own.key)

    # -- later requests

    def onward(self, asked: Asked) -> tuple[Request, Target | Refusal | None]:
        """The request without our Routes, and where a request in a dialog goes; None for one outside of a dialog."""
        request, states = self._popped(asked.request)
        for text in states:
            legs = self._legs(text)
            if legs is None:
                return request, Refusal(481, 1004, "Route set is no longer valid")
            return request, self._other(asked, *legs)
        if request.to.tag:
            return request, self._direct(request)
        return request, None

    def _popped(self, request: Request) -> tuple[Request, list[str]]:
        """Take our own Routes off the top, and return the state that they hold."""
        values, states = list(request.headers.values("Route")), []
        while values:
            uri = Address.parse(values[0]).uri
            if not self._desk.is_here(uri.host):
                break
            values.pop(0)
            opaque = uri.params.get("opaque") or ""
            if opaque.startswith("state:"):
                states.append(f"{opaque} {uri.params.get('ms-route-sig') or ''}")
        headers = request.headers.without("Route")
        if values:
            headers = headers.first("Route", ", ".join(values))
        return request.with_headers(headers), states

    def _other(self, asked: Asked, caller: str, callee: str) -> Target | Refusal:
        """The leg that did not send this."""
        own = self.leg_of(asked)
        if own not in (caller, callee) and self._of_others(asked, caller, callee):
            return Refusal(403, 4004, "Credentials provided are not authorized to act in this dialog")
        return self._to_leg(callee if own == caller else caller, asked.request.uri)

    def _of_others(self, asked: Asked, *legs: str) -> bool:
        """Whether both ends of a dialog are devices of other people; who has a new device since is not one of them."""
        ends = [self._registrar.by_id(leg[1:]) if leg.startswith("e") else None for leg in legs]
        return all(end is not None and end.person is not asked.person for end in ends)

    def _to_leg(self, leg: str, uri: str) -> Target | Refusal:
        if leg.startswith("c"):
            conn = int(leg[1:])
            if conn in self._desk.links or conn == COLLEAGUES:
                return Target(Wire(conn, True), uri, "", leg)
            return Refusal(480, 1006, "The connection is gone")
        endpoint = self._registrar.by_id(leg[1:])
        if endpoint is None:
            return Refusal(480, 15030, "The endpoint is no longer signed in")
        # A GRUU is an address for the server; the device knows its own Contact.
        target = endpoint.contact if instance_of_gruu(uri) and not endpoint.scripted else uri
        return Target(endpoint.wire, target, endpoint.epid, leg, endpoint.person)

    def _direct(self, request: Request) -> Target | Refusal:
        """A request in a dialog without our Route: its URI is a GRUU, or a Contact that somebody registered."""
        try:
            uri = request.target
            person = self.person(uri)
        except MalformedMessage:
            return Refusal(481, 1004, "Dialog is not known")
        endpoint = self._registrar.by_gruu(person, request.uri) if person else None
        endpoint = endpoint or self._registrar.by_contact(request.uri)
        if endpoint:
            return _to_endpoint(endpoint)
        if is_voicemail(uri) or (person is None and self._is_number(uri)):
            return Target(Wire(COLLEAGUES, True), request.uri, "", INSIDE)
        return Refusal(481, 1004, "Dialog is not known")

    # -- Record-Route

    def leg_of(self, asked: Asked) -> str:
        """Who asks, as Record-Route names it: an endpoint, or a connection."""
        endpoint = self._own(asked)
        return f"e{endpoint.id}" if endpoint else f"c{asked.wire.conn}"

    def _own(self, asked: Asked) -> Endpoint | None:
        named = self._registrar.at(asked.person, asked.epid)
        return named or self._registrar.on(asked.wire.conn, asked.person)

    def record(self, caller: str, callee: str, conn: int) -> str:
        """Our Record-Route value as one leg shall see it."""
        state = f"state:{caller}.{callee}"
        return f"<{self._desk.here(conn)};opaque={state};lr;ms-route-sig={self._sign(state)}>"

    def _legs(self, text: str) -> tuple[str, str] | None:
        state, _, signature = text.partition(" ")
        found = _STATE.fullmatch(state)
        if not found or not compare_digest(self._sign(state).encode(), signature.lower().encode("utf-8", "replace")):
            return None
        return found[1], found[2]

    def _sign(self, state: str) -> str:
        return new(self._secret, state.encode("utf-8", "replace"), sha256).hexdigest()[:24]


def _number_in(uri: Uri) -> str:
    """The number in a tel or SIP URI, comparable, behind its phone-context."""
    return in_context(f"{uri.user}{uri.params}" if uri.scheme == "tel" else uri.plain_user)


def _to_endpoint(endpoint: Endpoint) -> Target:
    return Target(endpoint.wire, endpoint.contact, endpoint.epid, f"e{endpoint.id}", endpoint.person)
