"""What `snomtui decode` says of a trace, a capture, a token, and of anything else."""

from __future__ import annotations

from base64 import b64encode

import pytest

from snomtui.errors import TraceError
from snomtui.trace.decode import decode, records_in
from snomtui.trace.pcapout import pcap
from snomtui.trace.textout import text
from snomtui.trace.tokens import token_in
from tests.trace.samples import ANSWER, CHALLENGE, conversation

BASE64 = b64encode(CHALLENGE)
HEX = CHALLENGE.hex()


@pytest.mark.parametrize(
    "data",
    [
        CHALLENGE,
        BASE64,
        BASE64.rstrip(b"="),
        b"\n".join(BASE64[at : at + 20] for at in range(0, len(BASE64), 20)) + b"\n",
        HEX.encode(),
        HEX.upper().encode(),
        b"0x" + HEX.encode(),
        ":".join(HEX[at : at + 2] for at in range(0, len(HEX), 2)).encode(),
        b'gssapi-data="' + BASE64 + b'"',
        b"WWW-Authenticate: NTLM " + BASE64,
    ],
)
def test_token_is_found_however_it_was_copied(data: bytes) -> None:
    assert token_in(data) == CHALLENGE
    said = decode(data)
    assert "CHALLENGE" in said and "0123456789abcdef" in said and "UCC" in said


def test_answer_is_told_and_its_damage_is_named() -> None:
    assert "heiko" in decode(ANSWER)
    with pytest.raises(TraceError, match="unreadable NTLM token"):
        decode(ANSWER[:70])


def test_first_token_of_a_handshake_is_told() -> None:
    assert "NEGOTIATE" in decode(b"NTLMSSP\0\1\0\0\0\7\x82\x08\xa2")


@pytest.mark.parametrize("data", [pcap(conversation()), text(conversation()).encode()])
def test_trace_is_a_ladder_with_every_message_below(data: bytes) -> None:
    lines = decode(data, 140).splitlines()
    assert lines[0] == "6 messages in 2 dialogs"
    ladder = [line for line in lines if "│" in line]
    assert len(ladder) == 6 and "NTLM AUTHENTICATE" in ladder[2] and "486 Busy Here" in ladder[5]
    assert sum(line.startswith("-- ") for line in lines) == 6
    assert any("only sends (holds the call)" in line for line in lines)


def test_saved_files_are_read_again() -> None:
    wanted = [one.data for one in conversation()]
    assert [one.data for one in records_in(pcap(conversation()))] == wanted
    assert [one.data for one in records_in(text(conversation()).encode())] == wanted


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "there is nothing in it"),
        (b"root:x:0:0", "no SIP message, no capture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "no SIP message, no capture"),
        (pcap([]), "the capture has no SIP messages"),
    ],
)
def test_wrong_file_is_named(data: bytes, why: str) -> None:
    with pytest.raises(TraceError, match=why):
        decode(data)
