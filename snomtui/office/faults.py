"""What can be made to go wrong on purpose, to see how a phone takes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from snomtui.errors import LocalError


class Fault(Enum):
    """One thing that goes wrong; the value is its name in `--fault NAME`."""

    LOST_ANSWER = "lost-answer"
    """Final answers never leave; what they stand for has happened."""
    SLOW = "slow"
    """Everything leaves three seconds late."""
    WRONG_SIGNATURE = "wrong-signature"
    """The server's signatures are wrong, as if it did not know the password."""
    KERBEROS_ONLY = "kerberos-only"
    """The 401 offers Kerberos and nothing else."""
    UNAVAILABLE = "503"
    """Every request is answered with 503 and Retry-After."""
    DROP = "drop"
    """The connection is closed as soon as a request comes in."""
    CLOCK = "clock"
    """The server's clock is two days ahead: NTLMv2 is refused (36 hours), NTLMv1 is not."""
    FORGETFUL = "forgetful"
    """Signed requests are met by a server that has forgotten everybody: 401."""


DELAY = 3.0
"""Seconds of `slow`."""
SKEW = 48 * 3600.0
"""Seconds of `clock`."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults are switched on; give an office another value at any time."""

    active: frozenset[Fault] = frozenset()

    @classmethod
    def parse(cls, *names: str) -> Faults:
        """Faults by their names; raises `LocalError` that lists the names there are."""
        known = {each.value: each for each in Fault}
        for name in names:
            if name not in known:
                raise LocalError(f"fault {name}: there are only {', '.join(known)}")
        return cls(frozenset(known[name] for name in names))

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
