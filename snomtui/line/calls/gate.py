"""Who may control the phone by SIP: our server or a host that is trusted, if wanted only with the password.

A request that our server passes on may have been written by anybody. Whoever shall prove to know the password of the
identity is asked for it with Digest (RFC 3261 22.2); a stranger whose request was passed on cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest

from snomtui.auth.challenge import lines_of
from snomtui.auth.digest import DigestDoor, DigestResult
from snomtui.line.desk import Desk
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, respond


class Gate:
    """The gate of one line."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._door: DigestDoor | None = None
        self.trusts: Callable[[str], bool] = lambda host: not host
        """Whether a host may control the phone, "" = our server; set by the phone."""

    def admits(self, request: Request, key: ServerKey, challenge: bool, now: float) -> bool:
        """Whether a request may be obeyed; if not, it is answered. `challenge`: only with the password."""
        if not self.trusts(self._desk.letterhead.stranger(request)):
            self._refuse(request, key, 403, now)
        elif not challenge or self._proved(request, key, now):
            return True
        return False

    def _proved(self, request: Request, key: ServerKey, now: float) -> bool:
        credentials = self._desk.account.credentials
        if not credentials.password:
            self._refuse(request, key, 403, now)
            return False
        door = self._door = self._door or self._made()
        lines = [line for line in lines_of(request, "Authorization") if line.is_scheme("Digest")]
        verdict = None
        for line in lines:
            verdict = door.check_line(line, request.method, None, self._password, now, request.body)
            if verdict.ok:
                return True
        stale = verdict is not None and verdict.result is DigestResult.STALE
        response = respond(
            request, 401, tag=self._desk.ids.tag(), headers=[("WWW-Authenticate", door.challenge(now, stale))]
        )
        self._desk.reply(key, response, now)
        return False

    def _made(self) -> DigestDoor:
        account = self._desk.account
        return DigestDoor(account.credentials.realm or account.host, self._desk.surroundings.dice(32))

    def _password(self, user: str) -> str | None:
        """The password, for whoever comes as the user of this account."""
        account = self._desk.account
        for known in (account.credentials.realm_user, account.user):
            if compare_digest(user.encode("utf-8", "replace"), known.encode("utf-8", "replace")):
                return account.credentials.password.reveal()
        return None

    def _refuse(self, request: Request, key: ServerKey, status: int, now: float) -> None:
        self._desk.log(4, f"{request.method} that wants to control the phone was refused: {status}")
        self._desk.reply(key, respond(request, status, tag=self._desk.ids.tag()), now)
