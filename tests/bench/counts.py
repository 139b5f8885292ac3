"""How often each figure is taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Bounds of one run of the benches."""

    starts: int
    """Starts of each program."""
    keys: int
    """Key presses."""
    dials: int
    """HTTP dials of each kind."""
    idle: float
    """Seconds over which the idle phone's processor time is counted."""
    seconds: float
    """Seconds for each figure that is a rate."""
    dialogs: tuple[int, ...] = (10, 100, 1_000, 10_000)
    """Open calls beside which the cost of one more is measured."""
    crowd: tuple[int, int] = (1_000, 200)
    """People at one front end, and contacts of each."""
    restless: tuple[int, int] = (1_000, 1_000)
    """Contacts of one phone, and how many of them change in a second."""


FULL = Counts(starts=7, keys=60, dials=200, idle=8.0, seconds=2.0)
QUICK = Counts(starts=3, keys=15, dials=40, idle=3.0, seconds=0.5, crowd=(400, 100))
TINY = Counts(starts=1, keys=2, dials=3, idle=0.5, seconds=0.05, dialogs=(2, 20), crowd=(6, 3), restless=(40, 100))
"""Only to see that everything runs."""
