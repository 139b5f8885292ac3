"""A sign-in and a call as records: an NTLM handshake over TLS, an INVITE over UDP and IPv6, a refusal."""

from __future__ import annotations

from base64 import b64encode

from snomtui.auth.ntlm.avpairs import AvId, AvPairs
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.kit.box import HostPort
from snomtui.trace.record import Record

START = 1795447200.0
PHONE, SERVER = ("127.0.0.1", 40012), ("127.0.0.1", 37121)
PHONE6, PEER6 = ("::1", 5062), ("::1", 5060)
FLAGS = Flags.UNICODE | Flags.NTLM | Flags.TARGET_INFO | Flags.ESS | Flags.KEY_128
PAIRS = bytes(AvPairs.of((AvId.DOMAIN, "UCC"), (AvId.COMPUTER, "SIP")))
CHALLENGE = bytes(Challenge(FLAGS, bytes.fromhex("0123456789abcdef"), "UCC", PAIRS))
ANSWER = bytes(Authenticate(FLAGS, "heiko", "UCC", "SNOM370", bytes(24), bytes(24)))
SDP = (
    b"v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=sendonly\r\nm=video 0 RTP/AVP 31\r\n"
)


def message(start: str, cseq: str, *headers: str, body: bytes = b"", call_id: str = "reg-1") -> bytes:
    """A whole message."""
    lines = [start, "Via: SIP/2.0/TLS 127.0.0.1:40012;branch=z9hG4bK1", "From: <sip:heiko@ucc.test>;tag=a"]
    lines += ["To: <sip:heiko@ucc.test>", f"Call-ID: {call_id}", f"CSeq: {cseq}", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def ntlm(name: str, token: bytes, *more: str) -> str:
    """An authentication header with a token."""
    params = ('realm="SIP"', 'targetname="sip.ucc.test"', f'gssapi-data="{b64encode(token).decode()}"', *more)
    return f'{name}: NTLM qop="auth", {", ".join(params)}'


REGISTER = message("REGISTER sip:ucc.test SIP/2.0", "1 REGISTER", ntlm("Authorization", b""))
ASKED = message("SIP/2.0 401 Unauthorized", "1 REGISTER", ntlm("WWW-Authenticate", CHALLENGE))
PROVEN = message("REGISTER sip:ucc.test SIP/2.0", "2 REGISTER", ntlm("Authorization", ANSWER, 'response="0100000000"'))
TAKEN = message("SIP/2.0 200 OK", "2 REGISTER", 'Authentication-Info: NTLM rspauth="0100000001"')
INVITE = message(
    "INVITE sip:jan@[::1]:5060 SIP/2.0", "1 INVITE", "Content-Type: application/sdp", body=SDP, call_id="call-1"
)
BUSY = message("SIP/2.0 486 Busy Here", "1 INVITE", call_id="call-1")


def record(
    number: int, data: bytes, out: bool, verdict: str = "", ends: tuple[HostPort, HostPort] = (PHONE, SERVER)
) -> Record:
    """One message between the phone and somebody: over TLS, or with IPv6 addresses over UDP."""
    kind, conn = ("tls", 1) if ends[0] == PHONE else ("udp", 2)
    source, target = ends if out else (ends[1], ends[0])
    return Record(number, START + number / 8, kind, source, target, data, out, verdict, conn)


def conversation() -> list[Record]:
    """Six messages: a sign-in, and a call that is refused."""
    six = (PHONE6, PEER6)
    return [
        record(1, REGISTER, True),
        record(2, ASKED, False, "none"),
        record(3, PROVEN, True),
        record(4, TAKEN, False, "valid"),
        record(5, INVITE, True, ends=six),
        record(6, BUSY, False, "none", six),
    ]


def say(text: str, **values: object) -> str:
    """English."""
    return text.format(**values) if values else text
