"""The phone as a picture: under which names, for whom, and with which headers."""

from __future__ import annotations

import httpx
import pytest

from snomtui.errors import DrawingError
from snomtui.remote.app import PhoneWeb
from tests.remote.screen.test_app import LOGIN, NotedScreens
from tests.remote.standin import Bench, Clock, NotingPhone

KINDS = {"svg": "image/svg+xml", "png": "image/png", "bmp": "image/bmp"}


class CountingScreens(NotedScreens):
    """Counts how often something was drawn."""

    drawn = 0
    away = False
    why = ""

    async def picture(self, kind: str) -> bytes:
        """Its name for a picture."""
        self.drawn += 1
        if self.why:
            raise DrawingError(self.why)
        return await super().picture(kind)

    async def put_away(self) -> None:
        """Note it."""
        self.away = True


def served(**settings: str) -> tuple[CountingScreens, PhoneWeb]:
    """A phone's web application with pictures."""
    screens = CountingScreens()
    return screens, PhoneWeb(NotingPhone(**settings), lambda event: None, "127.0.0.1", Clock(), screens)


async def asked(web: PhoneWeb, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """One request."""
    transport = httpx.ASGITransport(app=web)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        return await client.request(
            method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )


@pytest.mark.parametrize("kind", KINDS)
async def test_picture_is_served_with_its_type_and_never_kept(kind: str) -> None:
    screens, web = served()
    answer = await asked(web, f"/screen.{kind}")
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (200, kind, KINDS[kind])
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_head_is_answered_without_drawing() -> None:
    screens, web = served()
    assert (await asked(web, "/screen.png", "HEAD")).status_code == 200
    assert screens.drawn == 0


async def test_picture_is_behind_the_login() -> None:
    screens, web = served(http_user="heiko", http_pass="Snom")
    assert (await asked(web, "/screen.svg")).status_code == 401 and screens.drawn == 0
    assert (await asked(web, "/screen.svg", **LOGIN)).status_code == 200


async def test_page_elsewhere_may_link_to_the_picture_but_not_have_it_in_itself() -> None:
    screens, web = served()
    image = {"sec_fetch_site": "cross-site", "sec_fetch_dest": "image"}
    link = {"sec_fetch_site": "cross-site", "sec_fetch_dest": "document"}
    assert (await asked(web, "/screen.svg", **image)).status_code == 403
    assert (await asked(web, "/screen.svg", **link)).status_code == 200
    assert (await asked(web, "/screen.svg", host="evil.example", **link)).status_code == 403
    assert screens.drawn == 1


async def test_only_these_kinds_and_only_to_be_read() -> None:
    _, web = served()
    assert (await asked(web, "/screen.gif")).status_code == 404
    assert (await asked(web, "/screen.png", "POST")).status_code == 405


async def test_phone_that_nobody_draws_has_no_such_page() -> None:
    assert (await asked(Bench().web, "/screen.svg")).status_code == 404


async def test_phone_that_cannot_be_drawn_says_why() -> None:
    screens, web = served()
    screens.why = "the skin is broken"
    answer = await asked(web, "/screen.png")
    assert (answer.status_code, answer.text) == (503, "the skin is broken\n")


async def test_end_of_the_server_puts_away_what_draws() -> None:
    screens, web = served()
    await web.stop()
    assert screens.away
