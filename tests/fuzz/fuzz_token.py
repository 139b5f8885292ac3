"""Fuzz target: NTLM tokens from a server that we sign in at, and from a client that signs in at us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from snomtui.auth.ntlm.avpairs import AvPairs
from snomtui.auth.ntlm.context import ClientContext
from snomtui.auth.ntlm.messages import MAGIC, Authenticate, Challenge, describe
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.auth.ntlm.server import Host, ServerContext
from snomtui.kit.secret import Secret
from tests.fuzz.limits import attempt

NOW = 1_795_400_000.0
PASSWORD = Secret("Sommer2009!")
CHALLENGE, AUTHENTICATE, LIST, ANY = range(4)
"""What the first byte says that the rest is."""


def _server(level: int = 0) -> ServerContext:
    """Always the same challenge, so that a good answer can be found."""
    return ServerContext(Host(timestamp=True), LmLevel(level), lambda user, domain: PASSWORD, NOW, Random(1).randbytes)


def _client(level: int) -> ClientContext:
    return ClientContext("Heiko.Riedel", "UCC", PASSWORD, LmLevel(level))


def seeds() -> Iterator[bytes]:
    """Good inputs to start from."""
    challenge = _server().token
    yield bytes([CHALLENGE]) + challenge
    yield bytes([ANY]) + challenge
    yield bytes([LIST]) + Host(timestamp=True).target_info(NOW)
    for level in (0, 1, 3, 5):
        token = _client(level).answer(challenge, NOW, Random(2).randbytes).token
        yield bytes([AUTHENTICATE]) + token
        yield bytes([ANY]) + token


def one(data: bytes) -> None:
    """Read a token, answer it or check it."""
    if not data:
        return
    kind, level, rest = data[0] & 3, (data[0] >> 2) % 6, data[1:]
    _KINDS[kind](rest, level)


def _challenge(data: bytes, level: int) -> None:
    read = attempt(lambda: Challenge.parse(data))
    if read is None:
        return
    read.describe()
    again = Challenge.parse(bytes(read))
    assert again.target_name == read.target_name and again.pairs == read.pairs
    made = attempt(lambda: _client(level).answer(data, NOW, Random(3).randbytes))
    if made is not None:
        Authenticate.parse(made.token).describe()


def _authenticate(data: bytes, level: int) -> None:
    outcome = _server(level).check(data, NOW)
    assert outcome.ok == (outcome.keys is not None)
    read = attempt(lambda: Authenticate.parse(data))
    if read is not None:
        read.describe(), read.pairs, read.time, read.without_mic()
        again = Authenticate.parse(bytes(read))
        assert (again.user, again.domain, again.nt) == (read.user, read.domain, read.nt)


def _list(data: bytes, level: int) -> None:
    pairs = attempt(lambda: AvPairs.parse(data))
    if pairs is not None:
        pairs.words()
        assert AvPairs.parse(bytes(pairs)) == pairs


def _any(data: bytes, level: int) -> None:
    for token in (data, MAGIC + data):
        attempt(lambda token=token: describe(token))  # type: ignore[misc]


_KINDS: dict[int, Callable[[bytes, int], None]] = {
    CHALLENGE: _challenge,
    AUTHENTICATE: _authenticate,
    LIST: _list,
    ANY: _any,
}
