"""CSTA as XML: what is asked is read, and answers are written, plain or in a SOAP envelope (ECMA-323, annex J)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Element, Markup, child, content, join, local, parse, tag

_NAMESPACE = re.compile(r"http://www\.ecma-international\.org/standards/ecma-323/csta/ed[1-9][0-9]?")
EDITION = "http://www.ecma-international.org/standards/ecma-323/csta/ed5"
"""The edition in which mistakes are told when nobody knows which one is spoken; snom's own answers are in it."""
SOAP_TYPE = "text/xml; charset=utf-8"
"""What answers over HTTP are."""
_SOAP = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


class CstaFault(Exception):
    """A negative answer (ECMA-269 12.2.22): `kind` and `value` for programs, the text for people."""

    def __init__(self, why: str, kind: str = "operation", value: str = "generic") -> None:
        super().__init__(why)
        self.kind, self.value = kind, value


@dataclass(frozen=True, slots=True)
class Style:
    """How an answer is to be dressed: as the question was."""

    namespace: str = EDITION
    soap: str = ""
    """The namespace of the envelope; empty = there is none."""

    def whole(self, name: str, *inside: str) -> bytes:
        """A document with this root element."""
        root = tag(name, {"xmlns": self.namespace}, *inside)
        if self.soap:
            root = tag("SOAP-ENV:Envelope", {"xmlns:SOAP-ENV": self.soap}, tag("SOAP-ENV:Body", None, root))
        return (_HEAD + root).encode()

    def fault(self, fault: CstaFault) -> bytes:
        """A negative answer."""
        return self.whole("CSTAErrorCode", tag(fault.kind, None, fault.value))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    name: str
    """Such as `MakeCall`."""
    element: Element
    style: Style

    def text(self, *path: str) -> str:
        """What stands in an element inside; empty if it is not there."""
        return content(self.element, *path)

    def connection(self, name: str) -> tuple[str, str]:
        """Call and device of a connection (ECMA-269 12.3.8); snom's own samples have the bare number of the call."""
        found = child(self.element, name)
        if found is None:
            raise CstaFault(f"{self.name} needs {name}", value="invalidConnectionID")
        bare = "" if len(found) else (found.text or "").strip()
        return content(found, "callID") or bare, content(found, "deviceID")


def read(body: bytes) -> Asked:
    """What is asked; raises `CstaFault` for what is no CSTA."""
    try:
        root = parse(body)
    except MalformedXml as error:
        raise CstaFault(str(error)) from None
    soap = ""
    if local(root) == "Envelope":
        soap = _namespace(root)
        inside = child(root, "Body")
        if soap not in _SOAP or inside is None or not len(inside):
            raise CstaFault("There is nothing in this SOAP envelope")
        root = inside[0]
    namespace = _namespace(root)
    if not _NAMESPACE.fullmatch(namespace):
        raise CstaFault(f"<{local(root)[:40]}> is no CSTA: its namespace must be such as {EDITION}")
    return Asked(local(root), root, Style(namespace, soap))


def _namespace(element: Element) -> str:
    return element.tag[1:].partition("}")[0] if element.tag[:1] == "{" else ""


def connection(name: str, call: str, device: str) -> Markup:
    """A connection: one device in one call."""
    return tag(name, None, tag("callID", None, call), tag("deviceID", None, device))


def device(name: str, identifier: str) -> Markup:
    """A device in an event."""
    known = tag("deviceIdentifier", None, identifier) if identifier else tag("notKnown")
    return tag(name, None, known)


def elements(*parts: tuple[str, str]) -> Markup:
    """Plain elements, one after the other."""
    return join([tag(name, None, text) for name, text in parts])
