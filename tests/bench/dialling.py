"""HTTP dial until the INVITE is written: from the request's last byte to the INVITE's bytes at the socket."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from snomtui.auth.ntlm.policy import LmLevel
from snomtui.frontend import FrontEnd
from snomtui.house import Telephone, Wanted
from snomtui.kit.box import Send, Surroundings
from snomtui.office.office import Office
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.settings.registry import Settings
from snomtui.shell.certificates import make
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.media import MediaThread
from snomtui.shell.tls import Trust
from tests.bench import baresip
from tests.bench.counts import Counts
from tests.bench.programs import ROOT, SNOMTUI, environment, resident, wall
from tests.bench.sink import Sink
from tests.bench.table import Figure

NOBODY = "/command.htm?number=nobody"
WARM = 5
"""Dials before the first one that counts."""


def dials(counts: Counts) -> Iterator[Figure]:
    """Both phones as processes of their own, dial by dial in turns; then ours signed and inside TLS, in one process."""
    with TemporaryDirectory() as folder, Sink() as sink, _headless(Path(folder), sink) as phone:
        ours, theirs = _in_turns(phone, sink, Path(folder), counts)
        own = Figure("snomtui: HTTP dial to INVITE received (UDP)", tuple(ours), digits=2)
        if theirs:
            other = Figure("baresip: HTTP dial to INVITE received (UDP)", tuple(theirs), digits=2)
            yield other
            own = replace(own, against=other.median, beside="baresip")
        yield own
        yield Figure("phone alone, headless: resident memory", (resident(phone.pid),), "MiB", digits=0)
        yield Figure("snomtui dial: the whole command", tuple(_commands(phone, sink, counts)), digits=0)
    yield Figure("HTTP dial to INVITE written (NTLM, TLS)", tuple(asyncio.run(_signed(counts))), digits=2)


# -- as processes of their own


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that runs: its process and its web server."""

    pid: int
    port: int


@contextmanager
def _headless(folder: Path, sink: Sink) -> Iterator[Phone]:
    values = {
        "user_name1": "bench",
        "user_host1": "127.0.0.1",
        "user_outbound1": f"127.0.0.1:{sink.port};transport=udp",
        "network_id_port": "0",
    }
    sets = [f"--set={name}={value}" for name, value in values.items()]
    command = (*SNOMTUI, "phone", "--headless", "--http", "127.0.0.1:0", "--state-dir", str(folder / "state"), *sets)
    events = folder / "events"  # not a pipe: that would fill up and stop the phone
    with events.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL, env=environment(), cwd=ROOT
        )
    try:
        sink.until("REGISTER")  # after this the line `ready` is written
        ready = json.loads(events.read_text("utf-8").partition("\n")[0])
        yield Phone(process.pid, int(ready["http"].rpartition(":")[2]))
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _in_turns(phone: Phone, sink: Sink, folder: Path, counts: Counts) -> tuple[list[float], list[float]]:
    ours, theirs = list[float](), list[float]()
    if not baresip.installed():
        return [_dial(phone.port, NOBODY, sink) for _ in range(WARM + counts.dials)][WARM:], theirs
    with baresip.Baresip(folder / "baresip", sink) as other:
        for _ in range(WARM + counts.dials):
            theirs.append(_dial(other.port, other.target, sink))
            ours.append(_dial(phone.port, NOBODY, sink))
    return ours[WARM:], theirs[WARM:]


def _dial(port: int, target: str, sink: Sink) -> float:
    """One dial at a phone, in milliseconds; the call is refused as busy and over when this returns."""
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        time.sleep(0.005)  # the phone has taken the connection by now: that is not what is measured
        begin = _ask(client, port, target)
        took = sink.until("INVITE") - begin
        sink.until("ACK")
        client.recv(65536)
    time.sleep(0.01)
    return took * 1000


def _ask(client: socket.socket, port: int, target: str) -> float:
    """Send a GET; returns the moment after its last byte."""
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    return time.perf_counter()


def _commands(phone: Phone, sink: Sink, counts: Counts) -> Iterator[float]:
    for turn in range(counts.starts + 1):
        took = wall((*SNOMTUI, "dial", "nobody", "--phone", f"http://127.0.0.1:{phone.port}"))
        sink.until("ACK")
        if turn:
            yield took


# -- in one process: phone and front end, as in the demo


async def _signed(counts: Counts) -> list[float]:
    found = list[float]()
    async with _demo() as (telephone, port):
        for _ in range(WARM + counts.dials):
            found.append(await _dial_inside(telephone, port))
    return found[WARM:]


async def _dial_inside(telephone: Telephone, port: int) -> float:
    """One dial, in milliseconds. Client and phone take turns in one thread, so neither waits for the other's turn."""
    loop = asyncio.get_running_loop()
    written, ended = loop.create_future(), loop.create_future()
    transport = telephone.runner.transport
    send = transport.send

    def timed(order: Send) -> None:
        send(order)
        if order.data.startswith(b"INVITE ") and not written.done():
            written.set_result(time.perf_counter())

    def heard(event: dict[str, Any]) -> None:
        if event["event"] == "call" and event["state"] == "ended" and not ended.done():
            ended.set_result(None)

    deaf = telephone.listen_events(heard)
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        await asyncio.sleep(0.005)
        transport.send = timed  # type: ignore[method-assign]
        begin = _ask(client, port, NOBODY)
        async with asyncio.timeout(5):
            moment = await written
            transport.send = send  # type: ignore[method-assign]
            await ended
    deaf()
    return float(moment - begin) * 1000


@asynccontextmanager
async def _demo() -> AsyncIterator[tuple[Telephone, int]]:
    """A phone that is registered with NTLMv2 over TLS, and the port of its web server."""
    people, clock, book = People.default(), Clock(), Logbook(5)
    media = MediaThread(os.urandom, clock=clock)
    office = Office(people, Policy(level=LmLevel(5)), Surroundings(os.urandom, media.reserve), clock.now())
    front = FrontEnd(office, media, clock, book)
    bundle = make([people.server, "127.0.0.1"], clock.now())
    await front.start([("tls", "127.0.0.1", 0)], bundle)
    wanted = Wanted(
        Settings(_account(people, front.listening["tls"].rpartition(":")[2])),
        http=("127.0.0.1", 0),
        trust=Trust(ca_text=bundle.authority),
        hosts={people.server: "127.0.0.1"},
    )
    telephone = Telephone(wanted, clock, Logbook(5))
    try:
        await _registered(telephone)
        yield telephone, int(telephone.http.rpartition(":")[2])
    finally:
        await telephone.stop()
        await front.stop()


def _account(people: People, port: str) -> dict[str, str]:
    own = next(person for person in people.persons if person.password.reveal())
    user, _, host = own.uri.removeprefix("sip:").partition("@")
    return {
        "user_name1": user,
        "user_host1": host,
        "user_pname1": f"{people.netbios}\\{own.login or user}",
        "user_pass1": own.password.reveal(),
        "user_server_type1": "ocs",
        "user_outbound1": f"{people.server}:{port};transport=tls",
    }


async def _registered(telephone: Telephone) -> None:
    done = asyncio.Event()

    def heard(event: dict[str, Any]) -> None:
        if event["event"] == "registration" and event["state"] == "registered":
            assert event["auth"] == "ntlmv2"
            done.set()

    deaf = telephone.listen_events(heard)
    await telephone.start()
    async with asyncio.timeout(10):
        await done.wait()
    deaf()
    await asyncio.sleep(0.5)  # subscriptions and presence are through
