"""The screen with the phone on it: what keyboard and mouse do there. Nothing that is opened later is imported here."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from snomtui.language import Language
from snomtui.phone.snapshot import Snapshot
from snomtui.ui.display import Display
from snomtui.ui.guard import Guard
from snomtui.ui.handset import Handset
from snomtui.ui.hint import Hint, takes_text
from snomtui.ui.keyboard import AFTER_P, BINDINGS, OURS, keys_of, shown
from snomtui.ui.keycap import KeyCap
from snomtui.ui.tongue import tongue

if TYPE_CHECKING:  # what can be wanted of a phone is long to load, and not needed to draw its front
    from snomtui.phone.intents import Intent, Refusal
    from snomtui.ui.app import PhoneApp
    from snomtui.ui.deeds import Deed
    from snomtui.ui.desk.view import View

PASTE_LIMIT = 200
"""Characters that are typed from one paste."""
_FIELDS = {"tab": "DOWN", "shift+tab": "UP"}
"""As in every form of the terminal."""


class PhoneScreen(Screen[None]):
    """The phone and the line below it."""

    BINDINGS = BINDINGS
    app: PhoneApp

    def __init__(self, snapshot: Snapshot, blinking: bool) -> None:
        super().__init__(id="phone")
        self.snapshot, self._blinking = snapshot, blinking
        self._just_made = True
        self.clock: Callable[[], float] = monotonic
        """Seconds, to tell how long the keys have had their meaning."""
        self._guard = Guard(snapshot)
        self._after_p: str | None = None
        """The digits after `p`, as long as they are awaited."""
        self._asked = ""
        """What was asked back, until another key comes."""
        self._told: tuple[str, dict[str, object]] = "", {}
        """What was written into the bottom line last."""
        self.desk_tab = ""
        """The tab of the desk around the phone that is looked at; empty = the desk is closed."""
        self.desk_views: dict[str, View] = {}
        """What is looked at there; it outlives another skin."""

    def compose(self) -> ComposeResult:
        """The front of the phone, and one line that is not part of it."""
        yield Handset(self.snapshot, self.app.skin, self._blinking)
        yield Hint(self.app.terminal.keys)
        if self.desk_tab:
            from snomtui.ui.desk.placing import made

            yield made(self)

    def update_node_styles(self, animate: bool = True) -> None:
        """Work out the styles of all parts anew; coming to the front for the first time, they have just got theirs."""
        if self._just_made:
            self._just_made = False
        else:
            super().update_node_styles(animate)

    def tell(self, text: str, /, **values: object) -> None:
        """Write into the bottom line; while another skin is put on there is none, and it is written afterwards."""
        self._told = text, values
        for hint in self.query(Hint):
            hint.say(text, **values)

    @property
    def language(self) -> Language:
        """What the ui itself speaks."""
        return tongue(self.snapshot)

    def on_mount(self) -> None:
        """Write the bottom line; there is none when a broken skin ends the app at once."""
        for hint in self.query(Hint):
            hint.guide(self.snapshot)

    def on_resize(self, event: events.Resize) -> None:
        """Too small a terminal is said; the phone lives on."""
        small = self.app.skin.faces[-1]
        fits = event.size.width >= small.width and event.size.height > small.height
        for hint in self.query(Hint):
            hint.crowded = None if fits else (small.width, small.height + 1)
        if self.desk_tab:
            from snomtui.ui.desk.placing import place

            place(self, event.size)

    def show(self, snapshot: Snapshot) -> None:
        """Draw another snapshot."""
        self._guard.saw(snapshot, self.clock())
        self.snapshot = snapshot
        for handset in self.query(Handset):  # while another skin is put on there is none
            handset.show(snapshot)
        for hint in self.query(Hint):
            hint.guide(snapshot)

    async def recompose(self) -> None:
        """Another skin: all parts anew, with what the phone shows by now."""
        at_desk = self.focused is not None
        await super().recompose()
        self.show(self.snapshot)
        text, values = self._told
        self.tell(text, **values)
        if self.desk_tab:
            from snomtui.ui.desk.placing import place

            place(self, self.size, at_desk)

    # -- wishes

    def do(self, intent: Intent) -> None:
        """Hand a wish to the phone; a refusal goes to the bottom line."""
        self._asked = ""
        self.app.at_once()
        refusal = self.app.phone.do(intent)
        self._guard.saw(self.app.phone.snapshot(), self.clock(), ours=True)
        self.refused(refusal)

    def refused(self, refusal: Refusal | None) -> None:
        """Say why the phone will not, or nothing."""
        if refusal is None:
            self.tell("")
        elif refusal.template:
            self.tell(refusal.template, **refusal.values)
        else:
            self.tell(refusal.why)

    def press(self, key: str, held: int = 0) -> None:
        """Press one key of the phone; `HANDSET` lifts or replaces."""
        if key == "HANDSET":
            key = "ONHOOK" if self.snapshot.handset == "handset" else "OFFHOOK"
        if self._sure(key):
            from snomtui.phone.intents import Press

            self._guard.pressed(key, self.clock())
            self.do(Press(key, held))

    def _sure(self, key: str) -> bool:
        """Whether the key was meant for what it means now; if not, the bottom line says so."""
        now = self.clock()
        self._guard.saw(self.app.phone.snapshot(), now)  # what is not drawn yet could not be seen
        if self._guard.refuses(key, now):
            self.tell("The keys have just changed, so this one did nothing. Press it again.")
            return False
        return True

    # -- keyboard

    async def on_key(self, event: events.Key) -> None:
        """Text goes first: where the page takes letters, a letter is not the name of a key.

        Bindings are run here and not by the app: on its way up a key would be overtaken by the one typed after it.
        """
        if self.desk_tab and self._for_desk(event):
            return
        # Many terminals send alt+q as escape and q: that is no letter to type.
        text = event.character if event.is_printable and not event.key.startswith("alt+") else None
        if self._after_p is not None and self._programmable(text):
            _consume(event)
        elif text and (takes_text(self.snapshot.page) or text == "+"):
            self.press(f"TEXT:{text}")
            _consume(event)
        elif event.key in _FIELDS and takes_text(self.snapshot.page):
            self.press(_FIELDS[event.key])
            _consume(event)
        elif (active := self.active_bindings.get(event.key)) is not None and active.binding.id in OURS:
            _consume(event)
            if active.binding.id != f"ui.{self._asked}":
                self._asked = ""
            await self.run_action(active.binding.action)

    def _for_desk(self, event: events.Key) -> bool:
        """Whether the open desk takes a key; Tab is obeyed here, as on its way up it would be overtaken too."""
        from snomtui.ui.desk.placing import place, takes

        if self.focused is not None:
            return takes(self, event)
        if event.key not in ("tab", "shift+tab"):
            return False
        _consume(event)
        place(self, self.size, focus=True)
        return True

    def _programmable(self, text: str | None) -> bool:
        """One key after `p`: a digit of the keypad, or a second `p` and then two digits; whether it was one."""
        so_far, self._after_p = self._after_p, None
        self.tell("")
        if so_far == "" and text == "p":
            self._after_p = "p"
        elif so_far == "p" and text and text in "0123456789":
            self._after_p = text
        elif so_far and so_far != "p" and text and text in "0123456789":
            self.press(f"P{int(so_far + text)}")
            return True
        elif so_far == "" and text in AFTER_P:
            self.press(AFTER_P[text])
            return True
        if self._after_p is not None:
            self.tell("P: two digits, such as 0 7 or 1 5")
        return self._after_p is not None

    def on_paste(self, event: events.Paste) -> None:
        """A pasted number is typed; into a text field goes any text."""
        from snomtui.ui.copying import number_in

        event.stop()
        if takes_text(self.snapshot.page):
            text = "".join(one for one in event.text.strip() if one.isprintable())
        elif not (text := number_in(event.text)):
            self.tell("There is no number in what was pasted")
        for one in text[:PASTE_LIMIT]:
            self.press(f"TEXT:{one}" if takes_text(self.snapshot.page) or one == "+" else one)

    # -- what bindings, the bottom line and the palette do

    def action_press(self, key: str) -> None:
        """A keyboard key stands for a key of the phone."""
        self.press(key)

    def action_prefix(self) -> None:
        """Wait for the digit of a programmable key."""
        self._after_p = ""
        self.tell("P: 1 to 9, 0 = P10, * = P11, # = P12")

    def action_copy(self) -> None:
        """Copy what the cursor is on into the clipboard of the terminal."""
        from snomtui.ui.copying import text_at_cursor

        text = text_at_cursor(self.snapshot)
        if not text:
            self.tell("There is nothing to copy here")
            return
        self.app.into_clipboard(text)
        self.tell("Copied: {what}", what=text)

    def action_help(self) -> None:
        """Lay the keys of this phone over it."""
        from snomtui.ui.help import HelpScreen

        self.app.push_screen(HelpScreen(self.app.skin, self.snapshot, self.app.terminal.keys, self.app.places()))

    def action_palette(self) -> None:
        """Lay the list of all commands over the phone."""
        from snomtui.ui.palette import Palette

        self.app.push_screen(Palette(self), self._chosen)

    async def _chosen(self, deed: Deed | None) -> None:
        """The palette is gone; do what was chosen in it."""
        came = deed.run() if deed is not None else None
        if isawaitable(came):
            await came

    def action_desk(self) -> None:
        """Open the desk around the phone, or close it."""
        from snomtui.ui.desk.placing import toggle

        toggle(self)

    def action_log(self) -> None:
        """The desk with the phone's log, or close it."""
        from snomtui.ui.desk.placing import toggle

        toggle(self, "log")

    async def action_leave(self) -> None:
        """Sign off and quit; with a call up, only if it is said twice."""
        key = shown(keys_of("leave", self.app.terminal.keys).partition(",")[0])
        if not self.app.ENDS_CALLS or self._meant("leave", "A call is up. {key} once more ends it and quits.", key):
            await self.app.action_quit()

    def action_suspend(self) -> None:
        """Back to the shell; with a call up, only if it is said twice."""
        key = shown(keys_of("suspend", self.app.terminal.keys).partition(",")[0])
        if self._meant("suspend", "A call is up and would stand still. {key} once more stops the phone.", key):
            self.app.action_suspend_process()

    def _meant(self, what: str, question: str, key: str) -> bool:
        """Whether this can be done at once: there is no call, or it was asked and is wanted."""
        talking = any(call.state != "ended" for call in self.snapshot.calls)
        if not talking or self._asked == what or self.app.leaving:
            self._asked = ""
            return True
        self._asked = what
        self.tell(question, key=key)
        return False

    # -- mouse

    def on_mouse_down(self) -> None:
        """Who clicks on the phone wants to type into it."""
        if self.desk_tab:
            self.set_focus(None)

    def on_key_cap_pressed(self, message: KeyCap.Pressed) -> None:
        """A cap was clicked."""
        self.press(message.key, message.held)

    async def on_hint_clicked(self, message: Hint.Clicked) -> None:
        """A part of the bottom line was clicked."""
        await self.run_action(message.action)

    def on_display_key_wanted(self, message: Display.KeyWanted) -> None:
        """A soft key label was clicked, or the wheel turned."""
        self.press(message.key)

    def on_display_call_clicked(self, message: Display.CallClicked) -> None:
        """One of the calls at the side of the display was clicked: it is the one to be shown."""
        from snomtui.phone.intents import Go

        self.do(Go(f"call:{message.call}"))

    def on_display_row_clicked(self, message: Display.RowClicked) -> None:
        """The first click puts the cursor on a row; a click on the cursor's row, or a double click, is OK."""
        from snomtui.phone.intents import Press, Select

        if not self._sure("ROW"):
            return
        page = self.snapshot.page
        if message.row == page.cursor or message.chain > 1:
            self.do(page.rows[message.row].intent or Press("ENTER"))
        else:
            self.do(Select(message.row))


def _consume(event: events.Key) -> None:
    event.stop()
    event.prevent_default()
