"""The pages of settings: what is shown, what is saved, what is refused."""

from __future__ import annotations

import re

import httpx
import pytest

from snomtui.phone.intents import SetSetting
from snomtui.remote.pages.menu import MENU
from snomtui.settings.registry import registry
from tests.remote.pages.forms import opened, read
from tests.remote.standin import Bench

PAGES = [
    *("prefs", "speed", "fkeys", "actions", "sim", "advanced", "advanced_network", "advanced_behavior"),
    *("advanced_audio", "advanced_sip", "advanced_qos_security", "advanced_update"),
    *("line_login", "line_sip", "line_nat", "line_rtp"),
]


@pytest.mark.parametrize("page", PAGES)
async def test_every_setting_of_a_page_has_a_field_that_a_screen_reader_can_name(page: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get(f"/{page}.htm")
    assert answer.status_code == 200
    made = read(answer.text)
    for control in made.controls:
        named = control.get("id") in made.labels or all(
            each in made.ids for each in control.get("aria-labelledby", "?").split()
        )
        assert named, control
        assert all(each in made.ids for each in control.get("aria-describedby", "").split()), control
    wanted = {row.name for row in registry().values() if row.page == page}
    assert wanted <= {re.sub(r"[0-9]+$", "", name) if name not in registry() else name for name in was_of(made.fields)}


def was_of(fields: dict[str, str]) -> set[str]:
    """The settings that a form can save."""
    return {name.removeprefix("was:") for name in fields if name.startswith("was:")}


async def test_page_without_a_change_saves_nothing_and_leads_back() -> None:
    bench = Bench(user_pass1="geheim", action_incoming_url="http://a:b@pbx/x?u=$remote", vol_ringer="3")
    async with bench.client() as client:
        for page in PAGES:
            if page == "advanced":
                continue
            answer = await client.post(f"/{page}.htm", data=await opened(client, f"/{page}.htm"))
            assert answer.status_code == 302, page
            assert answer.headers["location"].startswith(f"/{page}.htm")
    assert bench.phone.done == []


async def test_person_changes_what_was_changed_and_nothing_else() -> None:
    bench = Bench()
    async with bench.client() as client:
        form = await opened(client, "/prefs.htm")
        bench.phone.settings.set("dnd_mode", "on")  # with the key on the phone, meanwhile
        answer = await client.post("/prefs.htm", data={**form, "redirect_number": "+49 30 11", "time_24_format": "off"})
    assert answer.headers["location"] == "/prefs.htm#saved"
    assert set(bench.phone.done) == {SetSetting("redirect_number", "+49 30 11"), SetSetting("time_24_format", "off")}
    assert bench.phone.settings.on("dnd_mode")
    assert bench.commands[-1]["status"] == 302


async def test_two_tabs_of_one_page_do_not_undo_each_other() -> None:
    bench = Bench()
    async with bench.client() as client:
        first, second = await opened(client, "/prefs.htm"), await opened(client, "/prefs.htm")
        await client.post("/prefs.htm", data={**first, "redirect_number": "11"})
        await client.post("/prefs.htm", data={**second, "redirect_time": "20"})
    settings = bench.phone.settings
    assert (settings.text("redirect_number"), settings.number("redirect_time")) == ("11", 20)


async def test_mistake_saves_nothing_loses_nothing_and_is_told_at_its_field() -> None:
    bench = Bench()
    async with bench.client() as client:
        form = await opened(client, "/advanced_sip.htm")
        sent = {**form, "max_forwards": "banana<", "session_timer": "90", "sip_retry_t1": "1"}
        answer = await client.post("/advanced_sip.htm", data=sent)
        assert answer.status_code == 422 and bench.phone.done == []
        made = read(answer.text)
        assert (made.fields["max_forwards"], made.fields["session_timer"]) == ("banana<", "90")
        wrong = {each["id"]: each["aria-describedby"] for each in made.controls if "aria-invalid" in each}
        assert set(wrong) == {"max_forwards", "sip_retry_t1"}
        assert wrong["max_forwards"].split()[0] in made.ids
        assert 'role="alert"' in answer.text and 'href="#max_forwards"' in answer.text
        right = {**made.fields, "max_forwards": "60", "sip_retry_t1": "500", "Settings": "Save"}
        assert (await client.post("/advanced_sip.htm", data=right)).status_code == 302
    assert set(bench.phone.done) == {SetSetting("max_forwards", "60"), SetSetting("session_timer", "90")}
    assert (bench.commands[0]["status"], "max_forwards" in bench.commands[0]["why"]) == (422, True)


async def test_what_the_phone_refuses_is_told_on_the_page() -> None:
    bench = Bench()
    bench.phone.refusals[SetSetting("redirect_number", "1")] = "not on Mondays"
    async with bench.client() as client:
        form = await opened(client, "/prefs.htm")
        answer = await client.post("/prefs.htm", data={**form, "redirect_number": "1"})
    assert answer.status_code == 200 and "not on Mondays" in answer.text
    assert "not on Mondays" in answer.headers["x-phone-refusal"]


async def test_stars_mean_the_password_as_it_is_and_an_empty_field_takes_it_away() -> None:
    bench = Bench(user_pass1="geheim")
    async with bench.client() as client:
        form = await opened(client, "/line_login.htm?l=1")
        assert form["user_pass1"] == "********"
        await client.post("/line_login.htm?l=1", data={**form, "user_realname1": "Jan"})
        assert bench.phone.settings.text("user_pass1") == "geheim"
        await client.post("/line_login.htm?l=1", data={**form, "user_pass1": ""})
    assert bench.phone.settings.text("user_pass1") == ""


async def test_stars_that_were_not_deleted_are_no_part_of_a_password() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    async with bench.client(("me", "geheim")) as client:
        form = await opened(client, "/advanced_qos_security.htm")
        answer = await client.post("/advanced_qos_security.htm", data={**form, "http_pass": "********new"})
        assert answer.status_code == 422 and 'id="http_pass-wrong"' in answer.text and bench.phone.done == []
        await client.post("/advanced_qos_security.htm", data={**form, "http_pass": "new"})
    assert bench.phone.settings.text("http_pass") == "new"


async def test_new_administrator_password_must_be_written_twice_alike() -> None:
    bench = Bench()
    names = ("admin_mode_password", "admin_mode_password_confirm")
    async with bench.client() as client:
        form = await opened(client, "/advanced_qos_security.htm")
        for one, two in (("4711", "********"), ("4711", "4712"), ("********", "4711")):
            sent = {**form, names[0]: one, names[1]: two}
            answer = await client.post("/advanced_qos_security.htm", data=sent)
            assert answer.status_code == 422 and f'id="{names[1]}-wrong"' in answer.text
        assert bench.phone.done == []
        sent = {**form, names[0]: "4711", names[1]: "4711", "admin_mode": "off"}
        assert (await client.post("/advanced_qos_security.htm", data=sent)).status_code == 302
    assert bench.phone.done == [*(SetSetting(name, "4711") for name in names), SetSetting("admin_mode", "off")]


async def test_login_in_a_url_is_not_shown_and_survives_a_change_of_the_rest() -> None:
    bench = Bench(action_incoming_url="http://me:geheim@pbx/a")
    async with bench.client() as client:
        form = await opened(client, "/actions.htm")
        assert form["action_incoming_url"] == "http://********@pbx/a"
        await client.post("/actions.htm", data={**form, "action_incoming_url": "http://********@pbx/b"})
    assert bench.phone.settings.text("action_incoming_url") == "http://me:geheim@pbx/b"


@pytest.mark.parametrize(
    ("method", "path", "done"),
    [
        ("GET", "/line_login.htm?l=1&Settings=Save&user_active1=off", [SetSetting("user_active1", "off")]),
        ("GET", "/line_sip.htm?l=2&settings=save&user_expiry2=60", [SetSetting("user_expiry2", "60")]),
        ("GET", "/prefs.htm?settings=save&redirect_number=5", [SetSetting("redirect_number", "5")]),
        ("GET", "/fkeys.htm?settings=save&fkey2=speed+5&fkey_label2=Jan", [
            SetSetting("fkey2", "speed 5"), SetSetting("fkey_label2", "Jan")]),
        ("GET", "/settings.htm?settings=save&fkey_label1=A&fkey_short_label1=A", [
            SetSetting("fkey_label1", "A"), SetSetting("fkey_short_label1", "A")]),
        ("POST", "/advanced_update.htm?Settings=Save&setting_server=tftp%3A%2F%2F10.0.0.1", [
            SetSetting("setting_server", "tftp://10.0.0.1")]),
        ("GET", "/line_login.htm?l=1&user_active1=off", []),
        ("GET", "/line_login.htm?l=1&Settings=Save&user_active1=on", []),
    ],
)  # fmt: skip
async def test_program_saves_by_a_url(method: str, path: str, done: list[SetSetting]) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.request(method, path)
    assert answer.status_code == (302 if method == "POST" else 200)
    assert bench.phone.done == done


async def test_program_that_names_a_wrong_setting_gets_the_right_ones_saved_and_is_told() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/prefs.htm?settings=save&banana=1&redirect_time=x&redirect_number=5")
    assert bench.phone.done == [SetSetting("redirect_number", "5")]
    assert answer.status_code == 200 and "banana" in answer.headers["x-phone-refusal"]


async def test_head_and_pages_of_other_sites_save_nothing() -> None:
    bench = Bench()
    path = "/prefs.htm?settings=save&redirect_number=5"
    async with bench.client() as client:
        assert (await client.head(path)).status_code == 200
        assert (await client.get(path, headers={"sec-fetch-site": "cross-site"})).status_code == 403
        form = await opened(client, "/prefs.htm")
        evil = await client.post("/prefs.htm", data={**form, "redirect_number": "5"}, headers={"origin": "http://evil"})
        assert evil.status_code == 403
        assert (await client.get("/prefs.htm", headers={"sec-fetch-site": "cross-site"})).status_code == 200
    assert bench.phone.done == []


async def test_form_of_a_page_carries_the_hidden_tag_and_a_forged_one_saves_nothing() -> None:
    bench = Bench(use_hidden_tags="on")
    async with bench.client() as client:
        for page, name, value in (
            ("/prefs.htm", "redirect_number", "5"),
            ("/speed.htm", "speed3", "33"),
            ("/fkeys.htm", "fkey_label0", "A"),
            ("/line_sip.htm?l=2", "user_expiry2", "60"),
            ("/advanced_update.htm", "setting_server", "http://a/"),
        ):
            form = await opened(client, page)
            forged = {field: each for field, each in form.items() if field != "hidden_tag"}
            assert (await client.post(page, data={**forged, name: value})).status_code == 403
            assert (await client.post(page, data={**form, name: value})).status_code == 302
        assert (await client.get("/prefs.htm?settings=save&redirect_number=6")).status_code == 403
    assert [wish.name for wish in bench.phone.done if isinstance(wish, SetSetting)] == [
        *("redirect_number", "speed3", "fkey_label0", "user_expiry2", "setting_server")
    ]


async def test_settings_in_a_url_are_refused_when_the_phone_says_so() -> None:
    bench = Bench(restrict_uri_queries="on")
    async with bench.client() as client:
        await client.get("/prefs.htm?settings=save&redirect_number=6")
        await client.get("/settings.htm?settings=save&redirect_number=6")
        assert bench.phone.done == []
        await client.post("/prefs.htm", data={"Settings": "Save", "redirect_number": "7"})
    assert bench.phone.done == [SetSetting("redirect_number", "7")]


async def test_user_sees_what_is_the_administrators_but_cannot_change_it() -> None:
    bench = Bench(admin_mode="off", http_user="me", http_pass="geheim")
    async with bench.client(("me", "geheim")) as client:
        page = (await client.get("/advanced_sip.htm")).text
        assert read(page).fields == {} and 'id="max_forwards"' in page and "administrator mode" in page
        await client.post("/advanced_sip.htm", data={"was:max_forwards": "70", "max_forwards": "5", "Settings": "Save"})
        form = await opened(client, "/prefs.htm")
        await client.post("/prefs.htm", data={**form, "redirect_number": "5"})
    assert bench.phone.done == [SetSetting("redirect_number", "5")]


async def test_status_script_reads_language_and_time_server_by_the_lines_of_the_pages() -> None:
    """As scripts do with sed and cut: the select begins and ends a line, and fields are counted by `>`."""
    bench = Bench(language="Deutsch", ntp_server="ntp.example.org")
    async with bench.client() as client:
        prefs = (await client.get("/prefs.htm")).text
        network = (await client.get("/advanced_network.htm")).text
    found = re.search(r'^.*<select size="1" name="language" .*\n(?:.*\n)*?</select>', prefs, re.MULTILINE)
    assert found and 'value="Deutsch" selected' in found[0]
    line = next(line for line in network.splitlines() if "NTP Time Server:" in line)
    assert line.split(">")[6].split(" ")[4].split('"')[1] == "ntp.example.org"


async def test_pages_are_german_when_the_web_language_is() -> None:
    bench = Bench(web_language="Deutsch")
    async with bench.client() as client:
        page = (await client.get("/advanced_sip.htm")).text
        form = await opened(client, "/advanced_sip.htm")
        wrong = (await client.post("/advanced_sip.htm", data={**form, "max_forwards": "x"})).text
    assert 'lang="de"' in page and ">Sichern</button>" in page and "Behavior" not in page
    assert "Es wurde nichts gespeichert" in wrong and "ganze Zahl" in wrong


async def test_every_page_of_setup_in_the_menu_is_there() -> None:
    bench = Bench()
    entries = next(section.entries for section in MENU if section.title == "Setup")
    async with bench.client() as client:
        for entry in entries:
            for href in dict.fromkeys((entry.href, *(tab.href for tab in entry.tabs))):
                answer: httpx.Response = await client.get(href)
                assert answer.status_code == 200, href
                assert 'aria-current="page"' in answer.text, href
