"""How programs log in, and what they do wrong."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, Press
from tests.remote.test_server import running
from tests.remote.wild.talk import LOGIN, ask, basic, challenged

KEY = "/command.htm?key=1"
DIGEST = {**LOGIN, "http_scheme": "on"}


async def test_program_that_waits_for_the_challenge_is_told_the_scheme() -> None:
    async with running(**LOGIN) as web:
        answer = await ask(web, KEY)
        assert answer.status == 401 and answer.headers["www-authenticate"].startswith('Basic realm="')
        web.phone.settings.set("http_scheme", "on")
        answer = await ask(web, KEY)
        assert answer.status == 401 and answer.headers["www-authenticate"].startswith('Digest realm="')
        assert web.phone.done == []


@pytest.mark.parametrize("header", ["Authorization: basic ", "authorization: BASIC ", "AUTHORIZATION:Basic  "])
async def test_basic_is_read_in_any_spelling(header: str) -> None:
    async with running(**LOGIN) as web:
        assert (await ask(web, KEY, header + basic().rpartition(" ")[2])).status == 200
        assert web.phone.done == [Press("1")]


@pytest.mark.parametrize(
    ("settings", "user", "password"),
    [({"http_pass": "geheim"}, "", "geheim"), ({"http_user": "admin"}, "admin", "")],
)
async def test_one_half_of_a_login_is_a_login(settings: dict[str, str], user: str, password: str) -> None:
    async with running(**settings) as web:
        assert (await ask(web, KEY)).status == 401
        assert (await ask(web, KEY, basic("x", "y"))).status == 401
        assert (await ask(web, KEY, basic(user, password))).status == 200


async def test_wrong_scheme_is_a_clean_401_however_often() -> None:
    async with running(**DIGEST) as web:
        for _ in range(6):
            answer = await ask(web, KEY, basic())
            assert answer.status == 401 and answer.headers["www-authenticate"].startswith("Digest")
        digest = await challenged(web)
        assert (await ask(web, KEY, digest.header(KEY))).status == 200
        web.phone.settings.set("http_scheme", "off")
        for _ in range(6):
            assert (await ask(web, KEY, digest.header(KEY))).status == 401
        assert (await ask(web, KEY, basic())).status == 200


@pytest.mark.parametrize(
    "how",
    [
        {"qop": "auth"},
        {"qop": ""},
        {"scheme": "digest"},
        {"session": True},
        {"signed": "http://127.0.0.1/command.htm?key=1"},
        {"signed": "/command.htm"},
        {"signed": "/command.htm?key=%31"},
    ],
    ids=str,
)
async def test_digest_is_taken_as_old_libraries_make_it(how: dict[str, str | bool]) -> None:
    async with running(**DIGEST) as web:
        digest = await challenged(web)
        assert (await ask(web, KEY, digest.header(KEY, **how))).status == 200  # type: ignore[arg-type]
        assert web.phone.done == [Press("1")]


async def test_digest_made_with_a_blank_in_the_number_is_taken() -> None:
    async with running(**DIGEST) as web:
        target = "/command.htm?number=030 12"
        digest = await challenged(web)
        assert (await ask(web, target, digest.header(target))).status == 302
        assert web.phone.done == [Dial("030 12")]


async def test_program_that_never_counts_presses_every_key() -> None:
    async with running(**DIGEST) as web:
        digest = await challenged(web)
        for key in "123":
            target = f"/command.htm?key={key}"
            assert (await ask(web, target, digest.header(target))).status == 200
        assert web.phone.done == [Press("1"), Press("2"), Press("3")]


async def test_digest_answer_that_is_sent_again_has_no_effect_and_is_no_failed_login() -> None:
    async with running(**DIGEST) as web:
        digest = await challenged(web)
        target = "/command.htm?number=1"
        header = digest.header(target)
        assert (await ask(web, target, header)).status == 302
        for _ in range(5):
            assert (await ask(web, target, header)).status == 401
            assert (await ask(web, "/index.htm", header)).status == 200  # the page that it is led to
            answer = await ask(web, "/info.htm", header)
            assert answer.status == 401 and "stale=true" in answer.headers["www-authenticate"].lower()
        assert (await ask(web, KEY, digest.header(KEY, nc="00000009"))).status == 200
        assert web.phone.done == [Dial("1"), Press("1")]


@pytest.mark.parametrize("digest", [False, True])
async def test_four_wrong_passwords_end_in_a_page_that_says_blocked(digest: bool) -> None:
    async with running(**(DIGEST if digest else LOGIN)) as web:
        wrong = basic(password="falsch")
        for _ in range(4):
            if digest:
                wrong = (await challenged(web, password="falsch")).header(KEY)
            assert (await ask(web, KEY, wrong)).status == 401
        answer = await ask(web, KEY, basic())
        assert answer.status == 200 and "blocked" in answer.text  # as a tray tool looks for it
        assert (await ask(web, "/index.htm")).status == 200
        assert web.phone.done == []


async def test_takeover_tries_several_logins_and_then_asks_without_any() -> None:
    async with running() as web:
        for user, password in (("", ""), ("admin", "0000"), ("Administrator", "123")):
            answer = await ask(web, "/dummy.htm?settings=save&dnd_mode=off", basic(user, password))
            assert answer.status == 200
