"""What the phone does when a person wants something: every intent ends here."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from snomtui.phone import intents
from snomtui.phone.administering import Administering
from snomtui.phone.calling import Calling
from snomtui.phone.certificates import Certificates
from snomtui.phone.enlisting import Enlisting
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.keying import Keying

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone


class Hands:
    """The one table of intents."""

    def __init__(self, phone: Phone) -> None:
        self._keys = keys = Keying(phone, self.do)
        self._administering = administering = Administering(phone, self.do)
        calls = Calling(phone)
        enlisting = Enlisting(phone)
        self.certificates = certificates = Certificates(phone)
        self._table: dict[type[Any], Callable[[Any, float], Refusal | None]] = {
            intents.Press: keys.press,
            intents.Go: keys.go,
            intents.Select: keys.select,
            intents.Dial: calls.dial,
            intents.HangUp: calls.hang_up,
            intents.Answer: calls.answer,
            intents.Hold: calls.hold,
            intents.Resume: calls.resume,
            intents.Transfer: calls.transfer,
            intents.Dtmf: calls.dtmf,
            intents.Write: calls.write,
            intents.SetPresence: administering.choose_presence,
            intents.AddContact: enlisting.add,
            intents.RemoveContact: enlisting.remove,
            intents.Search: enlisting.search,
            intents.SetSetting: administering.set,
            intents.Register: administering.register,
            intents.LogOff: administering.log_off,
            intents.ClearList: administering.clear,
            intents.Reboot: administering.reboot,
            intents.AcceptCertificate: certificates.accept,
            intents.RejectCertificate: certificates.reject,
            intents.Quit: administering.quit,
        }

    def do(self, intent: Intent, now: float) -> Refusal | None:
        """Do it, or say why not."""
        return self._table[type(intent)](intent, now)

    def alarm(self, name: Hashable, now: float) -> None:
        """A pause between keys is over, or changed accounts are to be used."""
        if name == "keys":
            self._keys.play(now)
        elif name == "accounts":
            self._administering.use_accounts(now)
        elif isinstance(name, tuple):
            self.certificates.alarm(name[1], now)
