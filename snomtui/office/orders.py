"""What an administrator may order while the front end runs, as values and as JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from snomtui.errors import LocalError
from snomtui.office.faults import Fault, Faults, fault_of
from snomtui.office.journal import Journal
from snomtui.office.policy import Policy, Value, knob_of

ENDS = ("unregistered", "rejected", "deactivated")
"""Why a client is put out: signed in elsewhere, not enabled any more, moved ([MS-SIPREGE] 3.2.5.3)."""


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Turn one knob; it holds for the next handshake or registration."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class SetFault:
    """Switch a fault on or off, by its name."""

    name: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Restart:
    """Do as if the service was restarted."""


@dataclass(frozen=True, slots=True)
class SignOut:
    """Put the phones of a person out."""

    who: str
    """`user@domain`, with `sip:` or without."""
    event: str = "rejected"
    """One of `ENDS`."""


@dataclass(frozen=True, slots=True)
class HaveCall:
    """Have somebody who is played, or a number outside, call a phone."""

    who: str
    """A name, an address, a user, or a number with `+`."""
    whom: str = ""
    """Likewise; empty = the phone that is signed in."""


@dataclass(frozen=True, slots=True)
class HaveHangUp:
    """Have somebody who is played end all calls."""

    who: str
    """As for a call."""


Order = SetPolicy | SetFault | Restart | SignOut | HaveCall | HaveHangUp


@dataclass(frozen=True, slots=True)
class Refusal:
    """The front end says no, and why, in words for a person."""

    why: str


class BadOrder(LocalError):
    """An object that is no order; the text says what is wrong and what would be right."""


def order_of(given: Mapping[str, Any]) -> Order:
    """Read a JSON object such as `{"do": "restart"}`; raises `BadOrder`."""
    do = given.get("do")
    if not isinstance(do, str) or do not in _READERS:
        raise BadOrder(f"unknown do {ascii(do)[:40]}, known are {', '.join(_READERS)}")
    try:
        return _READERS[do](given)
    except BadOrder as error:
        raise BadOrder(f"{do}: {error}") from None
    except LocalError as error:
        raise BadOrder(str(error)) from None


def object_of(order: Order) -> dict[str, Any]:
    """The JSON object that asks for this order."""
    match order:
        case SetPolicy(name, value):
            return {"do": "policy", "name": name, "value": value}
        case SetFault(name, on):
            return {"do": "fault", "name": name, "on": on}
        case Restart():
            return {"do": "restart"}
        case SignOut(who, event):
            return {"do": "sign_out", "who": who, "event": event}
        case HaveCall(who, whom):
            return {"do": "call", "who": who, "whom": whom} if whom else {"do": "call", "who": who}
        case HaveHangUp(who):
            return {"do": "hang_up", "who": who}


class Obedient(Protocol):
    """A front end, as far as orders change it."""

    policy: Policy
    faults: Faults

    @property
    def journal(self) -> Journal:
        """Where it is noted what was ordered."""

    def restart(self, now: float) -> None:
        """Do as if the service was restarted."""

    def sign_out(self, address: str, event: str, now: float) -> int:
        """Put a person's phones out; says how many."""

    def have_call(self, who: str, whom: str, now: float) -> str:
        """Have somebody who is played call a phone; returns why not, or nothing."""

    def have_hang_up(self, who: str, now: float) -> str:
        """Have somebody who is played end all calls; returns why not, or nothing."""


def obey(office: Obedient, order: Order, now: float) -> Refusal | None:
    """Do what is ordered, and note it; None = done."""
    try:
        why = _obeyed(office, order, now)
    except LocalError as error:
        why = str(error)
    return Refusal(why) if why else None


def _obeyed(office: Obedient, order: Order, now: float) -> str:
    match order:
        case SetPolicy(name, value):
            office.policy = office.policy.with_(name, value)
            known_as = knob_of(name).name
            office.journal.note(f"policy {known_as} is now {office.policy.values()[known_as]}", now)
        case Restart():
            office.restart(now)
        case SetFault(name, on):
            fault = fault_of(name)
            if fault is not Fault.RESTART:
                office.faults = office.faults.with_(fault) if on else office.faults.without(fault)
                office.journal.note(f"fault {fault.value} is {'on' if on else 'off'}", now)
            elif on:
                office.restart(now)
        case SignOut(who, event):
            if not office.sign_out(who, event, now):
                return f"{who} is not signed in"
        case HaveCall(who, whom):
            return office.have_call(who, whom, now)
        case HaveHangUp(who):
            return office.have_hang_up(who, now)
    return ""


def is_order(given: Mapping[str, Any]) -> bool:
    """Whether an object speaks to a front end, not to a phone."""
    return given.get("do") in WORDS


def _policy(given: Mapping[str, Any]) -> Order:
    value = given.get("value")
    if not isinstance(value, str | int | float):
        raise BadOrder('needs "value", a text, a number, true or false')
    knob = knob_of(_text(given, "name"))
    knob.parse(value)
    return SetPolicy(knob.name, value)


def _fault(given: Mapping[str, Any]) -> Order:
    on = given.get("on", True)
    if isinstance(on, str):
        on = {"on": True, "off": False}.get(on)
    if not isinstance(on, bool):
        raise BadOrder('"on" must be true or false')
    return SetFault(fault_of(_text(given, "name")).value, on)


def _sign_out(given: Mapping[str, Any]) -> Order:
    event = given.get("event", "rejected")
    if event not in ENDS:
        raise BadOrder(f'"event" must be one of {", ".join(ENDS)}')
    return SignOut(_text(given, "who"), event)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # the fault 503
    if not isinstance(value, str) or not value.strip():
        raise BadOrder(f'needs "{name}", a text')
    return value.strip()


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Order]] = {
    "policy": _policy,
    "fault": _fault,
    "restart": lambda given: Restart(),
    "sign_out": _sign_out,
    "call": lambda given: HaveCall(_text(given, "who"), _text(given, "whom") if given.get("whom") else ""),
    "hang_up": lambda given: HaveHangUp(_text(given, "who")),
}
WORDS = tuple(_READERS)
"""What `do` may be."""
