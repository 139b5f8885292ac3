"""The Replaces header."""

from __future__ import annotations

import pytest

from snomtui.errors import MalformedMessage
from snomtui.line.calls.replaces import Replaces, replaces_of
from snomtui.sip.dialog import Dialog
from snomtui.sip.uri import Uri
from tests.line.peer import Peer


def dialog(call_id: str = "a@b", ours: str = "us", theirs: str = "them") -> Dialog:
    """A dialog with these names."""
    ours, theirs = (f";tag={tag}" if tag else "" for tag in (ours, theirs))
    return Dialog(call_id, f"<sip:heiko@ucc.de>{ours}", f"<sip:bob@ucc.de>{theirs}", "sip:bob@192.0.2.1", (), 1, 1)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("98732@example.com;from-tag=r33th4x0r;to-tag=ff87ff", Replaces("98732@example.com", "ff87ff", "r33th4x0r")),
        ("12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only", Replaces("12adf2f34456gs5", "12345", "54321", True)),
        (" a ; TO-TAG=1 ; From-Tag=2 ; other=x ", Replaces("a", "1", "2")),
        ("87134@192.0.2.23;to-tag=0;from-tag=0", Replaces("87134@192.0.2.23", "0", "0")),
    ],
)  # fmt: skip
def test_replaces_names_a_dialog(text: str, read: Replaces) -> None:
    assert Replaces.parse(text) == read
    assert Replaces.parse(str(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a;to-tag=1",
        "a;from-tag=1",
        ";to-tag=1;from-tag=2",
        "a b;to-tag=1;from-tag=2",
        "a;to-tag=1;to-tag=2;from-tag=3",
        "a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2",
        "a;to-tag;from-tag=2",
    ],
)
def test_replaces_that_names_no_dialog_is_malformed(text: str) -> None:
    with pytest.raises(MalformedMessage):
        Replaces.parse(text)


def test_dialog_is_named_as_the_other_side_knows_it() -> None:
    assert str(Replaces.of(dialog())) == "a@b;to-tag=them;from-tag=us"
    assert str(Replaces.of(dialog(theirs=""))) == "a@b;to-tag=0;from-tag=us"


def test_header_survives_its_way_through_a_uri() -> None:
    escaped = Replaces.of(dialog(call_id='odd<>"&=;id@host')).escaped
    uri = Uri.parse(f"sip:bob@ucc.de?{escaped}")
    assert uri.headers == escaped
    assert not set(escaped.partition("=")[2]) & set('<>"&=;@ ')


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a@b;to-tag=us;from-tag=them", True),
        ("a@b;to-tag=them;from-tag=us", False),
        ("A@b;to-tag=us;from-tag=them", False),
        ("a@b;to-tag=us;from-tag=0", False),
    ],
)
def test_only_the_right_dialog_is_meant(text: str, fits: bool) -> None:
    assert Replaces.parse(text).names(dialog()) == fits


def test_tag_zero_stands_for_none() -> None:
    assert Replaces.parse("a@b;to-tag=us;from-tag=0").names(dialog(theirs=""))


def test_several_replaces_are_malformed() -> None:
    one = ("Replaces", "a;to-tag=1;from-tag=2")
    assert replaces_of(Peer().make("INVITE")) is None
    assert replaces_of(Peer().make("INVITE", one)) == Replaces("a", "1", "2")
    for request in (
        Peer().make("INVITE", one, one),
        Peer().make("INVITE", one, ("Join", "b;to-tag=1;from-tag=2")),
        Peer().make("OPTIONS", one),
    ):
        with pytest.raises(MalformedMessage):
            replaces_of(request)
