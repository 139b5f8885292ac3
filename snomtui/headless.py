"""Without a screen: one JSON object a line out on stdout and in on stdin (the outward contract, section 3)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from typing import Any

from snomtui.phone.intents import Intent, Quit, Refusal
from snomtui.remote.intentjson import BadIntent, decode, encode, intents_of

Object = dict[str, Any]
LONGEST = 64 * 1024
"""Bytes that one line on stdin may have."""


class Lines:
    """stdout, one object a line, flushed at once. A reader who is gone ends the program."""

    def __init__(self, gone: Callable[[], None]) -> None:
        self._gone = gone
        self._out = sys.stdout.buffer

    def write(self, event: Object) -> None:
        """Print one object."""
        try:
            self._out.write(encode(event) + b"\n")
            self._out.flush()
        except (BrokenPipeError, ValueError):
            self._out = open("/dev/null", "wb")  # noqa: SIM115  stays open to the end
            self._gone()


async def commands(
    do: Callable[[Intent], Refusal | None],
    snapshot: Callable[[], Object],
    write: Callable[[Object], None],
    now: Callable[[], float],
    stop: asyncio.Event,
) -> None:
    """Obey stdin until `quit`, SIGTERM or SIGINT. The end of stdin alone ends nothing."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    reader = asyncio.StreamReader(limit=LONGEST)
    with contextlib.suppress(ValueError, OSError):  # stdin is closed or a plain file
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        task = loop.create_task(_obey(reader, do, snapshot, write, now, stop))
        await stop.wait()
        task.cancel()
        return
    await stop.wait()


async def _obey(
    reader: asyncio.StreamReader,
    do: Callable[[Intent], Refusal | None],
    snapshot: Callable[[], Object],
    write: Callable[[Object], None],
    now: Callable[[], float],
    stop: asyncio.Event,
) -> None:
    while True:
        try:
            line = await reader.readline()
        except ValueError:
            write(_did(now(), None, f"a line may have {LONGEST} bytes at most"))
            continue
        if not line:
            return
        if line.strip():
            write(answer(line, do, snapshot, now))
        if stop.is_set():
            return


def answer(
    line: bytes, do: Callable[[Intent], Refusal | None], snapshot: Callable[[], Object], now: Callable[[], float]
) -> Object:
    """Obey one line and say how it went; a malformed one harms nothing."""
    asked: Object = {}
    try:
        asked = decode(line)
        if asked.get("do") == "snapshot":
            return {"at": now(), "event": "snapshot", **snapshot()}
        refusals = [do(intent) for intent in intents_of(asked)]
    except BadIntent as error:
        return _did(now(), asked.get("do"), str(error))
    return _did(now(), asked.get("do"), next((refusal.why for refusal in refusals if refusal), None))


def _did(at: float, do: object, why: str | None) -> Object:
    said = {"at": at, "event": "did", "do": do, "ok": why is None}
    return said if why is None else {**said, "why": why}


__all__ = ["Lines", "Quit", "answer", "commands"]
