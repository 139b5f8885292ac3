"""The phone's own directory: its entries are read, written, changed and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from snomtui.phone.directory import TYPES
from snomtui.phone.intents import DeleteEntry, SaveEntry
from snomtui.presence import Contact
from snomtui.remote.api.lists import done
from snomtui.remote.api.operation import CONFLICT, MALFORMED, Answer, Asked, Operation, Refused, in_path
from snomtui.remote.api.shapes import Shape, named, one_of, row_of, switch, text, thing
from snomtui.remote.doing import Doing
from snomtui.remote.doors import Doors
from snomtui.remote.intentjson import LONGEST, LONGEST_NUMBER, MOST_NUMBERS, BadIntent, Object, intents_of

PATH = "/api/v1/directory"
ONE = f"{PATH}/{{uri}}"
URI = in_path("uri", text(minLength=1), "The uri of the entry, percent-encoded.")


def operations(doors: Doors, doing: Doing) -> tuple[Operation, ...]:
    """The rows of this room."""
    book = _Directory(doors, doing)
    listed = {200: thing({"entries": row_of(named("Entry"))})}
    return (
        Operation("GET", PATH, "directory", "The phone's own directory.", book.shown, listed),
        Operation("GET", ONE, "entry", "One entry.", book.entry, {200: named("Entry")}, errors=(404,), asks=(URI,)),
        *_writing(book),
    )


def _writing(book: _Directory) -> tuple[Operation, ...]:
    saved, given = thing({"ok": switch(), "entry": named("Entry")}), named("NewEntry")
    bad, done = (408, CONFLICT, 413, 415, MALFORMED), {200: named("Done")}
    return (
        Operation(
            "POST",
            PATH,
            "add_entry",
            "Write a new entry.",
            book.added,
            {201: saved},
            given,
            bad,
            headers={201: ("Location",)},
            example={"name": "Jan", "numbers": ["+4930123456"], "type": "VIP"},
        ),
        Operation(
            "PUT",
            ONE,
            "change_entry",
            "Change an entry; what is not given becomes empty.",
            book.changed,
            {200: saved},
            given,
            (404, *bad),
            (URI,),
        ),
        Operation("DELETE", ONE, "delete_entry", "Delete it.", book.deleted, done, errors=(404, CONFLICT), asks=(URI,)),
    )


def components() -> Mapping[str, Shape]:
    """An entry as it is, and as it is written."""
    about = {
        "name": text("The name."),
        "numbers": row_of(text(), "Phone numbers."),
        "type": one_of(*TYPES, about="snom's type of entry."),
    }
    given = {
        "uri": text("Taken, so that an entry can be sent back; means nothing."),
        "name": text("The name.", maxLength=LONGEST),
        "numbers": row_of(
            text(maxLength=LONGEST_NUMBER), "Phone numbers; an entry needs one, or an address.", maxItems=MOST_NUMBERS
        ),
        "type": about["type"],
        "address": text("user@host", maxLength=LONGEST),
    }
    return {
        "Entry": thing({"uri": text(), **about}),
        "NewEntry": thing(given, tuple(given), additionalProperties=False),
    }


class _Directory:
    """Answers them."""

    def __init__(self, doors: Doors, doing: Doing) -> None:
        self._doors, self._doing = doors, doing

    async def shown(self, asked: Asked) -> Answer:
        return Answer(200, {"entries": [_object(each) for each in self._doors.directory()]})

    async def entry(self, asked: Asked) -> Answer:
        return Answer(200, _object(self._found(asked)))

    async def added(self, asked: Asked) -> Answer:
        known = {each.uri for each in self._doors.directory()}
        answer = done(self._doing, "save_entry", _wish(await asked.object()), 201)
        fresh = next((each for each in self._doors.directory() if each.uri not in known), None)
        where = ((b"location", f"{PATH}/{quote(fresh.uri, safe='')}".encode()),) if fresh else ()
        return replace(answer, value={"ok": True, "entry": fresh and _object(fresh)}, headers=where)

    async def changed(self, asked: Asked) -> Answer:
        old = self._found(asked)
        wish = replace(_wish(await asked.object()), old=old.uri)
        before = {each.uri for each in self._doors.directory()} - {old.uri}
        answer = done(self._doing, "save_entry", wish)
        now = next((each for each in self._doors.directory() if each.uri not in before), old)
        return replace(answer, value={"ok": True, "entry": _object(now)})

    async def deleted(self, asked: Asked) -> Answer:
        return done(self._doing, "delete_entry", DeleteEntry(self._found(asked).uri))

    def _found(self, asked: Asked) -> Contact:
        found = next((each for each in self._doors.directory() if each.uri == asked.place["uri"]), None)
        if found is None:
            raise Refused("there is no such entry", 404)
        return found


def _wish(given: Object) -> SaveEntry:
    unknown = sorted(set(given) - {"uri", "name", "numbers", "type", "address"})
    if unknown:
        raise BadIntent(f"an entry has name, numbers, type and address, not {ascii(unknown[0][:40])}")
    (wish,) = intents_of({**given, "do": "save_entry", "old": ""})
    assert isinstance(wish, SaveEntry)
    return wish


def _object(entry: Contact) -> Object:
    return {"uri": entry.uri, "name": entry.name, "numbers": list(entry.numbers), "type": entry.type}
