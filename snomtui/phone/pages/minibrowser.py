"""The page of the minibrowser: a document of a web server as this display can show it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from snomtui.phone.browser import links
from snomtui.phone.browser.opening import LOWEST, NAME
from snomtui.phone.browser.values import Document, DocumentKey, Field, Item, Shown
from snomtui.phone.intents import Answer, Dtmf, Go, HangUp, Intent, Press, Show
from snomtui.phone.keys import DIGITS, Unknown, canonical
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages import call
from snomtui.phone.pages.choosing import erase_key, labelled, mode_key, ok
from snomtui.phone.pages.page import (
    Back,
    Kind,
    Step,
    lone,
    move,
    next_mode,
    scroll,
    soft,
    soft_keys,
    to_field,
    typed,
    wrapped,
)
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.skin import Shape

SPEED = 1.5
"""Seconds within which digits make one number of a row."""
_TAKING = ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET")
_OF_CALLS = ("ONHOOK", "TRANSFER", "CONFERENCE", "F_HOLD")
_GONE = Document("text")


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The document, with the soft keys that it brings or those that everybody knows."""
    shown = model.browser.pages.get(screen.subject) or Shown("", _GONE)
    document = shown.document
    page = Page(NAME, document.title, softkeys=_soft(model, document))
    if document.fields:
        return _form(model, shape, screen, document, page)
    if document.items:
        rows = [_row(document, number, item) for number, item in enumerate(document.items, 1)]
        return scroll(page, rows, screen.cursor, shape.rows)
    if shown.picture is not None and shown.picture.place == "full":
        return replace(page, picture=shown.picture)
    return _text(model, shape, screen, shown, page)


def _row(document: Document, number: int, item: Item) -> Row:
    label = item.name if document.speed == "off" else f"{number} {item.name}"
    return Row(label, right=item.right or (">" if item.items else ""), intent=_wish(item))


def _wish(item: Item) -> Intent | None:
    if item.items:
        return Show(f'snom://mb_nop#menu=*[@id="{item.id}"]')
    return Show(item.url) if item.url else None


def _text(model: Model, shape: Shape, screen: Screen, shown: Shown, page: Page) -> Page:
    picture = shown.picture
    wide = shape.columns - (len(picture.rows[0]) + 1 if picture and picture.rows else 0)
    lines = _written(model, shown.document, replace(shape, columns=wide))
    top = max(0, min(screen.cursor, len(lines) - shape.rows))
    rows = tuple(lines[top : top + shape.rows])
    return replace(page, rows=rows, above=top, below=max(0, len(lines) - top - shape.rows), picture=picture)


def _written(model: Model, document: Document, shape: Shape) -> list[Row]:
    """All lines of a page; where there is no line for the title, it is the first one."""
    if document.kind == "error":
        where = links.blanked(document.url)
        said = [Row(line, style="alert") for line in _lines(document.text, shape)]
        return [*said, *(Row(line, style="dim") for line in _lines(where, shape))]
    text = document.text
    if document.kind == "image" and shape.rows < LOWEST:
        text = model.say("This display shows no pictures")
    elif document.kind == "image":
        text = text or model.say("Loading")
    elif document.kind in ("menu", "directory"):
        text = text or model.say("Nothing here")
    title = _lines(document.title, shape) if shape.rows == 1 else ()
    return [Row(line) for line in (*title, *_lines(text, shape))]


@lru_cache(16)
def _lines(text: str, shape: Shape) -> tuple[str, ...]:
    """The text in lines that fit; empty ones stay. Remembered, since a long text is drawn again and again."""
    lines = text.split("\n") if text else []
    return tuple(piece for line in lines for piece in (wrapped(line, shape) or [""]))


def _form(model: Model, shape: Shape, screen: Screen, document: Document, page: Page) -> Page:
    """What is asked for; the marked field takes what is typed."""
    at = min(screen.cursor, len(document.fields) - 1)
    field = document.fields[at]
    entry = _stars(field, screen.entry)
    page = replace(page, entry=entry, mode="" if field.digits else screen.mode)
    values = [_stars(each, _value(screen, n)) for n, each in enumerate(document.fields)]
    if len(values) == 1 and shape.rows > 1:
        asked = [line for text in (document.text, field.label) for line in _lines(text, shape)]
        return replace(page, rows=tuple(Row(line) for line in asked[: shape.rows - 1]))
    if lone(shape):  # what is typed stands beside the name of the field then
        return replace(page, rows=(Row(field.label or document.title),), cursor=0)
    rows = [
        Row(f"{each.label.rstrip(':')}: {value}" if each.label else value, intent=Go(f"field:{n}"))
        for n, (each, value) in enumerate(zip(document.fields, values, strict=True))
    ]
    return scroll(page, rows, at, max(1, shape.rows - 1))


def _value(screen: Screen, number: int) -> str:
    return screen.entry if number == screen.cursor else screen.fields[number]


def _stars(field: Field, value: str) -> str:
    return "*" * len(value) if field.secret else value


# -- soft keys


def _soft(model: Model, document: Document) -> tuple[SoftKey | None, ...]:
    """The soft keys of the document; the way back is added where it has none of its own."""
    back, shape = labelled(model, "Back", Go("back")), model.shape
    if document.kind == "error":
        again = soft(shape, Show("snom://mb_update"), model.say("Retry"), model.say("Rtry")) if document.url else None
        return soft_keys(again, None, None, back)
    own = {each.key: each for each in document.keys}
    keys = [_soft_key(own[name]) if name in own else None for name in ("F1", "F2", "F3", "F4")]
    if any(keys):
        return soft_keys(*keys[:3], keys[3] or (None if document.fields else back))
    if not document.fields and _ringing(model):
        answer = soft(shape, Answer(), model.say("Answer"), model.say("Ans"))
        return soft_keys(answer, soft(shape, HangUp(), model.say("Deny"), model.say("Dny")), None, back)
    if document.fields:
        return soft_keys(ok(model), mode_key(model), erase_key(model), back)
    if document.items:
        first = labelled(model, "Dial", Go("ok")) if document.kind == "directory" else ok(model)
        return soft_keys(first, None, None, back)
    return soft_keys(None, None, None, back)


def _soft_key(key: DocumentKey) -> SoftKey | None:
    wish = _key_wish(key)
    return SoftKey(key.label or key.key, wish) if wish else None


def _key_wish(key: DocumentKey) -> Intent | None:
    if key.url:
        return Show(key.url)
    name = canonical(key.press) if key.press else Unknown("")
    return None if isinstance(name, Unknown) or name == key.key else Press(name)


# -- keys


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """The document's own keys come first, then those of a ringing call, then lists, forms and the way back."""
    shown = model.browser.pages.get(screen.subject)
    if shown is None:
        return Back()
    document = shown.document
    own = next((each for each in document.keys if each.key == key), None)
    if own and not (document.fields and key in DIGITS) and (wish := _key_wish(own)):
        return wish
    if not document.fields and _ringing(model):
        if key in _TAKING:
            return Answer()
        if key == "CANCEL":
            return HangUp()
    if model.calls and (step := _calling(model, screen, document, key, now)):
        return step
    if document.fields:
        return _typing(screen, document, key, now)
    if key in ("CANCEL", "LEFT", "back"):
        return Back()
    if document.items:
        return _listing(screen, document, key, now)
    if key in ("UP", "DOWN"):
        return _scrolled(model, screen, shown, key)
    return screen if key == "ENTER" or key in DIGITS or key.startswith("TEXT:") else None


def _ringing(model: Model) -> bool:
    """Whether somebody calls; then a page must not be in the way."""
    return any(each.state == "offered" for each in model.calls.values())


def _calling(model: Model, screen: Screen, document: Document, key: str, now: float) -> Step:
    """What a call below the page needs: its own keys, and tones where the page wants no digits."""
    if key in _OF_CALLS:
        return call.KIND.press(model, screen, key, now)
    shown = model.call
    tones = shown is not None and shown.state == "talking" and not document.fields and not document.items
    return Dtmf(key) if tones and len(key) == 1 and key in DIGITS else None


def _scrolled(model: Model, screen: Screen, shown: Shown, key: str) -> Screen:
    """One line up or down, not beyond the ends."""
    page = draw(model, model.shape, screen, 0.0)
    top = page.above
    return replace(screen, cursor=top + (1 if key == "DOWN" and page.below else -1 if key == "UP" and top else 0))


def _listing(screen: Screen, document: Document, key: str, now: float) -> Step:
    """Up and down run round; a number marks its row, or takes it if the document wants that."""
    items = document.items
    if key in ("UP", "DOWN"):
        return move(screen, key, len(items))
    if key in ("ENTER", "ok", "RIGHT") or (document.kind == "directory" and key in _TAKING):
        return _wish(items[min(screen.cursor, len(items) - 1)]) or screen
    if key not in DIGITS or len(key) != 1:
        return screen if key.startswith("TEXT:") else None
    if document.speed == "off" or not key.isdigit():
        return screen
    word, typed_before, at = screen.tapped
    number = int(key)
    if word == "digits" and now - at < SPEED and typed_before * 10 + number <= len(items):
        number += typed_before * 10
    if not 1 <= number <= len(items):
        return screen
    if document.speed == "enter" and number * 10 > len(items):
        return _wish(items[number - 1]) or screen
    return replace(screen, cursor=number - 1, tapped=("digits", number, now))


def _typing(screen: Screen, document: Document, key: str, now: float) -> Step:
    """OK goes to the next field, and from the last one to the server."""
    last = len(document.fields) - 1
    at = min(screen.cursor, last)
    if key in ("CANCEL", "back"):
        return Back()
    if key == "ok" or (key == "ENTER" and at == last):
        answers = [(field, _value(screen, n)) for n, field in enumerate(document.fields)]
        said = links.submitted(document.url, answers, open_=False) if any(f.secret for f in document.fields) else ""
        return Show(links.submitted(document.url, answers), said=said)
    if key in ("ENTER", "DOWN", "TEXT:\t"):
        return _at(screen, document, at + 1)
    if key == "UP":
        return _at(screen, document, at - 1)
    if key.startswith("field:") and key[6:].isdigit():
        return _at(screen, document, int(key[6:]))
    field = document.fields[at]
    if key == "mode":
        return screen if field.digits else next_mode(screen)
    if field.digits and key.startswith("TEXT:") and key[5] not in DIGITS:
        return screen
    fresh = typed(screen, "BACKSPACE" if key in ("LEFT", "erase") else key, now)
    return _in_case(fresh, field) if fresh else (screen if key in ("LEFT", "erase", "BACKSPACE") else None)


def _in_case(screen: Screen, field: Field) -> Screen:
    """Capitals or small letters, where the document wants only those."""
    if "u" in field.flags:
        return replace(screen, entry=screen.entry.upper())
    return replace(screen, entry=screen.entry.lower()) if "l" in field.flags else screen


def _at(screen: Screen, document: Document, cursor: int) -> Screen:
    there = to_field(screen, cursor)
    return replace(there, mode=document.fields[there.cursor].mode)


KIND = Kind(draw, press)
