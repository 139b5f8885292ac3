"""Telephone numbers: cleaning, normalising and comparing ([MS-OCER], RFC 3966)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.errors import LocalError

LONGEST = 64
"""Longer numbers are not normalised."""

_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")
_TRUNK = re.compile(r"^((?:\+|00)[^(]*)\(0\)")
_NUMBER = re.compile(r"\+?[0-9*#]+")
_SCHEME = re.compile(r"^(?:tel|sips?|callto):(?://)?", re.IGNORECASE)
_EXTENSION = re.compile(r";ext=([0-9]+)", re.IGNORECASE)
_CONTEXT = re.compile(r";phone-context=(\+[0-9().\-]+)", re.IGNORECASE)


def clean(text: str) -> str:
    """The number without blanks and `( ) - . /`; `+`, digits, `*` and `#` stay, and so does what is no number.

    In `+49 (0)30 1234` the zero in brackets goes as well.
    """
    return _SEPARATORS.sub("", _TRUNK.sub(r"\1", text.strip()))


def is_number(text: str) -> bool:
    """Whether it is a telephone number when cleaned, and not a name or an address."""
    return _NUMBER.fullmatch(clean(text)) is not None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a location profile: a pattern for the whole cleaned number, and what becomes of it."""

    pattern: str
    r"""A regular expression, such as `^0([1-9]\d+)$`."""
    template: str
    """The result; `$1` stands for the first group."""

    def apply(self, number: str) -> str | None:
        """The result for a cleaned number, or None if the pattern does not fit; raises `LocalError` if it is none."""
        try:
            found = re.search(self.pattern, number, re.ASCII)
        except re.error as error:
            raise LocalError(f"number rule {self.pattern!r}: {error}") from None
        if not found:
            return None
        groups = (found[0], *found.groups(""))
        return re.sub(r"\$(\d)", lambda at: groups[int(at[1])] if int(at[1]) < len(groups) else "", self.template)


def normalise(number: str, rules: Iterable[Rule]) -> str | None:
    """The number in E.164 by the first rule that fits; None if none does. A number with `+` is left as it is."""
    cleaned = clean(number)
    if not _NUMBER.fullmatch(cleaned) or len(cleaned) > LONGEST:
        return None
    if cleaned.startswith("+"):
        return cleaned
    return next((result for rule in rules if (result := rule.apply(cleaned)) is not None), None)


def comparable(number: str) -> str:
    """A number or its URI in the one spelling that can be compared: `+493055500`, with `;ext=12` if it has one.

    An address that is no number comes back as `user@host` in lower case.
    """
    bare = _SCHEME.sub("", number.strip().strip("<>"))
    left, at, right = bare.partition("@")
    user, host = left.partition(";")[0], right.partition(";")[0]
    cleaned = clean(user)
    if not _NUMBER.fullmatch(cleaned):
        return f"{user}{at}{host}".lower()
    extension = _EXTENSION.search(bare)
    return cleaned + (f";ext={extension[1]}" if extension else "")


def in_context(number: str) -> str:
    """A local number, or its URI, behind the prefix that its `phone-context` names (RFC 3966 5.1.5), comparable.

    A context that is a name (`berlin.ucc.test`) stands for a location profile and is no prefix.
    """
    local, context = comparable(number), _CONTEXT.search(number)
    return f"{clean(context[1])}{local}" if context and not local.startswith("+") else local
