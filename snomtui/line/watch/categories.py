"""Publishing as categories with versions, at OCS ([MS-PRES] 3.2.5).

What speaks for the device (device, machine state, phone state) goes with its registration and is published anew with
each. What the person has chosen (user state, note) stays at the server, and may be changed from another device: it is
published once for each choice made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from snomtui.errors import MalformedXml, RemoteError
from snomtui.line.desk import Desk
from snomtui.line.watch.publication import Publisher, State, Wish
from snomtui.ocs import publication as categories
from snomtui.ocs.categories import Category, Key
from snomtui.ocs.roaming import ROAMING_SELF_TYPE, versions_of
from snomtui.presence import Availability
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request, Response

Choice = tuple[Availability | None, float]
"""What was chosen on this phone, and when."""


class CategoryPublisher(Publisher):
    """By SERVICE with versions, at OCS."""

    event = "categories"

    def __init__(self, desk: Desk, machine: str, told: Callable[[Message], None]) -> None:
        """`machine`: the name of the device, such as `SNOM370`; `told` takes the server's answer to a publication."""
        super().__init__(desk)
        self._machine_name, self._told = machine, told
        self._versions: dict[Key, int] = {}
        """What the server has stored; kept up by the roaming-self subscription."""
        self._stored: dict[Key, categories.Publication] = {}
        """What the server has of this device."""
        self._sent: tuple[categories.Publication, ...] = ()
        self._asked: tuple[Choice, str] = ((None, 0.0), "")
        """The choice and the note of the last request."""
        self._known: tuple[Choice, str] = ((None, 0.0), "")
        """The choice and the note that the server has taken from us."""

    @property
    def begun(self) -> bool:
        """Whether the server was told something since the registration."""
        return self.state not in (State.SILENT, State.ABANDONED, State.WITHDRAWING)

    @property
    def shared(self) -> bool:
        """Whether another device of this person has published itself as well."""
        ours = {key[1] for key in self._stored if key[0] == "device"}
        return bool({key[1] for key in self._versions if key[0] == "device"} - ours)

    def stored(self, told: Iterable[Category]) -> None:
        """The server has told what it has stored: all of each category that is named."""
        known = tuple(told)
        names = {each.name for each in known}
        self._versions = {key: version for key, version in self._versions.items() if key[0] not in names}
        self._versions |= versions_of(known)

    def withdraw(self, now: float) -> None:
        """Take back what goes with this device; the server drops by itself what it has not answered to yet."""
        if self.state in (State.PUBLISHING, State.STALE):
            self.gone()
        else:
            super().withdraw(now)

    def _wanted(self, wish: Wish) -> dict[Key, categories.Publication]:
        """What speaks for this device."""
        account = self._desk.account
        each = [
            *categories.device(account.epid, account.uri, self._machine_name),
            *categories.machine_state(account.epid, wish.machine),
            *(categories.phone_state(account.epid) if wish.on_phone else ()),
        ]
        return {one.key: one for one in each}

    def _chosen(self, wish: Wish) -> tuple[categories.Publication, ...]:
        """What the person has chosen since the server was last told of a choice."""
        choice, note = self._known
        state = categories.user_state(wish.chosen) if wish.chosen else ()
        kept = not wish.chosen_at and any(each.key in self._versions for each in state)
        if kept or (wish.chosen, wish.chosen_at) == choice:
            state = ()
        return state if wish.note == note else (*state, *categories.personal_note(wish.note))

    def _made(self, wish: Wish) -> Request | None:
        wanted = self._wanted(wish)
        fresh = [one for key, one in wanted.items() if self._stored.get(key) != one]
        old = categories.withdrawn(one for key, one in self._stored.items() if key not in wanted)
        chosen = self._chosen(wish)
        choice = (wish.chosen, wish.chosen_at) if wish.chosen else self._known[0]
        self._asked = (choice, wish.note)
        return self._service((*fresh, *chosen, *old))

    def _taking_back(self) -> Request | None:
        self._asked = self._known
        return self._service(categories.withdrawn(self._stored.values()))

    def _service(self, publications: tuple[categories.Publication, ...]) -> Request | None:
        if not publications:
            return None
        self._sent = categories.with_versions(publications, self._versions)
        uri, ids = self._desk.account.uri, self._desk.ids
        headers: list[Item] = [("Contact", self._desk.letterhead.contact())]
        request = self._desk.letterhead.request("SERVICE", uri, f"<{uri}>", ids.tag(), ids.call_id(), 1, headers)
        return request.with_body(categories.PUBLISH_TYPE, categories.build_publish(uri, self._sent))

    def _took(self, request: Request, response: Response, now: float) -> None:
        self._known = self._asked
        for one in self._sent:
            if one.removes:
                self._stored.pop(one.key, None)
                self._versions.pop(one.key, None)
            else:
                self._versions[one.key] = max(self._versions.get(one.key, 0), one.version + 1)
                if one.expire_type == "endpoint":
                    self._stored[one.key] = replace(one, version=0)
        if response.content_type == ROAMING_SELF_TYPE:
            self._read(response)

    def _read(self, response: Response) -> None:
        """An answer that cannot be read costs itself: what was published is published."""
        try:
            self._told(response)
        except RemoteError as error:
            self._desk.log(4, f"Answer to a publication dropped: {error}")

    def _repair(self, request: Request, response: Response) -> bool:
        if response.status != 409:
            return False
        try:
            fault = categories.parse_fault(response.body)
        except MalformedXml:
            return False
        for one in categories.corrected(self._sent, fault):
            self._versions[one.key] = one.version
        return bool(fault.operations)

    def _doubt(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._stored, self._versions = {}, {}
