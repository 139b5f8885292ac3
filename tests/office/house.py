"""Builds an office with its people, and signs clients in."""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.auth.ntlm.policy import LmLevel
from snomtui.office.faults import Faults
from snomtui.office.office import NOTHING, Office
from snomtui.office.people import People
from snomtui.office.policy import Policy
from tests.office.client import Client
from tests.wire import START, Wire, surroundings

PASSWORDS = {
    "Heiko.Riedel": "Sommer2009!",
    "Julia.Falk": "Fruehling2009!",
    "Jan.Dierich": "Winter2009!",
    "Anna.Lindner": "Herbst2009!",
}
QUIET = """
domain = "ucc.de"
netbios = "UCC"
[[person]]
uri = "sip:Heiko.Riedel@ucc.de"
password = "Sommer2009!"
name = "Heiko Riedel"
numbers = ["+49301234500"]
contacts = ["sip:Julia.Falk@ucc.de"]
[[person]]
uri = "sip:Julia.Falk@ucc.de"
password = "Fruehling2009!"
name = "Julia Falk"
numbers = ["+49301234511"]
"""
"""Two people and no scripts: nothing happens by itself."""


class House:
    """An office, a wire, and any number of clients."""

    def __init__(
        self,
        *,
        people: People | None = None,
        level: int = 5,
        version: int = 4,
        fault: str = "",
        digest: bool = True,
        kept: Mapping[str, str] = NOTHING,
    ) -> None:
        policy = Policy(level=LmLevel(level), version=version, digest=digest)
        faults = Faults.parse(fault) if fault else None
        self.office = Office(people or People.parse(QUIET), policy, surroundings(7), START, faults, kept)
        self.wire = Wire(self.office)
        self._seed = 100

    @property
    def now(self) -> float:
        """The clock."""
        return self.wire.now

    def client(self, user: str = "Heiko.Riedel", **more: object) -> Client:
        """A client with an open connection, not signed in."""
        self._seed += 1
        password = str(more.pop("password", PASSWORDS[user]))
        client = Client(user, password, surroundings(self._seed), **more)  # type: ignore[arg-type]
        self.wire.boxes.insert(0, client)
        self.wire.settle()
        return client

    def signed_in(self, user: str = "Heiko.Riedel", **more: object) -> Client:
        """A client that is signed in."""
        client = self.client(user, **more)
        client.register(self.now)
        self.wire.until(lambda: client.registered, 5)
        return client

    def settle(self) -> None:
        """Let everything that is due now happen."""
        self.wire.settle()
