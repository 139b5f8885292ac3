"""What strangers try."""

from __future__ import annotations

import pytest

from tests.remote.test_server import running
from tests.remote.wild.talk import LOGIN, ask, basic

EVIL = "%0d%0aSet-Cookie:%20x=1%0d%0a%0d%0a<script>"


@pytest.mark.parametrize(
    "target",
    [
        f"/command.htm?number={EVIL}",
        f"/command.htm?number=1&outgoing_uri={EVIL}",
        f"/command.htm?key={EVIL}",
        f"/command.htm?{EVIL}=1",
        f"/index.htm?number={EVIL}",
        f"/index.htm?NUMBER=1{EVIL}&DIAL=x",
        f"/dummy.htm?settings=save&{EVIL}=1",
        f"/dummy.htm?settings=save&user_name1={EVIL}",
        f"/minibrowser.htm?url={EVIL}",
        f"/line_login.htm?l={EVIL}",
        f"/confirm.htm?ask={EVIL}",
        f"/{EVIL}",
    ],
)
async def test_nobody_splits_an_answer_or_puts_a_script_into_it(target: str) -> None:
    async with running() as web:
        answer = await ask(web, target)
        assert answer.status in (200, 302, 400, 404) and "set-cookie" not in answer.headers
        assert "\r\n\r\n<script>" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1\tx", "a b", "[::1", "x" * 3000, "evil.example@127.0.0.1"])
async def test_strange_host_never_comes_back_in_a_header(host: str) -> None:
    async with running() as web:
        answer = await ask(web, "/command.htm?number=1", f"Host: {host}")
        assert answer.status in (302, 400) and answer.location in ("", "/index.htm")
        assert not any("evil" in value for value in answer.headers.values())


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/command.htm/../../etc/passwd",
        "/templates/base.html",
        "/..\\..\\etc\\passwd.htm",
        "/screen.bmp/../../x",
        "/%00/index.htm%00",
        "/index.htm%00.htm",
    ],
)
async def test_nobody_leaves_the_pages(path: str) -> None:
    async with running() as web:
        answer = await ask(web, path)
        assert answer.status in (400, 404) and "root:" not in answer.text and web.phone.done == []


async def test_large_and_endless_requests_cost_one_connection() -> None:
    async with running() as web:
        assert (await ask(web, "/command.htm", method="POST", body="number=1&" + "x" * 70_000)).status == 413
        assert (await ask(web, "/advanced_update.htm", method="POST", body="reboot=1&" + "x" * 70_000)).status == 413
        assert (await ask(web, "/command.htm?number=" + "1" * 60_000)).status in (400, 414, 431)
        assert web.phone.done == []
        assert (await ask(web, "/command.htm?key=1")).status == 200


async def test_nothing_happens_without_the_right_login() -> None:
    async with running(**LOGIN) as web:
        for target in (
            "/command.htm?number=1",
            "/command.htm?touch=1%201",
            "/index.htm?number=1",
            "/dummy.htm?settings=save&dnd_mode=on",
            "/settings.htm?settings=save&dnd_mode=on",
            "/advanced_update.htm?reset=Reset",
            "/confirm.htm?REBOOT=yes",
            "/line_login.htm?PLAY_RINGER:1=+Ringer",
            "/minibrowser.htm?url=http://192.0.2.7/",
            "//COMMAND.htm/?number=1",
        ):
            for method in ("GET", "POST"):
                assert (await ask(web, target, method=method)).status == 401, target
        assert web.phone.done == []
        assert (await ask(web, "/command.htm?key=1", basic())).status == 200
