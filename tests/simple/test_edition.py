"""Numbered documents."""

from __future__ import annotations

import pytest

from snomtui.kit.xml import parse
from snomtui.simple.edition import Edition, Freshness, version_of


def judged(*documents: tuple[int | None, bool]) -> list[str]:
    """What documents (number, full) of one subscription are worth, in order."""
    edition = Edition()
    return [edition.judge("c1", version, full).name for version, full in documents]


def test_documents_are_judged_by_their_numbers() -> None:
    assert judged((4, True), (5, False), (5, True), (5, False), (4, True), (9, True), (11, False), (12, False)) == [
        "FRESH", "FRESH", "FRESH", "OLD", "OLD", "FRESH", "GAP", "FRESH",
    ]  # fmt: skip


def test_first_document_that_tells_a_part_is_a_gap() -> None:
    assert judged((0, False), (1, False)) == ["GAP", "FRESH"]


def test_documents_without_a_number_are_taken_as_they_come() -> None:
    assert judged((None, True), (None, False)) == ["FRESH", "FRESH"]


def test_each_subscription_counts_for_itself() -> None:
    edition = Edition()
    assert edition.begins("c1")
    edition.judge("c1", 8, True)
    assert (edition.begins("c1"), edition.begins("c2")) == (False, True)
    assert edition.judge("c2", 0, True) is Freshness.FRESH


@pytest.mark.parametrize(
    ("text", "version"),
    [("7", 7), (" 007 ", 7), ("-1", None), ("", None), ("²", None), ("1" * 40, None), ("00000000003", 3)],
)
def test_number_is_read_or_it_is_none(text: str, version: int | None) -> None:
    assert version_of(parse(f'<x version="{text}"/>'.encode())) == version


def test_document_may_have_no_number() -> None:
    assert version_of(parse(b"<x/>")) is None
