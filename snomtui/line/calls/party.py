"""The other side of a call, as people know it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace

from snomtui.errors import MalformedMessage
from snomtui.line.calls.asserted import asserted, diverted_by, hides, is_anonymous, phone_number
from snomtui.sip.grammar import readable
from snomtui.sip.message import Message, Request, Response
from snomtui.sip.uri import Uri

_SCHEME = re.compile(r"(?:sips?|tel):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Party:
    """Who is at the other end. No text has surrogates: people and other programs read them."""

    uri: str = ""
    """`sip:...` in full."""
    name: str = ""
    number: str = ""
    """As a person would say it."""
    diverted_by: str = ""
    """Name or number of whoever sent this call on to us; empty = nobody."""

    @classmethod
    def dialled(cls, uri: str, number: str) -> Party:
        """Somebody whom we call; `number` is what was dialled."""
        return cls(readable(uri), "", readable(spoken(number)))

    @classmethod
    def calling(cls, request: Request) -> Party:
        """Somebody who calls us: the asserted identity if a server gives one (RFC 3325), else From.

        Who asks for privacy is anonymous, whatever else the request says (RFC 3323).
        """
        sent_on = diverted_by(request)
        sure, claimed = asserted(request), request.from_
        if hides(request) or (sure.hidden if sure else is_anonymous(claimed)):
            return replace(ANONYMOUS, diverted_by=sent_on)
        name = "" if is_anonymous(claimed) else claimed.name
        if sure is None:
            return cls(readable(str(claimed.uri)), name, _number(claimed.uri), sent_on)
        return cls(sure.uri, sure.name or name, sure.number or _number_in(sure.uri), sent_on)

    def answering(self, response: Response) -> Party:
        """The same, by the name under which the call rings or was answered; what was dialled stays to be seen."""
        named = replace(self, name=response.to.name or self.name)
        found = asserted(response)
        if found is None or found.hidden:
            return named
        uri = self.uri if _same(found.uri, self.uri) else found.uri
        return replace(named, uri=uri, name=found.name or named.name, number=found.number or self.number)

    def connected(self, message: Message) -> Party:
        """Who is at the other end now, if a message of a call that is up says so (RFC 5876)."""
        found = asserted(message)
        if found is None or found.hidden:
            return self
        if _same(found.uri, self.uri):
            return replace(self, name=found.name or self.name, number=found.number or self.number)
        return replace(self, uri=found.uri, name=found.name, number=found.number or _number_in(found.uri))


ANONYMOUS = Party("sip:anonymous@anonymous.invalid", "Anonymous", "anonymous")
"""Somebody who does not want to be known."""


def _number(uri: Uri) -> str:
    return phone_number(uri) or readable(uri.user or uri.host)


def _number_in(text: str) -> str:
    with suppress(MalformedMessage):
        return _number(Uri.parse(text))
    return spoken(text)


def _same(one: str, other: str) -> bool:
    """Whether two addresses are one person's, as far as can be seen."""
    with suppress(MalformedMessage):
        return Uri.parse(one).aor.lower() == Uri.parse(other).aor.lower()
    return False


def spoken(number: str) -> str:
    """A number or an address as a person would say it: `sip:bob@ucc.de;transport=tls` is `bob@ucc.de`."""
    user, at, host = _SCHEME.sub("", number, count=1).rpartition("@")
    return f"{user}{at}{re.split('[;?]', host)[0]}" or number
