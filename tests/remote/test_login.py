"""None, Basic, Digest, and the lock-out."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from snomtui.phone.intents import Press
from snomtui.remote.login import Lockout
from tests.remote.standin import Bench

PRESS = "/command.htm?key=1"


async def status(bench: Bench, auth: httpx.Auth | tuple[str, str] | None = None, path: str = PRESS) -> int:
    async with bench.client(auth) as client:
        return (await client.get(path)).status_code


@pytest.mark.parametrize(("user", "password"), [("me", "geheim"), ("", "geheim"), ("me", ""), ("Jürgen", "ä:ö")])
async def test_basic_lets_in_only_the_right_login(user: str, password: str) -> None:
    bench = Bench(http_user=user, http_pass=password)
    assert await status(bench) == 401
    assert await status(bench, (user, "wrong")) == 401
    assert await status(bench, ("wrong", password)) == 401
    assert bench.phone.done == []
    assert await status(bench, (user, password)) == 200
    assert bench.phone.done == [Press("1")]


async def test_latin1_basic_is_understood() -> None:
    bench = Bench(http_user="me", http_pass="ü")
    async with bench.client() as client:
        answer = await client.get(PRESS, headers={"authorization": "basic bWU6/A=="})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [PRESS, "/command.htm?number=%2B49%2030&outgoing_uri=heiko", "/index.htm"])
async def test_digest_lets_in_only_the_right_login(path: str) -> None:
    bench = Bench(http_user="me", http_pass="geheim", http_scheme="on")
    assert await status(bench, None, path) == 401
    assert await status(bench, httpx.DigestAuth("me", "wrong"), path) == 401
    assert await status(bench, ("me", "geheim"), path) == 401
    assert bench.phone.done == []
    assert await status(bench, httpx.DigestAuth("me", "geheim"), path) in (200, 302)
    assert len(bench.phone.done) == (path != "/index.htm")


async def test_old_nonce_is_stale_and_no_failed_login() -> None:
    bench = Bench(http_user="me", http_pass="geheim", http_scheme="on")
    async with bench.client(httpx.DigestAuth("me", "geheim")) as client:
        for _ in range(6):
            assert (await client.get(PRESS)).status_code == 200
            bench.clock.now += 1000
    assert len(bench.phone.done) == 6


async def test_settings_hold_at_once() -> None:
    bench = Bench()
    assert await status(bench) == 200
    bench.phone.settings.set("http_pass", "geheim")
    assert await status(bench) == 401


async def test_lockout_blocks_with_a_page_that_says_so_and_ends_in_time() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    async with bench.client() as client:
        for _ in range(10):
            assert (await client.get(PRESS)).status_code == 401  # nothing guessed, nothing blocked
    async with bench.client(("me", "wrong")) as client:
        for _ in range(4):
            assert (await client.get(PRESS)).status_code == 401
    async with bench.client(("me", "geheim")) as client:
        answer = await client.get(PRESS)
        assert answer.status_code == 200 and "blocked" in answer.text and bench.phone.done == []
        api = await client.get("/api/v1/phone")
        assert api.status_code == 429 and "blocked" in api.json()["why"]
        bench.clock.now += 59
        assert "blocked" in (await client.get(PRESS)).text
        bench.clock.now += 1.5
        assert "blocked" not in (await client.get(PRESS)).text
    assert bench.phone.done == [Press("1")]
    assert [event["status"] for event in bench.commands[-4:]] == [401, 200, 200, 200]
    assert "blocked" in bench.commands[-2]["why"]


async def test_three_failed_logins_do_not_block() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    async with bench.client(("me", "wrong")) as client:
        for _ in range(3):
            await client.get(PRESS)
    assert await status(bench, ("me", "geheim")) == 200
    assert bench.phone.done == [Press("1")]


async def test_one_address_cannot_lock_out_another() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    async with bench.client(("me", "wrong")) as client:
        for _ in range(5):
            await client.get(PRESS)
    async with bench.client(("me", "geheim"), peer=("192.0.2.10", 1)) as client:
        assert "OK" in (await client.get(PRESS)).text


def test_each_further_group_of_three_doubles_the_time() -> None:
    lockout, now, blocks = Lockout(), 1000.0, []
    for group in (4, 3, 3, 3):
        for _ in range(group):
            assert lockout.left("a", now) == 0
            lockout.failed("a", now)
        blocks.append(lockout.left("a", now))
        now += blocks[-1]
    assert blocks == [60, 120, 240, 480]
    lockout.succeeded("a")
    lockout.failed("a", now)
    assert lockout.left("a", now) == 0


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic !", "Basic bWU=", "Digest", "Digest x", 'Digest username="', "Bearer x", "Basic \xff", "=,="],
)
@pytest.mark.parametrize("scheme", ["off", "on"])
async def test_garbage_in_the_login_is_a_clean_401(header: str, scheme: str) -> None:
    bench = Bench(http_user="me", http_pass="geheim", http_scheme=scheme)
    async with bench.client() as client:
        answer = await client.get(PRESS, headers=[(b"authorization", header.encode("latin-1"))])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Digest " if scheme == "on" else "Basic ")


async def test_turned_away_command_is_told_without_effect() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    await status(bench, ("me", "wrong"), "/dummy.htm?settings=save&http_pass=mine")
    assert bench.commands[0]["status"] == 401 and bench.commands[0]["did"] == []
    assert bench.commands[0]["why"] == "wrong login" and "mine" not in repr(bench.told)


async def test_websocket_needs_the_login_too() -> None:
    for settings in ({"http_user": "me", "http_pass": "geheim"}, {}):
        bench = Bench(**settings)
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(event: Any, sent: list[Any] = sent) -> None:
            sent.append(event)

        scope = {"type": "websocket", "path": "/api/v1/events", "query_string": b"", "headers": [], "client": ("a", 1)}
        await bench.web(scope, receive, send)
        assert [event["type"] for event in sent] == ["websocket.close"]
        assert ("login" in sent[0]["reason"]) is bool(settings)


async def test_captured_digest_login_cannot_be_sent_again() -> None:
    bench = Bench(http_user="me", http_pass="geheim", http_scheme="on")
    async with bench.client(httpx.DigestAuth("me", "geheim")) as client:
        captured = (await client.get(PRESS)).request.headers["authorization"]
        assert (await client.get(PRESS)).status_code == 200  # the same nonce with the next count
    async with bench.client() as client:
        for _ in range(6):
            again = await client.get(PRESS, headers={"authorization": captured})
            assert again.status_code == 401 and "stale=true" in again.headers["www-authenticate"]
    assert bench.phone.done == [Press("1")] * 2
    assert await status(bench, httpx.DigestAuth("me", "geheim")) == 200  # and nobody is locked out by it
