"""What an answer to a REGISTER asks of us when it is no 2xx (RFC 3261 10.2.7, 21; RFC 3263 4.3)."""

from __future__ import annotations

from snomtui.line.account import PORTS, Server
from snomtui.line.answers import best_first
from snomtui.sip.address import Address
from snomtui.sip.message import Response
from snomtui.sip.reasons import reason_of

_WORDS = {
    403: "The server does not allow this login",
    404: "The server does not know this address",
    408: "The server behind this one does not answer",
    423: "The server wants a longer registration than we can give",
    503: "The server is overloaded or out of service",
}


def words(response: Response) -> str:
    """Why a registration was refused, as a telephone person would say it."""
    if 300 <= response.status < 400:
        return f"The server sends us elsewhere, but not to a place that can be used ({response.status})"
    return _WORDS.get(response.status) or response.reason or reason_of(response.status)


def elsewhere(response: Response, secure: bool) -> list[Server]:
    """The places to which a 3xx sends us, the best first; with `secure` only those that speak TLS.

    At OCS a place without a transport means TLS ([MS-SIPREGE] 3.3); `secure` has the same meaning here.
    """
    return [server for contact in best_first(response) if (server := _server(contact, secure))]


def _server(contact: Address, secure: bool) -> Server | None:
    uri = contact.uri
    if uri.scheme not in ("sip", "sips") or not uri.host:
        return None
    transport = "tls" if uri.scheme == "sips" else uri.transport
    if secure and transport in (None, "tls"):
        return Server(uri.host, uri.port, "tls")
    if secure or transport not in (*PORTS, None):
        return None
    return Server(uri.host, uri.port, transport)
