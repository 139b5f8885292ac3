"""Identifiers from dice that are thrown by hand."""

from __future__ import annotations

import os
import re
from random import Random

from snomtui.kit.ids import Ids


def test_ids_have_the_forms_of_a_snom() -> None:
    ids = Ids(os.urandom)
    assert re.fullmatch("[0-9a-z]{10}", ids.tag())
    assert re.fullmatch("z9hG4bK-[0-9a-z]{12}", ids.branch())
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-z]{12}", ids.call_id())


def test_ids_have_exactly_the_length_that_was_asked_for() -> None:
    ids = Ids(os.urandom)
    assert [len(ids.hex(n)) for n in range(9)] == list(range(9))
    assert [len(ids.token(n)) for n in (0, 1, 33)] == [0, 1, 33]


def test_same_dice_give_the_same_ids() -> None:
    one, other = Ids(Random(7).randbytes), Ids(Random(7).randbytes)
    assert [one.tag(), one.branch(), one.call_id()] == [other.tag(), other.branch(), other.call_id()]


def test_every_byte_of_the_dice_becomes_a_character() -> None:
    assert Ids(lambda n: bytes(range(n))).token(37) == "0123456789abcdefghijklmnopqrstuvwxyz0"


def test_ten_thousand_branches_are_all_different() -> None:
    ids = Ids(os.urandom)
    assert len({ids.branch() for _ in range(10_000)}) == 10_000
