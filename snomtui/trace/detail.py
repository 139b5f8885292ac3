"""One message in words: where it went, its signature, its NTLM and Digest fields, its SDP, its headers and body."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.auth.challenge import AuthLine
from snomtui.auth.ntlm import words as tokens
from snomtui.errors import MalformedSdp
from snomtui.kit.box import HostPort, host_port
from snomtui.sip.message import Message
from snomtui.sip.sdp import Media, Sdp
from snomtui.trace.columns import Say
from snomtui.trace.record import Record
from snomtui.trace.words import clock, signature

_AUTH = (
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "Authorization",
    "Proxy-Authorization",
    "Authentication-Info",
    "Proxy-Authentication-Info",
)
_MOST_BODY = 400
"""Lines of a body that are shown."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a message: a name and a value, or a heading."""

    name: str
    value: str = ""
    style: str = ""
    """`title`, `start`, `good`, `bad`, or empty for what is plain."""


def facts(record: Record, say: Say) -> list[Fact]:
    """All there is to be said about a message, in the order in which it is wanted."""
    found = [Fact("", record.start, "start"), *_way(record, say)]
    if record.message is None:
        found.append(Fact(say("Unreadable"), say("this is no whole SIP message"), "bad"))
        return [*found, Fact(say("Text"), style="title"), *_lines(record.text)]
    message = record.message
    found += _proof(message, say)
    found += _sdp(message, say)
    found.append(Fact(say("Headers"), style="title"))
    found += [Fact(name, _one_line(value)) for name, value in message.headers]
    if message.body:
        text = message.body.decode("utf-8", "replace").replace("\r\n", "\n")
        found += [Fact(say("Body, {count} bytes", count=len(message.body)), style="title"), *_lines(text)]
    return found


def _way(record: Record, say: Say) -> list[Fact]:
    style = "good" if record.verdict == "valid" else "bad" if record.verdict not in ("", "none") else ""
    sent = {True: say("Sent"), False: say("Came in"), None: say("Seen")}[record.out]
    where = f"{_place(record.source)} -> {_place(record.target)}"
    kind = record.transport.upper() or "?"
    size = say("{time}, {transport}, {count} bytes", time=clock(record.at), transport=kind, count=len(record.data))
    return [Fact(sent, size), Fact(say("Way"), where), Fact(say("Signature"), signature(record, say), style)]


def _place(place: HostPort) -> str:
    return host_port(place) if place[0] else "?"


def _lines(text: str) -> list[Fact]:
    lines = text.rstrip("\n").split("\n")
    shown = [Fact("", _one_line(line)) for line in lines[:_MOST_BODY]]
    return shown if len(lines) <= _MOST_BODY else [*shown, Fact("", "...")]


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " if sign in "\t\n" else "?" for sign in text)


# -- authentication


def _proof(message: Message, say: Say) -> list[Fact]:
    found: list[Fact] = []
    for name in _AUTH:
        for text in message.headers.all(name):
            for line in AuthLine.readable(text):
                found += _auth(name, line, say)
    return found


def _auth(name: str, line: AuthLine, say: Say) -> list[Fact]:
    scheme = line.scheme or ("Digest" if line.get("rspauth") else "")
    facts = [Fact(f"{scheme}: {name}", style="title")]
    facts += [Fact(param.name, _one_line(param.value)) for param in line.params if param.name != "gssapi-data"]
    token = line.get("gssapi-data")
    if token is not None:
        facts.append(Fact("gssapi-data", tokens.in_words(token)))
        facts += token_facts(tokens.fields_of(token, whole=True), say)
    return facts


def token_facts(fields: tokens.Fields, say: Say) -> list[Fact]:
    """The fields of an NTLM token; its flags one after the other, as they are many."""
    found = []
    for name, value in fields:
        number, _, flags = value.partition(" ")
        if name == "flags":
            found += [Fact(say(name), number), *(Fact("", flag) for flag in flags.split())]
        else:
            found.append(Fact(say(name), value))
    return found


# -- SDP


def _sdp(message: Message, say: Say) -> list[Fact]:
    if message.content_type != "application/sdp" or not message.body:
        return []
    try:
        sdp = Sdp.parse(message.body)
    except MalformedSdp as error:
        return [Fact("SDP", str(error), "bad")]
    return [Fact(say("SDP in words"), style="title"), *(fact for one in sdp.media for fact in _media(sdp, one, say))]


def _media(sdp: Sdp, media: Media, say: Say) -> list[Fact]:
    if not media.port:
        return [Fact(media.kind, say("refused"))]
    where = host_port((sdp.host(media), media.port))
    ways = {
        "sendrecv": say("sends and receives"),
        "sendonly": say("only sends (holds the call)"),
        "recvonly": say("only receives"),
        "inactive": say("neither sends nor receives"),
    }
    found = [Fact(media.kind, f"{where}, {media.proto}, {ways[sdp.direction(media)]}")]
    codecs = [f"{one.name}/{one.rate} ({one.payload})" for one in media.codecs]
    if codecs:
        found.append(Fact(say("codecs"), ", ".join(codecs)))
    if any(media.attributes("crypto")):
        suites = ", ".join(line.split()[1] for line in media.attributes("crypto") if len(line.split()) > 1)
        found.append(Fact(say("encryption"), suites))
    return found


def plain(found: list[Fact]) -> list[str]:
    """The same as lines of text."""
    width = max((len(fact.name) for fact in found if fact.value), default=0)
    lines = []
    for fact in found:
        if fact.style == "title":
            lines += ["", fact.name]
        elif fact.style == "start" or not fact.name:
            lines.append(fact.value if fact.style == "start" else f"  {fact.value}")
        else:
            lines.append(f"  {fact.name.ljust(min(width, 28))}  {fact.value}")
    return lines
