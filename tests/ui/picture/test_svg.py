"""Pictures as SVG: well-formed whatever the texts are, and fetching nothing."""

from __future__ import annotations

from xml.etree import ElementTree

from snomtui.ui.picture.cells import Cell, Grid, Look
from snomtui.ui.picture.svg import HEIGHT, WIDTH, svg

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = Look(0xFFFFFF, 0x000000)


def grid(*lines: str, look: Look = PLAIN) -> Grid:
    """Lines in one look."""
    wide = max(map(len, lines))
    return tuple(tuple(Cell(one, look) for one in line.ljust(wide)) for line in lines)


def drawn(of: Grid, **given: int) -> ElementTree.Element:
    """The picture, read again."""
    return ElementTree.fromstring(svg(of, "A phone", **given))


def texts(root: ElementTree.Element) -> list[str]:
    """What is written in it."""
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_text_in_one_look_is_one_text_without_the_blanks_around_it() -> None:
    (text,) = drawn(grid("  Jan Dierich  ")).iter(f"{SVG}text")
    assert text.text == "Jan Dierich"
    assert text.get("x") == str(2 * WIDTH) and text.get("textLength") == str(11 * WIDTH)


def test_picture_has_the_size_of_its_cells_and_its_margin() -> None:
    root = drawn(grid("abc", "def"), margin=5)
    assert root.get("viewBox") == f"0 0 {3 * WIDTH + 10} {2 * HEIGHT + 10}"
    assert root.findtext(f"{SVG}title") == "A phone"


def test_texts_that_would_break_xml_are_harmless() -> None:
    nasty = "</text><script>&\x00\x1b\x0b\ud800\ufffe"
    root = drawn(grid(nasty))
    assert "</text><script>&" in texts(root)[0]
    assert not list(root.iter(f"{SVG}script"))


def test_title_of_a_stranger_is_harmless() -> None:
    assert ElementTree.fromstring(svg(grid("a"), "</title>\x01&")).findtext(f"{SVG}title") == "</title> &"


def test_grounds_of_one_colour_are_one_rectangle() -> None:
    blue = Look(0xFFFFFF, 0x0000FF)
    lines = (tuple([Cell(" ", PLAIN)] * 3 + [Cell(" ", blue)] * 2) for _ in range(4))
    found = [each for each in drawn(tuple(lines)).iter(f"{SVG}rect") if each.get("fill") == "#0000ff"]
    assert [(each.get("x"), each.get("width"), each.get("height")) for each in found] == [("30", "20", "80")]


def test_led_is_a_circle_in_its_colour_and_a_shade_is_pale() -> None:
    root = drawn(grid("●○", look=Look(0xFF0000, 0x000000)))
    full, ring = root.iter(f"{SVG}circle")
    assert full.get("fill") == ring.get("stroke") == "#ff0000" and ring.get("fill") == "none"
    assert any(each.get("opacity") == "0.5" for each in drawn(grid("▒")).iter(f"{SVG}rect"))


def test_every_kind_of_mark_is_drawn() -> None:
    root = drawn(grid("●○◌◐◔◆△✓╭╯│█"))
    assert not texts(root)
    assert len(list(root.iter(f"{SVG}path"))) >= 7


def test_wide_characters_are_written_each_on_its_own() -> None:
    row = tuple(Cell(one, PLAIN) for one in ("a", "田", "", "中", "", "b"))
    assert texts(drawn((row,))) == ["a", "田", "中", "b"]


def test_bold_underlined_and_struck_out_text_is_so() -> None:
    (text,) = drawn(grid("ab ", look=Look(1, 2, bold=True, italic=True, underline=True, strike=True))).iter(
        f"{SVG}text"
    )
    assert text.get("class") == "b i u s" and text.text == "ab "


def test_nothing_is_fetched_from_elsewhere() -> None:
    text = svg(grid("abc ● █"), "A phone")
    assert text.count("http") == 1 and "url(" not in text and "<script" not in text
