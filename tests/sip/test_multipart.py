"""Bodies of several parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.sip.message import Request
from snomtui.sip.multipart import leaves, parts_of, text_of
from tests.sip.examples import request

TEXT = b"Content-Type: text/plain\r\n\r\nhello"
HTML = b"content-type : text/html;\r\n charset=utf-8\r\n\r\n<b>hello</b>"


def made(body: bytes, content_type: str = "multipart/mixed;boundary=b") -> Request:
    """A request with this body."""
    return request().with_body(content_type, body)


def whole(*parts: bytes, boundary: bytes = b"b") -> bytes:
    """Parts between boundaries."""
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        whole(TEXT, HTML),
        b"This is a preamble.\r\n" + whole(TEXT, HTML) + b"and an epilogue\r\n--b\r\n\r\nno part",
        whole(TEXT, HTML).removesuffix(b"\r\n--b--\r\n"),
        whole(TEXT, HTML).replace(b"\r\n", b"\n"),
        whole(TEXT, HTML).replace(b"--b\r\n", b"--b \t\r\n"),
    ],
)
def test_parts_are_found_with_preamble_epilogue_or_without_an_end(body: bytes) -> None:
    assert list(leaves(made(body))) == [("text/plain", b"hello"), ("text/html", b"<b>hello</b>")]


def test_nested_parts_are_found_though_one_boundary_begins_like_the_other() -> None:
    inner = b'Content-Type: multipart/alternative; boundary="b2"\r\n\r\n' + whole(HTML, TEXT, boundary=b"b2")
    assert [kind for kind, _ in leaves(made(whole(inner, b"\r\nplain")))] == ["text/html", "text/plain", "text/plain"]


@pytest.mark.parametrize(
    "content_type", ["multipart/mixed", "multipart/mixed;boundary=", 'multipart/mixed;boundary=""']
)
def test_multipart_without_a_boundary_has_no_parts(content_type: str) -> None:
    assert list(leaves(made(whole(TEXT), content_type))) == []


def test_body_that_is_not_multipart_is_its_only_part() -> None:
    assert list(leaves(made(b"x", "Text/Plain;charset=utf-8"))) == [("text/plain", b"x")]


def test_person_reads_the_plain_text_if_there_is_one() -> None:
    assert text_of(made(whole(HTML, TEXT))) == "hello"
    assert text_of(made(whole(HTML))) == "<b>hello</b>"
    assert text_of(made(whole(b"Content-Type: image/gif\r\n\r\nGIF"))).startswith("--b")
    assert text_of(made(b"hi", "text/plain")) == "hi"


def test_multiparts_without_end_cost_no_time() -> None:
    many = made(b"--b\r\n" * 200_000)
    assert len(list(leaves(many))) <= 64
    deep = b"x"
    for at in range(50):
        deep = b"Content-Type: multipart/mixed;boundary=n%d\r\n\r\n--n%d\r\n" % (at, at) + deep
    assert list(leaves(made(b"--b\r\n" + deep))) == []


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_body_has_parts_or_none(body: bytes, boundary: str) -> None:
    text = "".join(sign for sign in boundary if sign >= " ")
    assert all(len(part) <= len(body) for _, part in leaves(made(body, f"multipart/x;boundary={text}")))


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain", b"h\xc3\xa4", "hä"),
        ("text/plain;charset=UTF-8", b"h\xc3\xa4", "hä"),
        ("text/plain; charset=ISO-8859-1", b"h\xe4", "hä"),
        ('text/plain;charset="iso-8859-15"', b"\xa4", "€"),
        ("text/html;charset=Windows-1252", b"\x80", "€"),
        ("text/plain;charset=utf-16", "hä".encode("utf-16"), "hä"),
        ("text/plain;charset=us-ascii", b"h\xff", "h\N{REPLACEMENT CHARACTER}"),
        ("text/plain;charset=unicode_escape", b"\\x41", "\\x41"),
        ("text/plain;charset=zlib", b"hi", "hi"),
    ],
)
def test_text_is_read_in_the_character_set_that_it_names(content_type: str, body: bytes, text: str) -> None:
    assert text_of(made(body, content_type)) == text


def test_part_has_its_own_character_set() -> None:
    part = b"Content-Type: text/plain;charset=iso-8859-1\r\n\r\n\xfc"
    assert text_of(made(whole(part))) == "ü"


@pytest.mark.parametrize(
    ("coding", "written", "read"),
    [
        ("base64", b"PHg+\r\nZ3LDvG48L3g+\r\n", "<x>grün</x>".encode()),
        ("Quoted-Printable", b"<x a=3D'1'>gr=C3=BC=\r\nn</x>", "<x a='1'>grün</x>".encode()),
        ("binary", b"<x a=3D'1'/>", b"<x a=3D'1'/>"),
        ("base64", b"<x/>a", b"<x/>a"),
        ("x-unknown", b"PHg+", b"PHg+"),
    ],
)
def test_part_is_read_without_its_transfer_encoding(coding: str, written: bytes, read: bytes) -> None:
    body = b"--b\r\nContent-Transfer-Encoding: " + coding.encode() + b"\r\n\r\n" + written + b"\r\n--b--\r\n"
    assert [part.body for part in parts_of("multipart/mixed;boundary=b", body)] == [read]
