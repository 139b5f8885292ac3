"""The instant messages that came in, as the phone remembers them."""

from __future__ import annotations

from dataclasses import dataclass

LENGTH = 50
"""So many are remembered; the oldest falls out."""
LONGEST = 4000
"""Characters of a text that are remembered."""
_NOTICE = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """One instant message."""

    sender: str
    """`sip:...` in full."""
    text: str
    at: float
    """When it came, seconds since 1970."""

    @property
    def id(self) -> str:
        """What a page names it by."""
        return f"{self.at:.3f}"

    @property
    def address(self) -> str:
        """The sender as a person reads it."""
        return self.sender.removeprefix("sip:").partition(";")[0]

    def on_top_of(self, others: tuple[Letter, ...]) -> tuple[Letter, ...]:
        """All of them, this one first."""
        short = Letter(self.sender, self.text[:LONGEST], self.at)
        return (short, *others[: LENGTH - 1])


def in_one_line(text: str) -> str:
    """A text as it stands on the status line."""
    return " ".join(text[: 4 * _NOTICE].split())[:_NOTICE]
