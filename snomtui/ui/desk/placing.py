"""Where the desk goes: beside the phone, below it, or over it where the terminal is too small for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Size

from snomtui.skin import Skin
from snomtui.ui.desk.desk import Desk, views_of

if TYPE_CHECKING:
    from snomtui.ui.front import PhoneScreen

NARROWEST, LOWEST = 40, 12
"""Columns beside the phone, or lines below it, that the desk needs."""


def toggle(screen: PhoneScreen, tab: str = "") -> None:
    """Open the desk, or close it; with the name of a tab that is not shown, show that."""
    for desk in screen.query(Desk):
        if tab and desk.view.tab.name != tab:
            desk.show_tab(tab)
        else:
            screen.desk_tab, screen.desk_views = "", {}
            desk.remove()
            screen.set_focus(None)
        return
    screen.desk_tab = tab or "trace"
    desk = made(screen)
    screen.mount(desk)
    place(screen, screen.size)


def takes(screen: PhoneScreen, event: events.Key) -> bool:
    """Whether the desk takes a key that came to the phone: one typed right behind what gave the desk the keys."""
    for desk in screen.query(Desk):
        if screen.focused is desk:
            return desk.take(event)
    return False


def made(screen: PhoneScreen) -> Desk:
    """A desk for this phone, with what was looked at before."""
    kept = screen.app.desk()
    views = screen.desk_views or views_of(screen, kept)
    return Desk(kept, views, screen.desk_tab, dict(screen.app.skin.glyphs))


def place(screen: PhoneScreen, size: Size, focus: bool = False) -> None:
    """Put the desk where there is room in a terminal of this size; `focus`: the keys go there."""
    for desk in screen.query(Desk):
        where, room = room_for(screen.app.skin, size)
        for name in ("beside", "below", "over"):
            desk.set_class(name == where, f"-{name}")
        desk.styles.width = room if where == "beside" else "100%"
        desk.styles.height = room if where == "below" else "100%"
        if focus or where == "over":
            screen.set_focus(desk)


def room_for(skin: Skin, size: Size) -> tuple[str, int]:
    """Where, and how many columns or lines; the phone keeps what its largest face here needs."""
    low = [face for face in skin.faces if face.height < size.height] or [skin.faces[-1]]
    wide = max(face.width for face in low)
    if size.width - wide >= NARROWEST:
        return "beside", size.width - wide
    narrow = [face for face in skin.faces if face.width <= size.width] or [skin.faces[-1]]
    high = max(face.height for face in narrow) + 1
    if size.height - high >= LOWEST:
        return "below", size.height - high
    return "over", 0
