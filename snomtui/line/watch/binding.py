"""The own registration as the registrar sees it; who is thrown out registers again (RFC 3680)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from snomtui.line.desk import Desk, Nobody
from snomtui.line.retries import AGAIN, Haste
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.simple.edition import Edition, Freshness
from snomtui.simple.reginfo import REGINFO_TYPE, BoundContact, RegInfo, parse_reginfo
from snomtui.sip.message import Message


class BindingWatch(Nobody):
    """Watches what the registrar has bound to our address."""

    def __init__(self, desk: Desk, letterbox: Letterbox, register: Callable[[float], None]) -> None:
        """`register(now)`: register at once."""
        self._desk, self._register = desk, register
        self._edition, self._haste = Edition(), Haste()
        topic = Topic("reg", desk.account.uri, (REGINFO_TYPE,), expires=desk.account.interests.expiry)
        self.subscription = Subscription(desk, letterbox, topic, self._came)

    def _came(self, kind: str, message: Message, now: float) -> None:
        told = parse_reginfo(message.body)
        freshness = self._edition.judge(message.call_id, told.version, told.full)
        if freshness is Freshness.OLD or not self.subscription.active:
            return  # at a farewell the last document says that we have left
        if freshness is Freshness.GAP:
            self.subscription.ask_all(now)
        wait = self._wait(told)
        if wait is None:
            return
        wait = wait or self._haste.pause(now)
        self._desk.log(4, f"The registrar has dropped {self._desk.account.aor}; registering in {wait:.0f} seconds")
        if wait:
            self._desk.alarm(self, "register", now + wait)
        else:
            self._register(now)

    def _wait(self, told: RegInfo) -> float | None:
        """Seconds until we have to register again; None if we need not, or must not."""
        mine = [each for each in told.contacts if self._ours(each)]
        if any(not each.over for each in mine) or not (mine or told.over):
            return None
        last = mine[-1] if mine else None
        if last is not None and last.event == "rejected":
            return None
        if last is not None and last.event == "probation":
            return AGAIN if last.retry_after is None else min(max(1, last.retry_after), AGAIN)
        return 0

    def _ours(self, contact: BoundContact) -> bool:
        """Whether it is this phone, as it registered: by its instance, its mark, or the whole address."""
        head = self._desk.letterhead
        own = head.contact().strip("<>")
        marked = f";line={head.token}" in contact.uri
        return self._desk.account.instance.lower() in contact.instance or marked or contact.uri == own

    def alarm(self, name: Hashable, now: float) -> None:
        """The pause is over."""
        self._register(now)

    def gone(self) -> None:
        """The registration is gone, as the line knows by itself."""
        self._desk.alarm(self, "register", None)
