"""Pages that are lists to pick from: presence choice, call lists, menu, identities, information, help."""

from __future__ import annotations

from collections.abc import Callable

from snomtui import __version__
from snomtui.phone.clock import date, duration, time
from snomtui.phone.intents import ClearList, Dial, Go, LogOff, Reboot, Register, SetPresence, SetSetting
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import Back, Kind, Step, pick, scroll, soft_keys
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.presence import CHOICES, WORDS, Availability
from snomtui.skin import Shape

BACK = SoftKey("Back", Go("back"))
OK = SoftKey("OK", Go("ok"))
NOTE = SoftKey("Note", Go("note"))
LIST_TITLES = {"missed": "Missed calls", "received": "Received calls", "dialed": "Dialled calls"}

Rows = Callable[[Model, Screen, float], list[Row]]
Title = Callable[[Screen], str]
Soft = Callable[[Screen], tuple[SoftKey | None, ...]]


def _list(name: str, title: Title, rows: Rows, soft: Soft | None = None, empty: str = "Nothing here") -> Kind:
    def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
        page = Page(name, title(screen), softkeys=soft(screen) if soft else soft_keys(OK, None, None, BACK))
        found = rows(model, screen, now)
        return scroll(page, found or [Row(empty, style="dim")], screen.cursor if found else 0, shape.rows)

    def press(model: Model, screen: Screen, key: str, now: float) -> Step:
        if key in ("CANCEL", "LEFT", "back"):
            return Back()
        found = rows(model, screen, now)
        return pick(screen, "ENTER" if key in ("ok", "dial", "OFFHOOK", "RIGHT") else key, found)

    return Kind(draw, press)


def _presence(model: Model, screen: Screen, now: float) -> list[Row]:
    chosen = model.settings.text("presence_state")
    rows = [
        Row(
            "Appear offline" if state is Availability.OFFLINE else WORDS[state],
            right="chosen" if state.value == chosen else "",
            presence=state,
            intent=SetPresence(state),
        )
        for state in CHOICES
    ]
    return [*rows, Row(f"Note: {model.note}", intent=Go("note"))] if model.note else rows


def _call_lists(model: Model, screen: Screen, now: float) -> list[Row]:
    lists = [
        Row(title, right=str(len(model.history.list(which))), intent=Go(f"calls:{which}"))
        for which, title in LIST_TITLES.items()
    ]
    return [*lists, Row("Messages", right=str(len(model.letters)), intent=Go("messages"))]


def _calls(model: Model, screen: Screen, now: float) -> list[Row]:
    today = date(model.settings, now)
    rows = []
    for record in model.history.list(screen.subject or "missed"):
        day = date(model.settings, record.at)
        when = time(model.settings, record.at) if day == today else day
        lasted = f"  {duration(record.seconds)}" if record.seconds else ""
        rows.append(
            Row(record.name or record.number, right=f"{when}{lasted}", intent=Dial(record.number, record.identity))
        )
    return rows


def _calls_soft(screen: Screen) -> tuple[SoftKey | None, ...]:
    return soft_keys(SoftKey("Dial", Go("dial")), None, SoftKey("Clear", ClearList(screen.subject or "missed")), BACK)


def _menu(model: Model, screen: Screen, now: float) -> list[Row]:
    here = model.active_line
    dnd = model.settings.on("dnd_mode")
    return [
        Row("Presence", intent=Go("presence")),
        Row("Contacts", intent=Go("contacts")),
        Row("Call lists", intent=Go("call_lists")),
        Row("Do not disturb", right="on" if dnd else "off", intent=SetSetting("dnd_mode", "off" if dnd else "on")),
        Row("Sign in", right=f"line {here}", intent=Go("sign_in")),
        Row("Identities", intent=Go("identities")),
        Row("Re-register", right=f"line {here}", intent=Register(here)),
        Row("Log off", right=f"line {here}", intent=LogOff(here)),
        Row("System information", intent=Go("info")),
        Row("Reboot", intent=Reboot()),
    ]


def _identities(model: Model, screen: Screen, now: float) -> list[Row]:
    return [
        Row(
            f"{n}: {identity.aor}",
            right="active" if identity.active else identity.state,
            intent=SetSetting("active_line", str(n)),
        )
        for n, identity in model.identities.items()
    ]


def _info(model: Model, screen: Screen, now: float) -> list[Row]:
    identity = model.identities.get(model.active_line)
    rows = [
        Row("Firmware", right=model.settings.text("sim_firmware")),
        Row("Program", right=f"snomtui {__version__}"),
        Row("MAC", right=model.settings.text("sim_mac")),
    ]
    if identity:
        words = {"none": "none", "digest": "Digest", "ntlmv1": "NTLMv1", "ntlmv2": "NTLMv2"}
        rows += [
            Row("Identity", right=identity.aor),
            Row("Registration", right=identity.state),
            Row("Transport", right=identity.transport or "-"),
            Row("Authentication", right=words.get(identity.auth, identity.auth)),
            Row("Expires", right=f"{identity.expires} s" if identity.expires else "-"),
        ]
    return rows


def _help(model: Model, screen: Screen, now: float) -> list[Row]:
    return [
        Row("Type a number, then OK"),
        Row("OK takes a call, X ends it"),
        Row("Hold key: hold and take back"),
        Row("P keys: lines and people"),
        Row("Contacts: type to search, left closes"),
        Row("Up, down: move, other identity"),
        Row("Left: received, right: missed calls"),
    ]


PRESENCE = _list("presence", lambda s: "My presence", _presence, lambda s: soft_keys(OK, NOTE, None, BACK))
CALL_LISTS = _list("call_lists", lambda s: "Call lists", _call_lists)
CALLS = _list("calls", lambda s: LIST_TITLES.get(s.subject, "Missed calls"), _calls, _calls_soft, "No calls")
MENU = _list("menu", lambda s: "Menu", _menu)
IDENTITIES = _list("identities", lambda s: "Identities", _identities, empty="No identity")
INFO = _list("info", lambda s: "System information", _info)
HELP = _list("help", lambda s: "Help", _help)
