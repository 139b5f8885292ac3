"""Which callers are sent elsewhere, and where to, by the settings (reference: fact file 3.3).

A kind is on by its own switch or by the older `redirect_event`, which names one kind for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from snomtui.settings.registry import Settings


@dataclass(frozen=True, slots=True)
class Names:
    """The settings of one kind."""

    switch: str
    number: str
    why: str
    """The reason that RFC 5806 has for it."""


KINDS: Mapping[str, Names] = {
    "all": Names("redirect_allways", "redirect_number", "unconditional"),
    "busy": Names("redirect_on_busy", "redirect_busy_number", "user-busy"),
    "time": Names("redirect_on_timeout", "redirect_time_number", "no-answer"),
}
EVENT = "redirect_event"


def is_on(settings: Settings, kind: str) -> bool:
    """Whether callers of this kind (`all`, `busy`, `time`) are to be sent elsewhere."""
    return settings.on(KINDS[kind].switch) or settings.text(EVENT) == kind


def target(settings: Settings, kind: str) -> str:
    """Where they are sent, as a person wrote it; empty = nowhere."""
    return settings.text(KINDS[kind].number) or settings.text("redirect_number")


def works(settings: Settings, kind: str) -> bool:
    """Whether callers of this kind are really sent elsewhere: on, with a target."""
    return is_on(settings, kind) and bool(target(settings, kind))


def changes(settings: Settings, kind: str, on: bool) -> Iterator[tuple[str, str]]:
    """The settings to write, so that a kind is on or off."""
    yield KINDS[kind].switch, "on" if on else "off"
    if not on and settings.text(EVENT) == kind:
        yield EVENT, "none"


def consequences(settings: Settings, name: str) -> Iterator[tuple[str, str]]:
    """What else changes when this setting was changed: the older name and the newer ones agree."""
    if name == EVENT:
        yield from ((names.switch, "off") for names in KINDS.values() if settings.on(names.switch))
    for kind, names in KINDS.items():
        if name == names.switch and not settings.on(name) and settings.text(EVENT) == kind:
            yield EVENT, "none"
