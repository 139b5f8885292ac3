"""One question to real DNS servers. The only room that knows dnspython, and slow to import: import it late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.message
import dns.nameserver
import dns.resolver

from snomtui.kit.box import HostPort
from snomtui.sip.locating import Answer, Naptr, Question, Record, Srv

TRY = 0.7
"""Seconds until a server is asked again, or the next one."""
MOST_RECORDS = 256
"""So many records of one answer are read."""
UNTOLD = 60
"""Seconds for which it is believed that there is nothing, if the answer does not say."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer and how long it holds."""

    answer: Answer
    ttl: int = 0
    """Seconds."""


async def ask(question: Question, servers: Sequence[HostPort], patience: float) -> Found:
    """Look one name up, `patience` seconds at most; raises nothing but a cancellation.

    `servers`: whom to ask; none = those of this machine. CNAMEs are followed (RFC 1034 3.6.2).
    """
    try:
        resolver = _resolver(servers, patience)
        search = question.kind in ("a", "aaaa") and not servers
        found = await resolver.resolve(question.name, question.kind, search=search, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN as error:
        return Found(Answer(), _shortest(error))
    except (dns.resolver.NoNameservers, dns.resolver.NoResolverConfiguration, dns.exception.Timeout, OSError):
        return Found(Answer(silent=True))
    except (dns.exception.DNSException, UnicodeError, ValueError):  # not a name, or not an answer that can be read
        return Found(Answer(), UNTOLD)
    if found.rrset is None:
        return Found(Answer(), _holds(found.response))
    read = _READERS[question.kind]
    records = tuple(read(each) for each in list(found.rrset)[:MOST_RECORDS])
    return Found(Answer(records), found.chaining_result.minimum_ttl)


def _resolver(servers: Sequence[HostPort], patience: float) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port) for host, port in servers]
    resolver.timeout, resolver.lifetime = TRY, patience
    return resolver


def _shortest(denial: Any) -> int:
    """How long it holds that there is no such name; several names were tried if the machine has a search list."""
    return min((_holds(reply) for reply in denial.responses().values()), default=UNTOLD)


def _holds(reply: Any) -> int:
    """How long it holds that there is nothing (RFC 2308 5)."""
    try:
        return int(reply.resolve_chaining().minimum_ttl) if reply.authority else UNTOLD
    except dns.exception.DNSException:
        return UNTOLD


def _naptr(each: Any) -> Record:
    flags, service = each.flags.decode("ascii", "replace"), each.service.decode("ascii", "replace")
    return Naptr(each.order, each.preference, flags, service, each.replacement.to_text(omit_final_dot=True))


def _srv(each: Any) -> Record:
    return Srv(each.priority, each.weight, each.port, each.target.to_text(omit_final_dot=True))


def _address(each: Any) -> Record:
    return str(each.address)


_READERS: Mapping[str, Callable[[Any], Record]] = {"naptr": _naptr, "srv": _srv, "a": _address, "aaaa": _address}
