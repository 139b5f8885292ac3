"""The Via header: where an answer goes (RFC 3261 20.42, RFC 3581)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from snomtui.errors import MalformedMessage
from snomtui.kit.box import HostPort
from snomtui.sip import params as no
from snomtui.sip.grammar import TOKEN, is_host, split_list
from snomtui.sip.params import Params

_VIA = re.compile(
    rf"[Ss][Ii][Pp]\s*/\s*2\.0\s*/\s*(?P<transport>{TOKEN})\s+"
    r"(?P<host>\[[^\]]*\]|[^\s:;\[\]]+)(?:\s*:\s*(?P<port>[0-9]{1,5}))?\s*(?P<params>;.*)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Via:
    """One hop."""

    transport: str
    """As written: `UDP`, `TCP`, `TLS`; some Microsoft clients write `tls`."""
    host: str
    """IPv6 addresses keep their brackets."""
    port: int | None = None
    params: Params = no.NONE

    @classmethod
    def parse(cls, text: str) -> Via:
        """Read one Via value; raises `MalformedMessage`. The branch may be missing."""
        found = _VIA.fullmatch(text.strip())
        if not found or not is_host(found["host"]):
            raise MalformedMessage(f"not a Via: {text[:80]!r}")
        port = int(found["port"]) if found["port"] else None
        if port is not None and port > 65535:
            raise MalformedMessage(f"port out of range in Via {text[:80]!r}")
        return cls(found["transport"], found["host"], port, Params.parse(found["params"] or ""))

    @classmethod
    def parse_many(cls, text: str) -> tuple[Via, ...]:
        """Read several Via values of one line."""
        return tuple(cls.parse(piece) for piece in split_list(text))

    def __str__(self) -> str:
        return f"SIP/2.0/{self.transport} {self.sent_by}{self.params}"

    @property
    def sent_by(self) -> str:
        """Host and port as the sender wrote them."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def branch(self) -> str:
        """The branch parameter, "" if there is none (Microsoft clients leave it out)."""
        return self.params.get("branch") or ""

    @property
    def received(self) -> str:
        """The address the request came from, "" if nobody noted it."""
        return self.params.get("received") or ""

    @property
    def rport(self) -> int | None:
        """The port the request came from, if somebody noted it (RFC 3581)."""
        value = self.params.get("rport") or ""
        fits = len(value) <= 5 and value.isascii() and value.isdigit() and 0 < int(value) < 65536
        return int(value) if fits else None

    def answered_from(self, peer: HostPort) -> Via:
        """Note where the request really came from (RFC 3261 18.2.1, RFC 3581 4), whatever the sender says of it."""
        host, port = _bare(peer[0]), peer[1]
        asked = "rport" in self.params
        params = self.params.with_("rport", str(port)) if asked else self.params
        if asked or "received" in params or _bare(self.host).lower() != host.lower():
            params = params.with_("received", host)
        return self if params is self.params else replace(self, params=params)

    @property
    def reply_to(self) -> HostPort:
        """Where an answer goes over UDP (RFC 3261 18.2.2, RFC 3581 4). `maddr` is not obeyed: it only serves floods."""
        port = self.rport or self.port or (5061 if self.transport.upper() == "TLS" else 5060)
        return _bare(self.received or self.host), port


def _bare(host: str) -> str:
    return host[1:-1] if host.startswith("[") else host
