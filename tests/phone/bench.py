"""A phone beside a server that the test plays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import TypeVar

from snomtui.errors import NoMediaPort
from snomtui.kit.box import Digits, Keep, Log, Open, Play, Surroundings
from snomtui.phone.events import PhoneEvent
from snomtui.phone.history import Record
from snomtui.phone.intents import Dial, Intent, Press, Refusal
from snomtui.phone.model import Screen
from snomtui.phone.phone import Phone
from snomtui.phone.snapshot import CallState, Page, Snapshot
from snomtui.presence import Contact
from snomtui.settings.registry import Settings
from snomtui.sip.message import Request
from snomtui.skin import Shape
from tests.line.peer import HEIKO, Peer, accepted, says, silent
from tests.wire import Wire

Kind = TypeVar("Kind")
SHAPE = Shape("snom370", 8, 38, 4, 12)
PLAIN = {**HEIKO, "utc_offset": "0"}


class Bench:
    """A phone, its server, and a person in front of it."""

    def __init__(
        self,
        peer: Peer | None = None,
        contacts: Iterable[Contact] = (),
        records: Iterable[Record] = (),
        shape: Shape = SHAPE,
        settings: Mapping[str, str] | None = None,
        bare: bool = False,
    ) -> None:
        """`settings` are added to Heiko's; `bare` is a phone without any identity."""
        self.peer = peer or Peer(BYE=says(200), CANCEL=says(200))
        self.ports = iter(range(20000, 30000, 2))
        self.no_ports = False
        surroundings = Surroundings(Random(1).randbytes, self._reserve)
        values = Settings({**({} if bare else PLAIN), **(settings or {})})
        self.phone = Phone(values, shape, surroundings, contacts, records, now=1_795_400_000.0)
        self.wire = Wire(self.phone, self.peer)
        self._told: list[PhoneEvent] = []
        self.phone.start(self.now)
        self.wire.settle()

    def _reserve(self) -> int:
        if self.no_ports:
            raise NoMediaPort("No RTP port is free")
        return next(self.ports)

    @property
    def now(self) -> float:
        """The clock."""
        return self.wire.now

    def advance(self, seconds: float) -> None:
        """Turn the clock."""
        self.wire.advance(seconds)

    # -- what a person does

    def do(self, intent: Intent) -> Refusal | None:
        """Want something."""
        refusal = self.phone.do(intent, self.now)
        self.wire.settle()
        return refusal

    def press(self, *keys: str) -> None:
        """Press keys that the phone must have."""
        for key in keys:
            refusal = self.do(Press(key))
            assert refusal is None, (key, refusal)

    def write(self, text: str) -> None:
        """Type on the keyboard of the computer."""
        self.press(*(f"TEXT:{sign}" for sign in text))

    # -- what the other side does

    def ring(self, call_id: str = "in-1") -> Request:
        """Somebody calls."""
        invite = self.peer.invite(call_id=call_id)
        self.wire.settle()
        return invite

    def talk(self, uri: str = "sip:bob@example.org") -> None:
        """A call that is up."""
        self.peer.rules["INVITE"] = accepted
        assert self.do(Dial(uri)) is None
        assert self.calls[-1].state == "talking"

    def call_out(self, uri: str = "sip:bob@example.org") -> Request:
        """A call that nobody answers yet."""
        self.peer.rules["INVITE"] = silent
        assert self.do(Dial(uri)) is None
        return self.peer.last("INVITE")

    def tell(self, *messages: object) -> None:
        """The other side sends something."""
        for message in messages:
            self.peer.send(message)  # type: ignore[arg-type]
        self.wire.settle()

    # -- what is seen

    @property
    def snapshot(self) -> Snapshot:
        """The whole phone."""
        return self.phone.snapshot()

    @property
    def page(self) -> Page:
        """What the display shows."""
        return self.snapshot.page

    @property
    def screen(self) -> Screen:
        """The page on top, as the phone remembers it."""
        return self.phone.model.screen

    @property
    def rows(self) -> list[str]:
        """The texts of the rows."""
        return [row.text for row in self.page.rows]

    @property
    def calls(self) -> tuple[CallState, ...]:
        """All calls on the display."""
        return self.snapshot.calls

    @property
    def states(self) -> list[str]:
        """The states of all calls."""
        return [call.state for call in self.calls]

    def events(self, kind: type[Kind]) -> list[Kind]:
        """All events of one kind."""
        self._told += self.phone.events()
        return [event for event in self._told if isinstance(event, kind)]

    def done(self, kind: type[Kind]) -> list[Kind]:
        """All outputs of one kind."""
        return [output for output in self.wire.outputs[self.phone] if isinstance(output, kind)]

    @property
    def kept(self) -> dict[str, str]:
        """What is to be remembered, the newest of each name."""
        return {keep.name: keep.value for keep in self.done(Keep)}


__all__ = ["PLAIN", "SHAPE", "Bench", "Digits", "Keep", "Log", "Open", "Play"]
