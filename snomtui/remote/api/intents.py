"""`POST /api/v1/intents`: what a person may want, as the same objects that headless stdin takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from snomtui.phone.intents import Dial, Intent
from snomtui.remote.api.gate import gate
from snomtui.remote.api.operation import CONFLICT, MALFORMED, Answer, Asked, Operation
from snomtui.remote.api.shapes import Shape, maybe, named, row_of, switch, text, thing
from snomtui.remote.doing import Doing, Outcome
from snomtui.remote.doors import Doors
from snomtui.remote.intentjson import MOST_AT_ONCE, BadIntent, Object, intents_of, objects_of
from snomtui.remote.jsonform import call_object, snapshot_object


def operations(doors: Doors, doing: Doing) -> tuple[Operation, ...]:
    """The rows of this room."""
    return (
        Operation(
            "POST",
            "/api/v1/intents",
            "do",
            "Do what the object says; of an array, one after the other up to the first that is refused.",
            _Intents(doors, doing).done,
            {200: named("Done")},
            takes={"anyOf": [named("Intent"), named("Intents")]},
            errors=(408, CONFLICT, 413, 415, MALFORMED),
            example={"do": "dial", "number": "+4930123456"},
        ),
    )


def done_shape() -> Shape:
    """What became of an intent."""
    fields = {
        "ok": switch(),
        "do": text(),
        "did": row_of({"type": "object"}, "What it became."),
        "call": maybe({"type": "object", "description": "The call, if one was begun."}),
        "snapshot": named("Phone"),
        "results": row_of({"type": "object"}, "Of an array: each that was tried."),
    }
    return thing(fields, ("do", "did", "call", "snapshot", "results"))


class _Intents:
    """Answers it."""

    def __init__(self, doors: Doors, doing: Doing) -> None:
        self._doors, self._doing = doors, doing

    async def done(self, asked: Asked) -> Answer:
        """One object, or an array of them."""
        given = await asked.json()
        if isinstance(given, list):
            return self._several(asked, given)
        if not isinstance(given, dict):
            raise BadIntent('must be one JSON object such as {"do": "snapshot"}, or an array of them')
        wanted = intents_of(given)
        gate(asked.scope, wanted, self._doors.settings)
        value, outcome = self._one(given, wanted)
        return Answer(200 if value["ok"] else CONFLICT, value, outcome=outcome)

    def _several(self, asked: Asked, given: list[Any]) -> Answer:
        """All are read before any is done."""
        orders = _read_all(given)
        gate(asked.scope, [intent for _, wanted in orders for intent in wanted], self._doors.settings)
        results: list[Object] = []
        did: list[Intent] = []
        why = ""
        for order, wanted in orders:
            value, outcome = self._one(order, wanted)
            results.append(value)
            did += outcome.did
            if not value["ok"]:
                why = outcome.why
                break
        outcome = Outcome(tuple(did), why, tuple(intent for _, wanted in orders for intent in wanted))
        whole = {"ok": not why, "results": results} | ({"why": why} if why else {})
        return Answer(CONFLICT if why else 200, whole, outcome=outcome)

    def _one(self, given: Object, wanted: Sequence[Intent]) -> tuple[Object, Outcome]:
        if given["do"] == "snapshot":
            return {"ok": True, "do": "snapshot", "snapshot": self._snapshot()}, Outcome()
        dials = bool(wanted) and isinstance(wanted[0], Dial)
        known = {call.id for call in self._doors.snapshot().calls} if dials else set()
        outcome = self._doing.do(wanted)
        if outcome.why:
            return {"ok": False, "do": given["do"], "why": outcome.why}, outcome
        value: Object = {"ok": True, "do": given["do"], "did": objects_of(outcome.did)}
        if dials:
            fresh = [call for call in self._doors.snapshot().calls if call.id not in known]
            value["call"] = call_object(fresh[-1]) if fresh else None
        return value, outcome

    def _snapshot(self) -> Object:
        return snapshot_object(self._doors.snapshot(), self._doors.contacts(), self._doors.version)


def _read_all(given: list[Any]) -> list[tuple[Object, tuple[Intent, ...]]]:
    if not 1 <= len(given) <= MOST_AT_ONCE:
        raise BadIntent(f"an array of intents holds 1 to {MOST_AT_ONCE}")
    found = []
    for number, each in enumerate(given):
        if not isinstance(each, dict):
            raise BadIntent(f"intent {number}: must be one JSON object")
        try:
            found.append((each, intents_of(each)))
        except BadIntent as error:
            raise BadIntent(f"intent {number}: {error}") from None
    return found
