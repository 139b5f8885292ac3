"""Programs as their users start them: a process, JSON lines out and in, and every wait with a deadline.

`Program` is for any program that prints one JSON object a line; `HeadlessPhone` and `HeadlessOffice` are ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.programs import obey_interrupts

Object = dict[str, Any]
PATIENCE = 15.0
"""Seconds that a wait may last unless the test says otherwise."""
ROOT = Path(__file__).parent.parent


def some(value: object) -> bool:
    """For `expect`: a number above zero."""
    return isinstance(value, int | float) and value > 0


def until(true: Callable[[], bool], within: float = PATIENCE, what: str = "") -> None:
    """Ask again and again for what no program tells by itself; fails at the deadline."""
    end = time.monotonic() + within
    pause = threading.Event()
    while not true():
        assert time.monotonic() < end, f"not within {within:g} s: {what or true.__name__}"
        pause.wait(0.05)


class Program:
    """A process that tells what happens in JSON lines. Lines that are no objects are kept as its log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log: list[str] = []
        """What it said that was no event: stderr, and other lines on stdout."""
        self.events: list[Object] = []
        self._taken: Counter[str] = Counter()
        """How far `expect` has read, by name of event."""
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            start_new_session=True,  # Ctrl+C at the test must not reach it first
            preexec_fn=obey_interrupts,
        )
        assert self.process.stdout and self.process.stderr
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, True), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, False), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: IO[bytes], objects: bool) -> None:
        for line in stream:
            text = line.decode("utf-8", "replace").rstrip()
            event = _event(text) if objects else None
            with self._news:
                if event is None:
                    self.log.append(text)
                else:
                    self.events.append(event)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    # -- listening

    def expect(self, event: str, within: float = PATIENCE, **fields: object) -> Object:
        """The next event of this name whose fields are these; a field may be a function that says yes or no.

        Events of one name are taken in order, each once; those of other names do not matter.
        """
        end = time.monotonic() + within
        with self._news:
            while True:
                found = self._next(event, fields)
                if found is not None:
                    return found
                left = end - time.monotonic()
                over = self.process.poll() is not None and not any(reader.is_alive() for reader in self._readers)
                if left <= 0 or over:
                    raise AssertionError(self._missing(event, fields, within))
                self._news.wait(min(left, 1.0))

    def first(self, event: str) -> Object:
        """As `expect`, for what must come before anything else; if it does not, the program is ended."""
        try:
            return self.expect(event)
        except AssertionError:
            self.stop()
            raise

    def _next(self, event: str, fields: Mapping[str, object]) -> Object | None:
        named = [told for told in self.events if told["event"] == event]
        for at, told in enumerate(named[self._taken[event] :], self._taken[event] + 1):
            if all(fits(told.get(name), wanted) for name, wanted in fields.items()):
                self._taken[event] = at
                return told
        return None

    def _missing(self, event: str, fields: Mapping[str, object], within: float) -> str:
        lines = [f"{self.name}: no {event} with {dict(fields)} within {within:g} s (exit {self.process.poll()}); said:"]
        lines += [json.dumps(told)[:400] for told in self.events if told["event"] != "display"][-40:]
        lines += ["log:", *self.log[-40:]]
        return "\n".join(lines)

    def told(self, event: str) -> list[Object]:
        """All events of this name so far."""
        with self._news:
            return [told for told in self.events if told["event"] == event]

    # -- speaking

    def say(self, line: str) -> None:
        """Write one line to its stdin."""
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    # -- ending

    def stop(self, within: float = PATIENCE) -> int:
        """Ask it to end with SIGTERM, and end it hard if it does not; the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.join(within)

    def join(self, within: float = PATIENCE) -> int:
        """Wait for its end; the exit status."""
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            for reader in self._readers:
                reader.join(2)
            for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
                if pipe:
                    _close(pipe)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def _close(pipe: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError):  # it ended before it read the last line
        pipe.close()


def _event(text: str) -> Object | None:
    if not text.startswith("{"):
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) and isinstance(told.get("event"), str) else None


def fits(value: object, wanted: object) -> bool:
    """Whether a field is as wanted: equal, or as a function says."""
    return bool(wanted(value)) if callable(wanted) else value == wanted


class HeadlessPhone(Program):
    """`snomtui phone --headless` with a settings file of its own."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str | int],
        contacts: Sequence[tuple[str, str]] = (),
        more: Sequence[str] = (),
        inside: Sequence[str] = (),
    ) -> None:
        """`contacts`: name and address of those whose presence is watched; `inside`: a command to start it with."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "phone.toml"
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        for name, uri in contacts:
            lines += ["[[contact]]", f"name = {json.dumps(name)}", f"uri = {json.dumps(uri)}", "presence = true"]
        file.write_text("\n".join(lines) + "\n", "utf-8")
        command = [*inside, sys.executable, "-m", "snomtui", "phone", "--headless", "--http", "127.0.0.1:0", "--debug"]
        command += ["--log-level", "8", "--settings", str(file), "--state-dir", str(folder / "state"), *more]
        super().__init__(str(settings.get("user_name1", "phone")), command, ROOT)

    def do(self, do: str, **fields: object) -> Object:
        """Give one order and wait until it is obeyed."""
        told = self.order(do, **fields)
        assert told["ok"], told
        return told

    def order(self, do: str, **fields: object) -> Object:
        """Give one order; what became of it."""
        self.say(json.dumps({"do": do, **fields}))
        return self.expect("did", do=do)

    def registered(self) -> Object:
        """Wait until its first identity is registered."""
        return self.expect("registration", state="registered")

    def call(self, state: str, within: float = PATIENCE, **fields: object) -> Object:
        """Wait for the next `call` event with this state."""
        return self.expect("call", within, state=state, **fields)

    def hears(self, least: int = 10) -> Object:
        """Wait until a report from now on says that so many RTP packets came in."""
        self._taken["media"] = len(self.told("media"))
        return self.expect("media", received=lambda count: count >= least)

    def quit(self) -> int:
        """Leave as a user does; the exit status."""
        self.say('{"do": "quit"}')
        return self.join()


class HeadlessOffice(Program):
    """`snomtui office --headless` on free ports of loopback, or on the ports of `tcp:HOST:PORT`."""

    def __init__(self, people: Path, *more: str, listen: Sequence[str] = ("tcp", "tls")) -> None:
        command = [sys.executable, "-m", "snomtui", "office", "--headless", "--people", str(people), "--log-level", "8"]
        for kind in listen:
            command += ["--listen", kind if ":" in kind else f"{kind}:127.0.0.1:0"]
        super().__init__("office", [*command, "--debug", *more], ROOT)
        self.ready = self.first("ready")
