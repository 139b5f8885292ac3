"""A text that must never be printed."""

from __future__ import annotations

from hmac import compare_digest


class Secret:
    """A password or key as text; `str`, `repr` and f-strings show stars, only `reveal` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; call it only where it is used up, never to keep or print it."""
        return self._text

    def __str__(self) -> str:
        return "*****"

    def __repr__(self) -> str:
        return "Secret(*****)"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        mine, theirs = (one._text.encode("utf-8", "surrogatepass") for one in (self, other))
        return compare_digest(mine, theirs)

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not written anywhere")
