"""Publishing one's own categories, with versions ([MS-PRES] 2.2.2.6, 3.2.5).

A publication is known by category, instance and container. Its version must be the one that the server has stored,
0 if there is none. One wrong version and nothing is applied: the server answers 409 with a `Fault`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Element, Markup, attribute, child, children, content, number, parse_root, tag
from snomtui.ocs.categories import Body, Category, Key, Note, Opaque, body_in
from snomtui.ocs.endpoint import instance_uuid
from snomtui.ocs.state import IN_A_CONFERENCE, MACHINE, ON_THE_PHONE, PHONE, USER, Activity, State, number_of
from snomtui.presence import Availability

PUBLISH_TYPE = "application/msrtc-category-publish+xml"
FAULT_TYPE = "application/msrtc-fault+xml"
WRONG_DELTA = "Client.BadCall.WrongDelta"

SPACE = "http://schemas.microsoft.com/2006/09/sip/rich-presence"
DEVICE_SPACE = "http://schemas.microsoft.com/2006/09/sip/device"
FAULT_SPACE = "http://schemas.microsoft.com/2006/09/sip/service-fault"

STATE_CONTAINERS = (2, 3)
DEVICE_CONTAINERS = (2,)
NOTE_CONTAINERS = (200, 300, 400)

_LOCATION = Markup("<endpointLocation/>")


@dataclass(frozen=True, slots=True)
class Publication:
    """One category as its owner publishes it."""

    category: str
    instance: int
    container: int
    version: int = 0
    expire_type: str = "endpoint"
    """`static`, `user`, `endpoint` or `time`."""
    expires: int | None = None
    """Seconds; 0 with no body removes the publication. None = as the expire type says."""
    body: Body | None = None

    @property
    def key(self) -> Key:
        """What it is known by."""
        return (self.category, self.instance, self.container)

    @property
    def removes(self) -> bool:
        """Whether it takes the stored publication away."""
        return self.expires == 0

    @classmethod
    def parse(cls, element: Element) -> Publication:
        """Read a `publication` element; raises `MalformedXml` if a number in it is none."""
        expires = number(attribute(element, "expires"), -1)
        return cls(
            category=attribute(element, "categoryName") or "",
            instance=_number(element, "instance"),
            container=_number(element, "container"),
            version=_number(element, "version"),
            expire_type=attribute(element, "expireType") or "",
            expires=None if expires < 0 else expires,
            body=body_in(element),
        )

    def xml(self) -> Markup:
        """The `publication` element."""
        head: dict[str, str | int | bool | None] = {
            "categoryName": self.category,
            "instance": self.instance,
            "container": self.container,
            "version": self.version,
            "expireType": self.expire_type or None,
            "expires": self.expires,
        }
        return tag("publication", head, self.body.xml() if self.body else Markup())

    def stored(self, now: float) -> Category:
        """The category that a server keeps of it: with the next version and the time."""
        return Category(
            self.category, self.instance, self.container, self.version + 1, now, self.expire_type, self.body
        )


def _number(element: Element, name: str) -> int:
    """An attribute that is 32 bits without sign; 0 if it is missing. Taken for 0, a wrong one would hit another's."""
    text = attribute(element, name)
    value = number(text, -1) if text is not None else 0
    if not 0 <= value <= 0xFFFFFFFF:
        raise MalformedXml(f"a publication whose {name} is no number of 32 bits")
    return value


def build_publish(uri: str, publications: Iterable[Publication]) -> bytes:
    """The body of a SERVICE that publishes, for the user `uri` (`sip:...`)."""
    inner = tag("publications", {"uri": uri}, *(each.xml() for each in publications))
    return tag("publish", {"xmlns": SPACE}, inner).encode()


def parse_publish(data: bytes) -> tuple[str, tuple[Publication, ...]]:
    """For whom is published, and what; raises `MalformedXml`."""
    inner = child(parse_root(data, "publish"), "publications")
    if inner is None:
        return "", ()
    return attribute(inner, "uri") or "", tuple(map(Publication.parse, children(inner, "publication")))


def with_versions(publications: Iterable[Publication], versions: Mapping[Key, int]) -> tuple[Publication, ...]:
    """The same publications with the versions that the server has stored; 0 where it has none."""
    return tuple(replace(each, version=versions.get(each.key, 0)) for each in publications)


def withdrawn(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """What takes these publications away again."""
    return tuple(replace(each, expires=0, body=None) for each in publications)


@dataclass(frozen=True, slots=True)
class Fault:
    """A publication was refused as a whole, because versions were wrong."""

    operations: tuple[tuple[int, int], ...]
    """Which publication of the request, counted from 1, and the version that the server has stored."""
    code: str = WRONG_DELTA


def build_fault(fault: Fault) -> bytes:
    """The body of a 409."""
    wrong = (tag("operation", {"index": index, "curVersion": version}) for index, version in fault.operations)
    inner = tag("Faultcode", None, fault.code) + tag("details", None, *wrong)
    return tag("Fault", {"xmlns": FAULT_SPACE}, Markup(inner)).encode()


def parse_fault(data: bytes) -> Fault:
    """Read the body of a 409; raises `MalformedXml`."""
    root = parse_root(data, "Fault")
    wrong = (
        (number(attribute(each, "index")), number(attribute(each, "curVersion")))
        for each in children(child(root, "details"), "operation")
    )
    return Fault(tuple(wrong), content(root, "Faultcode"))


def corrected(publications: Iterable[Publication], fault: Fault) -> tuple[Publication, ...]:
    """The same publications with the versions that the fault names, to be sent again as a whole."""
    versions = dict(fault.operations)
    return tuple(
        replace(each, version=versions.get(index, each.version)) for index, each in enumerate(publications, start=1)
    )


@dataclass(frozen=True, slots=True)
class Instances:
    """The instance numbers of one device's publications; chosen so that two devices do not collide."""

    device: int
    machine: int
    user: int
    calendar: int
    phone: int


def instances(epid: str) -> Instances:
    """The instance numbers for an epid: from the number that its first eight hexadecimal digits are."""
    digits = ""
    for character in epid[:8].lower():
        if character not in "0123456789abcdef":
            break
        digits += character
    device = int(digits or "0", 16)
    return Instances(
        device=device,
        machine=device >> 4 | 0x30000000,
        user=0x20000000,
        calendar=device >> 4 | 0x40000000,
        phone=device >> 4 | 0x80000000,
    )


def device(epid: str, uri: str, machine: str, timezone: str = "00:00:00+01:00") -> tuple[Publication, ...]:
    """That this device is here and can speak; `machine` is its name, such as `SNOM370`."""
    can = [
        tag("text", {"capture": False, "render": False, "publish": False}),
        tag("voice", {"capture": True, "render": True, "publish": False}),
    ]
    body = tag(
        "device",
        {"xmlns": DEVICE_SPACE, "endpointId": instance_uuid(epid)},
        tag("capabilities", {"preferred": False, "uri": uri}, *can),
        tag("timezone", None, timezone),
        tag("machineName", None, machine),
    )
    instance = instances(epid).device
    return tuple(Publication("device", instance, each, body=Opaque(body)) for each in DEVICE_CONTAINERS)


def machine_state(epid: str, availability: Availability = Availability.AVAILABLE) -> tuple[Publication, ...]:
    """How active this device is: AVAILABLE, INACTIVE or AWAY."""
    state = State(MACHINE, number_of(availability)[0], manual=False, more=_LOCATION)
    return tuple(Publication("state", instances(epid).machine, each, body=state) for each in STATE_CONTAINERS)


def user_state(availability: Availability) -> tuple[Publication, ...]:
    """What the person has chosen; it outlives the device. OFFLINE is "appear offline"."""
    value, token = number_of(availability)
    activity = Activity(token, minimum=value, maximum=8999) if token else None
    state = State(USER, value, activity, manual=True, more=_LOCATION)
    return tuple(Publication("state", 0x20000000, each, expire_type="static", body=state) for each in STATE_CONTAINERS)


def phone_state(epid: str, conference: bool = False) -> tuple[Publication, ...]:
    """That the person talks on this phone, or takes part in a conference on it."""
    value, token = (7000, IN_A_CONFERENCE) if conference else (6500, ON_THE_PHONE)
    state = State(PHONE, value, Activity(token, minimum=value, maximum=8999), manual=False)
    return tuple(Publication("state", instances(epid).phone, each, body=state) for each in STATE_CONTAINERS)


def personal_note(text: str) -> tuple[Publication, ...]:
    """The person's note; an empty text takes it away."""
    notes = tuple(Publication("note", 0, each, expire_type="static", body=Note(text)) for each in NOTE_CONTAINERS)
    return notes if text else withdrawn(notes)
