"""The idle page: identities, presence, what was missed. Digits begin to dial."""

from __future__ import annotations

from snomtui.phone.clock import date
from snomtui.phone.intents import ClearList, Dial, Go, SetSetting
from snomtui.phone.keys import DIGITS
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import Kind, Step, soft_keys, wrapped
from snomtui.phone.snapshot import IdentityState, Page, Row, SoftKey
from snomtui.presence import WORDS, Availability
from snomtui.skin import Shape

_STATE = {
    "registered": "",
    "registering": "registering",
    "refused": "NR",
    "waiting": "NR",
    "off": "off",
}


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Identities with their state; below, why one is not registered."""
    rows = [row for identity in model.identities.values() for row in _identity(model, identity)]
    rows = rows or [Row("No identity", style="dim")]
    rows += [row for identity in model.identities.values() for row in _why(identity, shape, now)]
    for number, (new, _) in model.mailbox.items():
        if new:
            rows.append(Row(f"Voice mail: {new} new", right=f"line {number}"))
    if model.unread:
        rows.append(Row(f"Messages: {model.unread} new", intent=Go("messages")))
    return Page(
        "idle",
        title=date(model.settings, now),
        rows=tuple(rows[: shape.rows]),
        softkeys=soft_keys(
            SoftKey("Contacts", Go("contacts")),
            SoftKey("Calls", Go("call_lists")),
            SoftKey("Presence", Go("presence")),
            SoftKey("Missed" if model.missed else "Menu", Go("calls:missed" if model.missed else "menu")),
        ),
    )


def _identity(model: Model, identity: IdentityState) -> list[Row]:
    """The identity as others see it, by the server's word, with the note that they read."""
    own = model.own.get(identity.number)
    word = _STATE.get(identity.state, identity.state)
    shown = own.availability if own and identity.state == "registered" else None
    if shown is not None:
        word = WORDS[shown]
    name = model.settings.text("user_idle_text", identity.number) or identity.name or identity.aor
    several = len(model.identities) > 1
    shown_note = own.note if own and shown is not None else ""
    row = Row(
        name,
        right=word,
        presence=shown or (Availability.UNKNOWN if identity.state != "registered" else None),
        style="big" if identity.active and several else "",
        intent=SetSetting("active_line", str(identity.number)),
    )
    return [row, Row(shown_note, style="dim")] if shown_note else [row]


def _why(identity: IdentityState, shape: Shape, now: float) -> list[Row]:
    if identity.state not in ("refused", "waiting") or not identity.reason:
        return []
    rows = [Row(line, style="alert") for line in wrapped(identity.reason, shape)]
    if identity.retry_at is not None:
        rows.append(Row(f"Next try in {max(0, round(identity.retry_at - now))} s", style="dim"))
    return [*rows, *(Row(line, style="dim") for line in wrapped(_way_out(identity), shape))]


def _way_out(identity: IdentityState) -> str:
    """What a person can do about it; a refused NTLMv1 answer may have been right in itself."""
    if identity.code in (401, 407):
        old = ", or firmware 8.2 for NTLMv2" if identity.auth == "ntlmv1" else ""
        return f"Menu, Sign in: check login and password{old}"
    if identity.code in (403, 404):
        return "Menu, Sign in: check address and login"
    return "Menu, Sign in: check the server" if identity.code is None else ""


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """Digits and letters begin a number; the disc goes to lists and identities."""
    if len(key) == 1 and key in DIGITS:
        return Screen("entry", entry=key)
    if key.startswith("TEXT:"):
        return Screen("entry", entry=key[5], mode="123" if key[5] in "+0123456789*#" else "abc")
    if key == "ENTER":
        return Go("calls:dialed")
    if key == "LEFT":
        return Go("calls:received")
    if key == "RIGHT":
        return Go("calls:missed")
    if key in ("UP", "DOWN"):
        return _other_identity(model, key)
    if key == "CANCEL" and model.missed and model.settings.on("cancel_missed"):
        return ClearList("count")
    if key in ("OFFHOOK", "SPEAKER", "HEADSET"):
        return Screen("entry")
    if key == "REDIAL" and (dialled := model.history.list("dialed")):
        return Dial(dialled[0].number)
    return None


def _other_identity(model: Model, key: str) -> Step:
    numbers = list(model.identities)
    if len(numbers) < 2:
        return None
    at = numbers.index(model.active_line) if model.active_line in numbers else 0
    return SetSetting("active_line", str(numbers[(at + (1 if key == "DOWN" else -1)) % len(numbers)]))


KIND = Kind(draw, press)
