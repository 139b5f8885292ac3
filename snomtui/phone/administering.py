"""Presence, settings, identities and lists: what a person changes about the phone itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from snomtui.errors import LanguageError, SettingsError
from snomtui.language import load
from snomtui.line import controls
from snomtui.line.controls import controls_of
from snomtui.phone import ears, intents, redirection
from snomtui.phone.browser.memory import Browser
from snomtui.phone.history import LISTS
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.model import IDLE, Model
from snomtui.phone.pages.kinds import fresh
from snomtui.presence import CHOICES, Availability
from snomtui.settings import modes
from snomtui.settings.modes import CONFIRM, PASSWORD
from snomtui.settings.registry import IDENTITIES, Settings, find

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

_GLOBAL = (
    *("sim_firmware", "sim_lan_manager_level", "sim_mac", "sim_tls_pins", "sim_local_address"),
    *("network_id_port", "sip_retry_t1", "max_forwards", "offer_gruu"),
)
"""Settings with which every identity is made anew."""
_NO_ACCOUNT = ("user_idle_text", "user_dp_str", "user_auto_connect")
"""Settings of an identity that its server never sees: nothing is registered anew, and no call ends."""
_OF_CALLS: Mapping[str, tuple[str, Callable[[Settings, str], Any]]] = {
    "privacy_out": ("private", Settings.on),
    "user_phone": ("user_phone", Settings.on),
    "ringing_time": ("ringing_time", Settings.number),
    "session_timer": ("session_timer", Settings.number),
    "sim_accept_refer": ("accepts_refer", Settings.on),
    "sim_media_source": ("source", Settings.text),
    "sim_record_dir": ("record_dir", Settings.text),
    **{name: ("controls", lambda settings, name: controls_of(settings)) for name in controls.SETTINGS},
}
"""Settings that the next call goes by: what an account calls each, and how it is read."""


class Administering:
    """The part of the hands that changes the phone itself."""

    def __init__(self, phone: Phone, do: Callable[[Intent, float], Refusal | None]) -> None:
        self._phone, self._do = phone, do
        self._changed: set[int] = set()
        self._guard = modes.Guard()

    @property
    def _model(self) -> Model:
        return self._phone.model

    def choose_presence(self, wish: intents.SetPresence, now: float) -> Refusal | None:
        """Choose how one is seen by others."""
        chosen = wish.availability
        model = self._model
        before = Availability(model.settings.text("presence_state"))
        try:
            model.settings.set("presence_state", chosen.value)
        except SettingsError:
            words = ", ".join(each.value for each in CHOICES)
            return Refusal.of("One can choose {words}", words=words)
        if wish.note is None or chosen is not before:
            model.chose, model.chose_at = True, now  # a note alone chooses nothing
        if wish.note is not None:
            model.note = wish.note
        self._phone.keep("setting:presence_state", chosen.value)
        self._phone.publish(now)
        if model.screen.name in ("presence", "note"):
            self._do(intents.Go("back"), now)
        return None

    def set(self, wish: intents.SetSetting, now: float) -> Refusal | None:
        """Change a setting; what it means takes effect."""
        settings = self._model.settings
        try:
            row, index = find(wish.name)
            if row.permission == "&":
                return Refusal.of("{setting} is read-only", setting=wish.name)
            if not modes.allowed(wish.name, settings):
                return Refusal.of("{setting} can be changed in administrator mode only", setting=wish.name)
            if wish.name == CONFIRM and not modes.right_password(wish.value, settings):
                return Refusal("The two administrator passwords differ")
            if wish.name == "language":
                load(wish.value)
            settings.set(wish.name, wish.value)
        except SettingsError as error:
            return self._refused(wish.name, error)
        except LanguageError as error:
            return Refusal(str(error))
        self._phone.keep(f"setting:{wish.name}", settings.text(wish.name))
        if wish.name == PASSWORD:
            self.set(intents.SetSetting(CONFIRM, wish.value), now)
        for other, value in redirection.consequences(settings, wish.name):
            settings.set(other, value)
            self._phone.keep(f"setting:{other}", value)
        if row.name in ("fkey", "fkey_context", "active_line"):
            self._phone.watch_keys(now)
        if row.name in ("user_dp_str", "active_line"):
            self._model.enlist(None, self._model.directory)  # numbers are compared by another plan
        if wish.name == "presence_timeout":
            self._phone.used(now)
        if wish.name == "active_line":
            ears.mark_active(self._model)
        elif row.name.startswith(("user_", "codec", "sim_password")) and index and row.name not in _NO_ACCOUNT:
            self._account_changed(index, now)
        elif wish.name in _OF_CALLS:
            self._use_with_next_call(wish.name)
        elif wish.name in _GLOBAL:
            for line in self._phone.lines():
                self._account_changed(line.account.number, now)
        return None

    def administer(self, wish: intents.Administer, now: float) -> Refusal | None:
        """Go to administrator mode, with the password for it."""
        settings = self._model.settings
        if now < self._guard.until:
            return Refusal.of("Too many wrong passwords; wait {seconds} s", seconds=ceil(self._guard.until - now))
        right = modes.right_password(wish.password, settings)
        self._guard = self._guard.after(right, now)
        if not right:
            return Refusal("Wrong administrator password")
        settings.set("admin_mode", "on")
        self._phone.keep("setting:admin_mode", "on")
        return None

    def _refused(self, name: str, error: SettingsError) -> Refusal:
        """Why a value cannot be had: programs read it in English, the display says it in its language."""
        if not error.template:
            return Refusal(str(error))
        say, known = self._model.say, {k: v for k, v in error.values.items() if k != "form"}
        if "form" in error.values:
            known["form"] = say(str(error.values["form"]))
        about = {"setting": say(find(name)[0].title), "wrong": say(error.template, **known)}
        return Refusal(str(error), "{setting}: {wrong}", about)

    def _use_with_next_call(self, name: str) -> None:
        field, read = _OF_CALLS[name]
        for line in self._phone.lines():
            line.account = replace(line.account, **{field: read(self._model.settings, name)})

    def _account_changed(self, number: int, now: float) -> None:
        """A web form sets many values in a row; they are used together a moment later."""
        self._changed.add(number)
        self._phone.later("accounts", now + 0.5)

    def use_accounts(self, now: float) -> None:
        """A moment has passed since accounts were changed: use them; calls end only with their identity."""
        changed, self._changed = self._changed, set()
        for number in sorted(changed):
            line = self._phone.line(number)
            if line is not None and line.in_call() and self._model.settings.on("user_active", number):
                self._account_changed(number, now)
            else:
                self._phone.rebuild(number, now)

    def register(self, wish: intents.Register, now: float) -> Refusal | None:
        """Register an identity now, with the settings as they are."""
        number = wish.identity
        self._model.rejected = {each for each in self._model.rejected if each[0] != number}
        if not 1 <= number <= IDENTITIES:
            return Refusal.of("Identity {number} is not set up", number=number)
        line = self._phone.line(number)
        if number in self._changed or line is None:
            self._changed.discard(number)
            wrong = self._phone.rebuild(number, now)
            if wrong:
                return Refusal(wrong)
            return None if self._phone.line(number) else Refusal.of("Identity {number} is not set up", number=number)
        line.start(now)
        return None

    def log_off(self, wish: intents.LogOff, now: float) -> Refusal | None:
        """Unregister one identity, or all."""
        lines = self._phone.lines() if wish.identity is None else [self._phone.line(wish.identity)]
        found = [line for line in lines if line is not None]
        if not found:
            if not wish.identity:
                return Refusal("No identity is set up")
            return Refusal.of("Identity {number} is not set up", number=wish.identity)
        for line in found:
            line.leave(now)
        return None

    def clear(self, wish: intents.ClearList, now: float) -> Refusal | None:
        """Empty a call list, or forget the count of missed calls."""
        if wish.which == "count":
            self._model.missed = 0
            return None
        if wish.which not in LISTS:
            return Refusal.of("The lists are {names}", names=", ".join(LISTS))
        self._model.history.clear(wish.which)
        if wish.which == "missed":
            self._model.missed = 0
        self._phone.keep(f"clear:{wish.which}", "")
        return None

    def forget_call(self, wish: intents.ForgetCall, now: float) -> Refusal | None:
        """Take one call out of its list."""
        record = self._model.history.find(wish.which, wish.id)
        if record is None:
            return Refusal("This call is no longer in the list")
        self._model.history.forget(record)
        self._phone.keep("forget", record.text())
        return None

    def forget_message(self, wish: intents.ForgetMessage, now: float) -> Refusal | None:
        """Delete one instant message."""
        self._model.letters = tuple(each for each in self._model.letters if each.id != wish.id)
        return None

    def reset(self, wish: intents.Reset, now: float) -> Refusal | None:
        """Forget everything that was set, called and written down here, and start again."""
        model = self._model
        if not modes.administers(model.settings):
            return Refusal("This can be done in administrator mode only")
        self._phone.keep("reset", "")
        model.settings.reset()
        for which in LISTS:
            model.history.clear(which)
        model.letters, model.missed, model.unread, model.note, model.chose = (), 0, 0, "", False
        model.mailbox, model.folded = {}, frozenset()
        model.warned, model.browser = False, Browser()
        model.enlist(None, ())
        for line in self._phone.lines():
            self._phone.rebuild(line.account.number, now)
        model.screens = [IDLE, fresh(model, "sign_in", "")]
        return None

    def reboot(self, wish: intents.Reboot, now: float) -> Refusal | None:
        """Start again: every identity is made anew."""
        self._phone.keep("reboot", "")
        self._model.screens = [IDLE]
        for line in self._phone.lines():
            self._phone.rebuild(line.account.number, now)
        return None

    def quit(self, wish: intents.Quit, now: float) -> Refusal | None:
        """End calls and unregister."""
        self._phone.leave(now)
        return None
