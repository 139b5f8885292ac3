"""Identifiers as a snom makes them, from random bytes that come from outside."""

from __future__ import annotations

from collections.abc import Callable

Dice = Callable[[int], bytes]
"""Gives n random bytes; seeded in tests."""

_BASE36 = (b"0123456789abcdefghijklmnopqrstuvwxyz" * 8)[:256]
"""What each random byte becomes."""


class Ids:
    """Tags, branches and Call-IDs in the phone's own form (reference: wire captures of firmware 7 and 8)."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice

    def token(self, length: int) -> str:
        """`length` characters of 0-9a-z."""
        return self.dice(length).translate(_BASE36).decode()

    def hex(self, digits: int) -> str:
        """`digits` lower-case hexadecimal digits."""
        return self.dice((digits + 1) // 2).hex()[:digits]

    def tag(self) -> str:
        """A From or To tag (RFC 3261 19.3): ten characters."""
        return self.token(10)

    def branch(self) -> str:
        """A Via branch with the magic cookie of RFC 3261 8.1.1.7."""
        return f"z9hG4bK-{self.token(12)}"

    def call_id(self) -> str:
        """A Call-ID such as `3c2688891598-8lqnbdxvv6ip`."""
        return f"{self.hex(12)}-{self.token(12)}"
