"""Where skins lie, and how one is taken down: by name, by path, on top of another one."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from snomtui.errors import SkinError
from snomtui.skin.reader import Paper, Table, hint
from snomtui.skin.values import Sheet, Skin


def find_skins() -> dict[str, Path]:
    """All skins by name, shipped ones first; a user's skin of the same name wins."""
    found: dict[str, Path] = {}
    for folder in (_shipped(), user_folder()):
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (entry / "skin.toml").is_file():
                found[entry.name] = entry / "skin.toml"
            elif entry.suffix == ".toml":
                found[entry.stem] = entry
    return found


def user_folder() -> Path:
    """Where a user's own skins are looked for."""
    from platformdirs import user_config_path

    return user_config_path("snomtui") / "skins"


def load(name_or_path: str | Path) -> Skin:
    """Read a skin by name, or by the path of its folder or file; raises `SkinError` naming file and key."""
    path = _locate(name_or_path)
    skin, wrong = _read(path)
    if skin is None or wrong:
        raise SkinError("\n".join(wrong))
    return skin


def problems(path: str | Path) -> list[str]:
    """All that is wrong with a skin, one line each, with what would be right; empty if it is fine."""
    try:
        return _read(_locate(path))[1]
    except SkinError as error:
        return [str(error)]


def _shipped() -> Path:
    """Inside the package in a wheel, beside it in an editable install."""
    package = Path(str(resources.files("snomtui")))
    inside = package / "skins"
    return inside if inside.is_dir() else package.parent / "skins"


def _locate(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.is_dir() and (path / "skin.toml").is_file():
        return path / "skin.toml"
    if path.suffix == ".toml" or len(path.parts) > 1:
        if path.is_file():
            return path
        raise SkinError(f"{path}: no skin there; a skin is a folder with skin.toml, or a file NAME.toml")
    found = find_skins()
    if str(name_or_path) not in found:
        raise SkinError(
            f"no skin named {name_or_path!r}{hint(str(name_or_path), found)}; there are: {', '.join(found)}"
        )
    return found[str(name_or_path)]


def _read(path: Path) -> tuple[Skin | None, list[str]]:
    try:
        raw, files = _with_base(path, ())
        sheets = tuple(Sheet(one, _text(one)) for one in (file.with_suffix(".tcss") for file in files) if one.is_file())
    except SkinError as error:
        return None, [str(error)]
    paper = Paper(path, raw)
    return paper.skin(sheets), paper.wrong


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SkinError(f"{path}: {error}") from None


def _with_base(path: Path, seen: tuple[Path, ...]) -> tuple[Table, list[Path]]:
    """The tables of a skin on top of those of its base, and all files they came from, the lowest first."""
    path = path.resolve()
    if path in seen:
        circle = " -> ".join(one.parent.name for one in (*seen, path))
        raise SkinError(f"{path}: base: the skins {circle} go in a circle")
    try:
        raw = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise SkinError(f"{path}: {error}") from None
    base = raw.pop("base", None)
    if base is None:
        return raw, [path]
    if not isinstance(base, str):
        raise SkinError(f"{path}: base: a skin's name is expected, not {base!r}")
    below, files = _with_base(_locate(base), (*seen, path))
    return _merged(below, raw), [*files, path]


def _merged(below: Table, above: Table) -> Table:
    """Tables are joined key by key; everything else is replaced."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result
