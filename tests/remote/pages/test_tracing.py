"""SIP messages on their pages, and as files."""

from __future__ import annotations

import time

from snomtui.kit.box import Heard, Send
from snomtui.trace.network import Reader
from snomtui.trace.pcapin import frames
from tests.remote.standin import Bench
from tests.trace.samples import INVITE, REGISTER

LOGIN = REGISTER.replace(b"\r\n\r\n", b'\r\nAuthorization: Digest username="heiko", response="c0ffee"\r\n\r\n', 1)


def bench_with(*messages: bytes) -> Bench:
    """A phone that has sent these."""
    bench = Bench()
    for number, data in enumerate(messages):
        bench.phone.inside.trace.sent(Send(1, data, ("192.0.2.1", 5060)), 1_795_400_000.0 + number)
    return bench


async def test_messages_are_text_without_secrets_and_can_be_searched() -> None:
    bench = bench_with(LOGIN, INVITE)
    async with bench.client() as client:
        page = (await client.get("/sip_trace.htm")).text
        found = (await client.get("/sip_trace.htm?search=INVITE")).text
        file = await client.get("/sip_trace.txt")
    assert "Sent to udp:192.0.2.1:5060" in page and "REGISTER sip:" in page
    assert "c0ffee" not in page + file.text and "heiko" in page
    assert "INVITE sip:" in found and "REGISTER sip:" not in found
    assert file.headers["content-disposition"].startswith('attachment; filename="snom370-')


async def test_messages_are_arrows_too() -> None:
    bench = bench_with(LOGIN)
    bench.phone.inside.trace.heard(Heard(1, b"SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\n\r\n", 1_795_400_001.0, None, ""))
    async with bench.client() as client:
        page = (await client.get("/sip_trace.htm?view=ladder")).text
    assert "│─ REGISTER" in page and "◀─ 200 OK (REGISTER)" in page


async def test_clear_forgets_all_but_not_for_a_page_of_another_site() -> None:
    bench = bench_with(LOGIN)
    async with bench.client() as client:
        foreign = {"sec-fetch-site": "cross-site"}
        assert (await client.post("/sip_trace.htm", data={"clear": "1"}, headers=foreign)).status_code == 403
        assert len(bench.phone.inside.trace) == 1
        assert (await client.get("/sip_trace.txt", headers=foreign)).status_code == 403
        assert (await client.post("/sip_trace.htm", data={"clear": "1"})).status_code == 302
        assert "No message is there" in (await client.get("/sip_trace.htm")).text
    assert len(bench.phone.inside.trace) == bench.phone.inside.trace.size == 0


async def test_capture_holds_what_came_between_start_and_stop() -> None:
    bench = bench_with(REGISTER)
    trace = bench.phone.inside.trace
    async with bench.client() as client:
        whole = (await client.get("/trace.pcap")).content
        await client.post("/pcap.htm", data={"start": "1"})
        trace.sent(Send(1, INVITE, ("192.0.2.1", 5060)), 1_795_400_002.0)
        running = (await client.get("/pcap.htm")).text
        await client.post("/pcap.htm", data={"stop": "1"})
        trace.sent(Send(1, REGISTER, ("192.0.2.1", 5060)), 1_795_400_003.0)
        page = (await client.get("/pcap.htm")).text
        part = (await client.get("/trace.pcap")).content
        trace.clear()
        empty = (await client.get("/pcap.htm")).text
    assert [one.data for one in Reader().records(frames(whole))] == [REGISTER]
    assert "Messages so far: 1." in running and "The capture has ended. Messages: 1." in page
    assert [one.data for one in Reader().records(frames(part))] == [INVITE]
    assert "Messages: 0." in empty and "The oldest are no longer kept: 1." in empty


async def test_large_trace_is_a_small_page_soon() -> None:
    bench = bench_with(*[LOGIN + b"x" * 20_000] * 400)
    async with bench.client() as client:
        await client.get("/sip_trace.htm")
        begun = time.perf_counter()
        page = (await client.get("/sip_trace.htm")).text
        spent = time.perf_counter() - begun
        file = await client.get("/trace.pcap")
    assert len(page) < 600_000 and spent < 2
    assert 7_000_000 < len(file.content) < 9_000_000 and b"c0ffee" not in file.content
