"""What an OCS keeps for its user: the contact list, the own state, the presence of others ([MS-PRES], [MS-SIP])."""

from __future__ import annotations

from dataclasses import replace

from snomtui.line.desk import Desk
from snomtui.line.events import ContactsChanged, OwnPresenceChanged, PresenceChanged
from snomtui.line.watch.categories import CategoryPublisher
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.publication import Wish
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.ocs import contacts as listed
from snomtui.ocs.categories import card_of, presence_of
from snomtui.ocs.roaming import ROAMING_SELF_TYPE, build_roaming_list, parse_roaming_self, versions_of
from snomtui.ocs.subscription import ACCEPT, BATCH_TYPE, BatchSub, Resource, build_batch_sub, parse_watched
from snomtui.presence import Contact, Presence
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request

_COMMON: tuple[Item, ...] = (
    ("Supported", "com.microsoft.autoextend"),
    ("Supported", "ms-benotify"),
    ("Proxy-Require", "ms-benotify"),
    ("Supported", "ms-piggyback-first-notify"),
)
ROAMING_CONTACTS = "vnd-microsoft-roaming-contacts"
ROAMING_SELF = "vnd-microsoft-roaming-self"


class Roaming:
    """The conversations that follow a registration at OCS, in the order of a sign-in."""

    def __init__(self, desk: Desk, machine: str) -> None:
        """`machine`: the name of the device, such as `SNOM370`."""
        self._desk = desk
        uri = desk.account.uri
        self._letterbox = Letterbox()
        topic = Topic(ROAMING_CONTACTS, uri, headers=(("Accept", listed.CONTACTS_TYPE), *_COMMON))
        self._contacts = Subscription(desk, self._letterbox, topic, self._contacts_came)
        body = (ROAMING_SELF_TYPE, build_roaming_list())
        topic = Topic(ROAMING_SELF, uri, headers=(("Accept", ROAMING_SELF_TYPE), *_COMMON), body=body)
        self._self = Subscription(desk, self._letterbox, topic, self._self_came)
        self._watch: Subscription | None = None
        self.publisher = CategoryPublisher(desk, machine, self._self_told)
        self._list: listed.ContactList | None = None
        self._cards: dict[str, Contact] = {}
        self._seen: dict[str, Presence] = {}
        self._own = Presence()
        self._wish = Wish()

    @property
    def subscriptions(self) -> list[Subscription]:
        """All that are wanted."""
        return [each for each in (self._contacts, self._self, self._watch) if each]

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to be said at a farewell; the server drops by itself what it is not told."""
        return True

    def begin(self, now: float) -> None:
        """The server knows us anew: ask for everything and publish."""
        self.gone()
        self._contacts.start(now)
        self._self.start(now)

    def gone(self) -> None:
        """The registration is gone and everything with it."""
        for each in dict.fromkeys((*self.subscriptions, *self._letterbox)):
            each.gone()
        self._watch = None
        self.publisher.gone()

    def leave(self, now: float) -> None:
        """Say good-bye: publications first, then subscriptions."""
        self.publisher.withdraw(now)
        for each in self.subscriptions:
            each.end(now)

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this; published as soon as the server has told what it has stored."""
        self._wish = wish
        if self._self.active:
            self.publisher.wish(wish, now)

    # -- documents

    def _contacts_came(self, kind: str, message: Message, now: float) -> None:
        root = message.body.lstrip()[:400]
        if b"contactDelta" in root:
            change = listed.parse_contact_delta(message.body)
            fresh = self._list.apply(change) if self._list else None
            if fresh is None:
                self._contacts.gone()
                self._contacts.start(now)
                return
        else:
            fresh = listed.parse_contact_list(message.body)
        before = {each.uri for each in self._list.contacts} if self._list else set()
        self._list = fresh
        self._tell_contacts()
        uris = [each.uri for each in fresh.contacts if each.subscribed]
        if uris and (set(uris) != before or self._watch is None):
            self._watch_all(uris, before, now)

    def _watch_all(self, uris: list[str], before: set[str], now: float) -> None:
        if self._watch:
            self._watch.end(now)
        resources = tuple(Resource(uri, bool(before) and uri not in before) for uri in uris)
        own = self._desk.account.uri
        headers: tuple[Item, ...] = (
            ("Require", "adhoclist, categoryList"),
            ("Supported", "eventlist"),
            ("Accept", ACCEPT),
            *_COMMON,
        )
        body = (BATCH_TYPE, build_batch_sub(BatchSub(own, resources)))
        topic = Topic("presence", own, headers=headers, body=body)
        self._watch = Subscription(self._desk, self._letterbox, topic, self._watched_came)
        self._watch.start(now)

    def _watched_came(self, kind: str, message: Message, now: float) -> None:
        named = False
        for watched in parse_watched(message.body, message.headers.get("Content-Type") or ""):
            uri = listed.address(watched.uri)
            card = card_of(watched.categories)
            if card:
                numbers = tuple(phone.uri.removeprefix("tel:") for phone in card.phones)
                self._cards[uri] = Contact(uri, card.name, numbers)
                named = True
            if watched.state != "active" or not self._listed(uri):
                continue
            before = self._seen.get(uri, Presence())
            seen = presence_of(watched.categories, before)
            if uri not in self._seen or seen != before:
                self._seen[uri] = seen
                self._desk.tell(PresenceChanged(uri, self._name(uri), seen))
        if named:
            self._tell_contacts()

    def _listed(self, uri: str) -> bool:
        return self._list is not None and self._list.find(uri) is not None

    def _name(self, uri: str) -> str:
        found = self._list.find(uri) if self._list else None
        card = self._cards.get(uri)
        return (found.name if found else "") or (card.name if card else "")

    def _tell_contacts(self) -> None:
        if self._list is None:
            return
        people = []
        for contact in self._list.people():
            card = self._cards.get(contact.uri)
            people.append(replace(contact, name=contact.name or card.name, numbers=card.numbers) if card else contact)
        self._desk.tell(ContactsChanged(self._desk.account.number, tuple(people)))

    def _self_came(self, kind: str, message: Message, now: float) -> None:
        self._self_told(message, now)
        self.publisher.wish(self._wish, now)

    def _self_told(self, message: Message, now: float) -> None:
        """A roaming-self document: stored versions, and how others see us."""
        told = parse_roaming_self(message.body)
        if told.categories is None:
            return
        self.publisher.versions.update(versions_of(told.categories))
        own = presence_of(told.categories, self._own)
        if own != self._own:
            self._own = own
            self._desk.tell(OwnPresenceChanged(self._desk.account.number, own))

    def notified(self, request: Request) -> Subscription | None:
        """The subscription that a NOTIFY or BENOTIFY is about."""
        return self._letterbox.find(request)
