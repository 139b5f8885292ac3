"""What becomes of a number before it is dialled (`user_dp_str`, reference: fact file 3.5)."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\+?[0-9*#]+")
_EXTENSION = re.compile(r"(?:^|;)ext=([0-9]{1,10})(?:;|$)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015\u00a0]")


def cleaned(number: str) -> str:
    """The number without what people put in for the eye; `+49 (0) 30` is written `+4930`.

    Of the parameters of a tel URI an extension stays (RFC 3966 5.2). Addresses (`user@host`, `sip:...`) stay as they
    are, blanks at the ends apart.
    """
    text = number.strip()
    if "@" in text or text.lower().startswith(("sip:", "sips:")):
        return text
    text = re.sub(r"^(tel|callto):", "", text, flags=re.IGNORECASE)
    text, _, parameters = text.partition(";")
    if text.startswith(("+", "00")):
        text = text.replace("(0)", "")
    bare = _SEPARATORS.sub("", text)
    extension = _EXTENSION.search(parameters)
    return bare + (f";ext={extension[1]}" if extension else "") if _NUMBER.fullmatch(bare) else text


def planned(number: str, plan: str, registrar: str) -> str:
    """Apply a dial plan: entries `|pattern|result|flags` separated by blanks, the first match wins.

    `\\1` in the result is a group, `\\d` the registrar. A broken entry is passed over: it must not keep anyone from
    dialling. An extension is kept as it is.
    """
    number, mark, extension = number.partition(";ext=")
    return _by_plan(number, plan, registrar) + mark + extension


def _by_plan(number: str, plan: str, registrar: str) -> str:
    for entry in plan.split():
        parts = entry[1:].split(entry[0]) if entry else []
        if len(parts) < 2:
            continue
        try:
            match = re.fullmatch(parts[0], number, re.IGNORECASE if "i" in "".join(parts[2:]) else 0)
            if match:
                return match.expand(parts[1].replace("\\d", registrar.replace("\\", "")))
        except (re.error, IndexError):
            continue
    return number


def normal(number: str, plan: str) -> str:
    """A number in the spelling in which numbers are compared: cleaned, and as the plan would dial it."""
    bare = cleaned(number)
    return planned(bare, plan, "") if _NUMBER.fullmatch(bare.partition(";")[0]) else bare
