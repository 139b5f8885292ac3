"""Words for what is seen at several places: on a page, and beside it on a display with keys at its side."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[..., str]
"""Says a text in the language of the display."""


def state_word(state: str, say: Say) -> str:
    """What a call in this state does, in a word; empty while people talk."""
    match state:
        case "dialling":
            return say("calling")
        case "ringing":
            return say("ringing")
        case "offered":
            return say("rings here")
        case "holding":
            return say("on hold")
        case "held":
            return say("held")
        case "ended":
            return say("ended")
    return ""
