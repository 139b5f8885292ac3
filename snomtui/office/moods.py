"""The presence of scripted people: how they start, how they wander, and that they are on the phone when they are."""

from __future__ import annotations

from snomtui.ocs.publication import machine_state, personal_note, phone_state, user_state, withdrawn
from snomtui.office.desk import Desk
from snomtui.office.people import Behaviour, Person
from snomtui.office.presence import Presence, owner_of
from snomtui.presence import Availability

SHORTEST, SPREAD = 4.0, 6.0
"""Seconds: how long a mood lasts at least, and by how much more at most."""
MOODS = (
    Availability.AVAILABLE,
    Availability.BUSY,
    Availability.IN_A_MEETING,
    Availability.BE_RIGHT_BACK,
    Availability.AVAILABLE,
    Availability.DND,
    Availability.AWAY,
    Availability.INACTIVE,
)
"""What a wanderer goes through, round and round."""
_BY_MACHINE = (Availability.INACTIVE, Availability.OFFLINE)
"""What no person chooses: it is the machine that is idle or off."""


class Moods:
    """Publishes on behalf of scripted people."""

    def __init__(self, desk: Desk, presence: Presence) -> None:
        self._desk, self._presence = desk, presence
        self._places: dict[str, int] = {}

    def begin(self, person: Person, now: float) -> None:
        """A scripted person comes to work."""
        self._publish(person, person.availability, now)
        if person.note:
            self._presence.publish(person, personal_note(person.note), owner_of(person, person.epid), now)
        if person.behaviour is Behaviour.WANDERS:
            self._places[person.aor] = self._desk.surroundings.dice(1)[0] % len(MOODS)
            self._next(person, now)

    def wander(self, aor: str, now: float) -> None:
        """A wanderer goes on to the next state."""
        person = self._desk.people.find(aor)
        if person:
            self._places[aor] = (self._places[aor] + 1) % len(MOODS)
            self._publish(person, MOODS[self._places[aor]], now)
            self._next(person, now)

    def busy(self, person: Person, calls: int, now: float) -> None:
        """The person has so many calls now."""
        state = phone_state(person.epid)
        owner = owner_of(person, person.epid)
        self._presence.publish(person, state if calls else withdrawn(state), owner, now)

    def _next(self, person: Person, now: float) -> None:
        more = self._desk.surroundings.dice(1)[0] / 255 * SPREAD
        self._desk.timers.start(("mood", person.aor), now + SHORTEST + more)

    def _publish(self, person: Person, mood: Availability, now: float) -> None:
        machine = mood if mood in _BY_MACHINE else Availability.AVAILABLE
        chosen = Availability.AVAILABLE if mood in _BY_MACHINE else mood
        states = (*machine_state(person.epid, machine), *user_state(chosen))
        self._presence.publish(person, states, owner_of(person, person.epid), now)
