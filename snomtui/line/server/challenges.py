"""What becomes of requests that the server has challenged: sent again, parked for a new handshake, or given back."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.auth.guard import Guard
from snomtui.kit.ids import Dice
from snomtui.line.account import Account
from snomtui.line.desk import Conversation
from snomtui.line.letterhead import Letterhead
from snomtui.line.link import Link
from snomtui.line.server.registration import Registration
from snomtui.line.server.regtable import State
from snomtui.line.server.waitingroom import WaitingRoom
from snomtui.sip.means import ClientKey, client_key
from snomtui.sip.message import Request, Response

BETWEEN_HANDSHAKES = 30.0
"""Seconds for which a server must know us before a new handshake is worth it."""
_BEGUN_ANEW = ("SUBSCRIBE", "SERVICE", "PUBLISH")
"""Requests that are pointless after a new beginning: it makes them afresh."""

Dispatch = Callable[[Request, Conversation, float], ClientKey]
"""Sends a request that the guard has seen; its owner hears of it."""


def passes_by(link: Link) -> Callable[[Request], bool]:
    """Tells whether a request goes straight to somebody else, so that our server's realms do not concern it."""

    def away(request: Request) -> bool:
        peer = link.wire_for(request).peer
        if peer is None or link.up is None:
            return False
        servers = [link.up.remote]
        if link.target:
            servers += [(link.target.host, link.target.port), (link.target.address, link.target.port)]
        return peer not in servers

    return away


def guard_for(account: Account, dice: Dice, workstation: str, link: Link) -> Guard:
    """The guard of an account at the server to which a link leads."""
    return Guard(
        account.credentials,
        None,
        dice,
        workstation,
        attempts=account.attempts,
        prefers_ntlm=account.ocs,
        away=passes_by(link),
    )


class Challenges:
    """Answers 401 and 407 with the guard's help."""

    def __init__(
        self,
        guard: Guard,
        registration: Registration,
        parked: WaitingRoom,
        letterhead: Letterhead,
        dispatch: Dispatch,
        log: Callable[[int, str], None],
    ) -> None:
        self._guard, self._registration, self._letterhead = guard, registration, letterhead
        self._dispatch, self._log = dispatch, log
        self._parked = parked
        """Requests that wait until the server knows us again."""
        self._next_handshake = 0.0
        """Before that moment no challenge to another request than REGISTER starts a new handshake."""
        self._taken_back: set[ClientKey] = set()
        """Requests that were cancelled: no challenge to them is answered."""
        self._refusal, self._tried = "", "none"

    # -- what is known of it

    @property
    def auth(self) -> str:
        """How we have proved who we are, or tried to: `none digest ntlmv1 ntlmv2`."""
        return self._guard.auth if self._registration.established else self._tried

    @property
    def tried(self) -> bool:
        """Whether the server has ever asked who we are."""
        return self._tried != "none"

    @property
    def refusal(self) -> str:
        """Why a login was refused, as far as we can know, in words."""
        return f"The login was refused: {self._refusal}" if self._refusal else "The login was refused"

    # -- what comes in

    def take(self, request: Request, response: Response, owner: Conversation, now: float) -> bool:
        """Deal with a challenge; False if the owner is to hear the response."""
        sent = client_key(request)
        stale = request.method == "REGISTER" and not self._registration.awaits(request)
        if response.status not in (401, 407) or sent in self._taken_back or stale:
            if response.status >= 200:
                self._taken_back.discard(sent)
            return False
        verdict = self._guard.challenged(request, response, now)
        self._tried = verdict.auth
        for level, text in self._guard.log():
            self._log(level, text)
        if verdict.retry:
            self._again(request, owner, now)
        elif verdict.register and self._may_wait(request, now):
            self._parked.put(request, owner, now)
        else:
            self._refusal = verdict.why
            return False
        return True

    def _may_wait(self, request: Request, now: float) -> bool:
        """Whether a new handshake runs for this request, but not again and again for a server that forgets us."""
        if request.method == "REGISTER" or not self._registration.established:
            return False
        if self._registration.state is State.REGISTERED:  # else a REGISTER is out already
            if now < self._next_handshake:
                return False
            self._next_handshake = now + BETWEEN_HANDSHAKES
            self._registration.start(now)
            self._registration.connected(now)
        return True

    def _again(self, request: Request, owner: Conversation, now: float) -> None:
        fresh = self._guard.prepare(self._letterhead.again(request, owner.renumbered(request)), now)
        owner.resent(fresh, self._dispatch(fresh, owner, now))

    def failed(self, request: Request) -> None:
        """A request came to nothing: no challenge to it will come."""
        self._taken_back.discard(client_key(request))

    # -- requests that wait

    def wait(self, request: Request, owner: Conversation, now: float) -> ClientKey:
        """There is no connection just now: the request goes out when the server knows us again."""
        self._parked.put(request, owner, now)
        return client_key(request)

    def cancelled(self, key: ClientKey, now: float) -> bool:
        """An INVITE is taken back; True if it was parked, so that there is nothing to cancel."""
        parked = self._parked.take_back(key)
        if parked:
            parked[1].failed(parked[0], 487, "taken back", now)
            return True
        self._taken_back.add(key)
        return False

    def proved(self, anew: bool, now: float) -> None:
        """The server knows us: what waited goes out. `anew`: it had forgotten us, so conversations begin anew."""
        for request, owner in self._parked.all_out():
            if not (anew and request.method in _BEGUN_ANEW):
                self._again(request, owner, now)

    def give_up(self, now: float) -> None:
        """Nothing waits for ever, or for a registration that will not come."""
        while overdue := self._parked.overdue(now):
            for request, owner in overdue:
                owner.failed(request, 503, "The registration was lost", now)
