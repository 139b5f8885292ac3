"""What somebody asks of us with REFER."""

from __future__ import annotations

import pytest

from snomtui.errors import MalformedMessage
from snomtui.line.calls.referto import ReferTo, of_us
from snomtui.sip.headers import Item
from tests.line.peer import Peer

REPLACES = "Replaces=12345%40192.0.2.1%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994"


def read(*headers: Item) -> ReferTo:
    """What a REFER with these headers asks."""
    return ReferTo.read(Peer().make("REFER", *headers), "ucc.de")


@pytest.mark.parametrize(
    ("text", "uri", "number"),
    [
        ("<sip:clara@ucc.de>", "sip:clara@ucc.de", "clara"),
        ("sip:clara@ucc.de", "sip:clara@ucc.de", "clara"),
        ("sip:clara@ucc.de;transport=tcp", "sip:clara@ucc.de;transport=tcp", "clara"),
        ('"Clara" <sips:clara@ucc.de;transport=tcp>;x=y', "sips:clara@ucc.de;transport=tcp", "clara"),
        ("<sip:+49301@ucc.de;user=phone;method=INVITE>", "sip:+49301@ucc.de;user=phone", "+49301"),
        ("<tel:+49-30(1)>", "sip:+49301@ucc.de;user=phone", "+49-30(1)"),
        ("<sip:192.0.2.1:5070>", "sip:192.0.2.1:5070", "192.0.2.1"),
        ("<sip:clara%0d%0aX@ucc.de>", "sip:clara%0d%0aX@ucc.de", "clara%0d%0aX"),
    ],
)
def test_address_is_called_as_it_stands_there(text: str, uri: str, number: str) -> None:
    wanted = read(("Refer-To", text))
    assert (wanted.uri, wanted.number, wanted.headers) == (uri, number, ())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 400),
        ([("Refer-To", "")], 400),
        ([("Refer-To", "<sip:a@b>, <sip:c@d>")], 400),
        ([("Refer-To", "<sip:a@b>"), ("r", "<sip:c@d>")], 400),
        ([("Refer-To", "clara")], 400),
        ([("Refer-To", "<sip:clara@>")], 400),
        ([("Refer-To", "<sip:clara@ucc.de?Subject=a%0d%0aX:%20b>")], 400),
        ([("Refer-To", "<sip:clara@ucc.de?Replaces=only-a-call-id>")], 400),
        ([("Refer-To", f"<sip:clara@ucc.de?{REPLACES}&{REPLACES}>")], 400),
        ([("Refer-To", f"<sip:clara@ucc.de?{REPLACES}&Join=x>")], 400),
        ([("Refer-To", "<https://ucc.de/>")], 416),
        ([("Refer-To", "<urn:service:sos>")], 416),
        ([("Refer-To", "<tel:;phone-context=x>")], 416),
        ([("Refer-To", "<sip:clara@ucc.de;method=BYE>")], 501),
        ([("Refer-To", "<sip:clara@ucc.de;method=SUBSCRIBE?Event=presence>")], 501),
    ],
)
def test_wish_that_makes_no_sense_is_refused(headers: list[Item], status: int) -> None:
    with pytest.raises(MalformedMessage) as caught:
        read(*headers)
    assert caught.value.status == status


def test_call_to_be_replaced_is_named_in_our_invite() -> None:
    wanted = read(("Refer-To", f"<sip:clara@ucc.de?{REPLACES}&Require=replaces>"))
    assert wanted.uri == "sip:clara@ucc.de" and wanted.replaces
    assert wanted.headers == (
        ("Replaces", "12345@192.0.2.1;to-tag=12345;from-tag=5FFE-3994"),
        ("Require", "replaces"),
    )


def test_replaces_without_escapes_is_understood() -> None:
    wanted = read(("Refer-To", "<sip:clara@ucc.de?Replaces=a@b;to-tag=1;from-tag=2>"))
    assert ("Replaces", "a@b;to-tag=1;from-tag=2") in wanted.headers


def test_only_harmless_headers_are_taken_over() -> None:
    evil = "From=%3Csip%3Aboss%40ucc.de%3E&Subject=Hello%20there&Via=x&Authorization=y&Contact=z&body=b&Require=x"
    wanted = read(("Refer-To", f"<sip:clara@ucc.de?{evil}>"))
    assert wanted.headers == (("Subject", "Hello there"),)


def test_referred_by_goes_on_as_it_was_said() -> None:
    said = '"Anna" <sip:anna@ucc.de>;cid="x@y";ms-identity="signed, here"'
    assert read(("Refer-To", "<sip:c@d>"), ("b", said)).headers == (("Referred-By", said),)


@pytest.mark.parametrize(
    ("header", "followed"),
    [
        (("Refer-Sub", "false"), False),
        (("Refer-Sub", "FALSE;x=y"), False),
        (("Refer-Sub", "true"), True),
        (("Require", "nosub"), False),
        (("Supported", "norefersub"), True),
    ],
)
def test_other_side_says_whether_it_wants_to_hear_of_it(header: Item, followed: bool) -> None:
    assert read(("Refer-To", "<sip:c@d>"), header).followed == followed


def test_own_address_is_known() -> None:
    assert of_us("sips:Heiko@UCC.de;transport=tls", "sip:heiko@ucc.de")
    assert not of_us("sip:heiko@other.de", "sip:heiko@ucc.de")
