"""SDP: reading, offering, answering."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedSdp, RemoteError
from snomtui.sip.sdp import Codec, Media, Sdp, answer, audio, offer, sdp_part
from tests.sip.examples import request

PCMA, PCMU = Codec(8, "PCMA"), Codec(0, "PCMU")
DTMF = Codec(101, "telephone-event", fmtp="0-15")
OURS = (PCMA, PCMU, DTMF)
OCS = b"""v=0\r
o=- 0 0 IN IP4 10.1.2.9\r
s=session\r
c=IN IP4 10.1.2.9\r
b=CT:99980\r
t=0 0\r
m=audio 50012 RTP/AVP 114 111 112 115 116 4 8 0 97 96\r
k=base64:AAAA\r
a=candidate:uZk1Gq7cWm 1 hQ0dW3xk UDP 0.830 10.1.2.9 50012\r
a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:AAAA|2^31|1:1\r
a=maxptime:200\r
a=rtcp:50013\r
a=rtpmap:114 x-msrta/16000\r
a=fmtp:114 bitrate=29000\r
a=rtpmap:111 SIREN/16000\r
a=rtpmap:97 RED/8000\r
a=rtpmap:96 telephone-event/8000\r
a=fmtp:96 0-16\r
a=encryption:optional\r
m=video 50020 RTP/AVP 121 34\r
a=rtpmap:121 x-rtvc1/90000\r
"""


def test_reader_keeps_every_line() -> None:
    assert bytes(Sdp.parse(OCS)) == OCS
    assert bytes(Sdp.parse(OCS.replace(b"\r\n", b"\n") + b"\n\n")) == OCS


def test_phone_understands_the_offer_of_a_microsoft_client() -> None:
    plan = audio(Sdp.parse(OCS))
    assert plan is not None
    assert (plan.host, plan.port, plan.rtcp_port, plan.dtmf, plan.direction, plan.ptime) == (
        "10.1.2.9",
        50012,
        50013,
        96,
        "sendrecv",
        20,
    )
    assert [codec.name for codec in plan.codecs] == ["x-msrta", "SIREN", "G723", "PCMA", "PCMU", "RED"]
    assert plan.codecs[0].fmtp == "bitrate=29000" and plan.crypto[0].startswith("2 AES_CM")


def test_answer_keeps_lines_order_and_payload_types_of_the_offer() -> None:
    made = answer(Sdp.parse(OCS), "10.1.2.3", 16000, (PCMU, PCMA, DTMF), 77, 78)
    assert [(media.kind, media.port, media.formats) for media in made.media] == [
        ("audio", 16000, ("8", "0", "96")),
        ("video", 0, ("121",)),
    ]
    assert str(made).startswith(
        "v=0\r\no=root 77 78 IN IP4 10.1.2.3\r\ns=call\r\nc=IN IP4 10.1.2.3\r\nt=0 0\r\n"
        "m=audio 16000 RTP/AVP 8 0 96\r\n"
    )
    assert "a=rtcp:16001\r\n" in str(made) and "a=fmtp:96 0-15\r\n" in str(made) and "candidate" not in str(made)
    plan = audio(Sdp.parse(str(made)))
    assert plan is not None and plan.dtmf == 96 and plan.codecs == (PCMA, PCMU)


@pytest.mark.parametrize(
    ("theirs", "ours", "result"),
    [
        ("sendrecv", "sendrecv", "sendrecv"),
        ("sendonly", "sendrecv", "recvonly"),
        ("recvonly", "sendrecv", "sendonly"),
        ("inactive", "sendrecv", "inactive"),
        ("sendrecv", "sendonly", "sendonly"),
        ("sendonly", "sendonly", "inactive"),
        ("recvonly", "sendonly", "sendonly"),
        ("sendrecv", "inactive", "inactive"),
    ],
)
def test_answer_mirrors_the_direction(theirs: str, ours: str, result: str) -> None:
    asked = Sdp.parse(str(offer("10.0.0.1", 4000, OURS, 1, 1, theirs)))
    plan = audio(answer(asked, "10.0.0.2", 5000, OURS, 1, 1, ours))
    assert plan is not None and plan.direction == result


def test_zero_address_is_the_old_way_to_hold() -> None:
    held = offer("0.0.0.0", 4000, OURS, 1, 2)
    plan = audio(held)
    assert plan is not None and plan.direction == "inactive"
    back = audio(answer(held, "10.0.0.2", 5000, OURS, 1, 1))
    assert back is not None and back.direction == "inactive"


def test_nothing_in_common_refuses_every_line() -> None:
    for text in ("m=audio 4000 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n", "m=message 5060 sip null\r\n"):
        made = answer(Sdp.parse("v=0\r\nc=IN IP4 10.0.0.1\r\n" + text), "10.0.0.2", 5000, OURS, 1, 1)
        assert audio(made) is None and [media.port for media in made.media] == [0]


def test_only_the_first_audio_line_is_taken() -> None:
    two = Sdp.parse(
        "v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 1000 RTP/AVP 18\r\nm=audio 2000 RTP/AVP 0 0\r\nm=audio 3000 RTP/AVP 0\r\n"
    )
    made = answer(two, "10.0.0.2", 5000, OURS, 1, 1)
    assert [media.port for media in made.media] == [0, 5000, 0] and made.media[1].formats == ("0",)


def test_srtp_line_needs_a_key_in_the_answer() -> None:
    secure = Sdp.parse("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 1000 RTP/SAVP 0\r\na=crypto:1 AES inline:x\r\n")
    assert audio(answer(secure, "10.0.0.2", 5000, OURS, 1, 1)) is None
    keyed = audio(answer(secure, "10.0.0.2", 5000, OURS, 1, 1, attributes=["crypto:1 AES inline:y"]))
    assert keyed is not None and keyed.proto == "RTP/SAVP" and keyed.crypto == ("1 AES inline:y",)


def test_description_of_the_line_wins_over_the_session() -> None:
    sdp = Sdp.parse(
        "v=0\no=- 1 1 IN IP6 2001:db8::1\ns=-\nt=0 0\na=sendonly\nm=audio 9000/2 RTP/AVP 9 0\n"
        "c=IN IP4 224.2.1.1/127\na=recvonly\na=ptime:30\na=rtcp:53020 IN IP4 1.2.3.4\n"
    )
    plan = audio(sdp)
    assert plan is not None
    assert (plan.host, plan.direction, plan.ptime, plan.rtcp_port) == ("224.2.1.1", "recvonly", 30, 53020)
    assert sdp.host(Media("audio", 1, "RTP/AVP", ("0",))) == "2001:db8::1"
    assert [codec.name for codec in plan.codecs] == ["G722", "PCMU"] and plan.dtmf is None
    assert "IN IP6 2001:db8::2" in str(offer("[2001:db8::2]", 2, OURS, 1, 1))


def test_odd_numbers_do_no_harm() -> None:
    plan = audio(Sdp.parse("v=0\r\nm=audio 9 RTP/AVP 0 200 x 101\r\na=ptime:99999\r\na=rtcp:x\r\na=rtpmap:101 y\r\n"))
    assert plan is not None and (plan.ptime, plan.rtcp_port, plan.codecs, plan.host) == (20, 10, (PCMU,), "")


@pytest.mark.parametrize("text", ["", "hello", "v=0\r\nm=audio\r\n", "v=0\r\nm=audio 70000 RTP/AVP 0\r\n", "V=0"])
def test_reader_refuses_what_is_no_sdp(text: str) -> None:
    with pytest.raises(MalformedSdp):
        Sdp.parse(text)


@given(
    st.binary()
    | st.tuples(st.integers(0, len(OCS)), st.binary()).map(lambda cut: OCS[: cut[0]] + cut[1] + OCS[cut[0] :])
)
def test_random_bytes_are_sdp_or_a_remote_error(data: bytes) -> None:
    try:
        sdp = Sdp.parse(data)
    except RemoteError:
        return
    audio(sdp)
    made = answer(sdp, "10.0.0.2", 5000, OURS, 1, 1)
    assert len(made.media) == len(sdp.media) and len(Sdp.parse(bytes(made)).media) == len(made.media)
    assert Sdp.parse(bytes(sdp)) == sdp


def part(disposition: str, sdp: bytes) -> bytes:
    """One part of a multipart body."""
    head = f"--b1\r\nContent-Type: application/SDP\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode() + sdp + b"\r\n"


def test_phone_picks_the_last_part_with_live_audio() -> None:
    live, dead = OCS.strip(), b"m=audio 0 RTP/AVP 34"
    fallback = "session; handling=optional; ms-proxy-2007fallback"
    kind = 'Multipart/Alternative; Boundary="b1"'
    for body in (part(fallback, dead) + part("session", live), part("session", live) + part(fallback, dead)):
        assert sdp_part(request().with_body(kind, body + b"--b1--\r\n")) == live
    assert sdp_part(request().with_body(kind, part("session", dead) + b"--b1--")) == dead
    text = b"preamble\r\n--b1\r\n\r\nhello\r\n--b1--\r\n--b1\r\n"
    assert sdp_part(request().with_body(kind, text)) is None
    mixed = b"--o\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + part("x", live) + b"--b1--\r\n--o--"
    assert sdp_part(request().with_body("multipart/mixed;boundary=o", mixed)) == live


def test_plain_body_is_taken_as_it_is_and_other_bodies_are_not() -> None:
    assert sdp_part(request()) == b"v=0\n"
    assert sdp_part(request().with_body("text/plain", b"hi")) is None
    assert sdp_part(request().with_body("multipart/mixed", b"--\r\n")) is None


@given(st.binary())
def test_random_multiparts_do_no_harm(data: bytes) -> None:
    body = data.replace(b"x", b"\r\n--b\r\nContent-Type: application/sdp\r\n\r\n")
    found = sdp_part(request().with_body("multipart/mixed;boundary=b", body))
    assert found is None or found in body
