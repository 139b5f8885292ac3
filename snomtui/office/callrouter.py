"""The proxy between people: forking, cancelling, forwarding, and everything inside of dialogs (RFC 3261 16)."""

from __future__ import annotations

from snomtui.errors import MalformedMessage
from snomtui.kit.box import Conn
from snomtui.ocs.chatoffer import is_chat
from snomtui.ocs.diagnostics import Refusal
from snomtui.office.desk import Asked, Desk
from snomtui.office.fork import MOST_BRANCHES, MOST_FORWARDS, Branch, Fork, Input, State
from snomtui.office.forwarding import FORWARDED, Forwarding, Step
from snomtui.office.ongoing import Calls
from snomtui.office.passing import backwards, diversions, forwards, hops_of
from snomtui.office.people import Person
from snomtui.office.routes import Mailbox, Routes, Target
from snomtui.office.stages import CIRCLE, NOBODY, Stages
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.transaction import ServerKey

DIALOG_MAKERS = frozenset({"INVITE", "SUBSCRIBE", "REFER"})
"""Requests whose dialogs we want to stay in (RFC 3261 16.6 step 4)."""
STOP_ALL = (600, 605)
ELSEWHERE: Item = ("Reason", 'SIP;cause=200;text="Call completed elsewhere"')
UNCONDITIONAL, NO_ANSWER, BUSY, UNAVAILABLE = "unconditional", "no-answer", "user-busy", "unavailable"
"""Why a call is forwarded (RFC 5806)."""


class CallRouter:
    """Passes requests on and answers back."""

    def __init__(self, desk: Desk, routes: Routes, forwarding: Forwarding) -> None:
        self._desk, self._routes, self._forwarding = desk, routes, forwarding
        self._stages = Stages(desk.journal, routes, forwarding)
        self._forks: dict[ServerKey, Fork] = {}
        self._by_number: dict[int, Fork] = {}
        self._count = 0
        self.calls = Calls()

    def __len__(self) -> int:
        return len(self._forks)

    # -- requests

    def route(self, asked: Asked, now: float) -> None:
        """Pass a request on; raises `MalformedMessage`."""
        if self._taken_back(asked, now):
            return
        request, onward = self._routes.onward(asked)
        if not (isinstance(onward, Refusal) and onward.status == 403):  # who has no part in a call cannot end it
            self.calls.over(asked)
        hops = hops_of(request)
        if hops <= 0:
            self._desk.refuse(asked, Refusal(483, 1000, "Too many hops"), now)
            return
        request = request.with_("Max-Forwards", str(hops - 1))
        if isinstance(onward, Target):
            self._inside(asked, request, onward, now)
            return
        place = onward or self._routes.place(request.target, asked.person)
        if isinstance(place, Refusal):
            self._nowhere(asked, place, now)
        else:
            self._outside(asked, request, place, now)

    def _taken_back(self, asked: Asked, now: float) -> bool:
        """Whether it is the BYE of a client that knows no CANCEL: without To tag, while its INVITE still rings."""
        bye = asked.request
        if bye.method != "BYE" or bye.to.tag:
            return False
        mine = next((each for each in self._forks.values() if each.begins(bye) and each.waiting), None)
        if mine is None or mine.asked.person is not asked.person:
            return False
        self._desk.answer(asked, 200, now=now)
        self.cancelled(mine.key, bye, now)
        return True

    def _inside(self, asked: Asked, request: Request, target: Target, now: float) -> None:
        """A request in a dialog has one target; an ACK to a 2xx or a BENOTIFY is passed on and forgotten."""
        if asked.key is None:
            made = forwards(request, target, self._desk.via(target.wire.conn), "", ())
            self._desk.send(target.wire, made, now)
            return
        self._send(self._fork(asked, request, now), (target,), now, first=False)

    def _outside(self, asked: Asked, request: Request, place: Person | Mailbox, now: float) -> None:
        """A request that names somebody."""
        steps = self._steps(asked, place)
        if isinstance(steps, Refusal):
            self._nowhere(asked, steps, now)
            return
        targets = () if steps else self._routes.targets(place, asked, meant=True)
        if asked.key is None:
            for target in targets[:1]:
                self._inside(asked, request, target, now)
            return
        if not steps and not targets:
            self._nowhere(asked, NOBODY, now)
            return
        fork = self._fork(asked, request, now)
        if targets:
            self._send(fork, targets, now, first=True)
            return
        fork.ahead = list(steps)
        fork.visited.add(place.aor if isinstance(place, Person) else "")
        if not self._next(fork, UNCONDITIONAL, now):
            self._settle(fork, now)

    def _steps(self, asked: Asked, place: Person | Mailbox) -> tuple[Step, ...] | Refusal:
        """The rules of a user who is called; nothing has rules but a call to a person."""
        if isinstance(place, Person) and self._forwarding.blocks(place, asked.person):
            return Refusal(480, 15030, f"{place.address} is not signed in")
        if asked.request.method != "INVITE" or isinstance(place, Mailbox) or place.outside:
            return ()
        if self._routes.names_a_device(asked):
            return ()
        steps = self._forwarding.steps(place, asked.person)
        return () if is_chat(asked.request) and not isinstance(steps, Refusal) else steps

    def _nowhere(self, asked: Asked, why: Refusal, now: float) -> None:
        if asked.key is not None:
            self._desk.refuse(asked, why, now)
        else:
            self._desk.journal.note(f"{asked.request.method} goes nowhere: {why.why}", now, asked.wire.conn)

    def _fork(self, asked: Asked, request: Request, now: float) -> Fork:
        self._count += 1
        self.calls.begin(asked, now)
        fork = Fork(self._count, asked, request)
        self._forks[fork.key] = fork
        self._by_number[fork.number] = fork
        return fork

    # -- one step after the other

    def step_over(self, number: int, now: float) -> None:
        """Nobody has answered in the time of this step."""
        fork = self._by_number.get(number)
        if fork and fork.state is State.TRYING:
            self._next(fork, NO_ANSWER, now)

    def _next(self, fork: Fork, why: str, now: float) -> bool:
        """Try what comes next; False if there is nothing more."""
        while fork.ahead:
            step = fork.ahead.pop(0)
            targets = self._stages.targets(fork, step, why, now)[: max(0, MOST_BRANCHES - len(fork.branches))]
            if not targets:
                continue
            if not step.keep:
                self._drop(fork, now)
            self._limit(fork, step.seconds, now)
            self._send(fork, targets, now, first=True)
            return True
        return False

    def _limit(self, fork: Fork, seconds: float | None, now: float) -> None:
        """Ring no longer than this, if there is something else to try."""
        if fork.ahead:
            self._desk.timers.start(("step", fork.number), now + (FORWARDED if seconds is None else seconds))

    def _send(self, fork: Fork, targets: tuple[Target, ...], now: float, *, first: bool) -> None:
        """Send the request to more places."""
        if fork.asked.request.method == "INVITE":
            self._desk.timers.start(("ring", fork.number), now + self._desk.policy.timer_c)
        made = [self._branch(fork, each, first) for each in targets[:MOST_BRANCHES]]
        fork.branches += made
        for branch in made:
            branch.key = self._desk.transactions.request(branch.request, branch.target.wire, branch, now)
        self._desk.flush(now)

    def _branch(self, fork: Fork, target: Target, first: bool) -> Branch:
        asked, route = fork.asked, ("", "")
        if first and asked.request.method in DIALOG_MAKERS:
            caller = self._routes.leg_of(asked)
            there = self._routes.record(caller, target.leg, target.wire.conn)
            route = (there, self._routes.record(caller, target.leg, asked.wire.conn))
        more: list[Item] = [("P-Asserted-Identity", asked.person.identity)] if first else []
        more += diversions(fork.history)
        made = forwards(fork.request, target, self._desk.via(target.wire.conn), route[0], more)
        return Branch(fork, target, made, route)

    # -- answers

    def answered(self, branch: Branch, response: Response, now: float) -> None:
        """A target has answered."""
        if response.status == 100:
            return
        if response.status < 200:
            self._provisional(branch, response, now)
        elif response.status < 300:
            self._success(branch, response, now)
        else:
            self._turned_down(branch, response, now)

    def _turned_down(self, branch: Branch, response: Response, now: float) -> None:
        fork = branch.fork
        branch.final = response
        if branch.dropped:
            return
        if response.status in STOP_ALL:
            fork.ahead.clear()
            self._desk.timers.stop(("step", fork.number))
            self._cancel(fork, (), now)
        elif response.status < 400:
            self._redirected(branch, response, now)
        self._settle(fork, now)

    def _redirected(self, branch: Branch, response: Response, now: float) -> None:
        """A phone wants the call elsewhere: go there, if we know the way (RFC 3261 16.5, 16.7 step 4)."""
        fork, owner = branch.fork, branch.target.person
        if fork.state is not State.TRYING or owner is None or not branch.route[0]:
            return
        try:
            uris = [str(each.uri) for each in response.contacts][:MOST_FORWARDS]
        except MalformedMessage:
            return
        timers, timer = self._desk.timers, ("step", fork.number)
        limit = timers.deadline(timer)
        rest, fork.ahead = fork.ahead, [Step(onward=uri, owner=owner, keep=True) for uri in uris]
        # A circle is not given to the caller to walk on in it.
        branch.dropped = self._next(fork, UNCONDITIONAL, now) or fork.refusal is CIRCLE
        fork.ahead += rest
        if branch.dropped and timers.deadline(timer) == limit:
            self._limit(fork, None, now)

    def repeated(self, branch: Branch, response: Response, now: float) -> None:
        """The same 2xx to an INVITE once more: the ACK was lost behind us, so the caller must hear it again (16.7)."""
        if branch.fork.state is State.WON:
            self._back(branch, response, now)

    def failed(self, branch: Branch, status: int, why: str, now: float) -> None:
        """A target did not answer, or its connection is gone."""
        asked = branch.fork.asked
        self._desk.journal.note(f"{asked.request.method} got no answer: {why}", now, branch.target.wire.conn)
        # To the caller a lost phone is one that cannot be reached, not a broken server (RFC 3261 16.9).
        branch.final = respond(asked.request, 480 if status == 503 else status, tag=self._desk.ids.hex(8))
        self._settle(branch.fork, now)

    def cancelled(self, key: ServerKey, cancel: Request, now: float) -> None:
        """The caller has hung up before anybody answered."""
        fork = self._forks.get(key)
        if fork and fork.waiting:
            fork.machine.step(Input.TAKEN_BACK)
            reason = cancel.headers.get("Reason")
            self._cancel(fork, (("Reason", reason),) if reason else (), now)
            self._settle(fork, now)

    def lost(self, conn: Conn, now: float) -> None:
        """A connection is gone: who has called over it hears no answer any more, so nothing rings for them."""
        self.calls.lost(conn)
        for fork in [each for each in self._forks.values() if each.asked.wire.conn == conn and each.waiting]:
            fork.machine.step(Input.TAKEN_BACK)
            self._cancel(fork, (), now)

    def rung_out(self, number: int, now: float) -> None:
        """Nobody said a word for the time of timer C (RFC 3261 16.8)."""
        fork = self._by_number.get(number)
        if fork and fork.waiting:
            self._cancel(fork, (), now)
            fork.machine.step(Input.REFUSED)
            self._desk.reply(fork.key, respond(fork.asked.request, 408, tag=self._desk.ids.hex(8)), now)
            self._forget(fork)

    def _provisional(self, branch: Branch, response: Response, now: float) -> None:
        fork = branch.fork
        if fork.state is not State.TRYING or branch.dropped:
            return
        if fork.asked.request.method == "INVITE":
            self._desk.timers.start(("ring", fork.number), now + self._desk.policy.timer_c)
        self._back(branch, response, now)

    def _success(self, branch: Branch, response: Response, now: float) -> None:
        fork = branch.fork
        invite = fork.asked.request.method == "INVITE"
        branch.final = response
        first = fork.waiting
        # Each 2xx to an INVITE goes back: the caller ends all but one.
        if fork.machine.step(Input.SUCCESS) is State.WON and (first or invite):
            self.calls.talking(fork.asked, branch.target.wire.conn)
            self._back(branch, response, now)
        if invite:
            self._cancel(fork, (ELSEWHERE,), now)
        self._settle(fork, now)

    def _cancel(self, fork: Fork, headers: tuple[Item, ...], now: float) -> None:
        if fork.asked.request.method != "INVITE":
            return
        for branch in fork.open:
            if branch.key:
                self._desk.transactions.cancel(branch.key, headers, now=now)
        self._desk.flush(now)

    def _drop(self, fork: Fork, now: float) -> None:
        """Something else is tried: what rings is ended, and what it has refused counts no longer."""
        self._cancel(fork, (), now)
        for branch in fork.branches:
            branch.dropped = True

    def _settle(self, fork: Fork, now: float) -> None:
        """When all branches are done: try the next step, or give the best refusal back and forget."""
        if fork.open:
            return
        best = fork.best
        if fork.state is State.TRYING and not (best and best.status >= 600):
            busy = best is not None and best.status == 486
            if self._next(fork, BUSY if busy else UNAVAILABLE, now):
                return
        if fork.waiting:
            self._refused(fork, now)
        self._forget(fork)

    def _refused(self, fork: Fork, now: float) -> None:
        asked = fork.asked
        branch = next((each for each in fork.branches if each.final and each.final is fork.best), None)
        taken_back = fork.state is State.TAKEN_BACK
        fork.machine.step(Input.REFUSED)
        if taken_back:
            self._desk.reply(fork.key, respond(asked.request, 487, tag=self._desk.ids.hex(8)), now)
        elif branch and branch.final:
            self._back(branch, branch.final, now)
        else:
            self._nowhere(asked, fork.refusal or NOBODY, now)

    def _forget(self, fork: Fork) -> None:
        self._forks.pop(fork.key, None)
        self._by_number.pop(fork.number, None)
        if fork.state is not State.WON:
            self.calls.failed(fork.asked)
        self._desk.timers.stop(("ring", fork.number))
        self._desk.timers.stop(("step", fork.number))

    def _back(self, branch: Branch, response: Response, now: float) -> None:
        """Give an answer back to who asked."""
        made = backwards(branch.fork.asked.request, response, branch.route, branch.target.person)
        self._desk.reply(branch.fork.key, made, now)
