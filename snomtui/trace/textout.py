"""A trace as text, in the form in which a snom phone writes its own SIP trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from snomtui.kit.box import HostPort, host_port
from snomtui.trace.record import Record


def text(records: Iterable[Record]) -> str:
    """All messages, each under a heading; times are local."""
    return "".join(f"{heading(one)}\n\n{one.text.rstrip()}\n\n" for one in records)


def heading(record: Record) -> str:
    """`Sent to tls:192.0.2.1:5061 from tls:192.0.2.7:40001 at 8/3/2011 09:31:43:328 (2072 bytes):`, as snom has it."""
    kind = record.transport or "udp"
    source, target = (f"{kind}:{_place(place)}" for place in (record.source, record.target))
    way = f"Received from {source} to {target}" if record.out is False else f"Sent to {target} from {source}"
    if record.out is None:
        way = f"Seen from {source} to {target}"
    when = datetime.fromtimestamp(record.at)
    stamp = f"{when.day}/{when.month}/{when.year} {when:%H:%M:%S}:{when.microsecond // 1000:03}"
    known = f", signature {record.verdict}" if record.verdict in ("valid", "none") else ""
    if record.verdict and not known:
        known = f", dropped: {record.verdict}"
    return f"{way} at {stamp} ({len(record.data)} bytes{known}):"


def _place(place: HostPort) -> str:
    return host_port(place) if place[0] else "0.0.0.0:0"
