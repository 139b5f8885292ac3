"""One message of a trace, read only when somebody asks."""

from __future__ import annotations

from tests.trace.samples import ASKED, BUSY, INVITE, PROVEN, TAKEN, record


def test_answer_knows_status_method_and_dialog() -> None:
    one = record(1, BUSY, False)
    assert (one.status, one.reason, one.method, one.call_id, one.cseq) == (
        486,
        "Busy Here",
        "INVITE",
        "call-1",
        (1, "INVITE"),
    )


def test_request_has_no_status() -> None:
    one = record(1, INVITE, True)
    assert (one.status, one.method, one.start) == (None, "INVITE", "INVITE sip:jan@[::1]:5060 SIP/2.0")


def test_compact_headers_are_found_too() -> None:
    one = record(1, b"SIP/2.0 200 OK\r\ni: abc\r\nCSEQ : 7  BYE\r\n\r\n", False)
    assert (one.call_id, one.method) == ("abc", "BYE")


def test_signatures_of_both_sides_are_seen() -> None:
    assert record(1, PROVEN, True).signed and record(1, TAKEN, False).signed
    assert not record(1, ASKED, False).signed


def test_garbage_is_shown_without_controls() -> None:
    one = record(1, b"\x00\x1b[31mhello\xff\r\nworld", False)
    assert one.text == "..[31mhello\ufffd\nworld"
    assert one.message is None and one.call_id == ""


def test_gist_is_who_what_and_where_but_not_every_header() -> None:
    one = record(1, PROVEN, True)
    assert "register" in one.gist and "127.0.0.1:37121" in one.gist and "heiko" in one.gist
    assert "gssapi" not in one.gist
