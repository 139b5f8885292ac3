"""What the simulated front end remembers over restarts: a file for each person, and its certificates."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote

from snomtui.errors import SettingsError
from snomtui.shell.certificates import Authority, Bundle, authority, issue

GATHER = 0.5
"""Seconds for which changes are gathered before they are written."""
AT_ONCE = 100
"""Files that are written in one go; more wait for the next, so that telephones do not wait."""
_PLAIN = "@.+-_="
"""What stands in a file name as it is, besides letters and digits."""


class Later(Protocol):
    """Calls back after some seconds, as an event loop does."""

    def __call__(self, seconds: float, callback: Callable[[], None], /) -> object:
        """Call back once."""


class OfficeStore:
    """The state folder of a front end, readable by its owner only."""

    def __init__(self, folder: Path, check: Callable[[str], object] = str) -> None:
        """Reads what was kept. Raises `SettingsError` that names a file which cannot be used; it is left alone.

        `check` raises ValueError for a text that is not what the front end has written.
        """
        self.folder = folder
        self.kept: dict[str, str] = {}
        """The values by name, as the front end gave them."""
        self.later: Later | None = None
        """Who calls back when it is time to write; None = nobody, so each change is written at once."""
        self.trouble: Callable[[str], None] = lambda why: None
        """Is told why a file cannot be written."""
        self._changed: dict[str, None] = {}
        self._waiting = False
        for path in self._files():
            self.kept[_name_of(path)] = _read(path, check)

    def _files(self) -> list[Path]:
        try:
            return sorted(self.folder.glob("*/*.json"))
        except OSError as error:
            raise SettingsError(f"{self.folder}: cannot be read ({error.strerror or error})") from None

    def keep(self, name: str, value: str) -> None:
        """Remember a value under a name such as `person:sip:jan@ucc.test`; written soon."""
        self.kept[name] = value
        self._changed[name] = None
        if self.later is None:
            self.flush()
        elif not self._waiting:
            self._waiting = True
            self.later(GATHER, self._write_some)

    def flush(self) -> None:
        """Write all that has changed."""
        while self._changed:
            self._write_some(more=False)

    def _write_some(self, more: bool = True) -> None:
        self._waiting = False
        for name in list(self._changed)[:AT_ONCE]:
            del self._changed[name]
            path = self._path_of(name)
            try:
                write(path, self.kept[name])
            except OSError as error:
                self.trouble(f"{path} cannot be written: {error.strerror or error}")
        if more and self._changed and self.later:
            self._waiting = True
            self.later(GATHER / 10, self._write_some)

    def _path_of(self, name: str) -> Path:
        kind, _, rest = name.partition(":")
        return self.folder / quote(kind, safe="") / f"{quote(rest, safe=_PLAIN)}.json"

    # -- certificates

    def bundle(self, names: list[str], now: float) -> Bundle:
        """The certificates of the last start, as far as they are still good; raises `SettingsError`.

        The authority lasts ten years. The server's own certificate is made anew when it ends, or is for other names.
        """
        files = [self.folder / name for name in ("authority.pem", "authority.key", "server.pem", "server.key")]
        try:
            texts = [path.read_text("ascii") if path.exists() else "" for path in files]
            root = Authority(*texts[:2]) if all(texts[:2]) else None
            own = Bundle(texts[0], texts[2], texts[3], texts[1]) if all(texts) else None
            if root is None or not root.good(now):
                root, own = authority(now, days=3650), None
            if own is None or not own.good(names, now):
                own = issue(root, names, now, days=365)
        except (OSError, ValueError) as error:
            where = self.folder / "authority.pem"
            why = str(error).partition(". See ")[0]  # the reader of PEM files would send people to its manual
            raise SettingsError(f"{where} and the files beside it: {why}; move them away to start afresh") from None
        if [own.authority, root.key, own.certificate, own.key] != texts:
            self._write_certificates(files, root, own)
        return own

    def _write_certificates(self, files: list[Path], root: Authority, own: Bundle) -> None:
        try:
            for path, text in zip(files, (root.certificate, root.key, own.certificate, own.key), strict=True):
                write(path, text)
        except OSError as error:
            if self.folder.exists() and not self.folder.is_dir():
                raise SettingsError(f"{self.folder} cannot be used: it is no folder") from None
            raise SettingsError(f"{self.folder} cannot be written: {error.strerror or error}") from None


def write(path: Path, text: str) -> None:
    """Write a file that is whole at every moment, for its owner only; raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)  # it may have stood there before
        file.write(text)
    fresh.replace(path)


def _read(path: Path, check: Callable[[str], object]) -> str:
    try:
        text = path.read_text("utf-8")
        check(text)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SettingsError(f"{path}: cannot be read ({why}); move it away to start afresh") from None
    return text


def _name_of(path: Path) -> str:
    return f"{unquote(path.parent.name)}:{unquote(path.name.removesuffix('.json'))}"
