"""What becomes of a number before it is dialled (`user_dp_str`, reference: fact file 3.5)."""

from __future__ import annotations

import re

from snomtui.ocs.numbers import clean, is_number

_EXTENSION = re.compile(r"(?:^|;)ext=([0-9]{1,10})(?:;|$)", re.IGNORECASE)


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
    if not is_number(text):
        return text
    extension = _EXTENSION.search(parameters)
    return clean(text) + (f";ext={extension[1]}" if extension else "")


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
    return planned(bare, plan, "") if is_number(bare.partition(";")[0]) else bare
