"""Fuzz target: everything between bytes from the wire and values of a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from snomtui.auth.challenge import AuthLine, lines_of
from snomtui.errors import RemoteError
from snomtui.kit.timers import Timers
from snomtui.line.methods import SERVICE
from snomtui.sip.address import Address, uri_text
from snomtui.sip.dialog import Dialog
from snomtui.sip.fields import CSeq
from snomtui.sip.message import Message, Request, Response, parse, respond
from snomtui.sip.params import Params
from snomtui.sip.sdp import Codec, Sdp, answer, audio, sdp_part
from snomtui.sip.stream import Framer, Ping, Trouble, datagram
from snomtui.sip.transaction import Arrived, Transactions, Wire
from snomtui.sip.uri import Uri
from snomtui.sip.validity import Refusal, answer_as_it_is, refusal
from snomtui.sip.via import Via
from tests.fuzz.limits import attempt, stretched
from tests.sip.examples import INVITE, MICROSOFT

ACCESSORS = ("call_id", "cseq", "from_", "to", "vias", "via", "contacts", "routes", "expires", "content_type")
VALUES: tuple[Callable[[str], object], ...] = (
    Uri.parse,
    Address.parse_many,
    uri_text,
    Via.parse_many,
    CSeq.parse,
    Params.parse,
    AuthLine.parse_many,
    Sdp.parse,
)
AUTH = ("WWW-Authenticate", "Proxy-Authenticate", "Authorization", "Authentication-Info")
STRETCH, STRETCHED = 252, 16 * 1024
"""An input whose first byte is at least this is made long; so long."""
PIECES = 40
"""A stream comes in so many pieces at most."""
OURS = (Codec(8, "PCMA"), Codec(0, "PCMU"), Codec(101, "telephone-event", fmtp="0-15"))

SDP = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8 0 101\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendonly\r\n"
)
CHALLENGED = (
    b"SIP/2.0 401 Unauthorized\r\nv: SIP/2.0/TCP [2001:db8::1]:5060;rport=7;received=192.0.2.1;branch=z9hG4bKa\r\n"
    b'f: "A \\" B" <sips:a%20b@example.org;transport=tls?x=y>;tag=1\r\nt: tel:+49-30-1;tag=2\r\ni: 3@c\r\n'
    b'CSeq: 7 REGISTER\r\nWWW-Authenticate: NTLM realm="r", targetname="s", version=4, Digest realm="d",\r\n'
    b' nonce="n", qop="auth,auth-int", stale=true, algorithm=SHA-256\r\nm: *\r\nExpires: 60\r\nl: 0\r\n\r\n'
)
MULTIPART = (
    b"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKb, SIP/2.0/TLS d:1;lr\r\nFrom: <sip:a@b>;tag=1\r\n"
    b"To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:e@f;lr>;expires=7\r\nRoute: <sip:g;lr>,<sip:h>\r\n"
    b"Record-Route: <sip:g;lr>\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n--x\r\nContent-Type: application/sdp"
    b"\r\n\r\n" + SDP + b"\r\n--x--\r\n"
)


def seeds() -> Iterator[bytes]:
    """Good inputs to start from."""
    for text in (INVITE, MICROSOFT, CHALLENGED, MULTIPART, SDP, INVITE + MICROSOFT, b"\r\n\r\n\r\n" + INVITE):
        yield b"\x00\x11" + text
    yield b"\xfe\x40" + INVITE


def one(data: bytes) -> None:
    """Read bytes in every way that the phone does."""
    if len(data) < 2:
        return
    mode, step, text = data[0], data[1], data[2:]
    if mode >= STRETCH:
        text = stretched(text, step * len(text) // 256, (mode - STRETCH) * 7, STRETCHED)
    read = datagram(text)
    if isinstance(read, Trouble):
        if read.error.status != 513:  # what is too long to be read makes an answer that is too long
            _answered(answer_as_it_is(read.request, Refusal(400)) if read.request else None)
    elif read is not None and not isinstance(read, Ping):
        _message(read)
    _framed(text, 1 + max(step, len(text) // PIECES))
    _values(text)


def _message(message: Message) -> None:
    """A message that was found good: all that can be asked of it, and its wire form."""
    for name in ACCESSORS:
        attempt(lambda name=name: getattr(message, name))  # type: ignore[misc]
    attempt(lambda: lines_of(message, *AUTH))
    written = bytes(message)
    assert bytes(parse(written)) == written, "a message is not read again as it was written"
    part = sdp_part(message)
    if part is not None:
        _described(part)
    if isinstance(message, Request):
        refusal(message, SERVICE)
        attempt(lambda: message.target)
        attempt(lambda: Dialog.uas(message, "tag", "<sip:us@192.0.2.1>").request("BYE", "SIP/2.0/UDP us;branch=b"))
    _transacted(message)


def _transacted(message: Message) -> None:
    layer = Transactions(Timers())
    for told in attempt(lambda: layer.receive(message, Wire(1, False, ("192.0.2.7", 5060)), 1.0)) or ():
        if isinstance(told, Arrived) and told.key:
            _answered(respond(told.request, 400, tag="t"))
            layer.respond(told.key, respond(told.request, 404, tag="t"), 1.0)


def _answered(made: Response | None) -> None:
    """What can be saved of a bad request must be enough for an answer that can be read."""
    if made is not None:
        written = bytes(made)
        assert bytes(parse(written)) == written, "an answer is not read again as it was written"


def _framed(text: bytes, step: int) -> None:
    """How a stream is cut into reads must not matter; only several pings that come together count as one."""
    whole, pieces = Framer().feed(text), Framer()
    apart = [read for at in range(0, len(text), step) for read in pieces.feed(text[at : at + step])]
    once, often = ([repr(read) for read in reads if not isinstance(read, Ping)] for reads in (whole, apart))
    assert once == often, "a message depends on how its bytes arrive"


def _values(text: bytes) -> None:
    written = text.decode("utf-8", "surrogateescape")
    for read in VALUES:
        value = attempt(lambda read=read: read(written))  # type: ignore[misc]
        if isinstance(value, Uri):
            value.aor, value.transport, value.same(value)  # noqa: B018  reading is the check
    _described(text)


def _described(text: bytes) -> None:
    try:
        sdp = Sdp.parse(text)
    except RemoteError:
        return
    audio(sdp)
    made = answer(sdp, "192.0.2.1", 4000, OURS, 1, 1)
    assert len(made.media) == len(sdp.media), "an answer has another number of media lines"
    assert bytes(Sdp.parse(bytes(sdp))) == bytes(sdp), "a description is not read again as it was written"
