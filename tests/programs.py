"""The program itself as a process: JSON lines in and out, the log on stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

Object = dict[str, Any]
PATIENCE = 15.0
"""Seconds that anything may take."""
ROOT = Path(__file__).parent.parent
HEIKO = {
    "user_name1": "Heiko.Riedel",
    "user_host1": "ucc.de",
    "user_pname1": "UCC\\Heiko.Riedel",
    "user_pass1": "Sommer2009!",
    "user_server_type1": "ocs",
}
"""The settings of the simulated front end's own user."""


def environment(**more: str) -> dict[str, str]:
    """The environment of a program: ours, without what would change it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SNOMTUI_")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **more}


def obey_interrupts() -> None:
    """To be done in a child before it starts: shells let what runs in the background ignore Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `more` goes to its environment."""
    return subprocess.run(
        [sys.executable, "-m", "snomtui", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env=environment(**more),
    )


def sets(**values: str) -> list[str]:
    """`--set NAME=VALUE` for each."""
    return [part for name, value in values.items() for part in ("--set", f"{name}={value}")]


class Program:
    """A headless program that runs, with everything it has said."""

    def __init__(self, *arguments: str, stdin: Any = subprocess.PIPE, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "snomtui", *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=ROOT,
            env=environment(**more),
            preexec_fn=obey_interrupts,
        )
        self.events: list[Object] = []
        self.log: list[str] = []
        self._news = threading.Condition()
        self._readers = [threading.Thread(target=read) for read in (self._read_events, self._read_log)]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.end()

    def _read_events(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.events.append(json.loads(line))
                self._news.notify_all()

    def _read_log(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._news:
                self.log.append(line.rstrip("\n"))
                self._news.notify_all()

    def mark(self) -> int:
        """A moment: what comes after it can be waited for."""
        with self._news:
            return len(self.events)

    def wait(self, event: str, since: int = 0, **fields: object) -> Object:
        """The first event with these fields after the moment `since`; fails after a while."""

        def fits(each: Object) -> bool:
            return each["event"] == event and all(each.get(name) == value for name, value in fields.items())

        found: Object = self._wait(
            lambda: next((each for each in self.events[since:] if fits(each)), None), f"{event} {fields}"
        )
        return found

    def logs(self, part: str) -> str:
        """The first log line with this text; fails after a while."""
        return str(self._wait(lambda: next((line for line in self.log if part in line), None), part))

    def _wait(self, look: Callable[[], Any], what: str) -> Any:
        end = time.monotonic() + PATIENCE
        with self._news:
            while (found := look()) is None:
                left = end - time.monotonic()
                said = "\n".join([*(str(each) for each in self.events[-20:]), *self.log[-20:]])
                assert left > 0, f"no {what}; the last words were:\n{said}"
                self._news.wait(left)
        return found

    def say(self, line: str) -> None:
        """Write one line to its stdin."""
        assert self.process.stdin
        os.write(self.process.stdin.fileno(), line.encode("utf-8", "surrogateescape") + b"\n")

    def do(self, do: str, **fields: object) -> Object:
        """Give one order and return its answer."""
        since = self.mark()
        self.say(json.dumps({"do": do, **fields}))
        return self.wait("snapshot" if do == "snapshot" else "did", since)

    def end(self) -> int:
        """Wait for its end, and return its exit code."""
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        return code

    def quit(self) -> int:
        """Tell it to end, and return its exit code."""
        self.say('{"do": "quit"}')
        return self.end()
