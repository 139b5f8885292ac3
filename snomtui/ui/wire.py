"""What a tab of a browser has still to be sent: bounded, and never in the way of the phone.

May import nothing of the ui. Must not know Textual.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable

MOST = 256 * 1024
"""So many characters wait for a tab that reads slowly; then they are thrown away and all is drawn anew."""


class Wire:
    """Pieces of one screen on their way out. What happens between two looks goes out in one piece."""

    def __init__(self) -> None:
        self.draw_all: Callable[[], None] = lambda: None
        """Asks for a whole new drawing."""
        self._parts: list[str] = []
        self._waiting = 0
        self._behind = False
        self._display = self._file = ""
        self._ended = self._closed = False
        self._bell = asyncio.Event()

    def write(self, text: str) -> None:
        """Characters and control sequences."""
        if self._behind or not text:
            return
        self._parts.append(text)
        self._waiting += len(text)
        if self._waiting > MOST:
            self._behind = True
            self._forget()
        self._bell.set()

    def tell(self, display: str) -> None:
        """What the display says; the newest wins."""
        self._display = display
        self._bell.set()

    def offer(self, name: str, data: bytes) -> None:
        """A file to be saved by the person; the newest wins."""
        self._file = json.dumps({"name": name, "data": b64encode(data).decode("ascii")})
        self._bell.set()

    def close_page(self) -> None:
        """The person has closed this screen, not lost it."""
        self._closed = True

    def end(self) -> None:
        """There will be no more."""
        self._ended = True
        self._bell.set()

    async def get(self) -> str:
        """The next piece, see `snomtui.remote.screen.doors.Screen.get`: called again when that one has left."""
        while True:
            if self._behind:
                self._behind = False
                self.draw_all()
            if self._parts:
                text = "".join(self._parts)
                self._forget()
                return f"A{text}"
            if self._display:
                display, self._display = self._display, ""
                return f"D{display}"
            if self._file:
                file, self._file = self._file, ""
                return f"F{file}"
            if self._ended and self._closed:
                self._closed = False
                return "X"
            if self._ended:
                return ""
            self._bell.clear()
            await self._bell.wait()

    def _forget(self) -> None:
        self._parts.clear()
        self._waiting = 0
