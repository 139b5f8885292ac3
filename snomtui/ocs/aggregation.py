"""How a front end makes one state of all that a user's devices publish ([MS-PRES] 3.3).

The real rules are a script whose text is not public. These follow its documented goals: the most active machine
counts, what the person chose is respected, and exactly one activity is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from snomtui.ocs.categories import Category
from snomtui.ocs.state import AGGREGATE, BUSY, BUSY_IDLE, CALENDAR, IDLE, MACHINE, OFFLINE, PHONE, USER, Activity, State

_LEAST, _ONLINE, _GONE, _OFF = 3000, 3500, 12000, 18500


@dataclass(frozen=True, slots=True)
class Published:
    """A state and when it was published."""

    state: State
    at: float = 0.0
    """Seconds since 1970."""

    @property
    def number(self) -> int:
        """Its availability number."""
        return self.state.availability


def aggregate(
    machine_states: Sequence[Published],
    user_state: Published | None = None,
    calendar_state: Published | None = None,
    phone_states: Sequence[Published] = (),
) -> State:
    """The one state that others see. Give only what living endpoints have published, and static states.

    The user state may be left over from earlier: without an endpoint the result is offline all the same.
    """
    telling = (each for each in machine_states if each.number >= _LEAST)
    machine = min(telling, key=lambda each: (each.number, -each.at), default=None)
    phone = max(phone_states, key=lambda each: each.number, default=None)
    active = machine.number if machine else _OFF
    chosen = user_state.number if user_state else 0
    if chosen >= OFFLINE:
        return State(AGGREGATE, _OFF)
    since = _inactive_since(machine)
    if active >= _GONE and not phone:
        return State(AGGREGATE, max(active, chosen), last_active=since, device=machine.state.device if machine else "")
    others = [each for each in (calendar_state, phone) if each and not _overruled(each, user_state)]
    value = max(_ONLINE, chosen, *(each.number for each in others))
    if IDLE <= active < BUSY:
        value = _idle(value)
    # What is overruled does not say what the person does, either.
    sources = [each for each in (phone, calendar_state) if each in others] + [user_state]
    device = machine.state.device if machine else phone.state.device if phone else ""
    return State(AGGREGATE, value, _activity(sources, value), last_active=since, device=device)


def aggregate_of(categories: Iterable[Category], container: int = 2) -> State:
    """The same from the stored state categories of one user; those of other containers are ignored."""
    kinds: dict[str, list[Published]] = {MACHINE: [], USER: [], CALENDAR: [], PHONE: []}
    for each in categories:
        if each.state and each.container == container and each.state.kind in kinds:
            kinds[each.state.kind].append(Published(each.state, each.publish_time or 0.0))
    user = max(kinds[USER], key=lambda each: each.at, default=None)
    calendar = max(kinds[CALENDAR], key=lambda each: each.number, default=None)
    return aggregate(kinds[MACHINE], user, calendar, kinds[PHONE])


def _overruled(other: Published, user: Published | None) -> bool:
    """Whether the person has later chosen something less busy than this."""
    return bool(user and user.state.manual and user.at > other.at and user.number < other.number)


def _idle(value: int) -> int:
    if value < IDLE:
        return 5000
    return BUSY_IDLE if BUSY <= value < BUSY_IDLE else value


def _activity(sources: Iterable[Published | None], value: int) -> Activity | None:
    activities = (each.state.activity for each in sources if each)
    return next((each for each in activities if each and each.text and each.shown_at(value)), None)


def _inactive_since(machine: Published | None) -> float | None:
    """Since when the most active machine is inactive; None while it is active."""
    if not machine or machine.number < IDLE:
        return None
    return machine.state.last_active if machine.state.last_active is not None else machine.at
