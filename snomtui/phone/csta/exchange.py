"""One request of a program, from its bytes to the bytes of the answer, whatever way it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from snomtui.phone.csta.services import View, service
from snomtui.phone.csta.words import Asked, CstaFault, Style, read
from snomtui.phone.intents import Intent


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What became of a request."""

    answer: bytes
    name: str = ""
    """The service; empty if the request could not be read."""
    did: tuple[Intent, ...] = ()
    why: str = ""
    """Why it was refused, or empty."""
    wanted: tuple[Intent, ...] = ()
    """What was asked for, done or not."""


def exchange(body: bytes, look: Callable[[], View], do: Callable[[Intent], str]) -> Exchanged:
    """Do what a request asks. `do` returns why the phone refuses, or nothing; `look` shows the phone as it is."""
    try:
        asked = read(body)
    except CstaFault as fault:
        return Exchanged(Style().fault(fault), why=str(fault))
    return serve(asked, look, do)


def serve(asked: Asked, look: Callable[[], View], do: Callable[[Intent], str]) -> Exchanged:
    """The same for a request that was read."""
    wanted: tuple[Intent, ...] = ()
    try:
        known, before = service(asked), look()
        wish = known.wish(asked, before)
        wanted = (wish,) if wish is not None else ()
        if wish is not None and (why := do(wish)):
            raise CstaFault(why, "stateIncompatibility")
        after, ids = look(), {call.id for call in before.calls}
        new = next((call for call in after.calls if call.id not in ids), None)
        told = known.told(asked, after, new)
    except CstaFault as fault:
        return Exchanged(asked.style.fault(fault), asked.name, (), str(fault), wanted)
    return Exchanged(asked.style.whole(f"{asked.name}Response", told), asked.name, wanted, "", wanted)
