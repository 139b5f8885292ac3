"""What a finger finds on the display: pixels of the snom 870 become wishes (`command.htm?touch=X Y`).

The same geometry serves for drawing and for clicks, so a touch finds what a person sees there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snomtui.phone.snapshot import Pattern, Snapshot
from snomtui.skin import Content, Skin, plan

if TYPE_CHECKING:
    from snomtui.phone.intents import Intent

PIXELS = (480, 272)
"""The touch display of the snom 870, by which positions are given."""


def content(snapshot: Snapshot) -> Content:
    """What has to find its place on the display."""
    page = snapshot.page
    in_call = page.name == "call"
    full = page.picture is not None and page.picture.place == "full"
    return Content(
        rows=0 if full else len(page.rows),
        cursor=page.cursor,
        entry=page.entry is not None,
        calls=len(snapshot.calls) if len(snapshot.calls) > 1 or not in_call else 0,
        used=_used(snapshot),
        idle=page.name == "idle" and not full,
        card=in_call and page.picture is None and bool(page.rows) and page.rows[0].style == "big",
    )


def _used(snapshot: Snapshot) -> tuple[str, ...]:
    """The programmable keys that have a label or an LED that is lit, in their order."""
    lit = {name for name, led in snapshot.leds.items() if led.pattern is not Pattern.OFF}
    names = {name for name in {*snapshot.labels, *lit} if name[0] == "P" and name[1:].isdigit()}
    return tuple(sorted(names, key=lambda name: int(name[1:])))


def touched(snapshot: Snapshot, skin: Skin, x: int, y: int) -> Intent | None:
    """What a touch at this pixel asks for, counted from the top left corner; None where nothing is.

    The first touch of a row puts the cursor on it, the second one is OK, as with a mouse.
    """
    from snomtui.phone.intents import Go, Press, Select  # drawing needs this file too, long before any touch

    face = skin.faces[0]
    spot = plan(skin, face, face.display.width, face.display.height, content(snapshot)).touched(x, y, PIXELS)
    if spot is None:
        return None
    if spot.kind == "call":
        return Go(f"call:{snapshot.calls[int(spot.name)].id}")
    if spot.kind != "row":
        return Press(spot.name)
    number = int(spot.name)
    if number != snapshot.page.cursor:
        return Select(number)
    return snapshot.page.rows[number].intent or Press("ENTER")
