"""What belongs to a place, such as a connection or a user: found without a walk, and forgotten with it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

Place = TypeVar("Place", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def forget(index: dict[Place, dict[Key, Value]], place: Place, key: Key) -> None:
    """Take one thing, which must be there, out of an index; a place where nothing is left goes as well."""
    here = index[place]
    del here[key]
    if not here:
        del index[place]
