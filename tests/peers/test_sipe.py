"""pidgin-sipe, an OCS client that none of us wrote, signs in at our simulated front end. It always speaks NTLMv2."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phones import HeadlessOffice, HeadlessPhone, Object, Program

pytestmark = pytest.mark.peer
SOURCE = Path(__file__).parent / "sipe" / "sipe_client.c"
PASSWORDS = {"heiko": "Sommer2009!", "jan": "Winter 2010", "karla": "Herbst#2011"}
PEOPLE = """
domain = "ucc.test"
netbios = "UCC"

[[person]]
uri = "sip:heiko@ucc.test"
password = "Sommer2009!"
name = "Heiko Riedel"
numbers = ["+49301234500"]
contacts = ["sip:jan@ucc.test", "sip:karla@ucc.test", "sip:bert@ucc.test"]

[[person]]
uri = "sip:jan@ucc.test"
login = "jan.dierich"
password = "Winter 2010"
name = "Jan Dierich"
contacts = ["sip:heiko@ucc.test"]

[[person]]
uri = "sip:karla@ucc.test"
password = "Herbst#2011"
name = "Karla Sommer"
contacts = ["sip:heiko@ucc.test"]

[[person]]
uri = "sip:bert@ucc.test"
name = "Bert Kowalski"
behaviour = "answers"
availability = "DND"
"""


class Sipe(Program):
    """One signed-in user of pidgin-sipe."""

    def __init__(
        self, binary: Path, folder: Path, office: HeadlessOffice, user: str, transport: str = "tcp", password: str = ""
    ) -> None:
        login = "jan.dierich" if user == "jan" else user
        command: list[str | Path] = [
            binary,
            "-u",
            f"{user}@ucc.test",
            "-l",
            f"UCC\\{login}",
            "-p",
            password or PASSWORDS[user],
        ]
        command += ["-s", office.ready[transport], "-t", transport, "-a", "ntlm", "-H", folder / f"sipe-{user}"]
        super().__init__(f"sipe {user}", command, folder)

    def comes(self, user: str, status: str) -> Object:
        """Wait until this buddy comes online, in this state."""
        return self.expect("buddy-signed-on", within=30, who=f"sip:{user}@ucc.test", status=status)

    def buddy(self, user: str, *statuses: str, within: float = 20.0) -> Object:
        """Wait until this buddy is seen in one of these states."""
        return self.expect("buddy-status", within, who=f"sip:{user}@ucc.test", status=lambda word: word in statuses)


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, built from its source."""
    if not (shutil.which("gcc") and shutil.which("pkg-config")):
        pytest.skip("gcc and pkg-config are not installed")
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "purple", "glib-2.0"], capture_output=True, text=True)
    if flags.returncode:
        pytest.skip("libpurple-dev is not installed")
    if not any(Path("/usr/lib").glob("**/purple-2/libsipe.so")):
        pytest.skip("pidgin-sipe is not installed")
    made = tmp_path_factory.mktemp("sipe") / "sipe_client"
    # -rdynamic: the program replaces one function of libxml2, see there.
    command = ["gcc", "-O1", "-rdynamic", "-o", str(made), str(SOURCE), *flags.stdout.split(), "-ldl"]
    subprocess.run(command, check=True)
    return made


class House:
    """An office with its people, and everybody who signs in there."""

    def __init__(self, binary: Path, folder: Path, level: int) -> None:
        self._binary, self._folder = binary, folder
        people = folder / "people.toml"
        people.write_text(PEOPLE, "utf-8")
        self.office = HeadlessOffice(people, "--lan-manager-level", str(level))
        self._guests: list[Program] = []

    def sipe(self, user: str, transport: str = "tcp", password: str = "") -> Sipe:
        """A user of pidgin-sipe who has only begun to sign in."""
        made = Sipe(self._binary, self._folder, self.office, user, transport, password)
        self._guests.append(made)
        return made

    def signed_in(self, user: str, transport: str = "tcp") -> Sipe:
        """A user of pidgin-sipe who is in."""
        made = self.sipe(user, transport)
        made.expect("connected", within=30)
        return made

    def phone(self, user: str, **more: str | int) -> HeadlessPhone:
        """A phone of ours, registered."""
        settings: dict[str, str | int] = {
            "user_active1": "on",
            "user_name1": user,
            "user_host1": "ucc.test",
            "user_pname1": "UCC\\" + ("jan.dierich" if user == "jan" else user),
            "user_pass1": PASSWORDS[user],
            "user_outbound1": f"{self.office.ready['tcp']};transport=tcp",
            "user_server_type1": "ocs",
            **more,
        }
        made = HeadlessPhone(self._folder / user, settings)
        self._guests.append(made)
        made.registered()
        return made

    def close(self) -> None:
        """Send everybody home."""
        for guest in reversed(self._guests):
            guest.stop()
        self.office.stop()


@pytest.fixture
def house(binary: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """An office at a LAN Manager level, 5 unless a test says otherwise."""
    made = House(binary, tmp_path, getattr(request, "param", 5))
    yield made
    made.close()


def _people(sipe: Sipe) -> dict[str, Object]:
    return {told["who"]: told for told in sipe.told("buddy-added")}


@pytest.mark.parametrize("transport", ["tcp", "tls"])
@pytest.mark.parametrize("house", [0, 5], indirect=True)
def test_sipe_signs_in_and_gets_its_buddies_with_their_status(house: House, transport: str) -> None:
    sipe = house.signed_in("heiko", transport)
    sipe.comes("bert", "do-not-disturb")
    sipe.say("list")
    sipe.expect("buddies-end")
    listed = {told["who"]: told for told in sipe.told("buddy")}
    assert set(listed) == {"sip:jan@ucc.test", "sip:karla@ucc.test", "sip:bert@ucc.test"}
    assert listed["sip:bert@ucc.test"]["alias"] == "Bert Kowalski"
    assert listed["sip:jan@ucc.test"]["online"] is False


@pytest.mark.parametrize("house", [0, 5], indirect=True)
def test_sipe_with_a_wrong_password_is_refused(house: House) -> None:
    sipe = house.sipe("heiko", password="Sommer2008!")
    told = sipe.expect("connection-error", within=30)
    assert told["code"] == 2, told  # PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED
    assert sipe.told("connected") == []
    assert sipe.join() == 3
    house.signed_in("jan")


def test_unknown_user_of_sipe_is_refused(house: House) -> None:
    sipe = house.sipe("nobody", password="Sommer2009!")
    sipe.expect("connection-error", within=30)
    assert sipe.told("connected") == []


def test_two_users_of_sipe_see_each_other_change(house: House) -> None:
    heiko, jan = house.signed_in("heiko"), house.signed_in("jan", "tls")
    heiko.comes("jan", "available")
    jan.comes("heiko", "available")
    jan.say("status busy")
    heiko.buddy("jan", "busy")
    jan.say("status away")
    heiko.buddy("jan", "away")
    heiko.say("status do-not-disturb")
    jan.buddy("heiko", "do-not-disturb")
    jan.say("quit")
    heiko.expect("buddy-signed-off", who="sip:jan@ucc.test")
    assert jan.join() == 0


def test_sipe_sees_that_our_phone_is_in_a_call_and_when_it_is_over(house: House) -> None:
    heiko = house.signed_in("heiko")
    jan, karla = house.phone("jan"), house.phone("karla")
    heiko.comes("jan", "available")
    jan.do("dial", number="sip:karla@ucc.test")
    karla.call("offered", number="jan")
    karla.do("answer")
    jan.call("talking")
    jan.hears()
    karla.hears()
    heiko.buddy("jan", "busy", "on-phone", within=5)
    jan.do("hangup")
    karla.call("ended", cause="remote")
    heiko.buddy("jan", "available", within=5)
    assert jan.quit() == 0
    heiko.expect("buddy-signed-off", who="sip:jan@ucc.test")


def test_our_phone_sees_what_sipe_chooses(house: House) -> None:
    phone, heiko = house.phone("jan"), house.signed_in("heiko")
    phone.expect("presence", uri="sip:heiko@ucc.test", availability="AVAILABLE")
    heiko.say("status busy")
    phone.expect("presence", uri="sip:heiko@ucc.test", availability="BUSY")
    heiko.say("status be-right-back")
    phone.expect("presence", uri="sip:heiko@ucc.test", availability="BE_RIGHT_BACK")
    heiko.say("quit")
    phone.expect("presence", uri="sip:heiko@ucc.test", availability="OFFLINE")
