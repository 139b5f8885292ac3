"""The dialog of one subscription: who speaks in it, and what is not listened to (RFC 6665 4.4.1, RFC 5057)."""

from __future__ import annotations

from contextlib import suppress

from snomtui.errors import MalformedMessage
from snomtui.line.answers import dialog_of
from snomtui.sip.dialog import Dialog
from snomtui.sip.message import Message, Request, Response
from snomtui.sip.params import Params


class Usage:
    """One dialog from the first SUBSCRIBE on. Of several forks only the first notifier is listened to."""

    def __init__(self, event: str) -> None:
        self._event = event
        self.dialog: Dialog | None = None
        """None until an answer or a NOTIFY has come."""
        self._notifier: str | None = None
        """The tag of the notifier that we listen to; None until its first NOTIFY."""
        self._heard = -1

    @property
    def counted(self) -> int:
        """The CSeq number of our newest request in the dialog, 0 before there is one."""
        return self.dialog.local_cseq if self.dialog else 0

    def accepted(self, request: Request, response: Response) -> None:
        """A 2xx to a SUBSCRIBE; one of another fork than the notifier's changes nothing."""
        if self.dialog is None:
            self.dialog = dialog_of(request, response)
        elif self._notifier in (None, response.to.tag):
            self._retarget(response)

    def piggybacked(self, response: Response) -> None:
        """The answer counts as the first NOTIFY, as at OCS."""
        self._notifier = response.to.tag

    def objection(self, request: Request, counted: bool) -> int:
        """The status with which a NOTIFY is refused (RFC 6665 4.1.3), or 0; `counted`: its CSeq must not fall.

        Another fork gets 481: one notifier is enough, and its subscription ends by that. A NOTIFY without Event is
        taken for ours.
        """
        event, _, params = (request.headers.get("Event") or self._event).partition(";")
        if event.strip().lower() != self._event:
            return 489
        if "id" in Params.parse(params):  # we never give one
            return 481
        if self._notifier is None:
            return 0
        if request.from_.tag != self._notifier:
            return 481
        return 500 if counted and request.cseq.number < self._heard else 0

    def told(self, first: Request, notify: Request) -> None:
        """A NOTIFY without objection: the first makes the dialog of the request `first`, later ones move its target."""
        self._heard = notify.cseq.number
        fresh, self._notifier = self._notifier is None, notify.from_.tag
        if self.dialog is None or (fresh and self.dialog.remote.tag != self._notifier):
            counted = self.counted or first.cseq.number
            self.dialog = _notified(first, notify)
            self.dialog.local_cseq = counted
        else:
            self._retarget(notify)

    def _retarget(self, message: Message) -> None:
        """Take over a Contact; one that cannot be read changes nothing."""
        if self.dialog is not None:
            with suppress(MalformedMessage):
                self.dialog.refresh(message)


def _notified(first: Request, notify: Request) -> Dialog:
    try:
        return Dialog.notified(first, notify)
    except MalformedMessage:
        return Dialog.notified(first, notify.with_headers(notify.headers.without("Contact")))
