"""What keeps several Textual apps in one process apart: contexts, and styles.

Textual finds the app that is meant by the context of the task. So what a tab wants of the phone is done in the phone's
context, and what the phone tells a tab in the tab's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.snapshot import Snapshot
from snomtui.ui.doors import Doors

_LOOKS = ("bold", "dim", "italic", "underline", "blink", "reverse", "conceal", "strike", "underline2", "overline")


class Apart:
    """The doors of the phone for one tab, so that neither side works in the other one's context."""

    def __init__(self, phone: Doors, home: Context) -> None:
        """`home` is the context in which the phone lives."""
        self._phone, self._home = phone, home

    def snapshot(self) -> Snapshot:
        """The phone at this moment."""
        return self._phone.snapshot()

    def do(self, intent: Intent) -> Refusal | None:
        """Carry out what a person wants, or say why not."""
        return self._home.copy().run(self._phone.do, intent)  # a copy: nobody may be in a context twice

    def listen(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call back in the context of whoever calls this, a moment later; what is returned ends that."""
        mine, loop = copy_context(), asyncio.get_running_loop()

        def hear(snapshot: Snapshot) -> None:
            loop.call_soon(callback, snapshot, context=mine)

        return self._phone.listen(hear)


@lru_cache(maxsize=4096)
def _own(style: Style) -> Style:
    """The same style as an object that only tabs draw; marked, as Rich takes equal ones for one another."""
    looks = {name: getattr(style, name) for name in _LOOKS}
    marked = {**style.meta, "tab": True}
    return Style(color=style.color, bgcolor=style.bgcolor, link=style.link, meta=marked, **looks)


class OwnStyles(LineFilter):
    """Gives each piece of a line a style that no other terminal draws.

    Rich notes in a style how the first terminal wrote it. Apps in one process share styles, so without this a tab would
    get the 16 colours of the terminal beside it, or that terminal the 16 million of the tab.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Called by Textual for every line that is drawn."""
        return [Segment(text, _own(style) if style else None, control) for text, style, control in segments]


OWN_STYLES = OwnStyles()  # one, as Textual keeps what a filter has made
