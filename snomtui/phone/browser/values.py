"""A document of the minibrowser as values."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.phone.snapshot import Led, Picture


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a menu or of a directory."""

    name: str
    url: str = ""
    """Where it leads, as the document has it; of a directory entry the number as `tel:`."""
    right: str = ""
    """Shown at the right edge: the number of a directory entry."""
    id: str = ""
    items: tuple[Item, ...] = ()
    """What a menu inside the menu holds; empty = it is no menu."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a person is asked for."""

    label: str
    param: str = ""
    """The name in the query; may be a piece of a query that ends in a name (`m=find&text`)."""
    token: str = ""
    """What stands in the URL instead, to be replaced by the answer (`__X__`)."""
    default: str = ""
    flags: str = ""
    """Letters: `a` text, `t` telephone number, `n` digits only, `e` text from digits on, `p` secret,
    `u` capitals, `l` small letters."""

    @property
    def secret(self) -> bool:
        """Whether stars are shown."""
        return "p" in self.flags

    @property
    def digits(self) -> bool:
        """Whether only digits may be typed."""
        return "n" in self.flags

    @property
    def mode(self) -> str:
        """The input mode to begin with: `123`, `abc` or `ABC`."""
        if "u" in self.flags:
            return "ABC"
        plain = not ("a" in self.flags or "l" in self.flags)
        return "123" if plain and any(flag in self.flags for flag in "nte") else "abc"


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What a key of the phone does while this document is shown (`SoftKeyItem`)."""

    key: str
    """The phone's own name: `F1`, `5`, `CANCEL`."""
    label: str = ""
    url: str = ""
    press: str = ""
    """Another key or function that it stands for, such as `F_REDIAL`; only without `url`."""


@dataclass(frozen=True, slots=True)
class Light:
    """What one LED shall show."""

    key: str
    """`P1` to `P12`."""
    led: Led | None
    """None = what the phone itself shows there."""


@dataclass(frozen=True, slots=True)
class Document:
    """One main element: a page, or an order that shows nothing."""

    kind: str
    """`text menu directory input image silent exit`; `error` is made by the phone itself."""
    title: str = ""
    text: str = ""
    """Lines, separated by line ends; of an input page what it asks for."""
    url: str = ""
    """Where an input page sends the answers."""
    items: tuple[Item, ...] = ()
    fields: tuple[Field, ...] = ()
    keys: tuple[DocumentKey, ...] = ()
    lights: tuple[Light, ...] = ()
    image: str = ""
    """The URL of a picture, or the picture itself as `data:;base64,...`."""
    after: float | None = None
    """Seconds after which `onward` is fetched; None = never."""
    onward: str = ""
    track: bool = True
    """Whether one comes back to it."""
    speed: str = "select"
    """What a digit does in a list: `select` marks the row, `enter` takes it, `off` nothing."""
    state: str = ""
    """Who hears the keys: empty = `only_mb`, `relevant` (the call below too), `others_except_mb`."""
    id: str = ""
    document_id: str = ""
    """A document of the same id takes its place."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page that was opened."""

    url: str
    """Where it came from; empty = it was pushed."""
    document: Document
    batch: tuple[Document, ...] = ()
    """All documents that came with it."""
    picture: Picture | None = None
    in_call: bool = False
    """Whether there was a call when it was opened."""
