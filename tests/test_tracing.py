"""The trace of a real phone at a real front end: what the desk around the phone is made of."""

from __future__ import annotations

import httpx
import pytest

from snomtui.office.faults import Faults
from snomtui.phone.intents import HangUp
from snomtui.shell.certificates import Bundle, make
from snomtui.shell.clock import Clock
from snomtui.shell.tls import Trust
from snomtui.trace.decode import say
from snomtui.trace.detail import facts
from snomtui.trace.words import label
from tests.programs import HEIKO
from tests.test_house import HOST, office, telephone


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return make(["sip.ucc.de", HOST], Clock().now())


async def test_sign_in_and_call_are_traced_with_their_signatures(bundle: Bundle) -> None:
    async with office(bundle) as front:
        settings = HEIKO | {"user_outbound1": f"{front.listening['tls']};transport=tls"}
        async with telephone(settings, (HOST, 0), trust=Trust(ca_text=bundle.authority)) as (phone, events):
            await events.wait("registration", state="registered")
            async with httpx.AsyncClient() as client:
                await client.get(f"{phone.http}/command.htm?number=%2B4930123456&http_pass=x")
            await events.wait("call", state="talking")
            await events.wait("media")
            assert phone.do(HangUp()) is None
            await events.wait("call", state="ended")
            records, chronicle = list(phone.kept.trace), phone.kept.chronicle
    assert [label(one, say) for one in records[:6]] == [
        "REGISTER",
        "401 Unauthorized (REGISTER)",
        "REGISTER, asks for an NTLM challenge",
        "401 Unauthorized, NTLM CHALLENGE",
        "REGISTER, NTLM AUTHENTICATE",
        "200 OK (REGISTER)",
    ]
    assert [one.verdict for one in records[:6]] == ["", "none", "", "none", "", "valid"]
    later = [one for one in records[6:] if one.out is False and (one.status is None or one.status >= 200)]
    assert later and {one.verdict for one in later} == {"valid"}
    assert all(one.signed for one in records[6:] if one.out)
    assert {one.transport for one in records} == {"tls"} and {one.conn for one in records} == {records[0].conn}
    assert f"{HOST}:{records[0].target[1]}" == front.listening["tls"]
    told = [fact for one in records for fact in facts(one, say)]
    assert ("user", "Heiko.Riedel") in [(fact.name, fact.value) for fact in told]
    assert not any("Sommer2009!" in fact.value for fact in told)
    assert [one["remote"] for one in chronicle.media()] == ["Jan Dierich"]
    assert "http_pass=x" not in str(list(chronicle.commands())) and len(list(chronicle.commands())) == 1


async def test_message_with_a_wrong_signature_is_traced_with_the_reason(bundle: Bundle) -> None:
    async with office(bundle, faults=Faults.parse("wrong-signature")) as front:
        settings = HEIKO | {"user_outbound1": f"{front.listening['tcp']};transport=tcp"}
        async with telephone(settings) as (phone, events):
            await events.wait("registration", state="refused")
            doubted = [one for one in phone.kept.trace if "the signature is wrong" in one.verdict]
            assert [one.status for one in doubted] == [200]
