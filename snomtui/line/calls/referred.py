"""Somebody sends us elsewhere: our side of a call is transferred, or a program wants a call (RFC 3515, RFC 5589)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence

from snomtui.errors import LocalError, MalformedMessage
from snomtui.line.calls.call import Call
from snomtui.line.calls.calltable import CALLING, GOING, State
from snomtui.line.calls.referral import Referral
from snomtui.line.calls.referto import ReferTo, of_us
from snomtui.line.desk import Desk, Nobody
from snomtui.line.events import CallChanged, TransferCame, Trouble
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, respond

_REFERABLE = (State.TALKING, State.HOLDING, State.HELD)
MOST = 8
"""So many calls may there be at a time that we make because we were asked to."""
GRACE = 5.0
"""Seconds that the old call may stay beside the new one that was answered; then we put it on hold."""

Dial = Callable[[str, str, float, Sequence[Item]], Call]
"""Calls a URI under a number, now, with further headers; raises `LocalError`."""


class Referrals:
    """All that was asked of one line and is not over."""

    def __init__(self, desk: Desk, dial: Dial, crowded: Callable[[], bool]) -> None:
        """`crowded()`: there are as many calls as there may be."""
        self._desk, self._dial, self._crowded = desk, dial, crowded
        self._placed: dict[Call, Call | None] = {}
        """The calls that we make because we were asked to, and those that we leave for them."""
        self._running: list[Referral] = []
        self._told: deque[tuple[str, str, str]] = deque(maxlen=64)
        """Dialogs in which a REFER was followed before."""

    # -- what comes in

    def inside(self, call: Call, request: Request, key: ServerKey, now: float) -> None:
        """The other side of a call sends us elsewhere. The call goes on until somebody hangs up."""
        if call.dialog is None or call.state in GOING:
            self._refuse(request, key, 481, now)
        elif call.state not in _REFERABLE or self._leaves(call):
            # One after the other. Also two transfers that meet, for ours is out already: neither side may do both (as
            # RFC 3261 14.2 has it).
            self._refuse(request, key, 491, now)
        elif (wanted := self._read(request, key, now)) is not None:
            self._follow(wanted, call.dialog, request, key, now, call)
            if wanted.replaces:
                self._desk.tell(TransferCame(self._desk.account.number, call.id))

    def outside(self, request: Request, key: ServerKey, now: float) -> None:
        """Somebody wants us to make a call: only if the settings say so, for it costs us money."""
        if not self._desk.account.accepts_refer:
            self._refuse(request, key, 403, now)
            return
        wanted = self._read(request, key, now)
        if wanted is not None:
            dialog = Dialog.uas(request, self._desk.ids.tag(), self._desk.letterhead.contact())
            self._follow(wanted, dialog, request, key, now, None)

    def _leaves(self, call: Call) -> bool:
        """Whether this call is being transferred: the new one is not answered yet."""
        return any(old is call and new.state in CALLING for new, old in self._placed.items())

    def _refuse(self, request: Request, key: ServerKey, status: int, now: float) -> None:
        self._desk.reply(key, respond(request, status, tag=self._desk.ids.tag()), now)

    def _read(self, request: Request, key: ServerKey, now: float) -> ReferTo | None:
        """What is wanted; None if it was refused."""
        try:
            wanted = ReferTo.read(request, self._desk.account.host)
        except MalformedMessage as error:
            self._desk.log(4, f"REFER refused: {error}")
            self._refuse(request, key, error.status, now)
            return None
        if of_us(wanted.uri, self._desk.account.uri) and not wanted.replaces:
            self._refuse(request, key, 603, now)
            return None
        self._placed = {new: old for new, old in self._placed.items() if new.state not in GOING}
        if max(len(self._running), len(self._placed)) >= MOST or self._crowded():
            self._refuse(request, key, 486, now)
            return None
        return wanted

    # -- doing it

    def _follow(
        self, wanted: ReferTo, dialog: Dialog, request: Request, key: ServerKey, now: float, old: Call | None
    ) -> None:
        self._accept(wanted, dialog, request, key, now)
        referral = self._referral(dialog, request, now) if wanted.followed else None
        try:
            call = self._dial(wanted.uri, wanted.number, now, wanted.headers)
        except LocalError as error:
            if referral is not None:
                referral.fail(503, now)
            self._desk.tell(Trouble("transfer", str(error)))
            return
        if referral is not None:
            call.watch(referral.watch)
        self._placed[call] = old
        if old is not None:
            call.watch(Leaving(self._desk, old).watch)

    def _referral(self, dialog: Dialog, request: Request, now: float) -> Referral:
        """Begin to tell. The number of the REFER tells several of them in one dialog apart (RFC 3515 2.4.6)."""
        event = f"refer;id={request.cseq.number}" if dialog.key in self._told else "refer"
        self._told.append(dialog.key)
        referral = Referral(self._desk, dialog, event, self._running.remove, now)
        self._running.append(referral)
        referral.begin(now)
        return referral

    def _accept(self, wanted: ReferTo, dialog: Dialog, request: Request, key: ServerKey, now: float) -> None:
        headers: list[Item] = [("Contact", dialog.contact or self._desk.letterhead.contact())]
        if not wanted.followed:
            headers.append(("Refer-Sub", "false"))
        self._desk.reply(key, respond(request, 202, tag=dialog.local.tag, headers=headers), now)


class Leaving(Nobody):
    """A call that we leave for another one: on hold soon, if the other side does not hang up as it should."""

    def __init__(self, desk: Desk, call: Call) -> None:
        self._desk = desk
        self._call: Call | None = call
        """None when nothing more is to be done."""

    def watch(self, event: CallChanged) -> None:
        """The new call took a step."""
        if event.state == "talking" and self._call is not None:
            self._desk.alarm(self, "answered", 0.0)
        elif event.state == "ended":
            self._call = None

    def alarm(self, name: Hashable, now: float) -> None:
        """The new call was answered, or the time for the other side to hang up is over."""
        if name == "answered":
            self._desk.alarm(self, "grace", now + GRACE)
        elif self._call is not None:
            if self._call.state in (State.TALKING, State.HELD):
                self._call.hold(now)
            self._call = None
