"""Which program opens what on a desktop: the file `mimeapps.list` (freedesktop, MIME applications associations 1.0).

Lines are changed one by one; what others wrote there stays, comments and order too.
"""

from __future__ import annotations

import re
from pathlib import Path

from snomtui.remote.driving import files

GROUP = "Default Applications"


def default(path: Path, kind: str) -> str | None:
    """What the file says for a MIME type, as it stands there; None if it says nothing."""
    group = ""
    for line in _lines(path):
        header = _header(line)
        if header is not None:
            group = header
        name, equals, value = line.partition("=")
        if group == GROUP and equals and name.strip() == kind:
            return value.strip()
    return None


def set_default(path: Path, kind: str, value: str | None) -> None:
    """Write what opens a MIME type; None takes the line out. Raises `OSError`."""
    lines = _without(path, kind)
    if value is not None:
        line = f"{kind}={value}"
        at = next((number for number, each in enumerate(lines) if _header(each) == GROUP), None)
        if at is None:
            lines += [*([""] if lines and lines[-1].strip() else []), f"[{GROUP}]", line]
        else:
            end = next((n for n in range(at + 1, len(lines)) if _header(lines[n]) is not None), len(lines))
            while end > at + 1 and not lines[end - 1].strip():
                end -= 1
            lines.insert(end, line)
    files.write(path, "".join(f"{each}\n" for each in lines))


def _without(path: Path, kind: str) -> list[str]:
    group, kept = "", []
    for line in _lines(path):
        header = _header(line)
        if header is not None:
            group = header
        name, equals, _ = line.partition("=")
        if not (group == GROUP and equals and name.strip() == kind):
            kept.append(line)
    return kept


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "surrogateescape").splitlines()
    except FileNotFoundError:
        return []


def _header(line: str) -> str | None:
    found = re.fullmatch(r"\s*\[([^\]]*)\]\s*", line)
    return found[1] if found else None
