"""What an ordinary server is asked to tell: presence, phones of colleagues, voice mail, the own registration."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snomtui.line.desk import Desk
from snomtui.line.events import MailboxChanged
from snomtui.line.watch.binding import BindingWatch
from snomtui.line.watch.lamps import LampListWatch, LampWatch
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.persons import PersonListWatch, PersonWatch
from snomtui.line.watch.pidf import PidfPublisher
from snomtui.line.watch.publication import Wish
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.presence import Contact
from snomtui.simple.message_summary import MESSAGE_SUMMARY_TYPE, MessageSummary
from snomtui.sip.message import Message, Request, Response
from snomtui.sip.uri import person_uri

NO_LIST = "This server keeps no contact list"
NO_BOOK = "This server has no address book"


class Watching:
    """All subscriptions at one ordinary server, and the publication."""

    def __init__(
        self, desk: Desk, machine: str, contacts: tuple[Contact, ...], register: Callable[[float], None]
    ) -> None:
        """`machine`: the name of the device; `register(now)`: register again at once."""
        self._desk = desk
        self._letterbox = Letterbox()
        self.publisher = PidfPublisher(desk, machine)
        interests, account = desk.account.interests, desk.account
        self._persons = self._watched(contacts)
        self._also: dict[str, PersonWatch] = {}
        """Whoever is watched besides the contacts."""
        self._others: list[Subscription] = []
        self._lamps = {uri: LampWatch(desk, self._letterbox, uri) for uri in interests.lamps}
        self._list = LampListWatch(desk, self._letterbox, interests.phones) if interests.phones else None
        self._binding = BindingWatch(desk, self._letterbox, register) if interests.registration else None
        if account.mailbox:
            topic = Topic("message-summary", account.uri, (MESSAGE_SUMMARY_TYPE,), expires=interests.expiry)
            self._others.append(Subscription(desk, self._letterbox, topic, self.mailbox_came))

    def _watched(self, contacts: tuple[Contact, ...]) -> list[PersonWatch | PersonListWatch]:
        account = self._desk.account
        if not account.watches:
            return []
        if account.interests.people:
            return [PersonListWatch(self._desk, self._letterbox, account.interests.people)]
        return [
            PersonWatch(self._desk, self._letterbox, contact)
            for contact in contacts
            if contact.watched and contact.uri.startswith("sip:")
        ]

    @property
    def subscriptions(self) -> list[Subscription]:
        """All of them."""
        more = [each.subscription for each in (self._list, self._binding) if each]
        people = [each.subscription for each in (*self._persons, *self._also.values())]
        return [*people, *self._others, *(each.subscription for each in self._lamps.values()), *more]

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to be said at a farewell."""
        return self.publisher.quiet and all(each.quiet for each in self._letterbox)

    def mailbox_came(self, kind: str, message: Message, now: float) -> None:
        """A message summary, asked for or not."""
        told = MessageSummary.parse(message.body)
        self._desk.tell(MailboxChanged(self._desk.account.number, told.waiting, told.new, told.old))

    def begin(self, response: Response, now: float) -> None:
        """The server knows us anew, as this answer to a REGISTER says."""
        self.gone()
        for each in self.subscriptions:
            each.start(now)

    def proved(self, now: float) -> None:
        """We have proved anew who we are; here that changes nothing."""

    def gone(self) -> None:
        """The registration is gone and everything with it; what others do is not known from now on."""
        for each in dict.fromkeys((*self.subscriptions, *self._letterbox)):
            each.gone()
        for watch in (*self._persons, *self._also.values(), *self._lamps.values()):
            watch.dark()
        if self._list:
            self._list.dark()
        if self._binding:
            self._binding.gone()
        self.publisher.gone()

    def leave(self, now: float) -> None:
        """Say good-bye."""
        self.publisher.withdraw(now)
        for each in self.subscriptions:
            each.end(now)

    def lamps(self, uris: Iterable[str], begun: bool, now: float) -> None:
        """These phones are watched from now on; `begun`: the server knows us, so that it can be asked."""
        wanted = dict.fromkeys(uris)
        for uri in [uri for uri in self._lamps if uri not in wanted]:
            old = self._lamps.pop(uri)
            old.subscription.end(now)
            old.dark()
        for uri in wanted:
            if uri not in self._lamps:
                self._lamps[uri] = LampWatch(self._desk, self._letterbox, uri)
                if begun:
                    self._lamps[uri].subscription.start(now)

    def watch_also(self, uris: Iterable[str], begun: bool, now: float) -> None:
        """These are watched besides the contacts; `begun`: the server knows us, so that it can be asked."""
        known = {each.subscription.topic.uri.lower() for each in self._persons}
        wanted = [uri for uri in dict.fromkeys(map(person_uri, uris)) if uri and uri.lower() not in known]
        for uri in [uri for uri in self._also if uri not in wanted]:
            old = self._also.pop(uri)
            old.subscription.end(now)
            old.dark()
        for uri in wanted if self._desk.account.watches else ():
            if uri not in self._also:
                self._also[uri] = PersonWatch(self._desk, self._letterbox, Contact(uri))
                if begun:
                    self._also[uri].subscription.start(now)

    def add_contact(self, uri: str, name: str, group: str, now: float) -> str:
        """Why no contact can be added here."""
        return NO_LIST

    def remove_contact(self, uri: str, now: float) -> str:
        """Why no contact can be removed here."""
        return NO_LIST

    def search(self, text: str, now: float) -> str:
        """Why there is nothing to search."""
        return NO_BOOK

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this."""
        if self._desk.account.publishes:
            self.publisher.wish(wish, now)

    def notified(self, request: Request) -> Subscription | None:
        """The subscription that a NOTIFY is about."""
        return self._letterbox.find(request)
