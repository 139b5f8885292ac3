"""All conversations in writing of one line, and the way that a text of ours takes.

At OCS that is a conversation; where somebody wants none, and at any other server, a MESSAGE outside of a dialog
(RFC 3428). A conversation that somebody began with us is used in any case.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from snomtui.errors import LocalError
from snomtui.line.calls.chat import Chat, person_of
from snomtui.line.calls.chatin import ChatIn
from snomtui.line.calls.chatout import ChatOut
from snomtui.line.calls.chattable import State
from snomtui.line.calls.replaces import Key
from snomtui.line.calls.telegram import LONGEST, Post, undelivered
from snomtui.line.calls.why import refusal
from snomtui.line.desk import Desk
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.uri import checked

MOST = 32
"""So many conversations there may be at a time."""
_INCAPABLE = (405, 406, 415, 420, 488, 501, 606)
"""Refusals of an INVITE by a device that knows no conversations in writing."""
_PLAIN = (*_INCAPABLE, 480, 486)
"""Refusals after which a plain MESSAGE is tried."""
_REMEMBERED = 64
"""So many people are remembered who want no conversation."""
_FORGOTTEN = 900.0
"""Seconds after which they are asked again; they may sit at another device by then."""


class ChatRoom:
    """The conversations of one line."""

    def __init__(self, desk: Desk, past: deque[Key], remember: Callable[[str], None]) -> None:
        """`past` gets the dialogs that are over; `remember` hears the Call-ID of each INVITE of ours."""
        self._desk, self._past, self._remember = desk, past, remember
        self._chats: list[Chat] = []
        """In the order in which they began."""
        self._post = Post(desk)
        self._plain: dict[str, float] = {}
        """People who want no conversation, and until when we believe that."""

    def __len__(self) -> int:
        return len(self._chats)

    # -- what a person wants

    def write(self, uri: str, text: str, now: float) -> None:
        """Send a text; raises `LocalError` if `uri` is none, the text is too long for a datagram, or too many wait."""
        checked(uri)
        if self._desk.transport() == "udp" and len(text.encode("utf-8", "replace")) > LONGEST:
            raise LocalError("The message is too long to be sent over UDP")
        person = person_of(uri)
        chat = next((each for each in reversed(self._chats) if each.usable and each.person == person), None)
        if chat is not None and chat.full:
            raise LocalError("Too many messages are waiting")
        if chat is not None:
            chat.write(text, now)
        elif self._desk.account.ocs and self._plain.get(person, 0.0) <= now:
            self._begin(uri, text, now)
        else:
            self._post.send(uri, text, now)

    def _begin(self, uri: str, text: str, now: float) -> None:
        if len(self._chats) >= MOST:
            quiet = [each for each in self._chats if each.state in (State.OPEN, State.CUT)]
            if not quiet:
                raise LocalError(f"There are {len(self._chats)} conversations, which is as many as there may be")
            min(quiet, key=lambda each: each.spoken).close(now)
        chat = ChatOut(self._desk, uri, self, now)
        self._chats.append(chat)
        self._remember(chat.call_id)
        chat.invite(text, now)

    def leave(self, now: float) -> None:
        """End them all."""
        for chat in list(self._chats):
            chat.close(now)

    # -- what comes in

    def offered(self, request: Request, key: ServerKey, now: float) -> None:
        """Somebody wants to write to us; raises `MalformedMessage`."""
        if len(self._chats) >= MOST:
            self._desk.reply(key, respond(request, 480, tag=self._desk.ids.tag()), now)
            return
        chat = ChatIn(self._desk, request, key, self, now)
        self._chats.append(chat)
        chat.offered(now)

    def find(self, request: Request) -> Chat | None:
        """The conversation that a request belongs to."""
        return next((chat for chat in self._chats if chat.owns(request)), None)

    def has(self, dialog: Key) -> bool:
        """Whether this is the dialog of one of them."""
        return any(chat.dialog is not None and chat.dialog.key == dialog for chat in self._chats)

    def acknowledged(self, request: Request, now: float) -> None:
        """An ACK to a 2xx came."""
        chat = self.find(request)
        if isinstance(chat, ChatIn):
            chat.acknowledged(now)

    def cancelled(self, key: ServerKey, now: float) -> None:
        """An INVITE to us was taken back."""
        for chat in list(self._chats):
            if isinstance(chat, ChatIn):
                chat.cancelled(key, now)

    def unacknowledged(self, key: ServerKey, now: float) -> None:
        """An ACK to a 2xx never came."""
        for chat in list(self._chats):
            if isinstance(chat, ChatIn):
                chat.unacknowledged(key, now)

    def cut_off(self, now: float) -> None:
        """The connection is gone."""
        for chat in list(self._chats):
            chat.cut_off(now)

    # -- what a conversation tells (`Keeper`)

    def ended(self, chat: Chat) -> None:
        """Nothing of it is left."""
        if chat in self._chats:
            self._chats.remove(chat)
            if chat.dialog is not None:
                self._past.append(chat.dialog.key)

    def returned(self, chat: Chat, texts: list[str], now: float) -> None:
        """These texts need another conversation; one that never worked is not begun again."""
        for text in texts:
            if chat.proved:
                self._again(chat.address, text, now)
            else:
                self._lost("The other side has ended the conversation")

    def refused(self, chat: Chat, response: Response, texts: list[str], now: float) -> None:
        """The other side wants no conversation; a plain message may be taken all the same."""
        if response.status in _INCAPABLE:
            self._plain[chat.person] = now + _FORGOTTEN
            if len(self._plain) > _REMEMBERED:
                del self._plain[next(iter(self._plain))]
        for text in texts:
            if response.status in _PLAIN:
                self._again(chat.address, text, now, plain=True)
            else:
                self._lost(f"{response.status} {refusal(response)}")

    def _again(self, address: str, text: str, now: float, plain: bool = False) -> None:
        try:
            if plain:
                self._post.send(address, text, now)
            else:
                self.write(address, text, now)
        except LocalError as error:
            self._lost(str(error))

    def _lost(self, why: str) -> None:
        self._desk.tell(undelivered(why))
