"""What an answer to a REGISTER asks of us when it is no 2xx (RFC 3261 10.2.7, 21; RFC 3263 4.3)."""

from __future__ import annotations

from snomtui.line.account import PORTS, Server
from snomtui.line.answers import best_first, warned
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
    said, more = _WORDS.get(response.status) or response.reason or reason_of(response.status), warned(response)
    return f"{said}: {more}" if more else said


def elsewhere(response: Response, secure: bool, ocs: bool = False) -> list[Server]:
    """The places to which a 3xx sends us, the best first; with `secure` only those that speak TLS.

    At OCS a place without a transport means TLS ([MS-SIPREGE] 3.3), and nothing is done over UDP.
    """
    return [server for contact in best_first(response) if (server := _server(contact, secure, ocs))]


def _server(contact: Address, secure: bool, ocs: bool) -> Server | None:
    uri = contact.uri
    if uri.scheme not in ("sip", "sips") or not uri.host:
        return None
    transport = "tls" if uri.scheme == "sips" else uri.transport
    if transport is None and (secure or ocs):
        transport = "tls"
    if transport not in (*PORTS, None) or (ocs and transport == "udp") or (secure and transport != "tls"):
        return None
    return Server(uri.host, uri.port, transport)
