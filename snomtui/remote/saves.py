"""Settings in a query or a form, as `dummy.htm`, `settings.htm` and the pages below Setup take them.

Values are taken exactly as they were sent, after URL decoding. The phone says what is wrong with each; the others are
saved all the same.
"""

from __future__ import annotations

import re

from snomtui.errors import SettingsError
from snomtui.phone.intents import SetSetting
from snomtui.remote import query
from snomtui.settings.modes import CONFIRM, PASSWORD
from snomtui.settings.registry import find

NO_SETTINGS = frozenset(
    {"settings", "store_settings", "save", "l", query.HIDDEN_TAG, "ignore_dhcp_findings", "reboot", "reset"}
)
"""What may stand beside settings without being one, in lower case."""
_INDEXED = re.compile(r"(.*[A-Za-z_])\[([0-9]{1,3})\]")


def saves(asked: query.Pairs) -> bool:
    """Whether settings are to be saved: `settings=save`, or the button of a page in any language, `Settings=...`."""
    return any(name.lower() in ("settings", "save") and value for name, value in asked)


def saved(asked: query.Pairs) -> tuple[SetSetting, ...]:
    """What is to be saved, in order; nothing without `settings=save`. Of a name that comes twice the last value counts.

    Two administrator passwords that differ are left out, but for the second, which the phone refuses with the reason.
    """
    if not saves(asked):
        return ()
    wanted: dict[str, str] = {}
    for given, value in asked:
        if given.lower() not in NO_SETTINGS and not given.lower().startswith("play_ringer"):
            name = named(given)
            wanted.pop(name, None)
            wanted[name] = value
    if PASSWORD in wanted and wanted.get(CONFIRM, wanted[PASSWORD]) != wanted[PASSWORD]:
        del wanted[PASSWORD]
    elif PASSWORD in wanted and CONFIRM in wanted:
        wanted[CONFIRM] = wanted.pop(CONFIRM)  # the first of them decides
    return tuple(SetSetting(name, value) for name, value in wanted.items())


def named(given: str) -> str:
    """The phone's own name of a setting: `user_name[1]` and `User_Name1` are `user_name1`."""
    indexed = _INDEXED.fullmatch(given)
    name = f"{indexed[1]}{indexed[2]}" if indexed else given
    return name if _exists(name) or not _exists(name.lower()) else name.lower()


def _exists(name: str) -> bool:
    try:
        find(name)
    except SettingsError:
        return False
    return True
