"""Request bodies, and who is asking."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from snomtui.remote import reply


def receiving(*events: dict[str, Any]) -> reply.Receive:
    """A client that sends these."""
    left = list(events)

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


async def test_body_is_put_together_from_its_parts() -> None:
    parts = {"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"}
    assert await reply.body_of(receiving(*parts)) == b"ab"


async def test_body_that_is_too_large_is_refused_before_it_is_whole() -> None:
    part = {"type": "http.request", "body": b"x" * 40_000, "more_body": True}
    with pytest.raises(reply.BadRequest) as caught:
        await reply.body_of(receiving(part, part, part))
    assert caught.value.status == 413


async def test_client_that_leaves_is_noticed() -> None:
    part = {"type": "http.request", "body": b"x", "more_body": True}
    with pytest.raises(reply.Gone):
        await reply.body_of(receiving(part, {"type": "http.disconnect"}))


async def test_client_that_dawdles_is_refused() -> None:
    never = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await never.wait()
        return {}

    with pytest.raises(reply.BadRequest) as caught:
        await reply.body_of(receive, patience=0)
    assert caught.value.status == 408


@pytest.mark.parametrize(
    ("client", "wanted"), [(("192.0.2.1", 5), "192.0.2.1:5"), (("::1", 5), "[::1]:5"), (None, ":0")]
)
def test_peer_is_written_with_its_port(client: tuple[str, int] | None, wanted: str) -> None:
    assert reply.peer({"client": client}) == wanted


def test_refusal_header_is_one_line_of_ascii() -> None:
    assert reply.refusal("") == ()
    assert reply.refusal("nö\r\nSet-Cookie: x") == ((b"x-phone-refusal", b"n? Set-Cookie: x"),)
