"""Who was refused, and why: what an administrator looks for when a telephone does not get in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from snomtui.auth.ntlm.words import readable
from snomtui.auth.rulings import Ask, Discard, Forbid
from snomtui.errors import MalformedMessage
from snomtui.kit.box import Up
from snomtui.office.journal import where
from snomtui.sip.message import Request

MOST = 200
"""Different refusals that are remembered; the one that was not seen for longest is forgotten."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody who was refused, once or again and again for the same cause."""

    user: str
    """As the client wrote it, such as `UCC\\heiko`; the address from From where it wrote none."""
    address: str
    """`host:port` of the connection, the last one."""
    transport: str
    user_agent: str
    kind: str
    """What was tried: `ntlmv1`, `ntlmv2`, `digest` and so on; empty if nothing was."""
    cause: str
    """One word for programs: `level`, `wrong_password`, `unknown_user`, `signature` and so on (`auth.faults`)."""
    why: str
    """In words, such as `NTLMv1 response refused by level 5`; of the last time."""
    first: float
    """Seconds since 1970."""
    last: float
    count: int


class Refusals:
    """The refusals of late, bounded."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, str, str], Refused] = {}

    def __len__(self) -> int:
        return len(self._known)

    def all(self) -> tuple[Refused, ...]:
        """All that are remembered, the latest first."""
        return tuple(reversed(self._known.values()))

    def note(self, request: Request, ruling: Ask | Forbid | Discard, link: Up | None, now: float) -> None:
        """Remember one who was answered with a refusal, or not answered at all."""
        host, kind = link.remote[0] if link else "", ruling.kind if isinstance(ruling, Ask) else ""
        user = readable(ruling.user if isinstance(ruling, Ask) and ruling.user else sender_of(request))
        agent, why, cause = readable(request.headers.get("User-Agent") or ""), readable(ruling.why), ruling.fault.name
        key = user, host, agent, kind, cause
        old = self._known.pop(key, None)  # so that it comes last
        if old:
            self._known[key] = replace(old, address=where(link), why=why, last=now, count=old.count + 1)
            return
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        transport = link.transport if link else ""
        self._known[key] = Refused(user, where(link), transport, agent, kind, cause.lower(), why, now, now, 1)


def sender_of(request: Request) -> str:
    """`user@domain` from From, or empty."""
    try:
        return request.from_.uri.aor.partition(":")[2]
    except MalformedMessage:
        return ""
