"""Finds the SIP messages in a text: a snom's trace, the logs of sipp, sngrep, Kamailio, Asterisk, or bare messages."""

from __future__ import annotations

import re

from snomtui.errors import MalformedMessage
from snomtui.kit.box import HostPort
from snomtui.sip.message import Request
from snomtui.trace.record import Record
from snomtui.trace.stamps import Stamp

_START = re.compile(r"\s*(?:SIP/2\.0 [1-6][0-9]{2}(?: .*)?|[A-Z]{3,20} (?:sips?|tel):\S+ SIP/2\.0)\s*")
_HEADER = re.compile(r"[\w.!%*+`'~-]{1,60}[ \t]*:")
_LENGTH = re.compile(r"(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,8})", re.IGNORECASE)
_STAMP_LINES = 3
"""So many lines above a message are looked at."""
_INDENT = re.compile(r"[ \t]*")


def read(data: bytes) -> list[Record]:
    """All messages, in their order; none if there are none."""
    text = data.decode("utf-8-sig", "surrogateescape")
    lines = [line.rstrip("\r") for line in text.split("\n")]
    records: list[Record] = []
    at, above = 0, list[str]()
    while at < len(lines):
        if not _START.fullmatch(lines[at]):
            above.append(lines[at])
            at += 1
            continue
        message, at = _message(lines, at)
        stamp = Stamp.read("\n".join([line for line in above if line.strip()][-_STAMP_LINES:]))
        records.append(_record(len(records) + 1, stamp, message))
        above = []
    _guess(records)
    return records


def _record(number: int, stamp: Stamp, data: bytes) -> Record:
    return Record(number, stamp.at, stamp.transport, stamp.source, stamp.target, data, stamp.out, stamp.verdict)


def _message(lines: list[str], at: int) -> tuple[bytes, int]:
    """The message that starts on this line, and where the text goes on."""
    found = _INDENT.match(lines[at])
    indent = found[0] if found else ""
    head = [lines[at].strip()]
    at += 1
    length = 0
    while at < len(lines):
        line = lines[at].removeprefix(indent)
        if not (_HEADER.match(line) or (line[:1] in " \t" and line.strip())):
            break
        head.append(line)
        known = _LENGTH.match(line)
        length = int(known[1]) if known else length
        at += 1
    body = b""
    if at < len(lines) and not lines[at].strip():
        at += 1
        if length:
            body, at = _body(lines, at, length)
    return "\r\n".join([*head, "", ""]).encode("utf-8", "surrogateescape") + body, at


def _body(lines: list[str], at: int, length: int) -> tuple[bytes, int]:
    """A body of so many bytes. Its line ends are not known any more: the kind that fits is the right one."""
    for end in (b"\r\n", b"\n"):
        data = b""
        for count, line in enumerate(lines[at:], 1):
            data += line.encode("utf-8", "surrogateescape")
            if len(data) == length or len(data) + len(end) == length:
                return (data if len(data) == length else data + end), at + count
            data += end
            if len(data) > length:
                break
    data, start = b"", at
    while at < len(lines) and not _START.fullmatch(lines[at]) and len(data) < length:
        data += lines[at].encode("utf-8", "surrogateescape") + b"\r\n"
        at += 1
    return (data[:length], at) if at > start else (b"", at)


# -- who speaks with whom, where nothing says it


def _guess(records: list[Record]) -> None:
    """Fill in addresses by what the messages say: requests come from their Via, answers go there."""
    asked: dict[str, tuple[HostPort, HostPort]] = {}
    for record in records:
        ends = _hops(record)
        if ends is None:
            continue
        branch, via, target = ends
        if record.status is None:
            if record.out is None:
                record.source = record.source if record.source[0] else via
            record.target = record.target if record.target[0] or record.out is False else target
            record.source = record.source if record.source[0] or record.out else via
            asked[branch] = (record.source, record.target)
        elif not record.source[0] and not record.target[0] and record.out is None:
            client, server = asked.get(branch, (via, ("", 0)))
            record.source, record.target = server, client
        elif record.out is not None:
            other = asked.get(branch)
            if other and record.out and not record.target[0]:
                record.target = other[0]
            elif other and not record.out and not record.source[0]:
                record.source = other[1]


def _hops(record: Record) -> tuple[str, HostPort, HostPort] | None:
    """The branch, the place in the top Via, and the place in the request URI."""
    message = record.message
    if message is None:
        return None
    try:
        via = message.via
        target = ("", 0) if record.status is not None else _place(record)
        return via.branch or "", (via.host.strip("[]"), via.port or 5060), target
    except MalformedMessage:
        return None


def _place(record: Record) -> HostPort:
    if not isinstance(record.message, Request):
        return ("", 0)
    uri = record.message.target
    return (uri.host.strip("[]"), uri.port or 5060)
