"""The phone as it looks now: the model drawn into a snapshot."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.clock import time
from snomtui.phone.leds import labels, leds
from snomtui.phone.model import Model
from snomtui.phone.pages.kinds import KINDS
from snomtui.phone.pages.page import lone, wrapped
from snomtui.phone.snapshot import Page, Row, Snapshot
from snomtui.phone.status import status
from snomtui.presence import Presence
from snomtui.skin import Shape

_VOLUMES = {"handset": "vol_handset", "speaker": "vol_speaker", "headset": "vol_handset", "": "vol_ringer"}


def draw(model: Model, shape: Shape, now: float) -> Snapshot:
    """The whole phone at this moment."""
    screen = model.screen
    page = KINDS[screen.name].draw(model, shape, screen, now)
    page, line = _told(model, page, shape)
    return Snapshot(
        model=shape.model,
        page=page,
        status=line,
        clock=time(model.settings, now),
        leds=leds(model, shape.led_colors),
        labels=labels(model),
        identities=tuple(model.identities[n] for n in sorted(model.identities)),
        calls=tuple(replace(call, shown=call.id == model.shown_call) for call in model.calls.values()),
        own=model.own.get(model.active_line, Presence()),
        muted=model.muted,
        handset=model.device,
        volume=model.settings.number(_VOLUMES[model.device]),
        ringer=model.ringer,
        language=model.language.name,
    )


def _told(model: Model, page: Page, shape: Shape) -> tuple[Page, str]:
    """The page and the status line: a message first, else what should not be forgotten.

    A message finds its place on every display; the rest needs a status line, and on the idle page rows if that is full.
    """
    notice, parts = model.notice, status(model)
    if lone(shape):
        return (replace(page, rows=(Row(notice, style="alert"),), cursor=None, entry=None) if notice else page), ""
    if notice:
        fits = len(notice) <= shape.columns
        return (page, notice) if fits else (_with_message(page, wrapped(notice, shape), shape, "alert"), "")
    line = list[str]()
    for part in parts:
        if len("  ".join((*line, part))) <= shape.columns:
            line.append(part)
    rest = [text for part in parts if part not in line for text in wrapped(part, shape)]
    if rest and page.name == "idle":
        page = _with_message(page, rest, shape, "")
    return page, "  ".join(line)


def _with_message(page: Page, lines: list[str], shape: Shape, style: str) -> Page:
    """What is too long for the status line takes the last rows of the page."""
    height = max(1, shape.rows - len(lines))
    top = max(0, page.cursor - height + 1) if page.cursor is not None else 0
    rows = page.rows[top : top + height]
    message = tuple(Row(line, style=style) for line in lines[: shape.rows - len(rows)])
    return replace(
        page,
        rows=(*rows, *message),
        picture=None,
        cursor=page.cursor - top if page.cursor is not None else None,
        above=page.above + top,
        below=page.below + len(page.rows) - top - len(rows),
    )
