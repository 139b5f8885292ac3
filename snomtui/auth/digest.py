"""Digest authentication (RFC 2617, RFC 7616, and RFC 2069 without qop): the client's answers and the server's door.

The door is used by SIP and by HTTP alike. Its nonces carry the time and a keyed hash, so it knows them again without
a list. What it does remember is which counts of a nonce were used, so that nobody can send credentials a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from hashlib import new as new_hash
from hmac import compare_digest
from hmac import digest as hmac_digest
from re import fullmatch

from snomtui.auth.challenge import AuthLine
from snomtui.errors import MalformedMessage
from snomtui.kit.ids import Dice
from snomtui.kit.secret import Secret

_HASHES = {"MD5": "md5", "MD5-SESS": "md5", "SHA-256": "sha256", "SHA-256-SESS": "sha256"}
_STRENGTH = ("MD5", "MD5-SESS", "SHA-256", "SHA-256-SESS")
"""The weakest first."""

WINDOW = 32
"""Requests sent side by side may arrive in another order; so far back a count may come late."""
MOST_NONCES = 4096
"""So many nonces in use are remembered."""


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _hash(algorithm: str, text: str) -> str:
    return new_hash(_HASHES[algorithm.upper()], _bytes(text), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """Everything that goes into a Digest response but the direction."""

    algorithm: str
    user: str
    realm: str
    password: str
    nonce: str
    uri: str
    qop: str | None = None
    nc: str = ""
    cnonce: str = ""

    def _ha1(self) -> str:
        plain = _hash(self.algorithm, f"{self.user}:{self.realm}:{self.password}")
        if not self.algorithm.upper().endswith("-SESS"):
            return plain
        return _hash(self.algorithm, f"{plain}:{self.nonce}:{self.cnonce}")

    def value(self, method: str) -> str:
        """The `response` for a method; with an empty method the server's `rspauth` (RFC 2617 3.2.3)."""
        ha2 = _hash(self.algorithm, f"{method}:{self.uri}")
        middle = f"{self.nc}:{self.cnonce}:{self.qop}:" if self.qop else ""
        return _hash(self.algorithm, f"{self._ha1()}:{self.nonce}:{middle}{ha2}")

    def __repr__(self) -> str:
        return f"Proof({self.algorithm}, user {self.user!r})"


@dataclass(frozen=True, slots=True)
class DigestOffer:
    """A Digest challenge that we can answer."""

    realm: str
    nonce: str
    algorithm: str | None
    """As the server spelled it; None means MD5 and is not echoed."""
    qop: str | None
    """`auth`, or None for a server of RFC 2069's days."""
    opaque: str | None
    stale: bool

    @classmethod
    def of(cls, line: AuthLine) -> DigestOffer | None:
        """Read a challenge; None if it is not Digest, lacks something, or wants what we have not."""
        realm, nonce, algorithm = line.get("realm"), line.get("nonce"), line.get("algorithm")
        if not line.is_scheme("Digest") or realm is None or nonce is None:
            return None
        if (algorithm or "MD5").upper() not in _HASHES:
            return None
        qops = line.get("qop")
        offered = {qop.strip().lower() for qop in (qops or "").split(",")}
        if qops and "auth" not in offered:
            return None
        stale = (line.get("stale") or "").lower() == "true"
        return cls(realm, nonce, algorithm, "auth" if qops else None, line.get("opaque"), stale)

    @property
    def strength(self) -> int:
        """The higher, the better the algorithm."""
        return _STRENGTH.index((self.algorithm or "MD5").upper())


@dataclass(frozen=True, slots=True)
class DigestAnswer:
    """Credentials for one request, and what the server's answer to them must say."""

    line: AuthLine
    offer: DigestOffer
    rspauth: str | None
    """What an Authentication-Info must hold if it holds a `rspauth`; None without qop."""


def answer(offer: DigestOffer, user: str, password: Secret, method: str, uri: str, nc: int, dice: Dice) -> DigestAnswer:
    """Answer a challenge for one request; `nc` counts the uses of this nonce from 1."""
    algorithm = offer.algorithm or "MD5"
    session = algorithm.upper().endswith("-SESS")
    cnonce = dice(8).hex() if offer.qop or session else ""
    count = f"{nc:08x}"
    proof = Proof(algorithm, user, offer.realm, password.reveal(), offer.nonce, uri, offer.qop, count, cnonce)
    line = AuthLine.of(
        "Digest",
        ("username", user),
        ("realm", offer.realm),
        ("nonce", offer.nonce),
        ("uri", uri),
        ("response", proof.value(method)),
        ("algorithm", offer.algorithm),
        ("cnonce", cnonce or None),
        ("opaque", offer.opaque),
        ("qop", offer.qop),
        ("nc", count if offer.qop else None),
    )
    return DigestAnswer(line, offer, proof.value("") if offer.qop else None)


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

    def __init__(self, realm: str, secret: bytes, algorithm: str = "MD5", lifetime: float = 300.0) -> None:
        """`lifetime` is how long a nonce is good, in seconds; `algorithm` one of MD5, SHA-256 and their -sess forms."""
        self.realm = realm
        self.algorithm = algorithm
        self.lifetime = lifetime
        self._secret = secret
        self._made = 0
        self._counts = _Counts(lifetime)

    def challenge(self, now: float, stale: bool = False) -> str:
        """The value of a WWW-Authenticate header; each has a nonce of its own."""
        self._made += 1
        line = AuthLine.of(
            "Digest",
            ("realm", self.realm),
            ("nonce", self._nonce(f"{max(0, int(now * 1000)):012x}{self._made & 0xFFFFFFFF:08x}")),
            ("algorithm", self.algorithm),
            ("qop", "auth"),
            ("stale", "true" if stale else None),
        )
        return str(line)

    def check(
        self, header_value: str, method: str, uri: str | None, password_of: Callable[[str], str | None], now: float
    ) -> DigestVerdict:
        """Check the value of an Authorization header; never raises for what came from the wire.

        `uri` is the request target, which the credentials must be made for; None leaves that open, because SIP proxies
        change it (RFC 3261 22.4). A wrong response is WRONG even if the nonce is old. Credentials are good for one
        request: checked a second time they are STALE.
        """
        try:
            line = AuthLine.parse(header_value)
        except MalformedMessage:
            return DigestVerdict(DigestResult.MALFORMED)
        return self.check_line(line, method, uri, password_of, now)

    def check_line(
        self, line: AuthLine, method: str, uri: str | None, password_of: Callable[[str], str | None], now: float
    ) -> DigestVerdict:
        """Like `check`, for credentials that were read already."""
        proof = self._proof(line)
        response = line.get("response")
        if proof is None or response is None:
            return DigestVerdict(DigestResult.MALFORMED)
        password = password_of(proof.user)
        good = proof.realm == self.realm and self._right(line, proof, password or "", method, response)
        if password is None or not good or (uri is not None and not _same_target(proof.uri, uri)):
            return DigestVerdict(DigestResult.WRONG, proof.user)
        fresh = self._fresh(proof, now)
        return DigestVerdict(DigestResult.OK if fresh else DigestResult.STALE, proof.user)

    def _proof(self, line: AuthLine) -> Proof | None:
        """What the credentials say, still without a password; None if something is missing or not ours."""
        user, realm, nonce, uri = (line.get(name) for name in ("username", "realm", "nonce", "uri"))
        if not line.is_scheme("Digest") or user is None or realm is None or nonce is None or uri is None:
            return None
        algorithm, qop = line.get("algorithm") or "MD5", line.get("qop")
        nc, cnonce = line.get("nc"), line.get("cnonce")
        if algorithm.upper() != self.algorithm.upper() or (qop or "auth").lower() != "auth":
            return None
        if qop and (not fullmatch("[0-9A-Fa-f]{1,8}", nc or "") or cnonce is None):
            return None
        return Proof(algorithm, user, realm, "", nonce, uri, qop, nc or "", cnonce or "")

    def _right(self, line: AuthLine, proof: Proof, password: str, method: str, response: str) -> bool:
        """Whether the response fits; a user name with a backslash may have been hashed with its escapes."""
        wanted = _bytes(response.lower())
        fits = False
        for user in {proof.user, line.raw("username") or ""}:
            made = Proof(
                proof.algorithm, user, proof.realm, password, proof.nonce, proof.uri, proof.qop, proof.nc, proof.cnonce
            )
            fits |= compare_digest(_bytes(made.value(method)), wanted)
        return fits

    def _nonce(self, stamp: str) -> str:
        return stamp + hmac_digest(self._secret, _bytes(f"{stamp}:{self.realm}"), "sha256").hex()[:32]

    def _fresh(self, proof: Proof, now: float) -> bool:
        """Whether the nonce is ours and not too old, and its count is a new one."""
        stamp = proof.nonce[:20]
        if not compare_digest(_bytes(self._nonce(stamp)), _bytes(proof.nonce)):
            return False
        made = int(stamp[:12], 16) / 1000
        if not 0 <= now - made + 1 <= self.lifetime + 1:
            return False
        return not proof.qop or self._counts.take(proof.nonce, made, int(proof.nc, 16), now)


def _same_target(given: str, wanted: str) -> bool:
    """Whether both name the same thing; a client behind a proxy may have written the absolute form."""
    if given == wanted:
        return True
    _, scheme, rest = given.partition("://")
    return bool(scheme) and f"/{rest.partition('/')[2]}" == wanted
