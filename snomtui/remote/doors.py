"""What the web side needs of a phone, and nothing more; the composition root provides it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from snomtui.phone.history import Record
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.snapshot import Snapshot
from snomtui.presence import Contact
from snomtui.remote.inside import Inside
from snomtui.remote.intentjson import Object
from snomtui.settings.registry import Settings

Told = Callable[[Object], None]
"""Takes one event object of the outward contract, such as a `command` event."""


class Doors(Protocol):
    """The phone as the web server sees it. All calls are made in the loop that the server was started in."""

    @property
    def settings(self) -> Settings:
        """The settings as they are now; read anew at each request."""

    @property
    def model(self) -> str:
        """Such as `snom370`."""

    @property
    def version(self) -> str:
        """The firmware's version, as the web pages show it."""

    def do(self, intent: Intent) -> Refusal | None:
        """Do what a person wants; None = it is being done."""

    def touched(self, x: int, y: int) -> Intent | Refusal | None:
        """What a finger at this pixel asks for; None = nothing is there. Refused where there is no touch display."""

    def snapshot(self) -> Snapshot:
        """The whole phone at this moment."""

    def contacts(self) -> tuple[Contact, ...]:
        """All contacts with their presence."""

    def call_list(self, which: str) -> Sequence[Record]:
        """One of the lists `missed`, `received` and `dialed`, newest first."""

    def directory(self) -> tuple[Contact, ...]:
        """The phone's own directory, in the order in which it was written."""

    @property
    def inside(self) -> Inside:
        """What the status pages show."""

    def listen_events(self, callback: Told) -> Callable[[], None]:
        """Have every event object from now on; what is returned ends it."""
