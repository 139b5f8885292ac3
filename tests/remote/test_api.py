"""The JSON API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from snomtui.phone.history import Record
from snomtui.phone.intents import (
    ClearList,
    DeleteEntry,
    Dial,
    ForgetCall,
    HangUp,
    Intent,
    Press,
    SaveEntry,
    SetSetting,
    Show,
)
from snomtui.presence import Contact
from tests.remote.standin import Bench

NEAR, FAR = ("127.0.0.1", 4711), ("192.0.2.9", 4711)
SECRETS = ("user_pass1", "http_pass", "admin_mode_password")


def secure(bench: Bench) -> httpx.AsyncClient:
    """A client over HTTPS."""
    transport = httpx.ASGITransport(app=bench.web, client=FAR)
    return httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1:8443")


async def test_api_tells_the_snapshot_the_calls_and_the_contacts() -> None:
    bench = Bench()
    async with bench.client() as client:
        phone = (await client.get("/api/v1/phone")).json()
        assert (await client.get("/api/v1/calls")).json() == {"calls": []}
        call = (await client.post("/api/v1/intents", json={"do": "dial", "number": "5"})).json()["call"]
        assert (await client.get("/api/v1/calls")).json() == {"calls": [call]}
        assert (await client.get(f"/api/v1/calls/{call['id']}")).json() == call
        assert (await client.get("/api/v1/calls/no/such")).status_code == 404
        assert (await client.get("/api/v1/calls/c77")).json() == {"ok": False, "why": "there is no such call"}
        contacts = (await client.get("/api/v1/contacts")).json()["contacts"]
    assert phone["version"] == "8.2.24" and phone["identities"][0]["state"] == "registered"
    assert contacts == phone["contacts"] and contacts[0]["availability"] == "BUSY"


# -- intents


@pytest.mark.parametrize(
    ("body", "status", "done"),
    [
        (b'{"do": "dial", "number": "+4930"}', 200, [Dial("+4930")]),
        (b'{"do": "hangup", "every": true}', 200, [HangUp(every=True)]),
        (b'{"do": "dial", "number": "110"}', 409, []),
        (b'{"do": "show", "url": "http://x"}', 200, [Show("http://x")]),
        (b'{"do": "forget_call", "list": "missed", "id": "1/2"}', 200, [ForgetCall("missed", "1/2")]),
        (b'{"do": "delete_entry", "uri": "sip:a@b"}', 200, [DeleteEntry("sip:a@b")]),
        (b'{"do": "save_entry", "name": "A", "numbers": ["1"]}', 200, [SaveEntry("A", ("1",))]),
        (b'[{"do": "press", "keys": "1"}, {"do": "press", "keys": "2"}]', 200, [Press("1"), Press("2")]),
        (b'[{"do": "dial", "number": "1"}, {"do": "dial", "number": "110"}, {"do": "hangup"}]', 409, [Dial("1")]),
        (b'[{"do": "dial", "number": "1"}, {"do": "banana"}]', 422, []),
        (b"[]", 422, []),
        (b"[1]", 422, []),
        (b"5", 422, []),
        (b'{"do": "banana"}', 422, []),
        (b"banana", 422, []),
        (b"[" * 60_000, 422, []),
        (b'{"do": "dial", "number": ' + b"1" * 9000 + b"}", 422, []),
        (b"x" * 70_000, 413, []),
    ],
)
async def test_api_takes_intents(body: bytes, status: int, done: list[Intent]) -> None:
    bench = Bench()
    bench.phone.refusals[Dial("110")] = "not registered"
    async with bench.client() as client:
        answer = await client.post("/api/v1/intents", content=body)
    assert answer.status_code == status and answer.json()["ok"] is (status == 200)
    assert bench.phone.done == done
    assert bench.commands[0]["status"] == status and ("why" in bench.commands[0]) is (status != 200)


async def test_api_answers_a_dial_with_its_call() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = (await client.post("/api/v1/intents", json={"do": "dial", "number": "5"})).json()
        snapshot = (await client.post("/api/v1/intents", json={"do": "snapshot"})).json()
    assert answer["call"]["state"] == "dialling" and answer["did"] == [{"do": "dial", "number": "5"}]
    assert snapshot["snapshot"]["calls"][0]["id"] == answer["call"]["id"]


async def test_api_tells_of_an_array_how_far_it_came() -> None:
    bench = Bench()
    bench.phone.refusals[Dial("110")] = "not registered"
    async with bench.client() as client:
        wanted = [{"do": "press", "keys": "1"}, {"do": "dial", "number": "110"}, {"do": "hangup"}]
        answer = (await client.post("/api/v1/intents", json=wanted)).json()
    assert [each["ok"] for each in answer["results"]] == [True, False] and answer["why"] == "not registered"
    assert bench.commands[0]["did"] == [{"do": "press", "keys": "1"}]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/merge-patch+json", 200),
        ("application/x-www-form-urlencoded", 200),
        ("", 200),
        ("text/plain", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/xml", 415),
    ],
)
async def test_json_is_taken_in_types_that_no_foreign_form_can_send_as_json(kind: str, status: int) -> None:
    bench = Bench()
    async with bench.client() as client:
        headers = {"content-type": kind} if kind else {}
        answer = await client.post("/api/v1/intents", content=b'{"do": "dial", "number": "1"}', headers=headers)
    assert answer.status_code == status and len(bench.phone.done) == (status == 200)


# -- HTTP manners


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("DELETE", "/api/v1/phone", 405, "GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/intents", 405, "OPTIONS, POST"),
        ("POST", "/api/v1/settings", 405, "GET, HEAD, OPTIONS, PATCH"),
        ("POST", "/openapi.json", 405, "GET, HEAD, OPTIONS"),
        ("TRACE", "/api/v1/commands", 405, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "/api/v1/directory", 204, "GET, HEAD, OPTIONS, POST"),
        ("GET", "/api/v1/banana", 404, None),
        ("OPTIONS", "/api/v1/banana", 404, None),
        ("GET", "/api/", 404, None),
    ],
)
async def test_methods_and_addresses_that_are_not_there_are_said(
    method: str, path: str, status: int, allow: str | None
) -> None:
    async with Bench().client() as client:
        answer = await client.request(method, path)
    assert answer.status_code == status and answer.headers.get("allow") == allow
    assert status == 204 or answer.json()["ok"] is False
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_head_says_what_get_would() -> None:
    async with Bench().client() as client:
        for path in ("/api/v1/phone", "/api/v1/settings", "/openapi.json"):
            whole, head = await client.get(path), await client.head(path)
            assert head.status_code == 200 and head.headers["content-length"] == whole.headers["content-length"]
        stream = await client.head("/api/v1/events")
        assert stream.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("text/html, application/*;q=0.1", 200), ("text/html", 406)],
)
async def test_client_that_cannot_read_json_is_told(accept: str, status: int) -> None:
    async with Bench().client() as client:
        assert (await client.get("/api/v1/phone", headers={"accept": accept})).status_code == status


async def test_stream_of_an_unknown_type_is_refused() -> None:
    async with Bench().client() as client:
        answer = await client.get("/api/v1/events?types=call,banana")
        assert answer.status_code == 422 and "banana" in answer.json()["why"]
        assert (await client.get("/api/v1/events?types=")).status_code == 422


async def test_page_of_a_friend_may_use_the_api_and_no_other_page() -> None:
    bench = Bench(sim_api_origins="https://crm.test http://other.test", http_user="me", http_pass="x")
    order, friend = {"do": "dial", "number": "1"}, {"origin": "https://crm.test", "sec-fetch-site": "cross-site"}
    async with bench.client() as client:
        first = await client.options("/api/v1/intents", headers=friend)
        assert first.status_code == 204 and first.headers["access-control-allow-origin"] == "https://crm.test"
        assert "authorization" in first.headers["access-control-allow-headers"]
        assert (await client.post("/api/v1/intents", json=order, headers=friend)).status_code == 401
        done = await client.post("/api/v1/intents", json=order, headers=friend, auth=("me", "x"))
        assert done.status_code == 200 and done.headers["access-control-allow-origin"] == "https://crm.test"
        for headers in (
            {**friend, "origin": "https://crm.test.evil.test"},
            {**friend, "origin": "http://crm.test"},
            {**friend, "host": "evil.test"},
            {"sec-fetch-site": "cross-site"},
        ):
            answer = await client.post("/api/v1/intents", json=order, headers=headers, auth=("me", "x"))
            assert answer.status_code == 403
        foreign = await client.options("/api/v1/intents", headers={**friend, "origin": "https://evil.test"})
        assert foreign.status_code == 401
        saved = await client.post("/dummy.htm?settings=save&dnd_mode=on", headers=friend, auth=("me", "x"))
        assert saved.status_code == 403
    assert bench.phone.done == [Dial("1")]


# -- call lists and directory


async def test_call_lists_are_read_and_cleared() -> None:
    bench = Bench()
    record = Record("missed", "Jan", "+4930/1", 1_795_000_000.5)
    bench.phone.records = (record,)
    async with bench.client() as client:
        listed = (await client.get("/api/v1/calllists/missed")).json()
        assert listed["list"] == "missed" and listed["calls"][0]["number"] == "+4930/1"
        one = f"/api/v1/calllists/missed/{quote(listed['calls'][0]['id'], safe='')}"
        assert (await client.delete(one)).json() == {"ok": True, "do": "forget_call"}
        assert (await client.delete("/api/v1/calllists/missed")).status_code == 200
        assert (await client.delete("/api/v1/calllists/missed/1.0")).status_code == 404
        assert (await client.get("/api/v1/calllists/banana")).status_code == 404
    assert bench.phone.done == [ForgetCall("missed", record.id), ClearList("missed")]


async def test_entries_of_the_directory_are_read_written_and_deleted() -> None:
    bench = Bench()
    bench.phone.entries = (Contact("sip:a/b@x", "Anna", ("1",), type="VIP"),)
    place = "/api/v1/directory/sip%3Aa%2Fb%40x"
    async with bench.client() as client:
        entry = (await client.get(place)).json()
        assert entry == {"uri": "sip:a/b@x", "name": "Anna", "numbers": ["1"], "type": "VIP"}
        assert (await client.get("/api/v1/directory")).json() == {"entries": [entry]}
        assert (await client.put(place, json={**entry, "name": "Anne"})).status_code == 200
        assert (await client.post("/api/v1/directory", json={"address": "b@x"})).status_code == 201
        assert (await client.post("/api/v1/directory", json={"number": "5"})).status_code == 422
        assert (await client.delete(place)).status_code == 200
        assert (await client.get("/api/v1/directory/tel%3A5")).status_code == 404
    assert bench.phone.done == [
        SaveEntry("Anne", ("1",), type="VIP", old="sip:a/b@x"),
        SaveEntry("", address="b@x"),
        DeleteEntry("sip:a/b@x"),
    ]


# -- settings


async def test_settings_are_told_by_name_and_secrets_are_not() -> None:
    bench = Bench(user_pass1="geheim", user_name1="heiko")
    async with bench.client() as client:
        every = (await client.get("/api/v1/settings")).json()
        assert (await client.get("/api/v1/settings?changed=true")).json() == {"user_pass1": None, "user_name1": "heiko"}
        assert (await client.get("/api/v1/settings?changed=x")).status_code == 422
        one = (await client.get("/api/v1/settings/user_pass1")).json()
        volume = (await client.get("/api/v1/settings/vol_ringer")).json()
        assert (await client.get("/api/v1/settings/user_nam1")).status_code == 404
        assert (await client.get("/api/v1/settings/user_name")).status_code == 404
    assert every["user_name1"] == "heiko" and every["user_pass1"] is None and len(every) > 500
    assert one["value"] is None and one["set"] is True and one["type"] == "secret" and one["index"] == 1
    assert (volume["low"], volume["high"], volume["value"]) == (0, 15, "8")


async def test_settings_are_changed_together() -> None:
    bench = Bench(user_pass1="geheim")
    async with bench.client() as client:
        wanted = {"user_realname1": "Heiko", "vol_ringer": 5.0, "dnd_mode": True, "user_pass1": None, "http_user": None}
        answer = await client.patch("/api/v1/settings", json=wanted)
    assert answer.json() == {"ok": True, "settings": {"user_realname1": "Heiko", "vol_ringer": "5", "dnd_mode": "on"}}
    assert bench.phone.settings.text("user_pass1") == "geheim"
    assert bench.commands[0]["did"][1] == {"do": "set", "name": "vol_ringer", "value": "5"}


async def test_url_is_told_without_its_login_and_keeps_it_when_it_is_sent_back() -> None:
    url = "http://me:geheim@pbx/hold"
    bench = Bench(action_hold=url)
    async with bench.client() as client:
        told = (await client.get("/api/v1/settings")).json()
        assert (
            told["action_hold"]
            == "http://pbx/hold"
            == (await client.get("/api/v1/settings/action_hold")).json()["value"]
        )
        assert (await client.patch("/api/v1/settings", json=told)).status_code == 200
        assert bench.phone.settings.text("action_hold") == url
        await client.patch("/api/v1/settings", json={"action_hold": "http://pbx/other"})
    assert bench.phone.settings.text("action_hold") == "http://pbx/other"


async def test_nothing_is_changed_when_one_setting_is_wrong_and_each_wrong_one_is_named() -> None:
    bench = Bench()
    async with bench.client() as client:
        wanted = {"user_realname1": "Heiko", "vol_ringer": 99, "banana": "x", "dnd_mode": [1], "user_nam1": None}
        answer = await client.patch("/api/v1/settings", json=wanted)
    assert answer.status_code == 422
    assert set(answer.json()["wrong"]) == {"vol_ringer", "banana", "dnd_mode", "user_nam1"}
    assert bench.phone.done == [] and "vol_ringer" in bench.commands[0]["why"]


async def test_a_value_that_its_setting_refuses_is_a_conflict() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.patch("/api/v1/settings", json={"user_realname1": "Heiko", "vol_ringer": 99})
    assert answer.status_code == 409 and set(answer.json()["wrong"]) == {"vol_ringer"} and bench.phone.done == []


async def test_what_was_changed_is_undone_when_the_phone_refuses_one() -> None:
    bench = Bench(user_realname1="before")
    bench.phone.refusals[SetSetting("language", "Klingon")] = "There is no such language"
    async with bench.client() as client:
        answer = await client.patch("/api/v1/settings", json={"user_realname1": "after", "language": "Klingon"})
    assert answer.status_code == 409 and "language" in answer.json()["why"]
    assert bench.phone.settings.text("user_realname1") == "before"


@pytest.mark.parametrize("name", SECRETS)
async def test_password_is_taken_over_https_or_from_this_machine_only(name: str) -> None:
    asks: tuple[tuple[str, str, Any], ...] = (
        ("PATCH", "/api/v1/settings", {name: "geheim"}),
        ("POST", "/api/v1/intents", {"do": "set", "name": name, "value": "geheim"}),
        ("POST", "/api/v1/intents", [{"do": "set", "name": name, "value": "geheim"}]),
    )
    for method, path, body in asks:
        bench = Bench()
        async with bench.client(peer=FAR) as client:
            answer = await client.request(method, path, json=body)
        assert answer.status_code == 403 and "HTTPS" in answer.json()["why"]
        assert bench.phone.settings.text(name) != "geheim" and bench.phone.done == []
        for client in (Bench().client(peer=NEAR), Bench().client(peer=("::ffff:127.0.0.1", 1)), secure(Bench())):
            async with client:
                assert (await client.request(method, path, json=body)).status_code == 200


async def test_user_may_not_change_what_belongs_to_the_administrator() -> None:
    bench = Bench(admin_mode="off")
    async with bench.client() as client:
        for name in ("user_name1", "admin_mode"):
            assert (await client.patch("/api/v1/settings", json={name: "on"})).status_code == 409
            order = {"do": "set", "name": name, "value": "on"}
            assert (await client.post("/api/v1/intents", json=order)).status_code == 409
        assert (await client.get("/api/v1/settings/user_name1")).json()["writable"] is False
        assert (await client.patch("/api/v1/settings", json={"web_language": "Deutsch"})).status_code == 200
    assert bench.phone.done == [SetSetting("web_language", "Deutsch")]


# -- accounts


async def test_accounts_are_not_spoken_of_over_plain_http() -> None:
    bench = Bench()
    asks: tuple[tuple[str, str, Any], ...] = (
        ("GET", "/api/v1/accounts", None),
        ("GET", "/api/v1/accounts/1", None),
        ("PATCH", "/api/v1/accounts/1", {"name": "x"}),
        ("PUT", "/api/v1/login", {"user": "a", "password": "b"}),
    )
    async with bench.client(peer=NEAR) as client:
        for method, path, body in asks:
            answer = await client.request(method, path, json=body)
            assert answer.status_code == 403 and answer.json() == {"ok": False, "why": "only over HTTPS"}
    assert bench.phone.done == []


async def test_account_is_changed_over_https_and_its_password_is_not_told() -> None:
    bench = Bench()
    async with secure(bench) as client:
        wanted = {"active": True, "name": "heiko", "host": "ucc.de", "password": "geheim", "server_type": "ocs"}
        account = (await client.patch("/api/v1/accounts/2", json=wanted)).json()
        listed = (await client.get("/api/v1/accounts")).json()["accounts"]
        assert (await client.get("/api/v1/accounts/13")).status_code == 404
        assert (await client.get("/api/v1/accounts/2")).json() == account == listed[1]
    assert account["name"] == "heiko" and account["active"] is True and account["password_set"] is True
    assert "password" not in account and "geheim" not in str(bench.told) and len(listed) == 12
    assert bench.phone.settings.text("user_pass2") == "geheim"


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"name": "heiko", "outbound": "a:99999"}, 409),
        ({"name": "heiko", "server_type": "banana"}, 409),
        ({"name": "heiko", "password": "a\nb"}, 409),
        ({"name": "heiko", "active": "yes"}, 422),
        ({"name": "heiko", "banana": "x"}, 422),
        ({"name": ["heiko"]}, 422),
        ({"name": "heiko", "outbound": False}, 422),
        ([], 422),
    ],
)
async def test_account_changes_as_a_whole_or_not_at_all(wanted: Any, status: int) -> None:
    bench = Bench()
    async with secure(bench) as client:
        answer = await client.patch("/api/v1/accounts/1", json=wanted)
    assert answer.status_code == status and bench.phone.done == [] and answer.json()["why"]


async def test_login_is_changed_over_https() -> None:
    bench = Bench()
    async with secure(bench) as client:
        for wrong in ({"user": "a"}, {"user": "a", "password": 5}, {"user": "a", "password": "b", "scheme": "ntlm"}):
            assert (await client.put("/api/v1/login", json=wrong)).status_code == 422
        wanted = {"user": "admin", "password": "geheim", "scheme": "digest"}
        said = (await client.put("/api/v1/login", json=wanted)).json()
        assert (await client.get("/api/v1/phone")).status_code == 401
    assert said == {"ok": True, "user": "admin", "scheme": "digest", "password_set": True}
    assert bench.phone.settings.text("http_pass") == "geheim" and "geheim" not in str(bench.told)
