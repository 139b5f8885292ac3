"""The call lists: which there are, one of them, and one call with all that is known of it."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.clock import date, duration, time
from snomtui.phone.directory import type_of
from snomtui.phone.history import LISTS, Record
from snomtui.phone.intents import Dial, ForgetCall, Go
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, back, choose, drawn, erase_key, labelled, list_page, marked, ok
from snomtui.phone.pages.page import Back, Kind, Many, Step, scroll, soft_keys
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

NARROW = 30
"""A display with fewer columns shows no year and no duration beside a name."""
_DIAL = ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET", "dial")


def title_of(model: Model, which: str) -> str:
    """The name of a call list."""
    say = model.say
    titles = {"received": say("Received calls"), "dialed": say("Dialled calls")}
    return titles.get(which) or say("Missed calls")


def _short(model: Model, which: str) -> str:
    """The name of a call list in a list, where a narrow display has room for one word."""
    say, name = model.say, title_of(model, which)
    if len(name) + len("1  99") <= model.shape.columns:
        return name
    return {"received": say("Received"), "dialed": say("Dialled")}.get(which) or say("Missed")


def _lists(model: Model, screen: Screen, now: float) -> Listing:
    rows = [
        Row(_short(model, which), right=str(len(model.history.list(which))), intent=Go(f"calls:{which}"))
        for which in LISTS
    ]
    rows.append(Row(model.say("Messages"), right=str(len(model.letters)), intent=Go("messages")))
    clear = labelled(model, "Clear", Go("confirm:clear/all"))
    return Listing(model.say("Call lists"), rows, soft_keys(ok(model), None, clear, back(model)), numbered=True)


# -- one list


def _which(screen: Screen) -> str:
    return screen.subject if screen.subject in LISTS else "missed"


def _records(model: Model, screen: Screen) -> list[Record]:
    return model.history.list(_which(screen))


def _name(model: Model, record: Record) -> str:
    return record.name or model.name_of(record.number) or record.number.removeprefix("sip:")


def _row(model: Model, record: Record, now: float) -> Row:
    day = date(model.settings, record.at)
    narrow = model.shape.columns < NARROW
    when = time(model.settings, record.at) if day == date(model.settings, now) else day[: -4 if narrow else None]
    lasted = f"  {duration(record.seconds)}" if record.seconds and not narrow else ""
    return Row(_name(model, record), right=f"{when}{lasted}", intent=Dial(record.number, record.identity))


def draw_calls(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Who, when and for how long, the newest on top."""
    records, which = _records(model, screen), _which(screen)
    soft = soft_keys(
        labelled(model, "Dial", Go("dial")),
        labelled(model, "Details", Go("details")),
        labelled(model, "Clear", Go(f"confirm:clear/{which}")),
        back(model),
    )
    rows = [_row(model, record, now) for record in records]
    if not records:
        soft = soft_keys(None, None, None, back(model))
    return drawn(
        model, shape, screen, "calls", Listing(title_of(model, which), rows, soft, empty=model.say("No calls"))
    )


def press_calls(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials; right shows the details."""
    records = _records(model, screen)
    at = marked(screen, len(records))
    if key in _DIAL:
        return Dial(records[at].number, records[at].identity) if records else None
    if key in ("RIGHT", "details"):
        return Go(f"record:{_which(screen)}/{records[at].id}") if records else None
    if key == "BACKSPACE":
        return ForgetCall(_which(screen), records[at].id) if records else None
    return choose(screen, key, [_row(model, record, now) for record in records], now)


# -- one call


def _record(model: Model, subject: str) -> Record | None:
    which, _, id = subject.partition("/")
    return model.history.find(which, id)


def _facts(model: Model, record: Record) -> list[Row]:
    say, settings = model.say, model.settings
    kind = type_of(model, record.number)
    rows = [
        Row(say("Name"), right=_name(model, record)),
        Row(say("Number"), right=record.number.removeprefix("sip:")),
        Row(say("Date"), right=date(settings, record.at)),
        Row(say("Time"), right=time(settings, record.at)),
        Row(say("Duration"), right=duration(record.seconds) if record.seconds else "-"),
        Row(say("Identity"), right=str(record.identity)),
    ]
    return [*rows, Row(say("Type"), right=say(kind))] if kind else rows


def draw_record(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Everything that is known of a call; the rows scroll."""
    record = _record(model, screen.subject)
    which = title_of(model, screen.subject.partition("/")[0])
    if record is None:
        return drawn(model, shape, screen, "record", Listing(which, [], soft_keys(None, None, None, back(model))))
    soft = soft_keys(
        labelled(model, "Dial", Go("dial")),
        labelled(model, "Add", Go(f"entry_form:+{record.number}|{record.name}")),
        erase_key(model),
        back(model),
    )
    page = Page("record", which, softkeys=soft)
    return scroll(page, _facts(model, record), screen.cursor, max(1, shape.rows))


def press_record(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials."""
    record = _record(model, screen.subject)
    if key in ("CANCEL", "LEFT", "back") or record is None:
        return Back()
    if key in _DIAL:
        return Dial(record.number, record.identity)
    if key in ("erase", "BACKSPACE"):
        return Many((ForgetCall(record.which, record.id),))
    facts = _facts(model, record)
    step = choose(screen, key, facts, now)
    return replace(step, name=screen.name) if isinstance(step, Screen) else step


LISTS_PAGE = list_page("call_lists", _lists)
CALLS = Kind(draw_calls, press_calls)
RECORD = Kind(draw_record, press_record)
