"""Files that are written as a whole or not at all, so that nobody ever finds half of one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write(path: Path, text: str, private: bool = False) -> None:
    """Give a file this text; where it is a link, the file behind it. Raises `OSError`.

    `private`: only its owner may read it. Else it keeps the permissions that it had.
    """
    target = path.resolve()  # people keep such files as links into a repository of their own
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
        with open(opened, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        if not private and target.exists():
            fresh.chmod(target.stat().st_mode & 0o777)
        fresh.replace(target)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
