"""What `y` copies, and the bytes that put it into the clipboard of whoever sits before the terminal."""

from __future__ import annotations

import base64

from snomtui.phone.snapshot import Snapshot

SCREEN_LIMIT = 700
"""Bytes that GNU screen hands on in one piece."""


TMUX_PATIENCE = 2.0
"""Seconds that a tmux may take for it."""


def text_at_cursor(snapshot: Snapshot) -> str:
    """What was typed, the number of the call, the row under the cursor, the own address, or the title."""
    page = snapshot.page
    row = page.rows[page.cursor].text if page.cursor is not None and page.cursor < len(page.rows) else ""
    call = next((one.number for one in snapshot.calls if one.shown and page.name == "call"), "")
    own = next((one.aor for one in snapshot.identities if one.active), "") if page.name == "idle" else ""
    return page.entry or call or row.strip() or own or page.title


def clipboard(text: str, inside: str = "") -> str:
    """The control sequence OSC 52; inside tmux or screen once more, wrapped for the terminal around it.

    A tmux takes the first itself if its option `set-clipboard` is `on`, and hands the second on if `allow-passthrough`
    is `on`; what it does not know it drops. By default both are off: `into_tmux` is for that.
    """
    coded = base64.b64encode(text.encode()).decode()
    plain = f"\x1b]52;c;{coded}\a"
    if inside == "tmux":
        inner = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{inner}\x1b\\"
    if inside == "screen":
        pieces = (plain[at : at + SCREEN_LIMIT] for at in range(0, len(plain), SCREEN_LIMIT))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return plain


async def into_tmux(text: str) -> None:
    """Have tmux itself keep the text, and set the clipboard of its terminal; without a tmux nothing happens."""
    import asyncio

    words, nothing = ("tmux", "load-buffer", "-w", "-"), asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.PIPE, stdout=nothing, stderr=nothing
        )
        await asyncio.wait_for(process.communicate(text.encode()), TMUX_PATIENCE)
    except (OSError, TimeoutError):
        return


def number_in(text: str) -> str:
    """The number in what was pasted: its first line, without what people write around and between the digits.

    A trunk prefix in brackets is not dialled from abroad, so `+49 (0)30 123` is `+4930123`.
    """
    lines = text.strip().splitlines()
    line = lines[0].strip() if lines else ""
    for scheme in ("tel:", "callto:"):
        if line.lower().startswith(scheme):
            line = line[len(scheme) :].partition(";")[0]
    if line.startswith("+"):
        line = line.replace("(0)", "")
    return "".join(one for at, one in enumerate(line) if one in "0123456789*#" or (one == "+" and at == 0))
