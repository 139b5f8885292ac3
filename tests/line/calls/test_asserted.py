"""Who somebody is as a server says it, and who has sent a call on."""

from __future__ import annotations

import pytest

from snomtui.line.calls.asserted import Asserted, asserted, diverted_by, hides
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, parse, respond
from tests.line.peer import Peer

BOB = Asserted("sip:bob@ucc.de", "Bob", "", False)


def invite(*headers: Item) -> Request:
    """A call with these headers."""
    return Peer().make("INVITE", *headers)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([("P-Asserted-Identity", '"Bob" <sip:bob@ucc.de>')], BOB),
        ([("P-Asserted-Identity", "sip:bob@ucc.de")], Asserted("sip:bob@ucc.de", "", "", False)),
        ([("P-Asserted-Identity", "<tel:+49301>")], Asserted("tel:+49301", "", "+49301", False)),
        (
            [("P-Asserted-Identity", "<tel:+49301>"), ("P-Asserted-Identity", '"Bob" <sip:bob@ucc.de>')],
            Asserted("sip:bob@ucc.de", "Bob", "+49301", False),
        ),
        (
            [("P-Asserted-Identity", '"Bob, really" <sip:+49302@ucc.de;user=phone>, <tel:+49301>')],
            Asserted("sip:+49302@ucc.de;user=phone", "Bob, really", "+49301", False),
        ),
        ([("Remote-Party-ID", '"Bob" <sip:bob@ucc.de>;party=calling;privacy=off;screen=yes')], BOB),
        ([("Remote-Party-ID", '"Bob" <sip:bob@ucc.de>;privacy=full')], Asserted("sip:bob@ucc.de", "Bob", "", True)),
        (
            [("Remote-Party-ID", "<sip:us@ucc.de>;party=called"), ("Remote-Party-ID", '"Bob" <sip:bob@ucc.de>')],
            BOB,
        ),
        ([("P-Asserted-Identity", '"Bob" <sip:bob@ucc.de>'), ("Remote-Party-ID", "<sip:mallory@x>")], BOB),
        ([("P-Asserted-Identity", "nonsense, <also>"), ("Remote-Party-ID", '"Bob" <sip:bob@ucc.de>')], BOB),
        ([("P-Preferred-Identity", '"Boss" <sip:boss@ucc.de>')], None),
        ([("P-Asserted-Identity", "")], None),
        ([("P-Asserted-Identity", '"Bob" <sip:bob@ucc.de>'), ("Privacy", "none")], BOB),
        (
            [("P-Asserted-Identity", '"Bob" <sip:bob@ucc.de>'), ("Privacy", "critical;ID")],
            Asserted("sip:bob@ucc.de", "Bob", "", True),
        ),
    ],
)
def test_server_says_who_it_is(headers: list[Item], found: Asserted | None) -> None:
    assert asserted(invite(*headers)) == found


def test_answer_names_the_party_that_was_called() -> None:
    answer = respond(invite(), 200, headers=[("Remote-Party-ID", '"Bob" <sip:bob@ucc.de>;party=called')])
    assert asserted(answer) == BOB


@pytest.mark.parametrize("value", ["id", "header", "user;critical", "none;Id"])
def test_caller_asks_for_privacy(value: str) -> None:
    assert hides(invite(("Privacy", value)))


@pytest.mark.parametrize("value", ["none", "history", "", "critical"])
def test_other_privacy_hides_nobody(value: str) -> None:
    assert not hides(invite(("Privacy", value)))


@pytest.mark.parametrize(
    ("name", "read"), [("Jürgen".encode(), "Jürgen"), ("Jürgen".encode("latin-1"), "Jürgen"), (b"\xff\xfe", "ÿþ")]
)
def test_name_in_any_encoding_is_readable(name: bytes, read: str) -> None:
    data = bytes(invite()).replace(b"\r\n\r\n", b'\r\nP-Asserted-Identity: "' + name + b'" <sip:j@ucc.de>\r\n\r\n', 1)
    found = asserted(parse(data))
    assert found is not None and found.name == read


def test_many_identities_are_not_all_read() -> None:
    many = [("P-Asserted-Identity", f"<sip:a{n}@ucc.de>") for n in range(5000)]
    found = asserted(invite(*many))
    assert found is not None and found.uri == "sip:a0@ucc.de"


REASON = "Reason=SIP%3Bcause%3D302%3Btext%3D%22Moved%22"


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ([("Diversion", '"Bob" <sip:bob@ucc.de>;reason=unconditional;counter=1')], "Bob"),
        ([("Diversion", "<tel:+49301>;reason=no-answer")], "+49301"),
        ([("Diversion", "<sip:+49301@ucc.de;user=phone>"), ("Diversion", "<sip:first@ucc.de>")], "+49301"),
        ([("Diversion", '"Bob" <sip:bob@ucc.de>;privacy=full')], "anonymous"),
        ([("Diversion", "nonsense")], ""),
        ([("History-Info", f"<sip:bob@ucc.de?{REASON}>;index=1, <sip:heiko@ucc.de>;index=1.1")], "bob"),
        ([("History-Info", '"Bob" <sip:bob@ucc.de>;index=1'), ("History-Info", "<sip:h@u>;index=1.1;mp=1")], "Bob"),
        ([("History-Info", "<sip:bob@ucc.de>;index=1, <sip:h@u;cause=486>;index=1.1")], "bob"),
        ([("History-Info", f"<sip:bob@ucc.de?Privacy=history&{REASON}>;index=1, <sip:h@u>;index=2")], "anonymous"),
        ([("History-Info", "<sip:heiko@ucc.de>;index=1, <sip:heiko@192.0.2.1>;index=1.1;rc=1")], ""),
        ([("History-Info", "<sip:heiko@ucc.de>;index=1")], ""),
        ([], ""),
    ],
)
def test_one_who_sent_the_call_on_is_known(headers: list[Item], who: str) -> None:
    assert diverted_by(invite(*headers)) == who
