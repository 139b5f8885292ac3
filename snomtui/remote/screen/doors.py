"""What the page needs of whoever draws the phone, and nothing more; the composition root provides it."""

from __future__ import annotations

from typing import Protocol


class Screen(Protocol):
    """What one tab shows. All calls are made in the loop that the server was started in."""

    def put(self, text: str) -> None:
        """Keys, clicks and pasted text, as a terminal would send them (xterm's sequences)."""

    def resize(self, columns: int, rows: int) -> None:
        """The tab has another size now, in character cells."""

    async def get(self) -> str:
        """Wait for what is to be sent next: a letter that tells its kind, then the text; empty at the end.

        Kinds: `A` characters and control sequences as for a terminal; `D` the display as JSON, for those who cannot
        see it; `F` a file for the person to save, as JSON with `name` and `data` in base64; `X` this screen was closed
        from inside.
        """

    async def close(self) -> None:
        """The tab is gone."""


class Screens(Protocol):
    """Makes screens, all of the same phone."""

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The columns and rows that the phone's faces need, the largest first."""

    def open(self, columns: int, rows: int) -> Screen:
        """A screen of this size, for one tab. To be called in the loop that the server was started in."""

    async def picture(self, kind: str) -> bytes:
        """The phone as it looks now: `svg` or `png` with its case, `bmp` the display alone. Raises `DrawingError`."""

    async def put_away(self) -> None:
        """No pictures are wanted any more; takes a bounded time."""
