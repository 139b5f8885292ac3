"""The proxy between registered people: forking, cancelling, and everything inside of dialogs (RFC 3261 16)."""

from __future__ import annotations

from dataclasses import dataclass, field

from snomtui.errors import MalformedMessage
from snomtui.ocs.endpoint import epid_of
from snomtui.office.desk import Asked, Desk
from snomtui.office.routes import Nowhere, Routes, Target
from snomtui.sip.grammar import split_list
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.transaction import ClientKey, ServerKey

DIALOG_MAKERS = frozenset({"INVITE", "SUBSCRIBE", "REFER"})
"""Requests whose dialogs we want to stay in (RFC 3261 16.6 step 4)."""
NEVER_PASSED = frozenset(
    {"authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info"}
    | {"p-preferred-identity", "p-asserted-identity", "www-authenticate", "proxy-authenticate"}
)
"""Headers that end here: signatures are good for one hop, and who somebody is says the server."""
STOP_ALL = (600, 605)
ELSEWHERE: Item = ("Reason", 'SIP;cause=200;text="Call completed elsewhere"')
MOST_HOPS = 70


@dataclass(eq=False, slots=True)
class Branch:
    """A request on its way to one target."""

    fork: Fork
    target: Target
    request: Request
    route: tuple[str, str] = ("", "")
    """Our Record-Route as the callee sees it, and as the caller shall see it."""
    key: ClientKey | None = None
    final: Response | None = None


@dataclass(eq=False, slots=True)
class Fork:
    """One request that is being passed on, to one or to many."""

    number: int
    asked: Asked
    branches: list[Branch] = field(default_factory=list)
    answered: bool = False
    """Whether the final answer has gone back."""
    won: bool = False
    """Whether that answer was a 2xx."""
    cancelled: bool = False

    @property
    def open(self) -> list[Branch]:
        """The branches that have no final answer yet."""
        return [each for each in self.branches if each.final is None]


class CallRouter:
    """Passes requests on and answers back."""

    def __init__(self, desk: Desk, routes: Routes) -> None:
        self._desk, self._routes = desk, routes
        self._forks: dict[ServerKey, Fork] = {}
        self._by_number: dict[int, Fork] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._forks)

    # -- requests

    def route(self, asked: Asked, now: float) -> None:
        """Pass a request on; raises `MalformedMessage`."""
        request, onward = self._routes.onward(asked)
        hops = _hops(request)
        if hops <= 0:
            self._desk.refuse(asked, 483, 1000, "Too many hops", now)
            return
        request = request.with_("Max-Forwards", str(hops - 1))
        found = self._routes.targets(asked) if onward is None else onward
        if isinstance(found, Nowhere):
            self._nowhere(asked, found, now)
        elif isinstance(found, Target):
            self._fork(asked, request, (found,), now, first=False)
        else:
            self._fork(asked, request, found, now, first=True)

    def _nowhere(self, asked: Asked, why: Nowhere, now: float) -> None:
        if asked.key is not None:
            self._desk.refuse(asked, why.status, why.number, why.why, now)
        else:
            self._desk.journal.note(f"{asked.request.method} goes nowhere: {why.why}", now, asked.wire.conn)

    def _fork(self, asked: Asked, request: Request, targets: tuple[Target, ...], now: float, *, first: bool) -> None:
        if not targets:
            self._nowhere(asked, Nowhere(480, 15030, "Nobody else is signed in there"), now)
            return
        if asked.key is None:
            self._stateless(asked, request, targets[0], now)
            return
        self._count += 1
        fork = Fork(self._count, asked)
        self._forks[asked.key] = fork
        self._by_number[fork.number] = fork
        if request.method == "INVITE":
            self._desk.timers.start(("ring", fork.number), now + self._desk.policy.timer_c)
        for target in targets:
            fork.branches.append(self._branch(fork, request, target, first))
        for branch in tuple(fork.branches):
            branch.key = self._desk.transactions.request(branch.request, branch.target.wire, branch, now)
        self._desk.flush(now)

    def _stateless(self, asked: Asked, request: Request, target: Target, now: float) -> None:
        """An ACK to a 2xx, or a BENOTIFY: passed on and forgotten."""
        made = self._made(asked, request, target, "", first=False)
        self._desk.send(target.wire, made, now)

    def _branch(self, fork: Fork, request: Request, target: Target, first: bool) -> Branch:
        asked = fork.asked
        route = ("", "")
        if first and request.method in DIALOG_MAKERS:
            caller = self._routes.leg_of(asked)
            there = self._routes.record(caller, target.leg, target.wire.conn)
            route = (there, self._routes.record(caller, target.leg, asked.wire.conn))
        return Branch(fork, target, self._made(asked, request, target, route[0], first), route)

    def _made(self, asked: Asked, request: Request, target: Target, record: str, first: bool) -> Request:
        """The copy of a request for one target (RFC 3261 16.6)."""
        items: list[Item] = [("Via", self._desk.via(target.wire.conn))]
        if record:
            items.append(("Record-Route", record))
        for name, value in request.headers:
            if key(name) == "to" and target.epid and not epid_of(value):
                value = f"{value};epid={target.epid}"
            if key(name) not in NEVER_PASSED:
                items.append((name, value))
        if first:
            items.append(("P-Asserted-Identity", asked.person.identity))
        return Request(request.method, target.uri, Headers(tuple(items)), request.body)

    # -- answers

    def answered(self, branch: Branch, response: Response, now: float) -> None:
        """A target has answered."""
        fork = branch.fork
        if response.status == 100:
            return
        if response.status < 200:
            self._provisional(branch, response, now)
        elif response.status < 300:
            self._success(branch, response, now)
        else:
            branch.final = response
            if response.status in STOP_ALL:
                self._cancel(fork, (), now)
            self._settle(fork, now)

    def repeated(self, branch: Branch, response: Response, now: float) -> None:
        """The same 2xx to an INVITE once more: the ACK was lost behind us, so the caller must hear it again (16.7)."""
        if branch.fork.won:
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
        if fork and not fork.answered:
            fork.cancelled = True
            reason = cancel.headers.get("Reason")
            self._cancel(fork, (("Reason", reason),) if reason else (), now)
            self._settle(fork, now)

    def rung_out(self, number: int, now: float) -> None:
        """Nobody said a word for the time of timer C (RFC 3261 16.8)."""
        fork = self._by_number.get(number)
        if fork and not fork.answered:
            self._cancel(fork, (), now)
            fork.answered = True
            self._desk.reply(_key(fork), respond(fork.asked.request, 408, tag=self._desk.ids.hex(8)), now)
            self._forget(fork)

    def _provisional(self, branch: Branch, response: Response, now: float) -> None:
        fork = branch.fork
        if fork.answered or fork.cancelled:
            return
        if fork.asked.request.method == "INVITE":
            self._desk.timers.start(("ring", fork.number), now + self._desk.policy.timer_c)
        self._back(branch, response, now)

    def _success(self, branch: Branch, response: Response, now: float) -> None:
        fork = branch.fork
        invite = fork.asked.request.method == "INVITE"
        branch.final = response
        if not fork.answered or (fork.won and invite):  # each 2xx to an INVITE goes back: the caller ends all but one
            fork.answered = fork.won = True
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

    def _settle(self, fork: Fork, now: float) -> None:
        """When all branches are done: give the best refusal back, and forget."""
        if fork.open:
            return
        if not fork.answered:
            fork.answered = True
            if fork.cancelled:
                self._desk.reply(_key(fork), respond(fork.asked.request, 487, tag=self._desk.ids.hex(8)), now)
            else:
                best = min(fork.branches, key=_worth)
                if best.final:
                    self._back(best, best.final, now)
        self._forget(fork)

    def _forget(self, fork: Fork) -> None:
        self._forks.pop(_key(fork), None)
        self._by_number.pop(fork.number, None)
        self._desk.timers.stop(("ring", fork.number))

    def _back(self, branch: Branch, response: Response, now: float) -> None:
        """Give an answer back to who asked (RFC 3261 16.7)."""
        asked = branch.fork.asked
        items: list[Item] = [("Via", value) for value in asked.request.headers.all("Via")]
        for name, value in response.headers:
            if key(name) == "via" or key(name) in NEVER_PASSED:
                continue
            if key(name) == "record-route" and branch.route[0]:
                value = ", ".join(branch.route[1] if each == branch.route[0] else each for each in split_list(value))
            items.append((name, value))
        person = branch.target.person
        if person and 100 < response.status < 300 and asked.request.method == "INVITE":
            items.append(("P-Asserted-Identity", person.identity))
        made = Response(response.status, response.reason, Headers(tuple(items)), response.body)
        self._desk.reply(_key(branch.fork), made, now)


def _key(fork: Fork) -> ServerKey:
    if fork.asked.key is None:
        raise AssertionError("only what can be answered is forked")
    return fork.asked.key


def _worth(branch: Branch) -> tuple[int, bool, int]:
    """The order of refusals, best first (RFC 3261 16.7 step 6); what somebody chose comes before mere absence."""
    status = branch.final.status if branch.final else 999
    rank = {6: 0, 3: 1, 4: 2, 5: 3}.get(status // 100, 9)
    return rank, status in (408, 480, 487), status


def _hops(request: Request) -> int:
    text = request.headers.get("Max-Forwards")
    if text is None:
        return MOST_HOPS + 1
    if not (text.isascii() and text.isdigit()):
        raise MalformedMessage(f"not a number of hops: {text[:20]!r}")
    return int(text[:6])
