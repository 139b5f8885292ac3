"""What crossed the wire and what was decided, in words and without secrets, for people and for tests."""

from __future__ import annotations

from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from snomtui.auth.challenge import lines_of
from snomtui.auth.ntlm.messages import Authenticate, Challenge
from snomtui.auth.ntlm.policy import classify
from snomtui.errors import BadToken, MalformedMessage
from snomtui.kit.box import Conn
from snomtui.sip.message import Message, Response

CAPACITY = 2000
"""Entries that are kept."""
_AUTH = ("WWW-Authenticate", "Proxy-Authenticate", "Authorization", "Proxy-Authorization")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    number: int
    """Counts from 1 and never repeats, so that a reader can ask for what is new."""
    at: float
    """Seconds since 1970."""
    conn: Conn | None
    direction: str
    """`in`, `out`, or `note` for a decision."""
    line: str
    """The start line with the CSeq of an answer, or the decision in words."""
    user: str = ""
    """`user@domain` of the client on whose behalf it travels, as far as known."""
    token: str = ""
    """The NTLM token it carries, in words."""


class Journal:
    """The last entries; the oldest are forgotten."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._count = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def message(self, direction: str, message: Message, conn: Conn, now: float) -> None:
        """Note a message that came in (`in`) or leaves (`out`)."""
        line = message.start_line
        if isinstance(message, Response):
            line = f"{line} ({message.headers.get('CSeq') or '?'})"
        self._note(now, conn, direction, _readable(line), _user(message), token_in_words(message))

    def note(self, text: str, now: float, conn: Conn | None = None, user: str = "") -> None:
        """Note a decision, such as why somebody was refused."""
        self._note(now, conn, "note", _readable(text), user, "")

    def since(self, number: int) -> tuple[Entry, ...]:
        """The entries after this number, as far as they are still there."""
        return tuple(each for each in self._entries if each.number > number)

    def notes(self) -> tuple[str, ...]:
        """The texts of all decisions."""
        return tuple(each.line for each in self._entries if each.direction == "note")

    def _note(self, at: float, conn: Conn | None, direction: str, line: str, user: str, token: str) -> None:
        self._count += 1
        self._entries.append(Entry(self._count, at, conn, direction, line, user, token))


def token_in_words(message: Message) -> str:
    """The NTLM step that a message carries, in words; empty if none. Shows no secret and no response."""
    for line in lines_of(message, *_AUTH):
        data = line.get("gssapi-data")
        if not line.is_scheme("NTLM") or data is None:
            continue
        return _token(data) if data else "asks for an NTLM challenge"
    return ""


def _token(data: str) -> str:
    try:
        raw = b64decode(data, validate=True)
        if raw[8:12] == b"\2\0\0\0":
            challenge = Challenge.parse(raw)
            return f"NTLM CHALLENGE, flags {int(challenge.flags):#010x}"
        answer = Authenticate.parse(raw)
        who = f"{answer.domain}\\{answer.user}" if answer.domain else answer.user
        kind = classify(answer).value
        return _readable(f"NTLM AUTHENTICATE of {who} at {answer.workstation or '?'}: {kind} response")
    except (BadToken, ValueError):
        return "an unreadable NTLM token"


def _user(message: Message) -> str:
    try:
        return message.from_.uri.aor.partition(":")[2]
    except MalformedMessage:
        return ""


def _readable(text: str) -> str:
    """One line that can be shown anywhere."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:300])
