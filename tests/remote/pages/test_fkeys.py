"""`fkeys.htm`: function keys as a table."""

from __future__ import annotations

import re

import pytest

from snomtui import language
from snomtui.phone.intents import SetSetting
from snomtui.remote.pages.fkeys import STORED, TYPES, WORKING, together
from snomtui.settings.registry import registry
from tests.remote.pages.forms import opened
from tests.remote.standin import Bench


async def test_person_chooses_a_type_and_writes_a_number() -> None:
    bench = Bench()
    async with bench.client() as client:
        form = await opened(client, "/fkeys.htm")
        assert (form["fkey_type1"], form["fkey_number1"]) == ("line", "")
        sent = {**form, "fkey_type1": "dest", "fkey_number1": "<sip:72@pbx;user=phone>", "fkey_label1": "Jan"}
        answer = await client.post("/fkeys.htm", data={**sent, "fkey_context1": "2"})
        assert answer.headers["location"] == "/fkeys.htm#saved"
        again = await opened(client, "/fkey.htm")
    wanted = {"fkey1": "dest <sip:72@pbx;user=phone>", "fkey_context1": "2", "fkey_label1": "Jan"}
    assert set(bench.phone.done) == {SetSetting(name, value) for name, value in wanted.items()}
    assert (again["fkey_type1"], again["fkey_number1"]) == ("dest", "<sip:72@pbx;user=phone>")


async def test_key_that_lacks_its_number_is_told_in_its_row_and_nothing_is_lost() -> None:
    bench = Bench()
    async with bench.client() as client:
        form = await opened(client, "/fkeys.htm")
        answer = await client.post("/fkeys.htm", data={**form, "fkey_type20": "speed", "fkey_label0": "A"})
    assert answer.status_code == 422 and bench.phone.done == []
    assert 'id="fkey20-wrong"' in answer.text and 'value="A"' in answer.text
    assert re.search(r"<details\s+open>", answer.text), "the row is in the folded part"


@pytest.mark.parametrize("value", ["DEST   <sip:1@a>", "", "none", "url http://me:secret@pbx/x", "blf <sip:1@a>|*8"])
async def test_unusual_spelling_of_a_key_stays_when_the_page_is_saved(value: str) -> None:
    bench = Bench(fkey3=value)
    async with bench.client() as client:
        form = await opened(client, "/fkeys.htm")
        await client.post("/fkeys.htm", data={**form, "fkey_label0": "A"})
    assert bench.phone.done == [SetSetting("fkey_label0", "A")]
    assert "secret" not in repr(form)


def test_parts_of_a_key_become_one_setting() -> None:
    asked = [("fkey_type0", "speed"), ("x", "1"), ("fkey_number0", " 5 "), ("fkey_type1", "line"), ("fkey2", "none")]
    assert together(asked) == [("x", "1"), ("fkey2", "none"), ("fkey0", "speed 5"), ("fkey1", "line")]


def test_every_type_can_be_stored_and_has_a_german_name() -> None:
    german = language.load("Deutsch")
    for value, name in (*WORKING, *STORED):
        assert name in german.words
        registry()["fkey"].check(f"{value} <sip:1@a>")
    assert len(set(TYPES)) == len(TYPES)
