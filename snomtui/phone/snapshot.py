"""The whole phone at one moment, ready to draw. Frozen values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from snomtui.presence import Availability, Presence

if TYPE_CHECKING:  # the front of a phone is drawn before anything can be wanted of it
    from snomtui.phone.intents import Intent


class Pattern(Enum):
    """How an LED is lit; the value is the contract's word."""

    OFF = "off"
    ON = "on"
    SLOW = "slow"
    MEDIUM = "medium"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Led:
    """One LED: colour (`red`, `green`, `orange`) and pattern."""

    color: str = "orange"
    pattern: Pattern = Pattern.OFF


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a page."""

    text: str
    """The text at the left."""
    right: str = ""
    """The text at the right edge, such as a time or a presence word."""
    presence: Availability | None = None
    """Drawn as shape and colour before the text."""
    intent: Intent | None = None
    """What the row stands for: OK or a click on it does this."""
    style: str = ""
    """`""`, `title`, `big`, `dim` or `alert`: how it is written, never what it means."""
    mark: str = ""
    """Drawn as a shape before all else: an identity that is `outgoing`, `registered` or `unregistered`, or a
    member of a conference: `outgoing` is the one that the keys work on."""


@dataclass(frozen=True, slots=True)
class SoftKey:
    """The label over one soft key and what it does."""

    label: str
    intent: Intent
    word: str = ""
    """In full, where the label had to be shortened for the display."""

    @property
    def name(self) -> str:
        """What it is called where there is room: in the help, in the list of commands, for screen readers."""
        return self.word or self.label


GROUND, INK = -1, -2
"""Pixels of the display's own colours: what lies below, and what its text is written in."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels on the display. A character cell shows one pixel above another one (half blocks)."""

    rows: tuple[tuple[int, ...], ...]
    """From the top; each pixel is 0xRRGGBB, `GROUND` or `INK`. All rows are equally long."""
    place: str = "full"
    """`full`: instead of the rows of text; `right`: beside them, at the right edge."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the display shows."""

    name: str
    """`idle`, `sign_in`, `entry`, `call`, `contacts`, `presence`, `calls`, ..."""
    title: str = ""
    rows: tuple[Row, ...] = ()
    """Only the rows that are on the display now."""
    softkeys: tuple[SoftKey | None, ...] = (None, None, None, None)
    cursor: int | None = None
    """The highlighted row, counted among `rows`."""
    above: int = 0
    """How many rows are scrolled away at the top."""
    below: int = 0
    """How many rows are hidden at the bottom."""
    entry: str | None = None
    """What has been typed so far, when the page takes text; secrets are stars already."""
    mode: str = ""
    """Input mode of the entry: `123`, `abc`, `ABC`, or empty."""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class IdentityState:
    """One identity as the phone shows it."""

    number: int
    """1 to 12."""
    aor: str
    """`user@host`, empty if not set up."""
    name: str
    state: str
    """`registering registered refused waiting off`."""
    code: int | None = None
    """The last refusal's status code."""
    reason: str = ""
    expires: int | None = None
    auth: str = "none"
    """`none digest ntlmv1 ntlmv2`."""
    transport: str = ""
    retry_at: float | None = None
    active: bool = False
    """Whether it is the outgoing identity."""


@dataclass(frozen=True, slots=True)
class CallState:
    """One call as the phone shows it."""

    id: str
    identity: int
    direction: str
    """`in` or `out`."""
    remote: str
    """The other side's address, `sip:...`."""
    remote_name: str
    number: str
    """What was dialled or who calls, as short as a person would say it."""
    state: str
    """`dialling ringing offered talking holding held ended`."""
    code: int | None = None
    reason: str = ""
    cause: str = ""
    since: float = 0.0
    """When it began to talk, or 0."""
    key: str = ""
    """The line key it sits on, such as `P1`."""
    shown: bool = False
    """Whether the display and the keys work on it."""
    conference: bool = False
    """Whether it is one of the calls that are joined in our conference."""
    diverted_by: str = ""
    """Name or number of whoever sent the call on to us; empty = nobody."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole phone at one moment."""

    model: str
    page: Page
    status: str = ""
    """The status line: `Missed: 1`, `NR`, a refusal in words."""
    clock: str = ""
    """The time, as the display writes it."""
    leds: Mapping[str, Led] = field(default_factory=dict)
    """By key name: `P1`..., `MESSAGE` and `CALL`. Keys that are not there are off."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What stands on the paper label beside each programmable key."""
    identities: tuple[IdentityState, ...] = ()
    calls: tuple[CallState, ...] = ()
    own: Presence = Presence()
    """Our own presence as the server sees it (the aggregate), else as we publish it."""
    muted: bool = False
    handset: str = ""
    """The audio device in use: `handset`, `speaker`, `headset`, or empty when on hook."""
    volume: int = 8
    """0 to 15."""
    ringer: int = 0
    """The ringer that is played for a try; 0 = none. Calls ring by themselves."""
    language: str = "English"
    """The language of the display, by the name that `snomtui.language` knows."""
