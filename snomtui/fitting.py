"""What `snomtui skins` tells: which skins there are, what one looks like, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable

from snomtui.errors import SkinError
from snomtui.skin import Skin, find_skins, load, problems, shipped, user_folder
from snomtui.skin.sketch import sketch


def listing() -> list[str]:
    """All skins by name: what each is, and where it is; one that is broken says so."""
    own, lines = set(shipped().values()), []
    found = find_skins()
    width = max(len(name) for name in found)
    for name, path in found.items():
        try:
            what = load(path).title
        except SkinError as error:
            what = f"has mistakes, the first one: {str(error).splitlines()[0]}"
        lines.append(f"{name:{width}}  {what}" + ("" if path in own else f"  ({path})"))
    return [*lines, f"Skins of your own belong into {user_folder()}"]


def shown(name: str, size: tuple[int, int]) -> list[str]:
    """One skin in words, and the face that fits a terminal of this size as a picture; raises `SkinError`."""
    skin = load(name)
    face = skin.face_for(size[0], size[1] - 1)
    return [*_facts(skin), "", *sketch(skin, face)]


def checked(names: Iterable[str]) -> list[str]:
    """All mistakes of these skins, or of all there are; each names file, line and key, and what would be right."""
    wrong: list[str] = []
    for name in names or find_skins():
        found = problems(name)
        wrong += found or _style(load(name))
    return list(dict.fromkeys(wrong))


def _style(skin: Skin) -> list[str]:
    from snomtui.ui.dress import style_problems

    return style_problems(skin)


def _facts(skin: Skin) -> list[str]:
    shape = skin.shape
    size = f"{shape.rows} {'row' if shape.rows == 1 else 'rows'} of {shape.columns} characters"
    keys = f"{shape.soft_keys} soft keys, {shape.programmable_keys} programmable keys"
    faces = ", ".join(f"{face.name} {face.width}x{face.height}" for face in skin.faces)
    lines = [f"{skin.title} ({skin.name})", f"model      {shape.model}: {size}, {keys}", f"faces      {faces}"]
    if skin.expansion:
        place = skin.expansion.face
        lines.append(f"expansion  {skin.expansion.count} keys, {place.width}x{place.height}")
    files = [*(one.path for one in reversed(skin.files)), *(sheet.path for sheet in skin.sheets)]
    return [*lines, *(f"{'file' if not number else '':9}  {path}" for number, path in enumerate(files))]
