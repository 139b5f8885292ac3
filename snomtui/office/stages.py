"""Where one step of a call leads: phones, voice mails, numbers, and the rules of those to whom it is forwarded."""

from __future__ import annotations

from dataclasses import replace

from snomtui.errors import MalformedMessage
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.routing import VOICEMAIL
from snomtui.office.fork import MOST_FORWARDS, Fork
from snomtui.office.forwarding import Forwarding, Step
from snomtui.office.journal import Journal
from snomtui.office.people import Person
from snomtui.office.routes import Mailbox, Place, Routes, Target
from snomtui.sip.uri import Uri

NOBODY = Refusal(480, 15030, "Nobody else is signed in there")
CIRCLE = Refusal(482, 13000, "Call to self loop")


class Stages:
    """Makes targets of steps. What it learns on the way is noted in the fork."""

    def __init__(self, journal: Journal, routes: Routes, forwarding: Forwarding) -> None:
        self._journal, self._routes, self._forwarding = journal, routes, forwarding

    def targets(self, fork: Fork, step: Step, why: str, now: float) -> tuple[Target, ...]:
        """Where this step leads; the steps of whom a call is forwarded to come next instead."""
        found: dict[tuple[int, str], Target] = {}
        places: list[Place] = list(step.phones)
        places += [self._place(uri, step, fork) for uri in step.beside]
        if step.onward:
            places.append(self._onward(fork, step, why, now))
        for place in places:
            if isinstance(place, Refusal):
                fork.refusal = place
                continue
            targets = self._routes.targets(place, fork.asked, meant=False)
            found |= {(each.wire.conn, each.uri): each for each in targets}
            if not targets:
                other = " at another device" if place == fork.asked.person else ""
                fork.refusal = Refusal(480, 15030, f"{_name(place)} is not signed in{other}")
        return tuple(each for each in found.values() if not (step.keep and fork.rings_at(each)))

    def _place(self, uri: str, step: Step, fork: Fork) -> Place:
        if uri == VOICEMAIL and step.owner:
            place = self._routes.voicemail(step.owner)
            return Mailbox(step.owner) if isinstance(place, Mailbox) else place
        try:
            return self._routes.place(Uri.parse(uri), step.owner or fork.asked.person)
        except MalformedMessage as error:
            return Refusal(404, 14010, f"No address to forward to: {str(error)[:80]}")

    def _onward(self, fork: Fork, step: Step, why: str, now: float) -> Place:
        """A call is forwarded: note by whom, and put the rules of who is there before everything else."""
        if len(fork.history) >= MOST_FORWARDS:
            return CIRCLE
        place = self._place(step.onward, step, fork)
        if isinstance(place, Refusal):
            return place
        owner = step.owner or fork.asked.person
        fork.history.append((owner.uri, why))
        self._journal.note(f"a call to {owner.address} is forwarded to {_name(place)}: {why}", now)
        if isinstance(place, Mailbox) or place.outside:
            return place
        if place.aor in fork.visited:
            return CIRCLE
        fork.visited.add(place.aor)
        steps = self._forwarding.steps(place, fork.asked.person)
        if isinstance(steps, Refusal):
            return steps
        fork.ahead = [replace(steps[0], keep=step.keep), *steps[1:], *fork.ahead]
        return NOBODY


def _name(place: Person | Mailbox) -> str:
    return f"the voice mail of {place.owner.address}" if isinstance(place, Mailbox) else place.address
