"""Pictures of a living phone: as it is now, drawn once for all who ask, and gone when nobody asks."""

from __future__ import annotations

import asyncio
import gc
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from snomtui.errors import DrawingError
from snomtui.skin import Skin, load, shipped
from snomtui.ui.picture import camera
from snomtui.ui.picture.camera import PIXELS, Camera
from snomtui.ui.picture.cells import text_of
from snomtui.ui.picture.sitter import Sitter, is_key
from tests.ui.people import CONTACTS, IDLE, RINGING, Border


@asynccontextmanager
async def looking(border: Border, name: str = "snom370") -> AsyncIterator[Camera]:
    """A camera that is closed at the end, after which nothing is left of it."""
    skin = load(name)
    made = Camera(border, lambda: skin, copy_context())
    try:
        yield made
    finally:
        await made.close()
    assert border.listeners == [] and not made.open


def texts(picture: bytes) -> str:
    """All that is written in an SVG."""
    return "\n".join(text for text in ElementTree.fromstring(picture).itertext() if text.strip())


@pytest.mark.parametrize("name", shipped())
async def test_every_skin_is_drawn_whole_with_its_display_and_keys(name: str) -> None:
    async with looking(Border(replace(CONTACTS, model=load(name).shape.model)), name) as camera:
        said = texts(await camera.picture("svg"))
        assert "Jan Dierich" in said or "Jan Dieri" in said
        assert load(name).title in said and "WXYZ" in said
        made = Image.open(io.BytesIO(await camera.picture("png")))
    face = load(name).faces[0]
    assert made.size == (face.width * 10, face.height * 20)
    assert len(made.getcolors(1 << 24) or ()) > 3


async def test_lit_led_has_its_colour_at_its_place() -> None:
    skin = load("snom370")
    place, off = skin.faces[0].lamps["P3"], skin.faces[0].lamps["P4"]
    async with looking(Border(CONTACTS)) as camera:  # P3 is red there
        made = Image.open(io.BytesIO(await camera.picture("png")))
    red, dark = (made.getpixel((at.x * 10 + 5, at.y * 20 + 10)) for at in (place, off))
    wanted = tuple(int(skin.palette["red"][n : n + 2], 16) for n in (1, 3, 5))
    assert red == wanted != dark


@pytest.mark.parametrize("name", ["snom360", "snom370", "snom870"])
async def test_bmp_is_the_display_alone_in_the_pixels_of_the_real_phone(name: str) -> None:
    async with looking(Border(CONTACTS), name) as camera:
        made = Image.open(io.BytesIO(await camera.picture("bmp")))
    assert (made.format, made.size) == ("BMP", PIXELS[name])


async def test_picture_shows_the_phone_of_this_moment() -> None:
    border = Border(IDLE)
    async with looking(border) as camera:
        assert "Ringing" not in texts(await camera.picture("svg"))
        border.show(RINGING)
        assert "Ringing" in texts(await camera.picture("svg"))
        assert camera.drawn == 2


async def test_a_hundred_who_ask_at_once_share_one_drawing() -> None:
    async with looking(Border(IDLE)) as camera:
        made = await asyncio.gather(*(camera.picture("svg") for _ in range(100)))
        assert camera.drawn == 1 and len(set(made)) == 1
        await camera.picture("png")
        assert camera.drawn == 1


async def test_app_goes_when_nobody_asks_any_more_and_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "LINGER", 0.0)
    async with looking(Border(IDLE)) as looked:
        first = await looked.picture("svg")
        async with asyncio.timeout(10):
            while looked.open:
                await asyncio.sleep(0.01)
        assert await looked.picture("svg") == first


async def test_other_skin_is_drawn_in_its_own_size() -> None:
    worn = [load("snom370")]
    made = Camera(Border(IDLE), lambda: worn[0], copy_context())
    await made.picture("svg")
    worn[0] = load("snom870")
    root = ElementTree.fromstring(await made.picture("svg"))
    await made.close()
    assert root.get("width") == str(worn[0].faces[0].width * 10)


async def test_skin_that_cannot_be_drawn_is_told() -> None:
    broken = replace(load("snom370"), palette={**load("snom370").palette, "body": "no colour"})
    made = Camera(Border(IDLE), lambda: broken, copy_context())
    with pytest.raises(DrawingError, match=r"\w"):
        await made.picture("svg")
    await made.close()
    assert not made.open


async def test_closed_camera_leaves_no_app_behind() -> None:
    async with looking(Border(IDLE)) as camera:
        await camera.picture("svg")
    gc.collect()
    assert not [task for task in asyncio.all_tasks() if task.get_name() in ("sitter", "picture")]


# -- the app that holds still


@asynccontextmanager
async def sitting(border: Border, skin: Skin, size: tuple[int, int]) -> AsyncIterator[Sitter]:
    """An app that is asked for pictures by hand."""
    app = Sitter(size, border, skin)
    running = asyncio.create_task(app.run_async())
    await app.ready.wait()
    try:
        yield app
    finally:
        app.exit()
        await running


async def test_blinking_led_is_lit_or_dark_as_the_moment_wants() -> None:
    skin = load("snom370")
    place = skin.faces[0].lamps["P1"]
    async with sitting(Border(RINGING), skin, (100, 33)) as app:
        shots = [await app.shot(tick) for tick in (0, 1, 2)]
    lamps = [shot.phone[place.y][place.x].text for shot in shots]
    assert lamps == [skin.glyphs["blink_lit"], skin.glyphs["blink_dark"], skin.glyphs["blink_lit"]]


async def test_keys_arrive_before_the_next_picture_and_what_is_laid_over_is_in_it() -> None:
    border = Border(IDLE)
    async with sitting(border, load("snom370"), (110, 36)) as app:
        await app.keys(["4", "enter"])
        assert border.pressed == ["4", "ENTER"]
        await app.keys(["?"])
        assert "alt+q" in text_of((await app.shot()).screen)
        await app.keys(["escape"])
        assert "alt+q" not in text_of((await app.shot()).screen)


async def test_phone_and_display_are_cut_out_of_a_larger_screen() -> None:
    async with sitting(Border(IDLE), load("snom370"), (130, 40)) as app:
        shot = await app.shot()
    assert (len(shot.screen[0]), len(shot.screen)) == (130, 40)
    assert (len(shot.phone[0]), len(shot.phone)) == (100, 32)
    assert text_of(shot.display).splitlines()[1].split() == ["Heiko", "Riedel"]


def test_names_of_keys_are_known() -> None:
    assert all(map(is_key, ["b", "?", "enter", "f1", "ctrl+c", "alt+q", "shift+tab", "space", "ä", "+"]))
    assert not any(map(is_key, ["", "nokey", "ctrl+", "ctrl+nokey", "ENTERR"]))
