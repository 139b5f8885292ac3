"""Parts of a face that lie on each other."""

from __future__ import annotations

import pytest

from snomtui.skin import Face, Place
from snomtui.skin.overlaps import overlaps


def face(keys: dict[str, Place], lamps: dict[str, Place], labels: dict[str, Place]) -> Face:
    """A face with a display at its top."""
    return Face("full", 40, 10, Place(0, 0, 20, 4), keys, lamps, labels)


A, B, FAR = Place(0, 5, 5, 2), Place(4, 6, 5, 1), Place(30, 5, 5, 1)


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (face({"1": A, "2": FAR}, {}, {}), []),
        (face({"1": A, "2": B}, {}, {}), [("at.2", "at.1")]),
        (face({"1": Place(19, 3, 2, 1)}, {}, {}), [("at.1", "display")]),
        (face({"P1": A}, {"P1": Place(0, 5, 1, 1)}, {}), []),
        (face({}, {"P1": Place(0, 0, 1, 1)}, {}), [("lamps.P1", "display")]),
        (face({}, {}, {"P1": Place(0, 0, 9, 1)}), []),
        (face({"P1": A}, {}, {"P1": B}), [("labels.P1", "at.P1")]),
        (face({}, {"P1": FAR, "P2": FAR}, {}), [("lamps.P2", "lamps.P1")]),
    ],
)
def test_pair_that_lies_on_each_other_is_told_once(drawn: Face, told: list[tuple[str, str]]) -> None:
    assert list(overlaps(drawn)) == told
