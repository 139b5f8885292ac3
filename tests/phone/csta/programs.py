"""Programs as tests play them: what they ask by CSTA, and what they read in the answers."""

from __future__ import annotations

from snomtui.kit.xml import Element, child, content, local, parse

ED3 = "http://www.ecma-international.org/standards/ecma-323/csta/ed3"
ED5 = "http://www.ecma-international.org/standards/ecma-323/csta/ed5"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def request(name: str, inside: str = "", namespace: str = ED5) -> bytes:
    """One request, as programs write it."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{name} xmlns="{namespace}">{inside}</{name}>'.encode()


def enveloped(name: str, inside: str) -> bytes:
    """The same in a SOAP envelope, with prefixes, as snom's own samples have it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP}" xmlns:csta="{ED5}">'
        f"<SOAP-ENV:Body><csta:{name}>{inside}</csta:{name}></SOAP-ENV:Body></SOAP-ENV:Envelope>"
    ).encode()


def answered(body: bytes) -> Element:
    """The answer, out of its envelope."""
    root = parse(body)
    inside = child(root, "Body")
    return inside[0] if local(root) == "Envelope" and inside is not None else root


def said(body: bytes) -> str:
    """The name of an answer or event."""
    return local(answered(body))


def text(body: bytes, *path: str) -> str:
    """What stands in an answer."""
    return content(answered(body), *path)


def fault(body: bytes) -> str:
    """A negative answer as `operation:invalidConnectionID`; empty if it is none."""
    root = answered(body)
    return f"{local(root[0])}:{root[0].text}" if local(root) == "CSTAErrorCode" else ""
