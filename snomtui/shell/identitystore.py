"""Where the phone's web server keeps its key and certificate: files in the state folder, for their owner only.

`web.pem` is what the web server shows; `request.pem` and `enrol.pem` are requests on their way to an authority, each
with its key: the one that a person carries there, and the one that goes by EST.
"""

from __future__ import annotations

from pathlib import Path

from snomtui.errors import SettingsError
from snomtui.shell.identity import Identity, Request, in_one
from snomtui.shell.officestore import write
from snomtui.shell.papers import key_of

HAND, EST = "request.pem", "enrol.pem"
"""The two ways of a request."""

Stamp = tuple[int, int, int] | None
"""By which a file is known to be the same: time of its change, size, number; None = there is none."""


class IdentityStore:
    """The files; without a folder all is forgotten at the end."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / "web.pem" if folder else None
        self._folder = folder
        self._identity: Identity | None = None
        self._requests: dict[str, Request | None] = {}

    def stamp(self) -> Stamp:
        """Changes when the file is replaced, also by another program."""
        try:
            found = self.path.stat() if self.path else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None

    def load(self) -> Identity | None:
        """What is kept; raises `SettingsError` that names a file which cannot be used."""
        if self.path is None:
            return self._identity
        data = _bytes(self.path)
        try:
            return in_one(data, str(self.path)) if data else None
        except ValueError as error:
            raise SettingsError(f"{self.path}: {error}; move it away, and a new one is made") from None

    def save(self, identity: Identity) -> None:
        """Keep it; raises `SettingsError` if it cannot be written."""
        self._identity = identity
        if self.path:
            _write(self.path, identity.pem)

    def pending(self, way: str = HAND) -> Request | None:
        """The request that waits for its certificate; raises `SettingsError`."""
        if self._folder is None:
            return self._requests.get(way)
        path = self._folder / way
        data = _bytes(path)
        key, mark, csr = data.partition(b"-----BEGIN CERTIFICATE REQUEST-----")
        if not data:
            return None
        try:
            key_of(key)
            found = Request(key.decode("ascii"), (mark + csr).decode("ascii"))
            return found if found.der else None
        except (ValueError, TypeError):
            why = "it holds no request with its key; move it away to start afresh"
            raise SettingsError(f"{path}: {why}") from None

    def ask(self, request: Request | None, way: str = HAND) -> None:
        """Keep a request until its certificate comes; None = it came. Raises `SettingsError`."""
        self._requests[way] = request
        if self._folder is None:
            return
        if request:
            _write(self._folder / way, request.key + request.csr)
            return
        path = self._folder / way
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SettingsError(f"{path} cannot be deleted: {error.strerror or error}") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from None


def _write(path: Path, text: str) -> None:
    try:
        write(path, text)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror or error}") from None
