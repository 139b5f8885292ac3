"""The terminal app: one screen with the phone, its keys, and the way in and out."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.timer import Timer

from snomtui.errors import SkinError
from snomtui.phone.intents import Intent, Press, Quit, Select
from snomtui.phone.snapshot import Snapshot
from snomtui.skin import PALETTE, Skin
from snomtui.ui.display import Display
from snomtui.ui.doors import Doors
from snomtui.ui.dress import variables, wear
from snomtui.ui.handset import Handset
from snomtui.ui.help import HelpScreen, LogScreen
from snomtui.ui.hint import Hint, takes_text
from snomtui.ui.keyboard import AFTER_P, BINDINGS, OURS
from snomtui.ui.keycap import KeyCap

Hook = Callable[[], Awaitable[None]]
Places = Callable[[], Iterable[tuple[str, str]]]
"""Web pages that belong to this phone: what each is, and its address."""

AT_MOST = 0.05
"""Seconds between two drawings: in a flood of snapshots the newest wins."""

PASTE_LIMIT = 200
"""Characters that are typed from one paste."""


class PhoneScreen(Screen[None]):
    """The phone and the line below it."""

    BINDINGS = BINDINGS

    def __init__(
        self, phone: Doors, skin: Skin, blinking: bool, log_lines: Callable[[], Iterable[str]] | None, places: Places
    ) -> None:
        super().__init__(id="phone")
        self.phone, self.skin, self.log_lines, self.places = phone, skin, log_lines, places
        self.snapshot = phone.snapshot()
        self._blinking = blinking
        self._after_p = False

    def compose(self) -> ComposeResult:
        """The front of the phone, and one line that is not part of it."""
        yield Handset(self.snapshot, self.skin, self._blinking)
        yield Hint()

    def on_mount(self) -> None:
        """Write the bottom line; there is none when a broken skin ends the app at once."""
        for hint in self.query(Hint):
            hint.guide(self.snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Draw another snapshot."""
        self.snapshot = snapshot
        self.query_one(Handset).show(snapshot)
        self.query_one(Hint).guide(snapshot)

    def do(self, intent: Intent) -> None:
        """Hand a wish to the phone; a refusal goes to the bottom line."""
        refusal = self.phone.do(intent)
        self.query_one(Hint).say(refusal.why if refusal else "")

    def press(self, key: str, held: int = 0) -> None:
        """Press one key of the phone; `HANDSET` lifts or replaces."""
        if key == "HANDSET":
            key = "ONHOOK" if self.snapshot.handset == "handset" else "OFFHOOK"
        self.do(Press(key, held))

    async def on_key(self, event: events.Key) -> None:
        """Text goes first: where the page takes letters, a letter is not the name of a key.

        Bindings are run here and not by the app: on its way up a key would be overtaken by the one typed after it.
        """
        # Many terminals send alt+q as escape and q: that is no letter to type.
        text = event.character if event.is_printable and not event.key.startswith("alt+") else None
        if self._after_p:
            self._after_p = False
            self.query_one(Hint).say("")
            if text in AFTER_P:
                self.press(AFTER_P[text])
                _consume(event)
        elif text and (takes_text(self.snapshot.page) or text == "+"):
            self.press(f"TEXT:{text}")
            _consume(event)
        elif (active := self.active_bindings.get(event.key)) is not None and active.binding.id in OURS:
            _consume(event)
            await self.run_action(active.binding.action)

    def on_paste(self, event: events.Paste) -> None:
        """A pasted number is typed; into a text field goes any text."""
        event.stop()
        text = "".join(one for one in event.text.strip() if one.isprintable())[:PASTE_LIMIT]
        for one in text:
            if takes_text(self.snapshot.page) or one == "+":
                self.press(f"TEXT:{one}")
            elif one in AFTER_P:
                self.press(one)

    def action_press(self, key: str) -> None:
        """A keyboard key stands for a key of the phone."""
        self.press(key)

    def action_prefix(self) -> None:
        """Wait for the digit of a programmable key."""
        self._after_p = True
        self.query_one(Hint).say("P: 1 to 9, 0 = P10, * = P11, # = P12")

    def action_copy(self) -> None:
        """Copy the row under the cursor, or what was typed."""
        page = self.snapshot.page
        row = page.rows[page.cursor] if page.cursor is not None and page.cursor < len(page.rows) else None
        call = next((one for one in self.snapshot.calls if one.shown and page.name == "call"), None)
        text = page.entry or (call.number if call else row.text if row else page.title)
        self.app.copy_to_clipboard(text)
        self.query_one(Hint).say(f"Copied: {text}")

    def action_help(self) -> None:
        """Lay the keys of this phone over it."""
        self.app.push_screen(HelpScreen(self.skin, self.snapshot.page.name, self.places()))

    def action_log(self) -> None:
        """Lay the log over the phone."""
        if self.log_lines is None:
            self.query_one(Hint).say("This phone keeps no log here.")
        else:
            self.app.push_screen(LogScreen(self.log_lines))

    async def action_leave(self) -> None:
        """Sign off and quit."""
        await self.app.action_quit()

    def on_key_cap_pressed(self, message: KeyCap.Pressed) -> None:
        """A cap was clicked."""
        self.press(message.key, message.held)

    def on_display_key_wanted(self, message: Display.KeyWanted) -> None:
        """A soft key label was clicked, or the wheel turned."""
        self.press(message.key)

    def on_display_row_clicked(self, message: Display.RowClicked) -> None:
        """The first click puts the cursor on a row; a click on the cursor's row, or a double click, is OK."""
        if message.row == self.snapshot.page.cursor or message.chain > 1:
            row = self.snapshot.page.rows[message.row]
            self.do(row.intent or Press("ENTER"))
        else:
            self.do(Select(message.row))


class PhoneApp(App[None]):
    """The phone in a terminal.

    `on_ready` runs after the first paint: that is where the network starts. `on_exit` runs once before the app ends:
    that is where calls end and identities sign off; without it the phone gets the intent `Quit`.
    """

    CSS_PATH = "phone.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "snomtui"

    def __init__(
        self,
        phone: Doors,
        skin: Skin,
        *,
        on_ready: Hook | None = None,
        on_exit: Hook | None = None,
        log_lines: Callable[[], Iterable[str]] | None = None,
        places: Places = tuple,
        blinking: bool = True,
    ) -> None:
        super().__init__()
        self.phone, self.skin = phone, skin
        self.animation_level = "none"
        self._on_ready, self._on_exit_hook = on_ready, on_exit
        self._log_lines, self._blinking, self._places = log_lines, blinking, places
        self._newest: Snapshot | None = None
        self._pause: Timer | None = None
        self._deaf: Callable[[], None] = lambda: None
        self._leaving = False
        self._former_hang_up: Any = None
        self.wrong: SkinError | None = None
        """Why the phone cannot be drawn."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """So that the style sheet can be read under any theme."""
        return variables(dict(PALETTE))

    def get_default_screen(self) -> Screen[None]:
        """The phone."""
        return PhoneScreen(self.phone, self.skin, self._blinking, self._log_lines, self._places)

    def on_mount(self) -> None:
        """Dress, listen, and after the first paint let the network start."""
        try:
            wear(self, self.skin)
        except SkinError as error:
            self.wrong = error
            self.exit()
            return
        self._deaf = self.phone.listen(self._take)
        self._mind_signals()
        self.call_after_refresh(self._start)

    def on_unmount(self) -> None:
        """Stop listening, to the phone and to the terminal."""
        self._deaf()
        if self._former_hang_up is not None:
            signal.signal(signal.SIGHUP, self._former_hang_up)

    def _start(self) -> None:
        if self._on_ready is not None:
            self.run_worker(self._on_ready(), name="ready", exit_on_error=True)

    def _mind_signals(self) -> None:
        """Without this a SIGTERM would leave the terminal in the alternate screen, and a lost terminal the process."""
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._signalled)
            # Not by the loop: with SIGHUP comes SIGCONT, at which Textual draws at once and for ever waits for the end.
            self._former_hang_up = signal.signal(signal.SIGHUP, self._hung_up)
        except (AttributeError, NotImplementedError, RuntimeError, ValueError):
            return

    def _hung_up(self, *_: object) -> None:
        """The terminal is gone: what still draws or reads would fail or wait for ever, so it gets nothing instead."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        os.close(nothing)
        self.call_later(self._signalled)

    def _signalled(self) -> None:
        self.run_worker(self.action_quit(), name="signal")

    def _take(self, snapshot: Snapshot) -> None:
        """A new snapshot: draw it now, or soon if one was drawn just before."""
        self._newest = snapshot
        if self._pause is None:
            self._draw_newest()

    def _draw_newest(self) -> None:
        self._pause = None
        newest, self._newest = self._newest, None
        if newest is None or not self.is_running:
            return
        for screen in self.screen_stack:
            if isinstance(screen, PhoneScreen) and screen.is_mounted:
                screen.show(newest)
        self._pause = self.set_timer(AT_MOST, self._draw_newest)

    async def action_quit(self) -> None:
        """End the app once calls and registrations are ended; a second time at once."""
        if self._leaving:
            self.exit()
            return
        self._leaving = True
        for hint in self.screen_stack[0].query(Hint):
            hint.say("Signing off. q again leaves at once.")
        if self._on_exit_hook is None:
            self.phone.do(Quit())
            self.exit()
        else:
            self.run_worker(self._leave(self._on_exit_hook), name="leave")

    async def _leave(self, hook: Hook) -> None:
        try:
            await hook()
        finally:
            self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+c never hangs up."""
        for hint in self.screen_stack[0].query(Hint):
            hint.say("q or ctrl+q quits; Esc ends a call.")


def _consume(event: events.Key) -> None:
    event.stop()
    event.prevent_default()
