"""The line at the foot of the desk while something is typed into it: a filter, a search, the name of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from snomtui.errors import LocalError

FILTER, SEARCH, SAVE, REPLACE = "filter", "search", "save", "replace"
LONGEST = 200
"""Characters that can be typed."""


@dataclass(slots=True)
class Prompt:
    """What is asked, and what has been typed so far."""

    kind: str
    text: str = ""

    def typed(self, character: str) -> None:
        """One more character."""
        if len(self.text) < LONGEST:
            self.text += character

    def erase(self) -> None:
        """One less."""
        self.text = self.text[:-1]


def save(name: str, data: bytes, replace: bool = False) -> Path | None:
    """Write a file; None if there is one of that name and it is not to be replaced. Raises `LocalError` in words."""
    path = Path(name)
    try:
        path = path.expanduser()
        if path.exists() and not path.is_file():  # a named pipe would stop the phone until somebody reads it
            raise LocalError(f"{path} is a folder" if path.is_dir() else f"{path} is no ordinary file")
        with path.open("wb" if replace else "xb") as file:
            file.write(data)
    except FileExistsError:
        return None
    except (OSError, ValueError, RuntimeError) as error:  # the last one: `~somebody` whom this machine does not know
        raise LocalError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return path.absolute()
