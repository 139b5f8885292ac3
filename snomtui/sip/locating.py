"""Where a server is (RFC 3263): which names are asked for in which order, and what the answers mean.

A generator that asks and is answered. It gives a few questions at a time, which may be looked up side by side, and
gets one `Answer` for each. Who looks up, how long that may take and what is remembered is the shell's business.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import chain, zip_longest

from snomtui.kit.box import Locate, Located, Target

Weigh = Callable[[int], int]
"""Gives a whole number from 0 to n, both included, each as likely as the other."""

PORTS = {"udp": 5060, "tcp": 5060, "tls": 5061}
MOST_HOSTS = 16
"""So many hosts are looked up for one domain; whoever publishes more is not worth the time."""
MOST_SERVERS = 64
"""So many servers of one service are put in order."""
MOST_ADDRESSES = 8
"""So many addresses of one host are used, of each family."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look up."""

    kind: str
    """`naptr`, `srv`, `a` or `aaaa`."""
    name: str
    """Without the last dot."""


@dataclass(frozen=True, slots=True)
class Naptr:
    """One rule of RFC 3403. Its regular expression has no meaning in SIP (RFC 3263 4.1)."""

    order: int
    preference: int
    flags: str
    service: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Srv:
    """One server of a service (RFC 2782)."""

    priority: int
    weight: int
    port: int
    target: str
    """A host name; `.` = the service is not offered here."""


Record = Naptr | Srv | str
"""An address (a, aaaa) is a text."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a name."""

    records: tuple[Record, ...] = ()
    silent: bool = False
    """Whether nobody answered at all, unlike an answer that there is nothing."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One host with a port, its addresses not known yet."""

    transport: str
    host: str
    port: int
    name: str = ""


Asking = Generator[tuple[Question, ...], tuple[Answer, ...], Located]
_Places = Generator[tuple[Question, ...], tuple[Answer, ...], "list[_Place]"]

_SERVICES = {"SIP+D2U": "udp", "SIP+D2T": "tcp", "SIPS+D2T": "tls"}
_ORDINARY = (("_sip._udp", "udp"), ("_sip._tcp", "tcp"), ("_sips._tcp", "tls"))
"""UDP first, as the phones of 2009 have it."""
_OCS = (("_sipinternaltls._tcp", "tls"), ("_sipinternal._tcp", "tcp"), ("_sip._tls", "tls"), ("_sip._tcp", "tcp"))
"""The order of Office Communicator."""
_OCS_HOSTS = (("sipinternal.", 5061), ("sip.", 5061), ("sip.", 443), ("sipexternal.", 443), ("", 5061))
"""Names in the domain that are tried where no service is published; always TLS."""


def locate(wanted: Locate, weigh: Weigh) -> Asking:
    """Find the places where a server may be reached, the best first; raises nothing.

    RFC 3263 4.1 and 4.2, in three steps that each may be known already: which transport, which hosts, which
    addresses. `Target.name` is the domain that was asked for if a published service led to the host (RFC 5922 4).
    """
    host = wanted.host.strip("[]").rstrip(".")
    transport, port = wanted.transport, wanted.port
    if is_literal(host):
        place = _default(wanted, wanted.host)
        return Located((Target(place.transport, place.host, place.port, host),))
    if port:
        return (yield from _addresses([_default(wanted, host)], host))
    if wanted.ocs:
        return (yield from _locate_ocs(host, transport, weigh))
    places = [] if transport else (yield from _by_rules(host, weigh))
    if not places:
        services = [each for each in _ORDINARY if transport in (None, each[1])]
        published, places = yield from _by_services(host, services, weigh)
        if published and not places:
            return Located((), f"{host} does not offer SIP")
    return (yield from _addresses(places or [_default(wanted, host)], host))


def is_literal(host: str) -> bool:
    """Whether this is an IP address rather than a name; IPv6 without brackets."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _default(wanted: Locate, host: str) -> _Place:
    """Where to go without asking; only the port 5061 tells that TLS is meant."""
    transport = wanted.transport
    if not transport and wanted.ocs:
        transport = "tcp" if wanted.port == 5060 else "tls"
    elif not transport:
        transport = "tls" if wanted.port == PORTS["tls"] else "udp"
    return _Place(transport, host, wanted.port or PORTS.get(transport, 5060))


def _locate_ocs(domain: str, transport: str | None, weigh: Weigh) -> Asking:
    services = [each for each in _OCS if transport in (None, each[1])]
    _, places = yield from _by_services(domain, services, weigh)
    if not places:
        usual = [_Place("tls", f"{begin}{domain}", port) for begin, port in _OCS_HOSTS]
        places = [_Place("tcp", each.host, 5060) for each in usual] if transport == "tcp" else usual
    return (yield from _addresses(places, domain))


# -- services


def _by_rules(domain: str, weigh: Weigh) -> _Places:
    """The hosts to which the domain's NAPTR rules lead; none if it has no rule that we can follow."""
    (answer,) = yield (Question("naptr", domain),)
    rules = [each for each in answer.records if isinstance(each, Naptr) and each.flags.lower() == "s"]
    rules.sort(key=lambda each: (each.order, each.preference))
    services = [
        (rule.replacement, _SERVICES[rule.service.upper()])
        for rule in rules
        if rule.service.upper() in _SERVICES and rule.replacement.strip(".")
    ]
    _, places = yield from _by_names(domain, services[:MOST_HOSTS], weigh)
    return places


def _by_services(
    domain: str, services: Iterable[tuple[str, str]], weigh: Weigh
) -> Generator[tuple[Question, ...], tuple[Answer, ...], tuple[bool, list[_Place]]]:
    return (yield from _by_names(domain, [(f"{label}.{domain}", kind) for label, kind in services], weigh))


def _by_names(
    domain: str, services: Sequence[tuple[str, str]], weigh: Weigh
) -> Generator[tuple[Question, ...], tuple[Answer, ...], tuple[bool, list[_Place]]]:
    """Whether anything is published under these names, and the hosts, in the order of the names."""
    if not services:
        return False, []
    answers = yield tuple(Question("srv", name) for name, _ in services)
    places: list[_Place] = []
    published = False
    for (_, transport), answer in zip(services, answers, strict=True):
        records = [each for each in answer.records if isinstance(each, Srv)]
        published = published or bool(records)
        offered = [each for each in ordered(records, weigh) if each.target.strip(".") and 0 < each.port < 65536]
        places += [_Place(transport, each.target.rstrip("."), each.port, domain) for each in offered]
    return published, places


def ordered(records: Iterable[Srv], weigh: Weigh) -> list[Srv]:
    """Servers in the order in which they are to be tried: by priority, then drawn by weight (RFC 2782)."""
    left = sorted(records, key=lambda each: (each.priority, each.weight))[:MOST_SERVERS]
    drawn: list[Srv] = []
    while left:
        rivals = [each for each in left if each.priority == left[0].priority]
        mark, total = weigh(sum(each.weight for each in rivals)), 0
        for each in rivals:
            total += each.weight
            if total >= mark:
                break
        drawn.append(each)
        left.remove(each)
    return drawn


# -- addresses


def _addresses(places: list[_Place], asked: str) -> Asking:
    """The places with their addresses; hosts are looked up side by side."""
    hosts = list(dict.fromkeys(each.host for each in places if not is_literal(each.host)))[:MOST_HOSTS]
    answers: tuple[Answer, ...] = ()
    if hosts:
        answers = yield tuple(Question(kind, host) for host in hosts for kind in ("a", "aaaa"))
    found = {host: (answers[2 * n], answers[2 * n + 1]) for n, host in enumerate(hosts)}
    targets = [
        Target(each.transport, each.host, each.port, address, each.name)
        for each in places
        for address in _of_host(each, found)
    ]
    if targets:
        return Located(tuple(dict.fromkeys(targets)))
    if all(answer.silent for answer in answers):
        return Located((), f"The name {asked} cannot be looked up: no DNS server answers")
    return Located((), f"The name {asked} does not resolve")


def _of_host(place: _Place, found: dict[str, tuple[Answer, Answer]]) -> Iterable[str]:
    """The addresses of one host, the families by turns (RFC 8305 4).

    For a connection IPv6 is first, as it says. A datagram that is lost costs half a minute, though, so the family
    that works more often is first there.
    """
    if is_literal(place.host):
        return (place.host,)
    old, new = (
        [each for each in answer.records if isinstance(each, str)][:MOST_ADDRESSES]
        for answer in found.get(place.host, (Answer(), Answer()))
    )
    pair = (old, new) if place.transport == "udp" else (new, old)
    return (address for address in chain.from_iterable(zip_longest(*pair)) if address)
