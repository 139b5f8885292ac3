"""Which keyboard key is which key of the phone: one table, for bindings and help.

Plain keys only: multiplexers and editors swallow many others. Function keys always have a second way. Each line has
an id, by which it can be given other keys.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keyboard keys for one key of the phone."""

    key: str
    """snom's name; `HANDSET` lifts or replaces."""
    keys: str
    """Textual's names of keyboard keys, separated by commas; the first is shown first."""
    shown: str
    """How the help writes them."""


SHORTCUTS = (
    *(Shortcut(digit, digit, digit) for digit in "1234567890"),
    Shortcut("*", "asterisk", "*"),
    Shortcut("#", "number_sign", "#"),
    Shortcut("UP", "up", "up arrow"),
    Shortcut("DOWN", "down", "down arrow"),
    Shortcut("LEFT", "left", "left arrow"),
    Shortcut("RIGHT", "right", "right arrow"),
    Shortcut("ENTER", "enter,ctrl+j", "Enter"),
    Shortcut("CANCEL", "escape", "Esc"),
    Shortcut("F1", "f1,alt+q,a", "F1  a  alt+q"),
    Shortcut("F2", "f2,alt+w,s", "F2  s  alt+w"),
    Shortcut("F3", "f3,alt+e,d", "F3  d  alt+e"),
    Shortcut("F4", "f4,alt+r,f", "F4  f  alt+r"),
    Shortcut("HANDSET", "o", "o"),
    Shortcut("OFFHOOK", "O", "O"),
    Shortcut("ONHOOK", "l", "l"),
    Shortcut("SPEAKER", "k", "k"),
    Shortcut("HEADSET", "j", "j"),
    Shortcut("MUTE", "u", "u"),
    Shortcut("VOLUME_UP", "full_stop,greater_than_sign", ".  >"),
    Shortcut("VOLUME_DOWN", "comma,less_than_sign", ",  <"),
    Shortcut("REDIAL", "r", "r"),
    Shortcut("F_HOLD", "h", "h"),
    Shortcut("TRANSFER", "t", "t"),
    Shortcut("CONFERENCE", "c", "c"),
    Shortcut("DIRECTORY", "b", "b"),
    Shortcut("MENU", "m", "m"),
    Shortcut("SETTINGS", "e", "e"),
    Shortcut("DND", "n", "n"),
    Shortcut("REC", "g", "g"),
    Shortcut("RETRIEVE", "v", "v"),
    Shortcut("HELP", "i", "i"),
    Shortcut("SNOM", "x", "x"),
    *(
        Shortcut(f"P{number + 1}", key, f"{key.replace(',', '  ')}  p {digit}")
        for number, (key, digit) in enumerate(
            zip(("Q", "W", "E", "R", "T", "Y,Z", "A", "S", "D", "F", "G", "H"), "1234567890*#", strict=True)
        )
    ),
)
"""P1 to P6 lie on Q W E R T Y and P7 to P12 on A S D F G H with shift, half a key lower as on the phone."""

AFTER_P = {digit: f"P{number + 1}" for number, digit in enumerate("1234567890*#")}
"""What a digit means after `p`, in the order of the keypad."""


@dataclass(frozen=True, slots=True)
class Command:
    """Keyboard keys for something that belongs to the terminal, not to the phone."""

    id: str
    keys: str
    action: str
    shown: str
    title: str


COMMANDS = (
    Command("help", "question_mark,ctrl+k,f5", "help", "?  ctrl+k  F5", "This help"),
    Command("quit", "q,ctrl+q", "leave", "q  ctrl+q", "End calls, sign off, quit"),
    Command("copy", "y", "copy", "y", "Copy the line under the cursor"),
    Command("log", "L,f6", "log", "L  F6", "The phone's log"),
    Command("prefix", "p", "prefix", "p", "Then 1 to 9, 0, * or #: the keys P1 to P12"),
)

OURS = frozenset({*(f"key.{one.key}" for one in SHORTCUTS), *(f"ui.{one.id}" for one in COMMANDS), "key.BACKSPACE"})
"""The ids of our own bindings; Textual has some more."""

BINDINGS: list[BindingType] = [
    *(Binding(one.keys, f"press('{one.key}')", one.key, show=False, id=f"key.{one.key}") for one in SHORTCUTS),
    *(Binding(one.keys, one.action, one.title, show=False, id=f"ui.{one.id}") for one in COMMANDS),
    Binding("backspace,delete", "press('BACKSPACE')", "BACKSPACE", show=False, id="key.BACKSPACE"),
]
