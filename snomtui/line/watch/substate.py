"""What a notifier says of a subscription: the header Subscription-State (RFC 6665 8.2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.line.seconds import seconds
from snomtui.sip.message import Message
from snomtui.sip.params import Params


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """One Subscription-State."""

    word: str = "active"
    """`active`, `pending`, `terminated` or a word of the future; in lower case."""
    reason: str = ""
    """Why it is over, in lower case; empty = not said."""
    expires: int | None = None
    """Seconds that are left."""
    retry_after: int | None = None
    """Seconds to wait before a new subscription."""
    said: bool = True
    """Whether the header was there at all; a message without it counts as active."""

    @classmethod
    def of(cls, message: Message) -> SubscriptionState:
        """Read the header of a message; anything odd in it counts as not said."""
        text = message.headers.get("Subscription-State") or ""
        word, _, rest = text.partition(";")
        word = word.strip().lower()
        params = Params.parse(rest)
        return cls(
            word=word or "active",
            reason=(params.get("reason") or "").strip().lower(),
            expires=seconds(params.get("expires")),
            retry_after=seconds(params.get("retry-after")),
            said=bool(word),
        )

    @property
    def terminated(self) -> bool:
        """Whether the subscription is over."""
        return self.word == "terminated"
