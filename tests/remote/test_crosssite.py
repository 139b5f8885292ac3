"""Foreign web pages are kept out, programs are not."""

from __future__ import annotations

import pytest

from tests.remote.standin import Bench

PATHS = (
    "/api/v1/phone",
    "/dummy.htm?settings=save&dnd_mode=on",
    "/advanced_qos_security.htm?Settings=Save&http_user=x",
)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.test"},
        {"host": "evil.test:8080"},
        {"host": "127.0.0.1.evil.test"},
        {"host": "["},
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8080"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_foreign_page_is_refused(headers: dict[str, str]) -> None:
    bench = Bench()
    async with bench.client() as client:
        for path in PATHS:
            assert (await client.get(path, headers=headers)).status_code == 403
        answer = await client.post("/api/v1/intents", json={"do": "dial", "number": "1"}, headers=headers)
        assert answer.status_code == 403
        assert (await client.get("/api/v1/events", headers=headers)).status_code == 403
    assert bench.phone.done == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "localhost:8080"},
        {"host": "192.0.2.1"},
        {"host": "[::1]:8080"},
        {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
async def test_own_page_and_programs_are_served(headers: dict[str, str]) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.post("/api/v1/intents", json={"do": "dial", "number": "1"}, headers=headers)
    assert answer.status_code == 200


async def test_click_to_dial_from_any_page_still_works_as_with_the_real_phone() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/command.htm?number=1", headers={"origin": "http://crm.test"})
    assert answer.status_code == 302
