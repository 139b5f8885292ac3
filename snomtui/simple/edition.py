"""Numbered documents: whether one is new, old, or comes after a gap (RFC 4235 4.3, RFC 3680 5.2, RFC 4662 5.2)."""

from __future__ import annotations

import re
from enum import Enum, auto

from snomtui.kit.xml import Element, attribute

_NUMBER = re.compile(r"\s*0*([0-9]{1,10})\s*")
"""Some servers write eleven digits, most of them zeros."""


class Freshness(Enum):
    """What a document is worth."""

    FRESH = auto()
    """It follows what we know."""
    GAP = auto()
    """It is newer, but something between was missed: it is used, and everything should be asked for."""
    OLD = auto()
    """It is older than what we know: not used."""


class Edition:
    """The number of the document that was read last; numbers count within one subscription."""

    def __init__(self) -> None:
        self._subscription, self._version = "", -1

    def judge(self, subscription: str, version: int | None, full: bool) -> Freshness:
        """Judge a document, and note its number unless it is old.

        `subscription` is the Call-ID; `full`: it tells everything, so nothing can have been missed. A document
        without a number is taken as it comes. One number twice is an old document only if it tells a part.
        """
        first = subscription != self._subscription
        last = -1 if first else self._version
        if version is None:
            return Freshness.FRESH
        if not first and (version < last or (version == last and not full)):
            return Freshness.OLD
        self._subscription, self._version = subscription, version
        return Freshness.FRESH if full or (not first and version <= last + 1) else Freshness.GAP

    def begins(self, subscription: str) -> bool:
        """Whether nothing of this subscription has been read."""
        return subscription != self._subscription


def version_of(root: Element) -> int | None:
    """The number of a document, its attribute `version`; None if it has none that can be read."""
    found = _NUMBER.fullmatch(attribute(root, "version") or "")
    return int(found[1]) if found else None
