"""Presence documents of the IETF: PIDF with RPID activities (RFC 3863, RFC 4479, RFC 4480).

Reading is liberal: prefixes, drafts and words of many programs. Written are default namespaces on `presence`,
`tuple`, `status` and `basic`, since programs in the field do not find them behind a prefix.
"""

from __future__ import annotations

import re

from snomtui.kit.xml import Element, Markup, attribute, child, children, content, local, parse_root, tag
from snomtui.presence import WORDS, Availability, Presence

PIDF_TYPE = "application/pidf+xml"

SPACE = "urn:ietf:params:xml:ns:pidf"
MODEL_SPACE = "urn:ietf:params:xml:ns:pidf:data-model"
RPID_SPACE = "urn:ietf:params:xml:ns:pidf:rpid"
IM_SPACE = "urn:ietf:params:xml:ns:pidf:im"

_MEANINGS = {
    "holding": Availability.HOLDING,
    "on-hold": Availability.HOLDING,
    "on-the-phone": Availability.IN_A_CALL,
    "in-a-call": Availability.IN_A_CALL,
    "do-not-disturb": Availability.DND,
    "dnd": Availability.DND,
    "urgent-interruptions-only": Availability.URGENT_INTERRUPTIONS_ONLY,
    "meeting": Availability.IN_A_MEETING,
    "in-a-meeting": Availability.IN_A_MEETING,
    "presentation": Availability.IN_A_MEETING,
    "performance": Availability.BUSY,
    "appointment": Availability.BUSY,
    "steering": Availability.BUSY,
    "busy": Availability.BUSY,
    "meal": Availability.BE_RIGHT_BACK,
    "breakfast": Availability.BE_RIGHT_BACK,
    "dinner": Availability.BE_RIGHT_BACK,
    "lunch": Availability.BE_RIGHT_BACK,
    "be-right-back": Availability.BE_RIGHT_BACK,
    "away": Availability.AWAY,
    "holiday": Availability.AWAY,
    "in-transit": Availability.AWAY,
    "permanent-absence": Availability.AWAY,
    "shopping": Availability.AWAY,
    "sleeping": Availability.AWAY,
    "spectator": Availability.AWAY,
    "travel": Availability.AWAY,
    "tv": Availability.AWAY,
    "vacation": Availability.AWAY,
    "worship": Availability.AWAY,
    "inactive": Availability.INACTIVE,
    "idle": Availability.INACTIVE,
    "offline": Availability.OFFLINE,
    "looking-for-work": Availability.AVAILABLE,
    "playing": Availability.AVAILABLE,
    "working": Availability.AVAILABLE,
}

_WEIGHT = list(dict.fromkeys(_MEANINGS.values()))
"""Of several activities the one that stands first here counts."""

_ACTIVITIES = {
    Availability.BUSY: ("busy",),
    Availability.IN_A_CALL: ("busy", "on-the-phone"),
    Availability.HOLDING: ("busy", "on-the-phone"),
    Availability.IN_A_MEETING: ("busy", "meeting"),
    Availability.URGENT_INTERRUPTIONS_ONLY: ("busy",),
    Availability.DND: ("busy",),
    Availability.BE_RIGHT_BACK: ("away",),
    Availability.AWAY: ("away",),
}
"""The nearest activities of RFC 4480. Busy stands first: PJSIP reads the first one and knows busy and away only."""

_SILENT = ("unknown", "open", "closed", "available", "online")
"""Words that say no more than the basic status does."""

_SHUT = (Availability.OFFLINE, Availability.UNKNOWN)


def parse_pidf(data: bytes) -> tuple[str, Presence]:
    """Whose presence, and which; raises `MalformedXml`.

    One open tuple is enough to be there. Without any status and activity nothing is known.
    """
    root = parse_root(data, "presence")
    basics = [content(each, "status", "basic").lower() for each in children(root, "tuple")]
    words = _words(root)
    known = sorted((word for word in words if word in _MEANINGS), key=lambda word: _WEIGHT.index(_MEANINGS[word]))
    activity = known[0] if known else next(iter(words), "")
    note = _note(root)
    entity = (attribute(root, "entity") or "").strip()
    if "open" in basics or (known and "closed" not in basics):
        meaning = _MEANINGS[activity] if known else Availability.AVAILABLE
        if meaning is Availability.AVAILABLE and _idle(root):
            meaning = Availability.INACTIVE
        return entity, Presence(meaning, activity, note)
    return entity, Presence(Availability.OFFLINE if "closed" in basics else Availability.UNKNOWN, activity, note)


def build_pidf(entity: str, presence: Presence, tuple_id: str) -> bytes:
    """A document of the type `application/pidf+xml`; `entity` is `sip:user@host`.

    The tuple's id is made a legal one if it is not. The `im` status holds the state in words, as a snom does.
    """
    meaning = presence.availability
    status = [tag("basic", None, "closed" if meaning in _SHUT else "open")]
    if meaning not in _SHUT:
        status.append(tag("im:im", None, WORDS[meaning]))
    note = [tag("note", None, presence.note)] if presence.note else []
    name = _identifier(tuple_id)
    each = tag("tuple", {"id": name}, tag("status", None, *status), tag("contact", None, entity), *note)
    spaces = {"xmlns": SPACE, "xmlns:dm": MODEL_SPACE, "xmlns:rpid": RPID_SPACE, "xmlns:im": IM_SPACE}
    root = tag("presence", spaces | {"entity": entity}, each, _person(f"p-{name}", presence))
    return b'<?xml version="1.0" encoding="UTF-8"?>\r\n' + root.encode() + b"\r\n"


def _person(name: str, presence: Presence) -> Markup:
    activities = [tag(f"rpid:{activity}") for activity in _ACTIVITIES.get(presence.availability, ())]
    parts = [tag("rpid:activities", None, *activities)] if activities else []
    if presence.availability is Availability.INACTIVE:
        parts.append(tag("rpid:user-input", None, "idle"))
    if presence.note:
        parts.append(tag("dm:note", None, presence.note))
    return tag("dm:person", {"id": name}, *parts) if parts else Markup()


def _words(root: Element) -> list[str]:
    """All activities that the document names, as lower-case words with hyphens; unknown ones too."""
    found = []
    for element in (each for each in root.iter() if local(each) == "activities"):
        for each in element:
            name = local(each)
            # Drafts before RFC 4480 wrote the activity as text.
            found.append(content(each) if name in ("activity", "other") else "" if name == "note" else name)
    found += [content(each, "status", "im") for each in children(root, "tuple")]
    words = [re.sub(r"[\s_]+", "-", word.strip().lower()) for word in found]
    return [word for word in words if word and word not in _SILENT]


def _note(root: Element) -> str:
    """The note of the person, else of a tuple, else of the document."""
    places = [*children(root, "person"), *children(root, "tuple"), root]
    notes = [content(note) for place in places for note in children(place, "note")]
    inner = [content(child(place, "activities"), "note") for place in places]
    return next((text for text in notes + inner if text), "")


def _idle(root: Element) -> bool:
    return any(local(each) == "user-input" and content(each).lower() == "idle" for each in root.iter())


def _identifier(text: str) -> str:
    """The text as an XML identifier: it begins with a letter and has no colon."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "-", text)
    return name if name[:1].isalpha() else f"t{name}"
