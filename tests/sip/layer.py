"""One side of a conversation with its own clock, and the messages of the other side."""

from __future__ import annotations

from dataclasses import dataclass, field

from snomtui.kit.timers import Timers
from snomtui.sip.message import Request, Response
from snomtui.sip.transaction import MOST, Arrived, ClientKey, Happening, ServerKey, Transactions, Wire
from tests.sip.examples import request

UDP = Wire(1, False, ("192.0.2.7", 5060))
TCP = Wire(2, True)
OWNER = "somebody"


@dataclass
class Bench:
    """One side with its clock; every message that goes out is kept with its time."""

    timers: Timers = field(default_factory=Timers)
    now: float = 0.0
    sent: list[tuple[float, str, Wire]] = field(default_factory=list)
    messages: list[Request | Response] = field(default_factory=list)
    told: list[Happening] = field(default_factory=list)
    most: int = MOST
    t1: float = 0.5
    public: bool = False

    def __post_init__(self) -> None:
        self.layer = Transactions(self.timers, self.t1, most=self.most, public=self.public)

    def collect(self, told: list[Happening] | None = None) -> list[Happening]:
        """Take what goes out; return what was told."""
        for one in self.layer.transmit():
            label = one.message.method if isinstance(one.message, Request) else str(one.message.status)
            self.sent.append((round(self.now, 3), label, one.wire))
            self.messages.append(one.message)
        self.told += told or []
        return told or []

    def ask(self, message: Request, wire: Wire = UDP) -> ClientKey:
        """Send a request of ours."""
        key = self.layer.request(message, wire, OWNER, self.now)
        self.collect()
        return key

    def hear(self, message: Request | Response, wire: Wire = UDP) -> list[Happening]:
        """A message comes in."""
        return self.collect(self.layer.receive(message, wire, self.now))

    def serve(self, message: Request, wire: Wire = UDP) -> tuple[ServerKey, Request]:
        """A new request comes in; return what to answer it with."""
        (arrived,) = self.hear(message, wire)
        assert isinstance(arrived, Arrived) and arrived.key is not None
        return arrived.key, arrived.request

    def reply(self, key: ServerKey, response: Response) -> None:
        """Answer."""
        self.layer.respond(key, response, self.now)
        self.collect()

    def wait(self, seconds: float) -> list[Happening]:
        """Turn the clock; return what was told."""
        end, before = self.now + seconds, len(self.told)
        while (at := self.timers.next()) is not None and at <= end:
            self.now = at
            name = self.timers.pop(at)
            self.collect(self.layer.fire(name, at))
        self.now = end
        return self.told[before:]

    def times(self, label: str) -> list[float]:
        """When messages with that method or status went out."""
        return [at for at, own, _ in self.sent if own == label]


def other(method: str = "OPTIONS", branch: str = "z9hG4bKo") -> Request:
    """A request that is no INVITE."""
    headers = request().headers.with_("CSeq", f"7 {method}").with_("Via", f"SIP/2.0/UDP 10.0.0.1;branch={branch}")
    return Request(method, "sip:bob@biloxi.com", headers)


def ack_for(invite: Request, tag: str, branch: str) -> Request:
    """The ACK of the other side."""
    headers = invite.headers.with_("CSeq", f"{invite.cseq.number} ACK").with_("To", f"<sip:bob@biloxi.com>;tag={tag}")
    headers = headers.with_("Via", f"SIP/2.0/UDP pc33.atlanta.com{branch}").without("Content-Type")
    return Request("ACK", invite.uri, headers)


def cancel_for(invite: Request) -> Request:
    """The CANCEL of the other side."""
    return Request("CANCEL", invite.uri, invite.headers.with_("CSeq", f"{invite.cseq.number} CANCEL"))
