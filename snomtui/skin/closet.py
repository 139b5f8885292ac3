"""The skin that was asked for, what is worn while it is broken, and whether its files have changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from snomtui.errors import SkinError
from snomtui.skin.shelf import Reading, load, locate, read, shipped
from snomtui.skin.values import Skin

LAST = "plain"
"""What is worn when nothing nearer can be."""
Change = Callable[[Skin], Skin]
Stamp = tuple[int, int, int] | None


class Closet:
    """One skin over time. Its files are looked at only when asked to, and by their dates, which costs little."""

    def __init__(self, wanted: str | Path, *changes: Change) -> None:
        """`changes` are done to every skin that is read, such as `expanded`.

        Raises `SkinError` if there is no such skin. One that is there but broken is replaced, see `wrong`.
        """
        self._changes = changes
        self._given = locate(wanted).absolute()
        """Perhaps a link, which may lead elsewhere later."""
        self._stamps = _stamps(_with_styles([self._given]))
        self._reading = self._read()
        self.wrong = self._reading.wrong
        """All mistakes in the files as they are now."""
        self.skin = self.instead() if self.wrong or not self._reading.skin else self._changed(self._reading.skin)
        """What is worn."""

    def look(self) -> Skin | None:
        """The skin as it is in its files now, or None if they have not changed since the last look.

        Raises `SkinError` if it is broken now; the one that was worn last stays in `skin`.
        """
        if self._stamps == _stamps(self._stamps):
            return None
        reading = self._read()
        self.wrong = reading.wrong
        if reading.skin is None or reading.wrong:
            raise SkinError("\n".join(reading.wrong))
        self.skin = self._changed(reading.skin)
        return self.skin

    def choose(self, wanted: str | Path) -> Skin:
        """Another skin from now on; raises `SkinError` if it is broken or not there, and then nothing changes."""
        fresh = Closet(wanted, *self._changes)
        if fresh.wrong:
            raise SkinError("\n".join(fresh.wrong))
        self._given, self._stamps, self._reading = fresh._given, fresh._stamps, fresh._reading
        self.wrong, self.skin = fresh.wrong, fresh.skin
        return self.skin

    def instead(self) -> Skin:
        """What is worn in place of a broken skin: the shipped one of its name, below it, of its model, or `plain`."""
        known = shipped()
        places = {path.resolve(): name for name, path in known.items()}
        bases = [places[path] for path in self._reading.files[1:] if path in places]
        for name in (self._name, *bases, self._reading.model):
            if name in known and known[name].resolve() != self._path:
                reading = read(known[name])
                if reading.skin and not reading.wrong:
                    return self._changed(reading.skin)
        return self._changed(load(LAST))

    @property
    def _path(self) -> Path:
        """Its file, as far as it was found."""
        return self._reading.files[0] if self._reading.files else self._given

    @property
    def _name(self) -> str:
        return self._path.parent.name if self._path.name == "skin.toml" else self._path.stem

    def _read(self) -> Reading:
        """Read it, and remember the dates from before: whoever saves meanwhile is noticed at the next look."""
        stamps = _stamps(self._stamps)
        self._reading = read(self._given)
        new = _with_styles([self._given, *self._reading.files])
        self._stamps = {path: stamps.get(path, _stamp(path)) for path in new}
        return self._reading

    def _changed(self, skin: Skin) -> Skin:
        for change in self._changes:
            skin = change(skin)
        return skin


def _with_styles(files: Iterable[Path]) -> list[Path]:
    """With the style sheets that lie or may come to lie beside them."""
    return [one for file in files for one in (file, file.with_suffix(".tcss"))]


def _stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    return {path: _stamp(path) for path in paths}


def _stamp(path: Path) -> Stamp:
    """Number, date and size of a file, not of a link to it; None if it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
