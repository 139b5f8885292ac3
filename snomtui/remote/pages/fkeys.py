"""`fkeys.htm`: the function keys as a table, and the keys of the idle display.

A person chooses the type of a key and writes its number; programs set both at once, `fkey0=dest <sip:72@host>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from starlette.routing import Route

from snomtui.remote import query
from snomtui.remote.pages.field import Field, Group, Options, names_on
from snomtui.remote.pages.frame import Frame
from snomtui.remote.pages.setup import Sheet, form_route, group_of
from snomtui.remote.pages.submission import WAS
from snomtui.settings.registry import IDENTITIES, Settings, find, registry

WORKING: Options = (
    ("line", "Line"),
    ("blf", "BLF"),
    ("dest", "Extension"),
    ("speed", "Speed Dial"),
    ("url", "Action URL"),
    ("xml", "XML page"),
    ("keyevent", "Key Event"),
    ("dtmf", "DTMF"),
    ("transfer", "Transfer to"),
    ("redirect", "Forward to"),
    ("none", "None"),
)
"""Types of keys that do something here, with snom's names for them (fact file 3.4)."""
STORED: Options = (
    ("orbit", "Park Orbit"),
    ("icom", "Intercom"),
    ("recorder", "Recorder"),
    ("mult", "Shared Line"),
    ("p2t", "Push2Talk"),
    ("multicast", "Multicast Page"),
    ("button", "Button"),
    ("ivr", "IVR"),
    ("presence", "Presence"),
    ("autoanswer", "Auto Answer"),
    ("conference", "Conference"),
    ("smart_transfer", "Smart Transfer"),
)
"""Types that are kept, as the phone has to hold what programs write, and do nothing here."""
TYPES = tuple(value for value, _ in (*WORKING, *STORED))
_CONTEXTS: Options = (("active", "active"), *((str(number), str(number)) for number in range(1, IDENTITIES + 1)))
_PART = re.compile(r"fkey_(type|number)([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Key:
    """One function key, a row of the table."""

    name: str
    """`P1` ..."""
    meaning: Field
    context: Field
    labels: tuple[Field, ...]

    @property
    def type(self) -> str:
        """The type, as far as it is one."""
        kind = self.meaning.value.partition(" ")[0].lower() or "none"
        return kind if kind in TYPES else "none"

    @property
    def number(self) -> str:
        """What comes behind the type."""
        return self.meaning.value.partition(" ")[2].strip()

    @property
    def used(self) -> bool:
        """Whether the key is anything but a line without a name."""
        return self.meaning.value != "line" or any(label.value for label in self.labels)


def routes(frame: Frame) -> list[Route]:
    """`fkeys.htm`, and `fkey.htm` as some firmware calls it."""
    return [form_route(frame, page, _sheet, together) for page in ("fkeys", "fkey")]


def _sheet(settings: Settings, asked: query.Pairs) -> Sheet:
    names = list(names_on("fkeys"))
    ofkeys = [name for name in names if find(name)[0].first == 0]
    others = [name for name in names if find(name)[0].first is None]
    groups = (Group(tuple(_fitted(field) for field in group_of(ofkeys, settings).fields)), group_of(others, settings))
    return Sheet("/fkeys.htm", groups, "fkeys.html", {"keys": keys, "working": WORKING, "stored": STORED})


def _fitted(field: Field) -> Field:
    if not field.name.startswith("fkey_context"):
        return field
    return replace(field, kind="select", options=_with(_CONTEXTS, field.value))


def _with(options: Options, value: str) -> Options:
    return options if value in dict(options) else (*options, (value, value))


def keys(group: Group) -> list[Key]:
    """The table of the keys, from their fields."""
    fields = {field.name: field for field in group.fields}
    row = registry()["fkey"]
    return [_key(fields, index) for index in range(row.first or 0, (row.last or 0) + 1)]


def _key(fields: dict[str, Field], index: int) -> Key:
    labels = tuple(fields[f"{name}{index}"] for name in ("fkey_label", "fkey_short_label"))
    return Key(f"P{index + 1}", fields[f"fkey{index}"], fields[f"fkey_context{index}"], labels)


def together(asked: query.Pairs) -> query.Pairs:
    """What a form asks, with type and number of a key as one setting, `fkey0`."""
    parts: dict[str, dict[str, str]] = {}
    for name, value in asked:
        if match := _PART.fullmatch(name):
            parts.setdefault(match[2], {})[match[1]] = value.strip()
    rest = [(name, value) for name, value in asked if not _PART.fullmatch(name)]
    return rest + list(_meanings(parts, dict(asked)))


def _meanings(parts: dict[str, dict[str, str]], asked: dict[str, str]) -> Iterator[tuple[str, str]]:
    for index, part in parts.items():
        meaning = f"{part.get('type', 'none')} {part.get('number', '')}".strip()
        was = asked.get(f"{WAS}fkey{index}", "")
        same = meaning == f"{was.partition(' ')[0].lower() or 'none'} {was.partition(' ')[2].strip()}".strip()
        yield f"fkey{index}", was if same else meaning
