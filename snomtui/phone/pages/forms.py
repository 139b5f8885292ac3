"""Pages where texts are typed: sign-in and transfer."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Go, Intent, Register, SetSetting, Transfer
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import MODE, Back, Kind, Many, Step, move, next_mode, scroll, soft_keys, typed
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.skin import Shape

FIELDS = ("Address", "Login", "Password", "Server")
JOINABLE = ("dialling", "ringing", "talking", "holding", "held")
"""States of a call with which another one can be connected."""
HINTS = ("user@domain", "DOMAIN\\user", "", "automatic")


def opened(model: Model) -> Screen:
    """The sign-in form with what is known already; the password is never filled in."""
    n, settings = model.active_line, model.settings
    user, host = settings.text("user_name", n), settings.text("user_host", n)
    address = f"{user}@{host}" if user and host else ""
    fields = (address, settings.text("user_pname", n), "", settings.text("user_outbound", n))
    return Screen("sign_in", entry=fields[0], mode="abc", fields=fields)


def draw_sign_in(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Four fields; the marked one takes what is typed."""
    rows = []
    for n, label in enumerate(FIELDS):
        value = screen.entry if n == screen.cursor else screen.fields[n]
        shown = "*" * len(value) if label == "Password" else value
        rows.append(Row(f"{label}: {shown}", right="" if shown else HINTS[n], intent=Go(f"field:{n}")))
    entry = "*" * len(screen.entry) if FIELDS[screen.cursor] == "Password" else screen.entry
    page = Page(
        "sign_in",
        f"Sign in, line {model.active_line}",
        softkeys=soft_keys(
            SoftKey("Sign in", Go("save")), MODE, SoftKey("Next", Go("next")), SoftKey("Back", Go("back"))
        ),
        entry=entry,
        mode=screen.mode,
    )
    return scroll(page, rows, screen.cursor, shape.rows)


def press_sign_in(model: Model, screen: Screen, key: str, now: float) -> Step:
    """Up, down and OK change the field; OK on the last one signs in."""
    if key in ("CANCEL", "back"):
        return Back()
    if key == "save" or (key == "ENTER" and screen.cursor == len(FIELDS) - 1):
        return _save(model, _field(screen, screen.cursor))
    if key in ("DOWN", "ENTER", "next", "TEXT:\t"):
        return _field(screen, screen.cursor + 1)
    if key == "UP":
        return _field(screen, screen.cursor - 1)
    if key.startswith("field:"):
        return _field(screen, int(key[6:]))
    if key == "mode":
        return next_mode(screen)
    return typed(screen, "BACKSPACE" if key == "LEFT" else key, now) or screen


def _field(screen: Screen, cursor: int) -> Screen:
    fields = list(screen.fields)
    fields[screen.cursor] = screen.entry
    cursor %= len(FIELDS)
    return replace(screen, cursor=cursor, fields=tuple(fields), entry=fields[cursor], tapped=("", 0, 0.0))


def _save(model: Model, screen: Screen) -> Step:
    address, login, password, server = (text.strip() for text in screen.fields)
    user, at, host = address.removeprefix("sip:").partition("@")
    if not (user and at and host):
        return replace(_field(screen, 0), subject="Address must be user@domain")
    n = model.active_line
    values = {"user_name": user, "user_host": host, "user_pname": login, "user_outbound": server, "user_active": "on"}
    if "\\" in login:
        values["user_server_type"] = "ocs"
    if password:
        values["user_pass"] = screen.fields[2]
    wishes: list[Intent] = [SetSetting(f"{name}{n}", value) for name, value in values.items()]
    return Many((*wishes, Register(n), Go("idle")), leave=False)


def _others(model: Model) -> list[Row]:
    """The other calls, with which this one can be connected."""
    return [
        Row(f"{call.key} {call.remote_name or call.number}".strip(), intent=Transfer(call.id, model.shown_call))
        for call in model.calls.values()
        if call.id != model.shown_call and call.state in JOINABLE
    ]


def draw_transfer(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Where the other side shall go: a number, or one of the other calls."""
    call = model.call
    who = (call.remote_name or call.number) if call else ""
    soft = soft_keys(SoftKey("Transfer", Go("ok")), MODE, None, SoftKey("Back", Go("back")))
    title = f"Transfer {who}"
    others = [] if screen.entry else _others(model)
    if others:
        page = Page("transfer", title, softkeys=soft, entry=screen.entry, mode=screen.mode)
        return scroll(page, others, screen.cursor, shape.rows)
    rows = (Row("Enter the number, then OK"),)
    return Page("transfer", title, rows, soft, entry=screen.entry, mode=screen.mode)


def press_transfer(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK sends the other side to the number that was typed; as long as there is none, to the marked call."""
    if key in ("CANCEL", "back"):
        return Back()
    if key == "mode":
        return next_mode(screen)
    others = [] if screen.entry else _others(model)
    if key in ("ENTER", "ok", "TRANSFER"):
        if others:
            wish = others[min(screen.cursor, len(others) - 1)].intent
            return Many((wish,)) if wish else screen
        return Many((Transfer(screen.entry.strip(), model.shown_call),)) if screen.entry.strip() else screen
    return move(screen, key, len(others)) or typed(screen, "BACKSPACE" if key == "LEFT" else key, now) or screen


SIGN_IN = Kind(draw_sign_in, press_sign_in)
TRANSFER = Kind(draw_transfer, press_transfer)
