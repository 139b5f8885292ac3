"""snomtui as the desktop's program for `tel:`, `callto:`, `sip:` and `sips:` links, by the rules of freedesktop.

What was there before is remembered and comes back; nobody else's choice that was made in between is touched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from snomtui.errors import LocalError
from snomtui.remote.driving import files, mimeapps

SCHEMES = ("tel", "callto", "sip", "sips")
FILE = "snomtui-handler.desktop"
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
"""Characters that ask for quotes in `Exec` (Desktop Entry Specification 1.5, "The Exec key")."""


@dataclass(frozen=True, slots=True)
class Desktop:
    """Where a person's desktop keeps its choices."""

    environment: Mapping[str, str]

    def _folder(self, variable: str, otherwise: str) -> Path:
        given = self.environment.get(variable, "")
        if given.startswith("/"):  # XDG Base Directory: a relative path is to be ignored
            return Path(given)
        home = self.environment.get("HOME") or str(Path.home())
        return Path(home) / otherwise

    @property
    def entry(self) -> Path:
        """Our desktop entry."""
        return self._folder("XDG_DATA_HOME", ".local/share") / "applications" / FILE

    @property
    def choices(self) -> Path:
        """The person's own `mimeapps.list`."""
        return self._folder("XDG_CONFIG_HOME", ".config") / "mimeapps.list"

    @property
    def memory(self) -> Path:
        """What was there before us."""
        return self._folder("XDG_STATE_HOME", ".local/state") / "snomtui" / "handler.json"

    def install(self, command: Sequence[str], schemes: Sequence[str] = SCHEMES) -> list[str]:
        """Make us the program for these links; returns what a person should know. Raises `LocalError`."""
        try:
            before = self._remembered() | {
                scheme: mimeapps.default(self.choices, _kind(scheme)) for scheme in schemes if not self._is_ours(scheme)
            }
            files.write(self.memory, json.dumps(before, indent=1) + "\n")
            files.write(self.entry, entry(command, schemes))
            for scheme in schemes:
                if not self._by_xdg_mime(scheme) or not self._is_ours(scheme):
                    mimeapps.set_default(self.choices, _kind(scheme), FILE)
            self._refresh()
        except OSError as error:
            raise LocalError(f"{error.filename}: {error.strerror}") from None
        return [
            f"{scheme}: links still go to {self.current(scheme)}: another list of your desktop comes first"
            for scheme in schemes
            if self.current(scheme) not in ("", FILE)
        ]

    def uninstall(self) -> list[str]:
        """Give the links back to whoever had them; returns what was done."""
        said = []
        before = self._remembered()
        try:
            for scheme in SCHEMES:
                if self._is_ours(scheme):
                    mimeapps.set_default(self.choices, _kind(scheme), before.get(scheme))
                    said.append(f"{scheme}: {before.get(scheme) or 'as it was, nothing chosen'}")
                old = self.entry.with_name("mimeapps.list")  # where xdg-utils of old wrote it too
                if (mimeapps.default(old, _kind(scheme)) or "").partition(";")[0] == FILE:
                    mimeapps.set_default(old, _kind(scheme), None)
            for path in (self.entry, self.memory):
                path.unlink(missing_ok=True)
            self._refresh()
        except OSError as error:
            raise LocalError(f"{error.filename}: {error.strerror}") from None
        return said

    def current(self, scheme: str) -> str:
        """The desktop entry that opens such links now, or nothing."""
        found = self._run("xdg-mime", "query", "default", _kind(scheme))
        return mimeapps.default(self.choices, _kind(scheme)) or "" if found is None else found

    def command(self) -> str:
        """What our desktop entry starts, or nothing if there is none."""
        try:
            found = re.search(r"(?m)^Exec=(.*)$", self.entry.read_text("utf-8"))
        except OSError:
            return ""
        return found[1] if found else ""

    def _is_ours(self, scheme: str) -> bool:
        return (mimeapps.default(self.choices, _kind(scheme)) or "").partition(";")[0] == FILE

    def _remembered(self) -> dict[str, str | None]:
        try:
            found = json.loads(self.memory.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {name: value for name, value in found.items() if name in SCHEMES} if isinstance(found, dict) else {}

    def _by_xdg_mime(self, scheme: str) -> bool:
        """The desktop's own way, which may have to tell its programs."""
        return self._run("xdg-mime", "default", FILE, _kind(scheme)) is not None

    def _refresh(self) -> None:
        self._run("update-desktop-database", "-q", str(self.entry.parent))

    def _run(self, *words: str) -> str | None:
        """What a program says; None if it is missing or fails."""
        program = shutil.which(words[0], path=self.environment.get("PATH"))
        if not program:
            return None
        try:
            ran = subprocess.run(
                [program, *words[1:]],
                capture_output=True,
                text=True,
                timeout=20,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return ran.stdout.strip() if ran.returncode == 0 else None


def entry(command: Sequence[str], schemes: Sequence[str] = SCHEMES) -> str:
    """The text of our desktop entry; the link comes last, after `--`, so that it is never taken for an option."""
    kinds = "".join(f"{_kind(scheme)};" for scheme in schemes)
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.0",
        "Name=snomtui",
        "GenericName=Call with the desk phone",
        "GenericName[de]=Mit dem Tischtelefon anrufen",
        f"Exec={' '.join(map(quoted, command))} -- %u",
        "Terminal=false",
        "NoDisplay=true",
        "StartupNotify=false",
        f"MimeType={kinds}",
    ]
    return "".join(f"{line}\n" for line in lines)


def quoted(word: str) -> str:
    """A word for `Exec`: in quotes if it must be, then as the value of a string key (two layers of escaping)."""
    if not word.isprintable():
        raise LocalError(f"{word!r} cannot stand in a desktop entry")
    text = word.replace("%", "%%")
    if not text or _RESERVED.search(text):
        text = '"' + re.sub(r"([\"`$\\])", r"\\\1", text) + '"'
    return text.replace("\\", "\\\\")


def program() -> list[str]:
    """How this very program is started from anywhere: by absolute path, also out of a virtual environment."""
    script = Path(sys.argv[0])
    if script.name.startswith("snomtui") and os.access(script, os.X_OK) and script.is_file():
        return [str(script.absolute())]
    found = Path(sys.executable).with_name("snomtui")
    return [str(found)] if os.access(found, os.X_OK) else [sys.executable, "-m", "snomtui"]


def _kind(scheme: str) -> str:
    return f"x-scheme-handler/{scheme}"
