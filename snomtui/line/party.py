"""The other side of a call, as people know it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from snomtui.line.events import MessageCame
from snomtui.sip.grammar import readable
from snomtui.sip.message import Message, Request, Response

_NAME = re.compile(r'\s*"((?:[^"\\]|\\.)*)"')
_TEL = re.compile(r"<tel:([+0-9*#.()-]+)", re.IGNORECASE)
_SCHEME = re.compile(r"(?:sips?|tel):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Party:
    """Who is at the other end. No text has surrogates: people and other programs read them."""

    uri: str = ""
    """`sip:...` in full."""
    name: str = ""
    number: str = ""
    """As a person would say it."""

    @classmethod
    def dialled(cls, uri: str, number: str) -> Party:
        """Somebody whom we call; `number` is what was dialled."""
        return cls(readable(uri), "", readable(spoken(number)))

    @classmethod
    def calling(cls, request: Request) -> Party:
        """Somebody who calls us: the asserted identity if the server gives one (RFC 3325), else From."""
        address = request.from_
        tel = _TEL.search(_asserted(request))
        number = tel[1] if tel else readable(address.uri.user or address.uri.host)
        return cls(readable(str(address.uri)), address.name, number)._named(request)

    def answering(self, response: Response) -> Party:
        """The same, by the name under which the call was answered."""
        return replace(self, name=response.to.name or self.name)._named(response)

    def _named(self, message: Message) -> Party:
        found = _NAME.match(_asserted(message))
        return replace(self, name=found[1]) if found and found[1] else self


def spoken(number: str) -> str:
    """A number or an address as a person would say it: `sip:bob@ucc.de;transport=tls` is `bob@ucc.de`."""
    user, at, host = _SCHEME.sub("", number, count=1).rpartition("@")
    return f"{user}{at}{re.split('[;?]', host)[0]}" or number


def _asserted(message: Message) -> str:
    return readable(message.headers.get("P-Asserted-Identity") or "")


def message_from(request: Request) -> MessageCame:
    """An instant message, inside a call or not; bytes that are not UTF-8 become replacement characters."""
    return MessageCame(readable(str(request.from_.uri)), request.body.decode("utf-8", "replace"))
