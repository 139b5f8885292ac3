"""What the terminal can do, and how its owner wants the phone in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from platformdirs import user_config_path

THEMES = ("auto", "dark", "light")
_POOR = ("linux", "vt", "ansi", "cons25")
"""How the names of terminals begin that have neither a title nor many characters."""
_TITLES = ("xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "wezterm", "st", "konsole", "gnome", "vte")
"""How the names of terminals begin that have a title (OSC 2); others would print it."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """How the phone is to be in this terminal."""

    theme: str = "auto"
    """`dark`, `light`, or `auto`: as the terminal says it is, else as the skin is meant."""
    bell: bool = False
    """Whether the terminal's bell sounds while a call comes in."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keyboard keys by the ids of `keyboard`, as Textual names them; empty = none at all."""
    title: bool = False
    """Whether it has a title that can be changed."""
    charset: str = "full"
    """The characters it can draw: `full`, `console` (the 512 of a Linux console), `ascii`."""
    colors: bool = True
    """Whether colours are wanted at all."""
    inside: str = ""
    """The multiplexer that it runs in: `tmux`, `screen`, or empty."""
    light: bool | None = None
    """Whether its own ground is light; None = it does not say."""


def seen_in(environ: Mapping[str, str]) -> Terminal:
    """What the environment tells of the terminal."""
    kind = environ.get("TERM", "")
    return Terminal(
        title=kind.startswith(_TITLES),
        charset=_charset(kind, environ),
        # no-color.org: any text counts, the empty one does not.
        colors=not environ.get("NO_COLOR") and kind not in ("dumb", "unknown") and not kind.startswith("vt"),
        inside="tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else "",
        light=_light(environ.get("COLORFGBG", "")),
    )


def _charset(kind: str, environ: Mapping[str, str]) -> str:
    """By the locale, as every program does it; unset is the C locale, but then the terminal's kind decides."""
    locale = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    if kind in ("", "dumb", "unknown") or kind.startswith("vt"):
        return "ascii"
    if locale and "utf" not in locale.lower():
        return "ascii"
    return "console" if kind.startswith(_POOR) else "full"


def _light(colors: str) -> bool | None:
    """`COLORFGBG` is ink and ground as numbers of the 16 colours: `0;15` is black on white."""
    ground = colors.rpartition(";")[2]
    return int(ground) in (7, *range(9, 16)) if ground.isdecimal() else None


def _as_given(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Where the locale is C, Python itself sets LC_CTYPE to UTF-8 (PEP 538); nobody has said that of the terminal."""
    coerced = sys.flags.utf8_mode and not environ.get("LC_ALL") and environ.get("LC_CTYPE") == "C.UTF-8"
    return {name: value for name, value in environ.items() if name != "LC_CTYPE"} if coerced else environ


def wanted(environ: Mapping[str, str], theme: str, bell: bool, keys: Path | None) -> Terminal:
    """As the environment tells it, and as its owner wants it; raises `SettingsError` that names the file of the keys.

    Without `keys` a file `keys.toml` in the configuration folder counts, if there is one.
    """
    own = keys or user_config_path("snomtui") / "keys.toml"  # `keymap` costs time, and is only needed with a file
    changed: Mapping[str, str] = {}
    if keys is not None or own.is_file():
        from snomtui.ui.keymap import read

        changed = read(own)
    return replace(seen_in(_as_given(environ)), theme=theme, bell=bell, keys=changed)
