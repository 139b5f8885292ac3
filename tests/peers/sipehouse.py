"""A simulated front end with many people, some of whom sign in with pidgin-sipe, an OCS client that none of us wrote.

It always speaks NTLMv2. Each test gets a team of its own at an office that a module shares: so no test sees another's
people, and the office need not start again and again.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.phones import HeadlessOffice, HeadlessPhone, Object, Program, fits, until

SOURCES = Path(__file__).parent / "sipe"
DOMAIN = "ucc.test"
PASSWORD = "Sommer2009!"
NAMES = ("heiko", "jan", "karla", "bert")
"""The people of each team; Bert is a colleague who answers by himself and is never disturbed."""
TEAMS = 40
OUTSIDE = {"answers": "+4989550", "busy": "+4989551"}
"""Numbers in the telephone network, by what happens there."""


def build(folder: Path) -> Path:
    """The client, built from its sources; skips the test where it cannot be."""
    if not (shutil.which("gcc") and shutil.which("pkg-config")):
        pytest.skip("gcc and pkg-config are not installed")
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "purple", "glib-2.0", "gobject-2.0"], capture_output=True, text=True
    )
    if flags.returncode:
        pytest.skip("libpurple-dev is not installed")
    if not any(Path("/usr/lib").glob("**/purple-2/libsipe.so")):
        pytest.skip("pidgin-sipe is not installed")
    made = folder / "sipe_client"
    # -rdynamic: the program replaces two functions of libraries, see there.
    sources = [str(each) for each in sorted(SOURCES.glob("*.c"))]
    subprocess.run(["gcc", "-O1", "-rdynamic", "-o", str(made), *sources, *flags.stdout.split(), "-ldl"], check=True)
    return made


def uri(user: str) -> str:
    """The SIP address of a user."""
    return f"sip:{user}@{DOMAIN}"


class Sipe(Program):
    """One user of pidgin-sipe."""

    def __init__(self, binary: Path, folder: Path, server: str, user: str, *more: str, **options: str) -> None:
        """`options` are long options of the client, without their dashes."""
        self.user, self.home = user, folder
        folder.mkdir(parents=True, exist_ok=True)
        given = {"login": f"UCC\\{user}", "password": PASSWORD, "transport": "tcp", "auth": "ntlm", **options}
        command: list[str | Path] = [binary, "--user", f"{user}@{DOMAIN}", "--server", server, "--home", folder]
        for name, value in given.items():
            command += [f"--{name.replace('_', '-')}", value]
        super().__init__(f"sipe {user}", [*command, "--debug", folder / "debug.log", *more], folder)

    def do(self, *words: str) -> None:
        """Give one order; its words may have blanks."""
        self.say("\t".join(words))

    def change(self, *words: str, deltas: int = 1) -> None:
        """Change the contact list, and wait until the office has told so many changes of it.

        pidgin-sipe counts on them: a change that it sends before it knows of the last one is refused.
        """
        known = self.wire().count("<contactDelta ")
        self.do(*words)
        until(lambda: self.wire().count("<contactDelta ") >= known + deltas, what=f"{deltas} deltas for {words}")

    def _next(self, event: str, fields: Mapping[str, object]) -> Object | None:
        """What is told of one person has an order of its own: events about others stay to be taken."""
        who = fields.get("who")
        if not isinstance(who, str):
            return super()._next(event, fields)
        mine = [told for told in self.events if told["event"] == event and told.get("who") == who]
        key = f"{event} {who}"
        for at, told in enumerate(mine[self._taken[key] :], self._taken[key] + 1):
            if all(fits(told.get(name), wanted) for name, wanted in fields.items()):
                self._taken[key] = at
                return told
        return None

    def connected(self) -> Object:
        """Wait until it is signed in."""
        return self.expect("connected", within=30)

    def settled(self) -> None:
        """Wait until it is signed in, has its contact list, and knows who is there."""
        self.connected()
        self.expect("buddy-signed-on", within=30)  # Bert is always there
        self._taken["buddy-signed-on"] = 0

    def comes(self, user: str, words: str) -> Object:
        """Wait until this buddy comes online and is shown with these words."""
        return self.expect(
            "buddy-signed-on", within=30, who=uri(user), tooltip=lambda told: told.get("Status") == words
        )

    def sees(self, user: str, words: str, within: float = 20.0, **fields: object) -> Object:
        """Wait until this buddy is shown with these words, such as `In a call`."""
        return self.expect(
            "buddy-status", within, who=uri(user), tooltip=lambda told: told.get("Status") == words, **fields
        )

    def seen(self, user: str) -> list[str]:
        """How this buddy was shown so far."""
        return [told["tooltip"].get("Status", "") for told in self.told("buddy-status") if told["who"] == uri(user)]

    def leaves(self, user: str) -> Object:
        """Wait until this buddy is offline."""
        return self.expect("buddy-signed-off", who=uri(user))

    def listed(self) -> dict[str, list[Object]]:
        """Its list as it is now, by address: one entry for each group in which somebody stands."""
        seen = len(self.told("buddy"))
        self.say("list")
        self.expect("buddies-end")
        found: dict[str, list[Object]] = {}
        for told in self.told("buddy")[seen:]:
            found.setdefault(told["who"], []).append(told)
        return found

    def groups_of(self, user: str) -> set[str]:
        """The groups in which a buddy stands."""
        return {told["group"] for told in self.listed().get(uri(user), ())}

    def level_of(self, user: str) -> str:
        """The access level that the plugin's menu shows for a buddy."""
        seen = len(self.told("menu"))
        self.do("menu", uri(user))
        self.expect("menu-end")
        labels = [told["label"].removeprefix("Access level/") for told in self.told("menu")[seen:]]
        return next((label[1:].strip() for label in labels if label[:1] in "*="), "")

    def groups(self) -> set[str]:
        """The names of all groups."""
        seen = len(self.told("group"))
        self.say("groups")
        self.expect("groups-end")
        return {told["group"] for told in self.told("group")[seen:]}

    def wire(self) -> str:
        """What it wrote into its own log so far: all messages among it."""
        return (self.home / "debug.log").read_text("utf-8", "replace")


def people_file(*teams: str) -> str:
    """The people of these teams: everybody has the rest of the team as contacts."""
    lines = [f'domain = "{DOMAIN}"', 'netbios = "UCC"']
    for at, team in enumerate(teams):
        for place, name in enumerate(NAMES):
            others = [uri(f"{each}{team}") for each in NAMES if each != name]
            lines += ["[[person]]", f'uri = "{uri(name + team)}"', f'name = "{f"{name.title()} {team}".strip()}"']
            if name == "bert":
                lines += ['behaviour = "answers"', 'availability = "DND"']
            else:
                lines += [f'password = "{PASSWORD}"', f"contacts = {json.dumps(others)}"]
                lines += [f'numbers = ["{number(at, place)}"]']
    for behaviour, outside in OUTSIDE.items():
        lines += ["[[gateway]]", f'number = "{outside}"', f'behaviour = "{behaviour}"']
    return "\n".join(lines) + "\n"


def number(team: int, place: int) -> str:
    """The telephone number of somebody, by the places of team and person."""
    return f"+4930{team:03}{place}"


def teams(count: int) -> tuple[str, ...]:
    """The names of so many teams: 1, 2, 3 ..."""
    return tuple(str(each) for each in range(1, count + 1))


class SipeHouse:
    """An office with its people, and everybody who signs in there."""

    def __init__(self, binary: Path, folder: Path, *options: str, people: str = "") -> None:
        self._binary, self._folder, self._options = binary, folder, options
        folder.mkdir(parents=True, exist_ok=True)
        self._people = folder / "people.toml"
        self._people.write_text(people or people_file(*teams(TEAMS)), "utf-8")
        self.office = HeadlessOffice(self._people, *options)
        self._teams = 0
        self._guests: list[Program] = []
        self._homes = 0

    # -- who works here

    def team(self) -> tuple[str, str, str, str]:
        """Four people whom no other test has met: three without a phone, and a colleague who answers by himself."""
        self._teams += 1
        heiko, jan, karla, bert = (f"{name}{self._teams}" for name in NAMES)
        return heiko, jan, karla, bert

    # -- who comes in

    def sipe(self, user: str, *more: str, transport: str = "tcp", **options: str) -> Sipe:
        """A user of pidgin-sipe who has only begun to sign in."""
        self._homes += 1
        home = self._folder / f"{user}-{self._homes}"
        made = Sipe(self._binary, home, self.office.ready[transport], user, *more, transport=transport, **options)
        self._guests.append(made)
        return made

    def signed_in(self, user: str, *more: str, transport: str = "tcp", **options: str) -> Sipe:
        """A user of pidgin-sipe who is in."""
        made = self.sipe(user, *more, transport=transport, **options)
        made.settled()
        return made

    def phone(self, user: str, *, transport: str = "tcp", **more: str | int) -> HeadlessPhone:
        """A phone of ours that signs in."""
        self._homes += 1
        settings: dict[str, str | int] = {
            "user_active1": "on",
            "user_name1": user,
            "user_host1": DOMAIN,
            "user_pname1": f"UCC\\{user}",
            "user_pass1": PASSWORD,
            "user_outbound1": f"{self.office.ready[transport]};transport={transport}",
            "user_server_type1": "ocs",
            **more,
        }
        made = HeadlessPhone(self._folder / f"{user}-{self._homes}", settings)
        self._guests.append(made)
        return made

    def registered(self, user: str, *, transport: str = "tcp", **more: str | int) -> HeadlessPhone:
        """A phone of ours that is registered."""
        made = self.phone(user, transport=transport, **more)
        made.registered()
        return made

    def contacts(self, phone: HeadlessPhone) -> dict[str, Object]:
        """The contacts of a phone, by address."""
        phone.say('{"do": "snapshot"}')
        return {each["uri"]: each for each in phone.expect("snapshot")["contacts"]}

    # -- the office

    def order(self, do: str, **fields: object) -> Object:
        """Give the office one order and wait until it is obeyed."""
        self.office.say(json.dumps({"do": do, **fields}))
        told = self.office.expect("did", do=do)
        assert told["ok"], told
        return told

    def logged(self, *words: str) -> None:
        """Wait until a line of the office's log has all these words."""
        until(lambda: any(all(word in line for word in words) for line in self.office.log), what=f"a line with {words}")

    def reopen(self, kill: bool = True) -> None:
        """End the office's process, hard or in good order, and start another one at the same ports."""
        doors = [f"{kind}:{self.office.ready[kind]}" for kind in ("tcp", "tls")]
        if kill:
            self.office.process.kill()
        self.office.stop()
        self.office = HeadlessOffice(self._people, *self._options, listen=doors)

    # -- the end

    def go_home(self) -> None:
        """Everybody signs out; the office stays open."""
        for guest in self._guests:
            if guest.process.poll() is None:
                guest.process.terminate()
        ends = {guest.name: guest.join() for guest in self._guests}
        self._guests.clear()
        fallen = {name: code for name, code in ends.items() if code < 0}
        assert not fallen, f"ended by a signal: {fallen}"

    def close(self) -> None:
        """Everybody goes home, and the office closes."""
        try:
            self.go_home()
        finally:
            self.office.stop()


@dataclass(frozen=True, slots=True)
class Sleeper:
    """A phone that nobody touches."""

    user: str
    phone: HeadlessPhone
    watcher: Sipe
