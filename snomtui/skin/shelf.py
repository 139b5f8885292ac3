"""Where skins lie, and how one is taken down: by name, by path, on top of another one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from os.path import isfile  # false, and no error, for what may not be looked at
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from snomtui.errors import SkinError
from snomtui.kit.toml import TomlMistake, read_toml
from snomtui.skin.reader import Paper
from snomtui.skin.table import Table, hint
from snomtui.skin.values import Sheet, Skin

LARGEST = 1 << 20
"""Bytes of one file: what is larger was put there by mistake."""


@dataclass(slots=True)
class Reading:
    """One try to read a skin."""

    path: Path
    skin: Skin | None = None
    """None if too much is wrong."""
    wrong: list[str] = field(default_factory=list)
    """All mistakes, each with file and line, and what would be right."""
    files: list[Path] = field(default_factory=list)
    """Its TOML files as they were met: itself first, then its bases."""
    model: str = ""
    """The model that it is for, as far as that could be read."""


def find_skins() -> dict[str, Path]:
    """All skins by name, shipped ones first; a user's skin of the same name wins."""
    return shipped() | _skins_in(user_folder())


def shipped() -> dict[str, Path]:
    """The skins that came with the program, by name."""
    return _skins_in(_shipped_folder())


def user_folder() -> Path:
    """Where a user's own skins are looked for."""
    from platformdirs import user_config_path

    return user_config_path("snomtui") / "skins"


def load(name_or_path: str | Path) -> Skin:
    """Read a skin by name, or by the path of its folder or file; raises `SkinError` naming file, line and key."""
    reading = read(locate(name_or_path))
    if reading.skin is None or reading.wrong:
        raise SkinError("\n".join(reading.wrong))
    return reading.skin


def problems(path: str | Path) -> list[str]:
    """All that is wrong with a skin, one line each, with what would be right; empty if it is fine."""
    try:
        return read(locate(path)).wrong
    except SkinError as error:
        return [str(error)]


def locate(name_or_path: str | Path) -> Path:
    """The TOML file of a skin, by its name or by the path of folder or file; raises `SkinError` if there is none."""
    path = Path(name_or_path).expanduser()
    if isfile(path / "skin.toml"):
        return path / "skin.toml"
    if path.suffix == ".tcss":  # whoever has an editor open with the style sheet means the skin beside it
        path = path.with_suffix(".toml")
    if path.suffix == ".toml" or len(path.parts) > 1:
        if isfile(path):
            return path
        raise SkinError(f"{path}: no skin there; a skin is a folder with skin.toml, or a file NAME.toml")
    found = find_skins()
    if str(name_or_path) not in found:
        raise SkinError(
            f"no skin named {name_or_path!r}{hint(str(name_or_path), found)}; there are: {', '.join(found)}"
        )
    return found[str(name_or_path)]


def read(path: Path) -> Reading:
    """Read a skin and its bases from their files; never raises."""
    reading = Reading(path)
    try:
        raw, texts = _with_base(path, reading)
        shape = raw.get("shape")
        reading.model = str(shape.get("model", "")) if isinstance(shape, dict) else ""
        styles = (file.path.with_suffix(".tcss") for file in texts)
        sheets = tuple(Sheet(one, _text(one)) for one in styles if isfile(one))
    except SkinError as error:
        reading.wrong.append(str(error))
        return reading
    paper = Paper(tuple(texts), raw)
    reading.skin = paper.skin(sheets)
    reading.wrong += paper.wrong
    return reading


def _skins_in(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return found
    for entry in entries:
        if isfile(entry / "skin.toml"):
            found[entry.name] = entry / "skin.toml"
        elif entry.suffix == ".toml":
            found[entry.stem] = entry
    return found


def _shipped_folder() -> Path:
    """Inside the package in a wheel, beside it in an editable install."""
    package = Path(__file__).parent.parent
    inside = package / "skins"
    return inside if inside.is_dir() else package.parent / "skins"


def _text(path: Path) -> str:
    try:
        found = path.stat()
        if not (S_ISREG(found.st_mode) or S_ISDIR(found.st_mode)):  # a pipe or device would never end
            raise SkinError(f"{path}:1: cannot be read: a file is expected")
        if found.st_size > LARGEST:
            raise SkinError(f"{path}:1: cannot be read: {LARGEST} bytes are the most, not {found.st_size}")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise SkinError(f"{path}:1: cannot be read: {why}") from None


def _parsed(path: Path, text: str) -> Table:
    try:
        return read_toml(text)
    except TomlMistake as error:
        raise SkinError(f"{path}:{error.line}: not TOML: {error}") from None


def _with_base(path: Path, reading: Reading) -> tuple[Table, list[Sheet]]:
    """The tables of a skin on top of those of its base, and the files they came from, the lowest first."""
    path = _resolved(path)
    if path in reading.files:
        circle = " -> ".join(_short(one) for one in (*reading.files, path))
        raise SkinError(f"{reading.files[-1]}:1: base: the skins {circle} go in a circle")
    reading.files.append(path)
    text = _text(path)
    raw = _parsed(path, text)
    base = raw.pop("base", None)
    if base is None:
        return raw, [Sheet(path, text)]
    line = _line_of_base(text)
    if not isinstance(base, str):
        raise SkinError(f"{path}:{line}: base: the name or path of a skin in quotes is expected, not {base!r}")
    try:
        below = _locate_base(base, path)
    except SkinError as error:
        raise SkinError(f"{path}:{line}: base: {error}") from None
    tables, files = _with_base(below, reading)
    if _is_new_module(raw.get("expansion")):
        tables = {key: table for key, table in tables.items() if key != "expansion"}
    return _merged(tables, raw), [*files, Sheet(path, text)]


def _is_new_module(expansion: object) -> bool:
    """One that says how many keys it has: nothing of the base's is kept, whose keys would lie between and outside."""
    return isinstance(expansion, dict) and "keys" in expansion


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise SkinError(f"{path}:1: cannot be read: the link leads back to itself") from None


def _line_of_base(text: str) -> int:
    found = re.search(r"""^[ \t]*["']?base\b""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _locate_base(base: str, above: Path) -> Path:
    """A base's path counts from the skin that names it; a skin of a user may stand on the shipped one of its name."""
    if base.endswith(".toml") or len(Path(base).parts) > 1:
        return locate(above.parent / Path(base).expanduser())
    found = find_skins()
    if base in found and found[base].resolve() == above:
        found = shipped()
    if base not in found:
        raise SkinError(f"no skin named {base!r}{hint(base, found)}; there are: {', '.join(found)}")
    return found[base]


def _short(path: Path) -> str:
    return path.parent.name if path.name == "skin.toml" else path.stem


def _merged(below: Table, above: Table) -> Table:
    """Tables are joined key by key; `false` in place of a table or a list takes it away; all else is replaced."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        if value is False and isinstance(old, (dict, list)):
            del result[key]
        else:
            result[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result
