"""Files that are written as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.remote.driving.files import write


def test_private_file_is_for_its_owner_only_and_replaces_an_open_one(tmp_path: Path) -> None:
    file = tmp_path / "new" / "phones.toml"
    write(file, "ä\n", private=True)
    file.chmod(0o644)
    write(file, "b\n", private=True)
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == ("b\n", 0o600)


def test_other_file_keeps_its_permissions_and_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "mimeapps.list"
    file.write_bytes(b"\xe4")
    file.chmod(0o640)
    write(file, file.read_text("utf-8", "surrogateescape") + "x")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"\xe4x", 0o640)


def test_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "there" / "book", tmp_path / "link"
    write(file, "old")
    link.symlink_to(file)
    write(link, "new")
    assert link.is_symlink() and file.read_text() == "new"
    assert [each.name for each in file.parent.iterdir()] == ["book"]


def test_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        write(tmp_path / "folder", "text")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]
