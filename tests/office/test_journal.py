"""The office's journal."""

from __future__ import annotations

from snomtui.office.journal import Journal
from tests.office.house import House


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


def test_a_journal_forgets_the_oldest_and_tells_what_is_new() -> None:
    journal = Journal(capacity=3)
    for number in range(5):
        journal.note(f"note {number}", 1.0)
    assert [each.line for each in journal] == ["note 2", "note 3", "note 4"]
    assert [each.number for each in journal.since(4)] == [5]
    assert len(journal) == 3


def test_a_journal_line_cannot_be_broken_by_what_it_tells() -> None:
    journal = Journal()
    journal.note("bell \a and\nnew line", 1.0)
    assert journal.notes() == ("bell ? and?new line",)
