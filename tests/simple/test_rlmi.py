"""Many resources in one subscription."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.simple.rlmi import Resource, address_of, parse_list, parse_rlmi
from tests.simple.lists import RELATED, member, related, rlmi

RFC_4662 = b"""<?xml version="1.0" encoding="UTF-8"?>
<r:list xmlns:r="urn:ietf:params:xml:ns:rlmi" uri="sip:adam-friends@pres.vancouver.example.com" version="7"
 fullState="false">
  <r:name xml:lang="en">Buddy List at COM</r:name>
  <r:resource uri="sip:bob@vancouver.example.com"><r:name>Bob Smith</r:name>
    <r:instance id="juwigmtboe" state="terminated" reason="x"/>
    <r:instance id="hqzsuxtfyq" state="active" cid="ZvSvkz@vancouver.example.com"/></r:resource>
  <r:resource uri="sip:dave@vancouver.example.com"><r:name>Dave Jones</r:name></r:resource>
</r:list>"""


def test_phone_reads_the_list_of_the_rfc() -> None:
    found = parse_rlmi(RFC_4662)
    assert (found.uri, found.version, found.full) == ("sip:adam-friends@pres.vancouver.example.com", 7, False)
    assert found.resources == (
        Resource("sip:bob@vancouver.example.com", "Bob Smith", "active", "ZvSvkz@vancouver.example.com"),
        Resource("sip:dave@vancouver.example.com", "Dave Jones"),
    )


def test_list_that_does_not_say_of_what_type_it_is_is_read_all_the_same() -> None:
    body = b"--x\r\n\r\n" + rlmi(member("sip:anna@example.org")) + b"\r\n--x--\r\n"
    [told] = parse_list("multipart/related;boundary=x", body).told
    assert told.resource.uri == "sip:anna@example.org"


def test_each_member_gets_the_part_that_it_names() -> None:
    root = rlmi(member("sip:a@b", "1@h", "Anna"), member("sip:c@d", "missing"), member("sip:e@f"))
    told = parse_list(RELATED, related(root, ("1@h", "application/pidf+xml", b"<presence/>"))).told
    assert [(each.resource.uri, each.part.body if each.part else None) for each in told] == [
        ("sip:a@b", b"<presence/>"),
        ("sip:c@d", None),
        ("sip:e@f", None),
    ]


def test_members_of_a_list_within_the_list_are_told_like_its_own() -> None:
    inner = related(rlmi(member("sip:in@x", "p@h")), ("p@h", "text/plain", b"here"), boundary="i", name="in@h")
    root = rlmi(member("sip:list@x", "l@h"), member("sip:out@x"))
    told = parse_list(RELATED, related(root, ("l@h", "multipart/related;boundary=i", inner))).told
    assert [(each.resource.uri, each.part.body if each.part else None) for each in told] == [
        ("sip:in@x", b"here"),
        ("sip:out@x", None),
    ]


def test_list_within_the_list_that_cannot_be_read_costs_itself_only() -> None:
    root = rlmi(member("sip:list@x", "l@h"), member("sip:out@x"))
    told = parse_list(RELATED, related(root, ("l@h", "multipart/related;boundary=i", b"nothing"))).told
    assert [each.resource.uri for each in told] == ["sip:out@x"]


def test_part_that_many_members_name_is_opened_once() -> None:
    inner = related(rlmi(*[member(f"sip:{n}@x", "l@h") for n in range(300)]), boundary="i")
    root = rlmi(*[member(f"sip:list{n}@x", "l@h") for n in range(300)])
    told = parse_list(RELATED, related(root, ("l@h", "multipart/related;boundary=i", inner))).told
    assert len(told) < 1000


def test_lists_within_lists_end_somewhere() -> None:
    body = related(rlmi(member("sip:deep@x")), boundary="b9")
    for depth in range(8, -1, -1):
        root = rlmi(member(f"sip:{depth}@x", "in@h"))
        body = related(root, ("in@h", f"multipart/related;boundary=b{depth + 1}", body), boundary=f"b{depth}")
    assert parse_list("multipart/related;boundary=b0", body).told == ()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (RELATED, b""),
        ("multipart/related", related(rlmi())),
        (RELATED, related(b"<presence/>")),
        (RELATED, b"--=_b\r\nContent-Type: text/plain\r\n\r\nlist\r\n--=_b--"),
        (RELATED, related(b"<!DOCTYPE list><list/>")),
    ],
)
def test_phone_refuses_what_is_no_list(kind: str, body: bytes) -> None:
    with pytest.raises(MalformedXml):
        parse_list(kind, body)


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("sip:a@b;transport=tcp?x=y", "sip:a@b"),
        ("pres:a@b", "sip:a@b"),
        ("SIPS:a@b", "sips:a@b"),
        ("tel:+49", ""),
        ("sip:", ""),
        ("a@b", ""),
        ("sip:a b", ""),
    ],
)
def test_address_of_a_member_is_that_of_a_contact(uri: str, address: str) -> None:
    assert address_of(uri) == address


@given(st.binary(max_size=300))
def test_phone_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    for each in (data, related(data), related(rlmi(member("sip:a@b", "1")), ("1", "multipart/related", data))):
        with contextlib.suppress(MalformedXml):
            parse_list(RELATED, each)


TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='<&">'), min_size=1, max_size=20)


@given(st.dictionaries(TEXT, TEXT, max_size=6), st.integers(0, 10**9), st.booleans())
def test_list_is_read_as_it_was_written(people: dict[str, str], version: int, full: bool) -> None:
    root = rlmi(*[member(f"sip:{uri}", name=name) for uri, name in people.items()], version=version, full=full)
    found = parse_list(RELATED, related(root)).list
    assert (found.version, found.full) == (version, full)
    assert {each.uri: each.name for each in found.resources} == {f"sip:{uri}": name for uri, name in people.items()}
