"""Which device of a user: epid, instance and GRUU ([MS-SIPREGE]).

An epid is chosen once per device. The instance is computed from it, so that both sides can check it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha1
from uuid import UUID

_SPACE = UUID("fcacfb03-8a73-46ef-91b1-e5ebeeaba4fe")
_EPID = re.compile(r';\s*epid\s*=\s*"?([^;,\s">]+)', re.IGNORECASE)
_INSTANCE = re.compile(r"urn:uuid:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)
_OPAQUE = re.compile(r";opaque=user:epid:([A-Za-z0-9_-]+)", re.IGNORECASE)


def instance_uuid(epid: str) -> str:
    """The UUID of `+sip.instance` for this epid, lower case.

    It is a name-based UUID as in RFC 4122 4.3, but over bytes in Windows order.
    """
    # Both sides are given this hash; it proves nothing and needs no strength.
    digest = bytearray(sha1(_SPACE.bytes_le + epid.encode(), usedforsecurity=False).digest()[:16])
    digest[7] = digest[7] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return str(UUID(bytes_le=bytes(digest)))


def gruu(user_at_host: str, epid: str) -> str:
    """The address that reaches exactly this device of `user@host` (GRUU draft 10), with `sip:`."""
    raw = UUID(instance_uuid(epid)).bytes_le + b"\0\0"
    opaque = urlsafe_b64encode(raw).decode().rstrip("=")
    return f"sip:{user_at_host.removeprefix('sip:')};opaque=user:epid:{opaque};gruu"


def instance_of_gruu(uri: str) -> str:
    """The instance UUID that a GRUU points to, or empty if the URI is no such GRUU."""
    found = _OPAQUE.search(uri)
    if not found or not re.search(r";gruu(?![\w=])", uri, re.IGNORECASE):
        return ""
    try:
        return str(UUID(bytes_le=urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))[:16]))
    except ValueError:
        return ""


def epid_from_mac(mac: str) -> str:
    """The epid of a phone: the digits of its MAC address, lower case, with the maker's half at the end.

    The numbers of its publications are made of the first seven digits ([MS-PRES] 2.2.2.6). Two phones of one maker
    that belong to one user would write over each other's state if those were the maker's.
    """
    digits = re.sub(r"[^0-9a-f]", "", mac.lower())
    return digits[6:] + digits[:6]


def epid_of(address_text: str) -> str:
    """The `epid` parameter of a From or To header; empty if there is none."""
    found = _EPID.search(address_text.rpartition(">")[2])
    return found[1] if found else ""


def instance_of(contact_text: str) -> str:
    """The UUID in `+sip.instance` of a Contact, or of that parameter's value alone; lower case, empty if none."""
    found = _INSTANCE.search(contact_text)
    return found[1].lower() if found else ""
