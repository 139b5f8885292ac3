"""The security page: what it means that the web server has no password, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Go, SetSetting
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import back, labelled
from snomtui.phone.pages.page import Back, Kind, Step, soft_keys, wrapped
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

_HERE = ("127.0.0.1", "localhost", "[::1]")
"""Addresses that only programs of this machine can reach."""


def is_open(model: Model) -> bool:
    """Whether the phone's web server lets in everybody."""
    return bool(model.web) and not model.settings.text("http_pass")


def warns(model: Model) -> bool:
    """Whether the idle page shall say so."""
    return is_open(model) and not model.warned and not model.settings.on("ignore_security_warning")


def _lines(model: Model, shape: Shape) -> list[Row]:
    say, where = model.say, model.web.partition("://")[2].rpartition(":")[0]
    if not model.web:
        texts = [say("The web server is off.")]
    elif not is_open(model):
        texts = [say("The web server asks for a password. That is well.")]
    else:
        who = (
            say("Every program on this machine can dial, listen to events and change settings.")
            if where in _HERE
            else say("Everybody in this network can dial, listen to events and change settings.")
        )
        texts = [
            say("The web server has no password."),
            who,
            say("Set web user and web password: Menu, Network, Web server."),
        ]
    found = [(line, n) for n, text in enumerate(texts) for line in wrapped(text, shape)]
    return [Row(line, style="alert" if n == 0 and is_open(model) else "") for line, n in found]


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """What it means; the rows scroll."""
    rows = _lines(model, shape)
    height = max(1, shape.rows)
    top = max(0, min(screen.cursor, len(rows) - height))
    soft = soft_keys(None, None, None, back(model))
    if is_open(model):
        ignored = model.settings.on("ignore_security_warning")
        soft = soft_keys(
            labelled(model, "Password", Go("setting:http_pass")),
            labelled(model, "User", Go("setting:http_user")),
            labelled(
                model,
                "Warn" if ignored else "Ignore",
                SetSetting("ignore_security_warning", "off" if ignored else "on"),
            ),
            back(model),
        )
    page = Page("security", model.say("Security"), tuple(rows[top : top + height]), soft, above=top)
    return replace(page, below=max(0, len(rows) - top - len(page.rows)))


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """Up and down scroll; OK goes to the password."""
    if key in ("CANCEL", "ONHOOK", "LEFT", "back"):
        return Back()
    if key == "ENTER" and is_open(model):
        return Go("setting:http_pass")
    if key in ("UP", "DOWN"):
        last = max(0, len(_lines(model, model.shape)) - max(1, model.shape.rows))
        return replace(screen, cursor=max(0, min(screen.cursor + (1 if key == "DOWN" else -1), last)))
    return None


KIND = Kind(draw, press)
