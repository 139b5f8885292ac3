"""Who is on the phone: dialog-info documents (RFC 4235)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from snomtui.kit.xml import Element, attribute, child, children, content, parse_root
from snomtui.simple.edition import Edition, Freshness, version_of

DIALOG_INFO_TYPE = "application/dialog-info+xml"

MOST = 200
"""So many dialogs of one phone are remembered."""


class Lamp(Enum):
    """What a lamp shows of somebody's calls; the value is the contract's word."""

    IDLE = "idle"
    """There is no call."""
    RINGING = "ringing"
    """A call comes in there."""
    BUSY = "busy"
    """There is a call: dialled, or talking."""


@dataclass(frozen=True, slots=True)
class DialogSeen:
    """One dialog of a phone that is watched."""

    id: str
    state: str
    """`trying proceeding early confirmed terminated`, in lower case."""
    direction: str = ""
    """`initiator` or `recipient`; empty = not said."""
    remote: str = ""
    """The address of the other side; empty = not said."""
    remote_name: str = ""

    @property
    def lamp(self) -> Lamp:
        """What it means for a lamp. Without a direction an early dialog counts as ringing."""
        if self.state == "confirmed" or (self.state in ("trying", "proceeding", "early") and not self._incoming):
            return Lamp.BUSY
        return Lamp.RINGING if self.state in ("proceeding", "early") else Lamp.IDLE

    @property
    def _incoming(self) -> bool:
        return self.direction == "recipient" or (self.direction != "initiator" and self.state == "early")


@dataclass(frozen=True, slots=True)
class DialogInfo:
    """One document."""

    entity: str
    version: int | None
    """None = not said."""
    full: bool
    """Whether all dialogs are in it, or only those that changed."""
    dialogs: tuple[DialogSeen, ...] = ()


def parse_dialog_info(data: bytes) -> DialogInfo:
    """Read a document; raises `MalformedXml`. A dialog without state counts as terminated (it tells nothing)."""
    root = parse_root(data, "dialog-info")
    return DialogInfo(
        entity=(attribute(root, "entity") or "").strip(),
        version=version_of(root),
        full=(attribute(root, "state") or "full").strip().lower() != "partial",
        dialogs=tuple(_dialog(each) for each in children(root, "dialog")),
    )


def _dialog(element: Element) -> DialogSeen:
    remote = child(element, "remote")
    identity, target = child(remote, "identity"), child(remote, "target")
    name = attribute(identity, "display") if identity is not None else None
    address = content(identity) or (attribute(target, "uri") or "" if target is not None else "")
    return DialogSeen(
        id=(attribute(element, "id") or attribute(element, "call-id") or "").strip(),
        state=content(element, "state").lower() or "terminated",
        direction=(attribute(element, "direction") or "").strip().lower(),
        remote=address.strip(),
        remote_name=(name or "").strip(),
    )


class Calls:
    """All calls at one watched phone, kept up by full and partial documents."""

    def __init__(self) -> None:
        self._edition = Edition()
        self._dialogs: dict[str, DialogSeen] = {}

    def read(self, subscription: str, info: DialogInfo) -> Freshness:
        """Take a document over, unless it is old; `subscription` is the Call-ID of the subscription it came in."""
        begins = self._edition.begins(subscription)
        freshness = self._edition.judge(subscription, info.version, info.full)
        if freshness is not Freshness.OLD:
            self._note(info.dialogs, anew=info.full or begins)
        return freshness

    def _note(self, dialogs: Iterable[DialogSeen], anew: bool) -> None:
        if anew:
            self._dialogs = {}
        for each in dialogs:
            self._dialogs.pop(each.id, None)
            if each.state != "terminated" and len(self._dialogs) < MOST:
                self._dialogs[each.id] = each

    @property
    def shown(self) -> DialogSeen | None:
        """The call that a lamp is about: one that rings, else one that is up; None if there is none."""
        lit = (each for each in self._dialogs.values() if each.lamp is not Lamp.IDLE)
        return max(lit, key=lambda each: each.lamp is Lamp.RINGING, default=None)

    @property
    def lamp(self) -> Lamp:
        """What a lamp shows of it all."""
        return self.shown.lamp if self.shown else Lamp.IDLE
