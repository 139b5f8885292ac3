"""The document in a NOTIFY that we can read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.line.watch.enclosure import enclosed
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request

ACCEPTS = ("application/pidf+xml", "text/plain")


def found(kind: str, body: bytes, *more: tuple[str, str]) -> tuple[str, bytes] | None:
    """Type and bytes of the document that is found in a body."""
    items = [*([("Content-Type", kind)] if kind else []), *more]
    read = enclosed(Request("NOTIFY", "sip:a@b", Headers.of(*items), body), ACCEPTS)
    return (read.content_type, read.body) if read else None


@pytest.mark.parametrize("kind", ["application/pidf+xml", "Application/PIDF+xml; charset=utf-8", "text/xml", ""])
def test_document_of_a_type_that_was_asked_for_is_taken(kind: str) -> None:
    taken = found(kind, b"x")
    assert taken is not None and taken[1] == b"x"


@pytest.mark.parametrize("kind", ["application/sdp", "multipart/mixed", "multipart/mixed;boundary=b", "x"])
def test_other_document_is_not_taken(kind: str) -> None:
    assert found(kind, b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--") is None


def test_packed_document_is_not_taken() -> None:
    assert found(ACCEPTS[0], b"x", ("Content-Encoding", "gzip")) is None
    assert found(ACCEPTS[0], b"x", ("Content-Encoding", "Identity")) is not None


def test_best_of_several_parts_is_taken() -> None:
    parts = [b"--b\r\nContent-Type: %s\r\n\r\n%s\r\n" % each for each in ((b"text/plain", b"1"), (b"image/x", b"2"))]
    assert found('multipart/alternative; boundary="b"', b"".join(parts) + b"--b--") == ("text/plain", b"1")


def test_whoever_names_no_type_takes_all() -> None:
    request = Request("NOTIFY", "sip:a@b", Headers.of(("Content-Type", "x/y")), b"z")
    assert enclosed(request, ()) is request


@given(
    st.binary(max_size=200),
    st.sampled_from(["multipart/mixed;boundary=b", "multipart/related;boundary=", "multipart/x"]),
)
def test_any_bytes_are_a_document_or_none(data: bytes, kind: str) -> None:
    taken = found(kind, b"--b\r\n" + data + b"\r\n--b--")
    assert taken is None or taken[0] in ACCEPTS
