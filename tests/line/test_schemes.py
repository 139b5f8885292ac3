"""One refusal with several schemes, in every order and form: the line ends registered with the best one it can use."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from tests.line.doors import Arrange, FrontDoor
from tests.line.frontend import OCS
from tests.line.peer import Bench, Peer, registered

ORDERS = list(permutations(("Kerberos", "NTLM", "Digest")))
NOISE = (
    'Basic realm="x"',
    "Negotiate",
    'TLS-DSK realm="r", targetname="t"',
    "Negotiate YWJj==",
    "@@@",
    'Foo <>, a="b"',
)
UNREADABLE = ("", "=", 'Digest realm="open', 'NTLM realm="open', "Digest", "NTLM", 'Digest nonce="no realm"')
"""Lines that can only stand alone, because they would swallow what follows or be taken for a usable challenge."""
ACCOUNTS: dict[str, dict[str, Any]] = {"ntlmv2": OCS, "digest": {"user_outbound1": "127.0.0.1:5061;transport=tls"}}
"""Settings, and what is best with them."""


def ordered(order: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The challenges of the door by scheme; what it did not offer is not there."""
    return [line for scheme in order for line in lines if line.startswith(scheme)]


def with_noise(lines: Sequence[str], noise: Sequence[str]) -> list[str]:
    """Something else before, between and behind the challenges."""
    made = list(lines)
    for at, each in enumerate(noise):
        made.insert(at * 2 % (len(made) + 1), each)
    return made


FORMS: dict[str, Arrange] = {
    "own lines": list,
    "one line": lambda lines: [", ".join(lines)],
    "one line without blanks": lambda lines: [",,".join(lines)],
    "mixed": lambda lines: [", ".join(lines[:2]), *lines[2:]],
}


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [401, 407])
@pytest.mark.parametrize("noise", [(), NOISE], ids=["", "noise"])
@pytest.mark.parametrize("best", ACCOUNTS)
def test_line_registers_with_the_best_scheme(
    order: Sequence[str], form: str, status: int, noise: Sequence[str], best: str
) -> None:
    host = ACCOUNTS[best].get("user_host1", "example.org")
    door = FrontDoor(registered, host, lambda lines: FORMS[form](with_noise(ordered(order, lines), noise)), status)
    one = Bench(Peer(REGISTER=door), **ACCOUNTS[best])
    assert (one.registration.state, one.registration.auth) == ("registered", best)
    assert len(one.peer.asked("REGISTER")) == (3 if best == "ntlmv2" else 2)
    assert not any("Basic" in value for each in one.peer.requests for _, value in each.headers)


@pytest.mark.parametrize("best", ACCOUNTS)
@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_line_registers_though_other_lines_cannot_be_read(order: Sequence[str], best: str) -> None:
    host = ACCOUNTS[best].get("user_host1", "example.org")
    door = FrontDoor(registered, host, lambda lines: with_noise(ordered(order, lines), (*UNREADABLE, *NOISE)))
    one = Bench(Peer(REGISTER=door), **ACCOUNTS[best])
    assert (one.registration.state, one.registration.auth) == ("registered", best)


@pytest.mark.parametrize(
    ("best", "wrong", "auth"),
    [("ntlmv2", {"password": "other"}, "digest"), ("digest", {"digest_password": "other"}, "ntlmv2")],
)
def test_each_scheme_falls_back_to_the_other(best: str, wrong: dict[str, Any], auth: str) -> None:
    host = ACCOUNTS[best].get("user_host1", "example.org")
    one = Bench(Peer(REGISTER=FrontDoor(registered, host, **wrong)), **ACCOUNTS[best])
    assert (one.registration.state, one.registration.auth) == ("registered", auth)


def test_weaker_ntlm_is_no_way_out_where_digest_was_refused() -> None:
    door = FrontDoor(registered, "example.org", digest_password="other")
    one = Bench(Peer(REGISTER=door), **ACCOUNTS["digest"], sim_lan_manager_level="2")
    assert (one.registration.state, one.registration.auth) == ("refused", "digest")
    assert len(one.peer.asked("REGISTER")) == 2


@pytest.mark.parametrize("best", ACCOUNTS)
def test_password_that_is_wrong_everywhere_is_tried_once_with_each_scheme_and_then_rests(best: str) -> None:
    host = ACCOUNTS[best].get("user_host1", "example.org")
    door = FrontDoor(registered, host, password="other", digest_password="another")
    one = Bench(Peer(REGISTER=door), **ACCOUNTS[best])
    assert one.registration.state == "refused"
    assert len(one.peer.asked("REGISTER")) == 4
    one.advance(290)
    assert len(one.peer.asked("REGISTER")) == 4
    one.advance(20)
    assert len(one.peer.asked("REGISTER")) == 8
