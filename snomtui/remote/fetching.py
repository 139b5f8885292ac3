"""Gets pages, pictures and action URLs for the phone; nobody waits for it, and nothing of it delays a call."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from snomtui.kit.box import Fetch, Fetched
from snomtui.settings.registry import Settings

if TYPE_CHECKING:
    from snomtui.remote.getter import Getter

LARGEST_PAGE = 256 * 1024
LARGEST_PICTURE = 4 * 1024 * 1024
"""Bytes."""
MOST_AT_ONCE = 8
"""So many are under way at the same time; others wait. What is orderly waits for nobody but those before it."""
MOST_WAITING = 64
"""What is more is not fetched at all."""
PATIENCE = 5.0
"""Seconds that an orderly fetch waits at most for the one before it."""
_HOME = ("127.0.0.1", "localhost", "::1")

Unpack = Callable[[bytes, tuple[int, int], str], tuple[tuple[int, ...], ...]]
"""Turns the bytes of a picture into pixels; raises ValueError that says why not."""
Answer = Callable[[str, Fetched], None]
"""Takes what a `Fetch` with `ask` has brought."""


class Turn:
    """The place of one orderly fetch in the queue before a server."""

    def __init__(self, server: str, before: Turn | None) -> None:
        self.server, self.before = server, before
        self.sent = asyncio.Event()
        """Its request is on the wire, or it has come to nothing."""


class Fetching:
    """Everything that the phone fetches."""

    def __init__(
        self, settings: Callable[[], Settings], own: Callable[[], str], answer: Answer, unpack: Unpack
    ) -> None:
        """`own` is the base URL of the phone's web server, or empty; `unpack` is called in a thread."""
        self._settings, self._own, self._answer, self._unpack = settings, own, answer, unpack
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[str, Turn] = {}
        """The last orderly fetch to each server, as long as it lasts."""
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._getter: Getter | None = None
        self._making = asyncio.Lock()

    def fetch(self, wanted: Fetch) -> None:
        """Begin to fetch; returns at once."""
        if len(self._tasks) >= MOST_WAITING:
            if wanted.ask:
                full = Fetched(why="The server does not answer in time")
                asyncio.get_running_loop().call_soon(self._answer, wanted.ask, full)
            return
        task = asyncio.get_running_loop().create_task(
            self._in_order(wanted, self._queue(wanted)) if wanted.orderly else self._fetch(wanted)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _queue(self, wanted: Fetch) -> Turn:
        """The place of an orderly fetch behind those to the same server."""
        server = "/".join(wanted.url.split("/", 3)[:3])
        turn = Turn(server, self._last.get(server))
        self._last[server] = turn
        return turn

    def _over(self, turn: Turn) -> None:
        turn.sent.set()
        if self._last.get(turn.server) is turn:
            del self._last[turn.server]

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._getter:
            await self._getter.close()

    async def _fetch(self, wanted: Fetch) -> None:
        async with self._free:
            answer = await self._got(wanted)
            if wanted.pixels != (0, 0) and answer.body and not answer.why:
                answer = await asyncio.to_thread(self._with_pixels, wanted, answer)
        if wanted.ask:
            self._answer(wanted.ask, answer)

    async def _in_order(self, wanted: Fetch, turn: Turn) -> None:
        """It goes out when the one before it is on the wire: whether that one is answered does not matter."""
        try:
            if turn.before:
                with suppress(TimeoutError):
                    await asyncio.wait_for(turn.before.sent.wait(), PATIENCE)
            turn.before = None
            answer = await self._got(wanted, turn.sent.set)
        finally:
            self._over(turn)
        if wanted.ask:
            self._answer(wanted.ask, answer)

    async def _got(self, wanted: Fetch, sent: Callable[[], None] | None = None) -> Fetched:
        if wanted.url.startswith("data:"):
            return _inside(wanted.url)
        target, home = at_home(wanted.url, self._own())
        if home and not target:
            return Fetched(why="The web server of this phone is off", own=True)
        getter = await self._ready()
        login = self._login() if home else None
        check = self._settings().on("sim_check_web_certificates")
        limit = LARGEST_PICTURE if wanted.pixels != (0, 0) else LARGEST_PAGE
        headers = {"Accept": "text/xml, application/xml, image/*, */*"}
        if wanted.agent:
            headers["User-Agent"] = wanted.agent
        if wanted.language:
            headers["Accept-Language"] = wanted.language
        if wanted.orderly:
            headers["Connection"] = "close"  # small servers serve one connection after the other
        found = await getter.get(target, headers, limit, check and not home, login, sent)
        return replace(found, own=home)

    def _login(self) -> tuple[str, str, bool] | None:
        settings = self._settings()
        user, password = settings.text("http_user"), settings.text("http_pass")
        return (user, password, settings.on("http_scheme")) if user or password else None

    def _with_pixels(self, wanted: Fetch, answer: Fetched) -> Fetched:
        """In a thread: the picture that came."""
        if answer.status >= 400:
            return answer
        try:
            return replace(answer, pixels=self._unpack(answer.body, wanted.pixels, wanted.tones), body=b"")
        except ValueError as error:
            return replace(answer, body=b"", why=str(error))

    async def _ready(self) -> Getter:
        """The one client, made when it is needed first; loading it takes a moment, so that is done in a thread."""
        async with self._making:
            if self._getter is None:
                self._getter = await asyncio.to_thread(_make)
            return self._getter


def at_home(url: str, own: str) -> tuple[str, bool]:
    """Where a URL leads, and whether that is the phone's own web server (`own`; empty = it is off).

    A page may write `http://127.0.0.1/command.htm` without knowing at which port this phone listens.
    """
    try:
        parts, mine = urlsplit(url), urlsplit(own)
        if (parts.hostname or "") not in _HOME:
            same = bool(own) and (parts.scheme, parts.hostname, parts.port) == ("http", mine.hostname, mine.port)
            return url, same
        if parts.port not in (None, 80, 443):
            return url, bool(own) and parts.port == mine.port
    except ValueError:
        return url, False
    return (urlunsplit((mine.scheme, mine.netloc, parts.path or "/", parts.query, "")) if own else ""), True


def _inside(url: str) -> Fetched:
    """What a `data:` URL holds."""
    head, _, data = url.partition(",")
    try:
        body = b64decode(data, validate=False) if head.endswith(";base64") else data.encode()
    except (NotBase64, ValueError):
        body = b""
    return Fetched(url="", status=200, body=body, why="" if body else "It is no picture that this phone can show")


def _make() -> Getter:
    from snomtui.remote.getter import Getter

    return Getter()
