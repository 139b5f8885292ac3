"""One subscription (RFC 6665; with piggyback and BENOTIFY at OCS, [MS-SIP] 3)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from snomtui.errors import RemoteError
from snomtui.kit.machine import Machine
from snomtui.line.desk import Desk
from snomtui.line.methods import EXTENSIONS
from snomtui.line.retries import AGAIN, Haste, after_end, after_refusal, ends, refresh_after
from snomtui.line.seconds import retry_after, seconds
from snomtui.line.watch.enclosure import enclosed
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.substate import SubscriptionState
from snomtui.line.watch.subtable import TABLE, Input, State
from snomtui.line.watch.usage import Usage
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Message, Request, Response, respond

__all__ = ["TABLE", "Deliver", "Input", "State", "Subscription", "Topic"]

BRIEFS = 3
"""So many 423 in a row, then it is a refusal."""
BETWEEN_ASKINGS = 30.0
"""Seconds between two requests for the whole state."""

LAST_WORD = 1.0
"""Seconds for the last NOTIFY, once the end is agreed on: some servers send none, and nobody waits gladly to quit."""

_EXTENSIONS = frozenset((*EXTENSIONS, "eventlist"))
"""What a NOTIFY may need (RFC 4662 4.5)."""

Deliver = Callable[[str, Message, float], None]
"""Takes a document: its media type, the message with it as its body, now."""
Settled = Callable[[float], None]
"""Hears, with `now`, that the server has granted or refused the subscription, or ended it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is asked for, and where."""

    event: str
    """The event package."""
    uri: str
    accepts: tuple[str, ...] = ()
    """Media types that can be read, in lower case; none = whatever comes is taken."""
    headers: tuple[Item, ...] = ()
    body: tuple[str, bytes] | None = None
    expires: int = 3600
    """Seconds; 0 asks once."""


class Subscription:
    """Asks a server to tell what changes, and hands the documents on."""

    def __init__(
        self, desk: Desk, letterbox: Letterbox, topic: Topic, deliver: Deliver, settled: Settled | None = None
    ) -> None:
        self.topic = topic
        self._desk, self._letterbox, self._deliver, self._settled = desk, letterbox, deliver, settled
        self._asked = topic.expires
        self._machine = Machine(f"subscription {topic.event}", TABLE, State.ENDED)
        self._call_id, self._tag, self._cseq = "", "", 0
        self._usage = Usage(topic.event)
        self._until = 0.0
        """When the server forgets us."""
        self._briefs, self._haste, self._ask_from = 0, Haste(), 0.0

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    @property
    def until(self) -> float:
        """When the server forgets us, seconds since 1970; 0 = it has not said."""
        return self._until if self.active else 0.0

    @property
    def active(self) -> bool:
        """Whether the server tells us what changes."""
        return self.state in (State.ACTIVE, State.REFRESHING)

    @property
    def refused(self) -> bool:
        """Whether the server tells nothing, and is not being asked."""
        return self.state in (State.WAITING, State.ENDED)

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to be said at a farewell."""
        return self.state not in (State.ABANDONED, State.ENDING)

    def start(self, now: float) -> None:
        """Subscribe anew."""
        self._machine.step(Input.START)
        self._finish()
        self._call_id, self._tag = self._desk.ids.call_id(), self._desk.ids.tag()
        self._usage, self._until, self._briefs = Usage(self.topic.event), 0.0, 0
        self._letterbox.put(self._call_id, self)
        self._send_first(1, now)

    def end(self, now: float) -> None:
        """Unsubscribe; a first SUBSCRIBE that is still out is taken back when it is answered."""
        before = self.state
        after = self._machine.step(Input.END)
        if after is State.ENDED:
            self._finish()
        elif after is State.ENDING and before is not State.ENDING:
            self._send_last(now)

    def gone(self) -> None:
        """The connection or the registration is gone, and the subscription with it."""
        self._machine.step(Input.GONE)
        self._finish()

    def ask_all(self, now: float) -> None:
        """Something was missed: have the server tell everything, but not again and again."""
        if self.state is State.ACTIVE and now >= self._ask_from:
            self._ask_from = now + BETWEEN_ASKINGS
            self._refresh(now)

    def ask(self, now: float, body: tuple[str, bytes] | None = None) -> bool:
        """Ask again in the same dialog at once, with `body` instead of the topic's; False if that is not possible."""
        if self.state is State.ACTIVE:
            self._refresh(now, body)
        return self.state is State.REFRESHING

    # -- what goes out

    def _asking(self, expires: int) -> list[Item]:
        accept = [("Accept", ", ".join(self.topic.accepts))] if self.topic.accepts else []
        contact, event = ("Contact", self._desk.letterhead.contact()), ("Event", self.topic.event)
        return [contact, event, *accept, *self.topic.headers, ("Expires", str(expires))]

    def _filled(self, request: Request) -> Request:
        return request.with_body(*self.topic.body) if self.topic.body else request

    def _send_first(self, cseq: int, now: float) -> None:
        head = self._desk.letterhead
        uri = self.topic.uri
        request = head.request("SUBSCRIBE", uri, f"<{uri}>", self._tag, self._call_id, cseq, self._asking(self._asked))
        self._cseq, self._request = cseq, self._filled(request)
        self._desk.send(self._request, self, now)

    def _send_inside(self, expires: int, now: float, body: tuple[str, bytes] | None = None) -> None:
        assert self._usage.dialog is not None
        request = self._usage.dialog.request("SUBSCRIBE", self._desk.letterhead.via(), self._asking(expires))
        self._cseq = request.cseq.number
        filled = request.with_body(*body) if body else self._filled(request)
        self._desk.send(filled if expires else request, self, now)

    def _send_last(self, now: float) -> None:
        self._desk.alarm(self, "refresh", None)
        self._watch_for_silence(now)
        self._send_inside(0, now)

    def _refresh(self, now: float, body: tuple[str, bytes] | None = None) -> None:
        if self._machine.step(Input.DUE) is State.REFRESHING:
            self._desk.alarm(self, "refresh", None)
            self._send_inside(self._asked, now, body)
        else:  # short, and not even the first NOTIFY has come
            self._desk.alarm(self, "refresh", now + 5)

    def _watch_for_silence(self, now: float) -> None:
        """Timer N (RFC 6665 4.1.2.4): how long a NOTIFY may take."""
        self._desk.alarm(self, "silence", now + 64 * self._desk.account.t1)

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return max(request.cseq.number, self._usage.counted) + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        self._cseq = request.cseq.number
        if self._usage.dialog:
            self._usage.dialog.local_cseq = self._cseq
        else:
            self._request = request

    # -- what is answered

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to a SUBSCRIBE; only that to the newest one matters."""
        if response.status < 200 or request.call_id != self._call_id or request.cseq.number != self._cseq:
            return
        if response.status < 300:
            self._accepted(request, response, now)
        elif response.status == 423 and self._machine.knows(Input.TOO_BRIEF) and self._longer(response):
            self._again_longer(now)
        else:
            self._refused(response.status, retry_after(response), now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """The SUBSCRIBE came to nothing."""
        if request.call_id == self._call_id and request.cseq.number == self._cseq:
            self._refused(status, None, now)

    def _accepted(self, request: Request, response: Response, now: float) -> None:
        if not self._machine.knows(Input.ACCEPTED):
            return
        before, state = self.state, self._machine.step(Input.ACCEPTED)
        self._briefs = 0
        self._usage.accepted(request, response)
        if state is State.ENDING:
            self._parting(before, now)
            return
        granted = self._asked if response.expires is None else min(response.expires, self._asked)
        if before is State.ACTIVE and self._until > now:
            granted = min(granted, int(self._until - now))  # the NOTIFY was faster, and said so
        self._schedule(granted, now)
        if state is State.EXPECTING:
            self._expect(response, now)
        elif self._desk.account.ocs and response.body:
            self._take(response, response, now)
        self._tell_settled(now)

    def _tell_settled(self, now: float) -> None:
        if self._settled:
            self._settled(now)

    def _parting(self, before: State, now: float) -> None:
        """The server has agreed to what is to end, or to its end. OCS sends no last NOTIFY."""
        if before is State.ABANDONED:
            self._send_last(now)
        elif self._desk.account.ocs:
            self._machine.step(Input.TERMINATED)
            self._finish()
        else:
            self._desk.alarm(self, "silence", now + LAST_WORD)

    def _expect(self, response: Response, now: float) -> None:
        """OCS sends the first document on the back of its answer; all others must send a NOTIFY.

        Some leave out ms-piggyback-cseq. What was asked for once and came empty is waited for like elsewhere.
        """
        if not self._desk.account.ocs or not (self._asked or response.body):
            self._watch_for_silence(now)
            return
        self._machine.step(Input.TOLD)
        self._usage.piggybacked(response)
        if response.body:
            self._take(response, response, now)
            if not self._asked and self._machine.knows(Input.TERMINATED):
                self._over(SubscriptionState.of(response), now)

    def _longer(self, response: Response) -> bool:
        """Whether the server names an expiry that is worth another try."""
        least = seconds(response.headers.get("Min-Expires")) or 0
        self._briefs += 1
        if self._briefs > BRIEFS or least <= self._asked or not self._asked:
            return False
        self._asked = least
        return True

    def _again_longer(self, now: float) -> None:
        if self._machine.step(Input.TOO_BRIEF) is State.REFRESHING:
            self._send_inside(self._asked, now)
        else:
            self._send_first(self._cseq + 1, now)

    def _refused(self, status: int, told: int | None, now: float) -> None:
        if not self._machine.knows(Input.DENIED):
            return  # a NOTIFY has come all the same, or it is over
        self._desk.log(4, f"Subscription {self.topic.event} to {self.topic.uri} refused with code {status}")
        pause = after_refusal(status, told) if self._asked else None
        if self.state is State.REFRESHING and not ends(status) and now < self._until:
            self._machine.step(Input.POSTPONED)
            later = pause if told is not None and pause else max(5.0, (self._until - now) / 2)
            self._desk.alarm(self, "refresh", now + min(later, self._until - now))
            return
        after = self._machine.step(Input.DENIED)
        self._finish()
        if after is State.WAITING:
            self._next_try(pause, now)
            self._tell_settled(now)

    # -- what is told

    def belongs(self, request: Request) -> bool:
        """Whether a NOTIFY or BENOTIFY with our Call-ID is about this subscription, or about a fork of it."""
        return request.to.tag == self._tag

    def notified(self, request: Request, key: ServerKey | None, now: float) -> None:
        """A NOTIFY (answered) or a BENOTIFY (never answered)."""
        refusal = self._usage.objection(request, key is not None)
        if refusal:
            self._answer(request, key, refusal, now)
            return
        if unknown := self._unknown(request):
            self._answer(request, key, 420, now, [("Unsupported", ", ".join(unknown))])
            return
        readable = enclosed(request, self.topic.accepts) if request.body else None
        if request.body and readable is None:
            accept = [("Accept", ", ".join(self.topic.accepts)), ("Accept-Encoding", "identity")]
            self._answer(request, key, 415, now, accept)
        else:
            self._answer(request, key, 200, now)
        self._usage.told(self._request, request)
        self._take(request, readable, now)

    def _unknown(self, request: Request) -> list[str]:
        """Extensions that a NOTIFY needs and we do not know (RFC 3261 8.2.2.3); those of OCS were all agreed on."""
        names = () if self._desk.account.ocs else request.headers.values("Require")
        return [name for name in names if name.lower() not in _EXTENSIONS]

    def _answer(
        self, request: Request, key: ServerKey | None, status: int, now: float, headers: list[Item] | None = None
    ) -> None:
        if status != 200:
            self._desk.log(4, f"{request.method} about {self.topic.event} refused with code {status}")
        if key is not None:
            self._desk.reply(key, respond(request, status, headers=headers or []), now)

    def _take(self, message: Message, readable: Message | None, now: float) -> None:
        """What the server says of the subscription, and the document, if it can be read."""
        told, call_id = SubscriptionState.of(message), self._call_id
        if not told.said and isinstance(message, Request):
            self._desk.log(5, f"{message.method} without Subscription-State taken for active")
        if not told.terminated:
            self._alive(told, now)
        if readable is not None and readable.body:
            self._hand_on(readable, now)
        over = told.terminated or (self._asked == 0 and isinstance(message, Request))
        if over and self._call_id == call_id:  # else it was begun anew by what it delivered
            self._over(told, now)

    def _alive(self, told: SubscriptionState, now: float) -> None:
        before, state = self.state, self._machine.step(Input.TOLD)
        if state is State.ENDING:
            if before is State.ABANDONED:
                self._send_last(now)
            return
        self._desk.alarm(self, "silence", None)
        left = told.expires if told.expires is not None else None if self._until else self._asked
        if left and state is State.ACTIVE and abs(now + min(left, self._asked) - self._until) > 2:
            self._schedule(min(left, self._asked), now)

    def _hand_on(self, message: Message, now: float) -> None:
        """A document that cannot be read costs itself and a log line."""
        try:
            self._deliver(message.content_type, message, now)
        except RemoteError as error:
            self._desk.log(4, f"Document about {self.topic.event} dropped: {error}")

    def _over(self, told: SubscriptionState, now: float) -> None:
        if not self._machine.knows(Input.TERMINATED):
            return
        after = self._machine.step(Input.TERMINATED)
        self._finish()
        if after is State.WAITING:
            unsaid = "timeout" if self._desk.account.ocs and told.retry_after is None else ""  # OCS names no reason
            pause = after_end(told.reason or unsaid, told.retry_after)
            self._next_try(pause if self._asked else None, now)
            self._tell_settled(now)

    # -- time

    def _next_try(self, pause: float | None, now: float) -> None:
        if pause is None:
            self._machine.step(Input.END)
            return
        pause = pause or self._haste.pause(now)
        if pause:
            self._desk.alarm(self, "again", now + pause)
        else:
            self.start(now)

    def _schedule(self, granted: int, now: float) -> None:
        if self._asked:
            granted = granted or AGAIN  # 0 for what is no end: a NOTIFY will say so
            self._until = now + granted
            self._desk.alarm(self, "refresh", now + refresh_after(granted, self._desk.ids.dice))

    def _finish(self) -> None:
        """Nothing of the last dialog is expected any more."""
        self._letterbox.drop(self._call_id)
        for name in ("refresh", "silence", "again"):
            self._desk.alarm(self, name, None)

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to refresh, to try again, or to wait no longer for a NOTIFY."""
        if name == "again":
            self.start(now)
        elif name == "silence":
            self._unheard(now)
        elif self._machine.knows(Input.DUE):
            self._refresh(now)

    def _unheard(self, now: float) -> None:
        """Timer N has ended: a subscription without a NOTIFY is none."""
        if not self._machine.knows(Input.SILENCE):
            return
        after = self._machine.step(Input.SILENCE)
        self._finish()
        if after is State.WAITING:
            self._desk.log(4, f"No NOTIFY about {self.topic.event} from {self.topic.uri}")
            self._next_try(AGAIN if self._asked else None, now)
