"""The phone's own directory as a table with commas (RFC 4180): `name,numbers,address,type`. Pure.

Several numbers of one person stand in one field with semicolons between them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable

from snomtui.errors import LocalError
from snomtui.phone.directory import TYPES
from snomtui.phone.intents import SaveEntry
from snomtui.presence import Contact

COLUMNS = ("name", "numbers", "address", "type")
MOST = 5000
"""So many entries are taken at once."""
LONGEST = 255
"""Characters of a field."""
_FORMULA = ("=", "@", "\t", "\r")
"""With these a spreadsheet takes a text for a formula; `+` and `-` begin telephone numbers."""


class BadBook(LocalError):
    """A table that cannot be read; the text names the line and says what would be right."""


def written(entries: Iterable[Contact]) -> str:
    """The table, its first line the names of the columns."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for each in entries:
        address = "" if each.uri.startswith("tel:") else each.uri.removeprefix("sip:")
        table.writerow([_tame(each.name), ";".join(each.numbers), _tame(address), each.type])
    return out.getvalue()


def read(text: str, known: Collection[str] = ()) -> list[tuple[int, SaveEntry]]:
    """The entries with their lines; one whose URI is in `known` is changed. Raises `BadBook`: nothing is to be done."""
    found: list[tuple[int, SaveEntry]] = []
    table = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text), strict=True)
    try:
        for row in table:
            fields = [field.strip() for field in row]
            if any(fields) and not (table.line_num == 1 and fields[0].casefold() == COLUMNS[0]):
                found.append((table.line_num, _entry(table.line_num, fields, known)))
    except csv.Error as error:
        raise BadBook(f"line {table.line_num}: {error}") from None
    if not found:
        raise BadBook(f"no entry in it; a line is {','.join(COLUMNS)}")
    if len(found) > MOST:
        raise BadBook(f"{len(found)} entries; at most {MOST} are taken at once")
    return found


def _entry(line: int, fields: list[str], known: Collection[str]) -> SaveEntry:
    if len(fields) < 2 or len(fields) > len(COLUMNS):
        raise BadBook(f"line {line}: {len(fields)} fields; a line is {','.join(COLUMNS)}")
    if any(len(field) > LONGEST or not field.isprintable() for field in fields):
        raise BadBook(f"line {line}: a field is one line with at most {LONGEST} characters")
    name, numbers, address, type = (*fields, "", "")[: len(COLUMNS)]
    wanted = tuple(each.strip() for each in numbers.split(";") if each.strip())
    if not (wanted or address):
        raise BadBook(f"line {line}: an entry needs a number or an address")
    kind = next((each for each in TYPES if each.casefold() == type.casefold()), None)
    if kind is None:
        raise BadBook(f"line {line}: the types are {', '.join(filter(None, TYPES))}")
    return SaveEntry(_wild(name), wanted, _wild(address), kind, _old(_wild(address), wanted, known))


def _old(address: str, numbers: tuple[str, ...], known: Collection[str]) -> str:
    """The URI of the entry that is there already, or nothing."""
    uri = address if address.startswith(("sip:", "sips:")) else f"sip:{address}" if address else f"tel:{numbers[0]}"
    return uri if uri in known else ""


def _delimiter(text: str) -> str:
    """A comma, or the semicolon or tab that a spreadsheet has written, by the first line."""
    first = text.partition("\n")[0]
    if "," in first:
        return ","
    return "\t" if "\t" in first else ";"


def _tame(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _wild(text: str) -> str:
    return text[1:] if text.startswith(tuple(f"'{sign}" for sign in _FORMULA)) else text
