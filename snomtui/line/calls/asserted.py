"""Who somebody is as a server says it, whether that may be shown, and who has sent a call on to us.

P-Asserted-Identity (RFC 3325) counts more than Remote-Party-ID (an expired draft that PBXs still use). A
P-Preferred-Identity is a wish of the caller and is never believed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from snomtui.errors import MalformedMessage
from snomtui.sip.address import Address
from snomtui.sip.grammar import readable
from snomtui.sip.message import Message, Request
from snomtui.sip.uri import Uri

_PHONE_NUMBER = re.compile(r"\+?[0-9*#][0-9*#.()-]*")
_HIDING = {"id", "user", "header"}
"""Privacy values that mean: do not show who it is (RFC 3323 4.2, RFC 3325 9.3)."""
_MOST = 20
"""So many values of one header are looked at."""
_SENT_ON = re.compile(r"cause\s*=\s*[34568]\d\d", re.IGNORECASE)
_RESTRICTED = "anonymous"


@dataclass(frozen=True, slots=True)
class Asserted:
    """Who somebody is, as a server says it. No text has surrogates."""

    uri: str
    """`sip:...`, or `tel:...` if the server gives nothing else."""
    name: str
    """Empty if it gives none."""
    number: str
    """A phone number, or empty."""
    hidden: bool
    """Whether it must not be shown."""


def asserted(message: Message) -> Asserted | None:
    """The asserted identity in a message, or None if there is none that can be read."""
    found = addresses(message, "P-Asserted-Identity")
    hidden = hides(message)
    if not found:
        found = _remote_party(message)
        hidden = hidden or any((each.params.get("privacy") or "").lower() in ("full", "uri") for each in found[:1])
    if not found:
        return None
    main = next((each for each in found if each.uri.host), found[0])
    numbers = (phone_number(each.uri) for each in (*(e for e in found if e.uri.scheme == "tel"), main))
    uri = readable(str(main.uri))
    return Asserted(uri, next((each.name for each in found if each.name), ""), next(filter(None, numbers), ""), hidden)


def hides(message: Message) -> bool:
    """Whether the caller asks not to be shown (RFC 3323)."""
    asked = {word.strip().lower() for text in message.headers.values("Privacy") for word in text.split(";")}
    return bool(asked & _HIDING)


def addresses(message: Message, name: str) -> list[Address]:
    """The values of a header of addresses; one that cannot be read costs itself only."""
    found = []
    for text in message.headers.values(name)[:_MOST]:
        with suppress(MalformedMessage):
            found.append(Address.parse(text))
    return found


def _remote_party(message: Message) -> list[Address]:
    found = addresses(message, "Remote-Party-ID")
    wanted = "calling" if isinstance(message, Request) else "called"
    found.sort(key=lambda each: (each.params.get("party") or wanted).lower() != wanted)
    return found[:1]


def phone_number(uri: Uri) -> str:
    """The phone number in a URI, empty if it has none."""
    user = uri.plain_user.partition(";")[0]
    return user if _PHONE_NUMBER.fullmatch(user) else ""


def is_anonymous(address: Address) -> bool:
    """Whether an address is one behind which people hide (RFC 3323 4.1.1.3)."""
    return address.uri.user.lower() == _RESTRICTED or address.uri.host.lower() == "anonymous.invalid"


# -- who has sent a call on


def diverted_by(request: Request) -> str:
    """The name or number of whoever redirected a call to us, as Diversion (RFC 5806) or History-Info (RFC 7044) tell.

    Empty if nobody did.
    """
    found = addresses(request, "Diversion")
    if found:
        private = (found[0].params.get("privacy") or "").lower() in ("full", "uri")
        return _RESTRICTED if private else _called(found[0])
    return _from_history(request)


def _from_history(request: Request) -> str:
    """The last entry from which the call was sent on: it says why, or the next one says that the target changed."""
    entries = addresses(request, "History-Info")
    for at in range(len(entries) - 2, -1, -1):
        entry, following = entries[at], entries[at + 1]
        if "mp" in following.params or "cause" in following.uri.params or _gave_a_reason(entry):
            return _RESTRICTED if "privacy=" in entry.uri.headers.lower() else _called(entry)
    return ""


def _gave_a_reason(entry: Address) -> bool:
    """`?Reason=SIP%3Bcause%3D302` (RFC 7044 5): what the entry answered when it was tried."""
    reasons = (each.partition("=")[2] for each in entry.uri.headers.split("&") if each.lower().startswith("reason="))
    return any(_SENT_ON.search(unquote(each)) for each in reasons)


def _called(address: Address) -> str:
    if is_anonymous(address):
        return _RESTRICTED
    return address.name or phone_number(address.uri) or readable(address.uri.user or address.uri.host)
