"""What is written in instant messages."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.ocs.chattext import reduced, text_in, toast, toast_in
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request

BOTH = (
    b"--b\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n<b>fett</b>\r\n"
    b"--b\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nschlicht\r\n--b--\r\n"
)


def message(body: bytes, kind: str = "", text_format: str = "") -> Request:
    """A request with a body and a header with text."""
    headers = [("Content-Type", kind)] if kind else []
    headers += [("ms-text-format", text_format)] if text_format else []
    return Request("MESSAGE", "sip:a@b", Headers.of(*headers), body)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (b"Hallo", "text/plain", "Hallo"),
        ("Grüße".encode(), "text/plain; charset=UTF-8;msgr=WAAt", "Grüße"),
        ("Grüße".encode("latin-1"), "text/plain;charset=ISO-8859-1", "Grüße"),
        (b"Hallo", "", "Hallo"),
        (b"", "", ""),
        (b"", "application/octet-stream", ""),
        (BOTH, "multipart/alternative;boundary=b", "schlicht"),
        (BOTH.replace(b"text/plain", b"text/rtf"), "multipart/alternative;boundary=b", "fett"),
        (BOTH.replace(b"text/", b"image/"), "multipart/alternative;boundary=b", None),
        (b"x", "application/x-ms-ink", None),
        (b"x", "text/x-msmsgsinvite", None),
    ],
)
def test_reader_takes_the_plainest_text(body: bytes, kind: str, text: str | None) -> None:
    assert text_in(message(body, kind)) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<FONT FACE="MS Sans Serif"><B>Hallo</B> <i>Jan</i></FONT>', "Hallo Jan"),
        ("gr&uuml;&szlig;e &lt;b&gt; &amp; &#x41;&nbsp;B", "grüße <b> & A B"),
        ("eins<br>zwei<BR/>drei<p>vier</p>", "eins\nzwei\ndrei\nvier"),
        ("eins\r\n  zwei", "eins zwei"),
        ("<html><head><title>t</title><style>b{}</style></head><body>x</body></html>", "x"),
        ("a<!-- <b>no</b> -->b --> c", "ab --> c"),
        ("<script>if (a < b) alert('x')</script>y", "y"),
        ("<script>never closed", ""),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<?xml version='1.0'?><!DOCTYPE x>z</ >", "z"),
        ("", ""),
    ],
)
def test_html_is_reduced_to_its_text(html: str, text: str) -> None:
    assert reduced(html) == text


@given(st.text(alphabet="<>!-/ab &;#x\n", max_size=60))
def test_any_html_is_reduced(html: str) -> None:
    assert "\n\n" not in reduced(html)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (f"text/plain; charset=UTF-8;msgr=WAAtAE0A;ms-body={b64encode('Grüße'.encode()).decode()}", "Grüße"),
        ("text/plain;ms-body=SGk", "Hi"),
        ("text/html;ms-body=PGI+SGk8L2I+", "Hi"),
        ("text/plain;ms-body=%%", None),
        ("text/plain;ms-body=SGk\x80", None),
        ("text/plain;ms-body=", None),
        ("text/x-msmsgsinvite;ms-body=SGk=", None),
    ],
)
def test_text_of_an_invitation_is_read(value: str, text: str | None) -> None:
    assert toast_in(message(b"", "application/sdp", value)) == text


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_text_that_we_put_into_an_invitation_can_be_read_there(text: str) -> None:
    ((name, value),) = toast(text)
    assert name == "ms-text-format"
    assert toast_in(message(b"", "application/sdp", value)) == text


def test_long_or_empty_text_does_not_go_into_an_invitation() -> None:
    assert toast("x" * 2001) == [] and toast("") == []
