"""The HTTP door on the wire, asked by those who mean harm."""

from __future__ import annotations

import asyncio
import socket
import time
import tracemalloc

import pytest

from snomtui.house import Wanted
from snomtui.phone.intents import Dial, Press
from snomtui.remote import framing, reply, sse
from snomtui.settings.registry import Settings
from tests.remote.test_server import Running, running

PAGES = (
    "/",
    "/index.htm",
    "/info.htm",
    "/settings.htm",
    "/log.htm",
    "/sip_trace.htm",
    "/advanced.htm",
    "/commands.htm",
)
API = ("/api/v1/phone", "/api/v1/settings", "/api/v1/events", "/api/v1/commands", "/openapi.json", "/api/v1/calls")
EVIL = 666
"""What a smuggled request would dial."""
SMUGGLED = b"GET /command.htm?number=%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % EVIL


def get(path: str, *fields: str, host: str = "127.0.0.1") -> bytes:
    """A request as a browser sends it, without keeping the connection."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *fields, "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def post(path: str, body: bytes, *fields: str) -> bytes:
    """The same with a body."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *fields, f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def status(answer: bytes) -> int:
    """The status of the first answer; 0 = the connection was just closed."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


async def quick(web: Running) -> None:
    """The phone answers somebody else within a second."""
    async with asyncio.timeout(1):
        assert status(await web.raw(get("/command.htm?key=1"))) == 200


def test_web_server_listens_on_loopback_unless_told_otherwise() -> None:
    assert Wanted(Settings()).http == ("127.0.0.1", 8080)


# -- pages of other sites


@pytest.mark.parametrize("path", [*PAGES, *API])
@pytest.mark.parametrize("host", ["evil.test", "evil.test:8080", "127.0.0.1.evil.test", "localhost.evil.test"])
async def test_page_whose_name_was_made_to_lead_here_reads_nothing(path: str, host: str) -> None:
    async with running() as web:
        answer = await web.raw(get(path, host=host))
        assert status(answer) == 403 and b"heiko" not in answer


@pytest.mark.parametrize("path", ["/", "/info.htm", "/api/v1/phone"])
async def test_phone_may_be_given_a_name(path: str) -> None:
    async with running(sim_http_names="phone.ucc.de desk.ucc.de") as web:
        for host in ("phone.ucc.de", "DESK.ucc.de.:8080", "snom370", "phone.local"):
            assert status(await web.raw(get(path, host=host))) == 200
        assert status(await web.raw(get(path, host="other.ucc.de"))) == 403


async def test_page_whose_name_was_made_to_lead_here_sees_nothing_when_its_call_is_refused() -> None:
    async with running() as web:
        answer = await web.raw(get("/index.htm?number=%00", host="evil.test"))
        assert status(answer) == 403 and b"heiko" not in answer


@pytest.mark.parametrize(
    "field",
    ["Origin: http://evil.test", "Origin: null", "Origin: http://127.0.0.1.evil.test", "Sec-Fetch-Site: cross-site"],
)
async def test_page_of_another_site_changes_and_reads_nothing(field: str) -> None:
    order = b'{"do": "dial", "number": "666"}'
    saved = b"settings=save&http_user=evil"
    async with running() as web:
        for path in API:
            assert status(await web.raw(get(path, field))) == 403
        for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            answer = await web.raw(post("/api/v1/intents", order, field, f"Content-Type: {kind}"))
            assert status(answer) == 403
        form = "Content-Type: application/x-www-form-urlencoded"
        for path in ("/dummy.htm", "/advanced_qos_security.htm", "/settings.htm", "/prefs.htm"):
            assert status(await web.raw(post(path, saved, field, form))) == 403
            assert status(await web.raw(get(f"{path}?{saved.decode()}", field))) == 403
        assert web.phone.done == []


async def test_form_of_an_old_browser_that_names_no_origin_is_not_taken_as_json() -> None:
    async with running() as web:
        # enctype=text/plain writes NAME=VALUE, which can be made JSON
        body = b'{"do": "dial", "number": "666", "x": "=", "y": ""}'
        for kind in ("text/plain", "multipart/form-data; boundary=x"):
            assert status(await web.raw(post("/api/v1/intents", body, f"Content-Type: {kind}"))) == 415
        assert web.phone.done == []


# -- framing


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding:\tchunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        b"Content-Length: 0, 44\r\n\r\n",
        b"Content-Length : 44\r\n\r\n",
        b"Content-Length: +0\r\n\r\n",
        b"Content-Length: 0x0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding\x0b: chunked\r\n\r\n0\r\n\r\n",
        b"X: a\x00b\r\n\r\n",
        b"X: a\rContent-Length: 44\r\n\r\n",
        b" Content-Length: 44\r\n\r\n",
        b"Host: two.test\r\n\r\n",
    ],
)
async def test_nothing_is_smuggled_behind_a_request_of_two_lengths(head: bytes) -> None:
    async with running() as web:
        answer = await web.raw(b"POST /command.htm HTTP/1.1\r\nHost: x\r\n" + head + SMUGGLED)
        assert status(answer) in (0, 400, 501) and answer.count(b"HTTP/1.1 ") <= 1
        assert web.phone.done == []


async def test_folded_field_is_one_field() -> None:
    async with running() as web:
        answer = await web.raw(b"GET /command.htm?key=1 HTTP/1.1\r\nHost: x\r\nX: a\r\n Connection: close\r\n\r\n")
        assert status(answer) == 200 and web.phone.done == [Press("1")]


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        (get("/" + "a" * 20_000), 414),
        (get("/" + "a" * 400_000), 414),
        (get("/command.htm?number=" + "1" * 20_000), 414),
        (get("/", "X: " + "a" * 70_000), 431),
        (get("/", *("X: y",) * 20_000), 431),
        (post("/api/v1/intents", b"x" * 70_000), 413),
        (post("/command.htm", b"key=1&" * 20_000), 413),
        (
            b"POST /api/v1/intents HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n" + b"x" * 70_000,
            413,
        ),
        (
            b"POST /api/v1/intents HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"1000\r\n%s\r\n" % (b"x" * 4096) * 20,
            413,
        ),
        (
            b"POST /dummy.htm HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n"
            + b"x" * 70_000,
            413,
        ),
    ],
)
async def test_what_is_too_large_is_refused_with_the_status_made_for_it(request_: bytes, wanted: int) -> None:
    async with running() as web:
        try:
            found = status(await web.raw(request_))
        except ConnectionResetError:  # closed before all was sent, as it may
            found = 0
        assert found in (wanted, 0) and web.phone.done == []
        await quick(web)


# -- paths and fields


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/....//....//etc/passwd",
        "/..\\..\\etc\\passwd",
        "/%c0%ae%c0%ae/etc/passwd",
        "//etc/passwd",
        "/api/v1/../../../etc/passwd",
        "/api/v1/settings/..%2f..%2f..%2fetc%2fpasswd",
        "/api/v1/directory/%2fetc%2fpasswd",
        "/api/v1/calls/..%2f..%2fetc%2fpasswd",
        "/templates/base.html",
        "/live.js%00.png",
        "/screen.svg/../../etc/passwd",
        "/screen./../etc/passwd",
        "file:///etc/passwd",
        "/settings.toml",
        "/index.htm%00/etc/passwd",
    ],
)
async def test_path_leads_to_no_file(path: str) -> None:
    async with running() as web:
        answer = await web.raw(get(path))
        assert status(answer) in (400, 403, 404) and b"root:" not in answer and b"{{" not in answer


@pytest.mark.parametrize("end", ["%0d%0a", "%0a", "%0d", "%00", "%7f%1b%01", "%E5%98%8A%E5%98%8D", "\\r\\n", "%c4%8a"])
@pytest.mark.parametrize(
    "path",
    [
        "/command.htm?number=1{}X-Evil:%20yes",
        "/command.htm?key=P1{}X-Evil:%20yes",
        "/command.htm?{}X-Evil:%20yes=1",
        "/index.htm?number=1{}X-Evil:%20yes",
        "/dummy.htm?settings=save&user_realname1=a{}X-Evil:%20yes",
        "/dummy.htm?settings=save&vol_ringer={}X-Evil:%20yes",
        "/dummy.htm?settings=save&a{}X-Evil:%20yes=1",
        "/minibrowser.htm?url=http://a/{}X-Evil:%20yes",
        "/line_login.htm?l=1{}X-Evil:%20yes",
        "/api/v1/settings/{}X-Evil:%20yes",
        "/{}X-Evil:%20yes",
    ],
)
async def test_answer_cannot_be_split(path: str, end: str) -> None:
    async with running() as web:
        web.phone.refusals[Dial("1")] = "no\r\nX-Evil: yes"
        answer = await web.raw(get(path.format(end)))
        head = answer.partition(b"\r\n\r\n")[0]
        assert b"\nx-evil" not in head.lower() and b"\rx-evil" not in head.lower()
        assert answer.count(b"HTTP/1.1 ") == 1
        assert [event for event in web.told if event["event"] == "error"] == []


async def test_entry_with_strange_signs_makes_no_field() -> None:
    async with running() as web:
        answer = await web.raw(post("/api/v1/directory", b'{"name": "a", "address": "a\\r\\nX-Evil: yes@b"}'))
        assert b"\nx-evil" not in answer.partition(b"\r\n\r\n")[0].lower()


# -- time


async def test_slow_clients_are_thrown_out_and_hold_up_nobody() -> None:
    async with running() as web:
        head_reader, head = await asyncio.open_connection("127.0.0.1", web.port)
        body_reader, body = await asyncio.open_connection("127.0.0.1", web.port)
        silent_reader, silent = await asyncio.open_connection("127.0.0.1", web.port)
        body.write(b"POST /command.htm HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nnumber=666")
        began, patience = time.monotonic(), max(framing.HEAD_PATIENCE, reply.PATIENCE)
        fed = asyncio.create_task(_drip(head, b"GET /command.htm?number=666 HTTP/1.1\r\n" + b"X: y\r\n" * 1000))
        await quick(web)
        async with asyncio.timeout(patience + 3):
            assert status(await body_reader.read(4096)) == 408
            assert await _end(head_reader) == b""
        await fed
        assert time.monotonic() - began > min(framing.HEAD_PATIENCE, reply.PATIENCE) - 1
        assert web.phone.done == [Press("1")] and not silent_reader.at_eof()
        for writer in (head, body, silent):
            writer.close()


async def _drip(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Send a byte ten times a second until the other side has had enough."""
    for at in range(len(data)):
        if writer.is_closing():
            return
        try:
            writer.write(data[at : at + 1])
            await writer.drain()
        except ConnectionError:
            return
        await asyncio.sleep(0.1)


async def _end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def test_many_connections_do_not_keep_a_newcomer_out() -> None:
    async with running() as web:
        writers = []
        for number in range(400):
            _, writer = await asyncio.open_connection("127.0.0.1", web.port)
            writer.write(b"GET /comm" if number % 2 else b"")
            writers.append(writer)
        await quick(web)
        for writer in writers:
            writer.close()


# -- slow readers


async def test_listener_who_never_reads_costs_little_and_holds_up_nobody() -> None:
    async with running() as web:
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", web.port))
        deaf.sendall(get("/api/v1/events"))
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        writer.write(get("/api/v1/events"))
        await reader.readuntil(b": events\n\n")
        event = {"event": "message", "from": "sip:a@b", "text": "x" * 2000}
        for _ in range(sse.KEPT):  # the ring is full from here on
            web.phone.happen(event)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for number in range(4 * sse.KEPT):
            web.phone.happen(dict(event, text=f"{number:06}" + "x" * 2000))
            if number % 32 == 0:
                await quick(web) if number % 1024 == 0 else await asyncio.sleep(0)
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        web.phone.happen({"event": "message", "from": "sip:a@b", "text": "the last"})
        async with asyncio.timeout(10):
            while b"the last" not in await reader.readuntil(b"\n\n"):
                pass
        assert grown < 2 * sse.KEPT * 2500  # the ring itself, no more than twice
        writer.close()
        deaf.close()


async def test_there_is_a_limit_to_event_streams() -> None:
    async with running() as web:
        writers = []
        for _ in range(sse.MOST_LISTENERS):
            reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
            writer.write(get("/api/v1/events"))
            await reader.readuntil(b": events\n\n")
            writers.append(writer)
        assert status(await web.raw(get("/api/v1/events"))) == 503
        await quick(web)
        for writer in writers:
            writer.close()
