"""Requests that make the phone do something: what was asked, what became of it, and the event that tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from snomtui.phone.intents import Intent, Refusal, SetSetting
from snomtui.remote import forms, query, reply
from snomtui.remote.doors import Doors, Told
from snomtui.remote.intentjson import objects_of
from snomtui.remote.repeats import Repeats
from snomtui.remote.reply import BadRequest, Receive, Scope
from snomtui.remote.seen import Commands, asker_and_body


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request."""

    did: tuple[Intent, ...] = ()
    why: str = ""
    """The first refusal in words, or empty."""
    wanted: tuple[Intent, ...] = ()
    """All that was asked for, done or not."""
    refusals: tuple[Refusal, ...] = field(default=(), compare=False)
    """What `why` was put together from, for those who say it in another language."""


def do_all(do: Callable[[Intent], Refusal | None], intents: Sequence[Intent]) -> Outcome:
    """Do one after the other, up to the first refusal; settings stand alone, so there the others still count."""
    did: list[Intent] = []
    refusals: list[Refusal] = []
    for intent in intents:
        refusal = do(intent)
        if refusal is None:
            did.append(intent)
            continue
        refusals.append(refusal)
        if not isinstance(intent, SetSetting):
            break
    why = "; ".join(refusal.why for refusal in refusals)
    return Outcome(tuple(did), why, tuple(intents), tuple(refusals))


class Doing:
    """Hands intents to the phone and tells about it."""

    def __init__(self, doors: Doors, told: Told, clock: Callable[[], float]) -> None:
        self._doors, self._told, self._clock = doors, told, clock
        self.repeats = Repeats(doors.snapshot, clock)
        """What was done a moment ago and must not be done again."""
        self.seen = Commands()
        """The newest commands, to be shown and done again."""

    def do(self, intents: Sequence[Intent]) -> Outcome:
        """Do what a request asks, as `do_all` does."""
        return do_all(self._doors.do, intents)

    def tell(self, scope: Scope, status: int, outcome: Outcome) -> None:
        """Tell the `command` event of one request."""
        event = {
            "at": self._clock(),
            "event": "command",
            "method": scope.get("method", "GET"),
            "target": query.blanked(reply.target(scope)),
            "peer": reply.peer(scope),
            "status": status,
            "did": objects_of(outcome.did),
        }
        if outcome.why:
            event["why"] = outcome.why
        event |= asker_and_body(scope)
        self.seen.note(event, outcome.wanted)
        self._told(event)

    def trouble(self, why: str) -> None:
        """Tell an `error` event of the web server."""
        self._told({"at": self._clock(), "event": "error", "what": "http", "why": why})


async def asked_of(scope: Scope, receive: Receive, form: bool = False) -> query.Pairs:
    """What a request asks, from its query and, with POST, its body; raises `BadRequest` or `Gone`.

    `form`: a raw `+` is a blank, as forms are encoded; else it is a plus, as people write numbers.
    """
    asked = query.pairs(scope["query_string"], form)
    if scope["method"].upper() != "POST":
        return asked
    body = await reply.body_of(receive)
    if not body:
        return asked
    found = forms.fields(body, reply.header(scope, b"content-type") or "", form)
    if found is None and not asked:
        raise BadRequest("send a form, urlencoded or multipart, or put it into the query", 415)
    return query.merged(asked, found or [])
