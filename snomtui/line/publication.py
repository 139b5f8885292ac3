"""How others shall see us: published as categories at OCS ([MS-PRES] 3.2.5) or as PIDF elsewhere (RFC 3903)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from enum import Enum, auto

from snomtui.errors import MalformedXml
from snomtui.kit.machine import Machine, Table
from snomtui.line.desk import Desk
from snomtui.line.events import OwnPresenceChanged
from snomtui.line.seconds import seconds
from snomtui.ocs import publication as categories
from snomtui.ocs.categories import Key
from snomtui.ocs.roaming import ROAMING_SELF_TYPE
from snomtui.presence import Availability, Presence
from snomtui.simple.pidf import build_pidf
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Message, Request, Response

AGAIN = 300
"""Seconds until a refused publication is tried again."""
CONFLICTS = 5
"""So many wrong versions in a row, then it is a refusal."""


class State(Enum):
    """Where the publication stands."""

    SILENT = auto()
    """Nothing is published."""
    PUBLISHING = auto()
    """A request is out."""
    PUBLISHED = auto()
    """The server has what we want."""
    STALE = auto()
    """A request is out, and a newer wish waits for its answer."""
    WITHDRAWING = auto()
    """The request that takes it away is out."""
    WAITING = auto()
    """Refused; the next try is timed."""


class Input(Enum):
    """What can happen to it."""

    WISH = auto()
    ACCEPTED = auto()
    CONFLICT = auto()
    DENIED = auto()
    DUE = auto()
    WITHDRAW = auto()
    GONE = auto()


TABLE: Table[State, Input] = {
    State.SILENT: {
        Input.WISH: State.PUBLISHING,
        Input.WITHDRAW: State.SILENT,
        Input.GONE: State.SILENT,
    },
    State.PUBLISHING: {
        Input.WISH: State.STALE,
        Input.ACCEPTED: State.PUBLISHED,
        Input.CONFLICT: State.PUBLISHING,
        Input.DENIED: State.WAITING,
        Input.WITHDRAW: State.WITHDRAWING,
        Input.GONE: State.SILENT,
    },
    State.STALE: {
        Input.WISH: State.STALE,
        Input.ACCEPTED: State.PUBLISHING,
        Input.CONFLICT: State.PUBLISHING,
        Input.DENIED: State.WAITING,
        Input.WITHDRAW: State.WITHDRAWING,
        Input.GONE: State.SILENT,
    },
    State.PUBLISHED: {
        Input.WISH: State.PUBLISHING,
        Input.DUE: State.PUBLISHING,
        Input.WITHDRAW: State.WITHDRAWING,
        Input.GONE: State.SILENT,
    },
    State.WAITING: {
        Input.WISH: State.PUBLISHING,
        Input.DUE: State.PUBLISHING,
        Input.WITHDRAW: State.SILENT,
        Input.GONE: State.SILENT,
    },
    State.WITHDRAWING: {
        Input.ACCEPTED: State.SILENT,
        Input.CONFLICT: State.SILENT,
        Input.DENIED: State.SILENT,
        Input.WISH: State.PUBLISHING,
        Input.WITHDRAW: State.WITHDRAWING,
        Input.GONE: State.SILENT,
    },
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How others shall see us."""

    chosen: Availability | None = None
    """What the person chose; None = nothing yet, the device speaks for itself."""
    note: str = ""
    active: bool = True
    """Whether somebody has used the phone lately."""
    on_phone: bool = False
    """Whether a call is up."""

    @property
    def presence(self) -> Presence:
        """The wish as one state, for servers that do not aggregate."""
        chosen = self.chosen or Availability.AVAILABLE
        if self.on_phone and chosen in (Availability.AVAILABLE, Availability.BUSY, Availability.INACTIVE):
            return Presence(Availability.IN_A_CALL, "on-the-phone", self.note)
        if chosen is Availability.AVAILABLE and not self.active:
            chosen = Availability.INACTIVE
        return Presence(chosen, "", self.note)


class Publisher:
    """Says to the server what the person wants, one request at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._machine = Machine(f"publication {desk.account.number}", TABLE, State.SILENT)
        self._wish: Wish | None = None
        self._request: Request | None = None

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this."""
        if wish == self._wish and self.state not in (State.SILENT, State.WITHDRAWING):
            return
        self._wish = wish
        if self._machine.step(Input.WISH) is State.PUBLISHING:
            self._publish(now)

    def gone(self) -> None:
        """The registration is gone, and with it what was published."""
        self._machine.step(Input.GONE)
        self._desk.alarm(self, "refresh", None)
        self._request = None
        self._forget()

    def withdraw(self, now: float) -> None:
        """Take everything back."""
        self._desk.alarm(self, "refresh", None)
        self._request = None  # whatever is answered to it now, it no longer matters
        if self._machine.step(Input.WITHDRAW) is State.WITHDRAWING:
            request = self._taking_back()
            if request is None:
                self._machine.step(Input.ACCEPTED)
            else:
                self._send(request, now)

    def _publish(self, now: float) -> None:
        assert self._wish is not None
        request = self._made(self._wish)
        if request is None:
            self._settled(now)
        else:
            self._send(request, now)

    def _send(self, request: Request, now: float) -> None:
        self._request = request
        self._desk.send(request, self, now)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        self._request = request

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The server's answer."""
        if response.status < 200 or not self._is_ours(request):
            return
        self._request = None
        if response.status < 300:
            self._took(request, response, now)
            self._settled(now)
        elif response.status in (409, 412, 423) and self._repair(request, response):
            if self._machine.step(Input.CONFLICT) is State.PUBLISHING:
                self._publish(now)
        else:
            self._denied(response.status, now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """It came to nothing."""
        if self._is_ours(request):
            self._request = None
            self._denied(status, now)

    def _is_ours(self, request: Request) -> bool:
        """Whether it is the request that is waited for; each has a Call-ID of its own."""
        return self._request is not None and request.call_id == self._request.call_id

    def _settled(self, now: float) -> None:
        if self._machine.step(Input.ACCEPTED) is State.PUBLISHING:
            self._publish(now)

    def _denied(self, status: int, now: float) -> None:
        self._desk.log(4, f"Publication refused with code {status}")
        if self._machine.step(Input.DENIED) is State.WAITING:
            self._forget()
            self._desk.alarm(self, "refresh", now + AGAIN)

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to refresh or to try again."""
        if self._machine.step(Input.DUE) is State.PUBLISHING:
            self._publish(now)

    # -- what the dialects fill in

    def _made(self, wish: Wish) -> Request | None:
        """The request that brings the server from what it has to what is wanted; None if it has it."""
        raise NotImplementedError

    def _taking_back(self) -> Request | None:
        raise NotImplementedError

    def _took(self, request: Request, response: Response, now: float) -> None:
        raise NotImplementedError

    def _repair(self, request: Request, response: Response) -> bool:
        raise NotImplementedError

    def _forget(self) -> None:
        raise NotImplementedError


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
        self._conflicts = 0

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
        self._conflicts = 0
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
        self._conflicts += 1
        if response.status != 409 or self._conflicts > CONFLICTS:
            return False
        try:
            fault = categories.parse_fault(response.body)
        except MalformedXml:
            return False
        for one in categories.corrected(self._sent, fault):
            self.versions[one.key] = one.version
        return bool(fault.operations)

    def _forget(self) -> None:
        self._stored, self._conflicts = {}, 0
        self.versions = {}


class PidfPublisher(Publisher):
    """By PUBLISH with entity tags."""

    EXPIRES = 3600

    def __init__(self, desk: Desk, machine: str) -> None:
        super().__init__(desk)
        self._tuple = f"{machine.lower()}-{desk.account.instance[-12:].upper()}"
        self._etag = ""
        self._asked = self.EXPIRES

    def _made(self, wish: Wish) -> Request | None:
        account = self._desk.account
        return self._publish_request(self._asked).with_body(
            "application/pidf+xml", build_pidf(account.uri, wish.presence, self._tuple)
        )

    def _taking_back(self) -> Request | None:
        return self._publish_request(0) if self._etag else None

    def _publish_request(self, expires: int) -> Request:
        uri, ids = self._desk.account.uri, self._desk.ids
        headers: list[Item] = [("Event", "presence"), ("Expires", str(expires))]
        if self._etag:
            headers.append(("SIP-If-Match", self._etag))
        return self._desk.letterhead.request("PUBLISH", uri, f"<{uri}>", ids.tag(), ids.call_id(), 1, headers)

    def _took(self, request: Request, response: Response, now: float) -> None:
        self._etag = response.headers.get("SIP-ETag") or ""
        granted = response.expires if response.expires is not None else self._asked
        if self.state is State.WITHDRAWING:
            self._etag = ""
            return
        self._desk.alarm(self, "refresh", now + max(5.0, granted * 0.8))
        if self._wish:
            self._desk.tell(OwnPresenceChanged(self._desk.account.number, self._wish.presence))

    def _repair(self, request: Request, response: Response) -> bool:
        if response.status == 412 and self._etag:
            self._etag = ""
            return True
        least = seconds(response.headers.get("Min-Expires")) or 0
        if response.status == 423 and least > self._asked:
            self._asked = least
            return True
        return False

    def _forget(self) -> None:
        self._etag = ""
