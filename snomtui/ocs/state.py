"""The state category: availability numbers, activities and what they mean ([MS-PRES] 2.2.2.7)."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.kit.xml import XSI, Element, Markup, attribute, child, content, copy, join, local, number, tag
from snomtui.ocs.moments import moment, stamp
from snomtui.presence import Availability, Presence

SPACE = "http://schemas.microsoft.com/2006/09/sip/state"

MACHINE, USER, PHONE, CALENDAR = "machineState", "userState", "phoneState", "calendarState"
AGGREGATE = "aggregateState"

ON_THE_PHONE = "on-the-phone"
IN_A_CONFERENCE = "in-a-conference"
IN_A_MEETING = "in-a-meeting"
URGENT_ONLY = "urgent-interruptions-only"

IDLE, BUSY, BUSY_IDLE, DND, OFFLINE = 4500, 6000, 7500, 9000, 18000
"""Where the ranges of inactive, busy, busy and inactive, do not disturb and offline begin."""

_RANGES = (
    (OFFLINE, Availability.OFFLINE),
    (15000, Availability.AWAY),
    (12000, Availability.BE_RIGHT_BACK),
    (DND, Availability.DND),
    (BUSY, Availability.BUSY),
    (IDLE, Availability.INACTIVE),
    (3000, Availability.AVAILABLE),
)

_TOKENS = {
    ON_THE_PHONE: Availability.IN_A_CALL,
    IN_A_CONFERENCE: Availability.IN_A_MEETING,
    IN_A_MEETING: Availability.IN_A_MEETING,
    URGENT_ONLY: Availability.URGENT_INTERRUPTIONS_ONLY,
}

_NUMBERS = {
    Availability.AVAILABLE: (3500, ""),
    Availability.INACTIVE: (5000, ""),
    Availability.BUSY: (6500, ""),
    Availability.IN_A_CALL: (6500, ON_THE_PHONE),
    # OCS knows no token for a held call: others see that one is on the phone.
    Availability.HOLDING: (6500, ON_THE_PHONE),
    Availability.IN_A_MEETING: (6500, IN_A_MEETING),
    Availability.URGENT_INTERRUPTIONS_ONLY: (6900, URGENT_ONLY),
    Availability.DND: (9500, ""),
    Availability.BE_RIGHT_BACK: (12500, ""),
    Availability.AWAY: (15500, ""),
    Availability.OFFLINE: (18500, ""),
    Availability.UNKNOWN: (0, ""),
}


def availability(value: int, token: str = "") -> Availability:
    """What an availability number with its activity token means; tokens count while one is busy.

    The caller gives the token only if it is to be shown, see `Activity.shown_at`.
    """
    meaning = next((meaning for start, meaning in _RANGES if value >= start), Availability.UNKNOWN)
    if meaning is Availability.BUSY:
        return _TOKENS.get(token.lower(), meaning)
    if meaning is Availability.DND and token.lower() == URGENT_ONLY:
        return Availability.URGENT_INTERRUPTIONS_ONLY  # later servers put this token into the range of DND
    return meaning


def number_of(meaning: Availability) -> tuple[int, str]:
    """The number to publish for a presence state, and its activity token (empty if none)."""
    return _NUMBERS[meaning]


@dataclass(frozen=True, slots=True)
class Activity:
    """What somebody does: a token that everybody translates, or a text of one's own."""

    token: str = ""
    custom: str = ""
    minimum: int | None = None
    """Shown from this aggregated availability on; None = no lower bound."""
    maximum: int | None = None
    """Shown up to this aggregated availability; None = no upper bound."""
    language: int = 1033
    """The Windows language number (LCID) of `custom`."""

    @property
    def text(self) -> str:
        """The custom text, or else the token."""
        return self.custom or self.token

    def shown_at(self, value: int) -> bool:
        """Whether it is shown while the aggregated availability is `value`."""
        return (self.minimum or 0) <= value and (self.maximum is None or value <= self.maximum)

    @classmethod
    def parse(cls, element: Element) -> Activity:
        """Read an `activity` element; of several languages the first counts."""
        custom = child(element, "custom")
        low, high = attribute(element, "minAvailability"), attribute(element, "maxAvailability")
        return cls(
            token=attribute(element, "token") or "",
            custom=content(custom),
            minimum=number(low) if low else None,
            maximum=number(high, OFFLINE * 2) if high else None,
            language=number(attribute(custom, "LCID"), 1033) if custom is not None else 1033,
        )

    def xml(self) -> Markup:
        """The `activity` element."""
        bounds = {"token": self.token or None, "minAvailability": self.minimum, "maxAvailability": self.maximum}
        custom = [tag("custom", {"LCID": self.language}, self.custom)] if self.custom else []
        return tag("activity", bounds, *custom)


_KNOWN = {"manual", "lastActive", "type"}


@dataclass(frozen=True, slots=True)
class State:
    """One state of a user, a device, a phone, a calendar, or the aggregate of them all."""

    kind: str
    """`machineState`, `userState`, `phoneState`, `calendarState` or `aggregateState`."""
    availability: int = 0
    """The number; 0 = none given, as a calendar state out of office does."""
    activity: Activity | None = None
    manual: bool | None = None
    """Whether a person chose it; None = not said."""
    last_active: float | None = None
    """Since when the user is inactive, seconds since 1970."""
    device: str = ""
    """`computer`, `phone` or the like."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Further attributes, carried along (`startTime`, `uri`)."""
    more: Markup = Markup()
    """Further elements, carried along (`endpointLocation`, `meetingSubject`)."""

    @property
    def shown(self) -> Activity | None:
        """The activity, if its bounds admit it at this availability."""
        return self.activity if self.activity and self.activity.shown_at(self.availability) else None

    def presence(self, note: str = "") -> Presence:
        """What this state says in snom's words."""
        activity = self.shown or Activity()
        return Presence(availability(self.availability, activity.token), activity.text, note)

    @classmethod
    def parse(cls, element: Element) -> State:
        """Read a `state` element; what is not understood is carried along."""
        activity = child(element, "activity")
        manual = attribute(element, "manual")
        rest = (each for each in element if local(each) not in ("availability", "activity", "device"))
        return cls(
            kind=(attribute(element, "type") or "").rpartition(":")[2],
            availability=number(content(element, "availability")),
            activity=Activity.parse(activity) if activity is not None else None,
            manual=None if manual is None else manual.strip().lower() in ("true", "1"),
            last_active=moment(attribute(element, "lastActive")),
            device=content(element, "device"),
            attributes=tuple(item for item in element.items() if item[0] not in _KNOWN and item[0][:1] != "{"),
            more=join([copy(each, SPACE) for each in rest]),
        )

    def xml(self) -> Markup:
        """The `state` element."""
        head: dict[str, str | int | bool | None] = {
            "xmlns": SPACE,
            "xmlns:xsi": XSI,
            "manual": self.manual,
            "xsi:type": self.kind,
            "lastActive": stamp(self.last_active) if self.last_active is not None else None,
        }
        head |= dict(self.attributes)
        parts = [tag("availability", None, str(self.availability))] if self.availability else []
        parts += [self.activity.xml()] if self.activity else []
        parts += [tag("device", None, self.device)] if self.device else []
        return tag("state", head, *parts, self.more)
