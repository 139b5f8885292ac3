"""Who is signed in and with what, as values for the status page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass

from snomtui.kit.box import Conn, Up
from snomtui.office.registrar import Endpoint


@dataclass(frozen=True, slots=True)
class Registration:
    """One device of one person."""

    aor: str
    """`user@domain`."""
    name: str
    epid: str
    contact: str
    user_agent: str
    auth: str
    """`ntlmv2`, `ntlmv1` or `digest`."""
    transport: str
    address: str
    """`host:port` of its connection."""
    since: float
    """Seconds since 1970."""
    expires_in: int
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the client version summary."""

    user_agent: str
    count: int


@dataclass(frozen=True, slots=True)
class Status:
    """The front end at one moment."""

    registrations: tuple[Registration, ...]
    versions: tuple[Version, ...]
    """The most frequent first."""
    connections: int
    subscriptions: int
    discarded: int
    """Messages that were dropped in silence."""


def status_of(
    endpoints: Iterable[Endpoint], links: Mapping[Conn, Up], subscriptions: Sized, discarded: int, now: float
) -> Status:
    """Sum up; scripted people do not count."""
    registrations = tuple(_registration(each, links, now) for each in endpoints if not each.scripted)
    return Status(registrations, versions(registrations), len(links), len(subscriptions), discarded)


def versions(registrations: Iterable[Registration]) -> tuple[Version, ...]:
    """How many devices run which program, by User-Agent; the most frequent first, then by name."""
    counted = Counter(each.user_agent or "(no User-Agent)" for each in registrations)
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Version(name, count) for name, count in ordered)


def _registration(endpoint: Endpoint, links: Mapping[Conn, Up], now: float) -> Registration:
    link = links.get(endpoint.wire.conn)
    host, port = endpoint.wire.peer or (link.remote if link else ("", 0))
    return Registration(
        aor=endpoint.person.address,
        name=endpoint.person.label,
        epid=endpoint.epid,
        contact=endpoint.contact,
        user_agent=endpoint.user_agent,
        auth=endpoint.auth,
        transport=link.transport if link else "",
        address=f"{host}:{port}",
        since=endpoint.since,
        expires_in=max(0, round(endpoint.expires_at - now)),
    )
