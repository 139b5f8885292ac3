"""What can be made to go wrong on purpose, to see how a phone takes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from snomtui.errors import LocalError


class Fault(Enum):
    """One thing that goes wrong; the value is its name in `--fault NAME`."""

    _value_: str
    help: str
    """What happens, for the status page."""

    def __new__(cls, name: str, help: str) -> Fault:
        """A name, and what it stands for."""
        made = object.__new__(cls)
        made._value_, made.help = name, help
        return made

    LOST_ANSWER = "lost-answer", "final answers never leave; what they stand for has happened"
    SLOW = "slow", "everything leaves three seconds late"
    WRONG_SIGNATURE = "wrong-signature", "the server's signatures are wrong, as if it did not know the password"
    KERBEROS_ONLY = "kerberos-only", "the 401 offers Kerberos and nothing else"
    UNAVAILABLE = "503", "every request is answered with 503 and Retry-After"
    DROP = "drop", "the connection is closed as soon as a request comes in"
    CLOCK = "clock", "the server's clock is two days ahead: NTLMv2 is refused (36 hours), NTLMv1 is not"
    FORGETFUL = "forgetful", "signed requests are met by a server that has forgotten everybody: 401"
    RESTART = "restart", "once, at that moment: as if the service was restarted; at the start ten seconds later"


_NAMED = {each.value: each for each in Fault}
DELAY = 3.0
"""Seconds of `slow`."""
SKEW = 48 * 3600.0
"""Seconds of `clock`."""


def fault_of(name: str) -> Fault:
    """The fault with this name, with `-` or `_`; raises `LocalError` that lists the names there are."""
    try:
        return _NAMED[name.strip().lower().replace("_", "-")]
    except KeyError:
        raise LocalError(f"fault {name[:60]}: there are only {', '.join(each.value for each in Fault)}") from None


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults are switched on; give an office another value at any time."""

    active: frozenset[Fault] = frozenset()

    @classmethod
    def parse(cls, *names: str) -> Faults:
        """Faults by their names; raises `LocalError` that lists the names there are."""
        return cls(frozenset(fault_of(name) for name in names))

    def __contains__(self, fault: Fault) -> bool:
        return fault in self.active

    def with_(self, fault: Fault) -> Faults:
        """The same and this one."""
        return Faults(self.active | {fault})

    def without(self, fault: Fault) -> Faults:
        """The same without this one."""
        return Faults(self.active - {fault})

    def __str__(self) -> str:
        return ", ".join(sorted(each.value for each in self.active)) or "none"
