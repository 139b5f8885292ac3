"""The smallest Textual app that shows a word: what our first paint is compared with. `python -m tests.bench.empty`"""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label


class Empty(App[None]):
    """One word on a screen."""

    def compose(self) -> ComposeResult:
        """The word."""
        yield Label("painted")


if __name__ == "__main__":
    Empty().run()
