"""A thousand people with two hundred contacts each work at one front end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bench.crowd import Company, Crowd, front_end


@pytest.mark.timeout(600)
def test_a_thousand_people_sign_in_and_a_change_reaches_all_who_watch_and_nobody_else(tmp_path: Path) -> None:
    company = Company(people=1_000, contacts=200)
    with front_end(company, tmp_path) as office:
        crowd, seen = asyncio.run(_at_work(company, office.ready["tcp"]))
    for number, watchers in seen.items():
        near = {crowd.lines[(number + step) % company.people] for step in company.steps}
        assert watchers == near


async def _at_work(company: Company, server: str) -> tuple[Crowd, dict[int, set[object]]]:
    """Everybody signs in, and three are busy one after the other; who has seen that."""
    crowd = Crowd(company, server)
    seen: dict[int, set[object]] = {}
    try:
        await crowd.sign_in()
        assert all(line.registered for line in crowd.lines)
        for number in (0, 500, 999):
            await crowd.busy(crowd.lines[number])
            seen[number] = set(crowd.told[crowd.lines[number].account.uri])
    finally:
        await crowd.stop()
    return crowd, seen
