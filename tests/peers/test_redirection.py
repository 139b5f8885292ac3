"""Our phone sends callers elsewhere with a 302, and baresip goes there, through a real Kamailio."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers

pytestmark = pytest.mark.peer


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_baresip_is_sent_on_at_once_and_talks_to_the_other_one(callers: Callers, transport: str) -> None:
    phone, colleague = callers.phone("alice", transport), callers.phone("bob", transport)
    phone.do("redirect", when="all", to="sip:bob@pbx.test", on=True)
    baresip = callers.baresip("dave", transport)
    baresip.do("dial", "sip:alice@pbx.test")
    told = phone.call("ended", cause="elsewhere")
    assert (told["code"], told["number"]) == (302, "dave")
    colleague.call("offered", number="dave")
    colleague.do("answer")
    colleague.call("talking")
    colleague.hears()
    baresip.do("hangup")
    colleague.call("ended", cause="remote")


def test_baresip_is_sent_on_when_nobody_answers(callers: Callers) -> None:
    phone, colleague = callers.phone("alice"), callers.phone("bob")
    phone.do("set", name="redirect_time", value=2)
    phone.do("redirect", when="time", to="sip:bob@pbx.test")
    baresip = callers.baresip("dave")
    baresip.do("dial", "sip:alice@pbx.test")
    phone.call("offered", number="dave")
    assert phone.call("ended", cause="elsewhere")["code"] == 302
    colleague.call("offered", number="dave")
    colleague.do("answer")
    colleague.call("talking")
    baresip.do("hangup")
    colleague.call("ended", cause="remote")
