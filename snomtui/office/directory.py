"""The directory of the house: who is found by the beginnings of names, addresses and numbers ([MS-PRES] 2.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snomtui.kit.xml import Element
from snomtui.ocs.directory import (
    ADDRESS,
    DISPLAY_NAME,
    GIVEN_NAME,
    MAIL,
    NUMBER,
    SURNAME,
    Entry,
    build_found,
    search_in,
)
from snomtui.ocs.soap import SOAP_TYPE
from snomtui.office.desk import Asked, Desk
from snomtui.office.people import Person

MOST_ROWS = 100
"""More people than this are told in no answer."""

Fits = Callable[[Person, str], bool]


class Directory:
    """Finds people."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def service(self, asked: Asked, body: Element, now: float) -> None:
        """Answer a search; raises `MalformedXml`."""
        search = search_in(body)
        most = min(search.most, MOST_ROWS)
        found = self._found(search.rows, most + 1)
        answer = build_found(map(entry, found[:most]), more=len(found) > most)
        self._desk.answer(asked, 200, "", body=(SOAP_TYPE, answer), now=now)

    def _found(self, rows: Iterable[tuple[str, str]], most: int) -> list[Person]:
        """Those who fit all rows, at most so many, in the order of their names."""
        wanted = [(_FITS.get(name.lower(), _nobody), value.lower()) for name, value in rows]
        found = [each for each in self._desk.people.persons if all(fits(each, value) for fits, value in wanted)]
        return sorted(found, key=lambda each: (each.label.lower(), each.aor))[:most]


def entry(person: Person) -> Entry:
    """What is told of somebody who was found."""
    return Entry(person.uri, person.label, person.numbers[0] if person.numbers else "", person.address)


def _given(person: Person, value: str) -> bool:
    return person.label.lower().startswith(value)


def _surname(person: Person, value: str) -> bool:
    return " " + value in person.label.lower() or (" " not in person.label and _given(person, value))


def _any_name(person: Person, value: str) -> bool:
    return f" {value}" in f" {person.label.lower()}"


def _address(person: Person, value: str) -> bool:
    return person.address.lower().startswith(value.removeprefix("sip:"))


def _number(person: Person, value: str) -> bool:
    digits = "".join(each for each in value.removeprefix("tel:") if each.isdigit() or each == "+")
    national = digits.lstrip("0")
    return bool(national) and any(
        each.startswith(digits) or national.removeprefix("+") in each for each in person.numbers
    )


def _nobody(person: Person, value: str) -> bool:
    """An attribute that nobody here has."""
    return False


_FITS: dict[str, Fits] = {
    GIVEN_NAME.lower(): _given,
    SURNAME.lower(): _surname,
    DISPLAY_NAME.lower(): _any_name,
    MAIL.lower(): _address,
    ADDRESS.lower(): _address,
    NUMBER.lower(): _number,
}
"""Whether a person fits a row, by the name of the attribute in lower case; the value is in lower case, too."""
