"""Who else answers at an address: makes that are no snom, and snoms that take no commands.

Recognised by what they say of themselves: `Server`, the realm of a login, the title of a page. Never by the text of a
page, which may tell of anybody.
"""

from __future__ import annotations

import re

_MAKES = (
    "Yealink|Fanvil|Grandstream|Polycom|PolySpIP|Cisco|Linksys|Aastra|Mitel|Gigaset|Htek|Akuvox|Auerswald|Panasonic|"
    r"Unify|OpenStage|FRITZ!?\.?Box|Speedport|LANCOM|OpenWrt|LuCI|RouterOS|UniFi|TP-LINK|NETGEAR|Synology|DrayTek|Zyxel"
)
_STRANGER = re.compile(rf"(?<![A-Za-z])(?:{_MAKES})(?![a-z])", re.IGNORECASE)
_NO_CONTROL = re.compile(r"snom[^<]{0,12}?\b(D8[0-9]{2})\b|(?:^|\")\s*(D8[0-9]{2})\b", re.IGNORECASE)
_SNOM = re.compile(r"\bsnom", re.IGNORECASE)


def named(text: str) -> str:
    """What stands there, in words, if a text in which it names itself says that no command can be sent to it."""
    series = _NO_CONTROL.search(text)
    if series:
        model = (series[1] or series[2]).upper()
        return f"this is a snom {model}; phones of the D8xx series cannot be controlled over HTTP"
    make = _STRANGER.search(text)
    if make and not _SNOM.search(text):
        return f"this is no snom phone, it says that it is {make[0]}"
    return ""


def title(page: str) -> str:
    """The title of a page."""
    found = re.search(r"<title[^>]*>(.{0,200}?)</title", page, re.IGNORECASE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def is_snom(server: str, page: str) -> bool:
    """Whether a web server looks like one of a snom: by its name, or by a word on its page."""
    return bool(_SNOM.search(server) or _SNOM.search(page))


def asks_for_login(page: str) -> bool:
    """Whether a page has a field for a password."""
    return bool(re.search(r"<input[^>]+type\s*=\s*[\"']?password", page, re.IGNORECASE))
