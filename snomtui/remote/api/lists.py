"""The call lists: who called, who was called, and what was missed."""

from __future__ import annotations

from dataclasses import asdict

from snomtui.phone.history import LISTS, Record
from snomtui.phone.intents import ClearList, ForgetCall, Intent
from snomtui.remote.api.operation import CONFLICT, Answer, Asked, Operation, Refused, in_path
from snomtui.remote.api.shapes import Shape, fields_of, named, one_of, row_of, text, thing
from snomtui.remote.doing import Doing
from snomtui.remote.doors import Doors
from snomtui.remote.intentjson import Object

PATH = "/api/v1/calllists/{list}"


def operations(doors: Doors, doing: Doing) -> tuple[Operation, ...]:
    """The rows of this room."""
    lists = _Lists(doors, doing)
    which = in_path("list", one_of(*LISTS), "Which list.")
    one = in_path("id", text(minLength=1), "The id of the call in the list.")
    listed = thing({"list": one_of(*LISTS), "calls": row_of(named("ListedCall"))})
    done = {200: named("Done")}
    return (
        Operation(
            "GET", PATH, "call_list", "A call list, newest first.", lists.shown, {200: listed}, None, (404,), (which,)
        ),
        Operation(
            "DELETE", PATH, "clear_list", "Empty a call list.", lists.cleared, done, None, (404, CONFLICT), (which,)
        ),
        Operation(
            "DELETE",
            f"{PATH}/{{id}}",
            "forget_call",
            "Take one call out of its list.",
            lists.forgotten,
            done,
            errors=(404, CONFLICT),
            asks=(which, one),
        ),
    )


def shape() -> Shape:
    """One call of a list."""
    seconds = {"type": "number", "description": "How long it was talked."}
    at = {"type": "number", "description": "When it began, seconds since 1970."}
    return thing({"id": text(), **fields_of(Record, "which", at=at, seconds=seconds)})


class _Lists:
    """Answers them."""

    def __init__(self, doors: Doors, doing: Doing) -> None:
        self._doors, self._doing = doors, doing

    async def shown(self, asked: Asked) -> Answer:
        which = _which(asked)
        return Answer(200, {"list": which, "calls": [_listed(each) for each in self._doors.call_list(which)]})

    async def cleared(self, asked: Asked) -> Answer:
        return done(self._doing, "clear", ClearList(_which(asked)))

    async def forgotten(self, asked: Asked) -> Answer:
        which, id = _which(asked), asked.place["id"]
        if not any(each.id == id for each in self._doors.call_list(which)):
            raise Refused("there is no such call in this list", 404)
        return done(self._doing, "forget_call", ForgetCall(which, id))


def done(doing: Doing, do: str, wish: Intent, status: int = 200) -> Answer:
    """Do one thing and say how it went."""
    outcome = doing.do((wish,))
    if outcome.why:
        raise Refused(outcome.why, CONFLICT, {"do": do}, outcome)
    return Answer(status, {"ok": True, "do": do}, outcome=outcome)


def _which(asked: Asked) -> str:
    which = {"dialled": "dialed"}.get(asked.place["list"], asked.place["list"])
    if which not in LISTS:
        raise Refused(f"the lists are {', '.join(LISTS)}", 404)
    return which


def _listed(record: Record) -> Object:
    values = asdict(record)
    del values["which"]
    return {"id": record.id, **values}
