"""The port at which to listen: the one that was wanted, or a free one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from snomtui.errors import ListenError
from snomtui.kit.box import HostPort


async def somewhere(listen: Callable[[int], Awaitable[HostPort]], port: int, moves: bool) -> tuple[HostPort, str]:
    """Listen at a port; if that cannot be and it `moves`, at a free one. Returns where, and why it moved, or "".

    Raises the `ListenError` of the port that was wanted.
    """
    try:
        return await listen(port), ""
    except ListenError as error:
        if moves and port:
            with suppress(ListenError):
                return await listen(0), str(error)
        raise
