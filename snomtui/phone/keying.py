"""Keys and pages: what a press, a click or a soft key does to the display."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from snomtui.phone import ears, intents
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.keys import Unknown, call_on, canonical, function_key, meaning
from snomtui.phone.model import IDLE, Model, Screen
from snomtui.phone.pages.callkeys import joins
from snomtui.phone.pages.kinds import KINDS, fresh
from snomtui.phone.pages.page import Back, Many, Step
from snomtui.phone.shortdial import spelled_out

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

LONGEST_TIME = 60_000
"""The longest press or pause, ms."""
LONGEST_QUEUE = 200
"""So many keys may wait behind a pause."""
_IN_MENU = ("menu", "setting", "explain", "confirm")
"""Pages that the menu leads to, and that mean nothing without it."""
_OF_NOTICE = ("UP", "DOWN", "LEFT", "ENTER", "CANCEL")
"""Keys with which a message is read or taken away."""
_DEVICES = {"OFFHOOK": "handset", "SPEAKER": "speaker", "HEADSET": "headset"}


class Keying:
    """The part of the hands that presses keys and turns pages."""

    def __init__(self, phone: Phone, do: Callable[[Intent, float], Refusal | None]) -> None:
        self._phone, self._do = phone, do
        self._queue: deque[intents.Press] = deque()
        self.told: Callable[[str, int, float], None] = lambda key, time, now: None
        """Hears of each key and for how long, ms, it was held; set by whoever tells others."""

    @property
    def _model(self) -> Model:
        return self._phone.model

    def press(self, press: intents.Press, now: float) -> Refusal | None:
        """Press a key, or let it wait behind a pause."""
        key = canonical(press.key)
        if isinstance(key, Unknown):
            return Refusal.of("There is no key {key}", key=key.name)
        press = intents.Press(key, press.time, press.pause)
        if self._queue:
            if len(self._queue) >= LONGEST_QUEUE:
                return Refusal("Too many keys are waiting")
            self._queue.append(press)
            return None
        return self._stroke(press, now)

    def _stroke(self, press: intents.Press, now: float) -> Refusal | None:
        wait = _wait(press)
        if wait > 0:
            self._queue.append(intents.Press(""))  # stands for the pause itself
            self._phone.later("keys", now + wait)
        self.told(press.key, press.time, now)
        return self._key(press.key, now)

    def play(self, now: float) -> None:
        """A pause is over: the keys behind it follow."""
        self._queue.popleft()
        while self._queue:
            press = self._queue.popleft()
            waiting = list(self._queue)
            self._queue.clear()
            self._stroke(press, now)
            self._queue.extend(waiting)
            if _wait(press) > 0:
                return

    def _key(self, key: str, now: float) -> Refusal | None:
        model = self._model
        if key in ("F1", "F2", "F3", "F4"):
            soft = self._phone.snapshot().page.softkeys[int(key[1]) - 1]
            return self._do(soft.intent, now) if soft else None
        if model.screen.name == "notice" and key not in _OF_NOTICE and len(model.screens) > 1:
            model.screens.pop()  # a message that fills a small display must not keep a key from its page
        step = KINDS[model.screen.name].press(model, model.screen, key, now)
        if step is not None:
            self._note_device(key)
            return self._take(step, now)
        if key.startswith("P") and key[1:].isdigit() and function_key(model.settings, int(key[1:])).kind == "line":
            return self._line_key(key, now)
        meant = meaning(model, key)
        if meant is not None:
            return self._do(meant, now)
        return self._common(key, now)

    def _take(self, step: Step, now: float) -> Refusal | None:
        model = self._model
        match step:
            case Screen():
                if step.name == model.screen.name:
                    model.screens[-1] = step
                else:
                    model.screens.append(step)
                self._soon_dialled(step, now)
                if step.name == "sign_in" and step.subject:
                    model.screens[-1] = replace(step, subject="")
                    return Refusal(step.subject)
            case Back():
                self.back()
            case Many(wishes, leave):
                refused = next((refusal for wish in wishes if (refusal := self._do(wish, now))), None)
                if leave and not refused:
                    self.back()
                return refused
            case None:
                return None
            case _:
                return self._do(step, now)
        return None

    def _soon_dialled(self, screen: Screen, now: float) -> None:
        """A number dials itself when nothing more is typed for a while (`auto_dial`)."""
        wait = self._model.settings.text("auto_dial")
        if wait != "off" and screen.name == "entry":
            self._phone.later("auto_dial", now + int(wait))

    def dial_typed(self, now: float) -> None:
        """Nothing more was typed: dial it, if it still stands there and is a number."""
        screen = self._model.screen
        if screen.name != "entry" or screen.mode != "123" or screen.cursor or not screen.entry.strip():
            return
        refusal = self._do(intents.Dial(spelled_out(self._model.settings, screen.entry)), now)
        if refusal:
            self._phone.notice(self._model.say(refusal.template or refusal.why, **refusal.values), now)

    def back(self) -> None:
        """Leave the page on top; as long as there are calls, theirs lies below it."""
        model = self._model
        if len(model.screens) > 1:
            model.screens.pop()
        if len(model.screens) == 1 and model.calls:
            model.screens.append(Screen("call"))

    def _note_device(self, key: str) -> None:
        if key in _DEVICES:
            self._model.device = _DEVICES[key]
        elif key == "ONHOOK":
            self._model.device = ""

    def _common(self, key: str, now: float) -> Refusal | None:
        """Keys that mean the same on every page."""
        model = self._model
        self._note_device(key)
        match key:
            case "CANCEL" | "ONHOOK":
                model.warned = model.warned or (key == "CANCEL" and model.screen.name == "idle")
                self.back()
            case "F_HOLD":
                return self._do(intents.Hold(), now)
            case "DND":
                value = "off" if model.settings.on("dnd_mode") else "on"
                return self._do(intents.SetSetting("dnd_mode", value), now)
            case "MUTE":
                self._phone.mute(not model.muted and bool(model.calls))
            case "VOLUME_UP" | "VOLUME_DOWN":
                self._volume(1 if key == "VOLUME_UP" else -1, now)
            case "CONFERENCE":
                return self._do(intents.Conference(joins(model)), now)
            case "REC" | "TRANSFER":  # by what is printed on the keys, in any language
                return Refusal.of("{key} is not possible here", key="Record" if key == "REC" else "Transfer")
            case "RETRIEVE" | "MESSAGE":
                if model.letters:
                    return self._do(intents.Go("messages"), now)
                return Refusal("No mailbox number is set (user_mailbox)")
        return None

    def _volume(self, step: int, now: float) -> None:
        name = {"handset": "vol_handset", "headset": "vol_handset", "speaker": "vol_speaker"}.get(
            self._model.device, "vol_ringer"
        )
        value = max(0, min(15, self._model.settings.number(name) + step))
        self._do(intents.SetSetting(name, str(value)), now)
        self._phone.notice(self._model.say("Volume {level}", level=value), now)

    def _line_key(self, key: str, now: float) -> Refusal | None:
        call = call_on(self._model, key)
        if call is None:
            self._model.device = self._model.device or "speaker"
            self._model.screens.append(Screen("entry"))
            return None
        self._model.shown_call = call.id
        if self._model.screen.name != "call":
            self._model.screens.append(Screen("call"))
        match call.state:
            case "offered":
                return self._do(intents.Answer(call.id), now)
            case "talking":
                return self._do(intents.Hold(call.id), now)
            case "holding":
                return self._do(intents.Resume(call.id), now)
            case "ended":
                ears.forget_call(self._model, call.id)
        return None

    # -- pages

    def go(self, go: intents.Go, now: float) -> Refusal | None:
        """Open a page by name, or do what the page on top calls by that name."""
        name, _, subject = go.page.partition(":")
        model = self._model
        if name == "call" and subject in model.calls:
            model.shown_call = subject
        elif name == "typed":
            model.screens[-1] = Screen(model.screen.name, entry=subject)
        elif name == "idle":
            model.screens = [IDLE]
        elif name in ("fold", "foldall", "unfold"):
            self._fold(name, subject)
        elif name in KINDS:
            if name == "search":
                model.searching = model.found = None
            if name == "calls" and subject == "missed":
                model.missed = 0
            if name == "messages":
                model.unread = 0
            if name == "menu" and not subject:  # its key begins at the root, however deep one is
                model.screens = [each for each in model.screens if each.name not in _IN_MENU] or [IDLE]
            if model.screen.name != name or model.screen.subject != subject:
                model.screens.append(fresh(model, name, subject))
        else:
            return self._take(KINDS[model.screen.name].press(model, model.screen, go.page, now), now)
        return None

    def _fold(self, how: str, group: str) -> None:
        """Close or open one group of the contact list, or all."""
        model = self._model
        groups = frozenset(each.name for each in model.book.sections)
        if how == "fold":
            model.folded = (model.folded ^ {group}) & groups
            return
        model.folded = groups if how == "foldall" else frozenset()
        if model.screen.name == "contacts":
            model.screens[-1] = fresh(model, "contacts", "")

    def select(self, select: intents.Select, now: float) -> Refusal | None:
        """Put the cursor on a row; on a page without cursor the row acts at once."""
        page = self._phone.snapshot().page
        if not 0 <= select.row < len(page.rows):
            return Refusal("There is no such row")
        screen = self._model.screen
        wish = page.rows[select.row].intent
        if wish is None and page.rows[select.row].style == "dim":
            return None  # a remark below a list, no entry of it
        form = screen.name in ("sign_in", "entry_form") or (screen.name == "minibrowser" and bool(screen.fields))
        if form or page.cursor is None:
            return self._do(wish, now) if wish is not None else None
        typed_first = screen.name in ("entry", "search") or (isinstance(wish, intents.Go) and wish.page[:5] == "send:")
        marked = page.above + select.row + (1 if typed_first else 0)
        self._model.screens[-1] = replace(screen, cursor=marked)
        return None


def _wait(press: intents.Press) -> float:
    """Seconds until the next key: the finger must have left this one, and the pause must be over."""
    return (min(press.time, LONGEST_TIME) + min(press.pause, LONGEST_TIME)) / 1000
