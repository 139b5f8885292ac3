"""What the phone knows at this moment. Pages, LEDs and the snapshot are pure functions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from snomtui.language import Language, known
from snomtui.line.events import CertificateDoubted, Found
from snomtui.phone.book import Book, Roster, bare
from snomtui.phone.browser.memory import Browser
from snomtui.phone.dialplan import normal
from snomtui.phone.history import History
from snomtui.phone.letters import Letter
from snomtui.phone.snapshot import CallState, IdentityState
from snomtui.presence import Contact, Presence
from snomtui.settings.registry import Settings
from snomtui.skin import Shape


@dataclass(frozen=True, slots=True)
class Screen:
    """One open page and where its cursor is."""

    name: str
    cursor: int = 0
    entry: str = ""
    """What has been typed so far."""
    mode: str = "123"
    """`123`, `abc` or `ABC`: what the keypad types."""
    subject: str = ""
    """What the page is about: a contact's URI, a call list's name."""
    fields: tuple[str, ...] = ()
    """The texts of a form."""
    tapped: tuple[str, int, float] = ("", 0, 0.0)
    """Letters by repeated presses: the key, how often, when last."""


IDLE = Screen("idle")


@dataclass(slots=True)
class Model:
    """The phone's memory. Owned and changed by `Phone` only."""

    settings: Settings
    identities: dict[int, IdentityState] = field(default_factory=dict)
    calls: dict[str, CallState] = field(default_factory=dict)
    """In the order in which they began."""
    shown_call: str = ""
    """The id of the call that the display and the keys work on."""
    directory: tuple[Contact, ...] = ()
    """The phone's own directory."""
    roster: dict[int, Roster] = field(default_factory=dict)
    """The contact list that the server keeps, with its groups, by identity."""
    folded: frozenset[str] = frozenset()
    """The groups of the contact list of which only the heading is shown."""
    searching: str | None = None
    """What an address book is being searched for; None = nothing."""
    found: Found | None = None
    """What the last search has found."""
    presence: dict[str, Presence] = field(default_factory=dict)
    """What is known of watched people, by address in lower case; see `saw` and `seen`."""
    lamps: dict[str, str] = field(default_factory=dict)
    """The phones of others that are watched, `ringing` or `busy`, by address in lower case; see `lit` and `lamp`."""
    own: dict[int, Presence] = field(default_factory=dict)
    """How others see us, by identity."""
    history: History = field(default_factory=History)
    screens: list[Screen] = field(default_factory=lambda: [IDLE])
    """The open pages; the last one is on top."""
    notice: str = ""
    """A message that stands on the status line for a while."""
    ringer: int = 0
    """The ringer that is played for a try; 0 = none."""
    missed: int = 0
    """Calls that nobody took and nobody has looked at yet."""
    letters: tuple[Letter, ...] = ()
    """The instant messages that came, the newest first."""
    unread: int = 0
    """Those that nobody has looked at yet."""
    mailbox: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """New and old voice mails by identity."""
    doubts: dict[int, CertificateDoubted] = field(default_factory=dict)
    """Certificates that a person is asked about, by identity."""
    rejected: set[tuple[int, str]] = field(default_factory=set)
    """Identities and fingerprints about which nobody is asked again."""
    transfers: dict[str, str] = field(default_factory=dict)
    """Calls whose other side is being sent elsewhere, and to whom; see `transferring`."""
    device: str = ""
    """The audio device in use: `handset`, `speaker`, `headset`; empty = on hook."""
    muted: bool = False
    chose: bool = False
    """Whether the person has chosen a presence since the start."""
    chose_at: float = 0.0
    """When, seconds since 1970; 0 = not since the start."""
    note: str = ""
    """The note that stands beside the presence."""
    shape: Shape = Shape("snom370", 8, 38, 4, 12)
    """How much the display holds."""
    web: str = ""
    """The address of the phone's web server; empty = there is none."""
    warned: bool = False
    """Whether the person has seen that the web server has no password."""
    browser: Browser = field(default_factory=Browser)
    """The pages of web servers that are open."""
    _book: Book | None = None

    @property
    def screen(self) -> Screen:
        """The page on top."""
        return self.screens[-1]

    def tell(self, notice: str) -> None:
        """Show a message, on a page where it is too long for the only row. Empty = it was seen long enough."""
        self.notice = notice
        self.screens = [screen for screen in self.screens if screen.name != "notice"] or [IDLE]
        if self.shape.rows == 1 and len(notice) > self.shape.columns:
            self.notice = ""
            self.screens.append(Screen("notice", subject=notice))

    @property
    def language(self) -> Language:
        """The language of the display; English if the file of the wanted one is gone or wrong."""
        return known(self.settings.text("language"))

    def say(self, text: str, /, **values: object) -> str:
        """A text in the language of the display, with the values in the places of `{names}`."""
        return self.language.say(text, **values)

    @property
    def active_line(self) -> int:
        """The outgoing identity."""
        return self.settings.number("active_line")

    @property
    def call(self) -> CallState | None:
        """The call that the display and the keys work on."""
        return self.calls.get(self.shown_call)

    @property
    def book(self) -> Book:
        """All contacts without their presence: the server's lists and the phone's own in one."""
        if self._book is None:
            self._book = Book(self.roster, self.directory)
            for contact in self._book.people:
                self._book.saw(contact.uri, self.seen(contact.uri).availability)
        return self._book

    def people(self) -> tuple[Contact, ...]:
        """All contacts without their presence, sorted by name."""
        return self.book.people

    def contacts(self) -> tuple[Contact, ...]:
        """All contacts with their presence."""
        return tuple(replace(c, presence=self.seen(c.uri)) for c in self.people())

    def seen(self, uri: str) -> Presence:
        """What is known of one person."""
        return self.presence.get(bare(uri), UNSEEN)

    def saw(self, uri: str, presence: Presence) -> None:
        """Somebody is seen in another state."""
        self.presence[bare(uri)] = presence
        if self._book is not None:
            self._book.saw(uri, presence.availability)

    def lamp(self, uri: str) -> str:
        """What somebody's phone does: `idle`, `ringing` or `busy`."""
        return self.lamps.get(bare(uri), "idle")

    def lit(self, uri: str, lamp: str) -> None:
        """Somebody's phone does something else."""
        self.lamps.pop(bare(uri), None)
        if lamp != "idle":
            self.lamps[bare(uri)] = lamp

    def enlist(self, identity: int | None, contacts: tuple[Contact, ...], groups: tuple[str, ...] = ()) -> None:
        """A contact list came: the server's for an identity, or the phone's own (None)."""
        if identity is None:
            self.directory = contacts
        else:
            self.roster[identity] = (contacts, groups)
        self._book = None

    def doubt(self, fingerprint: str) -> CertificateDoubted | None:
        """What a person is asked about this certificate; an empty fingerprint = about any."""
        found = self.doubts.values()
        return next((each for each in found if fingerprint in ("", each.certificate.fingerprint)), None)

    def settle_doubts(self, *identities: int) -> None:
        """These identities have no question any more; pages that ask nothing are closed."""
        for identity in identities:
            self.doubts.pop(identity, None)
        self.screens = [s for s in self.screens if s.name != "certificate" or self.doubt(s.subject)]

    def name_of(self, address: str) -> str:
        """The contact's name for an address or number, or empty."""
        return self.book.name_of(address, self.normal)

    def normal(self, number: str) -> str:
        """A number as the number plan of the outgoing identity has it; what is no number stays as it is."""
        return normal(number, self.settings.text("user_dp_str", self.active_line))


UNSEEN = Presence()
