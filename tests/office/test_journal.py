"""The office's journal."""

from __future__ import annotations

from base64 import b64encode

import pytest

from snomtui.auth.ntlm.avpairs import AvId, AvPairs, to_filetime
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.auth.ntlm.words import fields_of, in_words
from snomtui.kit.box import Up
from snomtui.office.journal import CAPACITY, HEAVY, Entry, Journal
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request
from tests.office.house import PASSWORDS, House
from tests.wire import START


def test_a_sign_in_reads_like_a_story_without_secrets() -> None:
    house = House()
    house.signed_in()
    told = [(each.direction, each.token or each.line) for each in house.office.journal]
    assert told == [
        ("in", "REGISTER sip:ucc.de SIP/2.0"),
        ("out", "SIP/2.0 401 Unauthorized (1 REGISTER)"),
        ("in", "asks for an NTLM challenge"),
        ("out", "NTLM CHALLENGE, flags 0xe29882f3"),
        ("in", "NTLM AUTHENTICATE of UCC\\Heiko.Riedel at TEST: NTLMv2 response"),
        ("out", "SIP/2.0 200 OK (3 REGISTER)"),
        ("note", "signed in with ntlmv2 for 900 s (snom370/8.2.19)"),
    ]
    assert {each.user for each in house.office.journal} == {"Heiko.Riedel@ucc.de"}


def test_an_entry_names_the_client_at_the_other_end_whoever_speaks() -> None:
    house = House()
    client = house.signed_in()
    client.ask("OPTIONS", "sip:Julia.Falk@ucc.de", house.now)
    house.office.sign_out(client.uri, "rejected", house.now)
    house.settle()
    kinds = {(each.direction, each.method) for each in house.office.journal}
    assert {("in", "OPTIONS"), ("out", "OPTIONS"), ("out", "NOTIFY"), ("in", "NOTIFY"), ("note", "")} <= kinds
    assert {each.user for each in house.office.journal} == {"Heiko.Riedel@ucc.de"}
    link = next(each.link for each in house.office.journal)
    assert link and {each.peer for each in house.office.journal} == {f"{link.remote[0]}:{link.remote[1]}"}
    assert {each.transport for each in house.office.journal} == {"tcp"}


def test_a_signature_is_judged() -> None:
    house = House()
    client = house.signed_in()
    client.ask("OPTIONS", "sip:ucc.de", house.now)
    house.settle()
    *_, asked, answered = house.office.journal
    assert (asked.signature, answered.signed) == ("valid", True)
    replayed = house.wire.said[-2].data.replace(b"branch=z9hG4bK", b"branch=z9hG4bKx")
    house.office.receive(-1, replayed, house.now)
    *_, wrong, note = house.office.journal
    assert (wrong.signature, note.direction) == ("wrong", "note")
    first, challenged, *_ = house.office.journal
    assert (first.signature, challenged.signed) == ("absent", False)


def test_a_digest_login_is_told_from_a_signature() -> None:
    house = House()
    house.signed_in(epid="", login="Heiko.Riedel", digest=True)
    assert [each.signature for each in house.office.journal if each.direction == "in"] == ["absent", "digest"]


def test_a_journal_forgets_the_oldest_and_tells_what_is_new() -> None:
    journal = Journal(capacity=3)
    for number in range(5):
        journal.note(f"note {number}", 1.0)
    assert [each.line for each in journal] == ["note 2", "note 3", "note 4"]
    assert [each.number for each in journal.since(4)] == [5]
    assert [each.number for each in journal.since(0)] == [3, 4, 5]
    assert journal.since(5) == () and journal.since(99) == ()
    assert (len(journal), journal.count) == (3, 5)


def test_a_journal_line_cannot_be_broken_by_what_it_tells() -> None:
    journal = Journal()
    journal.note("bell \a and\nnew line", 1.0)
    assert journal.notes() == ("bell ? and?new line",)


def request(*headers: Item) -> Request:
    """A REGISTER with these headers."""
    return Request("REGISTER", "sip:ucc.de", Headers.of(*headers))


def noted(*headers: Item) -> Entry:
    """The entry of such a REGISTER that came in."""
    return Journal(links={-1: Up("tls", ("::1", 5061), ("2001:db8::7", 4711))}).message(
        "in", request(*headers), -1, 1.0
    )


def test_an_entry_of_garbage_can_be_read() -> None:
    bare = noted()
    assert (bare.user, bare.method, bare.token, bare.fields, bare.peer) == ("", "", "", (), "[2001:db8::7]:4711")
    odd = noted(("From", "<<>>"), ("CSeq", "\u2028"), ("Authorization", 'NTLM gssapi-data="rubbish'))
    assert (odd.user, odd.method, odd.line) == ("", "", "REGISTER sip:ucc.de SIP/2.0")
    torn = noted(("Authorization", 'NTLM gssapi-data="TlRMTVNTUAADAAAA"'))
    assert torn.token == "an unreadable NTLM token"
    assert torn.fields[0][1].startswith("an unreadable NTLM token: ")


def test_an_entry_of_huge_headers_keeps_their_beginning_only() -> None:
    entry = noted(("From", "<sip:jan@ucc.de>"), *[("X", "y" * 1000)] * 500)
    assert entry.headers and entry.user == "jan@ucc.de"
    assert sum(len(value) for _, value in entry.headers) <= 2 * HEAVY


# -- tokens, field by field


def token(value: Challenge | Authenticate) -> str:
    """As it stands in gssapi-data."""
    return b64encode(bytes(value)).decode()


def test_a_challenge_is_told_field_by_field_without_the_challenge() -> None:
    info = AvPairs.of((AvId.DOMAIN, "UCC"), (AvId.DNS_COMPUTER, "sip.ucc.de"))
    info = AvPairs((*info.items, (AvId.TIMESTAMP, to_filetime(START)), (AvId.FLAGS, b"\2\0\0\0"), (77, b"abc")))
    flags = Flags.UNICODE | Flags.TARGET_INFO | Flags.VERSION
    found = dict(fields_of(token(Challenge(flags, b"\x5a" * 8, "UCC", bytes(info), bytes.fromhex("0501280a0000000f")))))
    assert found == {
        "token": "CHALLENGE",
        "target": "UCC",
        "flags": "0x02800001 UNICODE TARGET_INFO VERSION",
        "AV NetBIOS domain": "UCC",
        "AV DNS computer": "sip.ucc.de",
        "AV time": "2026-11-23 02:13:20 UTC",
        "AV flags": "0x2",
        "AV 77": "3 bytes",
        "Windows version": "5.1 build 2600",
    }


def test_an_authenticate_is_told_field_by_field_without_responses_and_keys() -> None:
    house = House()
    house.signed_in()
    entry = next(each for each in house.office.journal if "AUTHENTICATE" in each.token)
    found = dict(entry.fields)
    assert (found["user"], found["domain"], found["workstation"]) == ("Heiko.Riedel", "UCC", "TEST")
    assert found["response"].startswith("NTLMv2, ") and found["session key"] == "16 bytes"
    assert found["client's time"].endswith(" UTC") and found["AV DNS domain"] == "ucc.de"
    assert "KEY_EXCH" in found["flags"].split()
    said = str([(each.line, each.token, each.fields) for each in house.office.journal])
    assert not any(password in said for password in PASSWORDS.values())


@pytest.mark.parametrize("data", ["", "%%%", "TlRMTVNTUAABAAAA", token(Challenge(Flags(0), bytes(8)))[:-8]])
def test_a_broken_token_is_told_and_raises_nothing(data: str) -> None:
    assert in_words(data) and all(len(pair) == 2 for pair in fields_of(data))


def test_a_name_with_controls_stays_one_line() -> None:
    data = token(Authenticate(Flags.UNICODE, "a\r\nb\u202e", "UCC", nt=bytes(24)))
    assert in_words(data) == "NTLM AUTHENTICATE of UCC\\a??b? at ?: NTLMv1 response"
    assert dict(fields_of(data))["user"] == "a??b?"


def test_a_full_journal_costs_no_more_than_an_empty_one_to_ask_for_news() -> None:
    journal = Journal()
    for number in range(3 * CAPACITY):
        journal.note(str(number), 1.0)
    assert len(journal) == CAPACITY
    assert [each.line for each in journal.since(journal.count - 2)] == [str(3 * CAPACITY - 2), str(3 * CAPACITY - 1)]
