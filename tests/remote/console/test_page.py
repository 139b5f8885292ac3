"""The status page as people see it, without any script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from snomtui.office.faults import Fault
from snomtui.office.orders import Restart, SetFault, SetPolicy, SignOut
from snomtui.office.policy import KNOBS
from snomtui.remote.console.page import some, span
from tests.office.house import PASSWORDS
from tests.remote.console.standin import Bench

EMPTY = {"meta", "input", "br", "link"}


class Reader(HTMLParser):
    """Checks that what is opened is closed, and gathers the text and the forms."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.forms: list[dict[str, str]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        given = {name: value or "" for name, value in attrs}
        if tag not in EMPTY:
            self.open.append(tag)
        if tag == "form":
            self.forms.append({"action": given["action"], "method": given["method"]})
        if tag in ("input", "button") and "name" in given and self.forms:
            self.forms[-1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """It must be the last one that was opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


async def page(bench: Bench, path: str = "/") -> Reader:
    """The page, read."""
    answer = await bench.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return Reader(answer.text)


async def test_page_shows_registrations_versions_refusals_and_the_journal() -> None:
    bench = Bench()
    bench.house.signed_in("Julia.Falk")
    bench.refuse_somebody()
    read = await page(bench)
    for words in (
        "Julia.Falk@ucc.de", "ntlmv2", "15 min", "Client version summary", "snom370/8.2.19", "100.0 %",
        "UCC\\Heiko.Riedel", "snom360/7.3.14", "NTLMv1 response refused by level 5",
        "NTLM AUTHENTICATE of UCC\\Heiko.Riedel at TEST: NTLM2 session response", "NetBIOS domain", "KEY_EXCH",
        "LAN Manager authentication level 5: Send NTLMv2 response only. Refuse LM & NTLM",
    ):  # fmt: skip
        assert words in read.text, words
    assert not any(password in read.text for password in PASSWORDS.values())


async def test_page_of_an_empty_office_is_whole() -> None:
    read = await page(Bench())
    assert "Nobody is signed in." in read.text and "Nobody was refused." in read.text and "No call." in read.text
    assert "0 registrations" in read.text and "0 discarded messages." in read.text


def test_one_thing_is_no_plural() -> None:
    assert [some(number, "call") for number in (0, 1, 2)] == ["0 calls", "1 call", "2 calls"]


async def test_page_says_what_each_policy_and_each_fault_does() -> None:
    text = (await Bench().get("/")).text
    assert 'title="everything leaves three seconds late">slow<' in text
    assert "one of 0, 1, 2, 3, 4, 5" in text and "seconds from 30 to 86400" in text


async def test_page_has_a_form_for_every_policy_and_every_fault() -> None:
    forms = (await page(Bench())).forms
    assert {form["name"] for form in forms if form.get("do") == "policy"} == set(KNOBS)
    assert {form["name"] for form in forms if form.get("do") == "fault"} == {each.value for each in Fault} - {"restart"}
    assert {form["method"] for form in forms if form["action"] == "/do"} == {"post"}


@pytest.mark.parametrize(
    ("data", "order"),
    [
        ({"do": "policy", "name": "lan_manager_level", "value": "3"}, SetPolicy("lan_manager_level", "3")),
        ({"do": "policy", "name": "kerberos", "value": "off"}, SetPolicy("kerberos", "off")),
        ({"do": "policy", "name": "realm", "value": "A + B"}, SetPolicy("realm", "A + B")),
        ({"do": "fault", "name": "503", "on": "on"}, SetFault("503", True)),
        ({"do": "restart"}, Restart()),
        ({"do": "sign_out", "who": "Heiko.Riedel@ucc.de", "event": "deactivated"},
         SignOut("Heiko.Riedel@ucc.de", "deactivated")),
    ],
)  # fmt: skip
async def test_button_gives_its_order_and_leads_back_to_the_page(data: dict[str, str], order: object) -> None:
    bench = Bench()
    bench.house.signed_in()
    answer = await bench.ask("POST", "/do", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert bench.desk.orders == [order]


async def test_switched_fault_shows_the_way_back() -> None:
    bench = Bench()
    await bench.ask("POST", "/do", data={"do": "fault", "name": "slow", "on": "on"})
    read = await page(bench)
    assert "Faults: slow." in read.text
    assert next(form for form in read.forms if form.get("name") == "slow")["on"] == "off"


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"do": "policy", "name": "keep_alive", "value": "soon"}, 422, "keep_alive=soon: must be a whole number"),
        ({"do": "sign_out", "who": "<b>nobody</b>"}, 409, "<b>nobody</b> is not signed in"),
        ({}, 422, "unknown do None"),
    ],
)
async def test_refused_order_is_told_on_the_page(data: dict[str, str], status: int, words: str) -> None:
    answer = await Bench().ask("POST", "/do", data=data)
    assert answer.status_code == status and words in Reader(answer.text).text


async def test_what_a_stranger_writes_cannot_become_part_of_the_page() -> None:
    bench = Bench()
    client = bench.house.client(login="UCC\\<script>alert(1)</script>", user_agent='"><img src=x>', level=1)
    client.register(bench.house.now)
    bench.house.settle()
    answer = await bench.get('/?user="><script>&kind=<b>')
    assert answer.status_code == 200
    assert re.findall(r"<script>.", answer.text) == ["<script>("] and "<img" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'sha256-" in policy and "frame-ancestors 'none'" in policy


async def test_journal_on_the_page_is_cut_down_by_user_and_kind() -> None:
    bench = Bench()
    bench.house.signed_in("Julia.Falk")
    bench.refuse_somebody()
    journal = (await page(bench, "/?user=julia&kind=note")).text.partition("Signature")[2]
    assert "signed in with ntlmv2" in journal and "refused" not in journal
    assert "Nothing yet." in (await page(bench, "/?user=nobody")).text


async def test_page_refreshes_itself_without_a_script() -> None:
    found = (await Bench().get("/?user=a%26b&kind=in")).text
    assert '<noscript><meta http-equiv="refresh" content="10; url=/?user=a%26b&amp;kind=in"></noscript>' in found


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0 s"), (119.9, "119 s"), (900, "15 min"), (7200, "2 h 0 min"), (37000, "10 h 16 min")]
)
def test_span_is_told_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words
