"""Who is there: one vocabulary of presence for both dialects ([MS-PRES] and RFC 3863).

The twelve states are those that snom's OCS edition knows, in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Availability(Enum):
    """The twelve presence states of the OCS edition; the value is snom's word."""

    AVAILABLE = "AVAILABLE"
    BUSY = "BUSY"
    IN_A_CALL = "IN_A_CALL"
    IN_A_MEETING = "IN_A_MEETING"
    URGENT_INTERRUPTIONS_ONLY = "URGENT_INTERRUPTIONS_ONLY"
    HOLDING = "HOLDING"
    DND = "DND"
    INACTIVE = "INACTIVE"
    BE_RIGHT_BACK = "BE_RIGHT_BACK"
    AWAY = "AWAY"
    OFFLINE = "OFFLINE"
    UNKNOWN = "UNKNOWN"


CHOICES = (
    Availability.AVAILABLE,
    Availability.BUSY,
    Availability.DND,
    Availability.BE_RIGHT_BACK,
    Availability.AWAY,
    Availability.OFFLINE,
)
"""What a person may choose on the phone; OFFLINE is "appear offline"."""

WORDS = {
    Availability.AVAILABLE: "Available",
    Availability.BUSY: "Busy",
    Availability.IN_A_CALL: "In a call",
    Availability.IN_A_MEETING: "In a meeting",
    Availability.URGENT_INTERRUPTIONS_ONLY: "Urgent interruptions only",
    Availability.HOLDING: "Holding",
    Availability.DND: "Do not disturb",
    Availability.INACTIVE: "Inactive",
    Availability.BE_RIGHT_BACK: "Be right back",
    Availability.AWAY: "Away",
    Availability.OFFLINE: "Offline",
    Availability.UNKNOWN: "Unknown",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of one person at one moment."""

    availability: Availability = Availability.UNKNOWN
    activity: str = ""
    """The token or custom text that came with it, such as `on-the-phone`; empty if none."""
    note: str = ""


OTHER_CONTACTS = "Other contacts"
"""The name of the group of those who are in no other one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One entry of a contact list."""

    uri: str
    """`sip:user@host`, lower-case scheme and host."""
    name: str = ""
    """Display name; empty = use the address."""
    numbers: tuple[str, ...] = ()
    """Phone numbers, E.164 with `+` where known."""
    groups: tuple[str, ...] = ()
    """The names of the groups it stands in."""
    watched: bool = True
    """Whether its presence is asked for."""
    presence: Presence = Presence()
    kinds: tuple[str, ...] = ()
    """What each of the numbers is: `work`, `mobile`, `home` or `other`; empty where nobody says."""
    type: str = ""
    """In the phone's own directory, one of snom's types, such as `VIP` or `Deny`; empty = none."""

    @property
    def label(self) -> str:
        """What the display shows: the name, or else the user part of the address."""
        return self.name or self.uri.partition(":")[2].partition("@")[0] or self.uri
