"""The directory on its page, and as a table."""

from __future__ import annotations

import time

from snomtui.phone.intents import DeleteEntry, SaveEntry
from snomtui.presence import Contact
from tests.remote.standin import Bench

ANNA = Contact("sip:anna@ucc.test", "Anna", ("+49302",), type="VIP", watched=False)


async def test_own_entries_can_be_changed_and_those_of_the_server_dialled() -> None:
    bench = Bench()
    bench.phone.entries = (ANNA,)
    async with bench.client() as client:
        page = (await client.get("/tbook.htm")).text
        form = (await client.get("/tbook.htm?edit=sip%3Aanna%40ucc.test")).text
    assert "1 in this phone, 1 kept by the server." in page and "Jan &lt;b&gt;" in page
    assert 'name="delete" value="sip:anna@ucc.test"' in page and 'name="delete" value="sip:jan@ucc.test"' not in page
    assert 'name="old" value="sip:anna@ucc.test"' in form and 'value="anna@ucc.test"' in form


async def test_entry_is_saved_changed_and_deleted() -> None:
    bench = Bench()
    async with bench.client() as client:
        fields = {
            "save": "1",
            "name": " Bert ",
            "numbers": "+4930 5; 306",
            "address": "",
            "type": "Deny",
            "old": "tel:1",
        }
        assert (await client.post("/tbook.htm", data=fields)).headers["location"] == "/tbook.htm"
        await client.post("/tbook.htm", data={"delete": "tel:1", "NUMBER": "1"})
    assert bench.phone.done == [SaveEntry("Bert", ("+4930 5", "306"), "", "Deny", "tel:1"), DeleteEntry("tel:1")]


async def test_refused_entry_stays_in_the_form_with_the_reason() -> None:
    bench = Bench()
    bench.phone.refusals[SaveEntry("Bert", ("x",))] = "'x' is no number"
    async with bench.client() as client:
        answer = await client.post("/tbook.htm", data={"save": "1", "name": "Bert", "numbers": "x"})
        odd = await client.post("/tbook.htm", data={"save": "1", "name": "Bert\nx", "numbers": "1"})
    assert answer.status_code == 409 and "is no number" in answer.text and 'value="Bert"' in answer.text
    assert odd.status_code == 400 and "name: one line" in odd.text
    assert bench.phone.done == []


async def test_table_is_exported_and_imported_with_the_line_of_a_mistake() -> None:
    bench = Bench()
    bench.phone.entries = (ANNA,)
    async with bench.client() as client:
        table = await client.get("/tbook.csv")
        assert table.text == "name,numbers,address,type\r\nAnna,+49302,anna@ucc.test,VIP\r\n"
        assert (await client.post("/tbook.htm", data={"csv": table.text})).status_code == 302
        wrong = await client.post("/tbook.htm", data={"csv": "Bert,1\nEmil,2,,Boss"})
        bench.phone.refusals[SaveEntry("Emil", ("2",))] = "The disk is full"
        half = await client.post("/tbook.htm", data={"csv": "Bert,1\nEmil,2"})
    assert bench.phone.done == [
        SaveEntry("Anna", ("+49302",), "anna@ucc.test", "VIP", "sip:anna@ucc.test"),
        SaveEntry("Bert", ("1",)),
    ]
    assert wrong.status_code == 400 and "line 2: the types are" in wrong.text and "Emil,2,,Boss" in wrong.text
    assert half.status_code == 409 and "line 2: The disk is full. 1 entries were saved before." in half.text


async def test_table_may_have_a_spreadsheets_semicolons_but_not_any_size() -> None:
    bench = Bench()
    async with bench.client() as client:
        table = "\ufeffname;numbers\r\nJörg;+49 30 1\r\n"
        assert (await client.post("/tbook.htm", data={"csv": table})).status_code == 302
        large = await client.post("/tbook.htm", data={"csv": "Jan,1\n" * 20_000})
    assert bench.phone.done == [SaveEntry("Jörg", ("+49 30 1",))]
    assert large.status_code == 413


async def test_page_of_another_site_neither_reads_nor_writes_it() -> None:
    bench = Bench()
    bench.phone.entries = (ANNA,)
    async with bench.client() as client:
        foreign = {"sec-fetch-site": "cross-site"}
        assert (await client.get("/tbook.csv", headers=foreign)).status_code == 403
        assert (await client.post("/tbook.htm", data={"delete": ANNA.uri}, headers=foreign)).status_code == 403
    assert bench.phone.done == []


async def test_five_thousand_contacts_come_in_pages_and_can_be_searched() -> None:
    bench = Bench()
    bench.phone.people = tuple(Contact(f"sip:p{n:04}@ucc.test", f"Person {n:04}") for n in range(5000))
    async with bench.client() as client:
        await client.get("/tbook.htm")
        begun = time.perf_counter()
        last = (await client.get("/tbook.htm?from=99999")).text
        assert time.perf_counter() - begun < 1
        found = (await client.get("/tbook.htm?search=person 4242")).text
    assert "4951 to 5000 of 5000" in last and "Person 4999" in last and "Person 0000" not in last
    assert "Person 4242" in found and "Person 4243" not in found and len(last) < 100_000
