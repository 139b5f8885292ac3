"""What a front end remembers over restarts."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from snomtui.errors import SettingsError
from snomtui.shell.officestore import AT_ONCE, GATHER, OfficeStore

JAN = "person:sip:jan@ucc.test"
NAMES = ["sip.ucc.test", "127.0.0.1"]


class Loop:
    """An event loop that is turned by hand."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, callback: Callable[[], None], /) -> None:
        self.waiting.append((seconds, callback))

    def turn(self) -> None:
        """Call back what waits now."""
        due, self.waiting = self.waiting, []
        for _, callback in due:
            callback()


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


# -- values


def test_store_gives_back_what_was_kept(tmp_path: Path) -> None:
    store = OfficeStore(tmp_path / "a" / "b")
    assert (store.kept, files(tmp_path)) == ({}, [])
    store.keep(JAN, "{}")
    store.keep(JAN, '{"contacts": "\u00fc"}')
    store.keep("person:sip:a/../b?%@ucc.test", "1")
    assert OfficeStore(tmp_path / "a" / "b").kept == store.kept
    assert files(tmp_path / "a" / "b") == [
        "person/sip%3Aa%2F..%2Fb%3F%25@ucc.test.json",
        "person/sip%3Ajan@ucc.test.json",
    ]


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    store = OfficeStore(tmp_path)
    store.keep(JAN, "{}")
    store.bundle(NAMES, time.time())
    assert {stat.S_IMODE((tmp_path / file).stat().st_mode) for file in files(tmp_path)} == {0o600}
    assert not [file for file in files(tmp_path) if file.endswith(".new")]


def test_many_changes_are_gathered_and_written_a_part_at_a_time(tmp_path: Path) -> None:
    loop, store = Loop(), OfficeStore(tmp_path)
    store.later = loop.later
    for turn in range(3):
        for n in range(AT_ONCE + 5):
            store.keep(f"person:{n}", str(turn))
    assert files(tmp_path) == [] and [seconds for seconds, _ in loop.waiting] == [GATHER]
    loop.turn()
    assert len(files(tmp_path)) == AT_ONCE
    loop.turn()
    assert len(files(tmp_path)) == AT_ONCE + 5 and loop.waiting == []
    assert set(OfficeStore(tmp_path).kept.values()) == {"2"}


def test_what_waits_at_the_end_is_written(tmp_path: Path) -> None:
    loop, store = Loop(), OfficeStore(tmp_path)
    store.later = loop.later
    for n in range(2 * AT_ONCE + 1):
        store.keep(f"person:{n}", "x")
    store.flush()
    assert len(files(tmp_path)) == 2 * AT_ONCE + 1
    loop.turn()
    assert loop.waiting == []


def test_broken_file_is_named_and_left_alone(tmp_path: Path) -> None:
    OfficeStore(tmp_path).keep(JAN, "{")
    with pytest.raises(SettingsError) as told:
        OfficeStore(tmp_path, json.loads)
    (name,) = files(tmp_path)
    assert str(told.value).startswith(f"{tmp_path / name}: cannot be read (") and "move it away" in str(told.value)
    assert (tmp_path / name).read_text() == "{"


def test_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    store = OfficeStore(tmp_path)
    store.keep(JAN, "x")
    (tmp_path / files(tmp_path)[0]).write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        OfficeStore(tmp_path)


def test_file_that_cannot_be_written_is_told_and_costs_no_other(tmp_path: Path) -> None:
    store, told = OfficeStore(tmp_path), list[str]()
    store.trouble = told.append
    (tmp_path / "person" / "a.json").mkdir(parents=True)
    store.keep("person:a", "x")
    store.keep("person:b", "y")
    assert told == [f"{tmp_path / 'person' / 'a.json'} cannot be written: Is a directory"]
    assert (tmp_path / "person" / "b.json").read_text() == "y"


# -- certificates


def test_certificates_are_the_same_after_a_restart(tmp_path: Path) -> None:
    now = time.time()
    first = OfficeStore(tmp_path).bundle(NAMES, now)
    assert OfficeStore(tmp_path).bundle(NAMES, now + 300 * 86400) == first
    assert OfficeStore(tmp_path).bundle(NAMES[:1], now) == first


def test_other_names_or_a_near_end_need_another_server_certificate_but_no_other_authority(tmp_path: Path) -> None:
    now = time.time()
    first = OfficeStore(tmp_path).bundle(NAMES, now)
    renamed = OfficeStore(tmp_path).bundle(["sip.other.test"], now)
    assert renamed.authority == first.authority and renamed.certificate != first.certificate
    later = OfficeStore(tmp_path).bundle(["sip.other.test"], now + 360 * 86400)
    assert later.authority == first.authority and later.certificate != renamed.certificate
    assert later.good(["sip.other.test"], now + 360 * 86400)


def test_server_certificate_of_another_authority_is_replaced(tmp_path: Path) -> None:
    now = time.time()
    OfficeStore(tmp_path / "a").bundle(NAMES, now)
    other = OfficeStore(tmp_path / "b").bundle(NAMES, now)
    for name in ("authority.pem", "authority.key"):
        (tmp_path / "a" / name).write_text((tmp_path / "b" / name).read_text())
    made = OfficeStore(tmp_path / "a").bundle(NAMES, now)
    assert made.authority == other.authority and made.good(NAMES, now)


def test_authority_that_ends_is_replaced(tmp_path: Path) -> None:
    now = time.time()
    first = OfficeStore(tmp_path).bundle(NAMES, now)
    later = now + 3640 * 86400
    again = OfficeStore(tmp_path).bundle(NAMES, later)
    assert again.authority != first.authority and again.good(NAMES, later)


@pytest.mark.parametrize("name", ["authority.pem", "authority.key", "server.pem", "server.key"])
def test_broken_certificate_file_is_told_and_left_alone(tmp_path: Path, name: str) -> None:
    OfficeStore(tmp_path).bundle(NAMES, time.time())
    (tmp_path / name).write_text("rubbish")
    with pytest.raises(SettingsError, match="authority.pem and the files beside it: .*move them away") as told:
        OfficeStore(tmp_path).bundle(NAMES, time.time())
    assert "http" not in str(told.value)
    assert (tmp_path / name).read_text() == "rubbish"


def test_key_of_somebody_else_is_told(tmp_path: Path) -> None:
    OfficeStore(tmp_path / "a").bundle(NAMES, time.time())
    OfficeStore(tmp_path / "b").bundle(NAMES, time.time())
    (tmp_path / "a" / "authority.key").write_text((tmp_path / "b" / "authority.key").read_text())
    with pytest.raises(SettingsError, match="the key is not that of the certificate"):
        OfficeStore(tmp_path / "a").bundle(NAMES, time.time())


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="cannot be"):
        OfficeStore(tmp_path / "file").bundle(NAMES, time.time())
