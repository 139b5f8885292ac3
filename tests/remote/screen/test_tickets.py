"""Tickets are good once and not for long."""

from __future__ import annotations

from snomtui.remote.screen.tickets import LIFE, MOST, Tickets
from tests.remote.standin import Clock


def test_ticket_is_good_once() -> None:
    tickets = Tickets(Clock())
    ticket = tickets.issue()
    assert tickets.good(ticket)
    assert tickets.use(ticket)
    assert not tickets.use(ticket)


def test_ticket_is_good_for_half_a_minute() -> None:
    clock = Clock()
    tickets = Tickets(clock)
    ticket = tickets.issue()
    clock.now += LIFE
    assert not tickets.use(ticket)


def test_invented_ticket_is_not_good() -> None:
    assert not Tickets(Clock()).use("")


def test_whoever_takes_many_tickets_fills_no_memory() -> None:
    tickets = Tickets(Clock())
    first = tickets.issue()
    others = [tickets.issue() for _ in range(MOST)]
    assert not tickets.good(first)
    assert all(map(tickets.good, others))
