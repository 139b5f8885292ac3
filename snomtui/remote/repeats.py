"""A dial takes effect exactly once, whatever a client does with redirects, logins and broken connections.

The answer to a dial leads to index.htm. Some clients follow with the same query or the same form, some lose the login
on the way and then begin from the start, some try again because the connection was closed. So a request is a repeat if

- it comes from the same address and the same program (User-Agent),
- it says exactly the same, byte for byte in the query, and the same form,
- less than `WINDOW` seconds after the one that took effect, and
- the call that this one has made still goes on; or it is over already, but still on the display, and this request is
  at the page to which the redirect has led, or the client has lost its login there meanwhile.

Whoever hangs up and dials the same number again is thus not held up, nor is whoever redials a busy number at once or
dials twice some seconds apart.
Keys are never repeats: two presses of 5 are two presses. What was turned away by the login had no effect and is not
remembered. Reboots go by the same rule, without the call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from snomtui.phone.snapshot import Snapshot
from snomtui.remote import query, reply
from snomtui.remote.reply import Scope

WINDOW = 2.0
"""For how long the same request again is a repeat, seconds."""
AGAIN = "the same request again within a moment: it has been done already"

LED_TO = frozenset({"/", "/index.htm", "/reboot.htm"})
"""The pages to which answers lead."""

_Key = tuple[str, str | None, bytes, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class _Done:
    at: float
    call: str
    """The id of the call that was made, or empty."""
    page: str
    """The path of the request."""
    lost: bool = False
    """Whether the client was asked for its login where the redirect has led it."""


class Repeats:
    """Remembers what was done a moment ago."""

    def __init__(self, snapshot: Callable[[], Snapshot], clock: Callable[[], float]) -> None:
        self._snapshot, self._clock = snapshot, clock
        self._done: dict[_Key, _Done] = {}
        self._led: dict[str, float] = {}
        """When each address was led to another page."""

    def known(self, scope: Scope, asked: query.Pairs) -> bool:
        """Whether this request is a repeat of one that took effect."""
        done = self._done.get(_key(scope, asked))
        if done is None or not 0 <= self._clock() - done.at < WINDOW:
            return False
        led = done.lost or reply.path(scope).lower() != done.page
        calls = self._snapshot().calls
        return not done.call or any(call.id == done.call and (led or call.state != "ended") for call in calls)

    def note(self, scope: Scope, asked: query.Pairs, dialled: bool) -> None:
        """This request took effect now; `dialled`: the newest call is its work."""
        now = self._clock()
        self._done = {key: done for key, done in self._done.items() if 0 <= now - done.at < WINDOW}
        calls = self._snapshot().calls if dialled else ()
        self._done[_key(scope, asked)] = _Done(now, calls[-1].id if calls else "", reply.path(scope).lower())

    def led(self, scope: Scope) -> bool:
        """Whether a client of this address was led to this page a moment ago, and only looks at it."""
        if scope.get("method") not in ("GET", "HEAD") or scope["query_string"] or reply.path(scope) not in LED_TO:
            return False
        return 0 <= self._clock() - self._led.get(reply.host(scope), 0.0) < WINDOW

    def leads(self, scope: Scope) -> None:
        """The answer to this request leads to another page."""
        now = self._clock()
        self._led = {host: at for host, at in self._led.items() if 0 <= now - at < WINDOW} | {reply.host(scope): now}

    def lost(self, scope: Scope) -> None:
        """A client came to the home page without its login."""
        host = reply.host(scope)
        self._done = {key: replace(done, lost=True) if key[0] == host else done for key, done in self._done.items()}


def _key(scope: Scope, asked: query.Pairs) -> _Key:
    return (reply.host(scope), reply.header(scope, b"user-agent"), scope["query_string"], tuple(asked))
