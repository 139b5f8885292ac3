"""Roaming self: what a user's own devices are told of each other, of access levels and of watchers ([MS-PRES])."""

from __future__ import annotations

from snomtui.errors import MalformedXml
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.roaming import (
    PARTS,
    ROAMING_SELF_TYPE,
    build_roaming_self,
    parse_roaming_list,
    parse_set_subscribers,
)
from snomtui.office.desk import Asked, Desk
from snomtui.office.presence import Presence
from snomtui.office.subscribers import Subscribers
from snomtui.office.subscription import Document, Subscription
from snomtui.sip.message import Request


class RoamingSelf:
    """The package that tells a user's devices what all of them have published."""

    def __init__(self, desk: Desk, presence: Presence, subscribers: Subscribers) -> None:
        self._desk, self._presence, self._subscribers = desk, presence, subscribers

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """The parts that were asked for; all if nothing was said."""
        try:
            parts = parse_roaming_list(request.body) if request.body else PARTS
        except MalformedXml as error:
            return Refusal(400, 4001, str(error))
        shelf = self._presence.shelf(subscription.watcher)
        body = build_roaming_self(
            subscription.watcher.uri,
            shelf.own() if "categories" in parts else None,
            tuple(shelf.containers.values()) if "containers" in parts else None,
            self._subscribers.of(subscription.watcher) if "subscribers" in parts else None,
        )
        return Document(ROAMING_SELF_TYPE, body)

    def closed(self, subscription: Subscription) -> None:
        """Nothing is kept for a subscriber."""

    def set_subscribers(self, asked: Asked, now: float) -> None:
        """Answer a SERVICE that acknowledges watchers; raises `MalformedXml`."""
        wanted = parse_set_subscribers(asked.request.body)
        self._desk.answer(asked, 200, now=now)
        self._subscribers.acknowledge(asked.person, wanted, now, but=asked.epid)
