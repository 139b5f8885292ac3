"""Pictures of a living phone, for whoever asks over HTTP.

The first one who asks lets an app be made; when nobody has asked for a while it goes. All who ask at the same time get
the same drawing, and as long as nothing has changed nothing is drawn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import Any

from snomtui.errors import DrawingError
from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Skin
from snomtui.ui.apart import Apart
from snomtui.ui.doors import Doors
from snomtui.ui.picture.sitter import PATIENCE, Shot, Sitter

LINGER = 20.0
"""Seconds without a request after which the app goes."""
PIXELS = {
    **{"snom360": (128, 64), "snom370": (240, 128), "snom820": (320, 240), "snom821": (320, 240)},
    "snom870": (480, 272),
}
"""Width and height of the displays of real phones; the 320's has characters and no pixels."""


class Camera:
    """To be used in the loop of the phone."""

    def __init__(self, phone: Doors, skin: Callable[[], Skin], home: Context, **given: Any) -> None:
        """`skin` is what is worn at the moment, `home` the context of the phone; `given` goes to `PhoneApp`."""
        self._phone, self._skin, self._home, self._given = phone, skin, home, given
        self._app: Sitter | None = None
        self._running: asyncio.Task[None] | None = None
        self._shooting: asyncio.Task[Shot] | None = None
        self._last: Shot | None = None
        self._made: dict[str, bytes] = {}
        self._made_of: Shot | None = None
        self._painting = asyncio.Lock()
        self._going: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        self.drawn = 0
        """How many times the phone was drawn."""

    @property
    def open(self) -> bool:
        """Whether there is an app at the moment."""
        return self._app is not None

    async def picture(self, kind: str) -> bytes:
        """The phone as it looks now, as `svg` or `png`, or its display alone as `bmp`. Raises `DrawingError`."""
        shot = await self._shot()
        async with self._painting:
            if self._made_of is not shot:
                self._made, self._made_of = {}, shot
            made = self._made.get(kind)
            if made is None:
                made = self._made[kind] = await asyncio.to_thread(_PAINTERS[kind], shot)
            return made

    async def close(self) -> None:
        """The phone goes, and with it the app."""
        if self._shooting is not None:
            await asyncio.wait({self._shooting}, timeout=PATIENCE)
        self._stop_going()
        await self._let_go()
        if self._closing is not None:
            await asyncio.wait({self._closing})

    # -- drawing

    async def _shot(self) -> Shot:
        self._stop_going()
        if self._shooting is None:
            loop = asyncio.get_running_loop()
            self._shooting = loop.create_task(self._shoot(), name="picture", context=self._home.copy())
        try:
            return await asyncio.shield(self._shooting)
        finally:
            if self._shooting is None and self._app is not None:
                self._stop_going()
                self._going = asyncio.get_running_loop().call_later(LINGER, self._go)

    async def _shoot(self) -> Shot:
        try:
            snapshot, skin = self._phone.snapshot(), self._skin()
            if self._last is not None and self._fresh(self._last, snapshot, skin):
                return self._last
            if self._app is not None and self._app.plain_skin is not skin:
                await self._let_go()
            app = self._app or await self._opened(skin)
            self.drawn += 1
            self._last = await app.shot()
            return self._last
        except TimeoutError:
            await self._let_go()
            raise DrawingError("the phone could not be drawn in time") from None
        finally:
            self._shooting = None

    def _fresh(self, shot: Shot, snapshot: Snapshot, skin: Skin) -> bool:
        return self._app is not None and shot.snapshot is snapshot and shot.skin is skin

    async def _opened(self, skin: Skin) -> Sitter:
        face = skin.faces[0]
        app = Sitter((face.width, face.height + 1), Apart(self._phone, self._home), skin, **self._given)
        self._app = app
        loop = asyncio.get_running_loop()
        self._running = loop.create_task(app.run_async(), name="sitter", context=self._home.copy())
        ready = loop.create_task(app.ready.wait())
        await asyncio.wait({ready, self._running}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if not app.ready.is_set():
            await self._let_go()
            raise DrawingError(str(app.wrong or "the phone could not be drawn"))
        return app

    # -- going

    def _stop_going(self) -> None:
        if self._going is not None:
            self._going.cancel()
            self._going = None

    def _go(self) -> None:
        self._going = None
        self._closing = asyncio.get_running_loop().create_task(self._let_go(), name="picture")

    async def _let_go(self) -> None:
        app, running = self._app, self._running
        self._app = self._running = self._last = None
        self._made, self._made_of = {}, None
        if app is None or running is None:
            return
        app.exit()
        _, late = await asyncio.wait({running}, timeout=PATIENCE)
        for task in late:
            task.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _svg(shot: Shot) -> bytes:
    from snomtui.ui.picture.svg import svg

    title = f"{shot.skin.title}: {shot.snapshot.page.title or shot.snapshot.page.name}"
    return svg(shot.phone, title).encode()


def _png(shot: Shot) -> bytes:
    from snomtui.ui.picture.pixels import png

    return png(shot.phone)


def _bmp(shot: Shot) -> bytes:
    from snomtui.ui.picture.pixels import bmp

    return bmp(shot.display, PIXELS.get(shot.skin.shape.model))


_PAINTERS: dict[str, Callable[[Shot], bytes]] = {"svg": _svg, "png": _png, "bmp": _bmp}
