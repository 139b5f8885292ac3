"""What a registrar has bound to an address: registration documents (RFC 3680)."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.kit.xml import Element, attribute, children, content, local, number, parse_root
from snomtui.simple.edition import version_of

REGINFO_TYPE = "application/reginfo+xml"


@dataclass(frozen=True, slots=True)
class BoundContact:
    """One contact of a registration."""

    uri: str
    state: str
    """`active` or `terminated`, in lower case."""
    event: str
    """Why: `registered created refreshed shortened expired deactivated probation unregistered rejected`."""
    retry_after: int | None = None
    """Seconds to wait before registering again, with `probation`."""
    instance: str = ""
    """The instance of the phone, such as `<urn:uuid:...>` (RFC 5626); empty = not said."""

    @property
    def over(self) -> bool:
        """Whether the registrar has let go of it."""
        return self.state == "terminated"


@dataclass(frozen=True, slots=True)
class RegInfo:
    """One document."""

    version: int | None
    """None = not said."""
    full: bool
    contacts: tuple[BoundContact, ...] = ()
    """The contacts of all registrations in it."""
    over: bool = False
    """Whether every registration in it is over, so that no contact is left."""


def parse_reginfo(data: bytes) -> RegInfo:
    """Read a document; raises `MalformedXml`."""
    root = parse_root(data, "reginfo")
    registrations = list(children(root, "registration"))
    states = {(attribute(each, "state") or "").strip().lower() for each in registrations}
    return RegInfo(
        version=version_of(root),
        full=(attribute(root, "state") or "full").strip().lower() != "partial",
        contacts=tuple(_contact(contact) for each in registrations for contact in children(each, "contact")),
        over=states == {"terminated"},
    )


def _contact(element: Element) -> BoundContact:
    told = attribute(element, "retry-after")
    wait = number(told, -1)
    return BoundContact(
        uri=content(element, "uri"),
        state=(attribute(element, "state") or "").strip().lower(),
        event=(attribute(element, "event") or "").strip().lower(),
        retry_after=wait if wait >= 0 else None,
        instance=_instance(element),
    )


def _instance(element: Element) -> str:
    for each in element:
        if local(each) == "unknown-param" and (attribute(each, "name") or "").strip().lower() == "+sip.instance":
            return (each.text or "").strip().strip('"').lower()
    return ""
