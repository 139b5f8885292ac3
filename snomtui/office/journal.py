"""What crossed the wire and what was decided, in words and without secrets, for people and for tests.

A front end with a thousand people writes some thousand entries a second, and hardly anybody reads them. So an entry
keeps what it was made of, and is put into words when somebody looks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from snomtui.auth.ntlm import words as tokens
from snomtui.auth.ntlm.words import Fields, readable
from snomtui.auth.rulings import Admit, Discard, Forbid, Pass, Ruling
from snomtui.errors import MalformedMessage
from snomtui.kit.box import Conn, Up, host_port
from snomtui.sip.address import Address
from snomtui.sip.headers import Headers
from snomtui.sip.message import Message, Response

CAPACITY = 2000
"""Entries that are kept."""
HEAVY = 8192
"""Characters of headers above which an entry keeps only the beginning of each."""
_LINES, _LINE = 40, 400
"""What is kept of heavy headers: so many lines, so many characters of each."""


@dataclass(slots=True, eq=False)
class Entry:
    """One line of the journal."""

    number: int
    """Counts from 1 and never repeats, so that a reader can ask for what is new."""
    at: float
    """Seconds since 1970."""
    conn: Conn | None
    direction: str
    """`in`, `out`, or `note` for a decision."""
    head: str
    """The start line, or the decision, as it came."""
    link: Up | None
    """The connection; None where there is none."""
    headers: Headers | None = None
    about_from: bool = True
    """Whether the client at the other end stands in From, else in To ([MS-SIPAE] 3.2)."""
    known: str = ""
    """The user, where a decision names one."""
    about: str = ""
    """The address in From, where a decision knows the user by another name."""
    ruling: type[Ruling] | None = None
    """What was thought of an incoming message."""
    trusted: bool = False
    """Whether it belongs to an association."""
    decoded: tuple[str, Fields] | None = None
    """The token, in words and field by field, once somebody has looked."""

    @property
    def line(self) -> str:
        """The start line with the CSeq of an answer, or the decision in words."""
        answers = self.headers is not None and self.head.startswith("SIP/2.0 ")
        return readable(f"{self.head} ({self._header('CSeq') or '?'})" if answers else self.head)

    @property
    def method(self) -> str:
        """The method, of an answer too; empty for a decision."""
        return readable(self._header("CSeq").strip().rpartition(" ")[2].upper()) if self.headers is not None else ""

    @property
    def user(self) -> str:
        """`user@domain` of the client at the other end, as far as known."""
        if self.headers is None:
            return readable(self.known)
        try:
            return readable(Address.parse(self._header("From" if self.about_from else "To")).uri.aor.partition(":")[2])
        except MalformedMessage:
            return ""

    @property
    def peer(self) -> str:
        """`host:port` of the client."""
        return where(self.link)

    @property
    def transport(self) -> str:
        """`tcp` or `tls`."""
        return self.link.transport if self.link else ""

    @property
    def token(self) -> str:
        """The NTLM token it carries, in words; empty if none."""
        return self._decoded()[0]

    @property
    def fields(self) -> Fields:
        """The NTLM token field by field, without responses and keys."""
        return self._decoded()[1]

    @property
    def signature(self) -> str:
        """How an incoming message proved itself: `valid`, `wrong`, `absent`, `digest`, or empty if nobody looked."""
        if self.ruling is None or self.headers is None:
            return ""
        if self.ruling is Admit or self.ruling is Forbid:
            return "valid" if self.trusted else "digest"
        line = tokens.line_of(self.headers)
        if line is None or line.get("response") is None:
            return "absent"
        return "wrong" if self.ruling is Discard else ""

    @property
    def signed(self) -> bool:
        """Whether an outgoing message has the server's signature."""
        return self.direction == "out" and 'rspauth="01000000' in self._header("Authentication-Info")

    def judge(self, ruling: Ruling) -> None:
        """Note what was thought of an incoming message."""
        if not isinstance(ruling, Pass):
            self.ruling = type(ruling)
            self.trusted = isinstance(ruling, Admit | Forbid) and ruling.association is not None

    def _decoded(self) -> tuple[str, Fields]:
        if self.decoded is None:
            data = tokens.token_of(self.headers) if self.headers is not None else None
            self.decoded = ("", ()) if data is None else (tokens.in_words(data), tokens.fields_of(data))
        return self.decoded

    def _header(self, name: str) -> str:
        return (self.headers.get(name) or "") if self.headers is not None else ""


class Journal:
    """The last entries; the oldest are forgotten."""

    def __init__(self, capacity: int = CAPACITY, links: Mapping[Conn, Up] | None = None) -> None:
        """`links` says which connection is whose."""
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._links: Mapping[Conn, Up] = links if links is not None else {}
        self.count = 0
        """The number of the newest entry."""

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def message(self, direction: str, message: Message, conn: Conn, now: float) -> Entry:
        """Note a message that came in (`in`) or leaves (`out`)."""
        about_from = isinstance(message, Response) == (direction == "out")
        head, headers = message.start_line[:_LINE], _light(message.headers)
        return self._add(Entry(self.count, now, conn, direction, head, self._links.get(conn), headers, about_from))

    def note(self, text: str, now: float, conn: Conn | None = None, user: str = "", about: str = "") -> None:
        """Note a decision, such as why somebody was refused."""
        link = None if conn is None else self._links.get(conn)
        self._add(Entry(self.count, now, conn, "note", text[:_LINE], link, known=user[:_LINE], about=about[:_LINE]))

    def since(self, number: int) -> tuple[Entry, ...]:
        """The entries after this number, as far as they are still there."""
        fresh: list[Entry] = []
        for entry in reversed(self._entries):
            if entry.number <= number:
                break
            fresh.append(entry)
        return tuple(reversed(fresh))

    def notes(self) -> tuple[str, ...]:
        """The texts of all decisions."""
        return tuple(each.line for each in self._entries if each.direction == "note")

    def _add(self, entry: Entry) -> Entry:
        self.count = entry.number = self.count + 1
        self._entries.append(entry)
        return entry


def where(link: Up | None) -> str:
    """The other end of a connection as `host:port`."""
    return host_port(link.remote) if link else ""


def _light(headers: Headers) -> Headers:
    """The headers; of very large ones the beginning, since a stranger may send two thousand of them."""
    if sum([len(value) for _, value in headers.items]) <= HEAVY:
        return headers
    return Headers(tuple((name[:_LINE], value[:_LINE]) for name, value in headers.items[:_LINES]))
