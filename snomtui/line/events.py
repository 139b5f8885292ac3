"""What happened on a line. Frozen values, in the words of the outward contract."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.kit.box import Certificate
from snomtui.presence import Availability, Contact, Presence


@dataclass(frozen=True, slots=True)
class RegistrationChanged:
    """The registration of an identity took a step."""

    identity: int
    """1 to 12."""
    aor: str
    """`user@host`."""
    state: str
    """`registering registered refused waiting off`."""
    code: int | None = None
    """The server's last status code; None if it never answered."""
    reason: str = ""
    """In words that a telephone person understands."""
    expires: int | None = None
    """Seconds."""
    auth: str = "none"
    """`none digest ntlmv1 ntlmv2`."""
    transport: str = ""
    retry_in: int | None = None
    """Seconds until the next attempt."""


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A call took a step."""

    id: str
    identity: int
    direction: str
    """`in` or `out`."""
    remote: str
    """`sip:...` or `tel:...`."""
    remote_name: str
    number: str
    """As a person would say it: `+4930123456`, `bob@ucc.de`."""
    state: str
    """`dialling ringing offered talking holding held ended`."""
    code: int | None = None
    reason: str = ""
    cause: str = ""
    """Why it ended: `local remote cancelled refused elsewhere failed timeout`."""
    diverted_by: str = ""
    """Name or number of whoever sent the call on to us; empty = nobody."""


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """A watched person is seen in another state."""

    uri: str
    name: str
    presence: Presence


@dataclass(frozen=True, slots=True)
class OwnPresenceChanged:
    """Others see us in another state."""

    identity: int
    presence: Presence
    chosen: Availability | None = None
    """What the person has chosen just now, on this device or another; None = nothing new."""


@dataclass(frozen=True, slots=True)
class ContactsChanged:
    """The server's contact list came or changed; presence in it is meaningless."""

    identity: int
    contacts: tuple[Contact, ...]
    groups: tuple[str, ...] = ()
    """The names of all groups of the list, in the server's order; empty where the server knows no groups."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search in the server's address book has ended."""

    identity: int
    text: str
    """What was searched for."""
    people: tuple[Contact, ...]
    more: bool
    """Whether there are more than these."""
    why: str = ""
    """Why the server did not search, in words; empty = it did."""


@dataclass(frozen=True, slots=True)
class MailboxChanged:
    """Voice mail is waiting, or no longer (RFC 3842)."""

    identity: int
    waiting: bool
    new: int
    old: int


@dataclass(frozen=True, slots=True)
class LampChanged:
    """Somebody whose phone is watched got or ended a call (RFC 4235)."""

    identity: int
    uri: str
    """Whose phone, `sip:user@host`."""
    lamp: str
    """`idle`, `ringing` or `busy`."""
    remote: str = ""
    """The address of the other side there; empty = not told."""
    remote_name: str = ""


@dataclass(frozen=True, slots=True)
class MessageCame:
    """An instant message came in (RFC 3428)."""

    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class CertificateDoubted:
    """A server showed a certificate for which nobody vouches; a person may decide to trust it all the same."""

    identity: int
    server: str
    """`host:port`."""
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class XmlPushed:
    """A server has sent a document for the minibrowser, and may do so."""

    identity: int
    body: bytes
    kind: str = ""
    """The Content-Type."""


@dataclass(frozen=True, slots=True)
class NotifyCame:
    """A server told something that was subscribed to."""

    identity: int
    package: str
    """The event package, in small letters: `message-summary`."""


@dataclass(frozen=True, slots=True)
class TransferCame:
    """The other side has connected us with somebody else (RFC 5589 7)."""

    identity: int
    id: str
    """The new call, or the one that is left for it."""


@dataclass(frozen=True, slots=True)
class KeyAsked:
    """A server wants a call answered or held, as if somebody had pressed a key (NOTIFY, `talk` and `hold`)."""

    identity: int
    key: str
    """`talk` or `hold`."""
    id: str = ""
    """The call in which it was asked; empty = outside of one."""


@dataclass(frozen=True, slots=True)
class RestartAsked:
    """A server wants the phone to read its settings anew, or to start again (NOTIFY, `check-sync`)."""

    identity: int
    reboot: bool
    """Whether it is to start again in any case."""


@dataclass(frozen=True, slots=True)
class CstaAsked:
    """A program asks something by CSTA over SIP (ECMA TR/87)."""

    identity: int
    session: int
    """Its session; 0 is none."""
    request: int
    """What the answer is for."""
    body: bytes


@dataclass(frozen=True, slots=True)
class CstaEnded:
    """A CSTA session is over; its monitors end with it."""

    identity: int
    session: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something went wrong that a person should know."""

    what: str
    """Where: `registration`, `settings`, `http`, `media`, `sip`, `transfer`, `message`, `contacts`."""
    why: str


Event = (
    RegistrationChanged
    | CallChanged
    | PresenceChanged
    | OwnPresenceChanged
    | ContactsChanged
    | Found
    | MailboxChanged
    | LampChanged
    | MessageCame
    | CertificateDoubted
    | XmlPushed
    | NotifyCame
    | TransferCame
    | KeyAsked
    | RestartAsked
    | CstaAsked
    | CstaEnded
    | Trouble
)

INWARD = (XmlPushed, NotifyCame, TransferCame, KeyAsked, RestartAsked, CstaAsked, CstaEnded)
"""What the phone does something about, and what no program is told."""
