"""What a conversation may ask of its line, and what a line tells a conversation."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

from snomtui.kit.box import Output, Surroundings
from snomtui.kit.ids import Ids
from snomtui.line.account import Account, Server
from snomtui.line.events import Event
from snomtui.line.letterhead import Letterhead
from snomtui.sip.means import ClientKey, ServerKey, Wire
from snomtui.sip.message import Request, Response


class Conversation(Protocol):
    """Something that needs memory across messages: a registration, a call, a subscription, a publication."""

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to a request of this conversation."""

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """A request came to nothing; `status` is 408 or 503."""

    def alarm(self, name: Hashable, now: float) -> None:
        """A timer of this conversation is due."""

    def renumbered(self, request: Request) -> int:
        """A challenged request goes out again: its new CSeq number (RFC 3261 22.2)."""

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered: this request took the place of the last one."""


class Desk(Protocol):
    """A line, as its conversations see it."""

    account: Account
    ids: Ids
    surroundings: Surroundings
    letterhead: Letterhead
    """Our addresses, and requests outside a dialog."""

    def send(self, request: Request, owner: Conversation, now: float) -> ClientKey:
        """Send a request; the owner hears of it."""

    def send_over(self, request: Request, wire: Wire, owner: Conversation, now: float) -> None:
        """Send a request over another connection than the line's own; it passes no guard, who knows only that one."""

    def in_call(self) -> bool:
        """Whether there is a call."""

    def shared(self) -> bool:
        """Whether this person is signed in with another device as well."""

    def reply(self, key: ServerKey, response: Response, now: float) -> None:
        """Answer a request."""

    def acknowledge(self, ack: Request, now: float) -> None:
        """Send the ACK to a 2xx."""

    def cancel(self, key: ClientKey, now: float) -> None:
        """Take an INVITE back."""

    def tell(self, event: Event) -> None:
        """Something happened."""

    def log(self, level: int, text: str) -> None:
        """One line of the phone's log."""

    def put(self, output: Output) -> None:
        """Something for the shell, such as media."""

    def alarm(self, owner: Conversation, name: Hashable, at: float | None) -> None:
        """Set a timer of a conversation, or stop it with None."""

    def reconnect(self, now: float) -> None:
        """Register over the connection there is, or make one."""

    def next_server(self, pause: int | None, now: float) -> bool:
        """Leave this server for the next one, for `pause` seconds; False if there is none."""

    def go_to(self, server: Server, now: float) -> None:
        """Connect to another server, to which this one has sent us."""

    def go_home(self) -> None:
        """From the next connection on use the account's own server."""

    def transport(self) -> str:
        """`udp`, `tcp` or `tls`."""

    def place(self) -> str:
        """The server in use as people read it: `host:port`."""

    def login_refused(self) -> str:
        """Why a login was refused, as far as we can know, in words."""

    def auth(self) -> str:
        """How we have proved who we are: `none digest ntlmv1 ntlmv2`."""


class Nobody:
    """Takes answers that nobody waits for."""

    def answered(self, request: Request, response: Response, now: float) -> None:
        """Not waited for."""

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Not waited for."""

    def alarm(self, name: Hashable, now: float) -> None:
        """It sets no timer."""

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """Not waited for."""
