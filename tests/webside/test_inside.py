"""What the status pages are told of a phone that lives, with real sockets and a front end."""

from __future__ import annotations

from snomtui.phone.intents import SetSetting
from snomtui.shell.certificates import make
from snomtui.shell.clock import Clock
from snomtui.shell.tls import Trust
from tests.programs import HEIKO
from tests.test_house import HOST, office, telephone


async def test_registered_phone_tells_its_subscriptions_its_connection_and_what_it_takes() -> None:
    made = make(["sip.ucc.de", HOST], Clock().now())
    async with office(made) as front:
        server = front.listening["tls"]
        settings = HEIKO | {"user_outbound1": f"{server};transport=tls"}
        async with telephone(settings, trust=Trust(ca_text=made.authority)) as (phone, events):
            await events.wait("own_presence", availability="AVAILABLE")
            inside = phone.inside
            told = {(each.publishes, each.event): each for each in inside.subscriptions()}
            link = inside.links()[0]
            memory = inside.memory()
            assert any("Registered at registrar" in line for line in inside.log)
            inside.clear_log()
            assert inside.log == () and len(inside.trace) > 5
    watched = told[(False, "vnd-microsoft-roaming-contacts")]
    assert watched.state == "ACTIVE" and watched.ends > memory.since and watched.uri.startswith("sip:Heiko")
    assert told[(True, "categories")].state in ("PUBLISHING", "PUBLISHED")
    assert (link.identity, link.transport, link.remote) == (1, "tls", server) and link.local.startswith(HOST)
    assert memory.threads > 1 and memory.tasks > 0
    assert memory.resident is None or 10 << 20 < memory.resident < 10 << 30
    assert memory.files is None or memory.files > 5


async def test_log_level_counts_as_soon_as_it_changes() -> None:
    async with telephone({}) as (phone, _):
        assert phone.do(SetSetting("log_level", "3")) is None
        assert phone.logbook.level == 3
