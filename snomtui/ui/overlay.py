"""Something laid over the phone; a few keys or a click beside it take it away."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

ALWAYS: tuple[BindingType, ...] = (
    Binding("ctrl+q", "app.leave", "Quit", show=False, id="overlay.leave"),
    Binding("ctrl+c", "app.help_quit", "How to quit", show=False, id="overlay.help_quit"),
)
"""What is laid over the phone hides the app's own bindings; these two are wanted everywhere."""


class Overlay(ModalScreen[None]):
    """The phone stays in sight below it, and goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *ALWAYS,
        Binding("escape,enter,ctrl+k,ctrl+p,f5,f6", "dismiss", "Close", show=False, id="overlay.close"),
        Binding("up", "scroll('-1')", "Up", show=False, id="overlay.up"),
        Binding("down", "scroll('1')", "Down", show=False, id="overlay.down"),
        Binding("pageup", "page('-1')", "Page up", show=False, id="overlay.pageup"),
        Binding("pagedown,space", "page('1')", "Page down", show=False, id="overlay.pagedown"),
    ]

    def action_scroll(self, lines: str) -> None:
        """Scroll by lines, without animation."""
        self.query_one(VerticalScroll).scroll_relative(y=int(lines), animate=False)

    def action_page(self, pages: str) -> None:
        """Scroll by pages, without animation; a line of the old one stays in sight."""
        area = self.query_one(VerticalScroll)
        area.scroll_relative(y=int(pages) * max(1, area.scrollable_content_region.height - 1), animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click takes it away too."""
        self.dismiss()
