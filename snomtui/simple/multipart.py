"""multipart/related, the form of lists of resources (RFC 2387, RFC 4662 5.3)."""

from __future__ import annotations

from snomtui.errors import MalformedXml
from snomtui.sip.multipart import Part, bare
from snomtui.sip.params import parameter_named

MULTIPART_TYPE = "multipart/related"


def root_of(content_type: str, parts: list[Part]) -> Part:
    """The part with which reading begins (RFC 2387 3.2): the one named by `start`, else the first.

    Raises `MalformedXml` if there is none.
    """
    start = bare(parameter_named(content_type, "start"))
    found = next((part for part in parts if start and part.cid == start), parts[0] if parts else None)
    if found is None:
        raise MalformedXml("a multipart body without parts")
    return found
