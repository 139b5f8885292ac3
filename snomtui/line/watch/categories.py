"""Publishing as categories with versions, at OCS ([MS-PRES] 3.2.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from snomtui.errors import MalformedXml
from snomtui.line.desk import Desk
from snomtui.line.watch.publication import Publisher, State, Wish
from snomtui.ocs import publication as categories
from snomtui.ocs.categories import Key
from snomtui.ocs.roaming import ROAMING_SELF_TYPE
from snomtui.presence import Availability
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request, Response


class CategoryPublisher(Publisher):
    """By SERVICE with versions, at OCS."""

    def __init__(self, desk: Desk, machine: str, told: Callable[[Message, float], None]) -> None:
        """`machine`: the name of the device, such as `SNOM370`; `told` takes the server's answer to a publication."""
        super().__init__(desk)
        self._machine_name, self._told = machine, told
        self.versions: dict[Key, int] = {}
        """What the server has stored; kept up by the roaming-self subscription."""
        self._stored: dict[Key, categories.Publication] = {}
        self._sent: tuple[categories.Publication, ...] = ()

    def withdraw(self, now: float) -> None:
        """Take back what goes with this device; the server drops by itself what it has not answered to yet."""
        if self.state in (State.PUBLISHING, State.STALE):
            self.gone()
        else:
            super().withdraw(now)

    def _wanted(self, wish: Wish) -> dict[Key, categories.Publication]:
        account = self._desk.account
        state = Availability.AVAILABLE if wish.active else Availability.INACTIVE
        each = [
            *categories.device(account.epid, account.uri, self._machine_name),
            *categories.machine_state(account.epid, state),
            *(categories.user_state(wish.chosen) if wish.chosen else ()),
            *(categories.phone_state(account.epid) if wish.on_phone else ()),
            *(categories.personal_note(wish.note) if wish.note else ()),
        ]
        return {one.key: one for one in each}

    def _made(self, wish: Wish) -> Request | None:
        wanted = self._wanted(wish)
        fresh = [one for key, one in wanted.items() if self._stored.get(key) != one]
        old = categories.withdrawn(one for key, one in self._stored.items() if key not in wanted)
        return self._service((*fresh, *old))

    def _taking_back(self) -> Request | None:
        mine = [one for one in self._stored.values() if one.expire_type == "endpoint"]
        return self._service(categories.withdrawn(mine))

    def _service(self, publications: tuple[categories.Publication, ...]) -> Request | None:
        if not publications:
            return None
        self._sent = categories.with_versions(publications, self.versions)
        uri, ids = self._desk.account.uri, self._desk.ids
        headers: list[Item] = [("Contact", self._desk.letterhead.contact())]
        request = self._desk.letterhead.request("SERVICE", uri, f"<{uri}>", ids.tag(), ids.call_id(), 1, headers)
        return request.with_body(categories.PUBLISH_TYPE, categories.build_publish(uri, self._sent))

    def _took(self, request: Request, response: Response, now: float) -> None:
        for one in self._sent:
            if one.removes:
                self._stored.pop(one.key, None)
                self.versions.pop(one.key, None)
            else:
                self._stored[one.key] = replace(one, version=0)
                self.versions[one.key] = max(self.versions.get(one.key, 0), one.version + 1)
        if response.content_type == ROAMING_SELF_TYPE:
            self._told(response, now)

    def _repair(self, request: Request, response: Response) -> bool:
        if response.status != 409:
            return False
        try:
            fault = categories.parse_fault(response.body)
        except MalformedXml:
            return False
        for one in categories.corrected(self._sent, fault):
            self.versions[one.key] = one.version
        return bool(fault.operations)

    def _doubt(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._stored, self.versions = {}, {}
