"""The port that leads to the other one."""

from __future__ import annotations

import httpx
import pytest

from snomtui.remote.elsewhere import Elsewhere


async def asked(target: str, host: str, base: str = "https://127.0.0.1:8443") -> httpx.Response:
    transport = httpx.ASGITransport(app=Elsewhere(lambda: base))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", verify=False) as client:
        return await client.post(target, headers={"Host": host})


@pytest.mark.parametrize(
    ("host", "target", "where"),
    [
        ("127.0.0.1:8080", "/command.htm?number=%2B49", "https://127.0.0.1:8443/command.htm?number=%2B49"),
        ("desk.example.org", "/index.htm", "https://desk.example.org:8443/index.htm"),
        ("[::1]:8080", "/", "https://[::1]:8443/"),
        ("", "/", "https://127.0.0.1:8443/"),
        ("a b/c@d", "/", "https://127.0.0.1:8443/"),
        ("[x", "/", "https://127.0.0.1:8443/"),
        ("x", "/a%0d%0aSet-Cookie:%20b", "https://x:8443/a%0d%0aSet-Cookie:%20b"),
    ],
)
async def test_everybody_is_sent_to_the_other_port_under_the_same_name(host: str, target: str, where: str) -> None:
    answer = await asked(target, host)
    assert (answer.status_code, answer.headers["location"]) == (307, where)


async def test_port_whose_other_is_shut_says_so() -> None:
    assert (await asked("/", "x", "")).status_code == 503
