"""The contact list that the server keeps: as it is, and as a person wants it ([MS-SIP] 3.2)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from snomtui.errors import MalformedXml
from snomtui.line.desk import Desk, Nobody
from snomtui.line.watch.changes import Add, Remove
from snomtui.line.watch.changing import Changing
from snomtui.line.watch.extensions import COMMON
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.ocs.contact_changes import LONGEST_NAME
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    ROAMING_CONTACTS,
    ContactList,
    address,
    parse_contact_delta,
    parse_contact_list,
)
from snomtui.sip.message import Message
from snomtui.sip.uri import person_uri

BETWEEN_READINGS = 2.0
"""Seconds between two readings of the whole list."""

NO_LIST = "The server has not sent its contact list"


class ContactBook(Nobody):
    """Keeps the list up with the server, and has the server change it."""

    def __init__(
        self, desk: Desk, letterbox: Letterbox, changed: Callable[[float], None], settled: Callable[[float], None]
    ) -> None:
        """`changed(now)`: the list has come or is another; `settled(now)`: the subscription was granted or refused."""
        self._desk, self._changed = desk, changed
        topic = Topic(ROAMING_CONTACTS, desk.account.uri, headers=(("Accept", CONTACTS_TYPE), *COMMON))
        self.subscription = Subscription(desk, letterbox, topic, self._came, settled)
        self._changing = Changing(desk, self._read_again)
        self.list: ContactList | None = None
        """The last one that came; it is kept while the server is away."""
        self._read_from = 0.0

    def begin(self, now: float) -> None:
        """Ask for the list."""
        self.subscription.start(now)

    def gone(self) -> None:
        """The registration is gone; the list stays on show until it comes anew."""
        self._changing.gone()
        self._desk.alarm(self, "read", None)

    # -- what a person wants

    def add(self, uri: str, name: str, group: str, now: float) -> str:
        """Add somebody, or put a contact into one more group; why it cannot be, or ""."""
        person = person_uri(address(uri))
        if person is None:
            return f"{uri} is no SIP address"
        if len(name) > LONGEST_NAME or len(group) > LONGEST_NAME:
            return f"A name has at most {LONGEST_NAME} characters"
        return self._wish(Add(person, name.strip(), group.strip()), now)

    def remove(self, uri: str, now: float) -> str:
        """Take somebody out; why it cannot be, or ""."""
        if self.list is not None and self.list.find(uri) is None:
            return f"{uri} is not in the contact list"
        return self._wish(Remove(address(uri)), now)

    def _wish(self, change: Add | Remove, now: float) -> str:
        if self.list is None or not self.subscription.active:
            return NO_LIST
        return self._changing.wish(change, now)

    # -- what the server tells

    def _came(self, kind: str, message: Message, now: float) -> None:
        if b"contactDelta" in message.body.lstrip()[:400]:
            if not self._apply(message.body, now):
                return
        else:
            self.list = parse_contact_list(message.body)
        assert self.list is not None
        self._changed(now)
        self._changing.listed(self.list, now)

    def _apply(self, body: bytes, now: float) -> bool:
        """Take a change over; False if it was known already, or one before it was missed."""
        change = parse_contact_delta(body)
        if not change.delta:
            raise MalformedXml("a change of the contact list without its number")
        known = self.list
        if known is not None and change.delta <= known.delta:
            return False  # the whole list was faster
        if known is None or (change.previous or change.delta - 1) != known.delta:
            self._read_again(now)
            return False
        self.list = known.apply(change)
        return self.list is not None

    # -- the whole list

    def _read_again(self, now: float) -> None:
        """Have the whole list told, but not again and again."""
        if now < self._read_from:
            self._desk.alarm(self, "read", self._read_from)
        elif self.subscription.ask(now):
            self._read_from = now + BETWEEN_READINGS

    def alarm(self, name: Hashable, now: float) -> None:
        """Enough time has passed since the last reading."""
        self._read_again(now)
