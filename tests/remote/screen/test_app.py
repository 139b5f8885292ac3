"""The page with the phone: who gets it, who gets a WebSocket, and what goes over it."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

import httpx
import pytest
import wsproto
from wsproto import events as ws

from snomtui.language import load
from snomtui.remote.screen.app import MOST_TABS
from snomtui.remote.screen.server import ScreenServer
from snomtui.remote.server import WebServer
from tests.remote.standin import NotingPhone

PATIENCE = 10.0
LOGIN = {"authorization": "Basic " + base64.b64encode(b"heiko:Snom").decode()}


class NotedScreen:
    """Stands in for a screen: notes what comes in, and sends what it is told to."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.sizes, self.typed, self.closed = [size], list[str](), asyncio.Event()
        self.out: asyncio.Queue[str] = asyncio.Queue()
        self.came = asyncio.Event()

    def put(self, text: str) -> None:
        """Note it."""
        self.typed.append(text)
        self.came.set()

    def resize(self, columns: int, rows: int) -> None:
        """Note it."""
        self.sizes.append((columns, rows))
        self.came.set()

    async def get(self) -> str:
        """What the test puts out."""
        return await self.out.get()

    async def close(self) -> None:
        """Note it."""
        self.closed.set()


class NotedScreens:
    """Makes them."""

    sizes = ((104, 35), (40, 12))

    def __init__(self) -> None:
        self.made: list[NotedScreen] = []

    def open(self, columns: int, rows: int) -> NotedScreen:
        """One more."""
        self.made.append(NotedScreen((columns, rows)))
        return self.made[-1]

    async def picture(self, kind: str) -> bytes:
        """Not drawn here."""
        return kind.encode()

    async def put_away(self) -> None:
        """Nothing is to be ended."""


class Server:
    """A server with the page, on a real port."""

    def __init__(self, port: int, path: str, phone: NotingPhone, screens: NotedScreens) -> None:
        self.port, self.path, self.phone, self.screens = port, path, phone, screens

    async def ask(self, method: str, what: str, **headers: str) -> httpx.Response:
        """One request."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", trust_env=False) as client:
            return await client.request(method, self.path + what or "/", headers=headers)

    async def ticket(self, **headers: str) -> str:
        """A ticket."""
        answer = await self.ask("POST", "/ticket", **headers)
        assert answer.status_code == 200
        return str(answer.json()["ticket"])

    async def socket(self, ticket: str, size: str = "columns=80&rows=24", **headers: str) -> Socket | int:
        """A WebSocket, or the status of the refusal."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        made = Socket(reader, writer)
        extra = [(name.encode(), value.encode()) for name, value in headers.items()]
        target = f"{self.path}/screen?ticket={ticket}&{size}"
        made.say(ws.Request(host=f"127.0.0.1:{self.port}", target=target, extra_headers=extra))
        first = await made.next()
        if isinstance(first, ws.RejectConnection):
            await made.end()
            return first.status_code
        assert isinstance(first, ws.AcceptConnection)
        return made

    async def opened(self, **headers: str) -> tuple[Socket, NotedScreen]:
        """A WebSocket and its screen."""
        made = await self.socket(await self.ticket(**headers))
        assert isinstance(made, Socket)
        async with asyncio.timeout(PATIENCE):
            while not self.screens.made:
                await asyncio.sleep(0.01)
        return made, self.screens.made[-1]


class Socket:
    """The browser's end of a WebSocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._conn = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        self._came: list[Any] = []

    def say(self, event: Any) -> None:
        """Send an event."""
        self._writer.write(self._conn.send(event))

    async def next(self) -> Any:
        """The next event."""
        async with asyncio.timeout(PATIENCE):
            while not self._came:
                self._conn.receive_data(await self._reader.read(65536) or None)
                self._came += self._conn.events()
        return self._came.pop(0)

    async def end(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()


@asynccontextmanager
async def served(alone: bool = True, **settings: str) -> AsyncIterator[Server]:
    """A port with only the page, or the phone's web server with the page at `/phone`."""
    phone, screens = NotingPhone(**settings), NotedScreens()
    server: ScreenServer | WebServer
    if alone:
        server = ScreenServer(phone, screens, "127.0.0.1", 0, pytest.fail)
    else:
        server = WebServer(phone, "127.0.0.1", 0, lambda event: None, screens=screens)
    _, port = await server.start()
    try:
        yield Server(port, "" if alone else "/phone", phone, screens)
    finally:
        await asyncio.wait_for(server.stop(), PATIENCE)


@pytest.mark.parametrize("alone", [True, False])
async def test_page_is_one_file_that_needs_no_other(alone: bool) -> None:
    async with served(alone) as server:
        page = await server.ask("GET", "")
    assert page.status_code == 200
    assert 'data-sizes="104,35 40,12 "' in page.text and '<html lang="en">' in page.text
    assert not re.search(r"(src|href)=\"(?!/index\.htm|data:,\")", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_screen_gets_keys_and_sizes_and_the_page_what_it_draws() -> None:
    async with served(alone=False) as server:
        socket, screen = await server.opened()
        for text in ("K5", "R100,30", "R9999,x", "?", ""):
            socket.say(ws.TextMessage(text))
        screen.out.put_nowait("Apicture")
        assert (await socket.next()).data == "Apicture"
        async with asyncio.timeout(PATIENCE):
            while len(screen.sizes) < 3:
                await screen.came.wait()
                screen.came.clear()
        assert screen.typed == ["5"] and screen.sizes == [(80, 24), (100, 30), (500, 3)]
        screen.out.put_nowait("")
        assert (await socket.next()).code == 1000
        await socket.end()
        await asyncio.wait_for(screen.closed.wait(), PATIENCE)


async def test_screen_is_closed_when_its_tab_is_gone() -> None:
    async with served() as server:
        socket, screen = await server.opened()
        await socket.end()
        await asyncio.wait_for(screen.closed.wait(), PATIENCE)


async def test_websocket_needs_a_ticket_and_a_ticket_is_good_once() -> None:
    async with served() as server:
        assert await server.socket("") == 403
        assert await server.socket("invented") == 403
        ticket = await server.ticket()
        first = await server.socket(ticket)
        assert isinstance(first, Socket)
        assert await server.socket(ticket) == 403
        await first.end()


@pytest.mark.parametrize("headers", [{"origin": "http://evil.test"}, {"sec-fetch-site": "cross-site"}])
async def test_page_of_another_site_gets_neither_ticket_nor_websocket(headers: dict[str, str]) -> None:
    async with served() as server:
        assert (await server.ask("POST", "/ticket", **headers)).status_code == 403
        assert await server.socket(await server.ticket(), **headers) == 403
        own = {"origin": f"http://127.0.0.1:{server.port}"}
        socket = await server.socket(await server.ticket(**own), **own)
        assert isinstance(socket, Socket)
        await socket.end()
        assert len(server.screens.made) == 1


@pytest.mark.parametrize("what", ["", "/ticket"])
async def test_name_that_was_rebound_to_this_address_gets_nothing(what: str) -> None:
    async with served() as server:
        assert (await server.ask("POST" if what else "GET", what, host="evil.test")).status_code == 403


@pytest.mark.parametrize("alone", [True, False])
async def test_login_protects_page_ticket_and_websocket(alone: bool) -> None:
    async with served(alone, http_user="heiko", http_pass="Snom") as server:
        assert (await server.ask("GET", "")).status_code == 401
        assert (await server.ask("POST", "/ticket")).status_code == 401
        assert await server.socket("invented") == 403
        assert (await server.ask("GET", "", **LOGIN)).status_code == 200
        # Not every browser sends a login with a WebSocket: the ticket shows that there was one.
        socket = await server.socket(await server.ticket(**LOGIN))
        assert isinstance(socket, Socket)
        await socket.end()


async def test_too_many_tabs_are_told_so() -> None:
    async with served() as server:
        sockets = [(await server.opened())[0] for _ in range(MOST_TABS)]
        late = await server.socket(await server.ticket())
        assert isinstance(late, Socket)
        assert (await late.next()).code == 1013
        for socket in (*sockets, late):
            await socket.end()


async def test_phone_without_screens_has_no_such_page() -> None:
    server = WebServer(NotingPhone(), "127.0.0.1", 0, lambda event: None)
    _, port = await server.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/phone")).status_code == 404
    await server.stop()


async def test_german_page_is_german() -> None:
    async with served(language="Deutsch") as server:
        page = (await server.ask("GET", "")).text
    assert '<html lang="de">' in page and "Die Verbindung zum Telefon ist unterbrochen" in page


def test_every_text_of_the_page_has_its_german() -> None:
    page = (resources.files("snomtui.remote.screen") / "templates" / "phone.html").read_text("utf-8")
    texts = [json.loads(text) for text in re.findall(r'say\(("[^"]*")\)', page)]
    assert len(texts) > 5
    assert [text for text in texts if text not in load("Deutsch").words] == []
