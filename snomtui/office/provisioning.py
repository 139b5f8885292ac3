"""What a client is told about its surroundings when it has signed in ([MS-SIPREGE] 2.2.2, 3.2.5.7)."""

from __future__ import annotations

from snomtui.errors import MalformedXml
from snomtui.ocs.contact_changes import MOST_CONTACTS
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.provisioning import PROVISIONING_TYPE, build_provisioning, parse_provisioning_request
from snomtui.office.desk import Desk
from snomtui.office.subscription import Document, Subscription
from snomtui.sip.message import Request


class Provisioning:
    """The package that tells a client about its surroundings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """The groups that were asked for; all if nothing was said."""
        try:
            asked = parse_provisioning_request(request.body) if request.body else ()
        except MalformedXml as error:
            return Refusal(400, 4001, str(error))
        settings = self.settings()
        groups = {name: values for name, values in settings.items() if name in asked or not asked}
        return Document(PROVISIONING_TYPE, build_provisioning(groups))

    def closed(self, subscription: Subscription) -> None:
        """Nothing is kept for a subscriber."""

    def settings(self) -> dict[str, dict[str, str]]:
        """All groups, with the values of the policy of this moment.

        There is no media relay here, but some clients stumble when its name is missing; a request to it gets 404.
        """
        domain = self._desk.people.domain
        return {
            "ServerConfiguration": {
                "ucPC2PCAVEncryption": self._desk.policy.encryption,
                "ucPortRangeEnabled": "false",
                "mrasUri": f"sip:mras@{domain}",
            },
            "meetingPolicy": {"AllowIPAudio": "true"},
            "ucPolicy": {"AllowCallForwarding": "true", "AllowSimultaneousRinging": "true"},
            "endpointConfiguration": {"MaximumNumberOfContacts": str(MOST_CONTACTS), "EnableAppearOffline": "true"},
        }
