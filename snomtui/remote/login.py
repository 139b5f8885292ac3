"""The door of the web server: none, Basic or Digest, as `http_user`, `http_pass` and `http_scheme` say.

Pure ASGI middleware for HTTP and WebSocket. Settings are read at each request, so a change holds at once.
"""

from __future__ import annotations

import secrets
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from hmac import compare_digest
from html import escape
from math import ceil

from snomtui.auth.digest import DigestDoor, DigestResult
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
        self._digest = DigestDoor(realm, secrets.token_bytes(32))
        self._lockout = Lockout()
        self.denied: Denied = lambda scope, status, why: None
        self.admits: Callable[[Scope], bool] = lambda scope: False
        """Whether a request shows by itself that whoever sends it has logged in before."""

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
        if not user and not password:
            return Entry.OPEN
        host, now = _host(scope), self._clock()
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
        if not given[:7].lower().startswith("digest "):
            return Entry.NO_LOGIN
        method = scope.get("method", "GET")
        whole = reply.target(scope)

        def password_of(name: str) -> str | None:
            return password if compare_digest(_bytes(name), _bytes(user)) else None

        verdict = self._digest.check(given, method, whole, password_of, now)
        if verdict.result is DigestResult.WRONG and "?" in whole:
            # Some old HTTP stacks leave the query out of what they sign.
            verdict = self._digest.check(given, method, whole.partition("?")[0], password_of, now)
        return {
            DigestResult.OK: Entry.OPEN,
            DigestResult.STALE: Entry.STALE,
            DigestResult.WRONG: Entry.WRONG,
            DigestResult.MALFORMED: Entry.NO_LOGIN,
        }[verdict.result]

    async def _turn_away(self, scope: Scope, send: Send, entry: Entry) -> None:
        blocked = entry is Entry.BLOCKED
        left = ceil(self._lockout.left(_host(scope), self._clock()))
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

    def _challenge(self, entry: Entry) -> bytes:
        if self._settings().on("http_scheme"):
            return self._digest.challenge(self._clock(), entry is Entry.STALE).encode("latin-1", "replace")
        return f'Basic realm="{self._realm}", charset="UTF-8"'.encode("latin-1", "replace")


def _by_basic(given: str, user: str, password: str) -> Entry:
    """RFC 7617; the charset is what the client likes, UTF-8 or Latin-1."""
    scheme, _, token = given.strip().partition(" ")
    if scheme.lower() != "basic":
        return Entry.NO_LOGIN
    try:
        plain = b64decode(token.strip() + "==")
    except ValueError:
        return Entry.NO_LOGIN
    wanted = f"{user}:{password}"
    right = compare_digest(plain, _bytes(wanted)) | compare_digest(plain, wanted.encode("latin-1", "backslashreplace"))
    return Entry.OPEN if right else Entry.WRONG


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _host(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
