"""The phone's own directory: its entries, and the form in which one is written or changed.

A form is opened for an entry (`entry_form:URI`), for a new one (`entry_form`), or for a new one with what is known
of a caller (`entry_form:+NUMBER|NAME`).
"""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.directory import TYPES
from snomtui.phone.intents import Dial, Go, SaveEntry
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.card import preferred
from snomtui.phone.pages.choosing import Listing, back, choose, drawn, labelled, marked, mode_key
from snomtui.phone.pages.page import Back, Kind, Many, Step, lone, next_mode, scroll, soft_keys, to_field, typed
from snomtui.phone.snapshot import Page, Row
from snomtui.presence import Contact
from snomtui.skin import Shape

NAME, NUMBER, SECOND, ADDRESS, TYPE = range(5)
_DIAL = ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET", "dial")


def entries(model: Model) -> list[Contact]:
    """The directory, sorted by name."""
    return sorted(model.directory, key=lambda each: each.label.casefold())


def _row(model: Model, entry: Contact) -> Row:
    number = entry.numbers[0] if entry.numbers else entry.uri.removeprefix("sip:")
    return Row(entry.label, right=model.say(entry.type) if entry.type else number, intent=Dial(preferred(entry)))


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Names with type or number."""
    found, say = entries(model), model.say
    new = labelled(model, "New", Go("entry_form"))
    soft = soft_keys(None, None, new, back(model))
    if found:
        entry = found[marked(screen, len(found))]
        soft = soft_keys(
            labelled(model, "Dial", Go("dial")),
            labelled(model, "Edit", Go(f"entry_form:{entry.uri}")),
            new,
            back(model),
        )
    rows = [_row(model, each) for each in found]
    listing = Listing(say("Directory ({count})", count=len(found)), rows, soft, empty=say("No entries"))
    return drawn(model, shape, screen, "directory", listing)


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials, right edits."""
    found = entries(model)
    entry = found[marked(screen, len(found))] if found else None
    if key in _DIAL:
        return Dial(preferred(entry)) if entry else None
    if key == "RIGHT":
        return Go(f"entry_form:{entry.uri}" if entry else "entry_form")
    if key == "BACKSPACE":
        return Go(f"confirm:entry/{entry.uri}") if entry else None
    return choose(screen, key, [_row(model, each) for each in found], now)


# -- the form


def opened(model: Model, subject: str) -> Screen:
    """The form with what is known."""
    entry = next((each for each in model.directory if each.uri == subject), None)
    if entry is not None:
        one, two = (*entry.numbers, "", "")[:2]
        address = entry.uri.removeprefix("sip:") if entry.uri.startswith("sip") else ""
        fields = (entry.name, one, two, address, entry.type)
    elif subject.startswith("+"):
        known, _, name = subject[1:].partition("|")
        spoken = known.removeprefix("sip:").partition(";")[0]
        fields = (name, "", "", spoken, "") if "@" in spoken else (name, spoken, "", "", "")
    else:
        fields = ("", "", "", "", "")
    return Screen("entry_form", subject=entry.uri if entry else "", entry=fields[NAME], mode="abc", fields=fields)


def _labels(model: Model) -> tuple[str, ...]:
    say = model.say
    return say("Name"), say("Number"), say("Number 2"), say("Address"), say("Type")


def _kind(model: Model, kind: str) -> str:
    return model.say(kind) if kind else model.say("none")


def draw_form(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The fields, of which the marked one takes what is typed; the type is chosen with right and left."""
    say, rows = model.say, []
    for n, label in enumerate(_labels(model)):
        value = screen.entry if n == screen.cursor else screen.fields[n]
        value = _kind(model, value) if n == TYPE else value
        alone = lone(shape) and n == screen.cursor != TYPE  # what is typed stands beside the label then
        rows.append(Row(label if alone else f"{label}: {value}", intent=Go(f"field:{n}")))
    typing = screen.cursor != TYPE
    erase = labelled(model, "Delete", Go(f"confirm:form/{screen.subject}")) if screen.subject else None
    second = mode_key(model) if typing else labelled(model, "Change", Go("change"))
    page = Page(
        "entry_form",
        say("Edit entry") if screen.subject else say("New entry"),
        softkeys=soft_keys(labelled(model, "Save", Go("save")), second, erase, back(model)),
        entry=screen.entry if typing else None,
        mode=screen.mode if typing else "",
    )
    return scroll(page, rows, screen.cursor, max(1, shape.rows - (page.entry is not None)))


def press_form(model: Model, screen: Screen, key: str, now: float) -> Step:
    """Up, down and OK change the field; OK on the last one saves."""
    if key in ("CANCEL", "ONHOOK", "back"):
        return Back()
    if key == "save" or (key == "ENTER" and screen.cursor == TYPE):
        return _save(model, _field(screen, screen.cursor))
    if key in ("DOWN", "ENTER", "TEXT:\t"):
        return _field(screen, screen.cursor + 1)
    if key == "UP":
        return _field(screen, screen.cursor - 1)
    if key.startswith("field:") and key[6:].isdecimal():
        return _field(screen, int(key[6:]))
    if screen.cursor == TYPE:
        step = {"RIGHT": 1, "change": 1, "LEFT": -1}.get(key, 0)
        return replace(screen, entry=TYPES[(TYPES.index(screen.entry) + step) % len(TYPES)])
    if key == "mode":
        return next_mode(screen)
    return typed(screen, "BACKSPACE" if key == "LEFT" else key, now) or screen


def _field(screen: Screen, cursor: int) -> Screen:
    there = to_field(screen, cursor)
    return replace(there, mode="123" if there.cursor in (NUMBER, SECOND) else "abc")


def _save(model: Model, screen: Screen) -> Step:
    old = next((each for each in model.directory if each.uri == screen.subject), None)
    name, one, two, address, kind = screen.fields
    more = old.numbers[2:] if old else ()
    wish = SaveEntry(name, (one, two, *more), address, kind, screen.subject)
    return Many((wish,))


KIND = Kind(draw, press)
FORM = Kind(draw_form, press_form)
