"""Who is signed in, on which device, over which connection ([MS-SIPREGE], RFC 3261 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from hashlib import sha1

from snomtui.kit.box import Conn
from snomtui.ocs.contacts import ROAMING_CONTACTS
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.endpoint import gruu, instance_of, instance_of_gruu, instance_uuid
from snomtui.ocs.provisioning import PROVISIONING
from snomtui.ocs.roaming import ROAMING_SELF
from snomtui.office.desk import COLLEAGUES, Asked, Desk, received_cid
from snomtui.office.index import forget
from snomtui.office.people import Person
from snomtui.sip.address import Address, uri_text
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request
from snomtui.sip.transaction import Wire

EVENTS = f"{PROVISIONING},{ROAMING_CONTACTS},presence,{ROAMING_SELF}"
"""The packages that a client may subscribe to."""
LEAST_PATIENCE = 90.0
"""Seconds of silence that are borne at least."""
MOST_ENDPOINTS = 32
"""Devices of one user; a further one is refused."""
NUMBERS = {"rejected": '4141;reason="User disabled"'}
"""Why somebody was put out, as ms-diagnostics-public tells it ([MS-OCER])."""


class Action(Enum):
    """What became of a binding, as the header presence-state tells it ([MS-SIPREGE] 2.2.1.6)."""

    ADDED = "added"
    """There was none."""
    REFRESHED = "refreshed"
    """It was there already."""
    FIXED = "fixed"
    """It was there, with another Contact."""
    REMOVED = "removed"
    """It is gone; this is never told."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One device of one person."""

    person: Person
    epid: str
    """Empty for an ordinary phone."""
    instance: str
    """UUID in lower case; empty for an ordinary phone without one."""
    contact: str
    """The registered Contact URI, verbatim."""
    gruu: str
    """The address that reaches just this device; empty without an instance."""
    wire: Wire
    user_agent: str
    auth: str
    """`ntlmv2`, `ntlmv1`, `digest`, `none`."""
    since: float
    """When it signed in, seconds since 1970."""
    expires_at: float
    ocs: bool
    """Whether it speaks the 2007 presence model."""

    @property
    def key(self) -> str:
        """What the device is known by; the same after a restart."""
        return f"{self.person.aor} {self.epid or self.instance or self.contact}"

    @property
    def id(self) -> str:
        """The key as a short word for Record-Route."""
        return sha1(self.key.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:12]

    @property
    def scripted(self) -> bool:
        """Whether a script stands behind it, not a phone."""
        return self.wire.conn == COLLEAGUES


_EPID = re.compile(r"[A-Za-z0-9_.\-]{1,16}")

Gone = Callable[[Endpoint, float], None]
Came = Callable[[Endpoint, float], None]


class Registrar:
    """All bindings. Finding one costs the same however many there are."""

    def __init__(self, desk: Desk, came: Came, gone: Gone) -> None:
        """`came` and `gone` are told of every new and every lost endpoint."""
        self._desk, self._came, self._gone = desk, came, gone
        self._endpoints: dict[str, Endpoint] = {}
        self._by_aor: dict[str, dict[str, Endpoint]] = {}
        self._by_id: dict[str, str] = {}
        self._by_conn: dict[Conn, dict[str, Endpoint]] = {}
        self._by_contact: dict[str, dict[str, Endpoint]] = {}

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(tuple(self._endpoints.values()))

    def of(self, person: Person) -> tuple[Endpoint, ...]:
        """The endpoints of a person; a script counts only while no phone is signed in."""
        mine = tuple(self._by_aor.get(person.aor, {}).values())
        return tuple(each for each in mine if not each.scripted) or mine

    def by_id(self, id: str) -> Endpoint | None:
        """The endpoint with this short word."""
        return self._endpoints.get(self._by_id.get(id, ""))

    def by_gruu(self, person: Person, uri: str) -> Endpoint | None:
        """The endpoint of a person that a GRUU points to."""
        wanted = instance_of_gruu(uri)
        mine = self._by_aor.get(person.aor, {}).values()
        return next((each for each in mine if each.instance == wanted), None)

    def at(self, person: Person, epid: str) -> Endpoint | None:
        """The endpoint of a person with this epid."""
        mine = self._by_aor.get(person.aor, {}).values()
        return next((each for each in mine if each.epid == epid), None) if epid else None

    def on(self, conn: Conn, person: Person) -> Endpoint | None:
        """The endpoint of a person on this connection."""
        here = self._by_conn.get(conn, {}).values()
        return next((each for each in here if each.person is person), None)

    def by_contact(self, uri: str) -> Endpoint | None:
        """The endpoint that registered this Contact."""
        return next(iter(self._by_contact.get(uri, {}).values()), None)

    def enrol(self, person: Person, now: float) -> Endpoint:
        """Sign in a scripted person, for ever."""
        epid = person.epid
        own = gruu(person.address, epid)
        inside = Wire(COLLEAGUES, True)
        instance = instance_uuid(epid)
        endpoint = Endpoint(person, epid, instance, own, own, inside, "script", "none", now, float("inf"), True)
        self._keep(endpoint, now)
        return endpoint

    # -- REGISTER

    def register(self, asked: Asked, now: float) -> None:
        """Answer a REGISTER of somebody who has proved who they are."""
        trouble = self._trouble(asked)
        if trouble:
            self._desk.refuse(asked, trouble, now)
            return
        if asked.person.pool and not self._desk.is_this_server(asked.person.pool):
            self._redirect(asked, now)
            return
        request = asked.request
        if request.contact_star:
            for endpoint in tuple(self._by_aor.get(asked.person.aor, {}).values()):
                if not endpoint.scripted:
                    self._drop(endpoint, "signed out", now)
        action = Action.REMOVED
        for contact, text in zip(request.contacts, request.headers.values("Contact"), strict=False):
            outcome = self._bind(asked, contact, text, now)
            if outcome is None:
                self._desk.answer(asked, 423, "", ("Min-Expires", str(self._desk.policy.shortest)), now=now)
                return
            action = outcome
        self._accept(asked, action, now)

    def _redirect(self, asked: Asked, now: float) -> None:
        """Send somebody to the pool where they are at home ([MS-CONMGMT] 3.2)."""
        link = self._desk.links.get(asked.wire.conn)
        pool, transport = asked.person.pool, link.transport if link else "tls"
        longest = self._desk.policy.longest_for(asked.request.headers.get("User-Agent") or "")
        self._desk.journal.note(f"sent to the home pool {pool}", now, asked.wire.conn, asked.person.address)
        headers: list[Item] = [
            ("Contact", f"<sip:{pool};transport={transport}>;q=0.7"),
            ("Expires", str(longest)),
            ("Server", self._desk.policy.server_header),
        ]
        self._desk.answer(asked, 301, "Redirect To Home Server", *headers, now=now)

    def _trouble(self, asked: Asked) -> Refusal | None:
        """Why somebody cannot sign in so ([MS-SIPREGE] 3.2.5, [MS-OCER])."""
        request = asked.request
        if self._desk.people.find(request.to.uri.aor) is not asked.person:
            return Refusal(403, 4004, "Credentials provided are not authorized to act as specified from URI")
        event = request.headers.get("Event")
        if event is not None and event.lower() != "registration":
            return Refusal(489, 4055, "Event header in REGISTER is not registration")
        supported = supports(request)
        if "msrtc-event-categories" in supported and "gruu-10" not in supported:
            needed = (("Require", "gruu-10"),)  # RFC 3261 21.4.17
            return Refusal(421, 2057, "The presence model of 2007 needs gruu-10", needed)
        if asked.epid and not _EPID.fullmatch(asked.epid):
            return Refusal(400, 4012, "The epid parameter is not one to sixteen letters and digits")
        if request.contact_star and request.expires != 0:
            return Refusal(400, 1000, "Contact * needs Expires 0")
        named = asked.epid or any(instance_of(each) for each in request.headers.all("Contact"))
        if not named and asked.auth.startswith("ntlm"):
            return Refusal(400, 4010, "Missing endpoint identifier")
        mine = self._by_aor.get(asked.person.aor, {})
        if len(mine) >= MOST_ENDPOINTS and request.expires != 0 and not self.at(asked.person, asked.epid):
            return Refusal(403, 4000, f"At most {MOST_ENDPOINTS} devices can be signed in")
        return None

    def _bind(self, asked: Asked, contact: Address, text: str, now: float) -> Action | None:
        """Take one Contact; None if the time asked for is too short."""
        seconds = self._seconds(asked.request, contact)
        endpoint = self._endpoint(asked, text, now, seconds)
        old = self._endpoints.get(endpoint.key)
        if seconds == 0:
            if old:
                self._drop(old, "signed out", now)
            return Action.REMOVED
        if seconds < self._desk.policy.shortest:
            return None
        action = Action.ADDED
        if old and old.wire.conn == endpoint.wire.conn:
            action = Action.REFRESHED if old.contact == endpoint.contact else Action.FIXED
            endpoint = replace(endpoint, since=old.since)
            self._unlist(old)
        elif old:
            if old.wire.conn in self._desk.links:
                self._tell_gone(old, "unregistered", now)
            self._drop(old, "signed in again on another connection", now)
        self._keep(endpoint, now)
        return action

    def _seconds(self, request: Request, contact: Address) -> int:
        longest = self._desk.policy.longest_for(request.headers.get("User-Agent") or "")
        own = contact.params.get("expires") or ""
        wish = int(own) if own.isascii() and own.isdigit() and len(own) < 11 else request.expires
        return longest if wish is None else min(wish, longest)

    def _endpoint(self, asked: Asked, contact_text: str, now: float, seconds: int) -> Endpoint:
        request = asked.request
        instance = instance_of(contact_text) or (instance_uuid(asked.epid) if asked.epid else "")
        own = gruu(asked.person.address, asked.epid) if asked.epid else ""
        return Endpoint(
            person=asked.person,
            epid=asked.epid,
            instance=instance,
            contact=uri_text(contact_text),
            gruu=own,
            wire=asked.wire,
            user_agent=request.headers.get("User-Agent") or "",
            auth=asked.auth,
            since=now,
            expires_at=now + seconds,
            ocs="msrtc-event-categories" in supports(request),
        )

    def _accept(self, asked: Asked, action: Action, now: float) -> None:
        mine = [each for each in self._by_aor.get(asked.person.aor, {}).values() if not each.scripted]
        own = next((each for each in mine if each.epid == asked.epid and each.wire.conn == asked.wire.conn), None)
        headers: list[Item] = [("Contact", _binding(each, now)) for each in mine]
        granted = round(own.expires_at - now) if own else 0
        headers.append(("Expires", str(granted)))
        if own and own.ocs:
            # Who only asks what is registered, or signs another device out, is still there itself.
            headers += self._ocs_headers(Action.REFRESHED if action is Action.REMOVED else action)
            headers += self._keep_alive(asked, now)
        headers.append(("Server", self._desk.policy.server_header))
        self._desk.answer(asked, 200, "", *headers, now=now)
        if own and action is Action.ADDED:
            how = f"signed in with {own.auth} for {granted} s ({own.user_agent or 'no User-Agent'})"
            self._desk.journal.note(how, now, own.wire.conn, own.person.address)
            self._desk.log(3, f"{own.person.address} {how}")

    def _ocs_headers(self, action: Action) -> list[Item]:
        return [
            ("presence-state", f'register-action="{action.value}"'),
            ("Allow-Events", EVENTS),
            ("Supported", "adhoclist"),
            ("Supported", "msrtc-event-categories"),
        ]

    def _keep_alive(self, asked: Asked, now: float) -> list[Item]:
        """Agree on signs of life, if they were offered ([MS-CONMGMT] 2.2.1, 3.1)."""
        offer = (asked.request.headers.get("ms-keep-alive") or "").lower().replace(" ", "")
        if not offer.startswith("uac") or "hop-hop=yes" not in offer or not asked.wire.reliable:
            return []
        timeout = self._desk.policy.keep_alive
        # One client waits a whole minute before its first sign of life, whatever it was told.
        self._desk.promise(asked.wire.conn, max(2.0 * timeout, LEAST_PATIENCE), now)
        return [("ms-keep-alive", f"UAS; tcp=no; hop-hop=yes; end-end=no; timeout={timeout}")]

    # -- bindings come and go

    def fire(self, key: str, now: float) -> None:
        """A registration was not refreshed in time."""
        endpoint = self._endpoints.get(key)
        if endpoint:
            self._drop(endpoint, "registration ran out", now)

    def lost(self, conn: Conn, now: float) -> None:
        """A connection is gone, and with it all who signed in over it ([MS-SIPREGE] 3.2.6)."""
        for endpoint in tuple(self._by_conn.get(conn, {}).values()):
            self._drop(endpoint, "connection lost", now)

    def sign_out(self, endpoint: Endpoint, event: str, now: float) -> None:
        """Put somebody out; `event` is `unregistered`, `rejected` or `deactivated`."""
        self._tell_gone(endpoint, event, now)
        self._drop(endpoint, f"signed out: {event}", now)

    def _keep(self, endpoint: Endpoint, now: float) -> None:
        known = self._endpoints.get(endpoint.key)
        self._endpoints[endpoint.key] = endpoint
        self._by_aor.setdefault(endpoint.person.aor, {})[endpoint.key] = endpoint
        self._by_id[endpoint.id] = endpoint.key
        self._by_conn.setdefault(endpoint.wire.conn, {})[endpoint.key] = endpoint
        self._by_contact.setdefault(endpoint.contact, {})[endpoint.key] = endpoint
        if endpoint.expires_at != float("inf"):
            self._desk.timers.start(("binding", endpoint.key), endpoint.expires_at)
        if known is None:
            self._came(endpoint, now)

    def _drop(self, endpoint: Endpoint, why: str, now: float) -> None:
        self._desk.timers.stop(("binding", endpoint.key))
        del self._endpoints[endpoint.key]
        del self._by_id[endpoint.id]
        forget(self._by_aor, endpoint.person.aor, endpoint.key)
        forget(self._by_conn, endpoint.wire.conn, endpoint.key)
        self._unlist(endpoint)
        self._desk.journal.note(why, now, endpoint.wire.conn, endpoint.person.address)
        self._gone(endpoint, now)

    def _unlist(self, endpoint: Endpoint) -> None:
        """Its Contact is no longer in force."""
        forget(self._by_contact, endpoint.contact, endpoint.key)

    def _tell_gone(self, endpoint: Endpoint, event: str, now: float) -> None:
        """Tell a client that it is no longer registered ([MS-SIPREGE] 3.2.5.3)."""
        ids, uri = self._desk.ids, endpoint.person.uri
        headers = Headers.of(
            ("Via", self._desk.via(endpoint.wire.conn)),
            ("Max-Forwards", "70"),
            ("From", f"<{uri}>;tag={ids.tag()}"),
            ("To", f"<{uri}>" + (f";epid={endpoint.epid}" if endpoint.epid else "")),
            ("Call-ID", ids.call_id()),
            ("CSeq", "1 NOTIFY"),
            ("Contact", f"<{self._desk.here(endpoint.wire.conn)}>"),
            ("Event", "registration-notify"),
            ("Subscription-State", "terminated;expires=0"),
            *([("ms-diagnostics-public", NUMBERS[event])] if event in NUMBERS else []),
            ("Content-Type", "text/registration-event"),
        )
        body = f"deregistered;event={event}".encode()
        self._desk.request(Request("NOTIFY", endpoint.contact, headers, body), endpoint.wire, self, now)


def supports(request: Request) -> frozenset[str]:
    """The option tags of all Supported headers, in lower case."""
    return frozenset(each.lower() for each in request.headers.values("Supported"))


def _binding(endpoint: Endpoint, now: float) -> str:
    """One Contact of the answer."""
    came = f";ms-received-cid={received_cid(endpoint.wire.conn)}" if endpoint.ocs else ""
    parts = [f"<{endpoint.contact}{came}>;expires={max(0, round(endpoint.expires_at - now))}"]
    if endpoint.instance:
        parts.append(f'+sip.instance="<urn:uuid:{endpoint.instance}>"')
    if endpoint.gruu and endpoint.ocs:
        parts.append(f'gruu="{endpoint.gruu}"')
    return ";".join(parts)
