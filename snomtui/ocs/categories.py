"""Category documents: what is known of a person ([MS-PRES] 2.2.2).

A category is a named piece of presence (state, note, contact card, ...) in one container. What this house does not
read is carried along word for word, so that a front end gives back what other clients have published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from snomtui.kit.xml import (
    Element,
    Markup,
    attribute,
    child,
    children,
    content,
    copy,
    join,
    local,
    number,
    parse_root,
    tag,
)
from snomtui.ocs.moments import moment, stamp
from snomtui.ocs.state import AGGREGATE, State, availability, number_of
from snomtui.presence import Presence

__all__ = [
    "CATEGORIES_TYPE",
    "Body",
    "Category",
    "ContactCard",
    "Key",
    "Note",
    "Opaque",
    "Phone",
    "State",
    "availability",
    "build_categories",
    "number_of",
    "parse_categories",
    "presence_of",
]

CATEGORIES_TYPE = "application/msrtc-event-categories+xml"
SPACE = "http://schemas.microsoft.com/2006/09/sip/categories"
CARD_SPACE = "http://schemas.microsoft.com/2006/09/sip/contactcard"
NOTE_SPACE = "http://schemas.microsoft.com/2006/09/sip/note"

UNSEEN = Presence()

Key = tuple[str, int, int]
"""Category, instance, container: what a publication is known by."""


@dataclass(frozen=True, slots=True)
class Note:
    """The note of a person."""

    text: str = ""
    """Empty: the note was taken back."""
    type: str = "personal"
    """`personal`, or `OOF` for out of office."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Further attributes, carried along (`startTime`, `endTime`)."""

    @classmethod
    def parse(cls, element: Element) -> Note:
        """Read a `note` element."""
        body = child(element, "body")
        if body is None:
            return cls()
        rest = tuple(item for item in body.items() if item[0] not in ("type", "uri") and item[0][:1] != "{")
        return cls(content(body), attribute(body, "type") or "personal", rest)

    def xml(self) -> Markup:
        """The `note` element; without a body if the note is empty, since clients choke on an empty body."""
        if not self.text.strip():
            return tag("note", {"xmlns": NOTE_SPACE})
        head = {"type": self.type, "uri": ""} | dict(self.attributes)
        return tag("note", {"xmlns": NOTE_SPACE}, tag("body", head, self.text))


@dataclass(frozen=True, slots=True)
class Phone:
    """One number on a contact card."""

    uri: str
    """`tel:+493055512`."""
    display: str = ""
    type: str = "work"
    """`work`, `mobile`, `home`, `other` or `custom1`."""

    @property
    def number(self) -> str:
        """The number alone, without scheme and parameters."""
        return self.uri.partition(":")[2].partition(";")[0] if ":" in self.uri else self.uri


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Who somebody is."""

    name: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()
    more: Markup = Markup()
    """Further elements, carried along (`company`, `title`, `office`)."""

    @classmethod
    def parse(cls, element: Element) -> ContactCard:
        """Read a `contactCard` element; phones without a number are left out."""
        phones = (
            Phone(content(each, "uri"), content(each, "displayString"), attribute(each, "type") or "work")
            for each in children(element, "phone")
        )
        return cls(
            name=content(element, "identity", "name", "displayName"),
            email=content(element, "identity", "email"),
            phones=tuple(phone for phone in phones if phone.uri),
            more=join([copy(each, CARD_SPACE) for each in element if local(each) not in ("identity", "phone")]),
        )

    def xml(self) -> Markup:
        """The `contactCard` element."""
        name = [tag("name", None, tag("displayName", None, self.name))] if self.name else []
        email = [tag("email", None, self.email)] if self.email else []
        identity = [tag("identity", None, *name, *email)] if name or email else []
        phones = [
            tag("phone", {"type": phone.type}, tag("uri", None, phone.uri), _display(phone)) for phone in self.phones
        ]
        return tag("contactCard", {"xmlns": CARD_SPACE}, *identity, *phones, self.more)


def _display(phone: Phone) -> Markup:
    return tag("displayString", None, phone.display) if phone.display else Markup()


@dataclass(frozen=True, slots=True)
class Opaque:
    """Any other content of a category, as it came."""

    markup: Markup

    def xml(self) -> Markup:
        """The element as it came."""
        return self.markup


Body = State | Note | ContactCard | Opaque


@dataclass(frozen=True, slots=True)
class Category:
    """One category of one person, as a server tells it."""

    name: str
    """`state`, `note`, `contactCard`, `device`, `calendarData`, `userProperties`, ..."""
    instance: int | None = None
    """None: this category (in this container) is now empty."""
    container: int | None = None
    """None: not said, as watchers are not told."""
    version: int | None = None
    publish_time: float | None = None
    """Seconds since 1970."""
    expire_type: str = ""
    """`static`, `user`, `endpoint` or `time`; empty: not said."""
    body: Body | None = None
    attributes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Further attributes, carried along (`expires`)."""

    @property
    def key(self) -> Key:
        """What its publication is known by; 0 where a number is not said."""
        return (self.name, self.instance or 0, self.container or 0)

    @property
    def state(self) -> State | None:
        """The body if it is a state."""
        return self.body if isinstance(self.body, State) else None

    @classmethod
    def parse(cls, element: Element) -> Category:
        """Read a `category` element."""
        return cls(
            name=attribute(element, "name") or "",
            instance=_optional(attribute(element, "instance")),
            container=_optional(attribute(element, "container")),
            version=_optional(attribute(element, "version")),
            publish_time=moment(attribute(element, "publishTime")),
            expire_type=attribute(element, "expireType") or "",
            body=body_in(element),
            attributes=tuple(item for item in element.items() if item[0] not in _KNOWN and item[0][:1] != "{"),
        )

    def xml(self) -> Markup:
        """The `category` element, to stand inside `categories`."""
        head: dict[str, str | int | bool | None] = {
            "name": self.name,
            "instance": self.instance,
            "publishTime": stamp(self.publish_time) if self.publish_time is not None else None,
            "container": self.container,
            "version": self.version,
            "expireType": self.expire_type or None,
        }
        head |= dict(self.attributes)
        return tag("category", head, self.body.xml() if self.body else Markup())


_KNOWN = {"name", "instance", "publishTime", "container", "version", "expireType"}


def body_in(element: Element) -> Body | None:
    """The content of a `category` or `publication` element; None if there is none."""
    found = next(iter(element), None)
    if found is None:
        return None
    match local(found):
        case "state":
            return State.parse(found)
        case "note":
            return Note.parse(found)
        case "contactCard":
            return ContactCard.parse(found)
        case _:
            return Opaque(copy(found))


def _optional(text: str | None) -> int | None:
    value = number(text, -1)
    return value if value >= 0 else None


def parse_categories(data: bytes) -> tuple[str, tuple[Category, ...]]:
    """Whose categories, and which; raises `MalformedXml`."""
    return categories_in(parse_root(data, "categories"))


def categories_in(root: Element) -> tuple[str, tuple[Category, ...]]:
    """The same from a `categories` element."""
    return attribute(root, "uri") or "", tuple(Category.parse(each) for each in children(root, "category"))


def build_categories(uri: str, categories: Iterable[Category]) -> bytes:
    """A document of the type `application/msrtc-event-categories+xml`."""
    return categories_xml(uri, categories).encode()


def categories_xml(uri: str, categories: Iterable[Category]) -> Markup:
    """The `categories` element."""
    return tag("categories", {"xmlns": SPACE, "uri": uri}, *(each.xml() for each in categories))


def presence_of(categories: Iterable[Category], before: Presence = UNSEEN) -> Presence:
    """What the categories say in snom's words; what they do not mention stays as it was `before`.

    The aggregate state wins over other states, then the one published last. Of the notes the last one counts.
    """
    known = tuple(categories)
    state = max((each for each in known if each.name == "state"), key=_weight, default=None)
    note = max((each for each in known if each.name == "note"), key=_weight, default=None)
    text = before.note
    if note:
        text = note.body.text if isinstance(note.body, Note) else ""
    if not state:
        return Presence(before.availability, before.activity, text)
    return state.state.presence(text) if state.state else Presence(note=text)


def _weight(category: Category) -> tuple[bool, bool, float, bool]:
    aggregate = category.state is not None and category.state.kind == AGGREGATE
    empty = isinstance(category.body, Note) and not category.body.text
    return aggregate, category.body is not None, category.publish_time or 0.0, not empty
