"""Lines for a pipe: a slow reader delays nobody, one who is gone is noticed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from snomtui.shell.outlet import Outlet

LINE = b"x" * 999 + b"\n"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Reading and writing end."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def lost(number: int) -> bytes:
    """The line that tells of lost ones."""
    return f"lost {number}\n".encode()


def read_all(fd: int, found: list[bytes]) -> None:
    """Read until the other end is closed."""
    while data := os.read(fd, 65536):
        found.append(data)


def test_reader_gets_every_line_in_order(pipe: tuple[int, int]) -> None:
    outlet = Outlet(pipe[1], lost)
    for number in range(1000):
        outlet.write(f"{number}\n".encode())
    outlet.close()
    os.close(pipe[1])
    found: list[bytes] = []
    read_all(pipe[0], found)
    assert b"".join(found).split() == [str(number).encode() for number in range(1000)]


def test_writer_never_waits_for_a_reader_who_pauses_and_tells_what_was_lost(pipe: tuple[int, int]) -> None:
    outlet = Outlet(pipe[1], lost, length=100)
    for _ in range(2000):  # 2 MB, a pipe holds 64 kB
        outlet.write(LINE)
    outlet.close(patience=0.05)
    found: list[bytes] = []
    reader = threading.Thread(target=read_all, args=(pipe[0], found))
    reader.start()
    assert outlet._thread is not None
    outlet._thread.join(10)
    os.close(pipe[1])
    reader.join(10)
    lines = b"".join(found).splitlines()
    told = [int(line.split()[1]) for line in lines if line.startswith(b"lost")]
    assert told and len(lines) - len(told) + sum(told) == 2000


def test_reader_who_is_gone_is_noticed_once(pipe: tuple[int, int]) -> None:
    gone = threading.Event()
    outlet = Outlet(pipe[1], lost, gone.set)
    os.close(pipe[0])
    outlet.write(LINE)
    assert gone.wait(10)
    outlet.write(LINE)
    outlet.close()


def test_outlet_that_was_never_used_needs_no_thread(pipe: tuple[int, int]) -> None:
    outlet = Outlet(pipe[1], lost)
    outlet.close()
    assert outlet._thread is None
