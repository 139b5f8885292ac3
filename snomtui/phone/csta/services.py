"""The services of CSTA that the phone knows: what each wants of it, and what is answered (ECMA-269 13 to 17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from snomtui.kit.xml import Markup, tag
from snomtui.phone.csta.numbers import number_of
from snomtui.phone.csta.words import Asked, CstaFault, connection
from snomtui.phone.intents import Answer, Dial, HangUp, Hold, Intent, Resume, Transfer
from snomtui.phone.snapshot import CallState, IdentityState


@dataclass(frozen=True, slots=True)
class View:
    """The phone as a program sees it."""

    calls: Sequence[CallState]
    identities: Sequence[IdentityState]

    def call(self, asked: Asked, name: str) -> CallState:
        """The call that a connection names, by its number, or the only one of a device; raises `CstaFault`."""
        number, at = asked.connection(name)
        up = [call for call in self.calls if call.state != "ended"]
        if not number and at:
            identity = self.identity(at)
            up = [call for call in up if call.identity == identity]
        found = [call for call in up if number_of(call) == number] if number else up
        if len(found) != 1:
            what = f"There is no call {number[:20]}" if number else "Say which call: callID is missing"
            raise CstaFault(what, value="invalidConnectionID")
        return found[0]

    def identity(self, device: str, value: str = "invalidDeviceID") -> int | None:
        """The identity that a device is, by address or user part; None = any. Raises `CstaFault`."""
        wanted = bare(device).lower()
        if not wanted:
            return None
        by_user = [each for each in self.identities if each.aor.lower().partition("@")[0] == wanted]
        for state in (*(each for each in self.identities if each.aor.lower() == wanted), *by_user):
            return state.number
        raise CstaFault(f"{device[:80]} is no identity of this phone", value=value)

    def device(self, identity: int) -> str:
        """How programs know an identity: `sip:user@host`."""
        return next((f"sip:{each.aor}" for each in self.identities if each.number == identity and each.aor), "")

    def connection(self, name: str, call: CallState) -> Markup:
        """Our end of a call."""
        return connection(name, number_of(call), self.device(call.identity))


def bare(device: str) -> str:
    """A device without scheme and parameters: `user@host` or a number."""
    text = device.strip().removeprefix("<").removesuffix(">")
    for scheme in ("sips:", "sip:", "tel:"):
        if text.lower().startswith(scheme):
            text = unquote(text[len(scheme) :])
            break
    return text.partition(";")[0].strip()


Wish = Callable[[Asked, View], Intent | None]
Told = Callable[[Asked, View, CallState | None], Markup]


@dataclass(frozen=True, slots=True)
class Service:
    """One service."""

    wish: Wish
    """What it wants of the phone; None = nothing."""
    told: Told
    """What is in its answer; the call is the new one, if there is one."""


def service(asked: Asked) -> Service:
    """The service that is asked for; raises `CstaFault` for one that there is not."""
    found = _SERVICES.get(asked.name)
    if found is None:
        raise CstaFault(f"This phone does not know {asked.name[:40]}", value="serviceNotSupported")
    return found


def _nothing(asked: Asked, view: View) -> Intent | None:
    return None


def _make_call(asked: Asked, view: View) -> Intent:
    called = asked.text("calledDirectoryNumber")
    number = bare(called) if called.lower().startswith("tel:") else called
    if not number:
        raise CstaFault("MakeCall needs calledDirectoryNumber", value="invalidCalledDeviceID")
    return Dial(number, view.identity(asked.text("callingDevice"), "invalidCallingDeviceID"))


def _transfer_to(asked: Asked, view: View) -> Intent:
    to = asked.text("transferredTo")
    if not to:
        raise CstaFault(f"{asked.name} needs transferredTo", value="invalidCalledDeviceID")
    return Transfer(bare(to) if to.lower().startswith("tel:") else to, view.call(asked, "activeCall").id)


def _join(asked: Asked, view: View) -> Intent:
    return Transfer(view.call(asked, "activeCall").id, view.call(asked, "heldCall").id)


def _empty(asked: Asked, view: View, new: CallState | None) -> Markup:
    return Markup("")


def _status(asked: Asked, view: View, new: CallState | None) -> Markup:
    up = any(identity.state == "registered" for identity in view.identities)
    return tag("systemStatus", None, "normal" if up else "disabled")


def _made(asked: Asked, view: View, new: CallState | None) -> Markup:
    if new is None:
        raise CstaFault("The call was not begun")
    return view.connection("callingDevice", new)


def _transferred(name: str) -> Told:
    def told(asked: Asked, view: View, new: CallState | None) -> Markup:
        number, device = asked.connection(name)
        sent = next((call for call in view.calls if number_of(call) == number), None)
        return connection("transferredCall", number, view.device(sent.identity) if sent else device)

    return told


_CONNECTIONS = {
    "dialling": "connected",
    "ringing": "connected",
    "offered": "alerting",
    "talking": "connected",
    "held": "connected",
    "holding": "hold",
}
"""States of our end of a call (ECMA-269 6.1.5), by the contract's words."""


def connection_state(call: CallState) -> str:
    """The state of our end of a call; `null` when it is over."""
    return _CONNECTIONS.get(call.state, "null")


def _snapshot(asked: Asked, view: View, new: CallState | None) -> Markup:
    identity = view.identity(asked.text("snapshotObject"))
    found = []
    for call in view.calls:
        if call.state != "ended" and identity in (None, call.identity):
            state = tag("compoundCallState", None, tag("localConnectionState", None, connection_state(call)))
            ends = view.connection("connectionIdentifier", call)
            found.append(tag("snapshotDeviceResponseInfo", None, ends, tag("localCallState", None, state)))
    return tag("crossRefIDorSnapshotData", None, tag("snapshotData", None, *found))


_SERVICES: Mapping[str, Service] = {
    "RequestSystemStatus": Service(_nothing, _status),
    "SnapshotDevice": Service(_nothing, _snapshot),
    "MakeCall": Service(_make_call, _made),
    "AnswerCall": Service(lambda asked, view: Answer(view.call(asked, "callToBeAnswered").id), _empty),
    "ClearConnection": Service(lambda asked, view: HangUp(view.call(asked, "connectionToBeCleared").id), _empty),
    "ClearCall": Service(lambda asked, view: HangUp(view.call(asked, "callToBeCleared").id), _empty),
    "HoldCall": Service(lambda asked, view: Hold(view.call(asked, "callToBeHeld").id), _empty),
    "RetrieveCall": Service(lambda asked, view: Resume(view.call(asked, "callToBeRetrieved").id), _empty),
    "SingleStepTransferCall": Service(_transfer_to, _transferred("activeCall")),
    "TransferCall": Service(_join, _transferred("heldCall")),
}
