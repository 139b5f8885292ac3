"""Presence and voice mail at an ordinary server: one subscription for each watched contact (RFC 3856, RFC 3842)."""

from __future__ import annotations

from snomtui.line.desk import Desk
from snomtui.line.events import MailboxChanged, PresenceChanged
from snomtui.line.pidf import PidfPublisher
from snomtui.line.publication import Wish
from snomtui.line.subscription import Deliver, Subscription
from snomtui.presence import Contact
from snomtui.simple.message_summary import MESSAGE_SUMMARY_TYPE, MessageSummary
from snomtui.simple.pidf import parse_pidf
from snomtui.sip.message import Message, Request


class Watching:
    """What an ordinary server is asked to tell."""

    def __init__(self, desk: Desk, machine: str, contacts: tuple[Contact, ...]) -> None:
        self._desk = desk
        self.publisher = PidfPublisher(desk, machine)
        account = desk.account
        accept = [("Accept", "application/pidf+xml")]
        self.subscriptions: list[Subscription] = [
            Subscription(desk, "presence", contact.uri, self._teller(contact), accept)
            for contact in contacts
            if contact.watched and contact.uri.startswith("sip:") and account.watches
        ]
        if account.mailbox:
            accept = [("Accept", MESSAGE_SUMMARY_TYPE)]
            self.subscriptions.append(Subscription(desk, "message-summary", account.uri, self.mailbox_came, accept))

    def _teller(self, contact: Contact) -> Deliver:
        def came(kind: str, message: Message, now: float) -> None:
            _, seen = parse_pidf(message.body)
            self._desk.tell(PresenceChanged(contact.uri, contact.name, seen))

        return came

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
        """The registration is gone and everything with it."""
        for each in self.subscriptions:
            each.gone()
        self.publisher.gone()

    def leave(self, now: float) -> None:
        """Say good-bye."""
        self.publisher.withdraw(now)
        for each in self.subscriptions:
            each.end(now)

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this."""
        if self._desk.account.publishes:
            self.publisher.wish(wish, now)

    def notified(self, request: Request) -> Subscription | None:
        """The subscription that a NOTIFY is about."""
        return next((each for each in self.subscriptions if each.belongs(request)), None)
