"""Which keyboard key is which key of the phone: one table, for bindings, help, palette and `keys.toml`.

Plain keys only: multiplexers and editors swallow many others. Function keys always have a second way. Each line has
an id, by which it can be given other keys; `keymap` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keyboard keys for one key of the phone."""

    key: str
    """snom's name; `HANDSET` lifts or replaces."""
    keys: str
    """Textual's names of keyboard keys, separated by commas; the first is shown first."""
    title: str
    """What it is, in English, where the skin says nothing else."""

    @property
    def id(self) -> str:
        """By which the binding is known."""
        return f"key.{self.key}"

    @property
    def action(self) -> str:
        """What the binding does."""
        return f"press('{self.key}')"


@dataclass(frozen=True, slots=True)
class Command:
    """Keyboard keys for something that belongs to the terminal, not to the phone."""

    name: str
    keys: str
    title: str

    @property
    def id(self) -> str:
        """By which the binding is known."""
        return f"ui.{self.name}"

    @property
    def action(self) -> str:
        """What the binding does."""
        return self.name


_ON_CASE = ("Q", "W", "E", "R", "T", "Y,Z", "A", "S", "D", "F", "G", "H")

SHORTCUTS = (
    *(Shortcut(digit, digit, digit) for digit in "1234567890"),
    Shortcut("*", "asterisk", "*"),
    Shortcut("#", "number_sign", "#"),
    Shortcut("UP", "up", "Up"),
    Shortcut("DOWN", "down", "Down"),
    Shortcut("LEFT", "left", "Left"),
    Shortcut("RIGHT", "right", "Right"),
    Shortcut("ENTER", "enter,ctrl+j", "OK, dial, answer"),
    Shortcut("CANCEL", "escape", "Cancel, refuse, end a call"),
    Shortcut("F1", "f1,a,alt+q", "Soft key 1"),
    Shortcut("F2", "f2,s,alt+w", "Soft key 2"),
    Shortcut("F3", "f3,d,alt+e", "Soft key 3"),
    Shortcut("F4", "f4,f,alt+r", "Soft key 4"),
    Shortcut("HANDSET", "o", "Lift or replace the handset"),
    Shortcut("OFFHOOK", "O", "Lift the handset"),
    Shortcut("ONHOOK", "l", "Replace the handset, end the call"),
    Shortcut("SPEAKER", "k", "Speaker"),
    Shortcut("HEADSET", "j", "Headset"),
    Shortcut("MUTE", "u", "Mute"),
    Shortcut("VOLUME_UP", "full_stop,greater_than_sign", "Volume up"),
    Shortcut("VOLUME_DOWN", "comma,less_than_sign", "Volume down"),
    Shortcut("REDIAL", "r", "Redial"),
    Shortcut("F_HOLD", "h", "Hold"),
    Shortcut("TRANSFER", "t", "Transfer"),
    Shortcut("CONFERENCE", "c", "Conference"),
    Shortcut("DIRECTORY", "b", "Directory"),
    Shortcut("MENU", "m", "Menu"),
    Shortcut("SETTINGS", "e", "Settings"),
    Shortcut("DND", "n", "Do not disturb"),
    Shortcut("REC", "g", "Record"),
    Shortcut("RETRIEVE", "v", "Retrieve voice mail"),
    Shortcut("HELP", "i", "Help"),
    Shortcut("SNOM", "x", "snom"),
    *(Shortcut(f"P{number + 1}", key, f"P{number + 1}") for number, key in enumerate(_ON_CASE)),
)
"""P1 to P6 lie on Q W E R T Y and P7 to P12 on A S D F G H with shift, in two rows as they are in two columns."""

COMMANDS = (
    Command("help", "question_mark,ctrl+k,f5", "Keys and help"),
    Command("palette", "colon,ctrl+p", "All commands by name"),
    Command("leave", "q,ctrl+q", "End calls, sign off, quit"),
    Command("copy", "y", "Copy the line under the cursor"),
    Command("desk", "w,f7", "The desk: SIP trace, log, HTTP, media"),
    Command("log", "L,f6", "The phone's log"),
    Command("prefix", "p", "Then 1 to 9, 0, * or #: the keys P1 to P12; p p and two digits: any of them"),
    Command("suspend", "ctrl+z", "Back to the shell for a while; fg returns"),
)

AFTER_P = {digit: f"P{number + 1}" for number, digit in enumerate("1234567890*#")}
"""What a digit means after `p`, in the order of the keypad."""

BACKSPACE = Shortcut("BACKSPACE", "backspace,delete", "Delete")

_ALL: tuple[Shortcut | Command, ...] = (*SHORTCUTS, BACKSPACE, *COMMANDS)

OURS = frozenset(one.id for one in _ALL)
"""The ids of our own bindings; Textual has some more."""

BINDINGS: list[BindingType] = [Binding(one.keys, one.action, one.title, show=False, id=one.id) for one in _ALL]

_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "enter": "Enter",
    "backspace": "Backspace",
    "delete": "Del",
    "space": "Space",
    "pageup": "Page up",
    "pagedown": "Page down",
    "asterisk": "*",
    "number_sign": "#",
    "question_mark": "?",
    "full_stop": ".",
    "comma": ",",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "colon": ":",
    "semicolon": ";",
    "slash": "/",
    "minus": "-",
    "plus": "+",
}
"""How a keyboard key is written; function keys see to themselves."""


LINES: Mapping[str, Shortcut | Command] = {one.key if isinstance(one, Shortcut) else one.name: one for one in _ALL}
"""All that has keys, by snom's name or by the command's."""


def keys_of(name: str, changed: Mapping[str, str]) -> str:
    """The keyboard keys of a line of `LINES`, as Textual names them; `changed` are others by id."""
    line = LINES[name]
    return changed.get(line.id, line.keys)


def shown(keys: str) -> str:
    """Names of keyboard keys as a person reads them: `f1,a,alt+q` is `F1  a  alt+q`."""
    return "  ".join(_shown(one) for one in keys.split(",") if one)


def _shown(key: str) -> str:
    before, plus, last = key.rpartition("+")
    if len(last) > 1 and last[0] == "f" and last[1:].isdigit():
        last = last.upper()
    return f"{before}{plus}{_SHOWN.get(last, last)}"
