"""The session description of a conversation in writing."""

from __future__ import annotations

import pytest

from snomtui.ocs.chatoffer import answer, is_chat, offer, refused
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request
from snomtui.sip.sdp import Sdp

HEAD = b"v=0\r\no=- 0 0 IN IP4 192.0.2.9\r\ns=session\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
MESSAGE = b"m=message 5060 sip sip:anna@ucc.test\r\na=accept-types:text/plain text/html image/gif\r\n"
AUDIO = b"m=audio 30000 RTP/AVP 8\r\n"


def invite(body: bytes) -> Request:
    """An INVITE with a description."""
    return Request("INVITE", "sip:a@b", Headers.of(("Content-Type", "application/sdp")), body)


@pytest.mark.parametrize(
    ("body", "chat"),
    [
        (HEAD + MESSAGE, True),
        (HEAD + MESSAGE.replace(b"m=message", b"m=x-ms-message"), True),
        (HEAD + MESSAGE.replace(b" sip sip", b" SIP sip"), True),
        (HEAD + AUDIO.replace(b"30000", b"0") + MESSAGE, True),
        (HEAD + AUDIO + MESSAGE, False),
        (HEAD + AUDIO, False),
        (HEAD + MESSAGE.replace(b"5060", b"0"), False),
        (HEAD + b"m=message 2855 TCP/MSRP *\r\n", False),
        (HEAD + b"m=message\r\n", False),
        (b"garbage", False),
        (b"", False),
    ],
)
def test_invitation_to_write_is_told_from_a_call(body: bytes, chat: bool) -> None:
    assert is_chat(invite(body)) is chat


def test_answer_takes_the_first_usable_line_and_refuses_all_others() -> None:
    offered = HEAD + b"m=application 4000 TCP x y\r\n" + MESSAGE + MESSAGE
    made = answer(invite(offered), "192.0.2.1")
    assert made is not None
    assert [(media.kind, media.port) for media in Sdp.parse(made).media] == [
        ("application", 0),
        ("message", 5060),
        ("message", 0),
    ]
    assert answer(invite(HEAD + AUDIO), "192.0.2.1") is None and answer(invite(b"x"), "192.0.2.1") is None


@pytest.mark.parametrize(("address", "family"), [("192.0.2.1", "IP4"), ("2001:db8::1", "IP6")])
def test_our_offer_is_one_that_we_would_take(address: str, family: str) -> None:
    made = offer(address)
    assert is_chat(invite(made))
    assert Sdp.parse(made).get("c") == f"IN {family} {address}"


def test_answer_that_takes_no_line_of_ours_is_a_refusal() -> None:
    assert refused(invite(HEAD + MESSAGE.replace(b"5060", b"0")))
    assert not refused(invite(HEAD + MESSAGE)) and not refused(invite(b""))
