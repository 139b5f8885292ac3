"""A snom desk phone in a terminal.

The house has eight floors; a room imports from lower floors only (README, "Rooms of the house").
"""

from __future__ import annotations

__version__ = "0.1.0"
