"""`command.htm`, by which programs dial and press keys. It stands before all other pages, for it must be quick."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from snomtui.errors import LocalError
from snomtui.phone.intents import Intent, Refusal
from snomtui.remote import commands, query, reply, tags
from snomtui.remote.doing import Doing, Outcome, asked_of
from snomtui.remote.doors import Doors
from snomtui.remote.intentjson import whole_text
from snomtui.remote.repeats import AGAIN
from snomtui.remote.reply import BadRequest, Receive, Scope, Send
from snomtui.remote.touch import Touch


class CommandPage:
    """Answers `command.htm`: 302 to index.htm for a dial, else 200; 400 with the reason for what nobody understands.

    Keys are played after the answer, with their times and pauses.
    """

    def __init__(self, doors: Doors, doing: Doing) -> None:
        self._doors, self._doing = doors, doing
        self._finger: tuple[int, int] | None = None
        """Where a finger rests on the display."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        method = scope["method"].upper()
        if method == "HEAD":  # asks whether the page is there; must not do anything
            await reply.answer(send, 200, b"")
            return
        if method not in ("GET", "POST"):
            await reply.answer(send, 405, b"", headers=[(b"allow", b"GET, HEAD, POST")])
            return
        try:
            settings = self._doors.settings
            forbidden = tags.forbids_remote(settings)
            if forbidden:
                raise BadRequest(forbidden, 403)
            asked = await asked_of(scope, receive)
            additions = settings.on("sim_remote_additions")
            command = commands.read(asked, self._doors.snapshot().identities, additions)
        except (LocalError, BadRequest) as error:
            status = error.status if isinstance(error, BadRequest) else 400
            await self._answer(scope, send, status, Outcome(why=str(error)))
            return
        if command.dials and self._doing.repeats.known(scope, asked):
            await self._answer(scope, send, 302, Outcome(wanted=command.intents), AGAIN)
            return
        await self._answer(scope, send, 302 if command.dials else 200, self._do(scope, asked, command))

    def _do(self, scope: Scope, asked: query.Pairs, command: commands.Command) -> Outcome:
        outcome = self._doing.do(command.intents)
        if command.dials and outcome.did:
            self._doing.repeats.note(scope, asked, dialled=True)
        return self._touched(command.touches, outcome) if command.touches and not outcome.why else outcome

    def _touched(self, touches: Sequence[Touch], before: Outcome) -> Outcome:
        """Do what the touches ask for, each on the display as the one before has left it."""
        did: list[Intent] = list(before.did)
        for touch in touches:
            wish = self._wish(touch)
            refusal = wish if isinstance(wish, Refusal) else self._doors.do(wish) if wish is not None else None
            if refusal is not None:
                return Outcome(tuple(did), refusal.why, tuple(did))
            did += [wish] if wish is not None and not isinstance(wish, Refusal) else []
        return Outcome(tuple(did), "", tuple(did))

    def _wish(self, touch: Touch) -> Intent | Refusal | None:
        """What a touch asks for: it acts when the finger goes up where it came down."""
        at = (touch.x, touch.y)
        came_down = at if touch.down else self._finger
        self._finger = None if touch.up else at
        here = self._doors.touched(*at)
        if isinstance(here, Refusal):
            return here
        return here if touch.up and came_down is not None and self._doors.touched(*came_down) == here else None

    async def _answer(self, scope: Scope, send: Send, status: int, outcome: Outcome, remark: str = "") -> None:
        told = Outcome(why=remark, wanted=outcome.wanted) if remark else outcome
        self._doing.tell(scope, status, told)
        headers = reply.refusal(outcome.why)
        if status == 302:
            self._doing.repeats.leads(scope)
            headers = ((b"location", b"/index.htm"), *headers)
        await reply.answer(send, status, _page(outcome.why or "OK"), headers=headers)


def _page(text: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>snom</title></head><body><p>{escape(whole_text(text))}</p>"
        '<p><a href="/index.htm">Home</a></p></body></html>\n'
    ).encode()
