"""The front end at one moment, as values for the status page and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from snomtui.kit.box import Conn, Up, host_port
from snomtui.office.callrouter import CallRouter
from snomtui.office.desk import Desk
from snomtui.office.entrance import Entrance
from snomtui.office.journal import where
from snomtui.office.ongoing import Ongoing
from snomtui.office.policy import Value
from snomtui.office.refusals import Refused
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
class CallInProgress:
    """One call that rings or talks, or a conversation in writing."""

    caller: str
    callee: str
    state: str
    """`ringing` or `talking`."""
    since: float
    """Seconds since 1970."""
    kind: str = "call"
    """`call` or `chat`."""


@dataclass(frozen=True, slots=True)
class Server:
    """What does not concern single clients."""

    domain: str
    netbios: str
    host: str
    """Its own name."""
    connections: int
    subscriptions: int
    discarded: int
    """Messages that were dropped in silence, for a wrong signature or for none."""
    policy: Mapping[str, Value]
    level_title: str
    """What the Windows policy editor calls the LAN Manager level."""
    faults: tuple[str, ...]
    """The names of those that are switched on."""


@dataclass(frozen=True, slots=True)
class Status:
    """The front end at one moment."""

    server: Server
    registrations: tuple[Registration, ...]
    """Scripted people do not count."""
    versions: tuple[Version, ...]
    """The client version summary, the most frequent first."""
    refused: tuple[Refused, ...]
    """The latest first."""
    calls: tuple[CallInProgress, ...]


def status_of(
    desk: Desk, entrance: Entrance, registrar: Iterable[Endpoint], router: CallRouter, subscriptions: int, now: float
) -> Status:
    """Sum up."""
    people, policy = desk.people, desk.policy
    server = Server(
        domain=people.domain,
        netbios=people.netbios,
        host=people.server,
        connections=len(desk.links),
        subscriptions=subscriptions,
        discarded=entrance.discarded,
        policy=policy.values(),
        level_title=policy.level.title,
        faults=tuple(sorted(each.value for each in desk.faults.active)),
    )
    registrations = tuple(_registration(each, desk.links, now) for each in registrar if not each.scripted)
    calls = tuple(_call(each) for each in router.calls.all())
    return Status(server, registrations, versions(registrations), entrance.refusals.all(), calls)


def versions(registrations: Iterable[Registration]) -> tuple[Version, ...]:
    """How many devices run which program, by User-Agent; the most frequent first, then by name."""
    counted = Counter(each.user_agent or "(no User-Agent)" for each in registrations)
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Version(name, count) for name, count in ordered)


def _call(one: Ongoing) -> CallInProgress:
    return CallInProgress(one.caller, one.callee, one.state, one.since, one.kind)


def _registration(endpoint: Endpoint, links: Mapping[Conn, Up], now: float) -> Registration:
    link = links.get(endpoint.wire.conn)
    return Registration(
        aor=endpoint.person.address,
        name=endpoint.person.label,
        epid=endpoint.epid,
        contact=endpoint.contact,
        user_agent=endpoint.user_agent,
        auth=endpoint.auth,
        transport=link.transport if link else "",
        address=host_port(endpoint.wire.peer) if endpoint.wire.peer else where(link),
        since=endpoint.since,
        expires_in=max(0, round(endpoint.expires_at - now)),
    )
