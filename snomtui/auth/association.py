"""A security association of [MS-SIPAE]: the keys, names and counters that both sides share after a handshake."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.auth.challenge import AuthLine, AuthParam
from snomtui.auth.faults import NO_DOUBT, Doubt, Fault
from snomtui.auth.ntlm import signature
from snomtui.auth.ntlm.keys import SessionKeys
from snomtui.auth.ntlm.policy import ResponseKind
from snomtui.auth.ntlm.signature import Stamp
from snomtui.auth.ntlm.window import Window
from snomtui.kit.ids import Dice
from snomtui.sip.message import Message

LIFETIME = 8 * 3600.0
"""Seconds that an association is good at most."""
_NUMBER = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Names:
    """What both sides must write into every header of an association, as it stands between the quotes."""

    realm: str
    targetname: str
    opaque: str
    version: int = 4

    def differs(self, line: AuthLine) -> Doubt:
        """What is wrong with the names in a header."""
        for name, mine in (("realm", self.realm), ("targetname", self.targetname), ("opaque", self.opaque)):
            if line.raw(name) != mine:
                fault = Fault.OPAQUE if name == "opaque" else Fault.NAMES
                return Doubt(fault, f"{name} is not the one of this association")
        return NO_DOUBT

    def params(self, *names: str) -> tuple[AuthParam, ...]:
        """These names as parameters."""
        values = {"realm": self.realm, "targetname": self.targetname, "opaque": self.opaque, "qop": "auth"}
        return tuple(AuthParam(name, values[name]) for name in names)


class SecurityAssociation:
    """Signs what one side sends and checks what it receives."""

    def __init__(self, names: Names, keys: SessionKeys, kind: ResponseKind, made: float, *, client: bool) -> None:
        """`client` says which side we are; `made` is the moment of the handshake."""
        self.names = names
        self.kind = kind
        self.made = made
        self._keys = keys
        self._client = client
        self._window = Window()
        self._count = 0

    @property
    def ends_at(self) -> float:
        """When the association is too old, in seconds since 1970."""
        return self.made + LIFETIME

    def seal_params(self, message: Message, dice: Dice) -> tuple[AuthParam, ...]:
        """Sign a message: random, number and signature as parameters. Each call takes the next number."""
        self._count += 1
        rand = dice(4).hex()
        if not self._client:
            rand = rand.upper()
        number = str(self._count)
        stamp = Stamp(rand, number, self.names.realm, self.names.targetname, self.names.version)
        signed = signature.sign(message, stamp, self._keys, client=self._client)
        if self._client:
            return AuthParam("crand", rand), AuthParam("cnum", number), AuthParam("response", signed)
        return AuthParam("rspauth", signed.upper()), AuthParam("srand", rand), AuthParam("snum", number)

    def doubts(self, message: Message, line: AuthLine) -> Doubt:
        """Check what the other side signed: say what is wrong with it, if anything. Right numbers are used up."""
        wrong = self.names.differs(line)
        if wrong:
            return wrong
        prefix, signed = ("s", "rspauth") if self._client else ("c", "response")
        rand, num, given = line.raw(f"{prefix}rand"), line.raw(f"{prefix}num"), line.raw(signed)
        if rand is None or num is None or given is None:
            return Doubt(Fault.UNSIGNED, "the signature is missing")
        if not _NUMBER.fullmatch(num) or not self._window.is_new(int(num)):
            return Doubt(Fault.REPLAY, f"message number {num[:12]} was seen before or is too old")
        stamp = Stamp(rand, num, line.raw("realm") or "", line.raw("targetname") or "", self.names.version)
        if not self._fits(message, stamp, given):
            return Doubt(Fault.SIGNATURE, "the signature is wrong")
        self._window.take(int(num))
        return NO_DOUBT

    def _fits(self, message: Message, stamp: Stamp, given: str) -> bool:
        """Whether a signature is right. A server finds out from it in which way the client has made its keys."""
        if signature.verify(message, stamp, self._keys, given, client=not self._client):
            return True
        other = None if self._client else self._keys.by_the_letter
        if other is None or not signature.verify(message, stamp, other, given, client=True):
            return False
        self._keys = other
        return True
