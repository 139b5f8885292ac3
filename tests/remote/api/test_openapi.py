"""openapi.json: what it says is what is sent and taken."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema_rs
import pytest
from hypothesis import given

from snomtui.phone.history import Record
from snomtui.phone.intents import Intent
from snomtui.presence import Contact
from snomtui.remote import intentjson
from snomtui.remote.api import told, wishes
from snomtui.remote.api.openapi import document
from snomtui.remote.api.shapes import FILLED, LINE, one_line
from snomtui.remote.intentjson import object_of
from snomtui.remote.jsonform import display_event, event_object, led_events
from snomtui.settings.registry import Settings
from snomtui.webside.identity import WebIdentity
from tests.remote.standin import Bench, NotingPhone, snapshot
from tests.remote.test_intentjson import INTENTS
from tests.remote.test_jsonform import TOLD

WHOLE = document(Bench().web.api.operations, NotingPhone())


def shape(name: str) -> Any:
    """What checks values against a shape of the document."""
    return jsonschema_rs.validator_for({**WHOLE["components"]["schemas"][name], "components": WHOLE["components"]})


INTENT, EVENT = shape("Intent"), shape("Event")


def test_document_can_be_written_and_all_it_refers_to_is_there() -> None:
    text = json.dumps(WHOLE)
    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.partition('"')[0] in WHOLE["components"]["schemas"]
    for name in WHOLE["components"]["schemas"]:
        assert shape(name) is not None
    names = [each["operationId"] for path in WHOLE["paths"].values() for each in path.values()]
    assert len(set(names)) == len(names)


def test_every_intent_and_every_event_has_a_shape() -> None:
    known = {each["properties"]["do"]["const"] for name, each in wishes.components().items() if "Intent_" in name}
    assert known == set(intentjson.KNOWN)
    others = {"led", "display", "command", "web_certificate"}  # told elsewhere than in jsonform
    assert {event["event"] for event in EVENT_OBJECTS} | others == set(told.EVENTS)


@given(INTENTS)
def test_intent_that_the_phone_writes_is_of_its_shape(intent: Intent) -> None:
    written = object_of(intent)
    if all(one_line(each) for each in written.values() if isinstance(each, str)):
        assert not [str(error) for error in shape(f"Intent_{written['do']}").iter_errors(written)]


EVENT_OBJECTS = [event_object(event, 1.0) for event, _, _ in TOLD]


@pytest.mark.parametrize("event", EVENT_OBJECTS, ids=lambda event: event["event"])
def test_event_that_is_told_is_of_its_shape(event: dict[str, Any]) -> None:
    assert not [str(error) for error in EVENT.iter_errors(event)]


async def test_other_events_are_of_their_shapes() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.post("/api/v1/intents", json={"do": "dial", "number": "1"})
        await client.get("/command.htm?key=BANANA")
    shown = display_event(None, snapshot(), 1.0)
    identity = WebIdentity(lambda: Settings({}), None, "127.0.0.1", lambda: 1.0, pytest.fail, bench.told.append)
    await identity.context()
    assert bench.told[-1]["event"] == "web_certificate"
    for event in (*bench.told, *led_events(None, snapshot(), 1.0), shown):
        assert not [str(error) for error in EVENT.iter_errors(event)]


ASKED = [
    ("GET", "/api/v1/phone", None),
    ("GET", "/api/v1/calls", None),
    ("GET", "/api/v1/calls/{id}", "c1"),
    ("GET", "/api/v1/contacts", None),
    ("GET", "/api/v1/calllists/{list}", "missed"),
    ("DELETE", "/api/v1/calllists/{list}", "missed"),
    ("GET", "/api/v1/directory", None),
    ("GET", "/api/v1/directory/{uri}", "sip:a@x"),
    ("GET", "/api/v1/settings", None),
    ("GET", "/api/v1/settings/{name}", "user_server_type1"),
    ("GET", "/api/v1/settings/{name}", "vol_ringer"),
    ("GET", "/api/v1/accounts", None),
    ("GET", "/api/v1/accounts/{identity}", "1"),
    ("GET", "/api/v1/commands", None),
    ("GET", "/api/v1/calls/{id}", "none"),
]


@pytest.mark.parametrize(("method", "path", "place"), ASKED)
async def test_answer_is_of_the_shape_that_the_document_names(method: str, path: str, place: str | None) -> None:
    bench = Bench()
    bench.phone.entries = (Contact("sip:a@x", "Anna", ("1",)),)
    bench.phone.records = (Record("missed", "Jan", "1", 5.5),)
    transport = httpx.ASGITransport(app=bench.web)
    async with httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1") as client:
        await client.post("/api/v1/intents", json={"do": "dial", "number": "1"})
        concrete = path[: path.index("{")] + place if place else path
        answer = await client.request(method, concrete)
    wanted = WHOLE["paths"][path][method.lower()]["responses"][str(answer.status_code)]
    found = {**wanted["content"]["application/json"]["schema"], "components": WHOLE["components"]}
    assert not [str(error) for error in jsonschema_rs.validator_for(found).iter_errors(answer.json())]


async def test_document_names_the_login_that_is_asked_for() -> None:
    asked: tuple[tuple[dict[str, str], list[dict[str, list[str]]]], ...] = (
        ({}, []),
        ({"http_user": "a"}, [{"basic": []}]),
        ({"http_pass": "a", "http_scheme": "on"}, [{"digest": []}]),
    )
    for settings, security in asked:
        said = document(Bench().web.api.operations, NotingPhone(**settings))
        assert said["security"] == security
        assert ("401" in said["paths"]["/command.htm"]["get"]["responses"]) is bool(security)


@pytest.mark.parametrize("text", ["a\u0000", "a\nb", "\u2028a", "a\u202eb", "", " ", "\u00a0", "\u001f", "\u0085"])
def test_pattern_of_a_line_says_what_the_reader_says(text: str) -> None:
    pattern = jsonschema_rs.validator_for({"pattern": LINE})
    assert not pattern.is_valid(text)
    assert not (one_line(text) and text.strip())
    assert jsonschema_rs.validator_for({"pattern": FILLED}).is_valid(text) is bool(text.strip())
    assert pattern.is_valid(" a b ") and one_line("ä b") and pattern.is_valid("ä")
