"""A small real DNS server on a free port of the loopback interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from snomtui.kit.box import HostPort

SOA = "ns.ucc.test. root.ucc.test. 1 3600 600 86400 30"
"""Its last number says how long it holds that there is nothing."""


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Answers from a zone; what does not stand there does not exist."""

    zone: dict[str, list[str]] = field(default_factory=dict)
    """`a sip.ucc.test` with its data; `cname x` counts for every kind."""
    ttl: int = 300
    mute: set[str] = field(default_factory=set)
    """Kinds to which it says nothing."""
    broken: bool = False
    """Whether it answers everything with a failure of its own."""
    soa: bool = True
    """Whether an answer that there is nothing says how long that holds."""
    drops: int = 0
    """So many questions get lost before the first answer."""
    asked: list[str] = field(default_factory=list)
    at: HostPort = ("", 0)
    transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)
        self.at = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        kind, name = dns.rdatatype.to_text(question.rdtype).lower(), question.name.to_text(omit_final_dot=True).lower()
        self.asked.append(f"{kind} {question.name.to_text(omit_final_dot=True)}")
        if kind in self.mute or "all" in self.mute:
            return
        if self.drops:
            self.drops -= 1
            return
        assert self.transport is not None
        self.transport.sendto(self._reply(query, kind, name).to_wire(), addr)

    def _reply(self, query: dns.message.Message, kind: str, name: str) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply
        while alias := self.zone.get(f"cname {name}"):
            reply.answer.append(dns.rrset.from_text(name + ".", self.ttl, "IN", "CNAME", alias[0] + "."))
            name = alias[0]
        if records := self.zone.get(f"{kind} {name}"):
            reply.answer.append(dns.rrset.from_text(name + ".", self.ttl, "IN", kind.upper(), *records))
            return reply
        if self.soa:
            reply.authority.append(dns.rrset.from_text("ucc.test.", self.ttl, "IN", "SOA", SOA))
        if not any(each.split(" ", 1)[1] == name for each in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply


@asynccontextmanager
async def serving() -> AsyncIterator[NameServer]:
    """A name server that runs as long as the block."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    try:
        yield server
    finally:
        transport.close()
        await asyncio.sleep(0)
