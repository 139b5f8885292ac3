"""The phone in a tab of a browser: one more Textual app in the loop of the phone, on a terminal that is not there.

Signals, stdout and stderr belong to the terminal's app or to nobody; a tab leaves them alone. What else several apps
would have in common is in `apart`.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import Context
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import ScreenStackError
from textual.driver import Driver
from textual.filter import LineFilter
from textual.geometry import Size
from textual.message import Message
from textual.message_pump import MessagePump

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Skin
from snomtui.ui.apart import OWN_STYLES, Apart
from snomtui.ui.app import PhoneApp
from snomtui.ui.doors import Doors
from snomtui.ui.spoken import spoken
from snomtui.ui.terminal import Terminal
from snomtui.ui.wire import Wire

AT_MOST = 0.5
"""Seconds that a key waits for what was typed or clicked before it."""
MOST_TYPED = 16 * 1024
"""So many characters of keys, clicks and pasted text wait to be handled."""
IN_A_ROW = 16
"""So many keys are handed over before the phone gets its turn: in one go, thousands would stop it for seconds."""
PATIENCE = 2.0
"""Seconds that an app may take to end when its tab was closed."""


class TabDriver(Driver):
    """Textual's way to a tab: what is drawn goes to the wire, what is typed comes as a terminal would send it."""

    def __init__(self, app: TabApp, **given: Any) -> None:
        super().__init__(app, **given)
        self._size = app.size_wanted  # it may have changed since the app was told to run
        self._wire, self._started = app.wire, app.started
        self._parser = XTermParser()
        self._unsettled = 0

    @property
    def is_web(self) -> bool:
        """Yes."""
        return True

    def write(self, data: str) -> None:
        """Characters and control sequences to draw."""
        self._wire.write(data)

    def start_application_mode(self) -> None:
        """Nothing to be switched on: the page always tells about mouse, focus and pasted text."""
        self._started.set()

    def disable_input(self) -> None:
        """Nothing reads in a thread here."""

    def stop_application_mode(self) -> None:
        """The last picture stays."""

    def close(self) -> None:
        """Nothing will be typed any more.

        Textual keeps the parser for ever (its `lru_cache` has it as a key), and a parser that has not ended keeps the
        last key and with it the app.
        """
        if not self._parser.is_eof:
            for _ in self._parser.feed(""):
                pass

    def send_message(self, message: Message) -> None:
        """Hand an event to the app: here, and not by way of another thread."""
        self._app.post_message(message)

    async def typed(self, text: str) -> None:
        """Keys, clicks or pasted text came; an empty text would be the end of all."""
        if not text or self._parser.is_eof:
            return
        for event in self._parser.feed(text):
            self.process_message(event)
            self._unsettled += 1
            if isinstance(event, events.MouseUp) or self._unsettled >= IN_A_ROW:
                await self._settled()

    async def _settled(self) -> None:
        """Wait until a click, or a number of keys, has arrived where it leads to.

        Each widget works at its own pace, so the next click or key could overtake it: programs are faster than people.
        """
        self._unsettled = 0
        with suppress(TimeoutError, ScreenStackError):
            async with asyncio.timeout(AT_MOST):
                await _passed(self._app)
                under = self._app.mouse_over or self._app.focused or self._app.screen
                for node in (under, *under.ancestors_with_self):
                    await _passed(node)

    def resize(self, columns: int, rows: int) -> None:
        """The tab has another size."""
        self._size = (columns, rows)
        self._app.post_message(events.Resize(Size(columns, rows), Size(columns, rows)))


async def _passed(node: MessagePump) -> None:
    """Wait until a node has handled all that it has now."""
    here = asyncio.Event()
    if node.call_later(here.set):
        await here.wait()


class TabApp(PhoneApp):
    """The phone's app, without what belongs to a terminal."""

    ENDS_CALLS = False

    def __init__(self, wire: Wire, size: tuple[int, int], phone: Doors, skin: Skin, **given: Any) -> None:
        self.wire, self.size_wanted = wire, size
        self.started = asyncio.Event()
        wanted: Terminal = given.pop("terminal", None) or Terminal()
        terminal = replace(wanted, charset="full", colors=True, inside="", light=None, title=False)
        super().__init__(phone, skin, terminal=terminal, **given)
        # The colours of the terminal in which the phone was started say nothing about a browser.
        self.console = Console(
            color_system="truecolor", file=io.StringIO(), force_terminal=True, legacy_windows=False, _environ={}
        )
        self.error_console = Console(file=io.StringIO())
        # Textual lets each app catch what is printed; of several apps that end in any order the wrong one would last.
        self._capture_stdout: Any = sys.stdout
        self._capture_stderr: Any = sys.stderr

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Called by Textual for every line that is drawn."""
        return [*super().get_line_filters(), OWN_STYLES]

    def get_driver_class(self) -> type[Driver]:
        """Called by Textual."""
        return TabDriver

    @property
    def tab_driver(self) -> TabDriver | None:
        """The driver, once it runs."""
        return self._driver if isinstance(self._driver, TabDriver) else None

    def into_file(self, name: str, data: bytes, replace: bool = False) -> Path | None:
        """The file goes to the browser: who looks through one has no business on the disk of this machine."""
        file = Path(name).name or "snomtui"
        self.wire.offer(file, data)
        return Path(file)

    def save_picture(self) -> str:
        """To the browser as well."""
        return str(self.into_file("snomtui.svg", self.export_screenshot().encode()))

    def _mind_signals(self) -> None:
        """Signals are the business of the program."""

    async def action_quit(self) -> None:
        """Close this tab's screen; the phone goes on."""
        self.wire.close_page()
        self.exit()


class Tab:
    """One screen of the phone in a browser."""

    def __init__(
        self,
        phone: Doors,
        skin: Skin,
        size: tuple[int, int],
        home: Context,
        trouble: Callable[[str], None],
        **given: Any,
    ) -> None:
        """`trouble` hears of defects, `given` goes to `PhoneApp`. To be made in the loop of the phone."""
        self.wire = Wire()
        self._trouble, self._told = trouble, ""
        self.app = TabApp(self.wire, size, Apart(phone, home), skin, **given)
        self.wire.draw_all = self._draw_all
        self._deaf = phone.listen(self._tell)
        self._tell(phone.snapshot())
        self._typed: asyncio.Queue[str] = asyncio.Queue()
        self._waiting = 0
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._run(), name="tab", context=home.copy())
        self._typist = loop.create_task(self._type(), name="typist", context=home.copy())

    def put(self, text: str) -> None:
        """Keys, clicks and pasted text, as a terminal would send them; what comes too fast for long is lost."""
        if self._waiting + len(text) <= MOST_TYPED:
            self._waiting += len(text)
            self._typed.put_nowait(text)

    def resize(self, columns: int, rows: int) -> None:
        """The tab has another size now."""
        self.app.size_wanted = (columns, rows)
        if self.app.tab_driver:
            self.app.tab_driver.resize(columns, rows)

    async def get(self) -> str:
        """Wait for what is to be sent next."""
        return await self.wire.get()

    async def close(self) -> None:
        """The tab is gone: its app ends, and nothing else."""
        self._deaf()
        self._typist.cancel()
        self.app.exit()
        _, running = await asyncio.wait({self._task}, timeout=PATIENCE)
        if running:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=PATIENCE)

    async def _run(self) -> None:
        try:
            await self.app.run_async()
        except Exception as error:
            self._trouble(f"a tab of the browser: {error!r}")
        else:
            if self.app.return_code:
                self._trouble("a tab of the browser could not be drawn")
        finally:
            self.wire.end()

    async def _type(self) -> None:
        await self.app.started.wait()
        while self.app.tab_driver:
            text = await self._typed.get()
            await self.app.tab_driver.typed(text)
            self._waiting -= len(text)

    def _draw_all(self) -> None:
        self.app.call_later(self.app.refresh)

    def _tell(self, snapshot: Snapshot) -> None:
        told = spoken(snapshot)
        if told != self._told:
            self._told = told
            self.wire.tell(told)
