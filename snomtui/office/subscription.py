"""SUBSCRIBE to the front end itself: dialogs, piggybacked documents, BENOTIFY and NOTIFY (RFC 6665, [MS-SIP] 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from snomtui.kit.box import Conn
from snomtui.ocs.diagnostics import Refusal
from snomtui.office.desk import Asked, Body, Desk
from snomtui.office.index import forget
from snomtui.office.people import Person
from snomtui.office.registrar import Endpoint, supports
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.transaction import Wire

_EXTEND = "com.microsoft.autoextend"
MOST_OF_ONE = 2000
"""Subscriptions over one connection; a further one is refused."""
Extra = tuple[Item, ...]


@dataclass(eq=False, slots=True)
class Subscription:
    """One client's wish to be told; lives as long as its dialog."""

    number: int
    event: str
    """The package, in lower case."""
    watcher: Person
    epid: str
    wire: Wire
    dialog: Dialog
    benotify: bool
    """Whether BENOTIFY may be used, which nobody answers."""
    piggyback: bool
    """Whether the first document may come in the 200."""
    expires_at: float
    extends: bool = False
    """Whether everything that is told extends it ([MS-SIP] 3.6, com.microsoft.autoextend)."""
    granted: int = 0
    """Seconds for which it was granted."""
    accept: tuple[str, ...] = ()
    """The media types that the client reads, in lower case."""
    wanted: dict[str, frozenset[str]] = field(default_factory=dict)
    """Presence: who is watched, and which categories."""
    batched: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """What a subscriber is told."""

    content_type: str
    body: bytes
    extra: Extra = ()
    """Further headers."""

    @property
    def pair(self) -> Body:
        """Content type and bytes."""
        return self.content_type, self.body


class Package(Protocol):
    """One event package."""

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """A new or refreshed subscription: the whole document. `request` is the SUBSCRIBE."""

    def closed(self, subscription: Subscription) -> None:
        """The subscription is over."""


class Subscriptions:
    """All subscriptions to the front end."""

    def __init__(self, desk: Desk, packages: Mapping[str, Package]) -> None:
        """`packages` by event name in lower case."""
        self._desk = desk
        self._packages = dict(packages)
        self._by_key: dict[tuple[str, str, str], Subscription] = {}
        self._by_number: dict[int, Subscription] = {}
        self._by_user: dict[tuple[str, str], dict[int, Subscription]] = {}
        """By event and address of the watcher."""
        self._by_conn: dict[Conn, dict[int, Subscription]] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._by_number)

    def add(self, event: str, package: Package) -> None:
        """Serve one more package."""
        self._packages[event] = package

    def serves(self, event: str) -> bool:
        """Whether there is a package of this name."""
        return event.lower() in self._packages

    def of(self, person: Person, event: str) -> tuple[Subscription, ...]:
        """The subscriptions of one user to one package."""
        return tuple(self._by_user.get((event, person.aor), {}).values())

    # -- SUBSCRIBE

    def subscribe(self, asked: Asked, now: float) -> None:
        """Answer a SUBSCRIBE to a package that is served here."""
        if asked.request.to.tag:
            self._refresh(asked, now)
        else:
            self._open(asked, now)

    def _open(self, asked: Asked, now: float) -> None:
        request = asked.request
        if len(self._by_conn.get(asked.wire.conn, ())) >= MOST_OF_ONE:
            self._desk.refuse(asked, Refusal(403, 2012, "Category subscription limit exceeded"), now)
            return
        self._count += 1
        supported = supports(request)
        contact = f"<{self._desk.here(asked.wire.conn)};ms-fe={self._desk.people.server}>"
        subscription = Subscription(
            number=self._count,
            event=_event(request),
            watcher=asked.person,
            epid=asked.epid,
            wire=asked.wire,
            dialog=Dialog.uas(request, self._desk.ids.hex(8).upper(), contact),
            benotify="ms-benotify" in supported,
            piggyback="ms-piggyback-first-notify" in supported,
            expires_at=now,
            extends=_EXTEND in supported,
            accept=tuple(each.partition(";")[0].strip().lower() for each in request.headers.values("Accept")),
        )
        self._serve(subscription, asked, now)

    def _refresh(self, asked: Asked, now: float) -> None:
        request = asked.request
        subscription = self._by_key.get((request.call_id, request.to.tag, request.from_.tag))
        if subscription is None or subscription.watcher is not asked.person:
            self._desk.refuse(asked, Refusal(481, 2014, "Subscription dialog does not exist"), now)
        elif not subscription.dialog.takes(request):
            self._desk.answer(asked, 500, "Stale CSeq", now=now)
        else:
            subscription.dialog.refresh(request)
            self._move(subscription, asked.wire)
            self._serve(subscription, asked, now)

    def _serve(self, subscription: Subscription, asked: Asked, now: float) -> None:
        package = self._packages[subscription.event]
        seconds = self._seconds(asked.request)
        known = subscription.number in self._by_number
        if known and seconds == 0:
            self._accept(subscription, asked, None, 0, now)
            return
        outcome = package.opened(subscription, asked.request, now)
        if isinstance(outcome, Refusal):
            self._desk.refuse(asked, outcome, now)
            return
        if not known:
            self._keep(subscription)
        subscription.expires_at, subscription.granted = now + seconds, seconds
        self._desk.timers.start(("subscription", subscription.number), subscription.expires_at)
        self._accept(subscription, asked, outcome, seconds, now)

    def _seconds(self, request: Request) -> int:
        wish = request.expires
        longest = self._desk.policy.subscription
        return longest if wish is None else min(wish, longest)

    def _accept(
        self, subscription: Subscription, asked: Asked, document: Document | None, seconds: int, now: float
    ) -> None:
        """The 200, with the document in it or a NOTIFY behind it."""
        inside = document if subscription.piggyback else None
        headers: list[Item] = [
            ("Contact", subscription.dialog.contact),
            ("Expires", str(seconds)),
            ("Event", asked.request.headers.get("Event") or ""),
            ("subscription-state", _state(seconds)),
        ]
        if inside:
            subscription.dialog.local_cseq += 1
            headers.append(("ms-piggyback-cseq", str(subscription.dialog.local_cseq)))
            headers += inside.extra
        tags = [each for each, on in _tags(subscription) if on]
        if tags:
            headers.append(("Supported", ", ".join(tags)))
        response = self._made(subscription, asked, headers, inside)
        if asked.key is not None:
            self._desk.reply(asked.key, response, now)
        if inside is None and (document or not subscription.benotify):  # the end of one needs no BENOTIFY
            self.notify(subscription, document, now, seconds)
        if seconds == 0:
            self._drop(subscription)

    def _made(self, subscription: Subscription, asked: Asked, headers: list[Item], inside: Document | None) -> Response:
        tag = subscription.dialog.local.tag
        return respond(asked.request, 200, tag=tag, headers=headers, body=inside.pair if inside else None)

    # -- what is told later

    def tell(self, person: Person, event: str, document: Document, now: float, but: str = "") -> None:
        """Tell all endpoints of one user that subscribed to a package, except the one with the epid `but`."""
        for subscription in self.of(person, event):
            if not but or subscription.epid != but:
                self.notify(subscription, document, now)

    def notify(
        self, subscription: Subscription, document: Document | None, now: float, seconds: int | None = None
    ) -> None:
        """Send one BENOTIFY, or NOTIFY where it was not allowed; `seconds` 0 = the last one."""
        if subscription.extends and seconds is None:
            subscription.expires_at = now + subscription.granted
        left = round(max(0.0, subscription.expires_at - now)) if seconds is None else seconds
        headers: list[Item] = [("Event", subscription.event), ("subscription-state", _state(left))]
        if document:
            headers += document.extra
        conn = subscription.wire.conn
        method = "BENOTIFY" if subscription.benotify else "NOTIFY"
        pair = document.pair if document else None
        request = subscription.dialog.request(method, self._desk.via(conn), headers, pair)
        if subscription.benotify:
            self._desk.send(subscription.wire, request, now)
        else:
            self._desk.request(request, subscription.wire, subscription, now)

    def answered(self, subscription: Subscription, status: int) -> None:
        """A NOTIFY was answered, or counts as answered; who refuses it is told no more (RFC 6665 4.2.2)."""
        if status in (404, 405, 408, 481, 489, 503):
            self._drop(subscription)

    # -- the end

    def fire(self, number: int, now: float) -> None:
        """A subscription ran out."""
        subscription = self._by_number.get(number)
        if subscription and subscription.expires_at > now:  # it was extended; the timer was not moved each time
            self._desk.timers.start(("subscription", number), subscription.expires_at)
        elif subscription:
            self.notify(subscription, None, now, 0)
            self._drop(subscription)

    def forget(self) -> None:
        """The service was restarted: all are over, and nobody is told."""
        for subscription in tuple(self._by_number.values()):
            self._drop(subscription)

    def lost(self, conn: Conn) -> None:
        """A connection is gone."""
        for subscription in tuple(self._by_conn.get(conn, {}).values()):
            self._drop(subscription)

    def gone(self, endpoint: Endpoint) -> None:
        """An endpoint has signed out; nobody reads what it wanted to know."""
        for each in tuple(self._by_conn.get(endpoint.wire.conn, {}).values()):
            if each.watcher is endpoint.person and each.epid == endpoint.epid:
                self._drop(each)

    def _keep(self, subscription: Subscription) -> None:
        self._by_key[subscription.dialog.key] = subscription
        self._by_number[subscription.number] = subscription
        user = (subscription.event, subscription.watcher.aor)
        self._by_user.setdefault(user, {})[subscription.number] = subscription
        self._by_conn.setdefault(subscription.wire.conn, {})[subscription.number] = subscription

    def _move(self, subscription: Subscription, wire: Wire) -> None:
        """The client refreshes over another connection."""
        if wire.conn != subscription.wire.conn:
            forget(self._by_conn, subscription.wire.conn, subscription.number)
            self._by_conn.setdefault(wire.conn, {})[subscription.number] = subscription
        subscription.wire = wire

    def _drop(self, subscription: Subscription) -> None:
        if self._by_number.pop(subscription.number, None) is None:
            return
        del self._by_key[subscription.dialog.key]
        user = (subscription.event, subscription.watcher.aor)
        forget(self._by_user, user, subscription.number)
        forget(self._by_conn, subscription.wire.conn, subscription.number)
        self._desk.timers.stop(("subscription", subscription.number))
        self._packages[subscription.event].closed(subscription)


def _event(request: Request) -> str:
    return (request.headers.get("Event") or "").partition(";")[0].strip().lower()


def _state(seconds: int) -> str:
    return f"active;expires={seconds}" if seconds else "terminated;expires=0"


def _tags(subscription: Subscription) -> tuple[tuple[str, bool], ...]:
    return (
        (_EXTEND, subscription.extends),
        ("ms-benotify", subscription.benotify),
        ("ms-piggyback-first-notify", subscription.piggyback),
    )
