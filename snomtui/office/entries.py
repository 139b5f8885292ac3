"""How the texts in a people file are read; each raises `ValueError` that says what is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from snomtui.ocs.numbers import clean, comparable, is_number
from snomtui.sip.uri import Uri

Word = TypeVar("Word", bound=Enum)


def word(kind: type[Word]) -> Callable[[str], Word]:
    """A reader for the values of an enum, in any case."""

    def read(text: str) -> Word:
        words = {str(each.value).lower(): each for each in kind}
        if text.lower() not in words:
            raise ValueError(f"must be one of {' '.join(str(each.value) for each in kind if each.value)}")
        return words[text.lower()]

    return read


def domain_name(text: str) -> str:
    """A SIP domain: names with dots, and no address."""
    if not re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?", text):
        raise ValueError("wanted is a name such as ucc.test")
    return text


def address(text: str) -> str:
    """The address of a user."""
    uri = Uri.parse(text if ":" in text else f"sip:{text}")
    if uri.scheme != "sip" or not uri.user or not uri.host or len(uri.params):
        raise ValueError("wanted is sip:user@domain")
    return f"sip:{uri.user}@{uri.host}"


def number_of(text: str) -> str:
    """A number in E.164, perhaps with an extension."""
    number = comparable(text)
    digits = number.partition(";ext=")[0]
    if not (digits.startswith("+") and digits[1:].isascii() and digits[1:].isdigit()):
        raise ValueError("wanted is a number such as +49301234567")
    return number


def number_if_any(text: str) -> str:
    """The same; empty for none."""
    return number_of(text) if text else ""


def number_or_range(text: str) -> str:
    """A number, or a range of numbers that ends in `*`."""
    cleaned = clean(text)
    if cleaned in ("+*", "*"):
        return "+*"
    return f"{number_of(cleaned[:-1])}*" if cleaned.endswith("*") else number_of(cleaned)


def destination(text: str) -> str:
    """A number or an address; empty for none."""
    if not text:
        return ""
    return number_of(text) if is_number(text.removeprefix("tel:")) else address(text)


def host_port(text: str) -> str:
    """Where a server listens; empty for nowhere."""
    host, colon, port = text.rpartition(":")
    if text and not (host and colon and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise ValueError("wanted is host:port")
    return text
