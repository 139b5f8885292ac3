"""The phone as it looks now: the model drawn into a snapshot."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.clock import time
from snomtui.phone.leds import labels, leds
from snomtui.phone.model import Model
from snomtui.phone.pages.kinds import KINDS
from snomtui.phone.pages.page import wrapped
from snomtui.phone.snapshot import Page, Row, Snapshot
from snomtui.presence import Presence
from snomtui.skin import Shape

_VOLUMES = {"handset": "vol_handset", "speaker": "vol_speaker", "headset": "vol_handset", "": "vol_ringer"}


def draw(model: Model, shape: Shape, now: float) -> Snapshot:
    """The whole phone at this moment."""
    screen = model.screen
    page = KINDS[screen.name].draw(model, shape, screen, now)
    status = _status(model)
    if len(status) > shape.columns:
        page, status = _with_message(page, wrapped(status, shape), shape), ""
    return Snapshot(
        model=shape.model,
        page=page,
        status=status,
        clock=time(model.settings, now),
        leds=leds(model, shape.led_colors),
        labels=labels(model),
        identities=tuple(model.identities[n] for n in sorted(model.identities)),
        calls=tuple(replace(call, shown=call.id == model.shown_call) for call in model.calls.values()),
        own=model.own.get(model.active_line, Presence()),
        muted=model.muted,
        handset=model.device,
        volume=model.settings.number(_VOLUMES[model.device]),
        language=model.language.name,
    )


def _with_message(page: Page, lines: list[str], shape: Shape) -> Page:
    """A message too long for the status line takes the last rows of the page."""
    height = max(1, shape.rows - len(lines))
    top = max(0, page.cursor - height + 1) if page.cursor is not None else 0
    rows = page.rows[top : top + height]
    message = tuple(Row(line, style="alert") for line in lines[: shape.rows - len(rows)])
    return replace(
        page,
        rows=(*rows, *message),
        cursor=page.cursor - top if page.cursor is not None else None,
        above=page.above + top,
        below=page.below + len(page.rows) - top - len(rows),
    )


def _status(model: Model) -> str:
    """The status line: a message first, else what should not be forgotten."""
    if model.notice:
        return model.notice
    parts = []
    identity = model.identities.get(model.active_line)
    if identity and identity.state in ("refused", "waiting"):
        parts.append("NR")
    if model.settings.on("dnd_mode"):
        parts.append("DND active!")
    if model.missed:
        parts.append(f"Missed: {model.missed}")
    return "  ".join(parts)
