"""SERVICE: who answers which content type, and for whom ([MS-PRES] 2.2.2, [MS-SIP] 3.7)."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.ocs.publication import PUBLISH_TYPE
from snomtui.ocs.roaming import SET_CONTAINER_MEMBERS_TYPE, SET_SUBSCRIBERS_TYPE
from snomtui.ocs.soap import SOAP_TYPE, soap_body
from snomtui.office.desk import Asked, Desk
from snomtui.office.directory import Directory
from snomtui.office.presence import Presence
from snomtui.office.roaming import Contacts
from snomtui.office.roaming_self import RoamingSelf

Service = Callable[[Asked, float], None]


class Services:
    """Everything that is asked by SERVICE."""

    def __init__(
        self, desk: Desk, presence: Presence, contacts: Contacts, own: RoamingSelf, directory: Directory
    ) -> None:
        self._desk, self._directory = desk, directory
        self._answers: dict[str, Service] = {
            PUBLISH_TYPE: presence.service,
            SOAP_TYPE.lower(): contacts.service,
            SET_CONTAINER_MEMBERS_TYPE: presence.set_members,
            SET_SUBSCRIBERS_TYPE: own.set_subscribers,
        }

    def service(self, asked: Asked, now: float) -> None:
        """Answer one; raises `MalformedXml`."""
        target = asked.request.target
        kind = asked.request.content_type
        if not target.user and self._desk.is_here(target.host) and kind == SOAP_TYPE.lower():
            self._directory.service(asked, soap_body(asked.request.body), now)
        elif self._desk.people.find(target.aor) is not asked.person:
            self._desk.refuse(asked, 404, 1003, "User does not exist", now)
        elif kind in self._answers:
            self._answers[kind](asked, now)
        else:
            self._desk.refuse(asked, 415, 4013, f"Content type {kind[:60]} is not served".replace('"', "'"), now)
