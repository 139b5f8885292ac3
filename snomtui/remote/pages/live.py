"""What the home page shows of the phone at this moment, and the forms on it that are ours (`act.htm`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.errors import LocalError
from snomtui.phone.history import LISTS, Record
from snomtui.phone.snapshot import CallState, Page, Snapshot
from snomtui.presence import CHOICES, WORDS, Availability
from snomtui.remote import homely
from snomtui.remote.doing import Outcome
from snomtui.remote.pages.frame import Frame
from snomtui.remote.pages.status import moment
from snomtui.remote.reply import BadRequest

MOST_CONTACTS = 50
"""So many contacts are shown on the home page; the directory has all."""
MOST_CALLS = 10
"""So many calls of each list."""
UP = ("talking", "holding", "held")
"""The states of a call in which it can be held, transferred, and dialled in."""

Say = Callable[..., str]


def routes(frame: Frame) -> list[Route]:
    """`act.htm`, to which the forms of the home page lead."""
    return [Route("/act.htm", Acting(frame).answer, methods=("POST",))]


class Acting:
    """Does what a form of the home page asks for."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Lead back to the home page; a refusal is shown there."""
        frame = self._frame
        foreign = frame.foreign(request)
        if foreign:
            return foreign
        try:
            wish = homely.read(await frame.asked(request), frame.doors.snapshot())
        except BadRequest as error:
            return shown(frame, error.status, str(error))
        except LocalError as error:
            return shown(frame, frame.failed(request, error), str(error))
        if wish is None:
            return frame.redirect("/index.htm", Outcome())
        outcome = frame.doing.do((wish,))
        frame.doing.tell(request.scope, 409 if outcome.why else 302, outcome)
        return shown(frame, 409, outcome.why, outcome) if outcome.why else frame.redirect("/index.htm", outcome)


@dataclass(frozen=True, slots=True)
class Shown:
    """One call as the page shows it."""

    call: CallState
    who: str
    state: str
    """In words of the language."""
    up: bool


def shown(frame: Frame, status: int = 200, error: str = "", outcome: Outcome | None = None) -> Response:
    """The home page."""
    doors, say = frame.doors, frame.language.say
    phone, contacts = doors.snapshot(), doors.contacts()
    calls = [Shown(each, _who(each), _state(each, say), each.state in UP) for each in phone.calls]
    display = _display(phone)
    return frame.page(
        "index.html",
        status,
        outcome,
        here="/index.htm",
        error=frame.said(outcome) if outcome and outcome.why else say(error),
        phone=phone,
        calls=calls,
        told="; ".join(f"{each.state}: {each.who}" for each in calls) or say("No call."),
        display=display,
        picture=f"{hash((display, phone.clock)) & 0xFFFFFFFF:x}" if frame.pictures else "",
        joined=any(each.conference for each in phone.calls),
        several=sum(each.up for each in calls) > 1,
        identities=[each for each in phone.identities if each.aor],
        choices=_choices(phone),
        free=CHOICES,
        chosen=doors.settings.text("presence_state"),
        words=WORDS,
        lists=_lists(frame),
        contacts=contacts[:MOST_CONTACTS],
        more=max(0, len(contacts) - MOST_CONTACTS),
    )


def _who(call: CallState) -> str:
    return call.remote_name or call.number or call.remote


def _state(call: CallState, say: Say) -> str:
    words = {
        "dialling": say("Calling"),
        "ringing": say("Ringing"),
        "offered": say("Incoming call"),
        "talking": say("connected"),
        "holding": say("on hold"),
        "held": say("held"),
        "ended": say("ended"),
    }
    return words.get(call.state, call.state)


def _choices(phone: Snapshot) -> Sequence[Availability]:
    """What may be chosen; first what it is now, if none of them: with that a note chooses nothing."""
    now = phone.own.availability
    return CHOICES if now in CHOICES else (now, *CHOICES)


def _lists(frame: Frame) -> list[tuple[str, str, list[tuple[Record, str]], int]]:
    """Each call list: its name, its title, the newest calls with their time, and how many there are."""
    say = frame.language.say
    titles = {"missed": say("Missed calls"), "received": say("Received calls"), "dialed": say("Dialled calls")}
    found = [(which, titles[which], frame.doors.call_list(which)) for which in LISTS]
    return [
        (which, title, [(each, moment(each.at)) for each in records[:MOST_CALLS]], len(records))
        for which, title, records in found
    ]


def _display(phone: Snapshot) -> str:
    """The display as text, a line each."""
    page: Page = phone.page
    rows = [f"{row.text}  {row.right}".rstrip() for row in page.rows]
    entry = [page.entry] if page.entry is not None else []
    keys = "  ".join(key.name for key in page.softkeys if key)
    return "\n".join(line for line in (page.title, *rows, *entry, phone.status, keys) if line)
