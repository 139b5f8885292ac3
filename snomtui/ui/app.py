"""The terminal app: the way in and out, when the phone is drawn, and how it is dressed. The keys are in `front`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen
from textual.timer import Timer

from snomtui.errors import SkinError
from snomtui.phone.snapshot import Snapshot
from snomtui.skin import PALETTE, Skin
from snomtui.ui.announcing import Announcer
from snomtui.ui.doors import Doors
from snomtui.ui.dress import dress, variables, wear
from snomtui.ui.front import PhoneScreen
from snomtui.ui.keyboard import keys_of, shown
from snomtui.ui.signals import Signals
from snomtui.ui.terminal import Terminal
from snomtui.ui.wardrobe import Wardrobe, Wearer

if TYPE_CHECKING:
    from snomtui.trace.chronicle import Kept

Hook = Callable[[], Awaitable[None]]
Places = Callable[[], Iterable[tuple[str, str]]]
"""Web pages that belong to this phone: what each is, and its address."""

AT_MOST = 0.05
"""Seconds between two drawings: in a flood of snapshots the newest wins."""


class PhoneApp(App[None]):
    """The phone in a terminal.

    `on_ready` runs after the first paint: that is where the network starts. `on_exit` runs once before the app ends:
    that is where calls end and identities sign off; without it the phone gets the intent `Quit`.
    """

    CSS_PATH = "phone.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "snomtui"
    ENDS_CALLS = True
    """Whether leaving this app ends the calls; a tab of a browser only closes."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "help_quit", show=False, system=True),
        Binding("ctrl+q", "leave", show=False, system=True),
    ]

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
        desk: Callable[[], Kept | None] = lambda: None,
        terminal: Terminal | None = None,
        skins: Wardrobe | None = None,
    ) -> None:
        """`skins` tells of each change of the skin; then `skin` is only what was worn when this was called."""
        skin = skins.skin if skins else skin
        self.skins = skins
        self.phone, self.terminal = phone, terminal or Terminal()
        self.plain_skin = skin
        """As it was read; `skin` has the colours for this surrounding."""
        self.skin = self._for_ground(skin)
        super().__init__()
        self.animation_level = "none"
        self.log_lines, self.places = log_lines, places
        self._desk = desk
        self._no_desk: Kept | None = None
        self.leaving = False
        """Whether calls are ending and identities signing off."""
        self._on_ready, self._on_exit_hook, self._blinking = on_ready, on_exit, blinking
        self._newest: Snapshot | None = None
        self._pause: Timer | None = None
        self._deaf: Callable[[], None] = lambda: None
        self._unseen: Callable[[], None] = lambda: None
        self._signals: Signals | None = None
        self.wrong: SkinError | None = None
        """Why the phone cannot be drawn."""
        self.defect: Exception | None = None
        """What went wrong in this program, so that the app has ended."""
        self._announcer = Announcer(self._write, self.set_interval)
        self._filters_for_terminal = self._simpler()
        self.no_color = self.no_color or not self.terminal.colors
        self._as_read = True
        """Whether the style sheets are still as they were read at the start."""
        self._dress()

    def _dress(self) -> None:
        """Put on the skin, or what is worn in its place; `wrong` is set if there is nothing."""
        try:
            dress(self, self.skin)
        except SkinError as error:
            if self.skins is None:
                self.wrong = error
                return
            self.plain_skin = self.skins.instead(str(error))
            self.skin = self._for_ground(self.plain_skin)
            dress(self, self.skin)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """So that the style sheet can be read under any theme."""
        return variables(dict(PALETTE))

    def get_default_screen(self) -> Screen[None]:
        """The phone."""
        return PhoneScreen(self.phone.snapshot(), self._blinking)

    @property
    def front(self) -> PhoneScreen | None:
        """The screen with the phone, whatever lies over it."""
        return next((one for one in self.screen_stack if isinstance(one, PhoneScreen)), None)

    def say(self, text: str, /, **values: object) -> None:
        """Write into the bottom line."""
        if self.front is not None:
            self.front.tell(text, **values)

    def desk(self) -> Kept:
        """What the desk around the phone shows; nothing if nobody keeps it, or the phone is not there yet."""
        from snomtui.trace.chronicle import Kept

        found = self._desk() or self._no_desk or Kept()
        self._no_desk = found
        return found

    # -- life

    def on_mount(self) -> None:
        """Listen, and after the first paint let the network start."""
        if self.wrong:
            self.exit()
            return
        if self.terminal.keys:
            # To Textual an empty text means the usual keys, so a line without keys gets one that nobody has.
            self.set_keymap({name: keys or "unreachable" for name, keys in self.terminal.keys.items()})
        self._deaf = self.phone.listen(self._take)
        self._mind_signals()
        self.call_after_refresh(self._start)

    def on_unmount(self) -> None:
        """Stop listening, to the phone and to the terminal."""
        self._announcer.end()
        self._deaf()
        self._unseen()
        if self._signals is not None:
            self._signals.unmind()

    def _start(self) -> None:
        if self.skins is not None:
            # From outside: what is drawn anew must be drawn in this app's own task.
            wearer = Wearer(partial(self.call_later, self._redress), partial(self.call_later, self._told))
            self._unseen = self.skins.listen(wearer)
            if self.skins.skin is not self.plain_skin:  # saved since this app was made
                self._redress(self.skins.skin)
            self._told(self.skins.wrong)
        if self._on_ready is not None:
            self.run_worker(self._on_ready(), name="ready", exit_on_error=True)

    def _mind_signals(self) -> None:
        """A tab of a browser does not."""
        self._signals = Signals(
            partial(self.call_later, self._signalled), partial(self.call_later, self.refresh, layout=True)
        )
        self._signals.mind()

    def _signalled(self) -> None:
        self.run_worker(self.action_quit(), name="signal")

    # -- drawing

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
        self._announcer.show(newest, self.terminal)
        self._pause = self.set_timer(AT_MOST, self._draw_newest)

    def at_once(self) -> None:
        """The next snapshot is the answer to a key of this person: it does not wait for the one before it."""
        if self._pause is not None:
            self._pause.stop()
            self._draw_newest()
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    # -- looks

    def refresh_css(self, animate: bool = True) -> None:
        """Work out all styles anew.

        At the start Textual asks for that because a theme is there; but the style sheets were read with it just now.
        """
        if self._as_read:
            self._as_read = False
        else:
            super().refresh_css(animate)

    def _for_ground(self, skin: Skin) -> Skin:
        """The skin in its colours for a dark or a light surrounding."""
        dark = {"dark": True, "light": False}.get(self.terminal.theme)
        if dark is None:
            dark = skin.dark if self.terminal.light is None else not self.terminal.light
        dressed = replace(skin, palette=skin.palette_for(dark), dark=dark)
        if self.terminal.charset == "full":
            return dressed
        from snomtui.ui.simpler import plain_glyphs, plain_keys

        return replace(dressed, glyphs=plain_glyphs(dict(skin.glyphs)), keys=plain_keys(skin.keys))

    def put_on(self, skin: Skin) -> None:
        """Wear another skin, or the same in other colours; raises `SkinError`, and then the old one stays on."""
        dressed = self._for_ground(skin)
        wear(self, dressed)
        self.plain_skin, self.skin = skin, dressed
        self.refresh_css(animate=False)
        for screen in self.screen_stack:
            if isinstance(screen, PhoneScreen):
                screen.tell("")
                screen.refresh(recompose=True)

    def _redress(self, skin: Skin) -> None:
        """The skin's file was saved."""
        try:
            self.put_on(skin)
        except SkinError as error:
            self._told(str(error))

    def _told(self, why: str) -> None:
        """A skin has a mistake; the one that is on stays on."""
        if why:
            self.say("Skin: {mistake}", mistake=why)

    def set_theme(self, theme: str) -> None:
        """`dark`, `light` or `auto`, from now on."""
        self.terminal = replace(self.terminal, theme=theme)
        self.put_on(self.plain_skin)

    def set_bell(self, wanted: bool) -> None:
        """Whether the terminal's bell sounds from now on while a call comes in."""
        self.terminal = replace(self.terminal, bell=wanted)

    def _simpler(self) -> list[LineFilter]:
        """In a terminal that draws few characters, or no colours, every line is made simpler."""
        if self.terminal.charset == "full" and self.terminal.colors:
            return []
        from snomtui.ui.simpler import filters

        return filters(self.terminal)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Called by Textual for every line that is drawn."""
        return [*super().get_line_filters(), *self._filters_for_terminal]

    def into_clipboard(self, text: str) -> None:
        """Hand a text to the terminal's clipboard."""
        from snomtui.ui.copying import clipboard, into_tmux

        self._clipboard = text
        self._write(clipboard(text, self.terminal.inside))
        if self.terminal.inside == "tmux":
            self.run_worker(into_tmux(text), name="tmux")

    def into_file(self, name: str, data: bytes, replace: bool = False) -> Path | None:
        """Save a file where the person says, see `snomtui.ui.desk.prompt.save`; raises `LocalError`."""
        from snomtui.ui.desk.prompt import save

        return save(name, data, replace)

    def save_picture(self) -> str:
        """Save a picture of the screen, and say where; raises `OSError`."""
        return self.save_screenshot()

    def _write(self, sequence: str) -> None:
        """To the terminal itself, past everything that is drawn."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    # -- leaving

    async def action_leave(self) -> None:
        """Sign off and quit, from wherever one is."""
        if self.front is not None:
            await self.front.action_leave()

    async def action_quit(self) -> None:
        """End the app once calls and registrations are ended; a second time at once."""
        if self.leaving:
            self.exit()
            return
        self.leaving = True
        self.say("Signing off. {key} again leaves at once.", key=self._key("leave"))
        if self._on_exit_hook is None:
            from snomtui.phone.intents import Quit

            self.phone.do(Quit())
            self.exit()
        else:
            self.run_worker(self._leave(self._on_exit_hook), name="leave")

    def _handle_exception(self, error: Exception) -> None:
        """End in good order, and let the caller say why.

        Textual's own way is a picture of the stack with all values in it: nothing for a user, and secrets are there.
        """
        if self.is_headless:  # tests look at it
            super()._handle_exception(error)
        elif self.defect is None:
            self.defect = error
            self.run_worker(self.action_quit(), name="defect")
        else:
            self.exit()

    async def _leave(self, hook: Hook) -> None:
        try:
            await hook()
        finally:
            self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+c never hangs up, and never quits."""
        keys = shown(keys_of("leave", self.terminal.keys)).replace("  ", " / ")
        self.say("{keys} quits; {end} ends a call.", keys=keys, end=self._key("CANCEL"))

    def _key(self, name: str) -> str:
        return shown(keys_of(name, self.terminal.keys).partition(",")[0])
