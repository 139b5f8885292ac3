"""The doorman's book: whose CHALLENGE waits, who is trusted, what became of the others ([MS-SIPAE] 3.3.1)."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from snomtui.auth.faults import Doubt, Fault, short
from snomtui.auth.ntlm.server import ServerContext
from snomtui.auth.rulings import Association, Given, Place
from snomtui.kit.box import Conn
from snomtui.kit.ids import Dice

PATIENCE = 120.0
"""Seconds that a CHALLENGE waits for its answer."""
MOST_CHALLENGED = 20_000
"""CHALLENGEs that wait at the same time; the oldest is forgotten."""
MOST_ENDPOINTS = 256
"""Endpoints that are trusted on one connection: many, since an access edge brings the users of a whole company."""
MOST_ENDED = 4096
"""Associations that have ended and are still remembered, so that the journal can say what a late message is."""


class End(Enum):
    """How an association has ended, in words."""

    REFUSED = "was refused"
    LATE = f"was not proven within {PATIENCE:.0f} s"
    EXPIRED = "has expired: it was older than 8 hours"
    REPLACED = "was replaced by a newer one"
    LOST = "has ended with its connection"
    CROWDED = f"gave way: its connection has more than {MOST_ENDPOINTS} endpoints"


class Book:
    """All associations of one door. Memory is bounded, whatever comes over the wire."""

    def __init__(self, dice: Dice, noted: Callable[[str], None] | None = None) -> None:
        self._dice = dice
        self._noted = noted
        self._challenged: dict[str, Association] = {}
        """By opaque, the oldest first."""
        self._trusted: dict[str, Association] = {}
        self._places: dict[Conn, dict[Place, Association]] = {}
        """The newest of each endpoint, by connection; the one that was silent for the longest time first."""
        self._on: dict[Conn, dict[str, Association]] = {}
        self._ended: dict[str, End] = {}

    # -- a handshake

    def challenge(self, place: Place, version: int, realm: str, context: ServerContext, now: float) -> Association:
        """Write down that a CHALLENGE goes to this endpoint, under a new opaque."""
        self._sweep(now)
        opaque = self._new_opaque()
        association = Association(opaque, place, version, realm, now, self._noted)
        association.context = context
        association.step(Given.ASKED)
        self._challenged[opaque] = association
        self._on.setdefault(place[0], {})[opaque] = association
        return association

    def answered(self, opaque: str, place: Place, now: float) -> Association | Doubt:
        """The waiting association that an AUTHENTICATE is for; it waits no more, since a challenge is good once."""
        found = self._challenged.get(opaque)
        if found is None or found.place != place:
            return self._no_challenge(opaque)
        if now - found.made > PATIENCE:
            self.end(found, End.LATE)
            return self._no_challenge(opaque)
        del self._challenged[opaque]
        return found

    def _no_challenge(self, opaque: str) -> Doubt:
        end, name = self._ended.get(opaque), short(opaque)
        if opaque in self._trusted or end in (End.REFUSED, End.EXPIRED, End.REPLACED, End.CROWDED):
            return Doubt(Fault.USED, f"challenge {name} was answered before: a challenge is good for one attempt")
        if end is End.LATE:
            return Doubt(Fault.LATE, f"challenge {name} was answered after more than {PATIENCE:.0f} s")
        if end is End.LOST or opaque in self._challenged:
            return Doubt(Fault.NO_CHALLENGE, f"challenge {name} was made for another endpoint or connection")
        return Doubt(Fault.NO_CHALLENGE, f"an answer to no challenge of ours: opaque {name or 'missing'}")

    def install(self, association: Association) -> None:
        """Trust it, beside the one that it replaces, and drop the one before that."""
        association.step(Given.RIGHT)
        here = self._places.setdefault(association.place[0], {})
        former = here.get(association.place)
        if former:
            if former.former:
                self.end(former.former, End.REPLACED)
            former.former = None
        association.former = former
        self._trusted[association.opaque] = association
        here.pop(association.place, None)
        here[association.place] = association
        if len(here) > MOST_ENDPOINTS:
            self.end(next(iter(here.values())), End.CROWDED)

    def refuse(self, association: Association) -> None:
        """Its proof was no good."""
        association.step(Given.WRONG)
        self._forget(association, End.REFUSED)

    # -- who is trusted

    def realm_of(self, opaque: str) -> str | None:
        """The realm that an association was made for; the server's own may have another name by now."""
        found = self._trusted.get(opaque) or self._challenged.get(opaque)
        return found.realm if found else None

    def at(self, place: Place, now: float) -> Association | None:
        """The trusted association of an endpoint."""
        found = self._places.get(place[0], {}).get(place)
        return found if found and self._alive(found, now) else None

    def signs(self, place: Place, now: float) -> bool:
        """Whether this endpoint has an association; by epid too, since a call may have come for another address."""
        conn, _, epid = place
        if self.at(place, now):
            return True
        here = list(self._places.get(conn, {}).values()) if epid else []
        return any(one.place[2] == epid and self._alive(one, now) for one in here)

    def signed(self, opaque: str, place: Place, now: float) -> Association | Doubt:
        """The trusted association with which a message says to be signed."""
        found = self._trusted.get(opaque)
        if found and self._alive(found, now) and _same_endpoint(found.place, place):
            here = self._places[place[0]]
            here[found.place] = here.pop(found.place)
            return found
        return self._no_association(opaque, place, now)

    def _no_association(self, opaque: str, place: Place, now: float) -> Doubt:
        end, name = self._ended.get(opaque), short(opaque)
        if end:
            fault = Fault.EXPIRED if end is End.EXPIRED else Fault.NO_ASSOCIATION
            return Doubt(fault, f"association {name} {end.value}")
        if opaque in self._trusted:
            return Doubt(Fault.OPAQUE, f"association {name} is that of another endpoint or connection")
        own = self.at(place, now)
        if own:
            return Doubt(Fault.OPAQUE, f"opaque {name or 'missing'} was changed: this endpoint's is {own.opaque}")
        return Doubt(
            Fault.NO_ASSOCIATION, f"no association has the opaque {name or 'missing'}: was the server restarted?"
        )

    # -- the end

    def lost(self, conn: Conn) -> None:
        """The connection is gone, and with it its associations."""
        for association in list(self._on.get(conn, {}).values()):
            self.end(association, End.LOST)

    def end(self, association: Association, end: End) -> None:
        """Trust it and the one before it, or wait for it, no longer."""
        if association.former:
            self.end(association.former, end)
        association.step(Given.ENDED)
        self._forget(association, end)

    def _forget(self, association: Association, end: End) -> None:
        opaque, conn = association.opaque, association.place[0]
        self._challenged.pop(opaque, None)
        self._trusted.pop(opaque, None)
        association.context = association.security = association.former = None
        held = self._on.get(conn, {})
        held.pop(opaque, None)
        if not held:
            self._on.pop(conn, None)
        here = self._places.get(conn, {})
        if here.get(association.place) is association:
            del here[association.place]
        if not here:
            self._places.pop(conn, None)
        self._ended[opaque] = end
        if len(self._ended) > MOST_ENDED:
            del self._ended[next(iter(self._ended))]

    def _alive(self, association: Association, now: float) -> bool:
        if association.security and now < association.security.ends_at:
            return True
        self.end(association, End.EXPIRED)
        return False

    def _sweep(self, now: float) -> None:
        """Forget CHALLENGEs that nobody answered; the oldest come first in the dict."""
        while self._challenged:
            oldest = next(iter(self._challenged.values()))
            if now - oldest.made < PATIENCE and len(self._challenged) < MOST_CHALLENGED:
                return
            self.end(oldest, End.LATE)

    def _new_opaque(self) -> str:
        number = int.from_bytes(self._dice(4), "big")
        while (opaque := f"{number:08X}") in self._challenged or opaque in self._trusted or opaque in self._ended:
            number = (number + 1) % 2**32
        return opaque


def _same_endpoint(mine: Place, theirs: Place) -> bool:
    """The same connection, and the same epid if one was written."""
    return mine[0] == theirs[0] and theirs[2] in ("", mine[2])
