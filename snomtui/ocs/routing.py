"""Call forwarding settings: the category `routing` that a user publishes for the server ([MS-SIPRE] 2.2.9, 3.9.5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.kit.xml import Element, Markup, attribute, child, children, number, parse_root, tag
from snomtui.sip.uri import Uri

CATEGORY = "routing"
SPACE = "http://schemas.microsoft.com/02/2006/sip/routing"
VOICEMAIL = "opaque=app:voicemail"
"""What an address of somebody's voice mail has as a parameter."""

BLOCK, WORK_HOURS, IMMEDIATE, ENABLED = "block", "work_hours", "forward_immediate", "enablecf"
SIMULTANEOUS, DELEGATES, TEAM, SKIP = "simultaneous_ring", "delegate_ring", "team_ring", "skip_primary"
"""The flags."""

LONGEST_WAIT = 1200
"""Seconds ([MS-SIPRE] 2.2.9.5)."""
MOST_TARGETS = 32
"""So many addresses of one list are read."""


@dataclass(frozen=True, slots=True)
class Routing:
    """What somebody wants to be done with calls."""

    flags: frozenset[str] = frozenset()
    """Of the element `clientflags`, in lower case; unknown ones are kept and mean nothing."""
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Name and addresses of `forwardto`, `simultaneous_ring`, `team`, `delegates`, `breakthrough`."""
    waits: tuple[tuple[str, int], ...] = ()
    """Name (`user`, `total`, `team1`, `team2`) and seconds."""

    def __contains__(self, flag: str) -> bool:
        return flag in self.flags

    def targets(self, name: str) -> tuple[str, ...]:
        """The addresses of one list; of those to which one call goes the first counts ([MS-SIPRE] 3.9.5.1.4)."""
        return next((targets for own, targets in self.lists if own == name), ())

    def wait(self, name: str) -> int | None:
        """Seconds of one waiting time, or None if it is not given."""
        return next((seconds for own, seconds in self.waits if own == name), None)

    @property
    def ringing(self) -> int | None:
        """Seconds for which the own phones ring before anything else happens; None if it is not said."""
        given = [each for each in (self.wait("user"), self.wait("total")) if each is not None]
        return min(given, default=None)

    @classmethod
    def parse(cls, data: bytes) -> Routing:
        """Read a `routing` element; what is not known is left out. Raises `MalformedXml`."""
        preamble = child(parse_root(data, "routing"), "preamble")
        flags = " ".join(
            attribute(each, "value") or ""
            for each in children(preamble, "flags")
            if (attribute(each, "name") or "clientflags") == "clientflags"
        )
        lists = tuple((attribute(each, "name") or "", _targets(each)) for each in children(preamble, "list"))
        waits = tuple(
            (attribute(each, "name") or "", min(number(attribute(each, "seconds"), 0), LONGEST_WAIT))
            for each in children(preamble, "wait")
            if attribute(each, "seconds")
        )
        return cls(frozenset(flags.lower().split()), lists, waits)

    def xml(self) -> Markup:
        """The `routing` element; the lists `team` and `delegates` need version 2."""
        lists = [
            tag("list", {"name": name}, *(tag("target", {"uri": uri}) for uri in targets))
            for name, targets in self.lists
        ]
        flags = tag("flags", {"name": "clientflags", "value": " ".join(sorted(self.flags))})
        waits = [tag("wait", {"name": name, "seconds": seconds}) for name, seconds in self.waits]
        version = 2 if self.flags & {TEAM, DELEGATES, SKIP} else 1
        head: dict[str, str | int | bool | None] = {"xmlns": SPACE, "name": "rtcdefault", "version": version}
        return tag("routing", head, tag("preamble", None, *lists, flags, *waits))


def is_voicemail(uri: Uri) -> bool:
    """Whether an address is that of somebody's voice mail."""
    return (uri.param("opaque") or "").lower() == "app:voicemail"


def _targets(element: Element) -> tuple[str, ...]:
    """The addresses of one list; an application stands for the voice mail, the only one there is."""
    found = []
    for each in children(element, "target"):
        uri = (attribute(each, "uri") or "").strip()
        if uri or (attribute(each, "application") or "").strip().lower() in ("voicemail", "app:voicemail"):
            found.append(uri or VOICEMAIL)
    return tuple(found[:MOST_TARGETS])
