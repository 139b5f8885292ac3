"""The server's door for Digest (RFC 7616, RFC 8760, RFC 2617, and RFC 2069 without qop).

The door is used by SIP and by HTTP alike. Its nonces carry the time and a keyed hash, so it knows them again without
a list. What it does remember is which counts of a nonce were used, so that nobody can send credentials a second time.
The client's side is in `offer` and `realms`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from hmac import compare_digest
from hmac import digest as hmac_digest
from re import fullmatch

from snomtui.auth.challenge import AuthLine
from snomtui.auth.proof import Proof, octets, user_hash
from snomtui.errors import MalformedMessage

WINDOW = 32
"""Requests sent side by side may arrive in another order; so far back a count may come late."""
MOST_NONCES = 4096
"""So many nonces in use are remembered."""


class DigestResult(Enum):
    """What a door says to credentials."""

    OK = "ok"
    WRONG = "wrong user or password"
    STALE = "right, but for an old nonce"
    MALFORMED = "not Digest credentials"


@dataclass(frozen=True, slots=True)
class DigestVerdict:
    """The result, and the user name that was given ("" if none could be read)."""

    result: DigestResult
    user: str = ""

    @property
    def ok(self) -> bool:
        """Whether the user may come in."""
        return self.result is DigestResult.OK


class _Counts:
    """The counts (`nc`) that were used with each nonce (RFC 7616 3.4: a server keeps them to find replays)."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._used: dict[str, tuple[int, int, float]] = {}
        """For each nonce the highest count, a bit for each of the `WINDOW` counts up to it, and when it was made."""
        self._forgotten = 0.0
        """When the youngest nonce was made that had to leave for want of room."""

    def take(self, nonce: str, made: float, count: int, now: float) -> bool:
        """Use a count; False if it was used before, or if that cannot be known any more."""
        known = self._used.get(nonce)
        if known is None:
            # All of that age count as used. If the clock was set back, they do not: nobody could come in for long.
            if made <= self._forgotten <= now:
                return False
            self._make_room(now)
            self._used[nonce] = (count, 1, made)
            return True
        highest, bits, _ = known
        if count > highest:
            bits = (bits << min(count - highest, WINDOW) | 1) & (1 << WINDOW) - 1
            self._used[nonce] = (count, bits, made)
            return True
        bit = 1 << highest - count if highest - count < WINDOW else 0
        self._used[nonce] = (highest, bits | bit, made)
        return bool(bit and not bits & bit)

    def _make_room(self, now: float) -> None:
        """Forget nonces that are too old to be taken anyway; if that does not help, the one that came first."""
        while self._used:
            nonce, (_, _, made) = next(iter(self._used.items()))
            if now - made > self._lifetime:
                del self._used[nonce]
            elif len(self._used) >= MOST_NONCES:
                del self._used[nonce]
                self._forgotten = max(self._forgotten, made)
            else:
                return


class DigestDoor:
    """The server's side: any number of users, and a memory of the counts that each nonce was used with.

    A `nc` that was used already, or that lies too far behind, is STALE: an honest client asks again with the new
    nonce. Without qop (RFC 2069) there is no count, so there credentials are good until the nonce is old.
    """

    def __init__(
        self,
        realm: str,
        secret: bytes,
        algorithm: str = "MD5",
        lifetime: float = 300.0,
        *,
        qop: str = "auth",
        users: Callable[[], Iterable[str]] | None = None,
        counting: bool = True,
    ) -> None:
        """`algorithm` is MD5, SHA-256 or SHA-512-256, or a -sess form; `lifetime` of a nonce in seconds.

        Without `counting` a client may use a `nc` again as long as its response is a new one: simple programs never
        count. A response that was seen already is STALE all the same, so that nobody can send credentials twice.

        `qop` is what is offered, such as `auth,auth-int`. With `users`, all names that there are, the user name may
        come as its hash (RFC 7616 3.4.4).
        """
        self.realm = realm
        self.algorithm = algorithm
        self.lifetime = lifetime
        self._secret = secret
        self._qop, self._users = qop, users
        self._made = 0
        self._counts = _Counts(lifetime)
        self._counting = counting
        self._responses: set[str] = set()
        """Those that were seen, for nonces that were made after `_forgotten`."""
        self._forgotten = 0.0

    def challenge(self, now: float, stale: bool = False) -> str:
        """The value of a WWW-Authenticate header; each has a nonce of its own."""
        self._made += 1
        line = AuthLine.of(
            "Digest",
            ("realm", self.realm),
            ("nonce", self._nonce(f"{max(0, int(now * 1000)):012x}{self._made & 0xFFFFFFFF:08x}")),
            ("algorithm", self.algorithm),
            ("qop", self._qop),
            ("userhash", "true" if self._users else None),
            ("stale", "true" if stale else None),
        )
        return str(line)

    def check(
        self,
        header_value: str,
        method: str,
        uri: str | None,
        password_of: Callable[[str], str | None],
        now: float,
        body: bytes = b"",
    ) -> DigestVerdict:
        """Check the value of an Authorization header; never raises for what came from the wire.

        `uri` is the request target, which the credentials must be made for; None leaves that open, because SIP proxies
        change it (RFC 3261 22.4). A wrong response is WRONG even if the nonce is old. Credentials are good for one
        request: checked a second time they are STALE. The body counts with qop `auth-int`.
        """
        try:
            line = AuthLine.parse(header_value)
        except MalformedMessage:
            return DigestVerdict(DigestResult.MALFORMED)
        return self.check_line(line, method, uri, password_of, now, body)

    def check_line(
        self,
        line: AuthLine,
        method: str,
        uri: str | None,
        password_of: Callable[[str], str | None],
        now: float,
        body: bytes = b"",
    ) -> DigestVerdict:
        """Like `check`, for credentials that were read already."""
        proof = self._proof(line)
        response = line.get("response")
        if proof is None or response is None:
            return DigestVerdict(DigestResult.MALFORMED)
        password = password_of(proof.user)
        made = replace(proof, password=password or "")
        good = proof.realm == self.realm and _right(line, made, method, body, response)
        if password is None or not good or (uri is not None and not _same_target(proof.uri, uri)):
            return DigestVerdict(DigestResult.WRONG, proof.user)
        fresh = self._fresh(proof, response.lower(), now)
        return DigestVerdict(DigestResult.OK if fresh else DigestResult.STALE, proof.user)

    def _proof(self, line: AuthLine) -> Proof | None:
        """What the credentials say, still without a password; None if something is missing or not ours."""
        user, realm, nonce, uri = (line.get(name) for name in ("username", "realm", "nonce", "uri"))
        if not line.is_scheme("Digest") or user is None or realm is None or nonce is None or uri is None:
            return None
        algorithm, qop = line.get("algorithm") or "MD5", line.get("qop")
        nc, cnonce = line.get("nc"), line.get("cnonce")
        if algorithm.upper() != self.algorithm.upper() or (qop and qop.lower() not in self._qop.split(",")):
            return None
        if qop and (not fullmatch("[0-9A-Fa-f]{1,8}", nc or "") or cnonce is None):
            return None
        if (line.get("userhash") or "").lower() == "true":
            user = self._named(user)
        return Proof(algorithm, user, realm, "", nonce, uri, qop, nc or "", cnonce or "")

    def _named(self, hashed: str) -> str:
        """The user whose name has this hash; nobody has the name of a hash itself."""
        names = self._users() if self._users else ()
        given = octets(hashed.lower())
        same = (n for n in names if compare_digest(octets(user_hash(self.algorithm, n, self.realm)), given))
        return next(same, hashed)

    def _nonce(self, stamp: str) -> str:
        return stamp + hmac_digest(self._secret, octets(f"{stamp}:{self.realm}"), "sha256").hex()[:32]

    def _fresh(self, proof: Proof, response: str, now: float) -> bool:
        """Whether the nonce is ours and not too old, and its count, or else the response, is a new one."""
        stamp = proof.nonce[:20]
        if not compare_digest(octets(self._nonce(stamp)), octets(proof.nonce)):
            return False
        made = int(stamp[:12], 16) / 1000
        if not 0 <= now - made + 1 <= self.lifetime + 1:
            return False
        if not proof.qop:
            return True
        if self._counting:
            return self._counts.take(proof.nonce, made, int(proof.nc, 16), now)
        return self._is_new(response, made, now)

    def _is_new(self, response: str, made: float, now: float) -> bool:
        """Remember a response; False if it was seen before, or if that cannot be known any more."""
        if response in self._responses or made <= self._forgotten <= now:
            return False
        if len(self._responses) >= MOST_NONCES:
            self._responses.clear()
            self._forgotten = now
            return False
        self._responses.add(response)
        return True


def _right(line: AuthLine, proof: Proof, method: str, body: bytes, response: str) -> bool:
    """Whether the response fits; a user name with a backslash may have been hashed with its escapes."""
    wanted = octets(response.lower())
    written = line.raw("username") or ""
    names = {proof.user} if line.get("username") != proof.user else {proof.user, written}
    fits = [compare_digest(octets(replace(proof, user=name).value(method, body)), wanted) for name in names]
    return any(fits)


def _same_target(given: str, wanted: str) -> bool:
    """Whether both name the same thing; a client behind a proxy may have written the absolute form."""
    if given == wanted:
        return True
    _, scheme, rest = given.partition("://")
    return bool(scheme) and f"/{rest.partition('/')[2]}" == wanted
