"""The last instant messages: a list of who wrote when, and a page for the whole text of each."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.clock import date, time
from snomtui.phone.intents import Dial, ForgetMessage, Go
from snomtui.phone.letters import Letter, in_one_line
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, back, choose, drawn, erase_key, labelled, marked
from snomtui.phone.pages.page import Back, Kind, Many, Step, soft_keys, wrapped
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

_LEAVE = ("CANCEL", "ONHOOK", "LEFT", "back")


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
    say = model.say
    soft = soft_keys(None, None, None, back(model))
    if model.letters:
        soft = soft_keys(
            labelled(model, "Read", Go("ok")),
            labelled(model, "Call", Go("call_back")),
            erase_key(model),
            back(model),
        )
    listing = Listing(say("Messages"), _rows(model, now), soft, empty=say("No messages"))
    return drawn(model, shape, screen, "messages", listing)


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK opens a message."""
    if key in _LEAVE:
        return Back()
    letter = model.letters[marked(screen, len(model.letters))] if model.letters else None
    if key in ("call_back", "OFFHOOK"):
        return Dial(letter.sender) if letter else None
    if key in ("erase", "BACKSPACE"):
        return ForgetMessage(letter.id) if letter else None
    return choose(screen, key, _rows(model, now), now)


def _letter(model: Model, screen: Screen) -> Letter | None:
    return next((each for each in model.letters if each.id == screen.subject), None)


def _lines(letter: Letter, shape: Shape) -> list[str]:
    return [line for part in letter.text.split("\n") for line in wrapped(part, shape) or [""]]


def draw_one(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The whole text of one message; it scrolls."""
    say, letter = model.say, _letter(model, screen)
    if letter is None:
        listing = Listing(say("Message"), [], soft_keys(None, None, None, back(model)), empty=say("No messages"))
        return drawn(model, shape, screen, "message", listing)
    soft = soft_keys(
        labelled(model, "Reply", Go(f"write:{letter.sender}")),
        labelled(model, "Call", Go("call_back")),
        erase_key(model),
        back(model),
    )
    lines = _lines(letter, shape)
    top = max(0, min(screen.cursor, len(lines) - max(1, shape.rows)))
    shown = tuple(Row(line) for line in lines[top : top + max(1, shape.rows)])
    title = f"{_name(model, letter)}, {_when(model, letter, now)}"
    return Page("message", title, shown, soft, above=top, below=max(0, len(lines) - top - len(shown)))


def press_one(model: Model, screen: Screen, key: str, now: float) -> Step:
    """UP and DOWN scroll, OK calls back."""
    letter = _letter(model, screen)
    if key in _LEAVE or letter is None:
        return Back()
    if key in ("call_back", "ENTER", "OFFHOOK"):
        return Dial(letter.sender)
    if key in ("erase", "BACKSPACE"):
        return Many((ForgetMessage(letter.id),))
    if key in ("UP", "DOWN"):
        last = max(0, len(_lines(letter, model.shape)) - max(1, model.shape.rows))
        return replace(screen, cursor=max(0, min(last, screen.cursor + (1 if key == "DOWN" else -1))))
    return None


KIND = Kind(draw, press)
ONE = Kind(draw_one, press_one)
