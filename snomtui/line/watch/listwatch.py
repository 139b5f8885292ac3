"""One subscription to a list of many (RFC 4662), whatever is told of its members."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.line.desk import Desk
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.simple.edition import Edition, Freshness
from snomtui.simple.multipart import MULTIPART_TYPE
from snomtui.simple.rlmi import RLMI_TYPE, ListTold, parse_list
from snomtui.sip.message import Message

Take = Callable[[ListTold, str], bool]
"""Takes over what a list tells, and the Call-ID it came under; True if something of a member was missed."""


def subscription_to_list(desk: Desk, letterbox: Letterbox, event: str, uri: str, kind: str, take: Take) -> Subscription:
    """A subscription to the list at `uri`; `kind` is the type of the documents about its members."""
    edition = Edition()
    accepts = (kind, RLMI_TYPE, MULTIPART_TYPE)
    topic = Topic(event, uri, accepts, (("Supported", "eventlist"),), expires=desk.account.interests.expiry)

    def came(kind: str, message: Message, now: float) -> None:
        told = parse_list(message.headers.get("Content-Type") or "", message.body)
        freshness = edition.judge(message.call_id, told.list.version, told.list.full)
        if freshness is not Freshness.OLD and (take(told, message.call_id) or freshness is Freshness.GAP):
            subscription.ask_all(now)

    subscription = Subscription(desk, letterbox, topic, came)
    return subscription
