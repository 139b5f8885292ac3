"""Our phone registers at a real Kamailio."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers
from tests.peers.pbx import Pbx

pytestmark = pytest.mark.peer
TRANSPORTS = ("udp", "tcp", "tls")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_registers_with_digest_and_unregisters_when_it_leaves(pbx: Pbx, callers: Callers, transport: str) -> None:
    phone = callers.unregistered("alice", transport, user_expiry1=600)
    phone.expect("registration", state="registering")
    told = phone.registered()
    wanted = {"identity": 1, "aor": "alice@pbx.test", "code": 200, "expires": 600, "auth": "digest"}
    assert {name: told[name] for name in wanted} == wanted
    assert told["transport"] == transport
    [contact] = pbx.contacts("alice")
    assert 590 <= contact["Expires"] <= 600
    assert f"transport={transport}" in contact["Address"] or transport == "udp"
    assert phone.quit() == 0
    assert pbx.contacts("alice") == []


def test_phone_unregisters_when_it_is_told_to_end_by_a_signal(pbx: Pbx, callers: Callers) -> None:
    phone = callers.phone("alice")
    assert phone.stop() == 0
    assert pbx.contacts("alice") == []


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_says_that_its_password_is_wrong_and_when_it_tries_again(
    pbx: Pbx, callers: Callers, transport: str
) -> None:
    phone = callers.unregistered("alice", transport, user_pass1="wrong")
    told = phone.expect("registration", state="refused")
    assert (told["code"], told["retry_in"], told["auth"]) == (401, 300, "digest")
    assert "password" in told["reason"]
    assert pbx.contacts("alice") == []
    assert phone.order("dial", number="bob")["ok"] is False


def test_phone_does_not_trust_a_certificate_that_nobody_vouches_for(callers: Callers) -> None:
    phone = callers.unregistered("alice", "tls", sim_tls_ca_file="")
    told = phone.expect("registration", state="waiting")
    assert (told["code"], told["retry_in"]) == (None, 300)
    assert "certificate" in told["reason"]


def test_phone_with_the_right_password_set_later_registers(callers: Callers) -> None:
    phone = callers.unregistered("alice", "udp", user_pass1="wrong")
    phone.expect("registration", state="refused")
    phone.do("set", name="user_pass1", value="alice-secret")
    phone.registered()


def test_phone_asks_for_longer_when_the_registrar_wants_that(callers: Callers) -> None:
    phone = callers.unregistered("alice", user_expiry1=15)
    assert phone.registered()["expires"] == 20


def test_phone_logs_off_and_registers_again_when_told(pbx: Pbx, callers: Callers) -> None:
    phone = callers.phone("alice")
    phone.do("logoff", identity=1)
    phone.expect("registration", state="off")
    phone.do("register", identity=1)
    phone.registered()
    assert len(pbx.contacts("alice")) == 1


OPTIONS = (
    "WITH_SHA256",
    "WITH_NOQOP",
    "WITH_AUTHINT",
    "WITH_SHORTNONCE",
    "WITH_ONETIME",
    "WITH_407",
    "WITH_REGINFO",
    "WITH_NOAUTH",
)


@pytest.mark.parametrize("pbx", [(word,) for word in OPTIONS], ids=OPTIONS, indirect=True)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_registers_and_calls_with_every_option_of_the_server(callers: Callers, transport: str) -> None:
    alice, bob = callers.phone("alice", transport), callers.phone("bob", transport)
    for _ in range(2):
        alice.do("dial", number="bob")
        bob.call("offered")
        bob.do("answer")
        alice.call("talking")
        alice.do("hangup")
        bob.call("ended", cause="remote")
    assert alice.quit() == 0


@pytest.mark.parametrize("pbx", [("WITH_SHORTNONCE",)], indirect=True)
def test_phone_takes_a_fresh_nonce_when_the_old_one_is_stale(callers: Callers) -> None:
    alice, bob = callers.phone("alice"), callers.phone("bob")
    alice.do("dial", number="bob")
    bob.call("offered")
    bob.do("answer")
    alice.hears(250)  # five seconds; a nonce lives for three
    alice.do("hangup")
    bob.call("ended", cause="remote")
    alice.do("dial", number="bob")
    bob.call("offered")
    assert alice.quit() == 0
