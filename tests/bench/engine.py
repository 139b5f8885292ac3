"""The engine without sockets: messages and registrations per second of processor time.

The clock counts what this process works, so that a busy machine does not make the engine look slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from snomtui.auth.ntlm.context import ClientContext
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.auth.ntlm.server import Host, ServerContext
from snomtui.kit.secret import Secret
from snomtui.sip.message import Message, parse
from snomtui.sip.stream import Framer
from tests.bench.counts import Counts
from tests.bench.parsing import parsing
from tests.bench.table import Figure
from tests.office.house import PASSWORDS, House
from tests.wire import START

HANDSHAKES = 5000.0
"""A second, at least."""
ROUNDS = 5
"""Each rate is taken so many times."""


def rates(counts: Counts) -> Iterator[Figure]:
    """Everything that is done so many times a second."""
    texts = spoken()
    messages = [changed(parse(text)) for text in texts]

    def read() -> int:
        return len(Framer().feed(b"".join(texts)))

    def write() -> int:
        return sum(1 for message in messages if bytes(message))

    yield from parsing(counts)
    yield _rate("messages parsed (a sign-in's requests and answers)", read, counts)
    yield _rate("messages serialised (the same)", write, counts)
    yield _rate("NTLMv2 registrations at the office (3 REGISTERs)", Registrar().sign_in_and_vanish, counts)
    yield replace(_rate("NTLMv2 handshakes, tokens only", handshake, counts), target=HANDSHAKES)


def changed(message: Message) -> Message:
    """The same as one that we have made, which has no bytes of its own yet."""
    return message.with_headers(message.headers)


def spoken() -> list[bytes]:
    """What a client and the office say while it signs in and subscribes."""
    house = House()
    client = house.signed_in()
    client.subscribe("vnd-microsoft-roaming-contacts", house.now)
    client.subscribe("vnd-microsoft-roaming-self", house.now)
    house.settle()
    return [said.data for said in house.wire.said]


class Registrar:
    """One office at which clients sign in, each one once."""

    def __init__(self) -> None:
        self._house, self._number = House(), 0

    def sign_in_and_vanish(self) -> int:
        """A new client connects, registers with NTLMv2 and loses its connection."""
        self._number += 1
        client = self._house.signed_in(epid=f"{self._number:010x}")
        assert client.guard.auth == "ntlmv2"
        self._house.wire.cut(client)
        self._house.wire.boxes.remove(client)
        self._house.wire.said.clear()
        self._house.wire.outputs.clear()
        return 1


def handshake() -> int:
    """One CHALLENGE, one answer, one check; keys are worked out anew on both sides.

    The MD4 of the password is not: phone and office remember it, see `crypto.ntowf_v1`.
    """
    dice = Random(1).randbytes
    password = Secret(PASSWORDS["Heiko.Riedel"])
    server = ServerContext(Host(), LmLevel(5), lambda user, domain: password, START, dice)
    client = ClientContext("Heiko.Riedel", "ucc", password, LmLevel(3))
    outcome = server.check(client.answer(server.token, START, dice).token, START)
    assert outcome.ok, outcome.why
    return 1


def _rate(what: str, work: Callable[[], int], counts: Counts) -> Figure:
    work()
    return Figure(what, tuple(_per_second(work, counts.seconds / ROUNDS) for _ in range(ROUNDS)), "1/s", digits=0)


def _per_second(work: Callable[[], int], seconds: float) -> float:
    done, begin = 0, time.process_time()
    while (took := time.process_time() - begin) < seconds or not done:
        done += work()
    return done / took
