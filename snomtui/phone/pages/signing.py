"""The sign-in form: who one is, and at which server.

The domain of the login has a field of its own where the login does not name it (`DOMAIN\\user`, `user@domain`).
"""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Go, Intent, Register, SetSetting
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import back, labelled, mode_key
from snomtui.phone.pages.idle import reason_of
from snomtui.phone.pages.page import (
    Back,
    Kind,
    Many,
    Step,
    clipped,
    lone,
    next_mode,
    scroll,
    soft_keys,
    to_field,
    typed,
    wrapped,
)
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

ADDRESS, LOGIN, PASSWORD, SERVER, DOMAIN = "Address", "Login", "Password", "Server", "Domain"
FIELDS = (ADDRESS, LOGIN, PASSWORD, SERVER)
WITH_DOMAIN = (ADDRESS, LOGIN, DOMAIN, PASSWORD, SERVER)
"""The fields by their English names."""


def _words(model: Model) -> dict[str, tuple[str, str]]:
    """What each field is called, and what stands in it while it is empty."""
    say = model.say
    return {
        ADDRESS: (say("Address"), say("user@domain")),
        LOGIN: (say("Login"), say("DOMAIN\\user")),
        PASSWORD: (say("Password"), ""),
        SERVER: (say("Server"), say("automatic")),
        DOMAIN: (say("Domain"), say("Windows domain")),
    }


def opened(model: Model) -> Screen:
    """The sign-in form with what is known already; the password is never filled in."""
    n, settings = model.active_line, model.settings
    user, host = settings.text("user_name", n), settings.text("user_host", n)
    address = f"{user}@{host}" if user and host else ""
    login = settings.text("user_pname", n)
    asks = settings.text("user_server_type", n) == "ocs" and _lacks_domain(login)
    known = {ADDRESS: address, LOGIN: login, SERVER: settings.text("user_outbound", n)}
    fields = tuple(known.get(name, "") for name in (WITH_DOMAIN if asks else FIELDS))
    return Screen("sign_in", entry=fields[0], mode="abc", fields=fields)


def _lacks_domain(login: str) -> bool:
    return bool(login.strip()) and "\\" not in login and "@" not in login


def _names(screen: Screen) -> tuple[str, ...]:
    return WITH_DOMAIN if len(screen.fields) == len(WITH_DOMAIN) else FIELDS


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The fields, of which the marked one takes what is typed; below them, why the last try was refused."""
    rows, names, say = [], _names(screen), model.say
    words = _words(model)
    for n, label in enumerate(names):
        value = screen.entry if n == screen.cursor else screen.fields[n]
        shown = "*" * len(value) if label == PASSWORD else value
        word, hint = words[label]
        alone = lone(shape) and n == screen.cursor  # what is typed stands beside the label then
        text = word if alone else f"{word}: {shown}"
        rows.append(Row(text, right="" if shown else hint, intent=Go(f"field:{n}")))
    entry = "*" * len(screen.entry) if names[screen.cursor] == PASSWORD else screen.entry
    wants_domain = names is FIELDS and names[screen.cursor] == LOGIN and _lacks_domain(screen.entry)
    onward = labelled(model, "Domain", Go("domain")) if wants_domain else labelled(model, "Next", Go("next"))
    page = Page(
        "sign_in",
        say("Sign in, line {number}", number=model.active_line),
        softkeys=soft_keys(
            labelled(model, "Sign in", Go("save")),
            mode_key(model),
            onward,
            back(model),
        ),
        entry=entry,
        mode=screen.mode,
    )
    shown_page = scroll(page, rows, screen.cursor, shape.rows)
    why = _refused(model, shape, shape.rows - len(shown_page.rows))
    return replace(shown_page, rows=(*shown_page.rows, *why))


def _refused(model: Model, shape: Shape, room: int) -> list[Row]:
    identity = model.identities.get(model.active_line)
    if identity is None or identity.state not in ("refused", "waiting"):
        return []
    return [Row(line, style="alert") for line in clipped(wrapped(reason_of(model, identity), shape), room)]


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """Up, down and OK change the field; OK on the last one signs in."""
    if key in ("CANCEL", "back"):
        return Back()
    if key == "save" or (key == "ENTER" and screen.cursor == len(screen.fields) - 1):
        return _save(model, to_field(screen, screen.cursor))
    if key in ("DOWN", "ENTER", "next", "TEXT:\t"):
        return to_field(screen, screen.cursor + 1)
    if key == "UP":
        return to_field(screen, screen.cursor - 1)
    if key == "domain":
        return _asking_domain(to_field(screen, screen.cursor))
    if key.startswith("field:"):
        return to_field(screen, int(key[6:]))
    if key == "mode":
        return next_mode(screen)
    return typed(screen, "BACKSPACE" if key == "LEFT" else key, now) or screen


def _asking_domain(screen: Screen) -> Screen:
    """The same form with a field for the domain, in which the cursor stands."""
    values = dict(zip(_names(screen), screen.fields, strict=True))
    fields = tuple(values.get(name, "") for name in WITH_DOMAIN)
    at = WITH_DOMAIN.index(DOMAIN)
    return replace(screen, fields=fields, cursor=at, entry=fields[at], tapped=("", 0, 0.0))


def _save(model: Model, screen: Screen) -> Step:
    values = dict(zip(_names(screen), screen.fields, strict=True))
    typed_in = {name: value.strip() for name, value in values.items()}
    user, at, host = typed_in[ADDRESS].removeprefix("sip:").partition("@")
    if not (user and at and host):
        return replace(to_field(screen, 0), subject="Address must be user@domain")
    login, domain = typed_in[LOGIN], typed_in.get(DOMAIN, "")
    if domain and "\\" not in login and "@" not in login:
        login = f"{domain}\\{login or user}"
    n = model.active_line
    wanted = {
        "user_name": user,
        "user_host": host,
        "user_pname": login,
        "user_outbound": typed_in[SERVER],
        "user_active": "on",
    }
    if "\\" in login:
        wanted["user_server_type"] = "ocs"
    if typed_in[PASSWORD]:
        wanted["user_pass"] = values[PASSWORD]
    wishes: list[Intent] = [SetSetting(f"{name}{n}", value) for name, value in wanted.items()]
    return Many((*wishes, Register(n), Go("idle")), leave=False)


KIND = Kind(draw, press)
