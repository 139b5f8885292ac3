"""The last instant messages: a list of who wrote when, and a page for the whole text of each. Nothing is typed here."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.clock import date, time
from snomtui.phone.intents import Dial, Go
from snomtui.phone.letters import Letter, in_one_line
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import Back, Kind, Step, pick, scroll, soft_keys, wrapped
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.skin import Shape

_BACK = SoftKey("Back", Go("back"))
_LEAVE = ("CANCEL", "ONHOOK", "LEFT", "back")
_EMPTY = Row("No messages", style="dim")
_SHORTEST = 10
"""A line of the display has at least so many columns."""


def _name(model: Model, letter: Letter) -> str:
    return model.name_of(letter.sender) or letter.address


def _when(model: Model, letter: Letter, now: float) -> str:
    day = date(model.settings, letter.at)
    return time(model.settings, letter.at) if day == date(model.settings, now) else day


def _rows(model: Model, now: float) -> list[Row]:
    return [
        Row(
            f"{_name(model, each)}: {in_one_line(each.text)}",
            right=_when(model, each, now),
            intent=Go(f"message:{each.id}"),
        )
        for each in model.letters
    ]


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The list, the newest on top."""
    soft = soft_keys(SoftKey("Read", Go("ok")), SoftKey("Call", Go("call_back")), None, _BACK)
    rows = _rows(model, now)
    return scroll(
        Page("messages", "Messages", softkeys=soft), rows or [_EMPTY], screen.cursor if rows else 0, shape.rows
    )


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK opens a message."""
    if key in _LEAVE:
        return Back()
    if key in ("call_back", "OFFHOOK"):
        marked = model.letters[screen.cursor : screen.cursor + 1]
        return Dial(marked[0].sender) if marked else None
    return pick(screen, "ENTER" if key in ("ok", "RIGHT") else key, _rows(model, now))


def _letter(model: Model, screen: Screen) -> Letter | None:
    return next((each for each in model.letters if each.id == screen.subject), None)


def draw_one(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The whole text of one message; it scrolls."""
    page = Page("message", "Message", softkeys=soft_keys(SoftKey("Call", Go("call_back")), None, None, _BACK))
    letter = _letter(model, screen)
    if letter is None:
        return replace(page, rows=(_EMPTY,))
    rows = [Row(line) for part in letter.text.split("\n") for line in wrapped(part, shape)]
    title = f"{_name(model, letter)}, {_when(model, letter, now)}"
    return scroll(replace(page, title=title), rows, screen.cursor, shape.rows)


def press_one(model: Model, screen: Screen, key: str, now: float) -> Step:
    """UP and DOWN scroll, OK calls back."""
    letter = _letter(model, screen)
    if key in _LEAVE or letter is None:
        return Back()
    if key in ("call_back", "ENTER", "OFFHOOK"):
        return Dial(letter.sender)
    if key in ("UP", "DOWN"):
        most = letter.text.count("\n") + len(letter.text) // _SHORTEST
        return replace(screen, cursor=max(0, min(most, screen.cursor + (1 if key == "DOWN" else -1))))
    return None


KIND = Kind(draw, press)
ONE = Kind(draw_one, press_one)
