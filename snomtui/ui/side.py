"""What only colour and touch displays have: labels of keys, keys and icons on the screen, the list of calls.

Pure. Whoever says something of an LED here says it twice, by its shape and by its colour.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

from snomtui.language import Language
from snomtui.phone.snapshot import CallState, Led, Pattern, Snapshot
from snomtui.phone.words import state_word
from snomtui.skin import Place, Plan, Skin, Spot
from snomtui.ui.blink import blinks, lit
from snomtui.ui.softkeys import Line
from snomtui.ui.text import centred, cut, cut_label, harmless, left, right

_SHAPES = {"red": "BUSY", "green": "AVAILABLE", "orange": "AWAY"}
"""The glyph of an LED of several colours: that of the presence which it mostly tells."""


def side_line(y: int, plan: Plan, snapshot: Snapshot, skin: Skin, language: Language, tick: int) -> Line:
    """The part of one line that is right of the page."""
    width = plan.width - plan.page
    spot = next((one for one in plan.spots if one.place.x >= plan.page and one.has(plan.width - 1, y)), None)
    if spot is None or spot.kind not in ("key", "call"):
        return [(" " * width, "side-none" if skin.display.kind == "touch" else "text")]
    if spot.kind == "call":
        return _call_line(snapshot.calls[int(spot.name)], y - spot.place.y, width, skin, language)
    if skin.display.kind == "touch":
        return _key(spot, snapshot, skin, tick)
    return _label(spot, snapshot, skin)


def _label(spot: Spot, snapshot: Snapshot, skin: Skin) -> Line:
    """The label of a key of the case, towards that key; its LED is on the case."""
    label = harmless(snapshot.labels.get(spot.name, ""))
    room, style = spot.place.width - 3, "side" if label else "side-free"
    edge = (skin.glyphs["cap_middle"][0], f"{style}-edge")
    if cell_len(label) > room:  # a long name takes the margins too
        return [edge, (right(cut_label(label, room + 2, skin.glyphs["ellipsis"]), room + 2), style)]
    return [(" ", "text"), edge, (right(label or spot.name, room) + " ", style)]


def _key(spot: Spot, snapshot: Snapshot, skin: Skin, tick: int) -> Line:
    """A key on the screen: its LED, then its label or else its name."""
    led = snapshot.leds.get(spot.name, Led())
    label = harmless(snapshot.labels.get(spot.name, ""))
    room = spot.place.width - 3
    text = left(cut_label(label or spot.name, room, skin.glyphs["ellipsis"]), room)
    glyph, tone = led_mark(led, tick, skin)
    return [(" ", "side"), (f"{glyph} ", tone), (text, "side" if label else "side-quiet")]


def led_mark(led: Led, tick: int, skin: Skin) -> tuple[str, str]:
    """The character and the style of an LED on the screen at this moment."""
    shining = lit(led.pattern, tick)
    if blinks(led.pattern):
        name = "blink_lit" if shining else "blink_dark"
    elif led.pattern is Pattern.ON:
        name = _SHAPES.get(led.color, "lit") if len(skin.shape.led_colors) > 1 else "lit"
    else:
        name = "off"
    return skin.glyphs[name], f"led-{led.color}" if shining else "led-off"


def _call_line(call: CallState, line: int, width: int, skin: Skin, language: Language) -> Line:
    """The name of a call, and below it how it stands."""
    style = "call-shown" if call.shown else "call"
    text = call_word(call, language) if line else harmless(call.remote_name or call.number)
    mark = skin.glyphs["cursor"] if call.shown and not line else " "
    return [(mark + " " + left(cut(text, width - 2, skin.glyphs["ellipsis"]), width - 2), style)]


def call_word(call: CallState, language: Language) -> str:
    """How a call stands, in a word."""
    talking = language.say("conference") if call.conference else language.say("connected")
    return state_word(call.state, language.say) or talking


def extra_lines(plan: Plan, snapshot: Snapshot, skin: Skin, language: Language, tick: int) -> dict[int, Line]:
    """The lines of the page that keys and icons take, by their number."""
    lines: dict[int, Line] = {}
    spots = [spot for spot in plan.spots if spot.kind in ("key", "icon") and spot.place.x < plan.page]
    for y in sorted({spot.place.y + n for spot in spots for n in range(spot.place.height)}):
        here = [spot for spot in spots if spot.place.y <= y < spot.place.y + spot.place.height]
        lines[y] = _filled(here, [_extra(one, y, snapshot, skin, language, tick) for one in here], plan.page)
    return lines


def _filled(spots: Iterable[Spot], parts: Iterable[Line], width: int) -> Line:
    """The parts in their places, blanks between and behind them."""
    line: Line = []
    at = 0
    for spot, part in zip(spots, parts, strict=True):
        line += [(" " * (spot.place.x - at), "text"), *part]
        at = spot.place.x + spot.place.width
    return [*line, (" " * (width - at), "text")]


def _extra(spot: Spot, y: int, snapshot: Snapshot, skin: Skin, language: Language, tick: int) -> Line:
    if spot.kind == "key":
        glyph, tone = led_mark(snapshot.leds.get(spot.name, Led()), tick, skin)
        label = harmless(snapshot.labels.get(spot.name, "")) or spot.name
        room = spot.place.width - 4
        return [
            (" ", "side"),
            (f"{glyph} ", tone),
            (left(cut_label(label, room, skin.glyphs["ellipsis"]), room), "side"),
            (" ", "text"),
        ]
    icon = next(one for one in skin.display.icons if one.key == spot.name)
    glyph = icon.glyph if skin.glyphs["half"] or icon.glyph.isascii() else ""
    text = _short(icon.label, language) if y > spot.place.y else glyph
    return _icon(cut(text, spot.place.width - 2, skin.glyphs["ellipsis"]), spot.place, y, skin)


def _short(label: str, language: Language) -> str:
    """A label in few letters: a language may have a shorter word for it, under `Redial (short)`."""
    return language.words.get(f"{label} (short)") or language.say(label)


def _icon(text: str, place: Place, y: int, skin: Skin) -> Line:
    """One of the two lines of an icon."""
    sides = skin.glyphs["cap_middle"]
    style = "icon" if y > place.y else "icon-glyph"
    return [(sides[0], "icon-edge"), (centred(text, place.width - 2), style), (sides[2], "icon-edge")]
