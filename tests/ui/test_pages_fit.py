"""On each skin each page can be read: no row swallows another one, no soft key is cut, in English and in German."""

from __future__ import annotations

from functools import cache

import pytest
from rich.cells import cell_len

from snomtui.language import load as language
from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Face, Plan, Shape, Skin, load
from snomtui.ui.lcd import draw, laid_out
from snomtui.ui.text import harmless
from tests.ui.gallery import SKINS
from tests.ui.scenes import SCENES, snapshot_of

EACH = [(skin, tongue) for skin in SKINS for tongue in ("English", "Deutsch")]
LEGIBLE = 4
"""Of a text that is cut so many characters at least are left."""


@cache
def _played(shape: Shape, tongue: str) -> dict[str, Snapshot]:
    return {scene: snapshot_of(scene, shape, tongue) for scene in SCENES}


def shows_of(skin: Skin, tongue: str) -> dict[str, Snapshot]:
    """What a phone of this skin shows in all scenes."""
    return _played(skin.shape, tongue)


def lines(snapshot: Snapshot, skin: Skin, face: Face) -> list[str]:
    """What stands on the display of a face."""
    drawn = draw(snapshot, skin, face.display.width, face.display.height, face)
    return ["".join(text for text, _ in line) for line in drawn]


def planned(snapshot: Snapshot, skin: Skin, face: Face) -> Plan:
    """Where it stands."""
    return laid_out(snapshot, skin, face.display.width, face.display.height, face)


def shows(line: str, text: str, dots: str) -> bool:
    """Whether a line has a text, or enough of it with dots where it is cut; `dots` is the skin's sign for that."""
    text = harmless(text).strip()
    if text in line:
        return True
    pieces = [text[:keep].rstrip() + dots for keep in range(LEGIBLE, len(text))]
    pieces += [dots + text[-keep:].lstrip() for keep in range(LEGIBLE, len(text))]
    return any(piece in line for piece in pieces)


def unread(snapshot: Snapshot, skin: Skin) -> list[str]:
    """The texts of rows that are not on the display."""
    face = skin.faces[0]
    plan, shown = planned(snapshot, skin, face), lines(snapshot, skin, face)
    if snapshot.page.picture is not None and snapshot.page.picture.place == "full":
        return []
    lost = []
    for number, y in enumerate(plan.lines):
        row = snapshot.page.rows[plan.first + number]
        here = " ".join(shown[y] for y in plan.card) if y in plan.card else shown[y]
        texts = (row.text, "" if y == plan.entry else row.right)  # the entry needs the place of the word at the right
        lost += [text for text in texts if text.strip() and not shows(here, text, skin.glyphs["ellipsis"])]
    return lost


@pytest.mark.parametrize(("skin", "tongue"), EACH)
def test_no_text_of_a_row_is_lost_beyond_an_ellipsis(skin: str, tongue: str) -> None:
    dressed = load(skin)
    found = {scene: unread(shown, dressed) for scene, shown in shows_of(dressed, tongue).items()}
    assert {scene: lost for scene, lost in found.items() if lost} == {}


@pytest.mark.parametrize(("skin", "tongue"), EACH)
def test_every_row_has_a_line(skin: str, tongue: str) -> None:
    dressed = load(skin)
    short = {
        scene: (len(planned(shown, dressed, dressed.faces[0]).lines), len(shown.page.rows))
        for scene, shown in shows_of(dressed, tongue).items()
        if shown.page.picture is None and skin != "snom320"
    }
    assert {scene: counts for scene, counts in short.items() if counts[0] < counts[1]} == {}


@pytest.mark.parametrize(("skin", "tongue"), EACH)
def test_soft_key_labels_are_whole(skin: str, tongue: str) -> None:
    dressed = load(skin)
    cut = {}
    for scene, shown in shows_of(dressed, tongue).items():
        last = " ".join(lines(shown, dressed, dressed.faces[0])[-3:])
        missing = [key.label for key in shown.page.softkeys if key and harmless(key.label) not in last]
        if missing:
            cut[scene] = missing
    assert cut == {}


@pytest.mark.parametrize("skin", SKINS)
def test_soft_keys_stand_above_their_keys(skin: str) -> None:
    dressed = load(skin)
    face = dressed.faces[0]
    if "F1" not in face.keys:
        return
    away = {}
    for scene, shown in shows_of(dressed, "Deutsch").items():
        for spot in planned(shown, dressed, face).of("soft"):
            key, middle = face.keys[spot.name], face.display.x + spot.place.x + spot.place.width / 2
            if abs(key.x + key.width / 2 - middle) > key.width:
                away[scene, spot.name] = middle
    assert away == {}


@pytest.mark.parametrize("skin", SKINS)
def test_german_is_said_on_every_page(skin: str) -> None:
    """A page in German differs from the same page in English, unless a web server or a person wrote it all."""
    dressed, face = load(skin), load(skin).faces[0]
    german = {scene: lines(shown, dressed, face) for scene, shown in shows_of(dressed, "Deutsch").items()}
    english = {scene: lines(shown, dressed, face) for scene, shown in shows_of(dressed, "English").items()}
    assert [scene for scene in SCENES if german[scene] == english[scene]] == []
    words = language("Deutsch").words
    assert words["Back"] and cell_len(words["Back"]) <= 8
