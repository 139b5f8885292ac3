"""The phones of colleagues, one by one or as a list: who has a call there (RFC 4235)."""

from __future__ import annotations

from snomtui.errors import MalformedXml
from snomtui.line.desk import Desk
from snomtui.line.events import LampChanged
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.listwatch import subscription_to_list
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.simple.dialog_info import DIALOG_INFO_TYPE, Calls, Lamp, parse_dialog_info
from snomtui.simple.edition import Freshness
from snomtui.simple.rlmi import MOST, ListTold, Told, address_of
from snomtui.sip.message import Message


class PhoneLamp:
    """What is known of the calls at one phone; says when its lamp changes."""

    def __init__(self, desk: Desk, uri: str) -> None:
        self._desk, self._uri = desk, uri
        self._calls = Calls()
        self._said = LampChanged(desk.account.number, uri, Lamp.IDLE.value)

    def read(self, body: bytes, subscription: str) -> Freshness:
        """Take a document over; raises `MalformedXml`. `subscription` is the Call-ID it came under."""
        freshness = self._calls.read(subscription, parse_dialog_info(body))
        self._say()
        return freshness

    def dark(self) -> None:
        """Nobody tells us any more."""
        self._calls = Calls()
        self._say()

    def _say(self) -> None:
        shown = self._calls.shown
        remote, name = (shown.remote, shown.remote_name) if shown else ("", "")
        fresh = LampChanged(self._desk.account.number, self._uri, self._calls.lamp.value, remote, name)
        if fresh != self._said:
            self._said = fresh
            self._desk.tell(fresh)


class LampWatch:
    """One phone by a subscription of its own."""

    def __init__(self, desk: Desk, letterbox: Letterbox, uri: str) -> None:
        self.lamp = PhoneLamp(desk, uri)
        topic = Topic("dialog", uri, (DIALOG_INFO_TYPE,), expires=desk.account.interests.expiry)
        self.subscription = Subscription(desk, letterbox, topic, self._came)

    def _came(self, kind: str, message: Message, now: float) -> None:
        if self.lamp.read(message.body, message.call_id) is Freshness.GAP:
            self.subscription.ask_all(now)

    def dark(self) -> None:
        """Nobody tells us any more."""
        self.lamp.dark()


class LampListWatch:
    """Many phones by one subscription to a list (RFC 4662)."""

    def __init__(self, desk: Desk, letterbox: Letterbox, uri: str) -> None:
        self._desk = desk
        self._lamps: dict[str, PhoneLamp] = {}
        self.subscription = subscription_to_list(desk, letterbox, "dialog", uri, DIALOG_INFO_TYPE, self._take)

    def _take(self, found: ListTold, subscription: str) -> bool:
        return Freshness.GAP in [self._one(each, subscription) for each in found.told]

    def _one(self, told: Told, subscription: str) -> Freshness:
        """One member. A document that cannot be read costs itself only."""
        uri = address_of(told.resource.uri)
        lamp = self._lamps.get(uri)
        if lamp is None:
            if not uri or len(self._lamps) >= MOST:
                return Freshness.OLD
            lamp = self._lamps[uri] = PhoneLamp(self._desk, uri)
        if told.part is None:
            if told.resource.state != "active":
                lamp.dark()
            return Freshness.FRESH
        try:
            return lamp.read(told.part.body, subscription)
        except MalformedXml as error:
            self._desk.log(4, f"Document about the phone {uri} dropped: {error}")
            return Freshness.OLD

    def dark(self) -> None:
        """Nobody tells us any more."""
        for lamp in self._lamps.values():
            lamp.dark()
