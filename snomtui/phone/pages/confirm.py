"""Questions before something is lost: the cursor is on No, and only Yes does it.

The subject names the question, `clear/missed`; what stands behind the first slash is its object.
"""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.phone.history import LISTS
from snomtui.phone.intents import ClearList, DeleteEntry, Go, Intent, LogOff, Reboot, Reset
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, choose, drawn, labelled
from snomtui.phone.pages.page import Kind, Many, Step, lone, soft_keys, wrapped
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what Yes does."""

    text: str
    """In the language of the display."""
    intents: tuple[Intent, ...]
    why: str = ""
    """What is lost, in a sentence."""


def _question(model: Model, subject: str) -> Question | None:
    what, _, thing = subject.partition("/")
    say = model.say
    match what:
        case "clear" if thing == "all":
            return Question(say("Clear all call lists?"), tuple(ClearList(which) for which in LISTS))
        case "clear" if thing in LISTS:
            return Question(say("Clear this list?"), (ClearList(thing),))
        case "entry":
            return Question(say("Delete this entry?"), (DeleteEntry(thing),))
        case "form":  # the form of an entry that is gone is left as well
            return Question(say("Delete this entry?"), (Go("back"), DeleteEntry(thing)))
        case "log_off" if thing.isdecimal():
            return Question(say("Log off line {number}?", number=thing), (LogOff(int(thing)),))
        case "log_off_all":
            return Question(say("Log off all lines?"), (LogOff(),))
        case "reboot":
            return Question(say("Reboot?"), (Reboot(),), say("Calls end, and all lines register anew."))
        case "reset":
            lost = say("Settings, lists and directory are lost.")
            return Question(say("Reset?"), (Reset(),), lost)
    return None


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The question, its answers, and what is lost."""
    asked = _question(model, screen.subject)
    soft = soft_keys(labelled(model, "Yes", Go("yes")), None, None, labelled(model, "No", Go("back")))
    if asked is None:
        return drawn(model, shape, screen, "confirm", Listing("", []))
    lines = wrapped(asked.why, shape)[: max(0, shape.rows - 2)] if asked.why else []
    below = [Row(line, style="dim") for line in lines]
    rows = _answers(model)
    if lone(shape):  # the question has no other place
        rows = [Row(f"{asked.text} {row.text}") for row in rows]
        return Page("confirm", asked.text, (rows[min(screen.cursor, 1)],), soft, cursor=0)
    return drawn(model, shape, screen, "confirm", Listing(asked.text, rows, soft), below)


def _answers(model: Model) -> list[Row]:
    return [Row(model.say("No"), intent=Go("back")), Row(model.say("Yes"), intent=Go("yes"))]


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK takes the marked answer; the soft key Yes, or the key 2 and OK, do it."""
    asked = _question(model, screen.subject)
    if key == "yes" and asked is not None:
        return Many((Go("back"), *asked.intents), leave=False)
    return choose(screen, key, _answers(model), now)


KIND = Kind(draw, press)
