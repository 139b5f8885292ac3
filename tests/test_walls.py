"""The walls of the house: who imports whom, what is really loaded, which machines and tests there are."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import snomtui

ROOT = Path(__file__).parent.parent
HEAVY = {
    "textual",
    "rich",
    "httpx",
    "httpcore",
    "starlette",
    "uvicorn",
    "cryptography",
    "jinja2",
    "asyncio",
    "dns",
    "PIL",
}


def loaded_after(code: str) -> set[str]:
    """The modules that a fresh Python has loaded after running `code`."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stderr.splitlines()[-1]))


def test_contracts_of_the_floors_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    if not lint.exists():
        pytest.skip("import-linter is not installed")
    ran = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout


def test_dialling_by_remote_control_loads_no_screen_server_or_engine() -> None:
    run = "from snomtui.cli import run\nassert run(['dial', '--phone', 'http://127.0.0.1:9', '5']) == 3"
    loaded = loaded_after(run)
    assert "httpx" in loaded
    assert not loaded & {"textual", "starlette", "uvicorn", "jinja2", "cryptography", "asyncio"}
    assert not loaded & {"snomtui.phone.model", "msgspec"}
    rooms = ("snomtui.ui", "snomtui.shell", "snomtui.office", "snomtui.house", "snomtui.line", "snomtui.skin")
    assert not {m for m in loaded if m.startswith(rooms)}


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_after("from snomtui.cli import run\nassert run(['--help']) == 0")
    assert not loaded & (HEAVY | {"msgspec", "tomllib"})


def test_headless_phone_loads_no_screen() -> None:
    assert "textual" not in loaded_after("import snomtui.roof, snomtui.remote.server, snomtui.office.office")


def test_phone_of_its_own_loads_no_front_end() -> None:
    loaded = loaded_after("import snomtui.roof, snomtui.house, snomtui.headless, snomtui.remote.server")
    assert not {name for name in loaded if name.startswith(("snomtui.office", "snomtui.remote.console"))}


def test_core_loads_no_screen_web_or_loop() -> None:
    core = ("kit", "settings", "skin", "sip", "auth", "trace", "ocs", "simple", "media", "line", "phone", "office")
    paths = [(f"snomtui.{room}", importlib.import_module(f"snomtui.{room}").__path__) for room in core]
    names = [found.name for name, path in paths for found in pkgutil.walk_packages(path, f"{name}.")]
    loaded = loaded_after("import " + ", ".join(names))
    assert set(names) <= loaded
    assert not loaded & (HEAVY - {"cryptography"} | {"msgspec", "selectors"})
    assert not {m for m in loaded if m.startswith(("snomtui.ui", "snomtui.remote", "snomtui.shell"))}


# -- machines

FINAL = {"ENDED", "TERMINATED", "WON", "LOST"}
"""Names of states that a machine may rest in for ever."""
STARTS = {
    "snomtui.line.calls.calltable.TABLE": {"DIALLING", "OFFERED"},
    "snomtui.line.calls.chattable.TABLE": {"INVITING", "OFFERED"},
    "snomtui.office.script.TABLE": {"CALLING", "OFFERED"},
    "snomtui.line.watch.subtable.TABLE": {"ENDED"},
}
"""Where a machine does not start in the first row of its table."""
ROUND = {"snomtui.line.watch.subtable.TABLE"}
"""Machines whose last state is left again."""

AnyTable = Mapping[Enum, Mapping[Enum, Enum]]


def tables() -> Iterator[tuple[str, AnyTable]]:
    """Every table of states in the package, with its full name."""
    for found in pkgutil.walk_packages(snomtui.__path__, "snomtui."):
        if found.name == "snomtui.__main__":
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if name.isupper() and not name.startswith("_") and is_table(value) and home(value) == found.name:
                yield f"{found.name}.{name}", value


def is_table(value: Any) -> bool:
    """Whether this is a dictionary of dictionaries between enums."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(state, Enum) and isinstance(row, dict) for state, row in value.items())
        and all(isinstance(each, Enum) for row in value.values() for pair in row.items() for each in pair)
    )


def home(table: AnyTable) -> str:
    """The module in which the states of a table are defined."""
    return type(next(iter(table))).__module__


TABLES = dict(tables())


def test_all_machines_of_the_house_are_found() -> None:
    rooms = {name.split(".")[1] for name in TABLES}
    assert len(TABLES) >= 12 and rooms >= {"sip", "auth", "line", "office"}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_of_a_machine_has_a_row_and_leads_to_states_of_the_same_machine(name: str) -> None:
    table = TABLES[name]
    states = type(next(iter(table)))
    assert set(table) == set(states)
    assert {after for row in table.values() for after in row.values()} <= set(states)
    assert len({type(given) for row in table.values() for given in row}) == 1


@pytest.mark.parametrize("name", TABLES)
def test_every_state_of_a_machine_is_reached(name: str) -> None:
    table = TABLES[name]
    first = {next(iter(table)).name}
    reached = {state for state in table if state.name in STARTS.get(name, first)}
    todo = list(reached)
    while todo:
        fresh = set(table[todo.pop()].values()) - reached
        reached |= fresh
        todo += fresh
    assert reached == set(table)


@pytest.mark.parametrize("name", TABLES)
def test_every_state_of_a_machine_but_the_last_has_an_exit(name: str) -> None:
    for state, row in TABLES[name].items():
        leaves = bool(set(row.values()) - {state})
        assert leaves == (state.name not in FINAL or name in ROUND), state


@pytest.mark.parametrize("name", TABLES)
def test_every_state_of_a_machine_says_what_it_means(name: str) -> None:
    states = type(next(iter(TABLES[name])))
    source = Path(str(sys.modules[states.__module__].__file__)).read_text("utf-8")
    body = source.partition(f"class {states.__name__}(Enum):")[2].partition("\nclass ")[0]
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    for state in states:
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{state.name} ="))
        assert lines[at + 1].startswith('"""'), state


# -- every room has its tests

ROOMS = ("kit", "settings", "sip", "auth", "trace", "ocs", "simple", "media", "skin", "line", "remote", "shell", "ui")
TESTED_TOGETHER = {
    "sip/test_text.py": "sip/{grammar params uri address via fields headers}",
    "sip/test_transaction.py": "sip/{client server means happenings reasons}",
    "sip/test_sdp.py": "sip/{description offer}",
    "auth/test_guard.py": "auth/{association credentials}",
    "auth/test_doorman.py": "auth/{rulings verdicts dates schemes}",
    "auth/test_refusals.py": "auth/{book faults}",
    "auth/ntlm/test_context.py": "auth/ntlm/{server}",
    "auth/ntlm/test_vectors.py": "auth/ntlm/{crypto keys avpairs}",
    "auth/test_handshake.py": "auth/ntlm/{window}",
    "ocs/test_contacts.py": "ocs/{roaming soap}",
    "ocs/test_subscription.py": "ocs/{multipart provisioning}",
    "ocs/test_state.py": "ocs/{aggregation moments}",
    "line/test_tables.py": "line/{watch/subtable calls/calltable}",
    "line/calls/test_chat.py": "line/{calls/chattable calls/chatin calls/chatout calls/chatroom}",
    "line/calls/test_referred.py": "line/{calls/referral}",
    "line/calls/test_controlled.py": "line/{controls calls/gate calls/cstasession}",
    "line/test_garbage.py": "line/{line}",
    "line/watch/test_persons.py": "line/{watch/listwatch}",
    "line/watch/test_contactbook.py": "line/{watch/changing watch/changes watch/errand}",
    "line/watch/test_sights.py": "line/{watch/batch watch/cards watch/extensions}",
    "line/server/test_registration.py": "line/{events server/regtable server/verdict server/announcing}",
    "line/server/test_reach.py": "line/{server/failback server/waitingroom}",
    "media/test_stream.py": "media/{talker source plan}",
    "shell/test_media.py": "shell/{media_channel}",
    "shell/test_transport.py": "shell/{udp streams}",
    "shell/test_connecting.py": "shell/{strangers}",
    "shell/test_identity.py": "shell/{identitystore issuing webtls}",
    "shell/test_resolver.py": "shell/{nameservers}",
    "remote/test_app.py": "remote/{doors inside}",
    "remote/test_fetching.py": "remote/{getter}",
    "remote/driving/test_dialling.py": "remote/{driving/strangers driving/verdict}",
    "remote/driving/test_desktop.py": "remote/{driving/mimeapps}",
    "remote/test_api.py": "remote/{api/accounts api/changes api/directory api/friends api/front api/gate api/intents "
    "api/lists api/operation api/phone api/settings}",
    "remote/api/test_openapi.py": "remote/{api/oldpages api/shapes api/told api/wishes}",
    "remote/test_security.py": "remote/{framing}",
    "remote/test_server.py": "remote/{serving}",
    "remote/pages/test_frame.py": "remote/{paper pages/home pages/saving}",
    "remote/pages/test_setup.py": "remote/{pages/field pages/submission}",
    "remote/console/test_app.py": "remote/{console/doors console/shown}",
    "ui/test_tab.py": "ui/{apart}",
    "ui/picture/test_camera.py": "ui/{picture/sitter}",
    "remote/screen/test_app.py": "remote/{screen/doors screen/server}",
    "trace/test_ladder.py": "trace/{columns words rungs}",
    "trace/test_textin.py": "trace/{textout stamps}",
    "trace/test_pcapout.py": "trace/{pcapin network packets}",
    "trace/test_decode.py": "trace/{tokens}",
    "office/test_journal.py": "auth/{ntlm/words}",
    "ui/desk/test_desk.py": "ui/{desk/deeds desk/drawing desk/eventtabs desk/keys desk/placing desk/prompt "
    "desk/tabs desk/tracetab desk/view}",
    "ui/test_app.py": "ui/{doors blink}",
    "ui/test_pictures.py": "ui/{handset display softkeys keycap lamp paper text dress}",
    "ui/test_keys.py": "ui/{keyboard}",
    "ui/test_help.py": "ui/{overlay}",
    "ui/test_palette.py": "ui/{deeds}",
    "ui/test_ringing.py": "ui/{flashing bigletters}",
    "ui/test_hint.py": "ui/{tongue}",
    "ui/test_lost_terminal.py": "ui/{signals}",
    "skin/test_reader.py": "skin/{words values shelf table}",
}
"""Files that show what they do only with their neighbours, under the tests that see them at work."""


def test_every_source_file_has_its_tests() -> None:
    elsewhere: set[str] = set()
    for file, what in TESTED_TOGETHER.items():
        assert (ROOT / "tests" / file).exists(), file
        room, _, names = what.rstrip("}").partition("/{")
        elsewhere |= {f"{room}/{name}.py" for name in names.split()}
    sources = {
        path.relative_to(ROOT / "snomtui")
        for room in ROOMS
        for path in (ROOT / "snomtui" / room).rglob("*.py")
        if path.name != "__init__.py"
    }
    mirrored = {path for path in sources if (ROOT / "tests" / path.parent / f"test_{path.name}").exists()}
    assert {str(path) for path in sources - mirrored} <= elsewhere
    assert elsewhere <= {str(path) for path in sources}, "a file that is no more"
