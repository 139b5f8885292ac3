"""Messages that several tests read: RFC 3261 24 and what Microsoft clients send."""

from __future__ import annotations

from snomtui.sip.message import Message, Request, Response, parse

INVITE = (
    b"INVITE sip:bob@biloxi.com SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
    b"To: Bob <sip:bob@biloxi.com>\r\n"
    b"From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
    b"Call-ID: a84b4c76e66710\r\n"
    b"CSeq: 314159 INVITE\r\n"
    b"Max-Forwards: 70\r\n"
    b"Contact: <sip:alice@pc33.atlanta.com>\r\n"
    b"Content-Type: application/sdp\r\n"
    b"Content-Length: 4\r\n\r\nv=0\n"
)
MICROSOFT = (
    b"REGISTER sip:ucc.test SIP/2.0\r\n"
    b"Via: SIP/2.0/tls 10.1.2.3:2051\r\n"
    b"Max-Forwards: 70\r\n"
    b"FROM: <sip:heiko@ucc.test>;tag=x91kq;epid=0004135a2b\r\n"
    b"To: sip:heiko@ucc.test\r\n"
    b"Call-ID: 2b7c9f@snom820\r\n"
    b"CSEQ: 1 REGISTER\r\n"
    b"Contact: <sip:10.1.2.3:2051;transport=tls;ms-opaque=4d1e90c277;ms-received-cid=2600>"
    b';methods="INVITE, MESSAGE, INFO, BENOTIFY";proxy=replace'
    b';+sip.instance="<urn:uuid:99e6f9d6-759c-5e9f-a994-0cf1b71dc3de>"\r\n'
    b"SUPPORTED: gruu-10, adhoclist, msrtc-event-categories\r\n"
    b"Supported: ms-forking\r\n"
    b"Event: registration\r\n"
    b"Content-Length: 0\r\n\r\n"
)


def request(data: bytes = INVITE) -> Request:
    """A request read from bytes."""
    return _sure(parse(data), Request)


def response(data: bytes) -> Response:
    """A response read from bytes."""
    message = parse(data)
    assert isinstance(message, Response)
    return message


def _sure(message: Message, kind: type[Request]) -> Request:
    assert isinstance(message, kind)
    return message
