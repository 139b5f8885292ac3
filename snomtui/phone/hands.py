"""What the phone does when a person wants something: every intent ends here."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from snomtui.errors import MalformedMessage, NoMediaPort, SettingsError
from snomtui.line.call import Call
from snomtui.line.calltable import State
from snomtui.line.line import Line
from snomtui.phone import ears, intents
from snomtui.phone.dialplan import cleaned, planned
from snomtui.phone.history import LISTS
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.keys import Unknown, call_on, canonical, function_key, meaning
from snomtui.phone.model import IDLE, Model, Screen
from snomtui.phone.pages.forms import opened
from snomtui.phone.pages.kinds import KINDS
from snomtui.phone.pages.page import Back, Many, Step
from snomtui.presence import Availability
from snomtui.settings.registry import IDENTITIES, find
from snomtui.sip.uri import Uri

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

LONGEST_QUEUE = 200
"""So many keys may wait behind a pause."""
_NUMBER = re.compile(r"\+?[0-9*#]+")
_ADDRESS = re.compile(r"(?:sips?:)?[^\s<>\"@;?]+@[^\s<>\"@;?/]+(?:;[^\s<>\"]*)?", re.IGNORECASE)
_BREAKS = re.compile(r"[\x00-\x20\x7f]")
_USER = "-_.!~*'()&=+$,"
"""What may stand in a user part as it is (RFC 3261 25.1)."""
_HOLDABLE = (State.TALKING, State.HELD)
_DEVICES = {"OFFHOOK": "handset", "SPEAKER": "speaker", "HEADSET": "headset"}
_GLOBAL = ("sim_firmware", "sim_lan_manager_level", "sim_mac", "network_id_port", "sip_retry_t1")


class Hands:
    """Carries out intents."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._queue: deque[intents.Press] = deque()
        self._changed: set[int] = set()
        self._table: dict[type[Any], Callable[[Any, float], Refusal | None]] = {
            intents.Press: self._press,
            intents.Dial: self._dial,
            intents.HangUp: self._hang_up,
            intents.Answer: self._answer,
            intents.Hold: self._hold,
            intents.Resume: self._resume,
            intents.Transfer: self._transfer,
            intents.Dtmf: self._dtmf,
            intents.SetPresence: self._presence,
            intents.SetSetting: self._set,
            intents.Register: self._register,
            intents.LogOff: self._log_off,
            intents.ClearList: self._clear,
            intents.Reboot: self._reboot,
            intents.Select: self._select,
            intents.Go: self._go,
            intents.Quit: self._quit,
        }

    @property
    def _model(self) -> Model:
        return self._phone.model

    def do(self, intent: Intent, now: float) -> Refusal | None:
        """Do it, or say why not."""
        return self._table[type(intent)](intent, now)

    def alarm(self, name: Hashable, now: float) -> None:
        """A pause between keys is over, or changed accounts are to be used."""
        if name == "keys":
            self._play_keys(now)
        elif name == "accounts":
            self._use_accounts(now)

    # -- keys

    def _press(self, press: intents.Press, now: float) -> Refusal | None:
        key = canonical(press.key)
        if isinstance(key, Unknown):
            return Refusal(f"There is no key {key.name}")
        press = intents.Press(key, press.time, press.pause)
        if self._queue:
            if len(self._queue) >= LONGEST_QUEUE:
                return Refusal("Too many keys are waiting")
            self._queue.append(press)
            return None
        return self._stroke(press, now)

    def _stroke(self, press: intents.Press, now: float) -> Refusal | None:
        if press.pause > 0:
            self._queue.append(intents.Press(""))  # stands for the pause itself
            self._phone.later("keys", now + min(press.pause, 60_000) / 1000)
        return self._key(press.key, now)

    def _play_keys(self, now: float) -> None:
        self._queue.popleft()
        while self._queue:
            press = self._queue.popleft()
            waiting = list(self._queue)
            self._queue.clear()
            self._stroke(press, now)
            self._queue.extend(waiting)
            if press.pause > 0:
                return

    def _key(self, key: str, now: float) -> Refusal | None:
        model = self._model
        if key in ("F1", "F2", "F3", "F4"):
            soft = self._phone.snapshot().page.softkeys[int(key[1]) - 1]
            return self.do(soft.intent, now) if soft else None
        step = KINDS[model.screen.name].press(model, model.screen, key, now)
        if step is not None:
            self._note_device(key)
            return self._take(step, now)
        if key.startswith("P") and key[1:].isdigit() and function_key(model.settings, int(key[1:])).kind == "line":
            return self._line_key(key, now)
        meant = meaning(model, key)
        if meant is not None:
            return self.do(meant, now)
        return self._common(key, now)

    def _take(self, step: Step, now: float) -> Refusal | None:
        model = self._model
        match step:
            case Screen():
                if step.name == model.screen.name:
                    model.screens[-1] = step
                else:
                    model.screens.append(step)
                if step.name == "sign_in" and step.subject:
                    model.screens[-1] = replace(step, subject="")
                    return Refusal(step.subject)
            case Back():
                self._back()
            case Many(wishes, leave):
                refused = next((refusal for wish in wishes if (refusal := self.do(wish, now))), None)
                if leave and not refused:
                    self._back()
                return refused
            case None:
                return None
            case _:
                return self.do(step, now)
        return None

    def _back(self) -> None:
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
                self._back()
            case "F_HOLD":
                return self._hold(intents.Hold(), now)
            case "DND":
                value = "off" if model.settings.on("dnd_mode") else "on"
                return self._set(intents.SetSetting("dnd_mode", value), now)
            case "MUTE":
                model.muted = not model.muted and bool(model.calls)
            case "VOLUME_UP" | "VOLUME_DOWN":
                self._volume(1 if key == "VOLUME_UP" else -1, now)
            case "REC" | "CONFERENCE" | "TRANSFER":
                return Refusal(f"{key.capitalize()} is not possible here")
            case "RETRIEVE" | "MESSAGE":
                return Refusal("No mailbox number is set (user_mailbox)")
        return None

    def _volume(self, step: int, now: float) -> None:
        name = {"handset": "vol_handset", "headset": "vol_handset", "speaker": "vol_speaker"}.get(
            self._model.device, "vol_ringer"
        )
        value = max(0, min(15, self._model.settings.number(name) + step))
        self._set(intents.SetSetting(name, str(value)), now)
        self._phone.notice(f"Volume {value}", now)

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
                return self._answer(intents.Answer(call.id), now)
            case "talking":
                return self._hold(intents.Hold(call.id), now)
            case "holding":
                return self._resume(intents.Resume(call.id), now)
            case "ended":
                ears.forget_call(self._model, call.id)
        return None

    # -- pages

    def _go(self, go: intents.Go, now: float) -> Refusal | None:
        """Open a page by name, or do what the page on top calls by that name."""
        name, _, subject = go.page.partition(":")
        model = self._model
        if name == "call" and subject in model.calls:
            model.shown_call = subject
        elif name == "typed":
            model.screens[-1] = Screen(model.screen.name, entry=subject)
        elif name == "sign_in":
            model.screens.append(opened(model))
        elif name == "idle":
            model.screens = [IDLE]
        elif name in KINDS:
            if name == "calls" and subject == "missed":
                model.missed = 0
            if model.screen.name != name or model.screen.subject != subject:
                model.screens.append(Screen(name, subject=subject))
        else:
            return self._take(KINDS[model.screen.name].press(model, model.screen, go.page, now), now)
        return None

    def _select(self, select: intents.Select, now: float) -> Refusal | None:
        page = self._phone.snapshot().page
        if not 0 <= select.row < len(page.rows):
            return Refusal("There is no such row")
        screen = self._model.screen
        wish = page.rows[select.row].intent
        if screen.name == "sign_in" or page.cursor is None:
            return self.do(wish, now) if wish is not None else None
        marked = page.above + select.row + (1 if screen.name == "entry" else 0)
        self._model.screens[-1] = replace(screen, cursor=marked)
        return None

    # -- calls

    def _find(self, id: str | None) -> tuple[Line, Call] | None:
        wanted = id or self._model.shown_call
        for line in self._phone.lines():
            call = line.calls.find(wanted)
            if call is not None:
                return line, call
        return None

    def _dial(self, dial: intents.Dial, now: float) -> Refusal | None:
        number = cleaned(dial.number)
        if not number:
            return Refusal("No number to dial")
        line = self._line_for(dial.identity)
        if isinstance(line, Refusal):
            return line
        account = line.account
        number = planned(number, self._model.settings.text("user_dp_str", account.number), account.host)
        uri = _uri(number, line)
        if uri is None:
            return Refusal(f"{dial.number[:60]!r} is neither a number nor an address")
        self._hold_others(None, now)
        self._model.device = self._model.device or "speaker"
        try:
            line.calls.dial(uri, number, now)
        except NoMediaPort as error:
            return Refusal(str(error))
        return None

    def _line_for(self, identity: int | None) -> Line | Refusal:
        """The line to call from: the one named, else the active one, else any that is registered."""
        if identity is not None:
            line = self._phone.line(identity)
            if line is None:
                return Refusal(f"Identity {identity} is not set up")
            return line if line.registered else Refusal(self._why_not(identity))
        active = self._model.active_line
        ready = [line for line in self._phone.lines() if line.registered]
        ready.sort(key=lambda line: line.account.number != active)
        if ready:
            return ready[0]
        return Refusal(self._why_not(active) if self._phone.line(active) else "No identity is set up: sign in first")

    def _why_not(self, identity: int) -> str:
        state = self._model.identities.get(identity)
        why = f": {state.reason}" if state and state.reason else ""
        return f"Line {identity} is not registered{why}"

    def _hold_others(self, id: str | None, now: float) -> None:
        for line in self._phone.lines():
            for call in line.calls:
                if call.id != id and call.state in _HOLDABLE:
                    call.hold(now)

    def _hang_up(self, wish: intents.HangUp, now: float) -> Refusal | None:
        if wish.every:
            for line in self._phone.lines():
                line.calls.hang_up_all(now)
            for id in list(self._model.calls):
                if self._model.calls[id].state == "ended":
                    ears.forget_call(self._model, id)
            return None
        found = self._find(wish.call)
        if found:
            found[1].hang_up(now)
            return None
        id = wish.call or self._model.shown_call
        if id in self._model.calls:
            ears.forget_call(self._model, id)
            return None
        return Refusal("There is no call")

    def _answer(self, wish: intents.Answer, now: float) -> Refusal | None:
        ringing = next((call.id for call in self._model.calls.values() if call.state == "offered"), None)
        found = self._find(wish.call or ringing)
        if found is None or found[1].state is not State.OFFERED:
            return Refusal("No call is ringing")
        self._hold_others(found[1].id, now)
        self._model.device = self._model.device or "speaker"
        self._model.shown_call = found[1].id
        found[1].answer(now)
        return None

    def _hold(self, wish: intents.Hold, now: float) -> Refusal | None:
        found = self._find(wish.call)
        if found is None or found[1].state not in _HOLDABLE:
            return Refusal("There is no call to hold")
        found[1].hold(now)
        return None

    def _resume(self, wish: intents.Resume, now: float) -> Refusal | None:
        found = self._find(wish.call)
        if found is None or found[1].state is not State.HOLDING:
            return Refusal("There is no call on hold")
        self._hold_others(found[1].id, now)
        found[1].resume(now)
        return None

    def _transfer(self, wish: intents.Transfer, now: float) -> Refusal | None:
        found = self._find(wish.call)
        if found is None or found[1].state not in (State.TALKING, State.HOLDING):
            return Refusal("There is no call to transfer")
        uri = _uri(cleaned(wish.to), found[0])
        if uri is None:
            return Refusal(f"{wish.to[:60]!r} is neither a number nor an address")
        found[1].transfer(uri, now)
        return None

    def _dtmf(self, wish: intents.Dtmf, now: float) -> Refusal | None:
        digits = wish.digits.upper()
        if not re.fullmatch(r"[0-9*#A-D,]{1,100}", digits):
            return Refusal("Tones are 0 to 9, *, # and A to D")
        found = self._find(None)
        if found is None or found[1].state is not State.TALKING:
            return Refusal("There is no call to send tones in")
        found[1].digits(digits)
        return None

    # -- presence, settings, identities

    def _presence(self, wish: intents.SetPresence, now: float) -> Refusal | None:
        chosen = wish.availability
        model = self._model
        try:
            model.settings.set("presence_state", chosen.value)
        except SettingsError:
            words = ", ".join(a.value for a in Availability if _may_choose(a))
            return Refusal(f"One can choose {words}")
        model.chose = True
        if wish.note is not None:
            model.note = wish.note
        self._phone.keep("setting:presence_state", chosen.value)
        self._phone.publish(now)
        if model.screen.name == "presence":
            self._back()
        return None

    def _set(self, wish: intents.SetSetting, now: float) -> Refusal | None:
        settings = self._model.settings
        try:
            row, index = find(wish.name)
            if row.permission == "&":
                return Refusal(f"{wish.name} is read-only")
            settings.set(wish.name, wish.value)
        except SettingsError as error:
            return Refusal(str(error))
        self._phone.keep(f"setting:{wish.name}", settings.text(wish.name))
        if wish.name == "active_line":
            ears.mark_active(self._model)
        elif row.name.startswith(("user_", "codec", "sim_password")) and index is not None:
            self._account_changed(index, now)
        elif wish.name in _GLOBAL:
            for line in self._phone.lines():
                self._account_changed(line.account.number, now)
        return None

    def _account_changed(self, number: int, now: float) -> None:
        """A web form sets many values in a row; they are used together a moment later."""
        self._changed.add(number)
        self._phone.later("accounts", now + 0.5)

    def _use_accounts(self, now: float) -> None:
        changed, self._changed = self._changed, set()
        for number in sorted(changed):
            self._phone.rebuild(number, now)

    def _register(self, wish: intents.Register, now: float) -> Refusal | None:
        number = wish.identity
        if not 1 <= number <= IDENTITIES:
            return Refusal(f"Identity {number} is not set up")
        line = self._phone.line(number)
        if number in self._changed or line is None:
            self._changed.discard(number)
            wrong = self._phone.rebuild(number, now)
            if wrong:
                return Refusal(wrong)
            return None if self._phone.line(number) else Refusal(f"Identity {number} is not set up")
        line.start(now)
        return None

    def _log_off(self, wish: intents.LogOff, now: float) -> Refusal | None:
        lines = self._phone.lines() if wish.identity is None else [self._phone.line(wish.identity)]
        found = [line for line in lines if line is not None]
        if not found:
            return Refusal(f"Identity {wish.identity} is not set up" if wish.identity else "No identity is set up")
        for line in found:
            line.leave(now)
        return None

    def _clear(self, wish: intents.ClearList, now: float) -> Refusal | None:
        if wish.which == "count":
            self._model.missed = 0
            return None
        if wish.which not in LISTS:
            return Refusal(f"The lists are {', '.join(LISTS)}")
        self._model.history.clear(wish.which)
        if wish.which == "missed":
            self._model.missed = 0
        self._phone.keep(f"clear:{wish.which}", "")
        return None

    def _reboot(self, wish: intents.Reboot, now: float) -> Refusal | None:
        self._model.screens = [IDLE]
        for line in self._phone.lines():
            self._phone.rebuild(line.account.number, now)
        return None

    def _quit(self, wish: intents.Quit, now: float) -> Refusal | None:
        self._phone.leave(now)
        return None


def _may_choose(availability: Availability) -> bool:
    return availability.value in find("presence_state")[0].choices


def _readable(uri: str) -> str | None:
    try:
        Uri.parse(uri)
    except MalformedMessage:
        return None
    return None if _BREAKS.search(uri) else uri


def _uri(number: str, line: Line) -> str | None:
    """The request URI for a number or address; None if it is neither. Nothing of it can break out of the URI."""
    account = line.account
    if _NUMBER.fullmatch(number):
        phone = ";user=phone" if account.user_phone else ""
        return f"sip:{quote(number, safe='+*')}@{account.host}{phone}"
    if _ADDRESS.fullmatch(number):
        return _readable(number if number.lower().startswith(("sip:", "sips:")) else f"sip:{number}")
    if re.fullmatch(r"[^\s<>\"@:;?/\\\x00-\x1f\x7f]{1,80}", number):
        return f"sip:{quote(number, safe=_USER)}@{account.host}"
    return None
