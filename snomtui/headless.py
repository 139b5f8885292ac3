"""Without a screen: one JSON object a line out on stdout and in on stdin (the outward contract, section 3).

The orders of a front end are imported where there is one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from snomtui.errors import LocalError
from snomtui.phone.intents import Intent, Refusal
from snomtui.remote.doing import do_all
from snomtui.remote.intentjson import decode, encode, intents_of
from snomtui.shell.outlet import Outlet

if TYPE_CHECKING:
    from snomtui.office.orders import Order
    from snomtui.office.orders import Refusal as OfficeRefusal

Object = dict[str, Any]
Obey = Callable[[Object], str | None]
"""Does what an object asks for and returns why not, or None; raises `LocalError` for one that asks for nothing."""
LONGEST = 64 * 1024
"""Bytes that one line on stdin may have."""


class Lines:
    """stdout, one object a line. A reader who pauses loses the oldest lines; one who is gone ends the program."""

    def __init__(self, gone: Callable[[], None]) -> None:
        """To be made inside the loop in which `gone` shall be called."""
        loop = asyncio.get_running_loop()
        self._outlet = Outlet(sys.__stdout__.fileno() if sys.__stdout__ else 1, _lost, lambda: _tell(loop, gone))

    def write(self, event: Object) -> None:
        """Print one object."""
        self._outlet.write(encode(event) + b"\n")

    def close(self) -> None:
        """Let the last lines leave."""
        self._outlet.close()


def _tell(loop: asyncio.AbstractEventLoop, gone: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop may be closed by now
        loop.call_soon_threadsafe(gone)


def _lost(number: int) -> bytes:
    why = f"{number} events were lost: nobody read them"
    return encode({"at": time.time(), "event": "error", "what": "stdout", "why": why}) + b"\n"


def obey_signals(stop: asyncio.Event) -> None:
    """Let SIGTERM and SIGHUP end the program in good order; to be called before anybody is told that it runs."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)


def phone_words(do: Callable[[Intent], Refusal | None]) -> Obey:
    """What a phone understands."""
    return lambda asked: do_all(do, intents_of(asked)).why or None


def office_words(do: Callable[[Order], OfficeRefusal | None], quit: Callable[[], None]) -> Obey:
    """What a front end alone understands."""
    from snomtui.office.orders import WORDS, BadOrder, is_order

    def obey(asked: Object) -> str | None:
        if asked.get("do") == "quit":
            quit()
            return None
        if not is_order(asked):
            raise BadOrder(f"a front end knows {', '.join(WORDS)}, snapshot and quit only")
        return _ordered(do, asked)

    return obey


def both_words(do: Callable[[Order], OfficeRefusal | None], phone: Obey) -> Obey:
    """What a front end and a phone in one house understand."""
    from snomtui.office.orders import is_order

    return lambda asked: _ordered(do, asked) if is_order(asked) else phone(asked)


def _ordered(do: Callable[[Order], OfficeRefusal | None], asked: Object) -> str | None:
    from snomtui.office.orders import order_of

    refusal = do(order_of(asked))
    return refusal.why if refusal else None


async def commands(
    obey: Obey,
    snapshot: Callable[[], Object],
    write: Callable[[Object], None],
    now: Callable[[], float],
    stop: asyncio.Event,
) -> None:
    """Obey stdin until `stop` is set, by `quit` for example. The end of stdin alone ends nothing."""
    reader = asyncio.StreamReader(limit=LONGEST)
    if sys.stdin is not None:
        feed = (sys.stdin.fileno(), reader, asyncio.get_running_loop())
        threading.Thread(target=_feed, args=feed, name="snomtui-stdin", daemon=True).start()
    task = asyncio.create_task(_obey(reader, obey, snapshot, write, now, stop))
    await stop.wait()
    task.cancel()


def _feed(source: int, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    """In a thread of its own: stdin may be a file, which no loop can wait for.

    It may also be the terminal of stdout, which a loop would switch to a mode that breaks printing.
    """
    with contextlib.suppress(OSError, RuntimeError):  # the loop may be closed by now
        while data := os.read(source, LONGEST):
            loop.call_soon_threadsafe(reader.feed_data, data)
        loop.call_soon_threadsafe(reader.feed_eof)


async def _obey(
    reader: asyncio.StreamReader,
    obey: Obey,
    snapshot: Callable[[], Object],
    write: Callable[[Object], None],
    now: Callable[[], float],
    stop: asyncio.Event,
) -> None:
    while True:
        line = await _line(reader)
        if line is None:
            write(_did(now(), None, f"a line may have {LONGEST} bytes at most"))
            continue
        if not line:
            return
        if line.strip():
            write(answer(line, obey, snapshot, now))
        if stop.is_set():
            return


async def _line(reader: asyncio.StreamReader) -> bytes | None:
    """The next line, empty at the end; None for one that is too long, which is passed over as a whole."""
    whole = True
    while True:
        try:
            line = await reader.readuntil()
        except asyncio.IncompleteReadError as error:
            line = error.partial
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            whole = False
            continue
        return line if whole else None


def answer(line: bytes, obey: Obey, snapshot: Callable[[], Object], now: Callable[[], float]) -> Object:
    """Obey one line and say how it went; a malformed one harms nothing."""
    asked: Object = {}
    try:
        asked = decode(line)
        if asked.get("do") == "snapshot":
            return {"at": now(), "event": "snapshot", **snapshot()}
        return _did(now(), asked.get("do"), obey(asked))
    except LocalError as error:
        return _did(now(), asked.get("do"), str(error))


def _did(at: float, do: object, why: str | None) -> Object:
    said = {"at": at, "event": "did", "do": do, "ok": why is None}
    return said if why is None else {**said, "why": why}
