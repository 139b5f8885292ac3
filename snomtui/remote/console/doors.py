"""What the status server needs of a front end, and nothing more; the composition root provides it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from snomtui.office.journal import Entry, Journal
from snomtui.office.orders import Order, Refusal
from snomtui.office.status import Status

Noted = Callable[[Entry], None]
"""Takes one entry of the journal."""


class OfficeDoors(Protocol):
    """The front end as its status server sees it. All calls are made in the loop that the server was started in."""

    @property
    def journal(self) -> Journal:
        """What crossed the wire, and what was decided."""

    def status(self) -> Status:
        """The front end at this moment."""

    def do(self, order: Order) -> Refusal | None:
        """Do what an administrator orders; None = done."""

    def listen_journal(self, callback: Noted) -> Callable[[], None]:
        """Have every new entry of the journal from now on; what is returned ends it."""

    def trouble(self, why: str) -> None:
        """Write a defect of the web server into the log."""
