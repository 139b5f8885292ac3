"""One conversation in writing: an INVITE with `m=message`, MESSAGEs inside its dialog, a BYE at the end ([MS-SIP]).

It is no call: it rings nowhere, has no audio and hinders no call. `ChatOut` and `ChatIn` say how it comes up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from typing import Protocol

from snomtui.errors import MalformedMessage
from snomtui.kit.machine import Machine
from snomtui.line.calls.audio import SDP
from snomtui.line.calls.call import fits
from snomtui.line.calls.chattable import SPEAKING, TABLE, USABLE, Input, State
from snomtui.line.calls.plain import answer
from snomtui.line.calls.telegram import undelivered
from snomtui.line.calls.why import refusal
from snomtui.line.desk import Desk
from snomtui.line.events import MessageCame
from snomtui.line.methods import ALLOW
from snomtui.ocs import chatoffer
from snomtui.ocs.chattext import ACCEPT, TEXT, text_in
from snomtui.sip.dialog import Dialog
from snomtui.sip.grammar import readable
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.offer import sdp_part
from snomtui.sip.uri import Uri

IDLE = 600.0
"""Seconds without a text after which we end a conversation."""
MOST_WAITING = 100
"""So many texts of ours may wait in one."""
_TYPING = ("application/xml", "text/xml", "application/im-iscomposing+xml", "")
"""Bodies of an INFO that tell that somebody is typing (`KeyboardActivity`)."""


class Keeper(Protocol):
    """Whoever keeps the conversations."""

    def ended(self, chat: Chat) -> None:
        """Nothing of it is left."""

    def returned(self, chat: Chat, texts: list[str], now: float) -> None:
        """These texts could not be sent in it, for it is over; there may be another way."""

    def refused(self, chat: Chat, response: Response, texts: list[str], now: float) -> None:
        """The other side wants no conversation."""


class Chat:
    """What conversations of both directions have in common. Owner of our MESSAGEs and of our BYE."""

    call_id: str

    def __init__(self, desk: Desk, start: State, address: str, keeper: Keeper, now: float) -> None:
        """`address`: the URI of the other side, as a new conversation would be begun with."""
        self.address, self.person = address, person_of(address)
        self.tag = desk.ids.tag()
        self.dialog: Dialog | None = None
        self.spoken = now
        """When a text went last, either way."""
        self.proved = start is State.OFFERED
        """Whether this is known to work: they began it, or took a text."""
        self._desk, self._keeper = desk, keeper
        self._machine = Machine("chat", TABLE, start)
        self._texts: deque[str] = deque()
        """What is to be sent; the first one may be on its way."""
        self._asking: Request | None = None
        """Our MESSAGE that is not answered yet."""
        self._touch(now)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    @property
    def usable(self) -> bool:
        """Whether a text of ours can be given to it."""
        return self.state in USABLE

    @property
    def full(self) -> bool:
        """Whether too many texts wait in it."""
        return len(self._texts) >= MOST_WAITING

    def _touch(self, now: float) -> None:
        self.spoken = now
        self._desk.alarm(self, "idle", now + IDLE)

    # -- what we say

    def write(self, text: str, now: float) -> None:
        """Send a text, after those that wait."""
        self._texts.append(text)
        self._next(now)

    def _next(self, now: float) -> None:
        """One after the other, so that they arrive in their order."""
        if self._texts and self._asking is None and self.state in SPEAKING:
            assert self.dialog is not None
            body = TEXT, self._texts[0].encode("utf-8", "replace")
            self._touch(now)
            self._asking = self.dialog.request("MESSAGE", self._desk.letterhead.via(), (), body)
            self._desk.send(self._asking, self, now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The answer to our MESSAGE or BYE."""
        if response.status < 200:
            return
        if request.method == "BYE":
            self._finish()
            return
        self._asking = None
        if response.status < 300:
            self._delivered()
        elif response.status == 481 and self.proved and self.state is not State.ENDING:
            self._over(now)
            return
        else:
            self._undelivered(f"{response.status} {refusal(response)}")
        if response.status in (408, 481):
            self._over(now)
        self._next(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Our MESSAGE or BYE came to nothing: nobody knows whether the text arrived."""
        if request.method == "BYE":
            self._finish()
            return
        self._asking = None
        self._undelivered(why)
        if status == 408:
            self._over(now)
        else:
            self.cut_off(now)

    def _delivered(self) -> None:
        self.proved = True
        self._texts.popleft()

    def _undelivered(self, why: str) -> None:
        self._texts.popleft()
        self._lost(why)

    def _lost(self, why: str) -> None:
        self._desk.tell(undelivered(why))

    def _give_back(self, now: float) -> None:
        """What waits behind the text on its way needs another conversation."""
        texts = self._behind()
        if texts:
            self._keeper.returned(self, texts, now)

    def _behind(self) -> list[str]:
        """Take out what waits behind the text on its way, whose answer is to come."""
        kept = [self._texts.popleft()] if self._asking is not None else []
        texts = list(self._texts)
        self._texts = deque(kept)
        return texts

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self.dialog.renumbered(request) if self.dialog else request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""

    # -- what the other side says

    def owns(self, request: Request) -> bool:
        """Whether a request belongs to this conversation."""
        return request.call_id == self.call_id and self.dialog is not None and fits(self.dialog, request)

    def asked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request inside its dialog."""
        assert self.dialog is not None
        if not self.dialog.takes(request):
            self._reply(request, key, 500, now, reason="Stale CSeq")
            return
        match request.method:
            case "MESSAGE":
                self._came(request, key, now)
            case "INVITE" | "UPDATE":
                self._changed(self.dialog, request, key, now)
            case "BYE":
                self._reply(request, key, 200, now)
                self._left(now)
            case "INFO" if request.content_type in _TYPING and "Info-Package" not in request.headers:
                self._reply(request, key, 200, now)
            case "REFER":
                self._reply(request, key, 603, now)
            case "PRACK" | "NOTIFY":
                self._reply(request, key, 481, now)
            case _:
                status, headers = answer(self._desk, request)
                self._reply(request, key, status, now, headers)

    def _came(self, request: Request, key: ServerKey, now: float) -> None:
        """A text, or something that is none."""
        text = text_in(request)
        if text is None:
            self._reply(request, key, 415, now, [("Accept", ACCEPT)])
            return
        self._reply(request, key, 200, now)
        self._machine.step(Input.HEARD)
        self._touch(now)
        self._heard(readable(str(request.from_.uri)), text, now)
        self._next(now)

    def _heard(self, sender: str, text: str, now: float) -> None:
        if text.strip():
            self._desk.tell(MessageCame(sender, text))

    def _changed(self, dialog: Dialog, request: Request, key: ServerKey, now: float) -> None:
        """Nothing of it can be changed, but an offer is answered (RFC 3261 14.2)."""
        address, offered = self._desk.letterhead.local_address(), sdp_part(request) is not None
        made = chatoffer.answer(request, address) if offered else None
        if offered and made is None:
            self._reply(request, key, 488, now)
            return
        if not offered and request.method == "INVITE":
            made = chatoffer.offer(address)
        dialog.refresh(request)
        response = respond(request, 200, headers=self._introduction())
        self._desk.reply(key, response.with_body(SDP, made) if made else response, now)

    def _introduction(self) -> list[Item]:
        return [("Contact", self._desk.letterhead.contact()), ("Allow", ALLOW)]

    def _reply(
        self, request: Request, key: ServerKey, status: int, now: float, headers: Iterable[Item] = (), reason: str = ""
    ) -> None:
        self._desk.reply(key, respond(request, status, reason, headers=headers), now)

    # -- the end

    def close(self, now: float) -> None:
        """End it."""
        before = self.state
        if before is State.ENDED:
            return
        after = self._machine.step(Input.CLOSE)
        if before is State.OPEN:
            self._bye(now)
        elif after is State.ENDED:
            self._finish()

    def _bye(self, now: float) -> None:
        assert self.dialog is not None
        for _ in self._behind():
            self._lost("The conversation was ended")
        self._desk.alarm(self, "idle", None)
        self._desk.send(self.dialog.request("BYE", self._desk.letterhead.via()), self, now)

    def cut_off(self, now: float) -> None:
        """The connection is gone."""
        if self._machine.knows(Input.LOST) and self._machine.step(Input.LOST) in (State.CUT, State.ENDED):
            self._give_back(now)
        if self.state is State.ENDED:
            self._finish()

    def _left(self, now: float) -> None:
        """The other side has ended it."""
        self._over(now)

    def _over(self, now: float) -> None:
        """It cannot go on."""
        self._finish()
        self._give_back(now)

    def _finish(self) -> None:
        if self._machine.knows(Input.OVER):
            self._machine.step(Input.OVER)
        self._desk.alarm(self, "idle", None)
        self._keeper.ended(self)

    def alarm(self, name: Hashable, now: float) -> None:
        """Nothing was said for long."""
        if name == "idle":
            self.close(now)


def person_of(address: str) -> str:
    """The person behind a URI, to find a conversation by; an address that cannot be read stands for itself."""
    try:
        return Uri.parse(address).aor.lower()
    except MalformedMessage:
        return address.lower()
