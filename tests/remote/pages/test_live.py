"""What the home page shows, and its own forms."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from snomtui.phone.history import Record
from snomtui.phone.intents import Dial, Hold, Refusal, SetPresence, Transfer
from snomtui.phone.snapshot import CallState
from snomtui.presence import Availability, Contact, Presence
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing, do_all
from snomtui.remote.pages.frame import Frame
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


async def test_note_written_in_a_call_takes_the_chosen_presence_with_it() -> None:
    bench = Bench()
    bench.phone.settings.set("presence_state", "BUSY")
    bench.phone.now = replace(bench.phone.now, own=Presence(Availability.IN_A_CALL, "on-the-phone"))
    async with bench.client() as client:
        page = (await client.get("/")).text
    assert '<option value="BUSY" selected>In a call</option>' in page and "on-the-phone" not in page


async def test_button_of_an_old_page_says_what_is_wrong_on_the_home_page() -> None:
    bench = Bench()
    bench.phone.refusals[Hold("c6")] = "There is no call to hold"
    async with bench.client() as client:
        answer = await client.post("/act.htm", data={"hold": "c6"})
        assert answer.status_code == 409 and "There is no call to hold" in answer.text
        assert (await client.post("/act.htm", data={"dtmf": "c6", "digits": "1"})).status_code == 400
        assert (await client.get("/act.htm?hold=c6")).status_code == 405
    assert bench.phone.done == []


async def test_person_reads_why_a_number_was_not_dialled_and_a_program_gets_its_redirect() -> None:
    bench = Bench()
    bench.phone.refusals[Dial("zwölf")] = "No identity is registered"
    async with bench.client() as client:
        form = {"NUMBER": "zwölf", "DIAL": "Dial"}
        assert (await client.post("/index.htm", data=form)).status_code == 302
        answer = await client.post("/index.htm", data=form, headers={"origin": "http://127.0.0.1:8080"})
    assert answer.status_code == 409 and '<p class="error" role="alert">No identity is registered' in answer.text


async def test_mistake_on_the_home_page_is_told_in_the_language_of_the_pages() -> None:
    bench = Bench(web_language="Deutsch")
    bench.phone.refusals[Hold("c6")] = "There is no call"
    async with bench.client() as client:
        assert "Es gibt keinen Anruf" in (await client.post("/act.htm", data={"hold": "c6"})).text
        assert "Ziffern sind 0 bis 9" in (await client.post("/act.htm", data={"dtmf": "c6", "digits": "x"})).text
        assert "keine Nummer" in (await client.post("/index.htm", data={"NUMBER": "", "DIAL": "Dial"})).text


async def test_refusal_with_something_in_it_is_told_in_the_language_too() -> None:
    phone = Bench(web_language="Deutsch").phone
    frame = Frame(phone, Doing(phone, lambda _: None, time.time), OwnNames("127.0.0.1"), time.time)
    outcome = do_all(lambda _: Refusal.of("{text} is neither a number nor an address", text="'?'"), (Dial("?"),))
    assert frame.said(outcome) == "'?' ist weder Nummer noch Adresse"
    assert outcome.why == "'?' is neither a number nor an address"


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
