"""The web server's certificate over its life: own, set, replaced by hand, enrolled at a front end, renewed."""

from __future__ import annotations

import asyncio
import ssl
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from snomtui.errors import SettingsError
from snomtui.office.people import People
from snomtui.settings.registry import Settings
from snomtui.shell.certificates import Bundle, make
from snomtui.shell.identity import own_identity
from snomtui.webside.enrolment import FIRST_PAUSE, LOGIN_PAUSE, Enrolment
from snomtui.webside.identity import Object, WebIdentity
from snomtui.webside.vouching import Vouching, url_of
from tests.programs import HEIKO

DAY = 86_400.0
PASSWORD = HEIKO["user_pass1"]


class House:
    """A web identity with everything around it, and a clock that can be turned."""

    def __init__(self, folder: Path | None, **settings: str) -> None:
        self.settings = Settings(settings)
        self.later = 0.0
        self.troubles, self.told, self.log = list[str](), list[Object](), list[str]()
        self._news = asyncio.Event()
        self.who = WebIdentity(lambda: self.settings, folder, "127.0.0.1", self.now, self.trouble, self.tell)
        self.bundle = make(["127.0.0.1"], time.time(), days=400)
        self.enrolment = Enrolment(self.who, lambda: self.settings, self.bundle.authority, self.now, self.note)

    def now(self) -> float:
        return time.time() + self.later

    def trouble(self, why: str) -> None:
        self.troubles.append(why)

    def tell(self, event: Object) -> None:
        self.told.append(event)
        self._news.set()

    def note(self, level: int, text: str) -> None:
        self.log.append(text)
        self._news.set()

    async def until(self, what: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not what():
                self._news.clear()
                await self._news.wait()

    def shown(self, context: ssl.SSLContext) -> str:
        """The fingerprint of what a client is shown now."""
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
        assert self.who.facts
        return self.who.facts.fingerprint


@asynccontextmanager
async def vouching(house: House, bundle: Bundle) -> AsyncIterator[str]:
    """The certificate server of a front end that runs."""
    server = Vouching(People.default(), bundle, house.now, house.note)
    try:
        yield url_of(await server.start("127.0.0.1", 0))
    finally:
        await house.enrolment.stop()
        await server.stop()


async def test_wrong_login_waits_and_the_right_one_enrols_at_once_and_renews_in_time(tmp_path: Path) -> None:
    house = House(tmp_path, sim_est_user=HEIKO["user_pname1"], sim_est_password="Winter1999!")
    async with vouching(house, house.bundle) as url:
        await house.who.context()
        house.enrolment.start()
        house.settings.set("sim_est_url", url)
        house.enrolment.look()
        await house.until(lambda: bool(house.log))
        assert "the login is refused" in house.log[0] and f"next try in {LOGIN_PAUSE:.0f} seconds" in house.log[0]
        house.settings.set("sim_est_password", PASSWORD)
        house.enrolment.look()
        await house.until(lambda: len(house.told) == 2)
        first = house.told[1]
        assert first["self_signed"] is False and "127.0.0.1" in first["names"]
        due = house.enrolment.due()
        assert due and abs(due - house.now() - 60 * DAY) < 3600
        house.later = 61 * DAY
        house.enrolment.look()
        await house.until(lambda: len(house.told) == 3)
        again = house.told[2]
        assert again["subject"] == first["subject"] and again["fingerprint"] != first["fingerprint"]
        assert any("Certificate renewed to CN=" in line for line in house.log)
        said = str(house.log) + str(house.told) + str(house.troubles)
        assert not any(secret in said for secret in ("Winter1999!", PASSWORD, "PRIVATE KEY"))


async def test_certificate_that_has_expired_already_is_not_taken(tmp_path: Path) -> None:
    house = House(tmp_path, sim_est_user=HEIKO["user_pname1"], sim_est_password=PASSWORD)
    server = Vouching(People.default(), house.bundle, lambda: house.now() - 91 * DAY, house.note)
    try:
        house.settings.set("sim_est_url", url_of(await server.start("127.0.0.1", 0)))
        context = await house.who.context()
        own = house.shown(context)
        house.enrolment.start()
        await house.until(lambda: any("has expired already" in line for line in house.log))
        assert house.shown(context) == own and len(house.told) == 1
    finally:
        await house.enrolment.stop()
        await server.stop()


async def test_server_that_is_away_is_asked_again_later_and_the_own_certificate_stays() -> None:
    house = House(None, sim_est_url="https://127.0.0.1:9")
    await house.who.context()
    house.enrolment.start()
    await house.until(lambda: bool(house.log))
    assert house.log[0].endswith(f"next try in {FIRST_PAUSE:.0f} seconds")
    assert house.enrolment.why and house.who.facts and house.who.facts.own
    await house.enrolment.stop()


async def test_certificate_of_a_setting_wins_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    context = await house.who.context()
    own = house.shown(context)
    other = own_identity("other", ["x"], time.time())
    house.settings.set("webserver_cert", b64encode(other.pem.encode()).decode())
    house.who.changed()
    wins = house.shown(context)
    assert wins != own and house.told[-1]["subject"] == "CN=other"
    for bad in ("banana!", b64encode(b"banana").decode(), b64encode(other.chain.encode()).decode()):
        house.troubles.clear()
        house.settings.set("webserver_cert", bad)
        house.who.changed()
        assert house.troubles and house.troubles[0].startswith("webserver_cert: ") and bad not in house.troubles[0]
        assert house.shown(context) == wins
        assert len(house.troubles) == 1
    house.settings.set("webserver_cert", "")
    assert house.shown(context) == own


async def test_own_certificate_is_kept_over_restarts_and_made_anew_before_its_end(tmp_path: Path) -> None:
    house = House(tmp_path)
    context = await house.who.context()
    own = house.shown(context)
    again = House(tmp_path)
    assert again.shown(await again.who.context()) == own
    house.later = 3630 * DAY
    assert house.shown(context) != own


async def test_file_that_another_program_replaces_is_shown_and_a_broken_one_is_not(tmp_path: Path) -> None:
    house = House(tmp_path)
    context = await house.who.context()
    other = own_identity("other", ["x"], time.time())
    (tmp_path / "web.pem").write_text(other.pem)
    wins = house.shown(context)
    assert house.told[-1]["subject"] == "CN=other"
    (tmp_path / "web.pem").write_text("banana")
    assert house.shown(context) == wins
    assert "web.pem: " in house.troubles[0] and (tmp_path / "web.pem").read_text() == "banana"


async def test_authority_of_clients_that_cannot_be_read_lets_nobody_in_by_certificate(tmp_path: Path) -> None:
    house = House(tmp_path, sim_web_client_ca_file=str(tmp_path / "none.pem"))
    context = await house.who.context()
    house.shown(context)
    assert len(house.troubles) == 1 and house.troubles[0].endswith("nobody can log in by certificate")


@pytest.mark.parametrize("url", ["https://pki.example:99999", "https://[::1", "https://me:secret@pki.example"])
def test_address_of_a_certificate_server_that_cannot_be_one_is_refused_at_once(url: str) -> None:
    with pytest.raises(SettingsError, match="must be https://HOST"):
        Settings({"sim_est_url": url})
    assert Settings({"sim_est_url": "https://[::1]:65535/x"}).text("sim_est_url")
