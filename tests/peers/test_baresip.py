"""Our phone and baresip 1.0 talk through a real Kamailio."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers
from tests.phones import until

pytestmark = pytest.mark.peer
TRANSPORTS = ("udp", "tcp", "tls")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_calls_baresip_and_both_hear_each_other(callers: Callers, transport: str) -> None:
    phone, baresip = callers.phone("alice", transport), callers.baresip("dave", transport, "auto")
    phone.do("dial", number="dave")
    phone.call("talking")
    baresip.expect("CALL_ESTABLISHED")
    phone.hears()
    until(lambda: baresip.heard() > 8000, what="baresip has recorded half a second")
    phone.do("hangup")
    baresip.expect("CALL_CLOSED")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_baresip_calls_phone_and_hangs_up(callers: Callers, transport: str) -> None:
    phone, baresip = callers.phone("alice", transport), callers.baresip("dave", transport)
    baresip.do("dial", "sip:alice@pbx.test")
    phone.call("offered", number="dave")
    baresip.expect("CALL_RINGING")
    phone.do("answer")
    phone.call("talking")
    baresip.expect("CALL_ESTABLISHED")
    phone.hears()
    until(lambda: baresip.heard() > 8000, what="baresip has recorded half a second")
    baresip.do("hangup")
    assert phone.call("ended")["cause"] == "remote"


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_both_put_each_other_on_hold(callers: Callers, transport: str) -> None:
    phone, baresip = callers.phone("alice", transport), callers.baresip("dave", transport, answer="auto")
    phone.do("dial", number="dave")
    phone.call("talking")
    baresip.expect("CALL_ESTABLISHED")
    baresip.do("hold")
    phone.call("held")
    baresip.do("resume")
    phone.call("talking")
    phone.do("hold")
    phone.call("holding")
    phone.do("resume")
    phone.call("talking")
    phone.hears(phone.hears()["received"] + 10)


def test_phone_transfers_baresip_to_a_colleague(callers: Callers) -> None:
    phone, colleague = callers.phone("alice", "tcp"), callers.phone("bob", "tls")
    baresip = callers.baresip("dave", answer="auto")
    phone.do("dial", number="dave")
    phone.call("talking")
    baresip.expect("CALL_ESTABLISHED")
    phone.do("transfer", to="bob")
    colleague.call("offered", number="dave")
    colleague.do("answer")
    phone.call("ended", cause="local")
    colleague.call("talking")
    colleague.hears()
