"""Administrator and user mode: what may be changed in which, and the password that leads from one to the other.

In user mode the web pages and the phone's menu change only what is left to users. Settings files and the command line
belong to whoever owns the phone and are not asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hmac import compare_digest

from snomtui.errors import SettingsError
from snomtui.settings.registry import Settings, find, registry

USER_PAGES = frozenset({"prefs", "speed", "fkeys", "fkey", "tbook"})
"""The web pages that are left to users, without .htm."""
PASSWORD, CONFIRM = "admin_mode_password", "admin_mode_password_confirm"
_USERS = re.compile(
    r"dnd_mode|active_line|presence_.*|redirect_.*|vol_.*|language|web_language|sim_theme|sim_bell|sim_expansion_module"
)
"""Settings that keys of the phone change, or that belong to the terminal, wherever they stand."""
_NEVER = frozenset({"admin_mode"})
"""Never a plain setting for a user: it takes the password."""


FREE_FAILURES = 3
"""So many wrong administrator passwords are free; each further one must wait."""
FIRST_WAIT, LONGEST_WAIT = 60.0, 86_400.0
"""Seconds; each further wrong password doubles it."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Makes guessing the administrator password slow, through whatever door."""

    failures: int = 0
    until: float = 0.0
    """Until then no password is even looked at, seconds since 1970."""

    def after(self, right: bool, now: float) -> Guard:
        """The guard after one more password."""
        if right:
            return Guard()
        over = self.failures - FREE_FAILURES
        wait = min(FIRST_WAIT * 2.0 ** min(over, 30), LONGEST_WAIT) if over >= 0 else 0.0
        return Guard(self.failures + 1, now + wait)


def administers(settings: Settings) -> bool:
    """Whether the phone is in administrator mode."""
    return settings.on("admin_mode")


def allowed(name: str, settings: Settings) -> bool:
    """Whether a setting (full name, such as `fkey0`) may be changed now through the web and the phone's menu.

    A name that no setting has is allowed: it is refused as unknown by whoever looks it up.
    """
    if administers(settings):
        return True
    try:
        row, _ = find(name)
    except SettingsError:
        return True
    users = row.page in USER_PAGES or _USERS.fullmatch(row.name) is not None
    return users and row.name not in _NEVER


def page_allowed(page: str, settings: Settings) -> bool:
    """Whether the settings of a web page (without .htm) may be changed now."""
    return administers(settings) or page in USER_PAGES


def right_password(given: str, settings: Settings) -> bool:
    """Whether this is the administrator password; compared in constant time."""
    wanted = settings.text(PASSWORD)
    return compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8", "surrogatepass"))


def secured(settings: Settings) -> bool:
    """Whether web user, web password and administrator password were all changed from their defaults."""
    rows = registry()
    names = ("http_user", "http_pass", PASSWORD)
    return all(settings.text(name) != rows[name].default for name in names)
