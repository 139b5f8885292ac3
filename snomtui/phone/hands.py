"""What the phone does when a person wants something: every intent ends here."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from snomtui.kit.box import Log
from snomtui.line.events import (
    CallChanged,
    CertificateDoubted,
    CstaAsked,
    CstaEnded,
    Event,
    KeyAsked,
    NotifyCame,
    RegistrationChanged,
    RestartAsked,
    TransferCame,
    Trouble,
    XmlPushed,
)
from snomtui.phone import intents, welcoming
from snomtui.phone.administering import Administering
from snomtui.phone.browser.actions import Actions
from snomtui.phone.calling import Calling
from snomtui.phone.certificates import Certificates
from snomtui.phone.directory import Directory
from snomtui.phone.enlisting import Enlisting
from snomtui.phone.history import Record
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.keying import Keying
from snomtui.phone.obeying import Obeying
from snomtui.phone.ringer import Ringer
from snomtui.phone.snapshot import CallState

if TYPE_CHECKING:
    from snomtui.phone.browser.browsing import Browsing
    from snomtui.phone.csta.controlling import Controlling
    from snomtui.phone.phone import Phone


class Hands:
    """The one table of intents."""

    def __init__(self, phone: Phone) -> None:
        self._keys = keys = Keying(phone, self.do)
        self._administering = administering = Administering(phone, self.do)
        calls = Calling(phone, self.do)
        enlisting, directory = Enlisting(phone), Directory(phone)
        self.conferences, self.diverting = calls.conferring, calls.diverting
        self.certificates = certificates = Certificates(phone)
        self._browsing: Browsing | None = None
        self._controlling: Controlling | None = None
        self.obeying = Obeying(phone, self.do)
        self.actions = Actions(phone, lambda: self.browsing)
        keys.told = self.actions.held_down
        self._phone, self._calls = phone, calls
        self.ringer = Ringer(phone)
        self._table: dict[type[Any], Callable[[Any, float], Refusal | None]] = {
            intents.Press: keys.press,
            intents.Go: keys.go,
            intents.Select: keys.select,
            intents.Dial: calls.dial,
            intents.HangUp: calls.hang_up,
            intents.Answer: calls.answer,
            intents.Hold: calls.hold,
            intents.Resume: calls.resume,
            intents.Transfer: self._transfer,
            intents.Conference: calls.conferring.confer,
            intents.Redirect: calls.diverting.redirect,
            intents.Dtmf: calls.dtmf,
            intents.Write: calls.write,
            intents.SetPresence: administering.choose_presence,
            intents.AddContact: enlisting.add,
            intents.RemoveContact: enlisting.remove,
            intents.Search: enlisting.search,
            intents.SetSetting: administering.set,
            intents.Administer: administering.administer,
            intents.Register: administering.register,
            intents.LogOff: administering.log_off,
            intents.ClearList: administering.clear,
            intents.ForgetCall: administering.forget_call,
            intents.ForgetMessage: administering.forget_message,
            intents.SaveEntry: directory.save,
            intents.DeleteEntry: directory.delete,
            intents.PlayRinger: self.ringer.play,
            intents.Reset: administering.reset,
            intents.Reboot: self._reboot,
            intents.AcceptCertificate: certificates.accept,
            intents.RejectCertificate: certificates.reject,
            intents.Show: lambda wish, now: self.browsing.show(wish, now),
            intents.Quit: administering.quit,
        }

    @property
    def controlling(self) -> Controlling:
        """Programs that speak CSTA; loaded when the first one comes."""
        if self._controlling is None:
            from snomtui.phone.csta.controlling import Controlling

            self._controlling = Controlling(self._phone, self.do)
        return self._controlling

    @property
    def browsing(self) -> Browsing:
        """The minibrowser; loaded when it is needed first, since most phones start without."""
        if self._browsing is None:
            from snomtui.phone.browser.browsing import Browsing

            self._browsing = Browsing(self._phone, self.do)
        return self._browsing

    def do(self, intent: Intent, now: float) -> Refusal | None:
        """Do it, or say why not."""
        return self._table[type(intent)](intent, now)

    def alarm(self, name: Hashable, now: float) -> None:
        """A pause between keys is over, or changed accounts are to be used."""
        if name == "keys":
            self._keys.play(now)
        elif name == "ringer":
            self.ringer.over()
        elif name == "auto_dial":
            self._keys.dial_typed(now)
        elif name == "accounts":
            self._administering.use_accounts(now)
        elif name == "restart":
            self.obeying.restart(now)
        elif isinstance(name, tuple) and name[0] == "minibrowser":
            self.browsing.alarm(name[1], now)
        elif isinstance(name, tuple):
            self.certificates.alarm(name[1], now)

    def _reboot(self, wish: intents.Reboot, now: float) -> Refusal | None:
        """Start again, and tell about it."""
        refused = self._administering.reboot(wish, now)
        if refused is None:
            self.actions.fire("action_setup_url", now)
        return refused

    def _transfer(self, wish: intents.Transfer, now: float) -> Refusal | None:
        """Send the other side of a call elsewhere, and tell about it."""
        calls = self._phone.model.calls
        call, attended = calls.get(wish.call or self._phone.model.shown_call), wish.to in calls
        refused = self._calls.transfer(wish, now)
        if refused is None:
            self.actions.transferred(attended, call, now)
        return refused

    # -- what happens by itself

    def before(self, event: Event) -> CallState | str | None:
        """What `heard` will want to know of the time before an event: a call, or the state of a registration."""
        model = self._phone.model
        if isinstance(event, RegistrationChanged):
            identity = model.identities.get(event.identity)
            return identity.state if identity else ""
        return model.calls.get(event.id) if isinstance(event, CallChanged) else None

    def heard(self, event: Event, before: CallState | str | None, record: Record | None, now: float) -> None:
        """An event was noted: what else it means for the person and for web servers."""
        match event:
            case CallChanged():
                self._called(event, before if isinstance(before, CallState) else None, record, now)
            case RegistrationChanged():
                self.actions.registered(event, before if isinstance(before, str) else "", now)
                if self._controlling:
                    self._controlling.registered(now)
            case CertificateDoubted():
                self.certificates.doubted(event, now)
            case XmlPushed():
                self.browsing.pushed(event, now)
            case NotifyCame():
                self.actions.notified(now)
            case TransferCame():
                self.actions.received(event, now)
            case KeyAsked() | RestartAsked():
                self.obeying.asked(event, now)
            case CstaAsked():
                self.controlling.asked(event, now)
            case CstaEnded() if self._controlling:
                self._controlling.ended(event)
            case Trouble(_, why):
                self._phone.put(Log(2, why))

    def _called(self, event: CallChanged, before: CallState | None, record: Record | None, now: float) -> None:
        self.actions.called(event, before, record, now)
        call = self._phone.model.calls.get(event.id)
        if self._controlling and call is not None:
            self._controlling.called(before, call, now)
        self.obeying.called(now)
        if before is None and call is not None and welcoming.opens(self._phone.model, call):
            self.do(intents.Answer(call.id), now)
