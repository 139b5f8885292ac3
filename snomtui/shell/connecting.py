"""How a TCP or TLS connection comes up: address by address, name by name, and never to a stranger."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence

from snomtui.errors import RemoteError
from snomtui.kit.box import Certificate, HostPort, Open
from snomtui.shell.streams import Above, Doubted, Stream
from snomtui.shell.tls import Trust, in_words, is_other_name, names, problem

SHORT = 4.0
"""Seconds for one address, TLS included; the next one may do better."""


class NotTrusted(RemoteError):
    """The server's certificate is a stranger's."""

    def __init__(self, why: str, certificate: Certificate | None) -> None:
        super().__init__(why)
        self.certificate = certificate


class Connector:
    """Opens the connections of one box."""

    def __init__(self, above: Above, trust: Trust) -> None:
        self._above = above
        self.trust = trust
        self._contexts: dict[bool, ssl.SSLContext] = {}
        """By whether they verify; to make one takes a while."""
        self._made_for: Trust | None = None
        self._accepted: dict[HostPort, str] = {}
        """Where which accepted certificate was met last."""

    async def connect(self, order: Open, addresses: Sequence[str]) -> None:
        """Connect to the first of the addresses that can be reached.

        Raises `NotTrusted` at once, OSError and ssl.SSLError of the last address, `SettingsError`.
        """
        for n, host in enumerate(addresses):
            try:
                async with asyncio.timeout(SHORT):
                    await (self._secure if order.transport == "tls" else self._plain)(order, host)
                return
            except (OSError, EOFError):
                if n + 1 == len(addresses):
                    raise

    async def _plain(self, order: Open, host: str) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self._stream(order), host, order.port)

    def _stream(self, order: Open) -> Stream:
        return Stream(self._above, order.conn, order.transport, (order.host, order.port))

    async def _secure(self, order: Open, host: str) -> None:
        wanted = names(order.host, order.name)
        if self._accepted.get((order.host, order.port)) in order.pins and await self._pinned(order, host, wanted[0]):
            return
        loop = asyncio.get_running_loop()
        for n, name in enumerate(wanted):
            try:
                await loop.create_connection(
                    lambda: self._stream(order), host, order.port, ssl=self._context(), server_hostname=name
                )
                return
            except ssl.SSLCertVerificationError as error:
                if n + 1 < len(wanted) and is_other_name(error):
                    continue
                await self._doubt(order, host, name, error)
                return

    async def _pinned(self, order: Open, host: str, name: str) -> bool:
        """Whether a connection came up, to one whose certificate a person has accepted."""
        return (await self._glance(order, host, name)).accepted

    async def _doubt(self, order: Open, host: str, name: str, error: ssl.SSLCertVerificationError) -> None:
        """The certificate is refused, unless a person has accepted this very one; nothing is sent to find out."""
        why, what = in_words(error, order.host, order.port), problem(error, name)
        try:
            stranger = await self._glance(order, host, name)
        except (OSError, EOFError):
            raise NotTrusted(why, None) from None
        place = (order.host, order.port)
        if stranger.accepted:
            self._accepted[place] = stranger.shown
            return
        if place in self._accepted:
            what += "; it is another one than the one that was accepted"
        elif order.pins:
            what += "; it is none of those that were accepted"
        from snomtui.shell.strangers import described

        raise NotTrusted(why, described(stranger.certificate, what))

    async def _glance(self, order: Open, host: str, name: str) -> Doubted:
        place = (order.host, order.port)
        _, stranger = await asyncio.get_running_loop().create_connection(
            lambda: Doubted(self._above, order.conn, order.pins, place),
            host,
            order.port,
            ssl=self._context(verify=False),
            server_hostname=name,
        )
        return stranger

    def _context(self, verify: bool = True) -> ssl.SSLContext:
        if self._made_for != self.trust:
            self._contexts, self._made_for = {}, self.trust
        if verify not in self._contexts:
            self._contexts[verify] = self.trust.context(verify)
        return self._contexts[verify]
