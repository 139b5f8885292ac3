"""Where a request goes: people and numbers to endpoints, and the signed Record-Route that brings later ones back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, new

from snomtui.errors import MalformedMessage
from snomtui.ocs.endpoint import epid_of, instance_of_gruu
from snomtui.ocs.numbers import Rule, comparable, is_number, normalise
from snomtui.office.desk import Asked, Desk
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
class Nowhere:
    """Why a request goes nowhere."""

    status: int
    number: int
    """The number in ms-diagnostics."""
    why: str


class Routes:
    """Finds targets. Remembers nothing: what a dialog needs travels in its Record-Route."""

    def __init__(self, desk: Desk, registrar: Registrar) -> None:
        self._desk, self._registrar = desk, registrar
        self._secret = desk.surroundings.dice(32)

    # -- the first request of a dialog

    def targets(self, asked: Asked) -> tuple[Target, ...] | Nowhere:
        """Where a request outside of a dialog goes; raises `MalformedMessage`."""
        uri = asked.request.target
        person = self.person(uri)
        if person is None:
            return self._unknown(uri)
        endpoints = self._endpoints(person, asked)
        if not endpoints:
            return Nowhere(480, 15030, f"{person.address} is not signed in")
        return tuple(map(_to_endpoint, endpoints))

    def person(self, uri: Uri) -> Person | None:
        """Who is meant by an address or a number."""
        people = self._desk.people
        if uri.scheme == "tel" or (uri.params.get("user") or "").lower() == "phone":
            return self._by_number(uri)
        if uri.host.lower() not in (people.domain, people.server):
            return None
        found = people.find(f"sip:{uri.plain_user}@{people.domain}")
        # Ordinary phones leave out user=phone.
        return found or (self._by_number(uri) if is_number(uri.plain_user) else None)

    def _by_number(self, uri: Uri) -> Person | None:
        people = self._desk.people
        number = comparable(uri.user if uri.scheme == "tel" else uri.plain_user)
        found = people.by_number(number) or people.by_number(normalise(number, RULES) or "")
        if found or not _EXTENSION.fullmatch(number):
            return found
        ends = [each for each in people.persons if any(one.endswith(number) for one in each.numbers)]
        return ends[0] if len(ends) == 1 else None

    def _unknown(self, uri: Uri) -> Nowhere:
        if uri.scheme == "tel" or (uri.params.get("user") or "").lower() == "phone":
            return Nowhere(404, 14010, "No such number, and no gateway")
        if uri.host.lower() not in (self._desk.people.domain, self._desk.people.server):
            return Nowhere(404, 1005, "Cannot route to destination domain")
        return Nowhere(404, 1003, "User does not exist")

    def _endpoints(self, person: Person, asked: Asked) -> tuple[Endpoint, ...]:
        """One endpoint if it is named (GRUU, or epid on To); else all but the one that asks."""
        if instance_of_gruu(asked.request.uri):
            found = self._registrar.by_gruu(person, asked.request.uri)
            return (found,) if found else ()
        epid = epid_of(asked.request.headers.get("To") or "")
        named = self._registrar.at(person, epid)
        if named:
            return (named,)
        own = self._own(asked)
        return tuple(each for each in self._registrar.of(person) if own is None or each.key != own.key)

    # -- later requests

    def onward(self, asked: Asked) -> tuple[Request, Target | Nowhere | None]:
        """The request without our Routes, and where a request in a dialog goes; None for one outside of a dialog."""
        request, states = self._popped(asked.request)
        for text in states:
            legs = self._legs(text)
            if legs is None:
                return request, Nowhere(481, 1004, "Route set is no longer valid")
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

    def _other(self, asked: Asked, caller: str, callee: str) -> Target | Nowhere:
        """The leg that did not send this."""
        leg = callee if self.leg_of(asked) == caller else caller
        return self._to_leg(leg, asked.request.uri)

    def _to_leg(self, leg: str, uri: str) -> Target | Nowhere:
        if leg.startswith("c"):
            conn = int(leg[1:])
            if conn in self._desk.links:
                return Target(Wire(conn, True), uri, "", leg)
            return Nowhere(480, 1006, "The connection is gone")
        endpoint = self._registrar.by_id(leg[1:])
        if endpoint is None:
            return Nowhere(480, 15030, "The endpoint is no longer signed in")
        # A GRUU is an address for the server; the device knows its own Contact.
        target = endpoint.contact if instance_of_gruu(uri) and not endpoint.scripted else uri
        return Target(endpoint.wire, target, endpoint.epid, leg, endpoint.person)

    def _direct(self, request: Request) -> Target | Nowhere:
        """A request in a dialog without our Route: its URI is a GRUU, or a Contact that somebody registered."""
        try:
            person = self.person(request.target)
        except MalformedMessage:
            person = None
        endpoint = self._registrar.by_gruu(person, request.uri) if person else None
        endpoint = endpoint or self._registrar.by_contact(request.uri)
        return _to_endpoint(endpoint) if endpoint else Nowhere(481, 1004, "Dialog is not known")

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


def _to_endpoint(endpoint: Endpoint) -> Target:
    return Target(endpoint.wire, endpoint.contact, endpoint.epid, f"e{endpoint.id}", endpoint.person)
