"""`/screen.svg` and its like of the real program, which has no screen at all."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import httpx
import pytest
from PIL import Image

from tests.programs import PATIENCE, Program

DEMO = ("demo", "--headless", "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0", "--seed", "1")


@pytest.fixture(scope="module")
def demo() -> Iterator[Program]:
    """A demo without a terminal."""
    with Program(*DEMO, "--model", "snom821") as program:
        program.wait("registration", state="registered")
        yield program
        assert program.quit() == 0


def seen(demo: Program, kind: str) -> bytes:
    """One picture."""
    answer = httpx.get(f"{demo.events[0]['http']}/screen.{kind}", timeout=PATIENCE, trust_env=False)
    assert answer.status_code == 200
    return answer.content


def texts(picture: bytes) -> str:
    """What is written in an SVG."""
    return " | ".join(text.strip() for text in ElementTree.fromstring(picture).itertext() if text.strip())


def until(demo: Program, holds: Callable[[str], bool]) -> str:
    """Look again and again until the picture shows something."""
    end = time.monotonic() + PATIENCE
    while not holds(said := texts(seen(demo, "svg"))):
        assert time.monotonic() < end, said
    return said


def test_phone_without_a_terminal_is_drawn_as_it_is_and_follows_what_is_done_to_it(demo: Program) -> None:
    until(demo, lambda said: "Heiko Riedel" in said and "WXYZ" in said)
    demo.do("dial", number="+4930123456")
    until(demo, lambda said: "Connected" in said and "Jan Dierich" in said)
    demo.do("hangup")
    until(demo, lambda said: "Connected" not in said)


def test_png_shows_a_lit_key_and_bmp_the_display_in_its_own_pixels(demo: Program) -> None:
    before = Image.open(io.BytesIO(seen(demo, "png")))
    demo.do("dial", number="+4930123456")
    demo.wait("call", state="talking")
    after = Image.open(io.BytesIO(seen(demo, "png")))
    demo.do("hangup")
    assert before.size == after.size and before.tobytes() != after.tobytes()
    assert Image.open(io.BytesIO(seen(demo, "bmp"))).size == (320, 240)
