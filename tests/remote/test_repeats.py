"""What counts as the same command again."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from snomtui.phone.intents import Dial, Press
from tests.remote.standin import Bench

DIAL = "/command.htm?number=%2B49301"


async def test_client_that_asks_again_after_the_redirect_makes_one_call() -> None:
    bench = Bench()
    async with bench.client() as client:
        answers = [await client.get(DIAL), await client.get("/index.htm"), await client.get(DIAL)]
    assert [answer.status_code for answer in answers] == [302, 200, 302]
    assert bench.phone.done == [Dial("+49301")]
    assert bench.commands[-1]["did"] == [] and "again" in bench.commands[-1]["why"]
    assert "x-phone-refusal" not in answers[-1].headers  # it was done, so nobody is told otherwise


@pytest.mark.parametrize("page", ["/index.htm", "/"])
async def test_client_that_takes_the_query_along_makes_one_call(page: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.get(DIAL)
        answer = await client.get(f"{page}?number=%2B49301")
    assert answer.status_code == 200  # a redirect would be followed in the same way again
    assert bench.phone.done == [Dial("+49301")]


async def test_client_that_posts_its_form_again_where_it_is_led_to_makes_one_call() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.post("/command.htm", data={"number": "301"})
        assert (await client.post("/index.htm", data={"number": "301"})).status_code == 200
    assert bench.phone.done == [Dial("301")]


async def test_client_that_posts_and_is_led_on_with_get_makes_one_call() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.post(DIAL)
        await client.get("/index.htm?number=%2B49301")
        await client.get(DIAL)
    assert bench.phone.done == [Dial("+49301")]


async def test_person_dials_the_same_number_twice_some_seconds_apart() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.get(DIAL)
        bench.clock.now += 2
        await client.get(DIAL)
    assert bench.phone.done == [Dial("+49301"), Dial("+49301")]


async def test_person_hangs_up_and_dials_again_at_once() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.get(DIAL)
        bench.phone.now = replace(bench.phone.now, calls=())
        await client.get(DIAL)
    assert bench.phone.done == [Dial("+49301"), Dial("+49301")]


async def test_client_that_loses_its_login_repeats_a_dial_even_if_it_was_refused_by_then() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    async with bench.client(("me", "geheim")) as known, bench.client() as unknown:
        await known.get(DIAL)
        ended = replace(bench.phone.now.calls[-1], state="ended", cause="refused")
        bench.phone.now = replace(bench.phone.now, calls=(ended,))
        assert (await unknown.get("/index.htm")).status_code == 401
        assert (await known.get(DIAL)).status_code == 302
    assert len(bench.phone.done) == 1


async def test_person_redials_a_busy_number_at_once() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.get(DIAL)
        ended = replace(bench.phone.now.calls[-1], state="ended", cause="refused")
        bench.phone.now = replace(bench.phone.now, calls=(ended,))
        await client.get(DIAL)
    assert len(bench.phone.done) == 2


async def test_library_takes_its_digest_along_to_the_page_it_is_led_to() -> None:
    bench = Bench(http_user="me", http_pass="geheim", http_scheme="on")
    async with bench.client(httpx.DigestAuth("me", "geheim")) as client:
        answer = await client.get(DIAL, follow_redirects=True)
        assert (answer.status_code, answer.url.path) == (200, "/index.htm")
        old = answer.request.headers["authorization"]
        bench.clock.now += 3
    async with bench.client() as client:
        assert (await client.get("/index.htm", headers={"authorization": old})).status_code == 401
        assert (await client.get(DIAL, headers={"authorization": old})).status_code == 401
    assert bench.phone.done == [Dial("+49301")]


async def test_library_learns_of_a_refused_dial_where_it_is_led_to() -> None:
    bench = Bench(http_user="me", http_pass="geheim", http_scheme="on")
    bench.phone.refusals[Dial("+49301")] = "not registered"
    async with bench.client(httpx.DigestAuth("me", "geheim")) as client:
        assert (await client.get(DIAL, follow_redirects=True)).status_code == 200


async def test_two_addresses_and_two_programs_dial_the_same_number() -> None:
    bench = Bench()
    for peer, agent in (("192.0.2.1", "a"), ("192.0.2.2", "a"), ("192.0.2.1", "b")):
        async with bench.client(peer=(peer, 1)) as client:
            await client.get(DIAL, headers={"user-agent": agent})
    assert len(bench.phone.done) == 3


async def test_refused_dial_may_be_tried_again_at_once() -> None:
    bench = Bench()
    bench.phone.refusals[Dial("+49301")] = "not registered"
    async with bench.client() as client:
        await client.get(DIAL)
        bench.phone.refusals.clear()
        await client.get(DIAL)
    assert bench.phone.done == [Dial("+49301")]


async def test_each_press_of_the_same_key_counts() -> None:
    bench = Bench()
    async with bench.client() as client:
        for _ in range(3):
            await client.get("/command.htm?key=5")
    assert bench.phone.done == [Press("5")] * 3


async def test_asking_for_the_head_first_makes_one_call() -> None:
    bench = Bench()
    async with bench.client() as client:
        for path in (DIAL, "/index.htm?number=1", "/dummy.htm?settings=save&dnd_mode=on"):
            assert (await client.head(path)).status_code == 200
        assert bench.phone.done == []
        await client.get(DIAL)
    assert bench.phone.done == [Dial("+49301")]


async def test_client_that_loses_its_login_on_the_way_makes_one_call() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    async with bench.client(("me", "geheim")) as known, bench.client() as unknown:
        statuses = [
            (await unknown.get(DIAL)).status_code,
            (await known.get(DIAL)).status_code,
            (await unknown.get("/index.htm")).status_code,
            (await unknown.get(DIAL)).status_code,
            (await known.get(DIAL)).status_code,
        ]
    assert statuses == [401, 302, 401, 401, 302]
    assert bench.phone.done == [Dial("+49301")]
