"""What the phone is and does: the snapshot, its calls, its contacts, and the event stream."""

from __future__ import annotations

from functools import partial

from snomtui.remote.api.operation import MALFORMED, Answer, Asked, Operation, Refused, in_path, in_query
from snomtui.remote.api.shapes import named, row_of, text, thing
from snomtui.remote.api.told import EVENT_NAMES
from snomtui.remote.doors import Doors
from snomtui.remote.jsonform import call_object, contact_object, snapshot_object
from snomtui.remote.reply import App
from snomtui.remote.sse import Feed

STREAM = "text/event-stream"


def operations(doors: Doors, feed: Feed) -> tuple[Operation, ...]:
    """The rows of this room."""
    phone = _Phone(doors, feed)
    some = row_of({"enum": list(EVENT_NAMES), "type": "string"}, minItems=1)
    stream = Operation(
        "GET",
        "/api/v1/events",
        "events",
        "Everything that happens, as server-sent events with ids; resumed by Last-Event-ID or `since`.",
        phone.events,
        {200: text("Each data line is one Event as JSON.")},
        kind=STREAM,
        errors=(MALFORMED, 503),
        asks=(
            in_query("types", some, "Only these events, with commas between."),
            in_query("since", text(), "The id after which to begin; 0 = everything that is still kept."),
        ),
    )
    one = in_path("id", text(minLength=1), "The id of the call.")
    return (
        Operation("GET", "/api/v1/phone", "phone", "The whole phone.", phone.whole, {200: named("Phone")}),
        Operation("GET", "/api/v1/calls", "calls", "All calls there are.", phone.calls, {200: _rows("calls", "Call")}),
        Operation(
            "GET",
            "/api/v1/calls/{id}",
            "call",
            "One call.",
            phone.call,
            {200: named("Call")},
            asks=(one,),
            errors=(404,),
        ),
        Operation(
            "GET",
            "/api/v1/contacts",
            "contacts",
            "All contacts with their presence: the server's and the phone's own.",
            phone.contacts,
            {200: _rows("contacts", "Contact")},
        ),
        stream,
    )


class _Phone:
    """Answers them."""

    def __init__(self, doors: Doors, feed: Feed) -> None:
        self._doors, self._feed = doors, feed

    async def whole(self, asked: Asked) -> Answer:
        doors = self._doors
        return Answer(200, snapshot_object(doors.snapshot(), doors.contacts(), doors.version))

    async def calls(self, asked: Asked) -> Answer:
        return Answer(200, {"calls": [call_object(call) for call in self._doors.snapshot().calls]})

    async def call(self, asked: Asked) -> Answer:
        found = next((call for call in self._doors.snapshot().calls if call.id == asked.place["id"]), None)
        if found is None:
            raise Refused("there is no such call", 404)
        return Answer(200, call_object(found))

    async def contacts(self, asked: Asked) -> Answer:
        return Answer(200, {"contacts": [contact_object(each) for each in self._doors.contacts()]})

    async def events(self, asked: Asked) -> App:
        """The stream; HEAD learns its media type."""
        query = asked.query
        types = frozenset(filter(None, (each.strip() for each in query.get("types", "").split(","))))
        unknown = ", ".join(ascii(each[:40]) for each in sorted(types - set(EVENT_NAMES)))
        if unknown or ("types" in query and not types):
            raise Refused(f"unknown type {unknown}, known are {', '.join(EVENT_NAMES)}", MALFORMED)
        if self._feed.full:
            raise Refused("too many event streams are open", 503)
        return partial(self._feed.stream, types=types, since=query.get("since"))


def _rows(name: str, of: str) -> dict[str, object]:
    return thing({name: row_of(named(of))})
