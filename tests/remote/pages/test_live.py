"""What the home page shows, and its own forms."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from snomtui.phone.history import Record
from snomtui.phone.intents import Hold, SetPresence, Transfer
from snomtui.phone.snapshot import CallState
from snomtui.presence import Availability, Contact
from tests.remote.standin import Bench


def call(state: str, id: str = "c7", shown: bool = False, conference: bool = False) -> CallState:
    """One call with Jan."""
    return CallState(id, 1, "in", "sip:jan@ucc.test", "Jan", "11", state, shown=shown, conference=conference)


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("offered", []),
        ("dialling", []),
        ("talking", ["hold", "transfer", "dtmf"]),
        ("holding", ["resume", "transfer"]),
        ("held", ["hold", "transfer"]),
        ("ended", []),
    ],
)
async def test_call_has_the_buttons_that_make_sense_and_they_name_it(state: str, buttons: list[str]) -> None:
    bench = Bench()
    bench.phone.now = replace(bench.phone.now, calls=(call(state, shown=True),))
    async with bench.client() as client:
        page = (await client.get("/index.htm")).text
    every = ("hold", "resume", "transfer", "dtmf")
    assert [name for name in every if f'name="{name}" value="c7"' in page] == buttons


async def test_conference_is_offered_with_two_calls_and_can_be_parted() -> None:
    bench = Bench()
    bench.phone.now = replace(bench.phone.now, calls=(call("talking"), call("holding", "c8")))
    async with bench.client() as client:
        assert 'name="conference" value="on"' in (await client.get("/")).text
        bench.phone.now = replace(bench.phone.now, calls=(call("talking", conference=True),))
        assert 'name="conference" value="off"' in (await client.get("/")).text


async def test_forms_do_what_they_say_and_lead_home() -> None:
    bench = Bench()
    bench.phone.now = replace(bench.phone.now, calls=(call("talking"),))
    async with bench.client() as client:
        forms = [
            {"hold": "c7"},
            {"transfer": "c7", "to": "+49 30 1"},
            {"presence": "AWAY", "note": "back + soon"},
        ]
        for form in forms:
            answer = await client.post("/act.htm", data=form)
            assert (answer.status_code, answer.headers["location"]) == (302, "/index.htm")
    assert bench.phone.done == [
        Hold("c7"),
        Transfer("+49 30 1", "c7"),
        SetPresence(Availability.AWAY, "back + soon"),
    ]
    assert [each["status"] for each in bench.commands] == [302, 302, 302]


async def test_button_of_an_old_page_says_what_is_wrong_on_the_home_page() -> None:
    bench = Bench()
    bench.phone.refusals[Hold("c6")] = "There is no call to hold"
    async with bench.client() as client:
        answer = await client.post("/act.htm", data={"hold": "c6"})
        assert answer.status_code == 409 and "There is no call to hold" in answer.text
        assert (await client.post("/act.htm", data={"dtmf": "c6", "digits": "1"})).status_code == 400
        assert (await client.get("/act.htm?hold=c6")).status_code == 405
    assert bench.phone.done == []


async def test_page_of_another_site_changes_nothing() -> None:
    bench = Bench()
    async with bench.client() as client:
        foreign = {"origin": "http://evil.test", "sec-fetch-site": "cross-site"}
        assert (await client.post("/act.htm", data={"presence": "AWAY"}, headers=foreign)).status_code == 403
    assert bench.phone.done == []


async def test_call_lists_are_shown_with_dial_and_clear() -> None:
    bench = Bench()
    bench.phone.records = (Record("missed", "Anna <b>", "+49302", 1_795_400_000.0),)
    async with bench.client() as client:
        page = (await client.get("/")).text
    assert "Missed calls (1)" in page and "Anna &lt;b&gt;" in page and 'name="misseddel" value="clear"' in page
    assert 'name="NUMBER" value="+49302"' in page and 'name="dialeddel"' not in page


async def test_display_is_there_for_those_who_do_not_see_it() -> None:
    bench = Bench()
    async with bench.client() as client:
        page = (await client.get("/")).text
    assert '<pre class="lcd">Heiko\nMissed  2\nb\nNR\nDir</pre>' in page


async def test_five_thousand_contacts_make_a_small_page() -> None:
    bench = Bench()
    bench.phone.people = tuple(Contact(f"sip:p{n}@ucc.test", f"Person {n}") for n in range(5000))
    async with bench.client() as client:
        await client.get("/")
        begun = time.perf_counter()
        page = (await client.get("/")).text
    assert "And 4950 more." in page and len(page) < 100_000
    assert time.perf_counter() - begun < 1


async def test_hidden_tags_are_in_every_form_of_the_home_page() -> None:
    bench = Bench(use_hidden_tags="on")
    bench.phone.now = replace(bench.phone.now, calls=(call("talking", shown=True), call("offered", "c8")))
    async with bench.client() as client:
        page = (await client.get("/")).text
        assert page.count('name="hidden_tag"') == page.count("<form") > 5
        tag = page.partition('name="hidden_tag" value="')[2].partition('"')[0]
        assert (await client.post("/act.htm", data={"hold": "c7"})).status_code == 403
        assert (await client.post("/act.htm", data={"hold": "c7", "hidden_tag": tag})).status_code == 302
    assert bench.phone.done == [Hold("c7")]


async def test_pages_are_said_in_the_language_of_the_web() -> None:
    bench = Bench(web_language="Deutsch")
    async with bench.client() as client:
        page = (await client.get("/")).text
    assert '<html lang="de">' in page and "Nummer wählen" in page and "Kein Gespräch." in page and "Protokoll" in page
