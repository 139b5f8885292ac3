"""The door of the web server: none, Basic or Digest, as `http_user`, `http_pass` and `http_scheme` say.

Pure ASGI middleware for HTTP and WebSocket. Settings are read at each request, so a change holds at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from hmac import compare_digest
from html import escape
from math import ceil
from urllib.parse import unquote

from snomtui.auth.challenge import AuthLine
from snomtui.auth.digest import DigestDoor, DigestResult
from snomtui.errors import MalformedMessage
from snomtui.remote import reply
from snomtui.remote.reply import App, Receive, Scope, Send
from snomtui.settings.registry import Settings

FREE_FAILURES = 3
"""So many failed logins are free; the next one blocks."""
FIRST_BLOCK = 60.0
"""Seconds. Every further group of three failures doubles it."""
LONGEST_BLOCK = 86_400.0
MOST_PEERS = 1000
"""So many addresses are remembered."""

Denied = Callable[[Scope, int, str], None]
"""Told of each request that was turned away: status and reason."""


class Entry(Enum):
    """What became of a login."""

    OPEN = "open"
    """May come in."""
    NO_LOGIN = "login needed"
    """Nothing was sent, or in a scheme that is not asked for. Not a failed login: nothing was guessed."""
    STALE = "the nonce is old"
    """Right, but must be said again."""
    WRONG = "wrong login"
    BLOCKED = "blocked after too many failed logins"


_ENTRIES = {
    DigestResult.OK: Entry.OPEN,
    DigestResult.STALE: Entry.STALE,
    DigestResult.WRONG: Entry.WRONG,
    DigestResult.MALFORMED: Entry.NO_LOGIN,
}


@dataclass(frozen=True, slots=True)
class _Record:
    """The failed logins of one address."""

    failures: int = 0
    blocks: int = 0
    until: float = 0.0


class Lockout:
    """Blocks an address after too many failed logins, longer each time; a right login forgives.

    The real phone blocks everybody. Here it is one address, so that nobody can lock out somebody else.
    """

    def __init__(self) -> None:
        self._records: dict[str, _Record] = {}

    def left(self, host: str, now: float) -> float:
        """For how many seconds the address is still blocked; 0 = it is not."""
        record = self._records.get(host)
        return max(0.0, record.until - now) if record else 0.0

    def failed(self, host: str, now: float) -> None:
        """Note a failed login."""
        record = self._records.pop(host, _Record())
        failures = record.failures + 1
        if failures < (3 if record.blocks else FREE_FAILURES + 1):
            record = replace(record, failures=failures)
        else:
            pause = min(FIRST_BLOCK * 2.0 ** min(record.blocks, 30), LONGEST_BLOCK)
            record = _Record(0, record.blocks + 1, now + pause)
        self._records[host] = record
        if len(self._records) > MOST_PEERS:
            del self._records[next(iter(self._records))]

    def succeeded(self, host: str) -> None:
        """Note a right login."""
        self._records.pop(host, None)


class Login:
    """Stands before the whole web server."""

    def __init__(self, app: App, settings: Callable[[], Settings], realm: str, clock: Callable[[], float]) -> None:
        self._app, self._settings, self._clock = app, settings, clock
        self._realm = realm
        secret = secrets.token_bytes(32)
        self._digest = DigestDoor(realm, secret, counting=False)
        self._sessions = DigestDoor(realm, secret, "MD5-sess", counting=False)
        """Knows the same nonces: some programs answer with MD5-sess whatever they are offered."""
        self._lockout = Lockout()
        self.denied: Denied = lambda scope, status, why: None
        self.admits: Callable[[Scope], bool] = lambda scope: False
        """Whether a request shows by itself that whoever sends it has logged in before."""
        self.led: Callable[[Scope], bool] = lambda scope: False
        """Whether a request is for a harmless page to which somebody with a login was led a moment ago."""
        self.knows: Callable[[Scope], bool] = lambda scope: False
        """Whether a request comes with a client certificate that is as good as a login."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: let the request through, or answer it here."""
        entry = Entry.OPEN if self.admits(scope) else self._entry(scope)
        if entry is Entry.OPEN:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": entry.value})
        else:
            await self._turn_away(scope, send, entry)

    def _entry(self, scope: Scope) -> Entry:
        settings = self._settings()
        user, password = settings.text("http_user"), settings.text("http_pass")
        if (not user and not password) or self.knows(scope):
            return Entry.OPEN
        host, now = reply.host(scope), self._clock()
        if self._lockout.left(host, now):
            return Entry.BLOCKED
        given = reply.header(scope, b"authorization")
        if given is None:
            return Entry.NO_LOGIN
        if settings.on("http_scheme"):
            entry = self._by_digest(given, scope, user, password, now)
        else:
            entry = _by_basic(given, user, password)
        if entry is Entry.WRONG:
            self._lockout.failed(host, now)
        elif entry is Entry.OPEN:
            self._lockout.succeeded(host)
        return entry

    def _by_digest(self, given: str, scope: Scope, user: str, password: str, now: float) -> Entry:
        """Digest as programs do it: what is right but was made for another request is no guess, but no login either."""
        try:
            line = AuthLine.parse(given)
        except MalformedMessage:
            return Entry.NO_LOGIN

        def password_of(name: str) -> str | None:
            return password if compare_digest(_bytes(name), _bytes(user)) else None

        door = self._sessions if (line.get("algorithm") or "").lower() == "md5-sess" else self._digest
        meant = _is_for(line.get("uri") or "", reply.target(scope))
        entry = _ENTRIES[door.check_line(line, scope.get("method", "GET"), None, password_of, now).result]
        if entry is Entry.STALE or (entry is Entry.OPEN and not meant):
            # Some libraries take the old answer along to the page that they are led to.
            return Entry.OPEN if self.led(scope) else Entry.STALE
        return entry

    def blocked(self, scope: Scope) -> str:
        """Why somebody must not even guess the administrator password now, or nothing."""
        left = ceil(self._lockout.left(reply.host(scope), self._clock()))
        return f"{Entry.BLOCKED.value}; try again in {left} seconds" if left else ""

    def guessed(self, scope: Scope) -> None:
        """Somebody gave a wrong administrator password: a failed login."""
        self._lockout.failed(reply.host(scope), self._clock())

    async def _turn_away(self, scope: Scope, send: Send, entry: Entry) -> None:
        blocked = entry is Entry.BLOCKED
        left = ceil(self._lockout.left(reply.host(scope), self._clock()))
        machine = reply.path(scope).startswith("/api/")
        # The real phone answers with an ordinary page; programs of today get the status made for it.
        status = (429 if machine else 200) if blocked else 401
        why = f"{entry.value}; try again in {left} seconds" if blocked else entry.value
        self.denied(scope, status, why)
        headers = [(b"retry-after", str(left).encode())] if blocked else [(b"www-authenticate", self._challenge(entry))]
        if machine:
            await reply.answer_json(send, status, {"ok": False, "why": why}, headers)
        else:
            page = f"<!DOCTYPE html><html><head><title>{escape(self._realm)}</title></head><body><p>{escape(why)}</p>"
            await reply.answer(send, status, (page + "</body></html>\n").encode(), headers=headers)

    def challenge(self) -> bytes:
        """What somebody without a login is told, the value of WWW-Authenticate."""
        return self._challenge(Entry.NO_LOGIN)

    def _challenge(self, entry: Entry) -> bytes:
        if self._settings().on("http_scheme"):
            return self._digest.challenge(self._clock(), entry is Entry.STALE).encode("latin-1", "replace")
        return f'Basic realm="{self._realm}", charset="UTF-8"'.encode("latin-1", "replace")


def _is_for(uri: str, target: str) -> bool:
    """Whether Digest's `uri` means this request: absolute or not, escaped in another way, or without the query.

    Some old HTTP stacks leave the query out of what they sign.
    """
    _, scheme, rest = uri.partition("://")
    named = unquote("/" + rest.partition("/")[2] if scheme else uri, "latin-1")
    wanted = unquote(target, "latin-1")
    return named in (wanted, wanted.partition("?")[0])


def _by_basic(given: str, user: str, password: str) -> Entry:
    """RFC 7617; the charset is what the client likes, UTF-8 or Latin-1."""
    plain = reply.basic(given)
    if plain is None:
        return Entry.NO_LOGIN
    wanted = f"{user}:{password}"
    right = compare_digest(plain, _bytes(wanted)) | compare_digest(plain, wanted.encode("latin-1", "backslashreplace"))
    return Entry.OPEN if right else Entry.WRONG


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
