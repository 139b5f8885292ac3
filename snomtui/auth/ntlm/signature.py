"""The SIP signature of [MS-SIPAE] 3.1: which parts of a message are signed, and how the signature is made."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.auth.ntlm.keys import SessionKeys
from snomtui.sip.message import Message, Response

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_IN_BRACKETS = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authentication header adds to the signed text; all as it stands in the header."""

    rand: str
    """crand or srand."""
    num: str
    """cnum or snum."""
    realm: str
    targetname: str
    version: int = 4
    """2, 3 or 4; only 2 has the short text."""
    scheme: str = "NTLM"


def signed_text(message: Message, stamp: Stamp) -> bytes:
    """The text under the signature; headers are used as they were written, missing ones are empty."""
    get = message.headers.get
    number, _, method = (get("CSeq") or "").strip().partition(" ")
    from_url, from_tag = _url_and_tag(get("From") or "")
    to_url, to_tag = _url_and_tag(get("To") or "")
    parts = [stamp.scheme, stamp.rand, stamp.num, stamp.realm, stamp.targetname]
    parts += [get("Call-ID") or "", number, method.strip(), from_url, from_tag]
    if stamp.version == 2:
        parts.append(to_tag)
    else:
        parts += [to_url, to_tag, *_identity(message)]
    parts.append((get("Expires") or "").strip())
    if isinstance(message, Response):
        parts.append(str(message.status))
    return "".join(f"<{part}>" for part in parts).encode("utf-8", "surrogateescape")


def sign(message: Message, stamp: Stamp, keys: SessionKeys, *, client: bool) -> str:
    """The signature as 32 lower-case hex digits."""
    return keys.sign(signed_text(message, stamp), client=client).hex()


def verify(message: Message, stamp: Stamp, keys: SessionKeys, signature: str, *, client: bool) -> bool:
    """Whether the client (or the server) made this signature; hex digits in any case."""
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        return False
    return keys.verify(signed_text(message, stamp), raw, client=client)


def _url_and_tag(header: str) -> tuple[str, str]:
    """URL and tag of a From or To, with and without angle brackets."""
    plain = _QUOTED.sub("", header) if '"' in header else header
    before, opened, rest = plain.partition("<")
    if opened:
        url, _, after = rest.partition(">")
        params = after.split(";")[1:]
    else:
        url, *params = before.split(";")
    for param in params:
        name, _, value = param.partition("=")
        if name.strip().lower() == "tag":
            return url.strip(), value.strip()
    return url.strip(), ""


def _identity(message: Message) -> tuple[str, str]:
    """The first sip: and the first tel: URI of P-Asserted-Identity, else of P-Preferred-Identity."""
    get = message.headers.get
    asserted = get("P-Asserted-Identity")
    header = asserted if asserted is not None else get("P-Preferred-Identity") or ""
    if header.strip()[:4].lower() == "tel:":
        return "", header.strip()
    found = _IN_BRACKETS.findall(_QUOTED.sub("", header))
    return _first(found, "sip:"), _first(found, "tel:")


def _first(uris: list[str], scheme: str) -> str:
    return next((uri for uri in uris if uri[:4].lower() == scheme), "")
