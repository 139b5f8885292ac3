"""Contact cards as categories tell them, put together from their pieces ([MS-PRES] 2.2.2.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.ocs.categories import Category, ContactCard
from snomtui.ocs.numbers import comparable

KINDS = ("work", "mobile", "home", "other")
"""In this order numbers are shown; `custom1` and the like count as other."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a phone reads of somebody's contact card."""

    name: str = ""
    numbers: tuple[str, ...] = ()
    """`+493055512`, each once; numbers at work first."""
    kinds: tuple[str, ...] = ()
    """What each number is: `work`, `mobile`, `home` or `other`."""


def card_in(categories: Iterable[Category]) -> Card | None:
    """The contact card among the categories, empty if it was taken away; None if nothing is said of it.

    A server keeps what the directory says and what the person says as cards of their own; the first name counts.
    """
    told = [each.body for each in categories if each.name == "contactCard"]
    if not told:
        return None
    cards = [body for body in told if isinstance(body, ContactCard)]
    name = next((card.name for card in cards if card.name), "")
    found: dict[str, str] = {}
    for kind, number in sorted(_numbers(cards), key=lambda each: KINDS.index(each[0])):
        found.setdefault(number, kind)
    return Card(name, tuple(found), tuple(found.values()))


def _numbers(cards: Iterable[ContactCard]) -> Iterable[tuple[str, str]]:
    """Kind and number of each phone that has one."""
    for card in cards:
        for phone in card.phones:
            number = comparable(phone.uri)
            if number:
                yield (phone.type if phone.type in KINDS else "other"), number
