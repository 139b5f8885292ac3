"""How the test messages are written down: text in, exact bytes out."""

from __future__ import annotations

CRLF = "\r\n"


def wire(head: str, body: str | bytes = b"") -> bytes:
    """The bytes of a message: its lines end with CR LF, an empty line follows the head, then the body as it is.

    One line end at either side of `head` is not part of it. A body given as text gets CR LF as well.
    """
    lines = head.removeprefix("\n").removesuffix("\n").replace("\n", CRLF) + CRLF + CRLF
    tail = body if isinstance(body, bytes) else body.replace("\n", CRLF).encode()
    return lines.encode() + tail


def offer(address: str, connection: str = "", time: str = "0 0") -> bytes:
    """The session description that most INVITEs of RFC 4475 carry; `connection` if `c=` has another address."""
    lines = [
        "v=0",
        f"o=mhandley 29739 7272939 IN IP4 {address}",
        "s=-",
        f"c=IN IP4 {connection or address}",
        f"t={time}",
        "m=audio 49217 RTP/AVP 0 12",
        "m=video 3227 RTP/AVP 31",
        "a=rtpmap:31 LPC",
    ]
    return "".join(line + CRLF for line in lines).encode()
