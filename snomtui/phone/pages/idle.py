"""The idle page: identities, presence, what was missed. Digits begin to dial.

What it shows depends on the room: one row (320) has the name or what is wrong, and the time; a narrow display (360)
has a clock with hands at its right edge; all others have date and time in the title.
"""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.clock import date, local, time
from snomtui.phone.intents import ClearList, Dial, Go, SetSetting
from snomtui.phone.keys import DIGITS
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.entry import begun
from snomtui.phone.pages.face import across, clock_face
from snomtui.phone.pages.idlekeys import ACTIONS, action_of, idle_soft_keys
from snomtui.phone.pages.page import Kind, Step, lone, weighed, wrapped
from snomtui.phone.snapshot import IdentityState, Page, Picture, Row
from snomtui.phone.status import status
from snomtui.presence import WORDS, Availability
from snomtui.skin import Shape

NARROW = 24
"""A display with fewer columns has no room for a word beside a name."""
_WRONG = ("refused", "waiting")

Weighed = tuple[int, Row]
"""A row, and how important it is: 0 is shown before all else."""


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Identities with their state; below, why one is not registered, and what waits for a person."""
    page = Page("idle", title=date(model.settings, now), softkeys=idle_soft_keys(model, shape))
    if lone(shape):
        return replace(page, rows=(_only(model, now),))
    troubled = [row for identity in model.identities.values() for row in _why(model, identity, shape, now)]
    picture = None if troubled else _clock(model, shape, now)
    rows = [row for identity in model.identities.values() for row in _identity(model, identity, shape, picture)]
    if troubled and len(model.identities) == 1 and shape.columns < NARROW:
        rows = [(weight + 4, row) for weight, row in rows]  # why it is not registered says more than its name
    rows = rows or [(0, Row(model.say("No identity"), style="dim"))]
    return replace(page, rows=weighed([*rows, *troubled, *_waiting(model)], shape.rows), picture=picture)


def _only(model: Model, now: float) -> Row:
    """The one row of a small display: what should be known takes the place of the name."""
    parts = status(model) + [row.text for _, row in _waiting(model)]
    identity = model.identities.get(model.active_line) or next(iter(model.identities.values()), None)
    if identity is None:
        parts.append(model.say("No identity"))
    elif identity.state in _WRONG and len(parts) == 1 and identity.reason:
        parts.append(reason_of(model, identity))
    elif not parts:
        own = model.own.get(identity.number)
        away = own is not None and own.availability is not Availability.AVAILABLE and identity.state == "registered"
        return Row(
            _name(model, identity),
            right=time(model.settings, now),
            presence=own.availability if own and away else None,
            intent=SetSetting("active_line", str(identity.number)),
        )
    room = model.shape.columns
    while len(parts) > 1 and len("  ".join(parts)) > room:
        parts.pop()
    text, clock = "  ".join(parts), time(model.settings, now)
    return Row(text, right=clock if len(text) + 1 + len(clock) <= room else "")


def _clock(model: Model, shape: Shape, now: float) -> Picture | None:
    if shape.columns >= NARROW:
        return None
    mark = 2 if len(model.identities) > 1 else 0
    longest = max((mark + len(_name(model, identity)) for identity in model.identities.values()), default=0)
    sizes = across(shape.rows + 1), across(shape.rows)  # an idle page has no entry line, so that is free too
    size = next((size for size in sizes if longest <= shape.columns - size), sizes[-1])
    here = local(model.settings, now)
    return clock_face(here.hour, here.minute, size) if size else None


def _name(model: Model, identity: IdentityState) -> str:
    return model.settings.text("user_idle_text", identity.number) or identity.name or identity.aor


def _identity(model: Model, identity: IdentityState, shape: Shape, picture: Picture | None) -> list[Weighed]:
    """The identity as others see it, by the server's word, with the note that they read."""
    own = model.own.get(identity.number)
    shown = own.availability if own and identity.state == "registered" else None
    word = model.say(WORDS[shown]) if shown is not None else _state(model, identity)
    several, narrow = len(model.identities) > 1, shape.columns < NARROW
    first = Row(
        _name(model, identity),
        right="" if narrow else word,
        presence=None if narrow else shown,
        style="big" if identity.active and several else "",
        intent=SetSetting("active_line", str(identity.number)),
        mark=_mark(identity) if several or not narrow or identity.state != "registered" else "",
    )
    rows = [(0 if identity.active else 2, first)]
    if narrow and word and not (several and picture):
        rows.append((3, Row(word, presence=shown, style="dim")))
    if own and shown is not None and own.note:
        rows.append((4, Row(own.note, style="dim")))
    return rows


def _mark(identity: IdentityState) -> str:
    if identity.state != "registered":
        return "unregistered"
    return "outgoing" if identity.active else "registered"


def _state(model: Model, identity: IdentityState) -> str:
    """The word for an identity of which nobody sees a presence."""
    match identity.state:
        case "registered":
            return ""
        case "registering":
            return model.say("registering")
        case "off":
            return model.say("logged off")
        case _:
            return model.say("NR")


def _waiting(model: Model) -> list[Weighed]:
    """Voice mails and messages that nobody has heard or read."""
    rows = []
    for number, (new, _) in model.mailbox.items():
        if new:
            line = model.say("line {number}", number=number) if len(model.identities) > 1 else ""
            rows.append((1, Row(model.say("Voice mail: {count} new", count=new), right=line)))
    if model.unread:
        rows.append((1, Row(model.say("Messages: {count} new", count=model.unread), intent=Go("messages"))))
    return rows


def _why(model: Model, identity: IdentityState, shape: Shape, now: float) -> list[Weighed]:
    """Why an identity is not registered, when it is tried again, and what a person can do."""
    if identity.state not in _WRONG or not identity.reason:
        return []
    rows = [(1, Row(line, style="alert")) for line in wrapped(reason_of(model, identity), shape)]
    if identity.retry_at is not None:
        left = max(0, round(identity.retry_at - now))
        rows.append((3, Row(model.say("Next try in {seconds} s", seconds=left), style="dim")))
    return [*rows, *((2, Row(line, style="dim")) for line in wrapped(_way_out(model, identity), shape))]


def reason_of(model: Model, identity: IdentityState) -> str:
    """Why it is not registered; a part between colons that no language knows is the server's own."""
    return ": ".join(model.say(part) for part in identity.reason.split(": "))


def _way_out(model: Model, identity: IdentityState) -> str:
    """What a person can do about it; a refused NTLMv1 answer may have been right in itself."""
    if identity.code in (401, 407):
        if identity.auth == "ntlmv1":
            return model.say("Menu, Sign in: check login and password, or firmware 8.2 for NTLMv2")
        return model.say("Menu, Sign in: check login and password")
    if identity.code in (403, 404):
        return model.say("Menu, Sign in: check address and login")
    return model.say("Menu, Sign in: check the server") if identity.code is None else ""


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """Digits and letters begin a number; the other keys do what settings say."""
    if (len(key) == 1 and key in DIGITS) or key.startswith("TEXT:"):
        return begun(model, key, now)
    if key == "CANCEL" and model.missed and model.settings.on("cancel_missed"):
        return ClearList("count")
    if key in ACTIONS:
        return action_of(model, key)
    if key in ("OFFHOOK", "SPEAKER", "HEADSET"):
        return begun(model, "", now)
    if key == "REDIAL" and (dialled := model.history.list("dialed")):
        return Dial(dialled[0].number)
    return None


KIND = Kind(draw, press)
