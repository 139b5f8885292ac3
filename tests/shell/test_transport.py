"""Real sockets on the loopback interface."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from snomtui.errors import ListenError
from snomtui.kit.box import Conn, Down, HostPort, Linked, Locate, Located, Open, Send, Target, Up, host_port
from snomtui.shell import connecting, udp
from snomtui.shell import transport as wires
from snomtui.shell.certificates import Bundle, make
from snomtui.shell.tls import Trust
from snomtui.shell.transport import Transport

HOST = "127.0.0.1"


@dataclass
class Ear:
    """Stands above a transport and notes what it tells."""

    links: list[tuple[Conn, Linked]] = field(default_factory=list)
    data: dict[Conn, bytes] = field(default_factory=dict)
    peers: dict[Conn, HostPort | None] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def received(self, conn: Conn, data: bytes, peer: HostPort | None) -> None:
        self.data[conn] = self.data.get(conn, b"") + data
        self.peers[conn] = peer
        self.news.set()

    def linked(self, conn: Conn, state: Linked) -> None:
        self.links.append((conn, state))
        self.news.set()

    def logged(self, level: int, text: str) -> None:
        self.log.append(f"[{level}] {text}")

    async def until(self, wanted: Callable[[], bool]) -> None:
        """Wait until it is as wanted."""
        async with asyncio.timeout(8):
            while not wanted():
                self.news.clear()
                await self.news.wait()

    async def up(self, conn: Conn) -> Up:
        """Wait for this connection; fails with its reason if it does not come."""
        state = await self.next(conn)
        assert isinstance(state, Up), state
        return state

    async def down(self, conn: Conn) -> str:
        """Wait until this connection is gone, and say why."""
        state = await self.next(conn)
        assert isinstance(state, Down), state
        return state.why

    async def next(self, conn: Conn) -> Linked:
        """The next thing that is told about this connection."""
        await self.until(lambda: any(each == conn for each, _ in self.links))
        at = next(n for n, (each, _) in enumerate(self.links) if each == conn)
        return self.links.pop(at)[1]


@dataclass
class Side:
    """One transport with its ear."""

    ear: Ear
    wires: Transport

    def open(self, kind: str, host: str, port: int, conn: Conn = 1, local_port: int = 0) -> None:
        """Ask for a connection."""
        self.wires.open(Open(conn, kind, host, port, local_port))

    async def refusal(self, kind: str, host: str, port: int) -> str:
        """Why a connection cannot be had."""
        self.open(kind, host, port)
        return await self.ear.down(1)


@pytest.fixture
async def here() -> AsyncIterator[Side]:
    ear = Ear()
    side = Side(ear, Transport(ear))
    yield side
    await side.wires.stop()
    await nothing_is_left(side)


@pytest.fixture
async def there() -> AsyncIterator[Side]:
    ear = Ear()
    side = Side(ear, Transport(ear))
    yield side
    await side.wires.stop()
    await nothing_is_left(side)


async def nothing_is_left(side: Side) -> None:
    """After a stop there are no tasks and no connections; forgotten sockets would warn, and warnings are errors."""
    assert not side.wires.alive
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [task for task in others if "Transport" in repr(task)]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return make(["sip.ucc.test", HOST], time.time())


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port where nobody listens."""
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


# -- that goes well


@pytest.mark.parametrize("kind", ["tcp", "tls"])
async def test_bytes_go_both_ways_over_a_stream(here: Side, there: Side, bundle: Bundle, kind: str) -> None:
    here.wires.trust = Trust(ca_text=bundle.authority)
    bound = await there.wires.listen(kind, HOST, 0, bundle.server_context() if kind == "tls" else None)
    here.open(kind, *bound)
    up, heard = await here.ear.up(1), await there.ear.up(-1)
    assert (up.transport, up.remote, heard.local, heard.remote) == (kind, bound, bound, up.local)
    here.wires.send(Send(1, b"ping"))
    here.wires.send(Send(1, b"pong"))
    await there.ear.until(lambda: there.ear.data.get(-1) == b"pingpong")
    there.wires.send(Send(-1, b"x" * 1_000_000))
    await here.ear.until(lambda: len(here.ear.data.get(1, b"")) == 1_000_000)
    assert here.ear.peers[1] is None


async def test_datagrams_go_to_the_one_they_are_meant_for(here: Side, there: Side) -> None:
    here.open("udp", HOST, 9)
    mine = await here.ear.up(1)
    there.open("udp", HOST, mine.local[1])
    yours = await there.ear.up(1)
    assert (mine.transport, mine.remote, yours.remote) == ("udp", (HOST, 9), mine.local)
    there.wires.send(Send(1, b"to my server"))
    await here.ear.until(lambda: 1 in here.ear.data)
    assert (here.ear.data[1], here.ear.peers[1]) == (b"to my server", yours.local)
    here.wires.send(Send(1, b"to a stranger", yours.local))
    await there.ear.until(lambda: 1 in there.ear.data)
    assert there.ear.data[1] == b"to a stranger"


async def test_udp_socket_binds_the_port_that_is_asked_for(here: Side) -> None:
    port = free_port(socket.SOCK_DGRAM)
    here.open("udp", HOST, 5060, local_port=port)
    assert (await here.ear.up(1)).local == (HOST, port)


@pytest.mark.parametrize("host", [HOST, "::1"])
async def test_server_that_is_not_there_is_told_at_once_over_udp_too(here: Side, host: str) -> None:
    port = free_port(socket.SOCK_DGRAM)
    here.open("udp", host, port)
    await here.ear.up(1)
    here.wires.send(Send(1, b"hello?"))
    assert await here.ear.down(1) == f"Nobody listens at {host_port((host, port))}"
    here.wires.send(Send(1, b"hello?"))
    here.open("udp", host, port, conn=2)
    await here.ear.up(2)


async def test_udp_survives_a_stranger_who_is_not_there(here: Side) -> None:
    here.open("udp", HOST, 9)
    up = await here.ear.up(1)
    for _ in range(3):
        here.wires.send(Send(1, b"hello?", (HOST, free_port(socket.SOCK_DGRAM))))
    here.wires.send(Send(1, b"me", up.local))
    await here.ear.until(lambda: here.ear.data.get(1) == b"me")
    assert here.ear.links == []


async def test_flood_of_datagrams_at_once_does_not_drown_the_one_that_matters(here: Side, there: Side) -> None:
    here.open("udp", HOST, 9)
    up = await here.ear.up(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flood:
        for _ in range(400):  # nobody reads meanwhile
            flood.sendto(b"x" * 200, up.local)
        flood.sendto(b"that matters", up.local)
    await here.ear.until(lambda: here.ear.data.get(1, b"").endswith(b"that matters"))


async def test_server_that_has_spoken_may_be_away_for_a_moment(
    here: Side, there: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(udp, "GRACE", 0.3)
    port = free_port(socket.SOCK_DGRAM)
    here.open("udp", HOST, port)
    up = await here.ear.up(1)
    there.open("udp", HOST, up.local[1], local_port=port)
    await there.ear.up(1)
    there.wires.send(Send(1, b"I am here"))
    await here.ear.until(lambda: 1 in here.ear.data)
    there.wires.close(1)
    await asyncio.sleep(0)
    begun = time.monotonic()
    while not here.ear.links:
        here.wires.send(Send(1, b"and now?"))
        await asyncio.sleep(0.02)
    assert time.monotonic() - begun > 0.3
    assert await here.ear.down(1) == f"Nobody listens at {HOST}:{port}"


async def test_message_that_fits_into_no_datagram_is_refused_in_the_log(here: Side) -> None:
    here.open("udp", HOST, 9)
    up = await here.ear.up(1)
    here.wires.send(Send(1, b"x" * 65_001, up.local))
    here.wires.send(Send(1, b"me", up.local))
    await here.ear.until(lambda: here.ear.data.get(1) == b"me")
    assert here.ear.log == ["[2] A message of 65001 bytes does not fit into a datagram; it was not sent"]


async def test_datagram_to_a_name_does_not_stop_everything(here: Side) -> None:
    here.open("udp", HOST, 9)
    await here.ear.up(1)
    here.wires.send(Send(1, b"hello?", ("slow.test", 5060)))
    assert here.ear.log == ["[2] slow.test:5060 is no address to send a datagram to"]


async def test_network_that_is_gone_is_told(here: Side) -> None:
    here.open("udp", HOST, 9)
    await here.ear.up(1)
    sock = here.wires._sockets[1]
    sock.remote = ("203.0.113.1", 5060)  # a socket of the loopback interface has no way there
    here.wires.send(Send(1, b"hello?"))
    assert await here.ear.down(1) == f"{HOST}:9 cannot be reached (the address of this machine has changed)"


async def test_name_of_the_hosts_table_needs_no_resolver(here: Side, there: Side, bundle: Bundle) -> None:
    here.wires.trust, here.wires.resolver.hosts = Trust(ca_text=bundle.authority), {"sip.ucc.test": HOST}
    _, port = await there.wires.listen("tls", HOST, 0, bundle.server_context())
    here.open("tls", "sip.ucc.test", port)
    assert (await here.ear.up(1)).remote == (HOST, port)


@pytest.mark.parametrize("kind", ["tcp", "udp"])
@pytest.mark.parametrize("host", ["::1", "[::1]"])
async def test_ipv6_works_with_and_without_brackets(here: Side, there: Side, kind: str, host: str) -> None:
    try:
        _, port = await there.wires.listen("tcp", "::1", 0)
    except ListenError:
        pytest.skip("this machine has no IPv6")
    here.open(kind, host, port)
    assert (await here.ear.up(1)).remote == ("::1", port)


async def test_tls_works_over_ipv6(here: Side, there: Side) -> None:
    bundle = make(["::1"], time.time())
    here.wires.trust = Trust(ca_text=bundle.authority)
    try:
        _, port = await there.wires.listen("tls", "::1", 0, bundle.server_context())
    except ListenError:
        pytest.skip("this machine has no IPv6")
    here.wires.open(Open(1, "tls", "[::1]", port, address="::1"))
    up = await here.ear.up(1)
    assert (up.local[0], up.remote) == ("::1", ("::1", port))


async def test_datagrams_go_both_ways_over_ipv6(here: Side, there: Side) -> None:
    here.open("udp", "0:0:0:0:0:0:0:1", 9)
    mine = await here.ear.up(1)
    there.open("udp", "::1", mine.local[1])
    yours = await there.ear.up(1)
    there.wires.send(Send(1, b"hello"))
    await here.ear.until(lambda: 1 in here.ear.data)
    assert (mine.remote, here.ear.peers[1]) == (("::1", 9), yours.local)
    here.wires.send(Send(1, b"yourself", ("[::1]", yours.local[1])))
    await there.ear.until(lambda: there.ear.data.get(1) == b"yourself")


async def test_name_with_two_addresses_is_reached_at_the_one_that_answers(here: Side, there: Side) -> None:
    _, port = await there.wires.listen("tcp", HOST, 0)
    here.open("tcp", "localhost", port)
    assert (await here.ear.up(1)).remote == (HOST, port)


# -- that does not


@pytest.mark.parametrize("kind", ["tcp", "tls", "udp"])
async def test_name_that_does_not_resolve_is_told(here: Side, kind: str) -> None:
    assert await here.refusal(kind, "x.invalid", 5061) == "The name x.invalid does not resolve"


@pytest.mark.parametrize("kind", ["tcp", "tls"])
@pytest.mark.parametrize("host", [HOST, "localhost"])
async def test_refused_connection_is_told(here: Side, kind: str, host: str) -> None:
    port = free_port()
    assert await here.refusal(kind, host, port) == f"Nobody listens at {host}:{port}"


@pytest.mark.parametrize("host", ["a" * 70 + ".test", "a..b", "nul\0.test"])
@pytest.mark.parametrize("kind", ["tcp", "tls", "udp"])
async def test_host_that_is_no_name_is_told(here: Side, kind: str, host: str) -> None:
    assert await here.refusal(kind, host, 5060) in (
        f"{host}:5060 is not an address",
        f"The name {host} does not resolve",
    )


async def test_port_that_does_not_exist_is_told(here: Side) -> None:
    assert await here.refusal("tcp", HOST, 70000) == f"{HOST}:70000 is not an address"


async def test_server_that_nobody_vouches_for_is_not_trusted(here: Side, there: Side, bundle: Bundle) -> None:
    _, port = await there.wires.listen("tls", HOST, 0, bundle.server_context())
    why = await here.refusal("tls", HOST, port)
    assert why.startswith(f"The certificate of {HOST}:{port} is not trusted (unable to get local issuer certificate")


async def test_server_with_another_name_is_not_trusted(here: Side, there: Side, bundle: Bundle) -> None:
    here.wires.trust, here.wires.resolver.hosts = Trust(ca_text=bundle.authority), {"other.test": HOST}
    _, port = await there.wires.listen("tls", HOST, 0, bundle.server_context())
    why = await here.refusal("tls", "other.test", port)
    assert why.startswith(f"The certificate of other.test:{port} is not trusted (Hostname mismatch")


async def test_server_with_an_old_certificate_is_not_trusted(here: Side, there: Side) -> None:
    old = make([HOST], time.time() - 100 * 86400)
    here.wires.trust = Trust(ca_text=old.authority)
    _, port = await there.wires.listen("tls", HOST, 0, old.server_context())
    assert await here.refusal("tls", HOST, port) == (
        f"The certificate of {HOST}:{port} is not trusted (certificate has expired)"
    )


async def test_server_that_speaks_no_tls_is_told(here: Side) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"SIP/2.0 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(greet, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    assert await here.refusal("tls", HOST, port) == f"{HOST}:{port} does not speak TLS"
    server.close()


async def test_server_that_hangs_up_in_the_handshake_is_told(here: Side) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100_000)
        writer.close()

    server = await asyncio.start_server(hang_up, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    assert await here.refusal("tls", HOST, port) == f"{HOST}:{port} closed the connection"
    server.close()


async def test_server_that_says_nothing_is_given_up(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "SHORT", 0.05)
    with socket.create_server((HOST, 0)) as mute:
        port = mute.getsockname()[1]
        assert await here.refusal("tls", HOST, port) == f"{HOST}:{port} does not answer"


async def test_authority_file_that_is_missing_is_told(here: Side) -> None:
    here.wires.trust = Trust("/nowhere/ca.pem")
    assert await here.refusal("tls", HOST, 9) == "sim_tls_ca_file: /nowhere/ca.pem: No such file or directory"


async def test_taken_udp_port_is_told_with_the_name_of_its_setting(here: Side) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]
        here.open("udp", HOST, 5060, local_port=port)
        assert await here.ear.down(1) == (f"The local SIP port {port} is taken by another program (network_id_port)")


async def test_changed_trust_is_used_for_the_next_connection(here: Side, there: Side, bundle: Bundle) -> None:
    _, port = await there.wires.listen("tls", HOST, 0, bundle.server_context())
    assert "not trusted" in await here.refusal("tls", HOST, port)
    here.wires.trust = Trust(ca_text=bundle.authority)
    here.open("tls", HOST, port, conn=2)
    await here.ear.up(2)


# -- the end of a connection


@pytest.mark.parametrize("kind", ["tcp", "tls"])
async def test_only_the_other_side_hears_of_a_close(here: Side, there: Side, bundle: Bundle, kind: str) -> None:
    here.wires.trust = Trust(ca_text=bundle.authority)
    bound = await there.wires.listen(kind, HOST, 0, bundle.server_context() if kind == "tls" else None)
    here.open(kind, *bound)
    up = await here.ear.up(1)
    await there.ear.up(-1)
    here.wires.send(Send(1, b"last words"))
    here.wires.close(1)
    here.wires.send(Send(1, b"too late"))
    assert await there.ear.down(-1) == f"{HOST}:{up.local[1]} closed the connection"
    assert there.ear.data[-1] == b"last words" and here.ear.links == []


async def test_nothing_is_heard_of_a_connection_closed_while_it_opens(here: Side, there: Side) -> None:
    bound = await there.wires.listen("tcp", HOST, 0)
    here.open("tcp", *bound, conn=1)
    here.wires.close(1)
    here.open("tcp", *bound, conn=2)
    await asyncio.sleep(0)
    here.wires.close(2)
    here.open("tcp", *bound, conn=3)
    await here.ear.up(3)
    assert here.ear.links == []


async def test_peer_that_only_closes_its_half_is_gone(here: Side) -> None:
    here_bound = await here.wires.listen("tcp", HOST, 0)
    with socket.create_connection(here_bound) as peer:
        await here.ear.up(-1)
        peer.sendall(b"the end")
        peer.shutdown(socket.SHUT_WR)
        assert "closed the connection" in await here.ear.down(-1)
        assert here.ear.data[-1] == b"the end"


async def test_peer_that_resets_is_gone(here: Side) -> None:
    bound = await here.wires.listen("tcp", HOST, 0)
    peer = socket.create_connection(bound)
    await here.ear.up(-1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    peer.close()
    assert "closed the connection" in await here.ear.down(-1)


@pytest.mark.parametrize("kind", ["tcp", "tls"])
async def test_reader_who_does_not_read_is_cut(
    here: Side, bundle: Bundle, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "BACKLOG", 200_000)
    bound = await here.wires.listen(kind, HOST, 0, bundle.server_context() if kind == "tls" else None)
    with await asyncio.to_thread(lazy_reader, bound, kind, bundle.authority):
        await here.ear.up(-1)
        for _ in range(2000):
            here.wires.send(Send(-1, b"x" * 10_000))
        why = await here.ear.down(-1)
        assert why.startswith(HOST) and why.endswith("does not read what is sent")
        here.wires.send(Send(-1, b"more"))


def lazy_reader(bound: HostPort, kind: str, authority: str) -> socket.socket:
    """Somebody who connects and then falls asleep."""
    plain = socket.create_connection(bound)
    if kind == "tcp":
        return plain
    return ssl.create_default_context(cadata=authority).wrap_socket(plain, server_hostname=HOST)


async def test_stop_ends_what_is_up_what_opens_and_what_nobody_reads(there: Side) -> None:
    ear = Ear()
    side = Side(ear, Transport(ear))
    bound = await side.wires.listen("tcp", HOST, 0)
    sleeper = socket.create_connection(bound)
    await ear.up(-1)
    side.wires.send(Send(-1, b"x" * 3_000_000))
    side.open("udp", HOST, 9, conn=1)
    await ear.up(1)
    mute = socket.create_server((HOST, 0))
    side.open("tls", HOST, mute.getsockname()[1], conn=2)
    side.open("tcp", "x.invalid", 5060, conn=3)
    begun = time.monotonic()
    await side.wires.stop()
    assert time.monotonic() - begun < 3
    await nothing_is_left(side)
    assert ear.links == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(bound)
    sleeper.close()
    mute.close()


# -- finding


async def test_server_is_located_and_a_search_can_be_given_up(here: Side) -> None:
    here.wires.locate(Locate(1, "localhost", 5060, "tcp"))
    here.wires.locate(Locate(2, "localhost", 5060))
    here.wires.close(2)
    state = await here.ear.next(1)
    assert isinstance(state, Located) and Target("tcp", "localhost", 5060, HOST) in state.targets
    assert "[8] DNS cache_lookup: a localhost ->" in here.ear.log
    assert here.ear.links == []


async def test_connection_goes_to_the_address_that_was_found(here: Side, there: Side) -> None:
    _, port = await there.wires.listen("tcp", HOST, 0)
    here.wires.open(Open(1, "tcp", "nowhere.invalid", port, address=HOST))
    assert (await here.ear.up(1)).remote == (HOST, port)
    here.wires.open(Open(2, "udp", "nowhere.invalid", port, address=HOST))
    assert (await here.ear.up(2)).remote == (HOST, port)


# -- listening


async def test_taken_port_is_refused_in_words(here: Side, there: Side) -> None:
    _, port = await there.wires.listen("tcp", HOST, 0)
    with pytest.raises(ListenError) as told:
        await here.wires.listen("tcp", HOST, port)
    assert str(told.value) == f"Cannot listen at {HOST}:{port}: the port is taken by another program"


@pytest.mark.parametrize(
    ("host", "words"),
    [("x.invalid", "the name does not resolve"), ("192.0.2.1", "this machine does not have that address")],
)
async def test_address_that_is_not_ours_is_refused_in_words(here: Side, host: str, words: str) -> None:
    with pytest.raises(ListenError) as told:
        await here.wires.listen("tcp", host, 5060)
    assert str(told.value) == f"Cannot listen at {host}:5060: {words}"


async def test_one_who_comes_and_says_nothing_is_sent_away(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "SILENCE", 0.1)
    bound = await here.wires.listen("tcp", HOST, 0)
    mute, talker = socket.create_connection(bound), socket.create_connection(bound)
    talker.sendall(b"hello")
    await here.ear.until(lambda: any(isinstance(state, Down) for _, state in here.ear.links))
    gone = [conn for conn, state in here.ear.links if isinstance(state, Down)]
    assert gone and b"hello" in here.ear.data.values() and not set(gone) & set(here.ear.data)
    mute.close()
    talker.close()


async def test_those_who_are_silent_longest_make_room(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "MOST_SILENT", 2)
    bound = await here.wires.listen("tcp", HOST, 0)
    peers = []
    for n in range(1, 5):
        peers.append(socket.create_connection(bound))
        await here.ear.up(-n)
    assert [await here.ear.down(-n) for n in (1, 2)] == ["It never said anything"] * 2
    assert here.wires.has(-3) and here.wires.has(-4)
    for peer in peers:
        peer.close()


async def test_more_connections_than_can_be_served_are_refused(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "MOST_INCOMING", 1)
    bound = await here.wires.listen("tcp", HOST, 0)
    with socket.create_connection(bound) as first:
        await here.ear.up(-1)
        reader, writer = await asyncio.open_connection(*bound)
        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
        writer.close()
        first.sendall(b"still here")
        await here.ear.until(lambda: -1 in here.ear.data)
    assert [conn for conn, _ in here.ear.links] in ([], [-1])


async def test_dead_peer_is_noticed_by_the_machine(here: Side) -> None:
    bound = await here.wires.listen("tcp", HOST, 0)
    with socket.create_connection(bound):
        await here.ear.up(-1)
        sock = here.wires._streams[-1].get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000


async def test_garbage_at_a_tls_port_costs_that_connection_only(here: Side, there: Side, bundle: Bundle) -> None:
    bound = await there.wires.listen("tls", HOST, 0, bundle.server_context())
    reader, writer = await asyncio.open_connection(*bound)
    writer.write(b"OPTIONS sip:x SIP/2.0\r\n\r\n")
    async with asyncio.timeout(5):
        await reader.read()
    writer.close()
    here.wires.trust = Trust(ca_text=bundle.authority)
    here.open("tls", *bound)
    await here.ear.up(1)
    await there.ear.until(lambda: len(there.ear.links) == 1)
    assert isinstance(there.ear.links[0][1], Up)
