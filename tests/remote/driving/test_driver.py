"""The client against our own server, and against things that are no snom."""

from __future__ import annotations

import asyncio
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from snomtui.cli import exit_code
from snomtui.errors import Unreachable
from snomtui.phone.intents import Answer, Dial, HangUp, Intent, Press
from snomtui.remote.driving.client import NotASnom, Refused
from snomtui.remote.driving.driver import Remote
from snomtui.remote.driving.realsnom import Cannot
from snomtui.remote.keys import BadKeys
from tests.remote.driving.oddphones import odd
from tests.remote.test_server import Running, running


async def with_remote(web: Running, do: Callable[[Remote], object], user: str = "", password: str = "") -> object:
    def work() -> object:
        with Remote(f"127.0.0.1:{web.port}", user, password, timeout=5) as remote:
            return do(remote)

    return await asyncio.to_thread(work)


@contextmanager
def answering(data: bytes) -> Iterator[str]:
    """A server that gives one answer to everybody."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("do", "wanted"),
    [
        (lambda r: r.dial("tel:+49-30-12"), [Dial("+493012")]),
        (lambda r: r.dial("*21#", "49301@voip.test"), [Dial("*21#", 2)]),
        (lambda r: r.press("1;#,100,50"), [Press("1"), Press("#", 100, 50)]),
        (lambda r: r.do(HangUp()), [HangUp()]),
        (lambda r: r.do(HangUp(every=True)), [HangUp(every=True)]),
        (lambda r: r.do(Answer()), [Answer()]),
    ],
)
@pytest.mark.parametrize("scheme", ["", "off", "on"])
async def test_client_commands_the_phone_through_any_login(
    do: Callable[[Remote], object], wanted: list[Intent], scheme: str
) -> None:
    settings = {"http_user": "me", "http_pass": "geheim", "http_scheme": scheme} if scheme else {}
    async with running(**settings) as web:
        await with_remote(web, do, "me", "geheim")
        assert web.phone.done == wanted


async def test_client_tells_refusals_in_words() -> None:
    async with running() as web:
        web.phone.refusals[Dial("110")] = "not registered"
        with pytest.raises(Refused, match="not registered"):
            await with_remote(web, lambda r: r.dial("110"))


async def test_answer_at_an_idle_phone_is_refused_and_presses_no_key() -> None:
    async with running() as web:
        web.phone.refusals = {Answer(): "No call is ringing", HangUp(): "No call"}
        with pytest.raises(Refused, match="No call is ringing") as said:
            await with_remote(web, lambda r: r.do(Answer()))
        with pytest.raises(Refused, match="No call"):
            await with_remote(web, lambda r: r.do(HangUp()))
        assert web.phone.done == [] and exit_code(said.value) == 1


async def test_phone_that_breaks_while_it_answers_gets_no_key_either() -> None:
    async with running() as web:
        web.phone.breaks = True
        with pytest.raises(Refused, match="Something went wrong"):
            await with_remote(web, lambda r: r.do(Answer()))
        assert [event["what"] for event in web.told if event["event"] == "error"] == ["http"]


@contextmanager
def real_snom(other: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that knows command.htm and gives one answer to all the rest; and the request lines that it got."""
    asked: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            line = self.request.recv(65536).partition(b"\r\n")[0]
            asked.append(line)
            ok = b"HTTP/1.0 200 OK\r\n\r\n<html></html>"
            self.request.sendall(ok if b" /command.htm?" in line else other)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "other",
    [
        b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 405 Not Allowed\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 302 Found\r\nLocation: /index.htm\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n<html>snom370</html>",
        b"HTTP/1.0 200 OK\r\n\r\n{}",
        b"",
    ],
)
def test_real_snom_gets_keys_instead(other: bytes) -> None:
    with real_snom(other) as (url, asked), Remote(url, timeout=5) as remote:
        remote.do(Answer())
        remote.do(HangUp())
    look, enter, cancel = (line.split(b" HTTP")[0] for line in asked)
    assert look == b"GET /api/v1/phone"
    assert (enter, cancel) == (b"GET /command.htm?key=ENTER", b"GET /command.htm?key=CANCEL")


async def test_client_tells_wrong_login_and_then_that_it_is_blocked() -> None:
    async with running(http_user="me", http_pass="geheim") as web:
        with pytest.raises(Refused, match="a login is needed, give --user"):
            await with_remote(web, lambda r: r.do(Answer()))
        for _ in range(4):
            with pytest.raises(Refused, match="wrong login"):
                await with_remote(web, lambda r: r.do(Answer()), "me", "wrong")
        with pytest.raises(Refused, match=r"blocked.*try again in \d+ seconds"):
            await with_remote(web, lambda r: r.do(Answer()), "me", "geheim")
        with pytest.raises(Refused, match=r"blocked.*try again in \d+ seconds"):
            await with_remote(web, lambda r: r.press("1"), "me", "geheim")
        with pytest.raises(Refused, match="blocked"):
            await with_remote(web, lambda r: r.status(), "me", "geheim")
        with pytest.raises(Refused, match="blocked"):
            await with_remote(web, lambda r: next(r.watch()), "me", "geheim")
        assert web.phone.done == []


async def test_client_tells_the_status_in_words() -> None:
    async with running() as web:
        web.phone.do(Dial("5"))
        text = await with_remote(web, lambda r: r.status())
    assert isinstance(text, str)
    assert "identity 1: heiko@ucc.test registered" in text and "dialling" in text and "AVAILABLE" in text


async def test_client_watches_events() -> None:
    async with running() as web:
        web.phone.happen({"event": "error", "n": 0})  # before anybody watches

        def watch(remote: Remote) -> object:
            stream = remote.watch()
            return [next(stream), next(stream)]

        task = asyncio.create_task(with_remote(web, watch))
        while not web.server.watchers:
            await asyncio.sleep(0)
        for text in ("a\u2028b", "c"):
            web.phone.happen({"event": "message", "text": text})
        assert await task == [{"event": "message", "text": "a\u2028b"}, {"event": "message", "text": "c"}]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n", NotASnom, "no snom phone"),
        (b"HTTP/1.0 500 Oops\r\nContent-Length: 0\r\n\r\n", Refused, "500"),
        (b"HTTP/1.0 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Refused, "may not"),
        (b"HTTP/1.0 302 Found\r\nLocation: /login.htm\r\nContent-Length: 0\r\n\r\n", NotASnom, "no snom phone"),
        (b"", Unreachable, "closed the connection"),
        (b"banana\r\n", Unreachable, "closed the connection"),
        (b"HTTP/1.0 200 OK\r\n\r\n<html>Web interface blocked for 1 minute</html>", Refused, "blocked.*a few minutes"),
    ],
)
def test_client_tells_what_is_wrong_at_the_other_side(data: bytes, error: type[Exception], words: str) -> None:
    with answering(data) as url, Remote(url, timeout=5) as remote, pytest.raises(error, match=words):
        remote.press("1")


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.0 302 Found\r\nLocation: index.htm\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n<html></html>",
        b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/index.htm\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 302 Found\r\nLocation: http://other.test/command.htm?number=5\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_redirect_is_success_and_is_not_followed_to_another_host(data: bytes) -> None:
    with answering(data) as url, Remote(url, timeout=5) as remote:
        remote.dial("5")


def test_client_reads_a_real_phones_information_page() -> None:
    page = b"HTTP/1.0 200 OK\r\n\r\n<html><head><title>x</title></head><table><tr><td>snom370-SIP</td></tr></table>"
    with answering(page) as url, Remote(url, timeout=5) as remote:
        assert remote.status() == "snom370-SIP"
        with pytest.raises(NotASnom, match="only a simulated phone"):
            next(remote.watch())


def test_client_tells_that_nobody_is_there() -> None:
    with Remote("http://127.0.0.1:1", timeout=2) as remote, pytest.raises(Unreachable, match=r"127\.0\.0\.1:1") as said:
        remote.do(Answer())
    assert exit_code(said.value) == 3


def test_exit_codes_are_those_of_the_contract() -> None:
    assert exit_code(Refused("x")) == 1
    assert exit_code(BadKeys("x")) == 2
    assert exit_code(Unreachable("x")) == 3


def test_stranger_with_json_of_its_own_is_not_taken_for_our_phone() -> None:
    answer = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"calls": [7]}'
    with odd(lambda request: answer) as stranger, Remote(stranger.url) as remote:
        assert remote.phone() is None
        with pytest.raises(Cannot, match="real snom has no key"):
            remote.swap()
