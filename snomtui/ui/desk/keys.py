"""Which keyboard key does what while the desk has the focus. All other keys of a phone do nothing there.

The titles are said in the language of the display.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class DeskKey:
    """Keyboard keys, by Textual's names, and what they do."""

    keys: str
    shown: str
    action: str
    title: Callable[[Say], str]
    word: Callable[[Say], str] | None = None
    """How the foot of the desk calls it; None = it is only in the help."""
    tabs: str = "trace log http media"


KEYS = (
    DeskKey(
        "tab,shift+tab", "Tab", "phone", lambda say: say("The keys go to the phone again"), lambda say: say("phone")
    ),
    DeskKey(
        "enter,ctrl+j",
        "Enter",
        "read",
        lambda say: say("Read the whole entry"),
        lambda say: say("read"),
        "trace log http media",
    ),
    DeskKey("slash", "/", "filter", lambda say: say("Show only what has this text"), lambda say: say("filter")),
    DeskKey("y", "y", "copy", lambda say: say("Copy the line or message"), lambda say: say("copy")),
    DeskKey("S", "S", "save", lambda say: say("Save what is shown in a file"), lambda say: say("save")),
    DeskKey("d", "d", "choose:d", lambda say: say("Only this dialog, or all"), lambda say: say("dialog"), "trace"),
    DeskKey(
        "g", "g", "choose:g", lambda say: say("Dialog after dialog, or by time"), lambda say: say("group"), "trace"
    ),
    DeskKey("0,1,2,3,4,5,6,7,8,9", "0-9", "choose", lambda say: say("The highest level that is shown"), None, "log"),
    DeskKey("s", "s", "search", lambda say: say("Search a text"), lambda say: say("search")),
    DeskKey("n", "n", "next", lambda say: say("Next place with that text")),
    DeskKey("N", "N", "previous", lambda say: say("Place before with that text")),
    DeskKey("up,k", "up", "up", lambda say: say("Up")),
    DeskKey("down,j", "down", "down", lambda say: say("Down")),
    DeskKey("pageup,b", "Page up", "pageup", lambda say: say("A page up")),
    DeskKey("pagedown,space", "Page down", "pagedown", lambda say: say("A page down")),
    DeskKey("home", "Home", "home", lambda say: say("To the oldest")),
    DeskKey("end,G", "End", "end", lambda say: say("To the newest, and follow")),
    DeskKey("left,left_square_bracket", "left", "tab:-1", lambda say: say("The tab before")),
    DeskKey("right,right_square_bracket", "right", "tab:+1", lambda say: say("The next tab")),
    DeskKey("T", "T", "tab:trace", lambda say: say("Trace")),
    DeskKey("L,f6", "L", "tab:log", lambda say: say("Logbook")),
    DeskKey("H", "H", "tab:http", lambda say: "HTTP"),
    DeskKey("M", "M", "tab:media", lambda say: say("Media")),
    DeskKey("question_mark,f5,ctrl+k", "?", "help", lambda say: say("These keys"), lambda say: say("keys")),
    DeskKey("escape", "Esc", "back", lambda say: say("One step back, at last to the phone")),
    DeskKey("w,f7", "w", "close", lambda say: say("Close the desk"), lambda say: say("close")),
)

ACTIONS = {key: one.action for one in KEYS for key in one.keys.split(",")}
"""By keyboard key."""


def hints(tab: str, focused: bool, say: Say) -> list[tuple[str, str, str]]:
    """What the foot shows: the key, the word, and the action."""
    if not focused:
        return [("Tab", say("to the desk"), "focus"), ("w", say("close"), "close")]
    return [(one.shown, one.word(say), one.action) for one in KEYS if one.word is not None and tab in one.tabs]
