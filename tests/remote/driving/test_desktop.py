"""Our entry on a desktop, and the choices of a person that are kept around it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from snomtui.errors import LocalError
from snomtui.remote.driving import desktop, mimeapps
from snomtui.remote.driving.desktop import FILE, Desktop

TEL = "x-scheme-handler/tel"
CHOICES = f"""\
# mine
[Added Associations]
{TEL}=other.desktop;

[Default Applications]
text/html=browser.desktop
{TEL}=ekiga.desktop;linphone.desktop

[Removed Associations]
"""


@pytest.fixture
def own(tmp_path: Path) -> Desktop:
    return Desktop({"HOME": str(tmp_path), "PATH": "/nowhere"})


def test_links_are_taken_over_and_given_back_to_the_letter(own: Desktop) -> None:
    own.choices.parent.mkdir()
    own.choices.write_text(CHOICES)
    for _ in range(2):  # once more changes nothing that is remembered
        assert own.install(["/opt/snomtui", "handler", "open"]) == []
        assert own.current("tel") == own.current("sips") == FILE
        assert "text/html=browser.desktop" in own.choices.read_text()
    assert json.loads(own.memory.read_text())["tel"] == "ekiga.desktop;linphone.desktop"
    assert own.uninstall() == ["tel: ekiga.desktop;linphone.desktop"] + [
        f"{scheme}: as it was, nothing chosen" for scheme in ("callto", "sip", "sips")
    ]
    assert sorted(own.choices.read_text().splitlines()) == sorted(CHOICES.splitlines())
    assert not own.entry.exists() and not own.memory.exists() and own.uninstall() == []


def test_choice_that_was_made_in_between_is_left_alone(own: Desktop) -> None:
    own.install(["/opt/snomtui"])
    mimeapps.set_default(own.choices, TEL, "other.desktop")
    assert "tel: " not in "".join(own.uninstall())
    assert own.current("tel") == "other.desktop" and own.current("sip") == ""


def test_old_list_of_xdg_utils_is_cleaned_too(own: Desktop) -> None:
    own.install(["/opt/snomtui"])
    old = own.entry.with_name("mimeapps.list")
    mimeapps.set_default(old, TEL, FILE)
    mimeapps.set_default(old, "text/html", "browser.desktop")
    own.uninstall()
    assert mimeapps.default(old, TEL) is None and mimeapps.default(old, "text/html") == "browser.desktop"


def test_only_the_named_schemes_are_taken(own: Desktop) -> None:
    own.install(["/opt/snomtui"], ["tel"])
    assert own.current("tel") == FILE and own.current("sip") == ""
    assert f"MimeType={TEL};\n" in own.entry.read_text()


def test_entry_is_as_the_specification_has_it() -> None:
    text = desktop.entry(["/opt/snomtui", "handler", "open", "--phone=desk"])
    assert text.startswith("[Desktop Entry]\nType=Application\n") and "Terminal=false\n" in text
    assert "Exec=/opt/snomtui handler open --phone=desk -- %u\n" in text


@pytest.mark.parametrize("word", ["/opt/my phone/x", '/a"b', "/a$b`c", "/a\\b", "/a'b", "/a;b", "plain", "100%"])
def test_odd_path_is_quoted_so_that_it_comes_back(word: str) -> None:
    as_value = re.sub(r"\\(.)", r"\1", desktop.quoted(word))  # first layer: a string key
    inside = re.fullmatch(r'"(.*)"', as_value)  # second layer: quotes, and what is escaped in them
    assert inside or not re.search(r"[\s\"'\\;$`]", as_value)
    plain = re.sub(r'\\(["`$\\])', r"\1", inside[1]) if inside else as_value
    assert plain.replace("%%", "%") == word


def test_path_with_a_line_end_cannot_stand_there() -> None:
    with pytest.raises(LocalError):
        desktop.quoted("/a\nExec=evil")


def test_program_is_named_by_absolute_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "snomtui"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["snomtui"])
    assert desktop.program() == [str(script)]
    monkeypatch.setattr(sys, "argv", ["/x/__main__.py"])
    assert Path(desktop.program()[0]).is_absolute()


def test_relative_folders_of_the_environment_are_ignored(tmp_path: Path) -> None:
    odd = Desktop({"HOME": str(tmp_path), "XDG_CONFIG_HOME": "here", "XDG_DATA_HOME": str(tmp_path / "d")})
    assert odd.choices == tmp_path / ".config" / "mimeapps.list"
    assert odd.entry == tmp_path / "d" / "applications" / FILE


def test_list_that_is_a_link_stays_one(own: Desktop, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles"
    real.write_text(CHOICES)
    own.choices.parent.mkdir()
    own.choices.symlink_to(real)
    own.install(["/opt/snomtui"])
    assert own.choices.is_symlink() and FILE in real.read_text()
