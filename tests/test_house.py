"""A phone and a front end, put together in one process with real sockets and no screen."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from snomtui.errors import ListenError
from snomtui.frontend import FrontEnd
from snomtui.house import Object, Telephone, Wanted
from snomtui.kit.box import Surroundings
from snomtui.office.faults import Fault, Faults
from snomtui.office.journal import Entry
from snomtui.office.office import Office
from snomtui.office.orders import Refusal, Restart, SetFault, SignOut
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.phone.intents import Dial, HangUp, SetSetting
from snomtui.phone.snapshot import Snapshot
from snomtui.settings.registry import Settings
from snomtui.shell.certificates import Bundle, make
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.media import MediaThread
from snomtui.shell.officestore import OfficeStore
from snomtui.shell.tls import Trust
from tests.programs import HEIKO

HOST = "127.0.0.1"


class Events:
    """What a phone tells, and those who wait for it."""

    def __init__(self) -> None:
        self.all: list[Object] = []
        self._news = asyncio.Event()

    def add(self, event: Object) -> None:
        self.all.append(event)
        self._news.set()

    def shown(self, text: str) -> bool:
        """Whether this stood on the display, perhaps on more than one row."""
        return any(text in " ".join(event["rows"]) for event in self.all if event["event"] == "display")

    async def wait(self, name: str, **fields: object) -> Object:
        """The first event with these fields."""
        async with asyncio.timeout(10):
            while True:
                for event in self.all:
                    if event["event"] == name and all(event.get(key) == value for key, value in fields.items()):
                        return event
                self._news.clear()
                await self._news.wait()


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return make(["sip.ucc.de", HOST], Clock().now())


def front_end(store: OfficeStore | None = None, faults: Faults | None = None) -> FrontEnd:
    """A simulated office."""
    clock = Clock()
    media = MediaThread(os.urandom, clock=clock)
    around, kept = Surroundings(os.urandom, media.reserve), store.kept if store else {}
    office = Office(People.default(), Policy(), around, clock.now(), faults, kept)
    return FrontEnd(office, media, clock, Logbook(9), store)


@asynccontextmanager
async def office(
    bundle: Bundle,
    store: OfficeStore | None = None,
    status: tuple[str, int] | None = None,
    faults: Faults | None = None,
) -> AsyncIterator[FrontEnd]:
    """A simulated office that runs."""
    front = front_end(store, faults)
    await front.start([("tls", HOST, 0), ("tcp", HOST, 0)], bundle, status=status)
    try:
        yield front
    finally:
        await front.stop()


@asynccontextmanager
async def telephone(
    settings: dict[str, str],
    http: tuple[str, int] | None = None,
    moves: bool = False,
    state_dir: Path | None = None,
    trust: Trust | None = None,
    ready: Callable[[Telephone], None] = lambda phone: None,
) -> AsyncIterator[tuple[Telephone, Events]]:
    """A phone that runs."""
    wanted = Wanted(Settings(settings), http=http, moves=moves, state_dir=state_dir, trust=trust or Trust())
    phone, events = Telephone(wanted, Clock(), Logbook(9)), Events()
    phone.listen_events(events.add)
    await phone.start(lambda: ready(phone))
    try:
        yield phone, events
    finally:
        await phone.stop()


async def test_phone_registers_calls_and_leaves_nothing_behind(bundle: Bundle) -> None:
    async with office(bundle) as front:
        settings = HEIKO | {"user_outbound1": f"{front.listening['tls']};transport=tls"}
        async with telephone(settings, trust=Trust(ca_text=bundle.authority)) as (phone, events):
            assert (await events.wait("registration", state="registered"))["auth"] == "ntlmv2"
            assert phone.do(Dial("+4930123456")) is None
            await events.wait("call", state="talking")
            await events.wait("media")
            assert phone.do(HangUp()) is None
            await events.wait("call", state="ended")
        await events.wait("registration", state="off")
    assert {task for task in asyncio.all_tasks() if "snomtui" in repr(task.get_coro())} <= {asyncio.current_task()}


async def test_settings_of_the_wires_are_used_as_soon_as_they_change() -> None:
    async with telephone({"dns_server1": "192.0.2.1", "sim_tls_ca_file": "a.pem"}) as (phone, _):
        wires = phone.runner.transport
        assert (wires.resolver.servers, wires.trust.ca_file) == ((("192.0.2.1", 53),), "a.pem")
        for name, value in {"dns_server2": "[::1]:5353", "sim_tls_ca_file": "", "sim_tls_certificate": "b.pem"}.items():
            assert phone.do(SetSetting(name, value)) is None
        assert wires.resolver.servers == (("192.0.2.1", 53), ("::1", 5353))
        assert (wires.trust.ca_file, wires.trust.certificate) == ("", "b.pem")
    async with telephone({"sim_tls_ca_file": "a.pem"}, trust=Trust(ca_text="the embedded one")) as (phone, _):
        assert phone.runner.transport.trust.ca_file == ""


async def test_refusal_of_the_phone_is_a_value() -> None:
    async with telephone({}) as (phone, _):
        refusal = phone.do(Dial("5"))
        assert refusal and refusal.why


async def test_ready_is_told_before_any_registration() -> None:
    seen: list[tuple[str, int]] = []
    told: list[Object] = []

    def ready(phone: Telephone) -> None:
        seen.append((phone.http, len(told)))
        phone.listen_events(told.append)

    settings = HEIKO | {"user_outbound1": f"{HOST}:9;transport=tcp"}
    async with telephone(settings, (HOST, 0), ready=ready) as (_, events):
        await events.wait("registration", state="waiting")
    assert seen[0][0].startswith(f"http://{HOST}:") and seen[0][1] == 0
    assert events.all[0]["state"] == "registering"


async def test_taken_web_port_moves_only_if_it_may() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        async with telephone({}, (HOST, port), moves=True) as (moved, events):
            assert moved.http.startswith(f"http://{HOST}:") and not moved.http.endswith(f":{port}")
            assert "error" not in {event["event"] for event in events.all}
            said = f"Web server at {moved.http} ({port} is taken)"
            assert events.shown(said)
            assert [line.partition(" ")[0][:3] for line in moved.logbook.lines if line.endswith(said)] == ["[5]"]
        async with telephone({}, (HOST, port)) as (stuck, events):
            assert stuck.http == ""
            assert str(port) in (await events.wait("error", what="http"))["why"]


async def test_web_address_over_ipv6_has_brackets() -> None:
    async with telephone({}, ("::1", 0)) as (phone, _):
        if not phone.http:
            pytest.skip("this machine has no IPv6")
        assert phone.http.startswith("http://[::1]:")


async def test_watchers_get_a_snapshot_only_when_something_changed() -> None:
    async with telephone({}) as (phone, _):
        seen: list[Snapshot] = []
        end = phone.listen(seen.append)
        phone.runner.step(lambda: None)
        assert seen == []
        phone.do(SetSetting("date_us_format", "on"))
        phone.do(Dial("5"))
        assert seen and seen[-1] is phone.snapshot()
        count = len(seen)
        end()
        phone.do(Dial("5"))
        assert len(seen) == count


async def test_listener_that_fails_does_not_stop_the_phone() -> None:
    def fall(event: Object) -> None:
        raise ValueError("a listener's mistake")

    async with telephone({}) as (phone, _):
        end = phone.listen_events(fall)
        assert phone.do(SetSetting("vol_ringer", "3")) is None
        phone.do(Dial("5"))
        end()
        assert phone.settings.text("vol_ringer") == "3"


async def test_phone_without_a_state_folder_remembers_nothing(tmp_path: Path) -> None:
    async with telephone({}) as (phone, _):
        phone.do(SetSetting("vol_ringer", "3"))
    async with telephone({}, state_dir=tmp_path) as (phone, _):
        phone.do(SetSetting("vol_ringer", "3"))
    assert [file.name for file in tmp_path.iterdir()] == ["phone.json"]


async def test_phone_whose_memory_is_full_says_so_and_lives_on(tmp_path: Path) -> None:
    async with telephone({}, state_dir=tmp_path) as (phone, events):
        (tmp_path / "phone.new").mkdir()
        assert phone.do(SetSetting("vol_ringer", "3")) is None
        error = await events.wait("error", what="store")
        assert error["why"] == f"{tmp_path / 'phone.json'} cannot be written: Is a directory"


async def test_taken_port_of_the_office_moves_only_if_it_may(bundle: Bundle) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        moved, stuck = front_end(), front_end()
        await moved.start([("tcp", HOST, port)], bundle, moves=True)
        assert moved.object()["tcp"] != f"{HOST}:{port}" and moved.object()["tls"] is None
        with pytest.raises(ListenError, match="the port is taken by another program"):
            await stuck.start([("tcp", HOST, port)], bundle)
        await moved.stop()
        await stuck.stop()


@pytest.mark.parametrize("moves", [True, False])
async def test_web_address_that_is_none_is_told_by_phone_and_demo_alike(moves: bool) -> None:
    async with telephone({}, ("no.such.host.invalid", 80), moves=moves) as (phone, events):
        why = (await events.wait("error", what="http"))["why"]
        assert phone.http == "" and why.startswith("no.such.host.invalid:80: no such host")
        assert events.shown("no.such.host.invalid:80: no such host")


# -- the front end


async def test_front_end_without_a_status_page_says_so(bundle: Bundle) -> None:
    async with office(bundle) as front:
        assert front.object()["status"] is None


async def test_status_page_stays_on_this_machine_and_warns_if_it_does_not(bundle: Bundle) -> None:
    async with office(bundle, status=(HOST, 0)) as front:
        assert str(front.object()["status"]).startswith(f"http://{HOST}:")
        async with httpx.AsyncClient(verify=False) as client:
            assert (await client.get(f"{front.http}/api/v1/office")).json()["server"]["domain"] == "ucc.de"
        assert not any("no login" in line for line in front.runner.logbook.lines)
    async with office(bundle, status=("0.0.0.0", 0)) as front:
        (warning,) = (line for line in front.runner.logbook.lines if "no login" in line)
        assert warning.startswith("[2]") and front.http in warning


async def test_taken_port_of_the_status_page_moves_only_if_it_may(bundle: Bundle) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        moved, stuck = front_end(), front_end()
        await moved.start([("tcp", HOST, 0)], bundle, moves=True, status=(HOST, port))
        assert moved.http and not moved.http.endswith(f":{port}")
        with pytest.raises(ListenError, match="another program uses this port"):
            await stuck.start([("tcp", HOST, 0)], bundle, status=(HOST, port))
        await moved.stop()
        await stuck.stop()


async def test_front_end_does_orders_and_tells_what_it_decides(bundle: Bundle) -> None:
    async with office(bundle) as front:
        told: list[Entry] = []
        end = front.listen_journal(told.append)
        assert front.do(SetFault("slow")) is None
        assert front.do(SignOut("nobody@ucc.de")) == Refusal("nobody@ucc.de is not signed in")
        assert [entry.line for entry in told] == ["fault slow is on"]
        assert front.status().server.faults == ("slow",)
        end()
        assert front.do(SetFault("slow", False)) is None
        assert len(told) == 1 and front.journal.count == 2


async def test_fault_restart_at_the_start_is_one_moment_later(bundle: Bundle) -> None:
    async with office(bundle, faults=Faults.parse("restart", "slow")) as front:
        assert front.office.faults.active == {Fault.SLOW}


async def test_registered_phone_survives_a_restart_of_the_front_end(bundle: Bundle) -> None:
    async with office(bundle) as front:
        settings = HEIKO | {"user_outbound1": f"{front.listening['tcp']};transport=tcp"}
        async with telephone(settings) as (_, events):
            await events.wait("registration", state="registered")
            events.all.clear()
            assert front.do(Restart()) is None
            assert front.status().registrations == ()
            assert (await events.wait("registration", state="registered"))["code"] == 200


async def test_front_end_remembers_what_the_office_keeps(bundle: Bundle, tmp_path: Path) -> None:
    async with office(bundle, OfficeStore(tmp_path)) as front:
        assert front.runner.keep
        front.runner.keep("person:sip:heiko.riedel@ucc.de", "{}")
        assert list(tmp_path.iterdir()) == []
    assert OfficeStore(tmp_path).kept == {"person:sip:heiko.riedel@ucc.de": "{}"}


async def test_front_end_whose_memory_is_full_says_so_and_lives_on(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "person").write_text("in the way")
    async with office(bundle, OfficeStore(tmp_path)) as front:
        assert front.runner.keep
        front.runner.keep("person:a", "{}")
    assert any("cannot be written" in line and line.startswith("[2]") for line in front.runner.logbook.lines)
