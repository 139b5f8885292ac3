"""What the display says, for those who cannot see it: plain lines for a screen reader."""

from __future__ import annotations

import json

from snomtui.language import code, known
from snomtui.phone.snapshot import Row, Snapshot
from snomtui.presence import WORDS
from snomtui.ui.text import harmless


def spoken(snapshot: Snapshot) -> str:
    """The display as JSON: its lines, which of them the cursor is on (or null), its title and its language."""
    page, say = snapshot.page, known(snapshot.language).say
    rows = [_line(row, say(WORDS[row.presence]) if row.presence else "") for row in page.rows]
    before = [page.title] if page.title else []
    keys = [f"F{number}: {key.name}" for number, key in enumerate(page.softkeys, 1) if key]
    lines = [
        *before,
        *rows,
        *([page.entry] if page.entry else []),
        *([snapshot.status] if snapshot.status else []),
        *keys,
    ]
    now = None if page.cursor is None or page.cursor >= len(rows) else page.cursor + len(before)
    told = {"lines": [harmless(line) for line in lines], "now": now, "title": harmless(page.title)}
    return json.dumps({**told, "language": code(snapshot.language)}, ensure_ascii=False)


def _line(row: Row, presence: str) -> str:
    parts = [row.text, row.right, presence if presence not in (row.text, row.right) else ""]
    return ", ".join(part for part in parts if part)
