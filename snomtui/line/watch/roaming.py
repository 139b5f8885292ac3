"""What an OCS keeps for its user: the contact list, the own state, the presence of others ([MS-PRES], [MS-SIP])."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from snomtui.line.desk import Desk
from snomtui.line.events import ContactsChanged
from snomtui.line.watch.addressbook import AddressBook
from snomtui.line.watch.batch import EVENT
from snomtui.line.watch.contactbook import ContactBook
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.ownself import OwnSelf
from snomtui.line.watch.publication import Publisher, Wish
from snomtui.line.watch.sights import Sights
from snomtui.line.watch.subscription import Subscription
from snomtui.line.watch.surroundings import Provisioned
from snomtui.ocs.contacts import ROAMING_CONTACTS, address
from snomtui.ocs.provisioning import PROVISIONING
from snomtui.ocs.roaming import ROAMING_SELF
from snomtui.presence import Contact
from snomtui.sip.message import Request, Response

CATEGORIES = "msrtc-event-categories"
"""The presence of OCS 2007, as a registrar says that it has it ([MS-SIPREGE] 3.1)."""


class Roaming:
    """The conversations that follow a registration at OCS, in the order of a sign-in."""

    def __init__(self, desk: Desk, machine: str) -> None:
        """`machine`: the name of the device, such as `SNOM370`."""
        self._desk = desk
        self._letterbox = Letterbox()
        self._book = ContactBook(desk, self._letterbox, self._contacts_came, self._watch)
        self._provisioned = Provisioned(desk, self._letterbox)
        self._self = OwnSelf(desk, self._letterbox, machine)
        self._sights = Sights(desk, self._letterbox, self._name_of, self._tell_contacts)
        self._search = AddressBook(desk)
        self._names: dict[str, str] = {}
        """How the contact list calls people."""
        self._also: dict[str, None] = {}
        """Who is watched besides the contact list."""
        self._served: frozenset[str] = frozenset()
        """The packages that the server offers, in lower case; none named = all are tried."""

    @property
    def _own(self) -> tuple[Subscription, ...]:
        """What the server is asked of its own user."""
        return (self._book.subscription, self._provisioned.subscription, self._self.subscription)

    @property
    def subscriptions(self) -> list[Subscription]:
        """All that are wanted."""
        return [*self._own, *self._sights.subscriptions]

    @property
    def publisher(self) -> Publisher:
        """Who tells the server how others shall see us."""
        return self._self.publisher

    @property
    def shared(self) -> bool:
        """Whether this person is signed in with another device as well."""
        return self._self.publisher.shared

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to be said at a farewell; the server drops by itself what it is not told."""
        return True

    def begin(self, response: Response, now: float) -> None:
        """The server knows us anew: ask for everything that it serves, and publish."""
        self.gone()
        self._served = frozenset(name.lower() for name in response.headers.values("Allow-Events"))
        supported = [name.lower() for name in response.headers.values("Supported")]
        if supported and CATEGORIES not in supported:
            self._desk.log(4, "This server knows only the presence of 2005, which this phone does not")
        packages = {
            ROAMING_CONTACTS: self._book.subscription,
            PROVISIONING: self._provisioned.subscription,
            ROAMING_SELF: self._self.subscription,
        }
        for name, subscription in packages.items():
            if self._serves(name):
                subscription.start(now)
        if not self._serves(ROAMING_CONTACTS):
            self._watch(now)

    def _serves(self, package: str) -> bool:
        return not self._served or package.lower() in self._served

    def proved(self, now: float) -> None:
        """We have proved anew who we are: some servers have forgotten what they told us, so that we ask again."""
        for each in self._own:
            each.ask(now)
        self._sights.ask_again(now)

    def gone(self) -> None:
        """The registration is gone and everything with it; contacts stay on show until they come anew."""
        for each in dict.fromkeys((*self.subscriptions, *self._letterbox)):
            each.gone()
        self._book.gone()
        self._sights.gone()
        self._self.gone()
        self._search.gone()

    def leave(self, now: float) -> None:
        """Say good-bye: publications first, then subscriptions."""
        self._self.publisher.withdraw(now)
        for each in self._own:
            each.end(now)
        self._sights.leave(now)

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this; published as soon as the server has told what it has stored."""
        self._self.wish(wish, now)

    def watch_also(self, uris: Iterable[str], begun: bool, now: float) -> None:
        """These are watched besides the contact list; `begun`: the server knows us, so that it can be asked."""
        wanted = dict.fromkeys(address(uri) for uri in uris)
        self._also = {uri: None for uri in wanted if uri.startswith(("sip:", "sips:")) and "@" in uri}
        if begun:
            self._watch(now)

    def add_contact(self, uri: str, name: str, group: str, now: float) -> str:
        """Have the server add a contact, or put one into a group; why it cannot be, or ""."""
        return self._book.add(uri, name, group, now)

    def remove_contact(self, uri: str, now: float) -> str:
        """Have the server remove a contact; why it cannot be, or ""."""
        return self._book.remove(uri, now)

    def search(self, text: str, now: float) -> str:
        """Have the server search its address book; why it cannot be, or ""."""
        return self._search.search(text, now)

    # -- contacts

    def _contacts_came(self, now: float) -> None:
        known = self._book.list.contacts if self._book.list else ()
        self._names = {each.uri: each.given_name for each in known}
        self._tell_contacts()
        self._watch(now)

    def _watch(self, now: float) -> None:
        """Watch the contacts, once it is known who they are, and whoever else is wanted."""
        asked = self._book.subscription
        pending = self._serves(ROAMING_CONTACTS) and not asked.active and not asked.refused
        if pending or not self._serves(EVENT):
            return
        known = self._book.list.contacts if self._book.list else ()
        self._sights.want([*(each.uri for each in known if each.subscribed), *self._also], now)

    def _name_of(self, uri: str) -> str:
        return self._names.get(uri, "")

    def _tell_contacts(self) -> None:
        if self._book.list is None:
            return
        groups = tuple(each.label for each in self._book.list.groups)
        people = tuple(map(self._with_card, self._book.list.people()))
        self._desk.tell(ContactsChanged(self._desk.account.number, people, groups))

    def _with_card(self, contact: Contact) -> Contact:
        card = self._sights.cards.get(contact.uri)
        if card is None:
            return contact
        return replace(contact, name=contact.name or card.name, numbers=card.numbers, kinds=card.kinds)

    def notified(self, request: Request) -> Subscription | None:
        """The subscription that a NOTIFY or BENOTIFY is about."""
        return self._letterbox.find(request)
