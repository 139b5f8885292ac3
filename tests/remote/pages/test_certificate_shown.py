"""The information page tells which certificate the web server shows."""

from __future__ import annotations

from tests.remote.standin import Bench


async def test_information_page_shows_the_certificate() -> None:
    bench = Bench()
    async with bench.client() as client:
        page = (await client.get("/info.htm")).text
    for part in ("CN=0004132E1D2A", "CN=Enterprise", "2027-02-21", "ab" * 32):
        assert part in page
