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
from snomtui.sip.message import Message, Request


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
        self._others: list[Subscription] = self._persons(contacts)
        self._lamps = {uri: LampWatch(desk, self._letterbox, uri) for uri in interests.lamps}
        self._list = LampListWatch(desk, self._letterbox, interests.phones) if interests.phones else None
        self._binding = BindingWatch(desk, self._letterbox, register) if interests.registration else None
        if account.mailbox:
            topic = Topic("message-summary", account.uri, (MESSAGE_SUMMARY_TYPE,), expires=interests.expiry)
            self._others.append(Subscription(desk, self._letterbox, topic, self.mailbox_came))

    def _persons(self, contacts: tuple[Contact, ...]) -> list[Subscription]:
        account = self._desk.account
        if not account.watches:
            return []
        if account.interests.people:
            return [PersonListWatch(self._desk, self._letterbox, account.interests.people).subscription]
        return [
            PersonWatch(self._desk, self._letterbox, contact).subscription
            for contact in contacts
            if contact.watched and contact.uri.startswith("sip:")
        ]

    @property
    def subscriptions(self) -> list[Subscription]:
        """All of them."""
        more = [each.subscription for each in (self._list, self._binding) if each]
        return [*self._others, *(each.subscription for each in self._lamps.values()), *more]

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to be said at a farewell."""
        return self.publisher.quiet and all(each.quiet for each in self._letterbox)

    def mailbox_came(self, kind: str, message: Message, now: float) -> None:
        """A message summary, asked for or not."""
        told = MessageSummary.parse(message.body)
        self._desk.tell(MailboxChanged(self._desk.account.number, told.waiting, told.new, told.old))

    def begin(self, now: float) -> None:
        """The server knows us anew."""
        self.gone()
        for each in self.subscriptions:
            each.start(now)

    def gone(self) -> None:
        """The registration is gone and everything with it; lamps go out, since nobody would put them out."""
        for each in dict.fromkeys((*self.subscriptions, *self._letterbox)):
            each.gone()
        for lamp in self._lamps.values():
            lamp.dark()
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

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this."""
        if self._desk.account.publishes:
            self.publisher.wish(wish, now)

    def notified(self, request: Request) -> Subscription | None:
        """The subscription that a NOTIFY is about."""
        return self._letterbox.find(request)
