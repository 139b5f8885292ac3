"""SERVICE: who answers which content type, and for whom ([MS-PRES] 2.2.2, [MS-SIP] 3.7)."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.kit.xml import local
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.directory import METHOD as SEARCH
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
        self._desk, self._directory, self._contacts = desk, directory, contacts
        self._answers: dict[str, Service] = {
            PUBLISH_TYPE: presence.service,
            SOAP_TYPE.lower(): self._soap,
            SET_CONTAINER_MEMBERS_TYPE: presence.set_members,
            SET_SUBSCRIBERS_TYPE: own.set_subscribers,
        }

    def service(self, asked: Asked, now: float) -> None:
        """Answer one; raises `MalformedXml`."""
        target = asked.request.target
        kind = asked.request.content_type
        if not target.user and self._desk.is_here(target.host) and kind == SOAP_TYPE.lower():
            self._directory.service(asked, soap_body(asked.request.body), now)
        elif (owner := self._desk.people.find(target.aor)) is None:
            self._desk.refuse(asked, Refusal(404, 1003, "User does not exist"), now)
        elif owner is not asked.person:
            self._desk.refuse(asked, Refusal(403, 4004, f"Not authorized to act for {owner.address}"), now)
        elif kind in self._answers:
            self._answers[kind](asked, now)
        else:
            why = f"Content type {kind[:60]} is not served" if kind else "No Content-Type is named"
            self._desk.refuse(asked, Refusal(415, 4013, why, (("Accept", ", ".join(self._answers)),)), now)

    def _soap(self, asked: Asked, now: float) -> None:
        """A search that was sent to oneself, or a change of the own contact list."""
        body = soap_body(asked.request.body)
        room = self._directory if local(body[0]) == SEARCH else self._contacts
        room.service(asked, body, now)
