"""What was given on the command line, read and checked: settings, addresses, the log."""

from __future__ import annotations

import argparse
import atexit
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from snomtui.errors import LanguageError, LocalError, SettingsError
from snomtui.language import load
from snomtui.presence import Contact
from snomtui.settings.formats import from_assignments, from_toml
from snomtui.settings.registry import IDENTITIES, Settings
from snomtui.shell.logbook import Logbook
from snomtui.shell.outlet import Outlet

HTTP = ("127.0.0.1", 8080)
STATUS = ("127.0.0.1", 0)
EST = ("127.0.0.1", 0)
LISTEN = (("tls", "127.0.0.1", 5061), ("tcp", "127.0.0.1", 5060))
_FILES = (
    "sim_est_ca_file",
    "sim_web_client_ca_file",
    "sim_password_file",
    "sim_tls_ca_file",
    "sim_tls_certificate",
    "sim_tls_key",
    "sim_record_dir",
)
"""Settings that are the name of a file or folder."""
_SOUND = "sim_media_source"
_WAV = "wav:"


def settings_of(given: argparse.Namespace, below: dict[str, str]) -> tuple[Settings, tuple[Contact, ...]]:
    """All settings in one: what is known, then the files, then `--set`, then passwords from elsewhere."""
    values, contacts, places = dict(below), list[Contact](), dict[str, str]()
    for file in given.settings:
        loaded = from_toml(text_of(Path(file)), file)
        values.update(_beside(Path(file), loaded.settings))
        places.update((name, f"{file}:{line}: ") for name, line in loaded.lines.items())
        contacts += loaded.contacts
    assigned = from_assignments(given.set)
    values.update(assigned)
    places.update((name, "--set ") for name in assigned)
    settings = Settings(values)
    _passwords(settings, places)
    _sound(settings, places)
    _spoken(settings, places)
    return settings, tuple(contacts)


def text_of(file: Path) -> str:
    """The text of a file that was given; raises `SettingsError` that names it."""
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise SettingsError(f"{file}: cannot be read: {why}") from None


def _beside(file: Path, values: dict[str, str]) -> dict[str, str]:
    """Files that a settings file names without a full path are beside it."""
    known = (name for name in values if values[name] and name.rstrip("0123456789") in _FILES)
    found = {name: str(file.parent / Path(values[name]).expanduser()) for name in known}
    sound = values.get(_SOUND, "")
    if sound.startswith(_WAV):
        found[_SOUND] = f"{_WAV}{file.parent / Path(sound.removeprefix(_WAV)).expanduser()}"
    return values | found


def _first_line(file: str, name: str) -> str:
    try:
        lines = Path(file).expanduser().read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}: {file}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None
    return lines[0] if lines else ""


def _passwords(settings: Settings, places: Mapping[str, str]) -> None:
    for n in range(1, IDENTITIES + 1):
        name = f"sim_password_file{n}"
        file = settings.text(name)
        if file:
            settings.set(f"user_pass{n}", _first_line(file, places.get(name, "") + name))
    known, active = os.environ.get("SNOMTUI_PASSWORD"), settings.number("active_line")
    if known and not settings.text("user_pass", active):
        settings.set(f"user_pass{active}", known)


def _spoken(settings: Settings, places: dict[str, str]) -> None:
    """The language of the display must be there; raises `LanguageError`."""
    try:
        load(settings.text("language"))
    except LanguageError as error:
        raise LanguageError(f"{places.get('language', '')}language: {error}") from None


def _sound(settings: Settings, places: Mapping[str, str]) -> None:
    """A sound that cannot be played is better told now than in the first call."""
    source = settings.text(_SOUND)
    if not source.startswith(_WAV):
        return
    from snomtui.shell.media import load_wav

    try:
        load_wav(source.removeprefix(_WAV))
    except LocalError as error:
        raise SettingsError(f"{places.get(_SOUND, '')}{_SOUND}: {error}") from None


def address(text: str | None, option: str = "--http", default: tuple[str, int] = HTTP) -> tuple[str, int] | None:
    """`HOST:PORT` of a web server, None for `off`; raises `LocalError` that names the option."""
    if text is None:
        return default
    if text == "off":
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise LocalError(f"{option} {text}: must be HOST:PORT or off")
    return host.strip("[]") or "127.0.0.1", int(port)


def web(given: argparse.Namespace) -> dict[str, tuple[str, int | None] | None]:
    """Where the phone's web server listens, by scheme; no port = the settings say it. Raises `LocalError`.

    HTTPS is beside HTTP: with `--http` at any free port, or off, it is likewise, unless `--https` says more.
    """
    home: tuple[str, int | None] = (HTTP[0], None)
    http = address(given.http) if given.http is not None else home
    if given.https is not None:
        return {"http": http, "https": address(given.https, "--https")}
    return {"http": http, "https": http and (http[0], http[1] if http[1] == 0 else None)}


def listeners(texts: list[str]) -> tuple[tuple[str, str, int], ...]:
    """Where the front end listens: transport, host, port; raises `LocalError`."""
    if not texts:
        return LISTEN
    found = []
    for text in texts:
        kind, _, where = text.partition(":")
        host, colon, port = where.rpartition(":")
        if kind not in ("tls", "tcp") or not colon or not port.isdecimal() or int(port) > 65535:
            raise LocalError(f"--listen {text}: must be tls:HOST:PORT or tcp:HOST:PORT")
        found.append((kind, host.strip("[]"), int(port)))
    return tuple(found)


def logbook(given: argparse.Namespace, level: int) -> Logbook:
    """On a screen nothing may be written to stderr: Textual draws there."""
    logging.getLogger().addHandler(logging.NullHandler())
    book = Logbook(level if given.log_level is None else given.log_level)
    if given.headless:
        outlet = Outlet(2, lambda number: f"({number} lines were lost: nobody read them)\n".encode())
        book.sinks.append(lambda line: outlet.write(line.encode("utf-8", "replace") + b"\n"))
        atexit.register(outlet.close)
    if given.log_file:
        try:
            file = given.log_file.open("a", buffering=1, encoding="utf-8", errors="replace")
        except OSError as error:
            raise LocalError(f"--log-file {given.log_file}: {error.strerror}") from None
        book.sinks.append(lambda line: file.write(line + "\n") and None)
    return book


def to_stderr(line: str) -> None:
    """A place for log lines where nobody draws a screen."""
    print(line, file=sys.stderr, flush=True)
