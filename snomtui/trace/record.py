"""One SIP message as it crossed the wire; what it says is only looked at when somebody asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from snomtui.errors import MalformedMessage
from snomtui.kit.box import HostPort, host_port
from snomtui.sip.message import Message, parse

_CALL_ID = re.compile(rb"^(?:call-id|i)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_CSEQ = re.compile(rb"^cseq[ \t]*:[ \t]*([0-9]+)[ \t]+([^\s]+)", re.IGNORECASE | re.MULTILINE)
_TELLING = re.compile(rb"^(?:from|f|to|t|call-id|i|cseq|event|o)[ \t]*:[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_START = re.compile(rb"[^\r\n]*")
_STATUS = re.compile(r"SIP/2\.0[ \t]+([0-9]{3})[ \t]*(.*)", re.IGNORECASE)
SIGNED = b'response="0100'
"""How a signature of [MS-SIPAE] 2.2 begins in what a client sends; in what a server sends it is `rspauth`."""
_SERVER_SIGNED = b'rspauth="0100'


@dataclass(eq=False)
class Record:
    """One message. All that is derived from its bytes is found out at the first question."""

    number: int
    """Counts from 1 and never repeats."""
    at: float
    """Seconds since 1970."""
    transport: str
    """`udp`, `tcp`, `tls`, or empty if unknown."""
    source: HostPort
    target: HostPort
    data: bytes
    """As on the wire, after decryption."""
    out: bool | None = None
    """Whether we have sent it; None where nobody is `we`."""
    verdict: str = ""
    """Of one that came in: `valid`, `none`, or why it was not believed; empty if nobody looked."""
    conn: int = 0
    """The connection; messages of one connection belong to one TCP stream."""

    @cached_property
    def head(self) -> bytes:
        """Everything before the body."""
        end = min((at for at in (self.data.find(b"\r\n\r\n"), self.data.find(b"\n\n")) if at >= 0), default=-1)
        return self.data if end < 0 else self.data[:end]

    @cached_property
    def start(self) -> str:
        """The first line."""
        found = _START.match(self.data)
        return _text(found[0]) if found else ""

    @cached_property
    def call_id(self) -> str:
        """The Call-ID; empty if there is none."""
        found = _CALL_ID.search(self.head)
        return _text(found[1]).strip() if found else ""

    @cached_property
    def cseq(self) -> tuple[int, str]:
        """Number and method of the CSeq; (0, "") if there is none."""
        found = _CSEQ.search(self.head)
        return (int(found[1][:12]), _text(found[2]).upper()) if found else (0, "")

    @cached_property
    def status(self) -> int | None:
        """The status code of an answer; None for a request."""
        found = _STATUS.match(self.start)
        return int(found[1]) if found else None

    @property
    def reason(self) -> str:
        """The reason phrase of an answer."""
        found = _STATUS.match(self.start)
        return found[2].strip() if found else ""

    @property
    def method(self) -> str:
        """The method, of an answer too."""
        return self.cseq[1] or ("" if self.status else self.start.partition(" ")[0].upper())

    @cached_property
    def signed(self) -> bool:
        """Whether it has a signature of [MS-SIPAE], right or wrong."""
        return SIGNED in self.head or _SERVER_SIGNED in self.head

    @cached_property
    def message(self) -> Message | None:
        """The message as values; None if it cannot be read."""
        try:
            return parse(self.data)
        except MalformedMessage:
            return None

    @cached_property
    def text(self) -> str:
        """The whole message as text with plain line ends; what is no text is shown as dots."""
        return _text(self.data).replace("\r\n", "\n")

    @property
    def gist(self) -> str:
        """What a filter looks through: who, what, where, in lower case; other headers would fit to far too much."""
        lines = [self.start, *(_text(found[0]) for found in _TELLING.finditer(self.head))]
        where = f"{self.transport} {host_port(self.source)} {host_port(self.target)} {self.verdict}"
        return "\n".join([*lines, where]).casefold()


def _text(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in "\n\r\t" else "." for sign in text)
