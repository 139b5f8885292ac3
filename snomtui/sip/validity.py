"""Whether a request can be served at all, before anybody looks at what it wants (RFC 3261 8.2, RFC 4475).

What is forgiven here because people's phones must talk to odd servers: a Request-URI that names somebody else (a PBX
rings us under names of its own, so there is no 404), any scheme in From and To, a bad Date, Max-Forwards of 0 (it
concerns proxies only, 8.2 does not look at it), names without quotation marks, blanks inside of angle brackets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from snomtui.errors import MalformedMessage
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.message import Request, Response, reason_of
from snomtui.sip.offer import sdp_part
from snomtui.sip.params import parameter_named

SDP = "application/sdp"
_SCHEMES = ("sip", "sips", "tel")
_SINGLE = ("From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Type", "Content-Length")
"""Headers that may stand there once; a second one that says the same is forgiven (RFC 3261 7.3.1)."""
_ONCE_IN_ANSWERS = ("from", "to", "call-id", "cseq")
_DESCRIBED = ("INVITE", "UPDATE")
"""Methods whose body has to be a session description."""
_AGREED = ("NOTIFY", "BENOTIFY", "CANCEL", "ACK")
"""Methods whose Require is not looked at: an extension was agreed on in the SUBSCRIBE (RFC 4662 4.5), or RFC 3261
8.2.2.3 says so."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the one who is asked can do."""

    served: tuple[str, ...]
    """Methods; they are told in Allow, in this order."""
    known: tuple[str, ...]
    """Methods that we have heard of, served or not."""
    extensions: tuple[str, ...]
    """Option tags in lower case."""
    bodies: tuple[str, ...] = ()
    """What an INVITE may hold instead of a session description, as content types in lower case."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a request is to be refused."""

    status: int
    headers: tuple[Item, ...] = ()
    reason: str = ""
    """"" = the usual phrase; else what exactly is wrong, in our own words (RFC 3261 21.4.1)."""


def refusal(request: Request, abilities: Abilities) -> Refusal | None:
    """What is wrong with a request, in the order of RFC 3261 8.2; None if it can be served.

    Not for ACK and BENOTIFY, which are never answered.
    """
    return next((found for check in _CHECKS if (found := check(request, abilities)) is not None), None)


def refusal_of_trouble(request: Request, status: int, abilities: Abilities) -> Refusal:
    """The same for a request that could not even be read: what the parser says, but 501 for an unknown method.

    Newer methods may have a grammar of their own (RFC 4475 3.1.2.18).
    """
    if status == 400 and request.method not in abilities.known:
        return _unserved(501, abilities)
    return Refusal(status)


def answer_as_it_is(request: Request, refused: Refusal) -> Response:
    """Refuse a request without understanding its headers: they are copied as they were written, each once but Via.

    The To tag is computed from the request, so a repeat of it gets the same answer (RFC 3261 8.2.7).
    """
    items: list[Item] = []
    seen: set[str] = set()
    for name, value in request.headers:
        what = key(name)
        if what == "via" or (what in _ONCE_IN_ANSWERS and what not in seen):
            seen.add(what)
            tagged = what == "to" and not parameter_named(value, "tag")
            items.append((name, f"{value};tag={_steady_tag(request)}" if tagged else value))
    headers = Headers.of(*items, *refused.headers)
    return Response(refused.status, refused.reason or reason_of(refused.status), headers)


def _steady_tag(request: Request) -> str:
    told = [f"{key(name)}:{value}" for name, value in request.headers if key(name) in ("via", *_ONCE_IN_ANSWERS)]
    return f"{crc32(chr(10).join(told).encode('utf-8', 'replace')):08x}"


# -- the checks, each a sentence of RFC 3261 8.2


def _one_of_each(request: Request, abilities: Abilities) -> Refusal | None:
    """7.3.1: these headers are no lists."""
    for name in _SINGLE:
        values = request.headers.all(name)
        if len(values) > 1 and len(set(values)) > 1:
            return Refusal(400, reason=f"Several {name} headers")
    return None


def _readable_path(request: Request, abilities: Abilities) -> Refusal | None:
    """Every Via comes back in our answer, so none may be garbage; a Request-URI has no headers (19.1.5)."""
    try:
        request.vias  # noqa: B018  reading is the check
    except MalformedMessage:
        return Refusal(400, reason="Bad Via header")
    try:
        target = request.target
    except MalformedMessage:
        return Refusal(400, reason="Bad Request-URI")
    return Refusal(400, reason="Headers in Request-URI") if target.headers else None


def _method(request: Request, abilities: Abilities) -> Refusal | None:
    """8.2.1."""
    if request.method in abilities.served:
        return None
    return _unserved(405 if request.method in abilities.known else 501, abilities)


def _unserved(status: int, abilities: Abilities) -> Refusal:
    return Refusal(status, (("Allow", ", ".join(abilities.served)),))


def _scheme(request: Request, abilities: Abilities) -> Refusal | None:
    """8.2.2.1."""
    return None if request.target.scheme in _SCHEMES else Refusal(416)


def _extensions(request: Request, abilities: Abilities) -> Refusal | None:
    """8.2.2.3."""
    if request.method in _AGREED:
        return None
    wanted = request.headers.values("Require")
    unknown = [name for name in wanted if name.lower() not in abilities.extensions]
    return Refusal(420, (("Unsupported", ", ".join(unknown)),)) if unknown else None


def _content(request: Request, abilities: Abilities) -> Refusal | None:
    """8.2.3; `handling=optional` excuses a body that nobody understands (20.11)."""
    if not request.body or request.method not in (*_DESCRIBED, "MESSAGE") or _may_be_ignored(request):
        return None
    codings = [coding.lower() for coding in request.headers.values("Content-Encoding")]
    if any(coding != "identity" for coding in codings):
        return Refusal(415, (("Accept-Encoding", "identity"),))
    if request.content_type in abilities.bodies:
        return None
    if request.method == "MESSAGE":
        fits = request.content_type.partition("/")[0] in ("", "text", "multipart")
        return None if fits else Refusal(415, (("Accept", "text/plain"),))
    return None if sdp_part(request) is not None else Refusal(415, (("Accept", SDP),))


def _may_be_ignored(request: Request) -> bool:
    disposition = request.headers.get("Content-Disposition") or ""
    return parameter_named(disposition, "handling").lower() == "optional"


def _accept(request: Request, abilities: Abilities) -> Refusal | None:
    """Our answer to an INVITE is a session description; one who cannot take it gets 406 (RFC 4475 3.3.15)."""
    accepted = request.headers.values("Accept") if request.method == "INVITE" else ()
    kinds = {kind.partition(";")[0].strip().lower() for kind in accepted}
    return Refusal(406) if kinds and not kinds & {SDP, *abilities.bodies, "application/*", "*/*"} else None


_CHECKS: tuple[Callable[[Request, Abilities], Refusal | None], ...] = (
    _one_of_each,
    _readable_path,
    _method,
    _scheme,
    _extensions,
    _content,
    _accept,
)
