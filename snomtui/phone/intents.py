"""What a person may want of the phone: one table, many doors.

Keyboard, mouse, HTTP, JSON and the command line all end in one of these values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from snomtui.presence import Availability
from snomtui.settings.registry import Kind, registry

_SECRET_NAME = re.compile(r"pass|pwd|secret|user_hash|_pw\b")


def is_secret(name: str) -> bool:
    """Whether a setting's value must not be shown; unknown names that look like a password count too."""
    plain = name.strip().lower()
    row = registry().get(plain) or registry().get(plain.rstrip("0123456789"))
    return row.kind is Kind.SECRET if row is not None else _SECRET_NAME.search(plain) is not None


@dataclass(frozen=True, slots=True)
class Press:
    """Press one key of the phone, by snom's name (`P1`, `ENTER`, `5`, `F_HOLD`)."""

    key: str
    time: int = 0
    """How long it is held, ms."""
    pause: int = 0
    """How long to wait before the next key, ms."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Call a number or a SIP URI."""

    number: str
    identity: int | None = None
    """1 to 12; None = the active one."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a call, or refuse it while it rings."""

    call: str | None = None
    """The call's id; None = the one on the display, and with it all of its conference."""
    every: bool = False
    """All calls (`RELEASE_ALL_CALLS`)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Take a ringing call."""

    call: str | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the talking call on hold."""

    call: str | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Take a held call back."""

    call: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Send the other side elsewhere (RFC 3515), or connect it with another call of ours (RFC 5589)."""

    to: str
    """A number, an address, or the id of another call."""
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Conference:
    """Join all calls that are up, so that all hear each other, or part them again."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send callers elsewhere, or no longer (302 Moved Temporarily)."""

    when: str
    """`all`, `busy` or `time` (nobody answers in time)."""
    on: bool | None = None
    """None = the other way than now; with another target, on."""
    to: str | None = None
    """A number or an address; None = as it is set."""


@dataclass(frozen=True, slots=True)
class Dtmf:
    """Send digits in the call (RFC 4733)."""

    digits: str


@dataclass(frozen=True, slots=True)
class Write:
    """Send an instant message (RFC 3428)."""

    to: str
    """A number or an address."""
    text: str
    identity: int | None = None
    """None = as with a call."""


@dataclass(frozen=True, slots=True)
class SetPresence:
    """Choose how one is seen by others."""

    availability: Availability
    note: str | None = None
    """None = leave the note as it is."""


@dataclass(frozen=True, slots=True)
class AddContact:
    """Have the server add somebody to the contact list, or put a contact into one more group."""

    uri: str
    """`user@host`, with or without `sip:`."""
    name: str = ""
    """Empty = as the contact card has it."""
    group: str = ""
    """Empty = other contacts; a name that is not there makes a new group."""


@dataclass(frozen=True, slots=True)
class RemoveContact:
    """Have the server take somebody out of the contact list."""

    uri: str


@dataclass(frozen=True, slots=True)
class Search:
    """Search the server's address book; the event `found` tells the result."""

    text: str
    """A name or how one begins, an address, or a number."""


@dataclass(frozen=True, slots=True)
class SetSetting:
    """Change one setting, by snom's name."""

    name: str
    value: str

    def __repr__(self) -> str:
        """As usual, but with stars for a secret: what is shown may end in a log."""
        value = "********" if self.value and is_secret(self.name) else self.value
        return f"SetSetting(name={self.name!r}, value={value!r})"


@dataclass(frozen=True, slots=True)
class Administer:
    """Go from user mode to administrator mode; `SetSetting("admin_mode", "off")` leads back."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Register:
    """Register an identity now."""

    identity: int = 1


@dataclass(frozen=True, slots=True)
class LogOff:
    """Unregister an identity."""

    identity: int | None = None
    """None = all."""


@dataclass(frozen=True, slots=True)
class ClearList:
    """Empty a call list."""

    which: str
    """`missed`, `received` or `dialed`."""


@dataclass(frozen=True, slots=True)
class ForgetCall:
    """Take one call out of its list."""

    which: str
    """`missed`, `received` or `dialed`."""
    id: str
    """`Record.id`."""


@dataclass(frozen=True, slots=True)
class ForgetMessage:
    """Delete one instant message."""

    id: str
    """`Letter.id`."""


@dataclass(frozen=True, slots=True)
class SaveEntry:
    """Write somebody into the phone's own directory, or change an entry there."""

    name: str
    numbers: tuple[str, ...] = ()
    address: str = ""
    """`user@host`, with or without `sip:`; empty = numbers alone."""
    type: str = ""
    """One of snom's types: `VIP`, `Deny`, `Friends`, `Family`, `Colleagues`, `Work`, `Favorite`; empty = none."""
    old: str = ""
    """The URI of the entry that is changed; empty = a new one."""


@dataclass(frozen=True, slots=True)
class DeleteEntry:
    """Take somebody out of the phone's own directory."""

    uri: str


@dataclass(frozen=True, slots=True)
class PlayRinger:
    """Let a ringer be heard and seen for a moment."""

    number: int = 1
    """1 to 10."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Back to the factory state: settings, lists and directory of the phone are gone."""


@dataclass(frozen=True, slots=True)
class Reboot:
    """Start again: calls end, identities register anew."""


@dataclass(frozen=True, slots=True)
class AcceptCertificate:
    """Trust a server's certificate from now on, although nobody vouches for it."""

    fingerprint: str
    """SHA-256, 64 hexadecimal digits; the phone must have asked about it."""


@dataclass(frozen=True, slots=True)
class RejectCertificate:
    """Do not trust it, and do not ask again until the next sign-in."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class Select:
    """Put the cursor on a row of the page (a click does this)."""

    row: int
    """Counted from 0 among the rows on the display."""


@dataclass(frozen=True, slots=True)
class Go:
    """Open a page by name; what soft keys and menu rows stand for."""

    page: str


@dataclass(frozen=True, slots=True)
class Show:
    """Follow a URL with the minibrowser: a page, `tel:NUMBER`, or `snom://mb_exit`."""

    url: str
    """May be relative to the page that is shown, and may hold variables such as `$mac`."""
    quiet: bool = False
    """Whether an answer that is no page is passed over, as for a key that only tells a server something."""
    said: str = field(default="", compare=False)
    """The URL as it may be shown and logged; empty = nothing in it is secret."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Unregister, end calls, leave."""


Intent = (
    Press
    | Dial
    | HangUp
    | Answer
    | Hold
    | Resume
    | Transfer
    | Conference
    | Redirect
    | Dtmf
    | Write
    | SetPresence
    | AddContact
    | RemoveContact
    | Search
    | SetSetting
    | Administer
    | Register
    | LogOff
    | ClearList
    | ForgetCall
    | ForgetMessage
    | SaveEntry
    | DeleteEntry
    | PlayRinger
    | Reset
    | Reboot
    | AcceptCertificate
    | RejectCertificate
    | Select
    | Go
    | Show
    | Quit
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The phone says no, and why, in words for a person."""

    why: str
    """In English, for programs and logs."""
    template: str = field(default="", compare=False)
    """The same with names in braces for `values`, so that the display can say it in another language."""
    values: Mapping[str, object] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, template: str, /, **values: object) -> Refusal:
        """A refusal with something in it: `Refusal.of("There is no key {key}", key=name)`."""
        return cls(template.format(**values), template, values)
