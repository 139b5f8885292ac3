"""The language of the display, for what the ui itself says."""

from __future__ import annotations

from snomtui.language import Language, known
from snomtui.phone.snapshot import Snapshot


def tongue(snapshot: Snapshot) -> Language:
    """The language of the display; English if its file is gone or wrong."""
    return known(snapshot.language)
