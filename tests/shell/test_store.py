"""What is remembered over restarts."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from snomtui.errors import SettingsError
from snomtui.phone.history import Record
from snomtui.shell.store import CALLS, Store


def call(which: str, number: str) -> str:
    """A call list entry as the phone writes it."""
    return Record(which, "Jan", number, 1795400000.0).text()


def test_store_begins_empty_and_writes_nothing_by_itself(tmp_path: Path) -> None:
    store = Store(tmp_path / "new")
    assert (store.settings, store.calls, list(tmp_path.iterdir())) == ({}, [], [])


def test_store_remembers_settings_and_calls(tmp_path: Path) -> None:
    store = Store(tmp_path / "a" / "b")
    store.keep("setting:user_name1", "heiko")
    store.keep("setting:user_name1", "jan")
    store.keep("call", call("missed", "110"))
    again = Store(tmp_path / "a" / "b")
    assert (again.settings, again.calls) == ({"user_name1": "jan"}, [call("missed", "110")])


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    (tmp_path / "phone.new").write_text("left behind")
    (tmp_path / "phone.new").chmod(0o644)
    store = Store(tmp_path)
    store.keep("setting:user_pass1", "Sommer2009!")
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["phone.json"]


def test_cleared_list_is_forgotten_and_the_others_are_not(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for which in ("missed", "dialed", "missed"):
        store.keep("call", call(which, "110"))
    store.keep("clear:missed", "")
    assert Store(tmp_path).calls == [call("dialed", "110")]


def test_store_keeps_the_newest_calls(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.calls = [call("dialed", str(n)) for n in range(CALLS)]
    store.keep("call", call("dialed", "newest"))
    assert len(store.calls) == CALLS
    assert (store.calls[0], store.calls[-1]) == (call("dialed", "1"), call("dialed", "newest"))


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"settings": []}', '{"settings": {}, "calls": 5}', "\xff"])
def test_file_that_is_not_ours_is_refused_by_name_and_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "phone.json"
    file.write_text(text, "latin-1")
    with pytest.raises(SettingsError) as told:
        Store(tmp_path)
    assert str(told.value).startswith(f"{file}: cannot be read (") and "move it away" in str(told.value)
    assert file.read_text("latin-1") == text


def test_setting_that_is_no_more_is_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "phone.json").write_text(json.dumps({"settings": {"user_nam1": "x"}, "calls": []}))
    with pytest.raises(SettingsError, match=r"phone\.json: unknown setting user_nam1"):
        Store(tmp_path)


def test_calls_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    calls = ["{", "5", "{}", call("missed", "110")]
    (tmp_path / "phone.json").write_text(json.dumps({"settings": {}, "calls": calls}))
    store = Store(tmp_path)
    store.keep("clear:dialed", "")
    assert store.calls == [call("missed", "110")]


def test_store_says_so_when_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((OSError, SettingsError)):
        Store(tmp_path / "file").keep("setting:http_user", "x")


def test_store_remembers_changes_of_the_directory(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("entry:sip:jan@ucc.test", "{}")
    store.keep("entry:tel:110", "")
    assert Store(tmp_path).entries == {"sip:jan@ucc.test": "{}", "tel:110": ""}


def test_store_forgets_one_call_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in ("1", "2", "1"):
        store.keep("call", call("missed", number))
    store.keep("forget", call("missed", "1"))
    store.keep("forget", call("missed", "3"))
    assert Store(tmp_path).calls == [call("missed", "2"), call("missed", "1")]


def test_reset_leaves_nothing_but_what_no_snom_has(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name, value in (("setting:user_pass1", "x"), ("setting:sim_mac", "0004132E1D2A"), ("entry:tel:1", "{}")):
        store.keep(name, value)
    store.keep("call", call("missed", "1"))
    store.keep("reset", "")
    again = Store(tmp_path)
    assert (again.settings, again.calls, again.entries) == ({"sim_mac": "0004132E1D2A"}, [], {})
