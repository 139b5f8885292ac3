"""One state out of many: a table of cases, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.ocs.aggregation import Published, aggregate, aggregate_of
from snomtui.ocs.categories import Category
from snomtui.ocs.state import (
    AGGREGATE,
    CALENDAR,
    IN_A_CONFERENCE,
    IN_A_MEETING,
    MACHINE,
    ON_THE_PHONE,
    PHONE,
    USER,
    Activity,
    State,
)

CALL = State(PHONE, 6500, Activity(ON_THE_PHONE, minimum=6500, maximum=8999), manual=False)
CONFERENCE = State(PHONE, 7000, Activity(IN_A_CONFERENCE, minimum=7000, maximum=8999), manual=False)
MEETING = State(CALENDAR, 6500, Activity(IN_A_MEETING, minimum=6500, maximum=8999), manual=False)
OUT_OF_OFFICE = State(CALENDAR, 0, Activity("out-of-office"), manual=False)


def machine(number: int, device: str = "") -> State:
    return State(MACHINE, number, manual=False, device=device)


def chosen(number: int) -> State:
    return State(USER, number, manual=True)


ACTIVE, IDLE, AWAY, OFF = machine(3500), machine(5000), machine(15500), machine(18500)

CASES: list[tuple[str, list[State], int, str]] = [
    ("nobody signed in", [], 18500, ""),
    ("nobody signed in, busy chosen", [chosen(6500)], 18500, ""),
    ("one active", [ACTIVE], 3500, ""),
    ("one idle", [IDLE], 5000, ""),
    ("one idle, one active", [IDLE, ACTIVE], 3500, ""),
    ("one away, one idle", [AWAY, IDLE], 5000, ""),
    ("one off, one away", [OFF, AWAY], 15500, ""),
    ("all away", [AWAY, AWAY], 15500, ""),
    ("a call on one of two", [ACTIVE, IDLE, CALL], 6500, ON_THE_PHONE),
    ("a call at an idle machine", [IDLE, CALL], 7500, ON_THE_PHONE),
    ("a call while the machine is away", [AWAY, CALL], 6500, ON_THE_PHONE),
    ("a call and a conference", [ACTIVE, CALL, CONFERENCE], 7000, IN_A_CONFERENCE),
    ("busy chosen, idle", [IDLE, chosen(6500)], 7500, ""),
    ("do not disturb, idle", [IDLE, chosen(9500)], 9500, ""),
    ("do not disturb and a call", [ACTIVE, chosen(9500), CALL], 9500, ""),
    ("be right back", [ACTIVE, chosen(12500)], 12500, ""),
    ("away chosen and a call", [ACTIVE, chosen(15500), CALL], 15500, ""),
    ("away chosen, machine away", [AWAY, chosen(12500)], 15500, ""),
    ("appear offline and a call", [ACTIVE, chosen(18500), CALL], 18500, ""),
    ("a meeting", [ACTIVE, MEETING], 6500, IN_A_MEETING),
    ("a meeting and a call", [ACTIVE, MEETING, CALL], 6500, ON_THE_PHONE),
    ("out of office", [ACTIVE, OUT_OF_OFFICE], 3500, "out-of-office"),
    ("out of office and a meeting", [ACTIVE, OUT_OF_OFFICE, MEETING], 6500, IN_A_MEETING),
    ("available chosen after the meeting began", [ACTIVE, MEETING, chosen(3500)], 3500, ""),
    ("available chosen before the meeting began", [ACTIVE, chosen(3500), MEETING], 6500, IN_A_MEETING),
    ("busy chosen, then available", [ACTIVE, chosen(6500), chosen(3500)], 3500, ""),
    ("a machine that says nothing", [machine(0), IDLE], 5000, ""),
]


def categories(states: list[State], container: int = 2) -> list[Category]:
    """The states as they were published one second after the other."""
    return [
        Category("state", at, container, 1, 1000.0 + at, "endpoint", each) for at, each in enumerate(states, start=2)
    ]


@pytest.mark.parametrize(("case", "states", "number", "token"), CASES, ids=[each[0] for each in CASES])
def test_server_makes_one_state_of_all(case: str, states: list[State], number: int, token: str) -> None:
    made = aggregate_of(categories(states))
    assert (made.kind, made.availability, made.activity.token if made.activity else "") == (AGGREGATE, number, token)


def test_the_input_of_another_container_does_not_count() -> None:
    assert aggregate_of([*categories([ACTIVE]), *categories([CALL], 3)]).availability == 3500


def test_since_when_somebody_is_inactive_is_told_by_the_most_active_machine() -> None:
    said = State(MACHINE, 5000, manual=False, last_active=900.0)
    assert aggregate_of(categories([ACTIVE])).last_active is None
    assert aggregate_of(categories([IDLE])).last_active == 1002.0
    assert aggregate_of(categories([AWAY, said])).last_active == 900.0
    assert aggregate_of(categories([IDLE, ACTIVE])).last_active is None


def test_the_device_is_that_of_the_most_active_machine() -> None:
    assert aggregate_of(categories([machine(5000, "computer"), machine(3500, "phone")])).device == "phone"
    assert aggregate_of(categories([machine(15500, "computer")])).device == "computer"


numbers = st.sampled_from((0, 3500, 5000, 6500, 7500, 9500, 12500, 15500, 18500))
machines = st.lists(numbers.map(lambda each: Published(machine(each))), max_size=4)
phones = st.lists(st.sampled_from((Published(CALL), Published(CONFERENCE))), max_size=2)
users = st.none() | numbers.map(lambda each: Published(chosen(each)))


@given(machines, users, phones)
def test_for_all_states_the_result_is_one_that_clients_know(
    machine_states: list[Published], user: Published | None, phone_states: list[Published]
) -> None:
    made = aggregate(machine_states, user, None, phone_states)
    assert 3000 <= made.availability <= 18500
    assert made.activity is None or made.activity.shown_at(made.availability)


@given(machines, users, phones)
def test_the_order_of_devices_does_not_matter(
    machine_states: list[Published], user: Published | None, phone_states: list[Published]
) -> None:
    turned = aggregate(machine_states[::-1], user, None, phone_states[::-1])
    assert aggregate(machine_states, user, None, phone_states) == turned


@given(machines, users, phones)
def test_another_sleeping_device_changes_nothing_while_one_is_awake(
    machine_states: list[Published], user: Published | None, phone_states: list[Published]
) -> None:
    awake = [Published(ACTIVE), *machine_states]
    with_sleeper = aggregate([*awake, Published(AWAY)], user, None, phone_states)
    assert with_sleeper == aggregate(awake, user, None, phone_states)
