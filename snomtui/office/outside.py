"""Numbers in the telephone network, as the tables `[[gateway]]` of a people file name them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from snomtui.errors import PeopleError
from snomtui.office.entries import number_or_range, word
from snomtui.office.table import Table

SHORTEST = 7
"""Digits that a number has at least to fall into a range; shorter ones are mistakes of who dials."""


class Beyond(Enum):
    """What a number outside does when it is called."""

    ANSWERS = "answers"
    """Ringing is heard for two seconds; then it answers, plays a tone and echoes."""
    BUSY = "busy"
    """486."""
    RINGS = "rings"
    """Ringing is heard until the gateway gives up: 480."""
    REJECTS = "rejects"
    """603."""
    ANNOUNCEMENT = "announcement"
    """Answers, plays an announcement and hangs up."""
    UNASSIGNED = "unassigned"
    """The announcement of a number that nobody has is heard before any answer; then 404."""
    UNREACHABLE = "unreachable"
    """No gateway is free: 503."""
    CALLS = "calls"
    """Rings the signed-in phones from time to time; answers calls."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A number, or a range of numbers, behind the gateway to the telephone network."""

    number: str
    """E.164 with `+`; a `*` at the end stands for any digits."""
    behaviour: Beyond = Beyond.ANSWERS
    name: str = ""

    def covers(self, number: str) -> bool:
        """Whether this entry is about the number."""
        if self.number.endswith("*"):
            return number.startswith(self.number[:-1]) and len(number) > SHORTEST
        return number == self.number


EVERYBODY = Outside("+*")
"""The gateway of a people file that names no numbers: every number answers."""


def outsides(entries: list[Table], taken: dict[str, str]) -> tuple[Outside, ...]:
    """Read the tables; `taken` says who has a number already. Raises `PeopleError`."""
    found = []
    for entry in entries:
        number = entry.checked("number", number_or_range)
        if number in taken:
            raise PeopleError(f"{entry.where}: number: {number} is already taken by {taken[number]}")
        taken[number] = entry.where
        found.append(
            Outside(number, entry.checked("behaviour", word(Beyond), Beyond.ANSWERS.value), entry.text("name", ""))
        )
        entry.done()
    return tuple(found)
