"""The table [display] of a skin: what is read, and how a mistake in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.skin import load, problems


def skin(folder: Path, text: str) -> Path:
    """A skin file on top of the snom 370."""
    path = folder / "mine.toml"
    path.write_text(f'base = "snom370"\n[display]\n{text}\n', encoding="utf-8")
    return path


def test_skin_without_the_table_has_a_plain_display() -> None:
    display = load("snom370").display
    assert (display.kind, display.side, display.icons) == ("mono", 0, ())


def test_icons_and_side_are_read(tmp_path: Path) -> None:
    text = 'kind = "touch"\nside = 12\nicons = [{ key = "REDIAL", label = "Again", glyph = "r" }, { key = "HELP" }]'
    display = load(skin(tmp_path, text)).display
    assert (display.kind, display.side) == ("touch", 12)
    assert [(icon.key, icon.label, icon.glyph) for icon in display.icons] == [
        ("REDIAL", "Again", "r"),
        ("HELP", "HELP", ""),
    ]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('kind = "colour"', "display.kind", "is not one of mono, color, touch"),
        ("side = 99", "display.side", "from 8 to 60"),
        ("with = 3", "display.with", "unknown key"),
        ("icons = 3", "display.icons", "expected"),
        ('icons = ["REDIAL"]', "display.icons[0]", "expected"),
        ('icons = [{ key = "REDAIL" }]', "display.icons[0].key", "did you mean 'REDIAL'?"),
        ('icons = [{ key = "HELP", glyph = "??" }]', "display.icons[0].glyph", "one character of one cell"),
    ],
)
def test_mistake_is_named_with_its_key(tmp_path: Path, text: str, where: str, what: str) -> None:
    (wrong,) = problems(skin(tmp_path, text))
    assert where in wrong and what in wrong and "mine.toml" in wrong
