"""The phone's app without a terminal, which holds still: it draws when it is asked to, and says what it has drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from textual import events
from textual.driver import Driver
from textual.keys import Keys, _character_to_key
from textual.message_pump import MessagePump
from textual.widget import Widget

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Skin
from snomtui.ui.display import Display
from snomtui.ui.doors import Doors
from snomtui.ui.handset import Handset
from snomtui.ui.picture.cells import Grid, cropped, grid_of
from snomtui.ui.tab import TabApp, TabDriver
from snomtui.ui.wire import Wire

PATIENCE = 10.0
"""Seconds that a drawing may take on a slow machine."""
AT_MOST = 1.0
"""Seconds that a key may take to arrive."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What was drawn: the whole screen, and where on it the phone and its display are."""

    screen: Grid
    phone: Grid
    """The front of the phone alone."""
    display: Grid
    """Its display alone."""
    snapshot: Snapshot
    """What the phone was when it was drawn."""
    skin: Skin


class _Nowhere(Wire):
    """Nobody looks at what the toolkit would write to a terminal."""

    def write(self, text: str) -> None:
        """Let it go."""


class _Still(TabDriver):
    """Nothing is written, so the toolkit need not work out what would be; and all is there from the first moment."""

    @property
    def is_headless(self) -> bool:
        """Yes."""
        return True


class Sitter(TabApp):
    """An app whose phone is drawn when a picture is wanted, and not before."""

    CSS_PATH = "../phone.tcss"

    def __init__(self, size: tuple[int, int], phone: Doors, skin: Skin, **given: object) -> None:
        """`size` is that of the screen in cells; `given` goes to `PhoneApp`."""
        self.ready = asyncio.Event()
        """Set once it can be drawn."""

        async def ready() -> None:
            self.ready.set()

        super().__init__(_Nowhere(), size, phone, skin, on_ready=ready, blinking=False, **given)

    def get_driver_class(self) -> type[Driver]:
        """Called by Textual."""
        return _Still

    def _take(self, snapshot: Snapshot) -> None:
        """The phone has changed: nobody looks now."""

    async def shot(self, tick: int = 0) -> Shot:
        """Draw the phone as it is now; `tick` is the moment of all that blinks. Raises `TimeoutError`."""
        done: asyncio.Future[Shot] = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(PATIENCE):
            self.call_later(self._pose, tick, done)
            return await done

    def _pose(self, tick: int, done: asyncio.Future[Shot]) -> None:
        front, snapshot = self.front, self.phone.snapshot()
        if front is not None and snapshot is not front.snapshot:
            front.show(snapshot)
        for handset in front.query(Handset) if front is not None else ():
            handset.at(tick)
        self.screen.call_after_refresh(self._expose, snapshot, done)

    def _expose(self, snapshot: Snapshot, done: asyncio.Future[Shot]) -> None:
        if done.done():  # whoever wanted it has gone
            return
        screen = grid_of(self.screen._compositor.render_strips(), self.size.width)
        front = self.front
        if front is None:
            done.set_exception(TimeoutError("the phone is not there yet"))
            return
        handset, display = front.query_one(Handset), front.query_one(Display)
        face, place = handset.face, handset.origin + handset.region.offset
        phone = cropped(screen, place.x, place.y, face.width, face.height)
        done.set_result(Shot(screen, phone, _part(screen, display), snapshot, self.plain_skin))

    async def keys(self, names: Iterable[str]) -> None:
        """Press keys of the keyboard, by Textual's names, and wait until each has arrived."""
        for name in names:
            key = _character_to_key(name) if len(name) == 1 and not name.isalnum() else name
            character = name if len(name) == 1 else {"space": " "}.get(name)
            self.post_message(events.Key(key, character))
            for _ in range(2):
                await _settled(self)


def _part(screen: Grid, widget: Widget) -> Grid:
    region = widget.region
    return cropped(screen, region.x, region.y, region.width, region.height)


async def _settled(app: Sitter) -> None:
    """Wait until the app, its screen and what is on it have done all that they have to."""
    with suppress(TimeoutError):
        async with asyncio.timeout(AT_MOST):
            for node in (app, app.screen, *app.screen.walk_children()):
                await _passed(node)


async def _passed(node: MessagePump) -> None:
    here = asyncio.Event()
    if node.call_later(here.set):
        await here.wait()


_NAMED = frozenset(str(key.value) for key in Keys)
_MODIFIERS = ("ctrl+", "alt+", "shift+")


def is_key(name: str) -> bool:
    """Whether a keyboard key has this name: one character, or one of Textual's names, with `ctrl+` and the like."""
    bare = name
    while (found := next((each for each in _MODIFIERS if bare.startswith(each)), None)) and len(bare) > len(found):
        bare = bare.removeprefix(found)
    return (len(bare) == 1 and bare.isprintable()) or bare in _NAMED or name in _NAMED
