"""One message in words."""

from __future__ import annotations

from snomtui.trace.detail import facts, plain
from snomtui.trace.record import Record
from tests.trace.samples import ASKED, INVITE, PROVEN, TAKEN, message, record, say


def told(one: Record) -> dict[str, str]:
    """Names and values."""
    return {fact.name: fact.value for fact in facts(one, say)}


def test_challenge_is_told_field_by_field() -> None:
    found = told(record(1, ASKED, False, "none"))
    assert found["token"] == "CHALLENGE"
    assert (found["AV NetBIOS domain"], found["server challenge"]) == ("UCC", "0123456789abcdef")
    assert "TARGET_INFO" in [fact.value for fact in facts(record(1, ASKED, False), say)]


def test_answer_is_told_with_user_and_kind_of_response() -> None:
    found = told(record(1, PROVEN, True))
    assert (found["user"], found["domain"], found["workstation"]) == ("heiko", "UCC", "SNOM370")
    assert "NTLMv1" in found["response"] or "24 bytes" in found["response"]
    assert found["Signature"] == "made by the phone"


def test_valid_signature_of_the_server_is_said() -> None:
    assert told(record(1, TAKEN, False, "valid"))["Signature"] == "valid"


def test_digest_is_told_parameter_by_parameter() -> None:
    line = 'Authorization: Digest username="alice", realm="pbx", nonce="n1", uri="sip:pbx", response="0a0b", qop=auth'
    found = told(record(1, message("REGISTER sip:pbx SIP/2.0", "1 REGISTER", line), True))
    assert (found["username"], found["realm"], found["nonce"], found["qop"]) == ("alice", "pbx", "n1", "auth")


def test_sdp_is_told_in_words() -> None:
    found = told(record(1, INVITE, True))
    assert found["audio"] == "[::1]:4000, RTP/AVP, only sends (holds the call)"
    assert found["codecs"] == "PCMA/8000 (8), telephone-event/8000 (101)"
    assert found["video"] == "refused"


def test_broken_sdp_costs_only_its_words() -> None:
    data = message("INVITE sip:a@b SIP/2.0", "1 INVITE", "Content-Type: application/sdp", body=b"no sdp at all")
    found = facts(record(1, data, True), say)
    assert any(fact.name == "SDP" and fact.style == "bad" for fact in found)
    assert any(fact.value == "no sdp at all" for fact in found)


def test_what_is_no_message_is_shown_as_text() -> None:
    lines = plain(facts(record(1, b"hello\r\nworld", False), say))
    assert "  world" in lines and any("no whole SIP message" in line for line in lines)


def test_headers_and_body_follow_as_they_came() -> None:
    lines = plain(facts(record(1, INVITE, True), say))
    assert lines[0] == "INVITE sip:jan@[::1]:5060 SIP/2.0"
    assert "Headers" in lines and any(line.endswith("call-1") for line in lines)
    assert any(line.startswith("Body, ") for line in lines) and "  a=sendonly" in lines
