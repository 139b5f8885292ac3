"""Availability numbers, activities, and the aggregation of states."""

from __future__ import annotations

import pytest

from snomtui.kit.xml import Markup, parse
from snomtui.ocs.aggregation import Published, aggregate, aggregate_of
from snomtui.ocs.categories import Category
from snomtui.ocs.publication import machine_state, phone_state, user_state
from snomtui.ocs.state import CALENDAR, MACHINE, PHONE, USER, Activity, State, availability, number_of
from snomtui.presence import Availability, Presence

ON_THE_PHONE = Activity("on-the-phone", minimum=6500, maximum=8999)


@pytest.mark.parametrize(
    ("number", "token", "meaning"),
    [
        (0, "", Availability.UNKNOWN),
        (2999, "", Availability.UNKNOWN),
        (3000, "", Availability.AVAILABLE),
        (3500, "on-the-phone", Availability.AVAILABLE),
        (4499, "", Availability.AVAILABLE),
        (4500, "", Availability.INACTIVE),
        (6000, "", Availability.BUSY),
        (6500, "on-the-phone", Availability.IN_A_CALL),
        (7000, "in-a-conference", Availability.IN_A_MEETING),
        (6500, "In-A-Meeting", Availability.IN_A_MEETING),
        (6900, "urgent-interruptions-only", Availability.URGENT_INTERRUPTIONS_ONLY),
        (9500, "urgent-interruptions-only", Availability.URGENT_INTERRUPTIONS_ONLY),
        (6500, "whatever", Availability.BUSY),
        (7500, "", Availability.BUSY),
        (8999, "on-the-phone", Availability.IN_A_CALL),
        (9000, "", Availability.DND),
        (9500, "on-the-phone", Availability.DND),
        (12000, "", Availability.BE_RIGHT_BACK),
        (15000, "", Availability.AWAY),
        (17999, "", Availability.AWAY),
        (18000, "", Availability.OFFLINE),
        (9999999999, "", Availability.OFFLINE),
    ],
)
def test_phone_translates_numbers_into_its_own_words(number: int, token: str, meaning: Availability) -> None:
    assert availability(number, token) is meaning


@pytest.mark.parametrize("meaning", list(Availability))
def test_every_state_that_is_published_reads_back(meaning: Availability) -> None:
    expected = Availability.IN_A_CALL if meaning is Availability.HOLDING else meaning
    assert availability(*number_of(meaning)) is expected


def test_state_shows_its_activity_within_the_bounds_only() -> None:
    assert State("aggregateState", 6500, ON_THE_PHONE).presence() == Presence(Availability.IN_A_CALL, "on-the-phone")
    assert State("aggregateState", 9500, ON_THE_PHONE).presence("n") == Presence(Availability.DND, "", "n")
    assert (
        Activity("x").shown_at(0) and Activity("x", maximum=9).shown_at(9) and not Activity("x", minimum=9).shown_at(8)
    )


def test_state_carries_along_what_it_does_not_know() -> None:
    text = (
        '<state xmlns="http://schemas.microsoft.com/2006/09/sip/state"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" manual="false" xsi:type="calendarState"'
        ' uri="heiko@ucc.test" startTime="2009-10-27T18:00:00Z">'
        '<activity token="out-of-office" minAvailability="12000"/>'
        "<endpointLocation/><meetingSubject>Q&amp;A</meetingSubject></state>"
    )
    state = State.parse(parse(text.encode()))
    assert state.availability == 0 and state.activity == Activity("out-of-office", minimum=12000)
    assert state.xml() == text


def test_state_reads_a_custom_activity() -> None:
    text = "<state><availability>6500</availability><activity><custom LCID='1031'>Lager</custom></activity></state>"
    state = State.parse(parse(text.encode()))
    assert state.activity == Activity(custom="Lager", language=1031)
    assert state.presence() == Presence(Availability.BUSY, "Lager")
    assert State.parse(parse(state.xml().encode())) == state


def test_name_in_an_activity_cannot_break_out() -> None:
    state = State(USER, 6500, Activity(custom='<&"\n</state>'), more=Markup())
    assert State.parse(parse(state.xml().encode())) == state


def machine(number: int, at: float = 0.0) -> list[Published]:
    return [Published(State(MACHINE, number), at)]


def user(number: int, at: float = 0.0) -> Published:
    return Published(State(USER, number, manual=True), at)


CALL = [Published(State(PHONE, 6500, ON_THE_PHONE), 50.0)]


def outcome(state: State) -> tuple[int, str]:
    return state.availability, state.activity.token if state.activity else ""


def test_idle_phone_is_available() -> None:
    assert outcome(aggregate(machine(3500))) == (3500, "")


def test_phone_in_a_call_is_seen_on_the_phone() -> None:
    assert outcome(aggregate(machine(3500), phone_states=CALL)) == (6500, "on-the-phone")


def test_do_not_disturb_hides_the_call() -> None:
    assert outcome(aggregate(machine(3500), user(9500), phone_states=CALL)) == (9500, "")


def test_away_hides_the_call() -> None:
    assert outcome(aggregate(machine(3500), user(15500), phone_states=CALL)) == (15500, "")


def test_appearing_offline_wins_over_everything() -> None:
    assert outcome(aggregate(machine(3500), user(18500), phone_states=CALL)) == (18500, "")


def test_without_an_endpoint_everybody_is_offline() -> None:
    assert outcome(aggregate([])) == (18500, "")
    assert outcome(aggregate([], user(3500))) == (18500, "")


def test_most_active_machine_counts() -> None:
    assert outcome(aggregate(machine(15500) + machine(3500) + machine(5000))) == (3500, "")


def test_machine_away_makes_the_user_away_unless_the_phone_is_in_use() -> None:
    assert outcome(aggregate(machine(15500), user(6500))) == (15500, "")
    assert outcome(aggregate(machine(15500), phone_states=CALL)) == (6500, "on-the-phone")


def test_idle_machine_shifts_available_and_busy_only() -> None:
    assert outcome(aggregate(machine(5000))) == (5000, "")
    assert outcome(aggregate(machine(5000), user(6500))) == (7500, "")
    assert outcome(aggregate(machine(5000), phone_states=CALL)) == (7500, "on-the-phone")
    assert outcome(aggregate(machine(5000), user(9500))) == (9500, "")


def test_later_choice_of_the_person_overrules_a_call() -> None:
    assert outcome(aggregate(machine(3500), user(3500, at=60), phone_states=CALL)) == (3500, "")
    assert outcome(aggregate(machine(3500), user(3500, at=40), phone_states=CALL)) == (6500, "on-the-phone")


def test_call_is_shown_before_the_meeting() -> None:
    meeting = Published(State(CALENDAR, 6500, Activity("in-a-meeting", minimum=6500, maximum=8999)))
    assert outcome(aggregate(machine(3500), None, meeting)) == (6500, "in-a-meeting")
    assert outcome(aggregate(machine(3500), None, meeting, CALL)) == (6500, "on-the-phone")


def test_watchers_learn_since_when_somebody_is_inactive() -> None:
    assert aggregate(machine(5000, at=77.0)).last_active == 77.0
    assert aggregate(machine(3500, at=77.0)).last_active is None


def test_server_aggregates_what_it_has_stored_until_the_call_ends() -> None:
    epid = "0004135a2b"
    stored = [each.stored(10.0) for each in (*machine_state(epid), *user_state(Availability.AVAILABLE))]
    call = [each.stored(20.0) for each in phone_state(epid)]
    noise = Category("note", 0, 200)
    assert outcome(aggregate_of([*stored, *call, noise])) == (6500, "on-the-phone")
    assert outcome(aggregate_of([*stored, noise])) == (3500, "")
