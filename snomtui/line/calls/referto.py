"""What somebody asks of us with REFER: whom to call, and with which headers (RFC 3515 2, RFC 3892, RFC 4488)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from snomtui.errors import MalformedMessage
from snomtui.line.calls.asserted import phone_number
from snomtui.line.calls.replaces import Replaces
from snomtui.sip.address import uri_text
from snomtui.sip.headers import Item, key
from snomtui.sip.message import Request
from snomtui.sip.uri import Uri

_TAKEN_OVER = frozenset({"subject", "accept-contact", "reject-contact", "request-disposition", "priority"})
"""Headers in the URI that go into our INVITE; any other could speak in our name (RFC 3261 19.1.5)."""
_BREAKS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ReferTo:
    """Whom we shall call."""

    uri: str
    """The request URI, without headers and method."""
    number: str
    """As a person would dial it."""
    headers: tuple[Item, ...]
    """What our INVITE carries: Referred-By, Replaces and the like."""
    followed: bool
    """Whether the other side wants to hear how it goes."""

    @property
    def replaces(self) -> bool:
        """Whether our call shall take the place of another one."""
        return any(name == "Replaces" for name, _ in self.headers)

    @classmethod
    def read(cls, request: Request, host: str) -> ReferTo:
        """Read a REFER; `host` is where phone numbers are called. Raises `MalformedMessage` with the status to answer.

        400 without exactly one address or with headers that make no sense, 416 for what cannot be called, 501 for
        anything else than a call.
        """
        lines = request.headers.values("Refer-To")
        if len(lines) != 1:
            raise MalformedMessage(f"{len(lines)} Refer-To addresses")
        # Without brackets all is taken for the URI: whoever forgets them means it so.
        uri = Uri.parse(uri_text(lines[0]) if "<" in lines[0] else lines[0])
        if (uri.params.get("method") or "INVITE").upper() != "INVITE":
            raise MalformedMessage("Refer-To asks for something else than a call", 501)
        headers = (*_embedded(uri), *_referred_by(request))
        plain = replace(uri, headers="").without_param("method")
        return cls(_callable(plain, host), phone_number(uri) or uri.user or uri.host, headers, _wants_to_hear(request))


def _callable(uri: Uri, host: str) -> str:
    if uri.scheme in ("sip", "sips"):
        return str(uri)
    number = phone_number(uri)
    if uri.scheme != "tel" or not number:
        raise MalformedMessage(f"cannot call {str(uri)[:80]!r}", 416)
    return f"sip:{quote(re.sub('[-.()]', '', number), safe='+*')}@{host};user=phone"


def _embedded(uri: Uri) -> Iterator[Item]:
    """The headers in the URI that we take over."""
    pairs = [piece.partition("=") for piece in uri.headers.split("&") if piece]
    found = [(key(unquote(name).strip()), unquote(value).strip()) for name, _, value in pairs]
    if any(_BREAKS.search(value) for _, value in found):
        raise MalformedMessage("a header in Refer-To would break the line")
    wanted = [value for name, value in found if name == "replaces"]
    if len(wanted) > 1 or (wanted and any(name == "join" for name, _ in found)):
        raise MalformedMessage("several calls to replace in Refer-To")
    for value in wanted:
        yield "Replaces", str(Replaces.parse(value))
        yield "Require", "replaces"
    for name, value in found:
        if name in _TAKEN_OVER and value:
            yield name.title(), value


def _referred_by(request: Request) -> list[Item]:
    """Who has sent us there, exactly as it was said: it may be signed (RFC 3892 3)."""
    said = request.headers.get("Referred-By")
    return [("Referred-By", said)] if said else []


def _wants_to_hear(request: Request) -> bool:
    """Whether NOTIFYs are wanted (RFC 4488 4; RFC 7614 5.2)."""
    wish = (request.headers.get("Refer-Sub") or "").partition(";")[0].strip().lower()
    return wish != "false" and "nosub" not in [each.lower() for each in request.headers.values("Require")]


def of_us(uri: str, own: str) -> bool:
    """Whether an address is our own one."""
    return Uri.parse(uri).aor.lower() == Uri.parse(own).aor.lower()
