"""A skin over time: broken at the start, saved while it is worn."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from snomtui.errors import SkinError
from snomtui.skin import Closet, Skin, load
from snomtui.skin.shelf import LARGEST


def saved(path: Path, text: str) -> Path:
    """A file with this text; its date is a new one in any case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("wanted", ["nosuch", "/nosuch/skin.toml"])
def test_skin_that_is_not_there_is_refused(wanted: str) -> None:
    with pytest.raises(SkinError, match="no skin"):
        Closet(wanted)


@pytest.mark.parametrize(
    ("text", "worn"),
    [
        ('base = "snom370"\ntitel = "x"', "snom370"),
        ('base = "snom360"\n[shape]\nmodel = "snom320"\nrows = 0', "snom360"),
        ('[shape]\nmodel = "snom320"', "snom320"),
        ("not toml", "plain"),
        ('base = "nosuch"', "plain"),
    ],
)
def test_broken_skin_is_replaced_by_the_nearest_one_that_ships(tmp_path: Path, text: str, worn: str) -> None:
    path = saved(tmp_path / "mine" / "skin.toml", text)
    closet = Closet(path)
    assert closet.skin == load(worn)
    assert closet.wrong and all(line.startswith(f"{path}:") for line in closet.wrong)


def test_broken_skin_of_the_user_is_replaced_by_the_shipped_one_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    saved(tmp_path / "snomtui" / "skins" / "snom360.toml", "title = 3")
    closet = Closet("snom360")
    assert closet.skin.title == "snom 360" and closet.wrong


def test_skin_is_read_again_only_when_one_of_its_files_was_saved(tmp_path: Path) -> None:
    below = saved(tmp_path / "below.toml", 'base = "snom360"\ntitle = "one"')
    closet = Closet(saved(tmp_path / "mine.toml", 'base = "./below.toml"'))
    assert closet.skin.title == "one" and closet.look() is None
    saved(below, 'base = "snom360"\ntitle = "another"')
    again = closet.look()
    assert again is not None and again.title == "another" and closet.skin is again
    assert closet.look() is None
    saved(tmp_path / "mine.tcss", "Display { color: red; }")
    again = closet.look()
    assert again is not None and again.css.endswith("color: red; }")


def test_mistake_is_told_once_and_the_old_skin_stays_until_it_is_right_again(tmp_path: Path) -> None:
    path = saved(tmp_path / "mine.toml", 'base = "snom360"\ntitle = "one"')
    closet = Closet(path)
    saved(path, 'base = "snom360"\ntitle = 1234')
    with pytest.raises(SkinError, match=r"mine\.toml:2: title: "):
        closet.look()
    assert closet.skin.title == "one" and closet.look() is None
    path.unlink()
    with pytest.raises(SkinError, match="cannot be read"):
        closet.look()
    saved(path, 'base = "snom320"\ntitle = "three"')
    again = closet.look()
    assert again is not None and (again.title, closet.wrong) == ("three", [])


def test_file_that_a_broken_skin_was_missing_brings_it_to_life(tmp_path: Path) -> None:
    path = saved(tmp_path / "mine.toml", 'base = "./below.toml"')
    below = saved(tmp_path / "below.toml", "title =")
    closet = Closet(path)
    assert closet.skin.name == "plain"
    saved(below, 'base = "snom320"')
    again = closet.look()
    assert again is not None and again.title == "snom 320"


def test_every_skin_is_changed_as_it_was_asked_for(tmp_path: Path) -> None:
    def louder(skin: Skin) -> Skin:
        return replace(skin, title=skin.title.upper())

    path = saved(tmp_path / "mine.toml", 'base = "snom360"\ntitle = "one"')
    closet = Closet(path, louder)
    assert closet.skin.title == "ONE" and closet.instead().title == "SNOM 360"
    saved(path, 'base = "snom360"\ntitle = "four"')
    again = closet.look()
    assert again is not None and again.title == "FOUR"


def test_link_that_leads_to_another_file_is_followed(tmp_path: Path) -> None:
    one = saved(tmp_path / "one.toml", 'base = "snom360"\ntitle = "one"')
    two = saved(tmp_path / "two.toml", 'base = "snom360"\ntitle = "two"')
    link = tmp_path / "mine.toml"
    link.symlink_to(one)
    closet = Closet(link)
    assert closet.skin.title == "one"
    link.unlink()
    link.symlink_to(two)
    fresh = closet.look()
    assert fresh is not None and fresh.title == "two"
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(SkinError, match="mine.toml:1: cannot be read"):
        closet.look()
    link.unlink()
    saved(link, 'base = "snom360"\ntitle = "three"')
    fresh = closet.look()
    assert fresh is not None and fresh.title == "three"


def test_pipe_and_file_without_end_do_not_hold_up_the_phone(tmp_path: Path) -> None:
    path = saved(tmp_path / "mine.toml", 'base = "snom360"\ntitle = "one"')
    closet = Closet(path)
    saved(path, "#" * (LARGEST + 1))
    with pytest.raises(SkinError, match=f"mine.toml:1: cannot be read: {LARGEST} bytes are the most"):
        closet.look()
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SkinError, match="mine.toml:1: cannot be read: a file is expected"):
        closet.look()
    assert closet.skin.title == "one"
