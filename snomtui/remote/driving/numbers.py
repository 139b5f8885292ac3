"""Phone numbers as people write them, turned into what a phone dials.

`cleaned` only takes away what no phone dials. What the digits mean (E.164, RFC 3966) is worked out by `Rules`, and only
where they are configured: nothing is guessed. `found_in` finds the numbers in a text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from snomtui.errors import LocalError

FORMS = ("+", "00", "national")
"""How a phone may want a number: `+4930123`, `004930123`, or at home `030123`."""
LONGEST = 255
"""Characters that a number or an address may have."""

_SCHEME = re.compile(r"(tel|callto|sips?):", re.IGNORECASE)
_VANITY = re.compile(r"\+?[0-9(][0-9 ()/.\-]{2,}(?:[A-Z]{3,}|[ /.\-][A-Za-z]{3,})[A-Za-z0-9\-]*")
_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999", strict=True))
"""The letters on the keys (ITU-T E.161)."""
_LINK = re.compile(r"\b(?:tel|callto|sips?):[^\s<>\"']+", re.IGNORECASE)
_WRITTEN = re.compile(r"(?<![\w.,:@/+\-])(?:\+[ ]?)?[(]?[0-9][0-9 ()/.\-]*[0-9](?![\w@])")
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b")
_NO_NUMBER = re.compile(
    r"(?:\d{1,2}([./])\d{1,2}\1\d{2,4}|\d{4}-\d{2}-\d{2})(?: \d{1,2})?|\d{1,3}(?:\.\d{1,3}){3}|\d{1,3}(?:\.\d{3})+"
)
"""Dates, IP addresses and sums of money."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What numbers mean where the phone stands; without `country` a number stays as it is written."""

    country: str = ""
    """The country's code, such as 49."""
    area: str = ""
    """The area's code without the trunk prefix, such as 30; empty = numbers without one are left alone."""
    trunk: str = "0"
    """What stands in front of an area code inside the country."""
    international: str = "00"
    """What stands in front of a country's code."""
    prefix: str = ""
    """What is dialled first for a line to the outside."""
    form: str = ""
    """One of `FORMS`; empty = `+`, or `00` where there is a prefix, for nobody dials a `+` behind one."""
    internal: int = 5
    """Numbers with so many digits or fewer are extensions and short codes (112) and are left alone."""

    def __post_init__(self) -> None:
        for name in ("country", "area", "trunk", "international", "prefix"):
            if not re.fullmatch(r"[0-9*#]{0,8}", getattr(self, name)):
                raise LocalError(f"{name}: up to 8 digits are wanted, not {getattr(self, name)!r}")
        if self.form not in ("", *FORMS):
            raise LocalError(f"form: one of {', '.join(FORMS)} is wanted, not {self.form!r}")
        if isinstance(self.internal, bool) or not 0 <= self.internal <= 15:
            raise LocalError("internal: a number of digits from 0 to 15 is wanted")

    def e164(self, number: str) -> str:
        """The number with `+` and its country (E.164), or as it is where that cannot be known."""
        if not re.fullmatch(r"\+?[0-9]+", number) or number.startswith("+") or not self.country:
            return number
        if self.international and number.startswith(self.international):
            return "+" + number[len(self.international) :]
        if len(number) <= self.internal:
            return number
        if self.country == "1" and len(number) == 10:  # North America: three digits area, seven the line, never else
            return f"+1{number}"
        if self.trunk and number.startswith(self.trunk):
            return f"+{self.country}{number[len(self.trunk) :]}"
        if not self.trunk:
            return f"+{self.country}{number}"
        return f"+{self.country}{self.area}{number}" if self.area else number

    def dialled(self, number: str) -> str:
        """A cleaned number as the phone is to have it."""
        known = self.e164(number)
        form = self.form or ("00" if self.prefix else "+")
        if not known.startswith("+"):
            outside = self.prefix and re.fullmatch("[0-9]+", known) and len(known) > self.internal
            return self.prefix + known if outside else known
        if form == "national" and self.country and known.startswith(f"+{self.country}"):
            return self.prefix + self.trunk + known[len(self.country) + 1 :]
        return known if form == "+" else self.prefix + self.international + known[1:]


def cleaned(written: str) -> str:
    """A number as every firmware dials it: without scheme, separators, invisible signs, foreign digits and letters.

    An address or a name stays as it is; a SIP URI loses its headers (RFC 3261 19.1.1), which are no part of a number.
    """
    text = _plain(written)
    for _ in range(2):  # callto:tel:+49...
        scheme = _SCHEME.match(text)
        if not scheme:
            break
        rest = unquote(text[scheme.end() :])
        if scheme[1].lower().startswith("sip") and "@" in rest:
            return f"{scheme[1].lower()}:{rest.partition('?')[0].strip()}"
        text = _plain(rest).removeprefix("//").partition("?")[0]
        text = text.partition(";")[0].rstrip("/").strip()
    if _VANITY.fullmatch(text):
        text = "".join(_LETTERS.get(letter.upper(), letter) for letter in text)
    if re.search(r"[^\W\d]|@", text):
        return text  # an address or a name
    abroad = text.startswith(("+", "00"))
    without_trunk = re.sub(r"(?<=[\d\s])\s*\(0\)", "", text) if abroad else text
    return re.sub(r"[\s()/.\-]", "", without_trunk) or text


def found_in(text: str) -> list[str]:
    """The numbers in a text, as they are written there, each once; a text that is nothing else is one."""
    plain = _plain(text)
    whole = cleaned(plain)
    alone = re.fullmatch(r"\+?[0-9*#]{1,20}", whole) and not re.search(r"[a-z\n]", plain)
    if alone or (_SCHEME.match(plain) and not re.search(r"\s", plain)):
        return [plain]
    found: dict[str, str] = {}
    for link in _LINK.findall(plain):
        found.setdefault(cleaned(link), link.rstrip(".,;)"))
    for match in _WRITTEN.finditer(_IBAN.sub(" ", _LINK.sub(" ", plain))):
        each = match[0]
        if each.count("(") > each.count(")"):
            each = each.replace("(", "", 1) if each.startswith("(") else each.partition("(")[0].strip()
        digits = re.sub(r"\D", "", each)
        if not _NO_NUMBER.fullmatch(each) and 5 <= len(digits) <= 20:
            found.setdefault(cleaned(each), each)
    return list(found.values())


def code_in(number: str) -> bool:
    """Whether this is a code for the exchange (`*21*...#`, `*#06#`) and not somebody's number."""
    return bool(re.search(r"[*#]", number)) and "@" not in number


def _plain(text: str) -> str:
    """The text with ASCII digits, plain blanks and hyphens, and without signs that nobody sees."""
    return re.sub(r"[ \t]+", " ", "".join(_sign(each) for each in unicodedata.normalize("NFKC", text))).strip()


def _sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind == "Pd" or sign == "\u2212":
        return "-"
    if sign == "\u2044":
        return "/"
    if kind.startswith("Z"):
        return "\n" if kind in ("Zl", "Zp") else " "
    return "" if kind == "Cf" else sign
