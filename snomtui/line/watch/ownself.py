"""What a user's own devices are told of the user: publications, access levels, and who watches ([MS-PRES] 2.2.2.5)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from snomtui.line.desk import Desk, Nobody
from snomtui.line.events import OwnPresenceChanged
from snomtui.line.watch.categories import CategoryPublisher
from snomtui.line.watch.errand import Errand, Outcome
from snomtui.line.watch.extensions import COMMON
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.publication import Wish
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.ocs.categories import Category, presence_of
from snomtui.ocs.roaming import (
    ROAMING_SELF,
    ROAMING_SELF_TYPE,
    SET_CONTAINER_MEMBERS_TYPE,
    SET_SUBSCRIBERS_TYPE,
    Container,
    Member,
    Subscriber,
    build_roaming_list,
    build_set_container_members,
    build_set_subscribers,
    parse_roaming_self,
)
from snomtui.ocs.state import AGGREGATE, USER
from snomtui.presence import Availability, Presence
from snomtui.sip.message import Message

WITHOUT_WORD = 5.0
"""Seconds after which we publish, though the server has not told what it has stored."""
EVERYBODY = {"sameEnterprise": 200, "federated": 100}
"""Whom a container must name, and which, or nobody sees the user at all."""
MOST = 100
"""Watchers that are acknowledged in one request."""


class OwnSelf(Nobody):
    """The own state as the server has it, and the publisher who changes it."""

    def __init__(self, desk: Desk, letterbox: Letterbox, machine: str) -> None:
        """`machine`: the name of the device, such as `SNOM370`."""
        self._desk = desk
        body = (ROAMING_SELF_TYPE, build_roaming_list())
        topic = Topic(ROAMING_SELF, desk.account.uri, headers=(("Accept", ROAMING_SELF_TYPE), *COMMON), body=body)
        self.subscription = Subscription(desk, letterbox, topic, self._came, self._settled)
        self.publisher = CategoryPublisher(desk, machine, self._published)
        self._wish = Wish()
        self._own = Presence()
        self._chosen: Availability | None = None
        self._aggregated = False
        """Whether the server has ever told how others see us."""
        self._welcomed: set[str] = set()
        """Watchers who were acknowledged since the registration."""
        self._opened = False
        """Whether the access levels were set right since the registration."""

    def begin(self, now: float) -> None:
        """Ask what the server has stored."""
        self.subscription.start(now)

    def gone(self) -> None:
        """The registration is gone: how others see us is not known."""
        self.publisher.gone()
        self._desk.alarm(self, "publish", None)
        self._own, self._chosen, self._aggregated = Presence(), None, False
        self._welcomed, self._opened = set(), False

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this; published as soon as the server has told what it has stored."""
        self._wish = wish
        if self.publisher.begun:
            self.publisher.wish(wish, now)

    def _settled(self, now: float) -> None:
        if self.subscription.active and not self.publisher.begun:
            self._desk.alarm(self, "publish", now + WITHOUT_WORD)

    def alarm(self, name: Hashable, now: float) -> None:
        """The server has told nothing: publish with the versions of a beginner, which it will correct."""
        self.publisher.wish(self._wish, now)

    # -- documents

    def _came(self, kind: str, message: Message, now: float) -> None:
        told = parse_roaming_self(message.body)
        if told.categories is not None:
            self._look(told.categories)
        if told.containers is not None:
            self._open(told.containers, now)
        self._welcome(told.subscribers or (), now)
        self._desk.alarm(self, "publish", None)
        self.publisher.wish(self._wish, now)

    def _published(self, message: Message) -> None:
        """The server's answer to a publication."""
        told = parse_roaming_self(message.body)
        if told.categories is not None:
            self._look(told.categories)

    def _look(self, categories: tuple[Category, ...]) -> None:
        """Stored versions, and how others see us."""
        self.publisher.stored(categories)
        choices = [each.state.presence().availability for each in categories if each.state and each.state.kind == USER]
        chosen = choices[-1] if choices else self._chosen
        aggregates = [each for each in categories if each.state and each.state.kind == AGGREGATE]
        self._aggregated = self._aggregated or bool(aggregates)
        if self._aggregated:
            categories = tuple(each for each in categories if each.name != "state" or each in aggregates)
        own = presence_of(categories, self._own)
        if (own, chosen) != (self._own, self._chosen):
            fresh = chosen if chosen is not self._chosen else None
            self._own, self._chosen = own, chosen
            self._desk.tell(OwnPresenceChanged(self._desk.account.number, own, fresh))

    # -- who may see us

    def _open(self, containers: Iterable[Container], now: float) -> None:
        """Where no access level is for colleagues and partners, nobody sees us: that is set right once."""
        known = {each.id: each for each in containers}
        members = {member.type for each in known.values() for member in each.members}
        if self._opened or len(known) < 2 or members & EVERYBODY.keys():
            return
        self._opened = True
        changes = [
            Container(id, known[id].version if id in known else 0, (Member(kind, action="add"),))
            for kind, id in EVERYBODY.items()
        ]
        errand = Errand(self._desk, self._desk.account.uri, self._heard)
        errand.send(SET_CONTAINER_MEMBERS_TYPE, build_set_container_members(changes), now)

    def _welcome(self, subscribers: Iterable[Subscriber], now: float) -> None:
        """A phone cannot ask about each new watcher: the access levels decide what they see."""
        fresh = [each for each in subscribers if not each.acknowledged and each.user not in self._welcomed][:MOST]
        fresh = [each for each in fresh if each.user]
        if not fresh:
            return
        self._welcomed |= {each.user for each in fresh}
        for each in fresh:
            self._desk.log(5, f"{each.name or each.user} has added this user to a contact list")
        errand = Errand(self._desk, self._desk.account.uri, self._heard)
        body = build_set_subscribers(Subscriber(each.user, acknowledged=True) for each in fresh)
        errand.send(SET_SUBSCRIBERS_TYPE, body, now)

    def _heard(self, outcome: Outcome, now: float) -> None:
        if not outcome.done:
            self._desk.log(4, f"The server did not take a change of who may see this user: {outcome.why}")
