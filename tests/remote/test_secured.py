"""The web server with TLS on real sockets: both ports at once, clients with certificates, garbage."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from snomtui.phone.intents import Press
from snomtui.remote.intentjson import Object
from snomtui.remote.server import WebServer
from snomtui.shell.certificates import Bundle, authority, make
from snomtui.shell.identity import Identity, joined, request
from snomtui.shell.issuing import Issuing
from snomtui.shell.papers import read
from snomtui.shell.webtls import server_context, show
from tests.remote.standin import NotingPhone

HOST = "127.0.0.1"


@dataclass
class Running:
    """A server with both ports."""

    phone: NotingPhone
    server: WebServer
    http: int
    https: int
    bundle: Bundle
    told: list[Object] = field(default_factory=list)

    def client(self, shown: Identity | None = None) -> httpx.AsyncClient:
        """A client that trusts the server, and shows a certificate if it has one."""
        context = ssl.create_default_context(cadata=self.bundle.authority)
        if shown:
            show(context, shown.pem)
        return httpx.AsyncClient(base_url=f"https://{HOST}:{self.https}", verify=context, timeout=5)

    async def raw(self, data: bytes) -> bytes:
        """Send bytes to the port with TLS, and read to the end."""
        reader, writer = await asyncio.open_connection(HOST, self.https)
        writer.write(data)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer


@asynccontextmanager
async def running(client_ca: Path | None = None, **settings: str) -> AsyncIterator[Running]:
    """A server on any free ports; `client_ca` vouches for clients."""
    ca = {"sim_web_client_ca_file": str(client_ca)} if client_ca else {}
    phone, told, bundle = NotingPhone(**settings, **ca), list[Object](), make([HOST], time.time())
    server = WebServer(phone, HOST, 0, told.append)

    async def tls() -> ssl.SSLContext:
        return server_context(bundle.certificate + bundle.key, str(client_ca or ""))

    (_, http), (_, https) = await server.start(), await server.open("https", HOST, 0, tls)
    try:
        yield Running(phone, server, http, https, bundle, told)
    finally:
        await asyncio.wait_for(server.stop(), 8)


class Clients:
    """An authority that vouches for clients."""

    def __init__(self, folder: Path, name: str = "ca.pem") -> None:
        root = authority(time.time(), 30)
        self.file = folder / name
        self.file.write_text(root.certificate)
        self._issuing = Issuing(root, ())

    def gives(self, name: str) -> Identity:
        """A certificate."""
        asked = request(name, [])
        return joined(asked.key, read(self._issuing.issue(asked.der, name, time.time())[0], "x").certificates)


async def test_both_ports_are_one_phone_with_one_stream_of_events() -> None:
    async with running() as web, web.client() as client, client.stream("GET", "/api/v1/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 1000" and web.server.watchers == 1
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{web.http}") as plain:
            assert (await plain.get("/command.htm?key=1")).status_code == 200
        web.phone.happen({"event": "error", "n": 1})
        async with asyncio.timeout(5):
            assert [line async for line in _until(lines, "data: ")] == ['data: {"event":"error","n":1}']
        assert web.phone.done == [Press("1")]


async def _until(lines: AsyncIterator[str], start: str) -> AsyncIterator[str]:
    async for line in lines:
        if line.startswith(start):
            yield line
            return


async def test_certificate_is_a_login_and_stands_in_the_command(tmp_path: Path) -> None:
    clients = Clients(tmp_path)
    settings = {"http_user": "me", "http_pass": "geheim", "sim_web_client_names": "dialler"}
    async with running(clients.file, **settings) as web:
        async with web.client(clients.gives("dialler")) as client:
            assert (await client.get("/command.htm?key=1")).status_code == 200
        assert (web.told[-1]["user"], web.told[-1]["status"]) == ("CN=dialler", 200)
        async with web.client(clients.gives("other")) as client:
            assert (await client.get("/command.htm?key=2")).status_code == 401
            assert (await client.get("/command.htm?key=3", auth=("me", "geheim"))).status_code == 200
        async with web.client() as client:
            assert (await client.get("/command.htm?key=4")).status_code == 401
        assert web.phone.done == [Press("1"), Press("3")]


async def test_foreign_certificate_ends_in_tls_and_without_an_authority_none_is_a_login(tmp_path: Path) -> None:
    clients, foreign = Clients(tmp_path), Clients(tmp_path, "foreign.pem")
    async with running(clients.file, http_pass="geheim") as web, web.client(foreign.gives("dialler")) as client:
        with pytest.raises(httpx.TransportError):
            await client.get("/command.htm?key=1")
        assert web.phone.done == [] and web.told == []
    async with running(http_pass="geheim") as web, web.client(clients.gives("dialler")) as client:
        assert (await client.get("/command.htm?key=1")).status_code == 401


async def test_certificate_cannot_be_claimed_over_plain_http(tmp_path: Path) -> None:
    clients = Clients(tmp_path)
    async with running(clients.file, http_pass="geheim") as web:
        claims = {"X-SSL-Client-Cert": "CN=dialler", "X-Forwarded-Proto": "https", "Forwarded": "proto=https"}
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{web.http}", headers=claims) as plain:
            assert (await plain.get("/command.htm?key=1")).status_code == 401


@pytest.mark.parametrize(
    "garbage", [b"", b"\x00" * 100, b"GET / HTTP/1.0\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 300, os.urandom(2000)]
)
async def test_garbage_at_the_port_with_tls_is_harmless_and_silent(
    garbage: bytes, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as web:
        with caplog.at_level(logging.DEBUG):
            assert len(await web.raw(garbage)) < 20  # an alert of TLS, or nothing
            async with web.client() as client:
                assert (await client.get("/command.htm?key=1")).status_code == 200
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_clients_wait_until_the_certificate_is_there() -> None:
    bundle, ready = make([HOST], time.time()), asyncio.Event()

    async def tls() -> ssl.SSLContext:
        await ready.wait()
        return bundle.server_context()

    server = WebServer(NotingPhone(), HOST, 0, lambda event: None)
    _, port = await server.open("https", HOST, 0, tls)
    context = ssl.create_default_context(cadata=bundle.authority)
    async with httpx.AsyncClient(verify=context, timeout=5) as client:
        asked = asyncio.create_task(client.get(f"https://{HOST}:{port}/index.htm"))
        _, waiting = await asyncio.wait({asked}, timeout=0.1)
        assert waiting
        ready.set()
        assert (await asked).status_code == 200
    await asyncio.wait_for(server.stop(), 5)


async def test_server_stops_while_it_waits_for_its_certificate() -> None:
    async def never() -> ssl.SSLContext:
        await asyncio.Event().wait()
        raise AssertionError

    server = WebServer(NotingPhone(), HOST, 0, lambda event: None)
    _, port = await server.open("https", HOST, 0, never)
    await asyncio.wait_for(server.stop(), 5)
    with pytest.raises(OSError):
        await asyncio.open_connection(HOST, port)
