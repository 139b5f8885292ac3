"""What `snomtui decode` prints: a SIP trace, a capture file or an NTLM token in words. Pure: bytes in, text out."""

from __future__ import annotations

from collections.abc import Iterator

from snomtui.auth.ntlm.words import fields_of_bytes
from snomtui.errors import TraceError
from snomtui.trace import pcapin, textin
from snomtui.trace.detail import Fact, facts, plain, token_facts
from snomtui.trace.ladder import Ladder
from snomtui.trace.network import Reader
from snomtui.trace.record import Record
from snomtui.trace.tokens import token_in


def say(text: str, /, **values: object) -> str:
    """The commands speak English."""
    return text.format(**values) if values else text


def decode(data: bytes, width: int = 100) -> str:
    """The whole answer, in lines of about `width` cells. Raises `TraceError` for what cannot be read."""
    found = [] if pcapin.is_capture(data) else textin.read(data)
    token = None if found or pcapin.is_capture(data) else token_in(data)
    if token is not None:
        fields = fields_of_bytes(token, whole=True)
        if fields and fields[0][0] == "token" and ":" in fields[0][1]:
            raise TraceError(fields[0][1])
        return "\n".join(plain([Fact("", "NTLM token", "start"), *token_facts(fields, say)])) + "\n"
    return "\n".join(_conversation(*_records(data), width)) + "\n"


def records_in(data: bytes) -> list[Record]:
    """The SIP messages in a trace or capture; raises `TraceError` if there are none."""
    return _records(data)[0]


def _records(data: bytes) -> tuple[list[Record], list[str]]:
    """The messages, and what else a person should know."""
    if not data.strip():
        raise TraceError("there is nothing in it")
    if not pcapin.is_capture(data):
        found = textin.read(data)
        if not found:
            raise TraceError("no SIP message, no capture (pcap, pcapng) and no NTLM token (base64 or hexadecimal)")
        return found, []
    reader = Reader()
    found = list(reader.records(pcapin.frames(data)))
    remarks = [f"a link layer that is not known here (type {number})" for number in sorted(reader.unknown)]
    if reader.encrypted:
        remarks.append(f"{len(reader.encrypted)} TLS connections, which nobody can read without their keys")
    if not found:
        raise TraceError("; ".join(["the capture has no SIP messages", *remarks]))
    return found, remarks


def _conversation(records: list[Record], remarks: list[str], width: int) -> Iterator[str]:
    dialogs = len({record.call_id for record in records})
    yield f"{_count(len(records), 'message')} in {_count(dialogs, 'dialog')}"
    yield from (f"Also there: {remark}" for remark in remarks)
    yield ""
    ladder = Ladder(say)
    ladder.take(records)
    digits = len(str(len(records)))
    room = max(40, width - digits - 1)
    yield " " * (digits + 1) + ladder.titles(room).rstrip()
    for record in records:
        line = "".join(text for text, _ in ladder.draw(record, room))
        yield f"{record.number:>{digits}} {line}".rstrip()
    for record in records:
        yield ""
        yield f"-- {record.number} ".ljust(width, "-")
        yield from plain(facts(record, say))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
