"""Who has shown a certificate: the TLS extension of ASGI in each request of the connection, and whom that lets in.

A certificate stands there only if TLS has found it good: by an authority that is believed, valid now, made for clients.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

from snomtui.remote.reply import App, Receive, Scope, Send
from snomtui.settings.registry import Settings

_SHORT = {
    "commonName": "CN",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "countryName": "C",
    "streetAddress": "STREET",
    "domainComponent": "DC",
    "userId": "UID",
}
"""RFC 4514 section 3."""
_SPECIAL = str.maketrans({each: f"\\{each}" for each in ',+"\\<>;'})


def named(app: App, transport: asyncio.BaseTransport) -> App:
    """The same application, told in each request who has shown a certificate on this connection."""
    tls: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
    shown: Mapping[str, Any] | None = tls.getpeercert() if tls else None
    whole = tls.getpeercert(binary_form=True) if tls and shown else None
    if not shown or not whole:
        return app
    extension = {
        "client_cert_name": subject(shown),
        "client_cert_chain": (ssl.DER_cert_to_PEM_cert(whole),),
        "names": tuple(_names(shown)),
    }

    async def telling(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "extensions": {**(scope.get("extensions") or {}), "tls": extension}}, receive, send)

    return telling


def shown_by(scope: Scope) -> Mapping[str, Any]:
    """The certificate behind a request, as the TLS extension of ASGI tells it; empty = none."""
    found: Mapping[str, Any] = (scope.get("extensions") or {}).get("tls", {})
    return found if found.get("client_cert_name") else {}


def vouched(scope: Scope, settings: Settings) -> str:
    """The subject of a certificate that is as good as a login (`sim_web_client_names`); empty = there is none."""
    shown = shown_by(scope)
    if not shown or not settings.text("sim_web_client_ca_file"):
        return ""
    wanted = {name.strip().casefold() for name in settings.text("sim_web_client_names").split(",")} - {""}
    known = {name.casefold() for name in shown["names"]}
    return str(shown["client_cert_name"]) if not wanted or wanted & known else ""


def subject(shown: Mapping[str, Any]) -> str:
    """The subject as RFC 4514 writes it: the most special part first."""
    parts = ["+".join(f"{_SHORT.get(kind, kind)}={_escaped(value)}" for kind, value in part) for part in _rdns(shown)]
    return ",".join(reversed(parts))


def _rdns(shown: Mapping[str, Any]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(shown.get("subject", ()))


def _names(shown: Mapping[str, Any]) -> Iterator[str]:
    """By which names somebody may be let in: common name, mail address, DNS name, URI."""
    for part in _rdns(shown):
        yield from (value for kind, value in part if kind in ("commonName", "emailAddress", "userId"))
    yield from (value for kind, value in shown.get("subjectAltName", ()) if kind in ("DNS", "email", "URI"))


def _escaped(value: str) -> str:
    text = value.translate(_SPECIAL).replace("\0", "\\00")
    if text.startswith(("#", " ")):
        text = f"\\{text}"
    return f"{text[:-1]}\\ " if text.endswith(" ") and len(text) > 1 else text
