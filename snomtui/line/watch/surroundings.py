"""What the server says of its surroundings: asked for once, and a phone uses little of it ([MS-SIPREGE] 2.2.2)."""

from __future__ import annotations

from snomtui.line.desk import Desk
from snomtui.line.watch.extensions import COMMON
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.ocs.provisioning import (
    PROVISIONING,
    PROVISIONING_TYPE,
    build_provisioning_request,
    encryption,
    parse_provisioning,
)
from snomtui.sip.message import Message


class Provisioned:
    """The one answer to what clients of this server must know."""

    def __init__(self, desk: Desk, letterbox: Letterbox) -> None:
        self._desk = desk
        headers = (("Accept", PROVISIONING_TYPE), *COMMON)
        body = (PROVISIONING_TYPE, build_provisioning_request())
        topic = Topic(PROVISIONING, desk.account.uri, headers=headers, body=body, expires=0)
        self.subscription = Subscription(desk, letterbox, topic, self._came)

    def _came(self, kind: str, message: Message, now: float) -> None:
        told = parse_provisioning(message.body)
        if "ServerConfiguration" not in told:
            return
        policy = encryption(told)
        self._desk.log(6, f"The server's policy for the encryption of calls: {policy[:40]}")
        if policy == "RequireEncryption":
            self._desk.log(3, "Calls may be refused: the server wants them encrypted, and this phone has no SRTP yet")
