"""The ladder: arrows between columns, filtered and grouped."""

from __future__ import annotations

import pytest

from snomtui.trace.ladder import ASCII, Heading, Ladder
from snomtui.trace.record import Record
from snomtui.trace.words import label, signature, worth
from tests.trace.samples import ASKED, BUSY, INVITE, PROVEN, REGISTER, START, TAKEN, conversation, record, say


def ladder() -> Ladder:
    """Of the sign-in and the call."""
    made = Ladder(say)
    made.take(conversation())
    return made


def drawn(made: Ladder, width: int = 100) -> list[str]:
    """All rows as text."""
    return ["".join(text for text, _ in made.draw(row, width)) for row in made.rows]


def test_reader_sees_the_steps_of_the_handshake_in_words() -> None:
    assert [label(one, say) for one in conversation()] == [
        "REGISTER, asks for an NTLM challenge",
        "401 Unauthorized, NTLM CHALLENGE",
        "REGISTER, NTLM AUTHENTICATE",
        "200 OK (REGISTER)",
        "INVITE jan",
        "486 Busy Here (INVITE)",
    ]


def test_call_that_comes_in_says_who_calls() -> None:
    assert label(record(1, INVITE, False), say) == "INVITE from heiko"


def test_columns_are_phone_server_and_others() -> None:
    titles = ladder().titles(100)
    assert titles.split() == ["Phone", "Server", "127.0.0.1:37121", "[::1]:5060"]


def test_arrows_point_from_sender_to_receiver() -> None:
    rows = drawn(ladder())
    assert "▶" in rows[0] and "◀" not in rows[0]
    assert "◀" in rows[1] and "▶" not in rows[1]
    assert rows[4].index("▶") > rows[0].index("▶")


@pytest.mark.parametrize("width", [24, 33, 40, 52, 64, 80, 100, 200])
def test_every_line_fills_its_width_exactly(width: int) -> None:
    made = ladder()
    made.choose(grouped=True)
    assert {len(row) for row in drawn(made, width)} == {width}
    assert len(made.titles(width)) == width


def test_signature_is_a_sign_beside_the_arrow_not_only_a_colour() -> None:
    assert "✓" in drawn(ladder())[3] and "✓" not in drawn(ladder())[1]
    assert worth(record(1, TAKEN, False, "the signature is wrong")) == "bad"


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (record(1, PROVEN, True), "made by the phone"),
        (record(1, REGISTER, True), "none"),
        (record(1, TAKEN, False, "valid"), "valid"),
        (record(1, ASKED, False, "none"), "none"),
        (record(1, TAKEN, False, "the signature is wrong"), "message dropped: the signature is wrong"),
        (Record(1, START, "tcp", ("a", 1), ("b", 2), TAKEN), "there is one; it was not checked"),
    ],
)
def test_signature_is_told_in_words(one: Record, words: str) -> None:
    assert signature(one, say) == words


def test_filter_leaves_what_has_the_text() -> None:
    made = ladder()
    made.choose(wanted="busy")
    assert [row.number for row in made.rows if isinstance(row, Record)] == [6]
    made.choose(wanted="challenge")
    assert [row.number for row in made.rows if isinstance(row, Record)] == [1, 2]
    made.choose(wanted="")
    assert len(made.rows) == 6


def test_one_dialog_can_be_looked_at_alone_and_new_messages_join_it() -> None:
    made = ladder()
    made.choose(only="call-1")
    made.take([record(7, REGISTER, True), record(8, BUSY, False)])
    assert [row.number for row in made.rows if isinstance(row, Record)] == [5, 6, 8]


def test_groups_have_headings_and_the_newest_dialog_is_last() -> None:
    made = ladder()
    made.choose(grouped=True)
    made.take([record(7, REGISTER, True)])
    headings = [row.text for row in made.rows if isinstance(row, Heading)]
    assert any(row.startswith("── INVITE jan: 2 messages ──") for row in drawn(made))
    assert headings == ["INVITE jan: 2 messages", "REGISTER, asks for an NTLM challenge: 5 messages"]


def test_forgotten_messages_leave_the_ladder() -> None:
    made = ladder()
    made.take([], oldest=5)
    assert [row.number for row in made.rows if isinstance(row, Record)] == [5, 6]


def test_reader_of_a_foreign_trace_sees_hosts_and_ports_only_where_they_are_needed() -> None:
    made = Ladder(say)
    made.take([Record(1, START, "udp", ("10.0.0.1", 5060), ("10.0.0.2", 5060), REGISTER)])
    assert made.titles(80).split() == ["10.0.0.1", "Server", "10.0.0.2"]
    made = Ladder(say)
    made.take([Record(1, START, "udp", ("10.0.0.1", 5060), ("10.0.0.1", 5070), REGISTER)])
    assert made.titles(80).split() == ["10.0.0.1:5060", "Server", "10.0.0.1:5070"]


def test_later_strangers_share_the_last_column() -> None:
    made = Ladder(say)
    made.take([Record(n, START, "udp", (f"10.0.0.{n}", 5060), ("10.1.0.1", 5060), INVITE) for n in range(1, 12)])
    assert "Others" in made.titles(120)
    assert {len(row) for row in drawn(made, 120)} == {120}


def test_poor_terminal_gets_plain_signs() -> None:
    made = Ladder(say, ASCII)
    made.take(conversation())
    assert all(row.isascii() for row in drawn(made))


def test_wide_characters_do_not_shift_the_columns() -> None:
    made = Ladder(say)
    made.take([record(1, BUSY.replace(b"Busy Here", "話中".encode()), False)])
    assert "486 ?? (INVITE)" in drawn(made)[0]
