"""What happens to a call to somebody, step by step: their rules, do not disturb, the voice mail ([MS-SIPRE] 3.9)."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.errors import MalformedMessage, MalformedXml
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.routing import (
    BLOCK,
    CATEGORY,
    DELEGATES,
    ENABLED,
    IMMEDIATE,
    SIMULTANEOUS,
    SKIP,
    TEAM,
    VOICEMAIL,
    Routing,
)
from snomtui.ocs.state import DND, USER
from snomtui.office.people import Person
from snomtui.office.presence import Presence
from snomtui.office.routes import Routes
from snomtui.office.shelf import BLOCKED, OWN, Shelf
from snomtui.office.shelf import TEAM as TEAM_LEVEL
from snomtui.sip.headers import Item
from snomtui.sip.uri import Uri

FORWARDED = 60.0
"""Seconds that a call rings where it was forwarded to, if something else can be tried after that ([MS-SIPRE] 3.9.2)."""
_GENERAL = (0, OWN, 2)
"""Containers whose rules are for all callers, in the order in which they are looked at."""
_DND_ENDS = 12000
"""Where the range of do not disturb ends."""
DISTURBED: Item = ("Warning", '391 lcs.microsoft.com "The user does not want to be disturbed"')
"""What a colleague is told who calls somebody in do not disturb."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is tried with a call."""

    phones: tuple[Person, ...] = ()
    """Whose phones ring."""
    beside: tuple[str, ...] = ()
    """Addresses that ring at the same time, whatever the rules of the people there."""
    onward: str = ""
    """The address to which the call is forwarded; the rules of who is there hold from then on."""
    owner: Person | None = None
    """Who wants this."""
    seconds: float | None = None
    """How long it is tried if there is something else; None = as long as a forwarded call rings."""
    keep: bool = False
    """Whether what rings already rings on."""


class Forwarding:
    """Reads what people have published, and makes steps of it."""

    def __init__(self, presence: Presence, routes: Routes) -> None:
        self._presence, self._routes = presence, routes

    def blocks(self, person: Person, caller: Person) -> bool:
        """Whether somebody has blocked a caller; who is blocked is told no more than that nobody is there."""
        return not person.outside and self._presence.shelf(person).level_of(caller) == BLOCKED

    def steps(self, person: Person, caller: Person) -> tuple[Step, ...] | Refusal:
        """What is tried one after the other when `caller` calls `person`, or why nothing is."""
        shelf = self._presence.shelf(person)
        level = shelf.level_of(caller)
        if level == BLOCKED:
            return Refusal(480, 15030, f"{person.address} is not signed in")
        rules = self.rules(shelf, level)
        if BLOCK in rules:
            return Refusal(480, 13001, "The routing rules did not result in a suitable final response")
        mail = (Step(onward=VOICEMAIL, owner=person),) if person.voicemail else ()
        onward = tuple(Step(onward=each, owner=person) for each in rules.targets("forwardto")[:1] if ENABLED in rules)
        if IMMEDIATE in rules and (onward or mail):
            return (*onward, *mail)
        if level not in (OWN, TEAM_LEVEL) and self._undisturbed(shelf):
            return Refusal(480, 13001, "The user does not want to be disturbed", (DISTURBED,))
        return (*self._ringing(person, caller, rules), *onward, *mail)

    def rules(self, shelf: Shelf, level: int) -> Routing:
        """The rules that hold for callers of one access level: those of their container, or else the general ones.

        Rules for working hours hold always; nobody's calendar is read.
        """
        found = sorted(shelf.own((CATEGORY,)), key=lambda each: each.instance or 0, reverse=True)
        published = {each.container or 0: each.body for each in found if each.body}  # the lowest instance counts
        for container in (level, *_GENERAL):
            body = published.get(container)
            if body:
                try:
                    return Routing.parse(body.xml().encode())
                except MalformedXml:
                    continue
        return Routing()

    def _ringing(self, person: Person, caller: Person, rules: Routing) -> tuple[Step, ...]:
        """The person's phones, and those that ring at the same time or a little later."""
        beside = rules.targets(SIMULTANEOUS)[:1] if SIMULTANEOUS in rules else ()
        seconds = float(rules.ringing) if rules.ringing is not None else person.rings
        first = Step(phones=(person,), beside=beside, owner=person, seconds=seconds)
        group = "team" if TEAM in rules else "delegates" if DELEGATES in rules else ""
        if not group or not rules.targets(group):
            return (first,)
        wait = rules.wait("team2")
        others = Step(
            beside=rules.targets(group),
            owner=person,
            seconds=float(wait) if wait is not None else person.rings,
            keep=True,
        )
        through = (*rules.targets("breakthrough"), *rules.targets("delegates"))
        if SKIP in rules and not any(self._is(each, caller) for each in through):
            return (others,)
        return (first, others)

    def _is(self, address: str, person: Person) -> bool:
        try:
            return self._routes.person(Uri.parse(address)) is person
        except MalformedMessage:
            return False

    def _undisturbed(self, shelf: Shelf) -> bool:
        """Whether the person has chosen Do not disturb; one who is played has only put it on for show."""
        if not self._routes.has_phone(shelf.person):
            return False
        states = (each.state for each in shelf.own(("state",)))
        chosen = [each.availability for each in states if each and each.kind == USER and each.manual is not False]
        return any(DND <= each < _DND_ENDS for each in chosen)
