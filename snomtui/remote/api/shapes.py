"""The shapes of JSON values, as JSON Schema (draft 2020-12): small pieces that the tables of the API are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

Shape = dict[str, Any]
"""One JSON Schema."""

CONTROLS = r"\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
"""The inside of a character class: control characters, line ends, and marks that hide or turn text."""
LINE = rf"^[^{CONTROLS}]*[^{CONTROLS} \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000][^{CONTROLS}]*$"
"""One line of text that is not blank."""
_NO_LINE = re.compile(rf"[{CONTROLS}\ud800-\udfff]")
"""What no line of text has in it; half characters can come in JSON's escapes."""
FILLED = r"[^\s\u001c-\u001f\u0085]"
"""A text that is not blank, also as Python sees it."""

_KINDS: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}


def one_line(text: str) -> bool:
    """Whether this is one line of text, or none: what `LINE` says but for blanks."""
    return not _NO_LINE.search(text)


def text(about: str = "", **more: object) -> Shape:
    """A text."""
    return _about({"type": "string", **more}, about)


def whole(low: int | None = None, high: int | None = None, about: str = "") -> Shape:
    """A whole number."""
    limits = {"minimum": low, "maximum": high}
    return _about({"type": "integer", **{name: each for name, each in limits.items() if each is not None}}, about)


def switch(about: str = "") -> Shape:
    """True or false."""
    return _about({"type": "boolean"}, about)


def one_of(*words: str, about: str = "") -> Shape:
    """One of these words."""
    return _about({"type": "string", "enum": list(words)}, about)


def row_of(each: Shape, about: str = "", **more: object) -> Shape:
    """An array of values of one shape."""
    return _about({"type": "array", "items": each, **more}, about)


def by_name(each: Shape, about: str = "", **more: object) -> Shape:
    """An object with any names, all values of one shape."""
    return _about({"type": "object", "additionalProperties": each, **more}, about)


def maybe(shape: Shape) -> Shape:
    """The same, or null."""
    kind = shape["type"]
    found = {**shape, "type": [*([kind] if isinstance(kind, str) else kind), "null"]}
    return {**found, "enum": [*found["enum"], None]} if "enum" in found else found


def thing(fields: Mapping[str, Shape], optional: tuple[str, ...] = (), about: str = "", **more: object) -> Shape:
    """An object with these fields; all must be there but the optional ones. More may come in later versions."""
    required = [name for name in fields if name not in optional]
    return _about({"type": "object", "properties": dict(fields), "required": required, **more}, about)


def fields_of(kind: type, *without: str, **given: Shape) -> dict[str, Shape]:
    """The fields of a dataclass as JSON has them; `given` says more of some than their types do."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name not in without}
    return {name: given.get(name) or _hinted(hint) for name, hint in hints.items()} | given


def named(name: str) -> Shape:
    """What stands under this name in the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def _hinted(hint: Any) -> Shape:
    if isinstance(hint, UnionType):
        return {"type": [_KINDS[each] for each in get_args(hint)]}
    if get_origin(hint) is tuple:
        return row_of(_hinted(get_args(hint)[0]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return one_of(*(str(each.value) for each in hint))
    return {"type": _KINDS[hint]}


def _about(shape: Shape, about: str) -> Shape:
    return {**shape, "description": about} if about else shape
