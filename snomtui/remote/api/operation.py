"""What an operation of the API is made of: its row in the table, what it is asked, and its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from snomtui.errors import LocalError
from snomtui.remote import query, reply
from snomtui.remote.api.shapes import Shape
from snomtui.remote.crosssite import taken_as_json
from snomtui.remote.doing import Outcome
from snomtui.remote.intentjson import BadIntent, Object, any_json
from snomtui.remote.reply import App, BadRequest, Header, Receive, Scope

CONFLICT, MALFORMED = 409, 422
"""The phone refuses; what was sent cannot be understood."""


class Refused(BadRequest):
    """A request that is not served; `more` stands beside `why` in the answer."""

    def __init__(self, why: str, status: int, more: Object | None = None, outcome: Outcome | None = None) -> None:
        super().__init__(why, status)
        self.more = more or {}
        self.outcome = outcome or Outcome(why=why)


@dataclass(frozen=True, slots=True)
class Answer:
    """One JSON value, and what the request made the phone do."""

    status: int
    value: object
    headers: tuple[Header, ...] = ()
    outcome: Outcome = Outcome()


@dataclass(slots=True)
class Asked:
    """One request."""

    scope: Scope
    receive: Receive
    place: Mapping[str, str]
    """The variable parts of the path, decoded."""

    @property
    def query(self) -> dict[str, str]:
        """What stands behind the question mark; of a name that comes twice, the last."""
        return dict(query.pairs(self.scope["query_string"], form=True))

    async def json(self) -> Any:
        """The body; raises `Refused` (413, 415) or `BadIntent`."""
        if not taken_as_json(self.scope):
            raise Refused("send it as application/json", 415)
        return any_json(await reply.body_of(self.receive))

    async def object(self) -> Object:
        """The body, which must be one object; raises as `json`."""
        value = await self.json()
        if not isinstance(value, dict):
            raise BadIntent("must be one JSON object")
        return value


Answering = Callable[[Asked], Awaitable[Answer | App]]
"""Makes the answer, or what sends it (a stream); raises `BadRequest`, or `LocalError` for what is malformed."""


@dataclass(frozen=True)
class Operation:
    """One row of the table: a method at a path, and what the document says of it."""

    method: str
    path: str
    """With names in braces for its variable parts."""
    name: str
    """`operationId`."""
    summary: str
    answer: Answering
    gives: Mapping[int, Shape]
    """The shape of each answer that is no error."""
    takes: Shape | None = None
    """The shape of the body."""
    errors: tuple[int, ...] = ()
    """The statuses of errors, beside those that every operation has."""
    asks: tuple[Shape, ...] = ()
    """The parameters in path and query, as OpenAPI has them."""
    kind: str = "application/json"
    """The media type of the answer."""
    headers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Headers that an answer has besides."""
    example: object = None
    """A body that can be sent."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The path in pieces."""
        return tuple(self.path.strip("/").split("/"))

    @property
    def does(self) -> bool:
        """Whether it changes something: then it is told as a `command` event."""
        return self.method != "GET"

    def at(self, given: tuple[str, ...]) -> Mapping[str, str] | None:
        """The variable parts of a path in decoded pieces, or None if it is another path."""
        if len(given) != len(self.parts):
            return None
        pairs = list(zip(self.parts, given, strict=True))
        if any(wanted != is_ and not (wanted.startswith("{") and is_) for wanted, is_ in pairs):
            return None
        return {wanted.strip("{}"): is_ for wanted, is_ in pairs if wanted.startswith("{")}


def in_path(name: str, shape: Shape, about: str) -> Shape:
    """A parameter that is a piece of the path."""
    return {"name": name, "in": "path", "required": True, "schema": shape, "description": about}


def in_query(name: str, shape: Shape, about: str) -> Shape:
    """A parameter behind the question mark."""
    return {"name": name, "in": "query", "schema": shape, "description": about, "explode": False}


def said_wrong(error: LocalError | BadRequest) -> Answer:
    """The answer to a request that raised this."""
    if isinstance(error, Refused):
        return Answer(error.status, {"ok": False, "why": str(error), **error.more}, outcome=error.outcome)
    status = error.status if isinstance(error, BadRequest) else MALFORMED
    return Answer(status, {"ok": False, "why": str(error)}, outcome=Outcome(why=str(error)))
