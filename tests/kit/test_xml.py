"""The guard in front of the XML parser, and the writer that escapes."""

from __future__ import annotations

import contextlib
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.kit.xml import LIMIT, Markup, attribute, child, content, copy, local, number, parse, parse_root, tag

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">]><lolz>&lol2;</lolz>"""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a>&lol;</a>",
        b"<a>\0</a>",
        b"<a>\xff</a>",
        "<a/>".encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        BILLION_LAUGHS,
        b"<a>" + b" " * LIMIT + b"</a>",
    ],
)
def test_guard_refuses_what_no_honest_document_needs(data: bytes) -> None:
    with pytest.raises(MalformedXml):
        parse(data)


def test_guard_refuses_five_megabytes_at_once() -> None:
    data = b"<a>" + b"<b/>" * 1_250_000 + b"</a>"
    start = time.perf_counter()
    with pytest.raises(MalformedXml):
        parse(data)
    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize("declared", ["utf-16", "UTF-8", "iso-8859-1", "no-such-encoding"])
def test_guard_reads_utf_8_whatever_is_declared(declared: str) -> None:
    assert parse(f'<?xml version="1.0" encoding="{declared}"?><a>Grün</a>'.encode()).text == "Grün"


def test_guard_reads_a_document_with_a_byte_order_mark() -> None:
    assert local(parse(b"\xef\xbb\xbf<a/>")) == "a"


@given(st.binary(max_size=300))
def test_guard_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    with contextlib.suppress(MalformedXml):
        parse(data)


@given(st.text(alphabet='<>/ab="&;:! \n?[]-', max_size=80))
def test_guard_raises_only_malformed_xml_for_almost_xml(text: str) -> None:
    with contextlib.suppress(MalformedXml):
        copy(parse(text.encode()))


def test_guard_refuses_another_root() -> None:
    with pytest.raises(MalformedXml):
        parse_root(b"<b/>", "a")


def test_reader_finds_names_in_any_namespace() -> None:
    root = parse(b'<x:a xmlns:x="u" xmlns:y="v" y:kind="k"><b xmlns="w"> text </b></x:a>')
    assert (local(root), content(root, "b"), attribute(root, "kind")) == ("a", "text", "k")
    assert child(root, "b", "c") is None and content(None, "b") == "" and attribute(root, "none") is None


@pytest.mark.parametrize(
    ("text", "value"), [("7", 7), (" 18500 ", 18500), ("-1", 9), ("", 9), (None, 9), ("9" * 11, 9)]
)
def test_reader_takes_only_plain_numbers(text: str | None, value: int) -> None:
    assert number(text, 9) == value


@given(st.text(), st.text())
def test_writer_escapes_everything_so_that_it_reads_back(inner: str, value: str) -> None:
    root = parse(tag("a", {"b": value}, inner).encode("utf-8", "replace"))
    assert len(root) == 0
    assert (root.text or "", root.get("b")) == (_legal(inner), _legal(value))


def _legal(text: str) -> str:
    """What XML 1.0 can carry of a text."""
    return "".join(
        each
        for each in text
        if each in "\t\n\r" or " " <= each <= "\ud7ff" or "\ue000" <= each <= "\ufffd" or each >= "\U00010000"
    )


def test_writer_leaves_out_what_is_none_and_writes_booleans_in_words() -> None:
    assert tag("a", {"b": None, "c": True, "d": 0}, Markup("<e/>")) == '<a c="true" d="0"><e/></a>'


def test_copy_keeps_the_meaning_of_a_foreign_element() -> None:
    data = (
        '<p:a xmlns:p="urn:p" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="t" xml:lang="de"'
        ' xmlns:q="urn:q" q:r="1">x &lt;<b xmlns="">y</b>z<p:c/></p:a>'
    )
    copied = copy(parse(data.encode()))
    assert ElementTree.canonicalize(copied, rewrite_prefixes=True) == ElementTree.canonicalize(
        data, rewrite_prefixes=True
    )
    assert copied.startswith('<a xmlns="urn:p" ')


def test_copy_refuses_bottomless_nesting() -> None:
    deep = parse(b"<a>" * 30_000 + b"</a>" * 30_000)
    with pytest.raises(MalformedXml):
        copy(deep)
