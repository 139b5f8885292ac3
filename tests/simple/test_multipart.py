"""Bodies of several parts."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.simple.multipart import root_of
from snomtui.sip.multipart import Part, bare, parts_of

TWO = (
    b"preamble\r\n--x\r\nContent-Type: a/b;\r\n charset=utf-8\r\nContent-ID: <1@h>\r\n\r\nfirst\r\n"
    b"--x  \r\nContent-Type: C/D\r\n\r\nsecond\r\nline\r\n--x--\r\nepilogue"
)


def test_phone_reads_parts_with_their_names() -> None:
    first, second = parts_of('multipart/related; boundary="x"', TWO)
    assert first == Part("a/b; charset=utf-8", "1@h", b"first")
    assert (second.kind, second.body) == ("c/d", b"second\r\nline")


def test_last_boundary_may_be_missing_and_lines_may_end_in_lf() -> None:
    assert [part.body for part in parts_of("m/r;boundary=x", b"--x\n\none\n--x\nA: b\n\ntwo")] == [b"one", b"two"]


def test_longer_boundary_is_another_one() -> None:
    assert [part.body for part in parts_of("m/r;boundary=x", b"--x\r\n\r\n--xy\r\n--x--")] == [b"--xy"]


@pytest.mark.parametrize("kind", ["multipart/related", "m/r;boundary=", 'm/r;boundary=""', "m/r;boundary=" + "b" * 300])
def test_body_without_a_boundary_is_refused(kind: str) -> None:
    assert parts_of(kind, TWO) == []
    with pytest.raises(MalformedXml):
        root_of(kind, parts_of(kind, TWO))


@pytest.mark.parametrize(("start", "expected"), [("", b"first"), (";start=1@h", b"first"), (";start=other", b"first")])
def test_reading_begins_with_the_first_part(start: str, expected: bytes) -> None:
    kind = f"multipart/related;boundary=x{start}"
    assert root_of(kind, parts_of(kind, TWO)).body == expected


def test_reading_begins_with_the_part_that_is_named() -> None:
    parts = [Part("a/b", "one", b""), Part("c/d", "two@h", b"")]
    assert root_of('m/r;start="<two@h>"', parts) is parts[1]


def test_body_without_parts_has_no_beginning() -> None:
    with pytest.raises(MalformedXml):
        root_of("m/r;boundary=x", [])


@pytest.mark.parametrize("cid", ["<a@b>", "a@b", "cid:a@b", " <a@b> "])
def test_name_of_a_part_is_read_in_any_form(cid: str) -> None:
    assert bare(cid) == "a@b"


@given(st.binary(max_size=300), st.text(max_size=30))
def test_phone_raises_only_malformed_xml_for_any_bytes(data: bytes, boundary: str) -> None:
    for name, body in ((boundary, data), ("x", b"--x\r\n" + data)):
        with contextlib.suppress(MalformedXml):
            kind = f"multipart/related;boundary={name}"
            root_of(kind, parts_of(kind, body))
