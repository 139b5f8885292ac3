"""Administrator mode and user mode: which one it is, and the password that leads to the first."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Administer, Go, SetSetting
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, back, choose, drawn, erase_key, labelled, mode_key
from snomtui.phone.pages.page import Back, Kind, Many, Step, lone, next_mode, soft_keys, typed
from snomtui.phone.snapshot import Page, Row
from snomtui.settings import modes
from snomtui.skin import Shape

LONGEST = 100
"""Characters of a password that is typed."""


def _rows(model: Model) -> list[Row]:
    administers, mark = modes.administers(model.settings), model.say("chosen")
    return [
        Row(
            model.say("Administrator mode"),
            right=mark if administers else "",
            intent=Go("back") if administers else Go("administrator"),
        ),
        Row(
            model.say("User mode"),
            right="" if administers else mark,
            intent=SetSetting("admin_mode", "off") if administers else Go("back"),
        ),
    ]


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Both modes, the present one marked."""
    return drawn(model, shape, screen, "modes", Listing(model.say("Mode"), _rows(model), numbered=True))


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK takes the marked mode; to the administrator's leads a password."""
    step = choose(screen, key, _rows(model), now)
    return Many((step,)) if isinstance(step, SetSetting) else step


def draw_password(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The field for the administrator password."""
    title = model.say("Administrator password")
    soft = soft_keys(labelled(model, "OK", Go("ok")), mode_key(model), erase_key(model), back(model))
    page = Page("administrator", title, softkeys=soft, entry="*" * len(screen.entry), mode=screen.mode)
    return replace(page, rows=(Row(title),), cursor=0) if lone(shape) else page


def press_password(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK tries the password; a wrong one is refused and may be typed anew."""
    if key in ("CANCEL", "ONHOOK", "back"):
        return Back()
    if key == "mode":
        return next_mode(screen)
    if key in ("ENTER", "ok"):
        return Many((Administer(screen.entry),))
    fresh = typed(screen, "BACKSPACE" if key in ("LEFT", "erase") else key, now)
    return fresh if fresh is not None and len(fresh.entry) <= LONGEST else screen


KIND = Kind(draw, press)
PASSWORD = Kind(draw_password, press_password)
