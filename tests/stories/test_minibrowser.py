"""The minibrowser with real web servers and real SIP: a running phone, and strangers around it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import httpx
import pytest
from PIL import Image

from snomtui.house import Telephone
from snomtui.phone.intents import Press, SetSetting, Show
from snomtui.phone.snapshot import Page
from tests.remote.test_fetching import HOST, Server, web
from tests.test_house import telephone

ALARM = "<SnomIPPhoneText><Title>Alarm</Title><Text>Door open</Text></SnomIPPhoneText>"
MENU = (
    "<SnomIPPhoneMenu><Title>House</Title><MenuItem><Name>Camera</Name><URL>camera.xml</URL></MenuItem>"
    "<MenuItem><Name>Quiet</Name><URL>http://127.0.0.1/command.htm?key=DND</URL></MenuItem></SnomIPPhoneMenu>"
)
CAMERA = "<SnomIPPhoneImageFile><URL>camera.png</URL></SnomIPPhoneImageFile>"


def picture() -> bytes:
    """A black picture."""
    data = io.BytesIO()
    Image.new("RGB", (38, 16), "black").save(data, "PNG")
    return data.getvalue()


FILES = {
    "/menu.xml": MENU.encode(),
    "/camera.xml": CAMERA.encode(),
    "/camera.png": picture(),
    "/alarm.xml": ALARM.encode(),
    "/slow": None,
}


def speaks(line: str) -> bytes | None:
    """A web server with a few files."""
    path = line.split()[1].partition("?")[0]
    body = FILES.get(path, b"<html>")
    if body is None:
        return None
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class Eyes:
    """Looks at the display until it shows something."""

    def __init__(self, phone: Telephone) -> None:
        self._phone = phone
        self._news = asyncio.Event()
        phone.listen(lambda snapshot: self._news.set())

    async def see(self, *wanted: str) -> Page:
        """The page on which all of this stands."""
        async with asyncio.timeout(10):
            while True:
                snapshot = self._phone.snapshot()
                page = snapshot.page
                said = " ".join([page.name, page.title, snapshot.status, *(row.text for row in page.rows)])
                if all(word in said for word in wanted):
                    return page
                self._news.clear()
                await self._news.wait()

    async def see_picture(self) -> Page:
        """The page with a picture."""
        async with asyncio.timeout(10):
            while (page := self._phone.snapshot().page).picture is None:
                self._news.clear()
                await self._news.wait()
        return page


@asynccontextmanager
async def desk(**settings: str) -> AsyncIterator[tuple[Telephone, Eyes, Server]]:
    """A phone with its web server on, and a web server elsewhere."""
    async with web(speaks) as server:
        values = {name: value.replace("WEB", server.url) for name, value in settings.items()}
        async with telephone(values, http=(HOST, 0)) as (phone, _):
            yield phone, Eyes(phone), server


async def test_person_walks_through_pages_by_a_key() -> None:
    async with desk(fkey1="url WEB/menu.xml?mac=$mac") as (phone, eyes, server):
        phone.do(Press("CANCEL"))
        phone.do(Press("P2"))
        page = await eyes.see("House", "1 Camera")
        assert [row.text for row in page.rows] == ["1 Camera", "2 Quiet"]
        assert "GET /menu.xml?mac=0004132E1D2A" in server.asked[0]
        assert "(compatible; snom370-SIP 8.2" in server.asked[0]
        phone.do(Press("ENTER"))
        page = await eyes.see_picture()
        assert page.picture is not None
        assert (len(page.picture.rows), len(page.picture.rows[0]), page.picture.rows[0][0]) == (16, 38, -2)
        phone.do(Press("CANCEL"))
        phone.do(Press("2"))
        phone.do(Press("ENTER"))
        await eyes.see("House", "DND active!")
        assert phone.settings.on("dnd_mode")


async def test_program_pushes_a_page_over_http() -> None:
    async with desk() as (phone, eyes, server), httpx.AsyncClient() as client:
        answer = await client.get(f"{phone.http}/minibrowser.htm", params={"url": f"{server.url}/alarm.xml"})
        assert answer.status_code == 200
        await eyes.see("Alarm", "Door open")
        answer = await client.post(f"{phone.http}/api/v1/intents", json={"do": "show", "url": "snom://mb_exit"})
        assert answer.json()["ok"] is True
        assert phone.snapshot().page.name != "minibrowser"


async def test_answer_to_an_action_url_is_shown() -> None:
    async with desk(action_dnd_on_url="WEB/alarm.xml?on=$mac", action_dnd_off_url="WEB/nothing") as (
        phone,
        eyes,
        server,
    ):
        phone.do(SetSetting("dnd_mode", "on"))
        await eyes.see("Alarm", "Door open")
        assert "GET /alarm.xml?on=0004132E1D2A" in server.asked[0]
        phone.do(Press("CANCEL"))
        phone.do(SetSetting("dnd_mode", "off"))
        await server.heard(2)
        assert phone.snapshot().page.name != "minibrowser"


async def test_slow_server_keeps_nobody_waiting() -> None:
    async with desk() as (phone, eyes, server):
        phone.do(Show(f"{server.url}/slow"))
        await server.heard(1)
        phone.do(Show(f"{server.url}/alarm.xml"))
        await eyes.see("Alarm", "Door open")


# -- NOTIFY


def answer_to(request: str, status: str = "200 OK") -> str:
    """What a registrar says to a REGISTER, and to anything else."""
    head = [line for line in request.split("\r\n\r\n")[0].split("\r\n")[1:] if line]
    kept = [line for line in head if line.lower().partition(":")[0] in ("via", "from", "call-id", "cseq", "contact")]
    to = next(line for line in head if line.lower().startswith("to:"))
    tag = "" if ";tag=" in to else ";tag=theirs"
    return "\r\n".join([f"SIP/2.0 {status}", *kept, to + tag, "Expires: 600", "Content-Length: 0", "", ""])


def notify(contact: str, transport: str, number: int, more: str) -> str:
    """A document, sent by somebody who knows no subscription."""
    return (
        f"NOTIFY {contact} SIP/2.0\r\nVia: SIP/2.0/{transport} {HOST}:5060;branch=z9hG4bKn{number};rport\r\n"
        f"From: <sip:pbx@{HOST}>;tag=n{number}\r\nTo: <sip:alice@{HOST}>\r\nCall-ID: n{number}\r\nCSeq: 1 NOTIFY\r\n"
        f"Max-Forwards: 70\r\n{more}Content-Type: application/snomxml\r\nContent-Length: {len(ALARM)}\r\n\r\n{ALARM}"
    )


def contact_of(request: str) -> str:
    """Where the phone wants to be asked."""
    line = next(line for line in request.split("\r\n") if line.lower().startswith("contact:"))
    return line.partition("<")[2].partition(">")[0]


class Registrar(asyncio.DatagramProtocol):
    """A registrar over UDP or TCP that says yes to everything."""

    def __init__(self) -> None:
        self.contact: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.answers: asyncio.Queue[str] = asyncio.Queue()
        self.peer: tuple[str, int] = ("", 0)
        self.transport: asyncio.DatagramTransport | None = None
        self.writer: asyncio.StreamWriter | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.peer = addr
        for message in self.took(data.decode()):
            assert self.transport
            self.transport.sendto(message.encode(), addr)

    async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One TCP connection."""
        self.writer = writer
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lstrip("\r\n")
                length = head.lower().partition("content-length:")[2].partition("\r\n")[0].strip()
                await reader.readexactly(int(length or "0"))
                for message in self.took(head):
                    writer.write(message.encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def took(self, message: str) -> list[str]:
        """What is to be answered."""
        if message.startswith("SIP/2.0"):
            self.answers.put_nowait(message.partition("\r\n")[0])
            return []
        if message.startswith("REGISTER") and not self.contact.done():
            self.contact.set_result(contact_of(message))
        return [answer_to(message)] if message.strip() else []

    async def push(self, transport: str, number: int, more: str) -> str:
        """Send a document; returns the first line of the answer."""
        message = notify(await self.contact, transport, number, more).encode()
        if self.writer:
            self.writer.write(message)
        else:
            assert self.transport
            self.transport.sendto(message, self.peer)
        async with asyncio.timeout(10):
            return await self.answers.get()


@asynccontextmanager
async def registrar_at(transport: str, host: str = HOST) -> AsyncIterator[tuple[Registrar, dict[str, str]]]:
    """A registrar that runs, and the account that it has for the phone."""
    registrar = Registrar()
    closing: asyncio.BaseTransport | asyncio.Server
    if transport == "udp":
        closing, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: registrar, (host, 0))
        port = closing.get_extra_info("sockname")[1]
    else:
        closing = await asyncio.start_server(registrar.stream, host, 0)
        port = closing.sockets[0].getsockname()[1]
    outbound = f"{host}:{port};transport={transport}"
    try:
        yield registrar, {"user_name1": "alice", "user_host1": host, "user_outbound1": outbound}
    finally:
        closing.close()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_server_pushes_a_page_over_sip(transport: str) -> None:
    async with registrar_at(transport) as (registrar, account), telephone(account) as (phone, events):
        eyes = Eyes(phone)
        await events.wait("registration", state="registered")
        for number, more in enumerate(("", "Event: xml\r\n", "Event: xml\r\nSubscription-State: active\r\n")):
            assert await registrar.push(transport.upper(), number, more) == "SIP/2.0 200 OK"
            await eyes.see("Alarm", "Door open")
            phone.do(Press("CANCEL"))
        phone.do(SetSetting("xml_notify", "off"))
        assert (await registrar.push(transport.upper(), 9, "")).startswith("SIP/2.0 403 ")
        assert phone.snapshot().page.name != "minibrowser"


async def test_stranger_pushes_nothing_over_sip_unless_trusted() -> None:
    async with (
        registrar_at("udp") as (registrar, account),
        registrar_at("udp", "127.0.0.2") as (stranger, _),
        telephone(account) as (phone, events),
    ):
        await events.wait("registration", state="registered")
        stranger.contact, stranger.peer = registrar.contact, registrar.peer
        assert (await stranger.push("UDP", 1, "")).startswith("SIP/2.0 403 ")
        assert phone.snapshot().page.name != "minibrowser"
        phone.do(SetSetting("mb_trusted_hosts", "127.0.0.2"))
        assert await stranger.push("UDP", 2, "") == "SIP/2.0 200 OK"
        await Eyes(phone).see("Alarm")
