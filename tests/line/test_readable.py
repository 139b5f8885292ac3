"""Whatever bytes come, what is told can be written down as UTF-8."""

from __future__ import annotations

import re
from dataclasses import astuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snomtui.line.events import CallChanged, MessageCame
from snomtui.sip.grammar import readable
from snomtui.sip.message import Message, respond
from tests.line.peer import Bench, Peer, says, sdp, silent

MARK, WHY = "@@@", "%%%"
ODD = st.binary(min_size=1, max_size=12).map(lambda data: bytes(byte for byte in data if byte not in b"\r\n\0"))
PLACES = [
    ("From", f'"{MARK}" <sip:anna@example.org>;tag=theirs'),
    ("From", f"<sip:{MARK}@example.org;x={MARK}>;tag=theirs"),
    ("From", f"{MARK} <sip:anna@example.org>;tag=theirs"),
    ("To", f'"{MARK}" <sip:{MARK}@example.org>'),
    ("Contact", f"<sip:{MARK}@127.0.0.1:5060;x={MARK}>"),
    ("P-Asserted-Identity", f'"{MARK}" <sip:{MARK}@example.org>, <tel:+49{MARK}>'),
    ("Subject", MARK),
    ("Event", MARK),
    ("Require", MARK),
]
ANSWERED = [("To", f'"{MARK}" <sip:bob@example.org>;tag=callee'), *PLACES[4:], ("Reason", MARK), ("Warning", MARK)]
ANSWERED += [("WWW-Authenticate", f'Digest realm="{MARK}", nonce="{MARK}"'), ("WWW-Authenticate", MARK)]
SURROGATE = re.compile("[\ud800-\udfff]")
STATUSES = [180, 200, 401, 403, 423, 486, 603]


def odd(message: Message, place: tuple[str, str], data: bytes) -> bytes:
    """The message as bytes, with odd ones in one place."""
    return bytes(message.with_(*place)).replace(MARK.encode(), data)


def all_can_be_written(bench: Bench) -> None:
    """No event and no log line has a surrogate."""
    for event in bench.box.told:
        assert not any(SURROGATE.search(text) for text in astuple(event) if isinstance(text, str)), event
    assert not SURROGATE.search("".join(bench.log))


@given(st.sampled_from(["INVITE", "MESSAGE"]), st.sampled_from(PLACES), ODD, st.binary(max_size=8))
@example("INVITE", PLACES[0], b"J\xf6rg", b"")
@example("MESSAGE", PLACES[1], b"J\xf6rg", b"\xf6")
@settings(max_examples=150, deadline=None)
def test_odd_bytes_of_requests_are_told_readably(method: str, place: tuple[str, str], data: bytes, text: bytes) -> None:
    bench = Bench(Peer(BYE=says(200)), user_outbound1="127.0.0.1:5060;transport=udp")
    body = ("application/sdp", sdp()) if method == "INVITE" else ("text/plain", text)
    request = bench.peer.make(method, ("Contact", "<sip:anna@127.0.0.1>"), body=body)
    bench.tell(odd(request, place, data))
    bench.line.calls.hang_up_all(bench.now)
    bench.advance(70)
    all_can_be_written(bench)


@given(st.sampled_from(["INVITE", "REGISTER"]), st.sampled_from(STATUSES), st.sampled_from(ANSWERED), ODD, ODD)
@example("INVITE", 200, ANSWERED[0], b"J\xf6rg", b"J\xf6")
@example("REGISTER", 603, ANSWERED[0], b"J\xf6rg", b"J\xf6")
@settings(max_examples=200, deadline=None)
def test_odd_bytes_of_answers_are_told_readably(
    method: str, status: int, place: tuple[str, str], data: bytes, reason: bytes
) -> None:
    bench = Bench(Peer(BYE=says(200), CANCEL=says(200)), user_outbound1="127.0.0.1:5060;transport=udp")
    bench.peer.rules["REGISTER"] = silent
    if method == "INVITE":
        bench.dial()
    else:
        bench.line.start(bench.now)
        bench.settle()
    contact = ("Contact", "<sip:bob@127.0.0.1>")
    answer = respond(bench.peer.last(method), status, WHY, tag="callee", headers=[contact])
    bench.tell(odd(answer.with_body("application/sdp", sdp()), place, data).replace(WHY.encode(), reason))
    bench.line.calls.hang_up_all(bench.now)
    bench.advance(70)
    all_can_be_written(bench)


def test_names_in_latin_1_are_told_as_they_are_meant() -> None:
    bench = Bench()
    bench.tell(odd(bench.peer.make("MESSAGE", body=("text/plain", b"\xf6")), PLACES[1], b"J\xf6rg"))
    assert bench.box.of(MessageCame) == [MessageCame("sip:Jörg@example.org;x=Jörg", "\N{REPLACEMENT CHARACTER}")]
    invite = bench.peer.make("INVITE", ("Contact", "<sip:anna@127.0.0.1>"), body=("application/sdp", sdp()))
    bench.tell(odd(invite, PLACES[5], b"J\xf6rg"))
    assert bench.box.of(CallChanged)[-1].remote_name == "Jörg"


@pytest.mark.parametrize(
    ("text", "shown"), [("Jörg", "Jörg"), ("J\udcf6rg", "Jörg"), ("\ud800x", "?x"), ("\udcf6\ud800", "??")]
)
def test_readable_text_has_no_surrogates(text: str, shown: str) -> None:
    assert readable(text) == shown


def test_log_has_no_surrogates() -> None:
    bench = Bench()
    bench.line.log(4, "J\udcf6rg")
    bench.settle()
    assert bench.log[-1] == "[4] Jörg"
