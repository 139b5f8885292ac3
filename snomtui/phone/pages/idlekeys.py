"""What the keys around the idle display mean: its soft keys and the navigation disc, both by settings."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.phone.intents import Go, Intent
from snomtui.phone.keys import PAGES, FunctionKey, Unknown, action, canonical, wish
from snomtui.phone.model import Model
from snomtui.phone.pages.page import soft
from snomtui.phone.snapshot import SoftKey
from snomtui.skin import Shape

Say = Callable[[str], str]

ACTIONS = {
    "ENTER": "idle_ok_key_action",
    "CANCEL": "idle_cancel_key_action",
    "UP": "idle_up_key_action",
    "DOWN": "idle_down_key_action",
    "LEFT": "idle_left_key_action",
    "RIGHT": "idle_right_key_action",
}
"""The setting that gives each key of the disc its meaning while the phone is idle."""

_LABELS: dict[str, Callable[[Say], tuple[str, ...]]] = {
    "F_CONTACTS": lambda say: (say("Contacts"), say("Book")),
    "F_ADR_BOOK": lambda say: (say("Book"), say("Book")),
    "F_DIRECTORY": lambda say: (say("Book"), say("Book")),
    "F_DIRECTORY_SEARCH": lambda say: (say("Search"), say("Srch")),
    "F_ABS": lambda say: (say("Search"), say("Srch")),
    "F_CALL_LIST": lambda say: (say("Calls"), say("Log")),
    "F_MISSED_LIST": lambda say: (say("Missed"), say("Miss")),
    "F_ACCEPTED_LIST": lambda say: (say("Received"), say("Recv")),
    "F_DIALED_LIST": lambda say: (say("Dialled"), say("Dlld")),
    "F_PRESENCE": lambda say: (say("Presence"), say("Pres")),
    "F_REGS": lambda say: (say("Lines"), say("Reg")),
    "F_REDIRECT": lambda say: (say("Redirect"), say("Fwd")),
    "MENU": lambda say: (say("Menu"), say("Menu")),
    "SETTINGS": lambda say: (say("Menu"), say("Menu")),
    "DND": lambda say: (say("DND"), say("DND")),
    "REDIAL": lambda say: (say("Redial"), say("Redi."), say("Redl")),
    "HELP": lambda say: (say("Help"), say("Help")),
    "RETRIEVE": lambda say: (say("Voice"), say("VM")),
}
"""The label of a soft key for each key event, and shorter ones."""


def idle_soft_keys(model: Model, shape: Shape) -> tuple[SoftKey | None, ...]:
    """The soft keys of the idle display, by `gui_fkey1` to `gui_fkey4`."""
    return tuple(_soft_key(model, shape, number) for number in range(1, 5))


def _soft_key(model: Model, shape: Shape, number: int) -> SoftKey | None:
    text = model.settings.text(f"gui_fkey{number}")
    if not text and number == 4:
        text = "F_MISSED_LIST" if model.missed else "F_MENU"
    meant = action(text)
    does = _intent(meant)
    if does is None:
        return None
    event = canonical(meant.argument) if meant.kind == "keyevent" else ""
    label = _LABELS.get(event) if isinstance(event, str) else None
    if label is not None:
        return soft(shape, does, *label(model.say))
    return SoftKey(meant.argument.removeprefix("F_").removeprefix("http://")[: shape.columns // 4], does)


def action_of(model: Model, key: str) -> Intent | None:
    """What a key of the disc does now; None = nothing."""
    return _intent(action(model.settings.text(ACTIONS[key])))


def _intent(meant: FunctionKey) -> Intent | None:
    """A key event that opens a page says so itself; one that stands for a key of this table could stand for itself."""
    event = canonical(meant.argument) if meant.kind == "keyevent" else None
    if event is None or isinstance(event, Unknown):
        return wish(meant)
    if event in ACTIONS or event in ("F1", "F2", "F3", "F4"):
        return None
    return Go(PAGES[event]) if event in PAGES else wish(meant)
