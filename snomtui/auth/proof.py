"""The arithmetic of Digest (RFC 7616 3.4, RFC 8760): hashes, the `response`, `rspauth`, the hash of a user name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import algorithms_available, md5, sha256
from hashlib import new as new_hash

_HASHES: dict[str, Callable[[bytes], str]] = {
    "MD5": lambda raw: md5(raw, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda raw: sha256(raw).hexdigest(),
}
if "sha512_256" in algorithms_available:
    _HASHES["SHA-512-256"] = lambda raw: new_hash("sha512_256", raw).hexdigest()
"""SHA-512-256 comes from OpenSSL; where that has it not, it counts as unknown."""
_SESSION = "-SESS"


def knows(algorithm: str) -> bool:
    """Whether we can compute this algorithm, in any spelling, with or without `-sess`."""
    return algorithm.isascii() and algorithm.upper().removesuffix(_SESSION) in _HASHES


def is_session(algorithm: str) -> bool:
    """Whether the key is bound to nonce and cnonce (RFC 7616 3.4.2)."""
    return algorithm.upper().endswith(_SESSION)


def octets(text: str) -> bytes:
    """A text as it stands on the wire; bytes that were no UTF-8 come out as they came in."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def digest(algorithm: str, data: str | bytes) -> str:
    """H() of RFC 7616, in lower case hexadecimal; the algorithm must be one that we know."""
    raw = octets(data) if isinstance(data, str) else data
    return _HASHES[algorithm.upper().removesuffix(_SESSION)](raw)


def user_hash(algorithm: str, user: str, realm: str) -> str:
    """What stands for the user name when the server wants it hidden (RFC 7616 3.4.4)."""
    return digest(algorithm, f"{user}:{realm}")


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """Everything that goes into a Digest response but the direction and the body."""

    algorithm: str
    user: str
    """In clear, even if its hash stands in the header."""
    realm: str
    password: str
    nonce: str
    uri: str
    qop: str | None = None
    nc: str = ""
    cnonce: str = ""

    def _ha1(self) -> str:
        plain = digest(self.algorithm, f"{self.user}:{self.realm}:{self.password}")
        if not is_session(self.algorithm):
            return plain
        return digest(self.algorithm, f"{plain}:{self.nonce}:{self.cnonce}")

    def value(self, method: str, body: bytes = b"") -> str:
        """The `response` for a method; with an empty method the server's `rspauth` (RFC 7616 3.5).

        The body counts with qop `auth-int` only.
        """
        a2 = f"{method}:{self.uri}"
        if (self.qop or "").lower() == "auth-int":
            a2 = f"{a2}:{digest(self.algorithm, body)}"
        middle = f"{self.nc}:{self.cnonce}:{self.qop}:" if self.qop else ""
        return digest(self.algorithm, f"{self._ha1()}:{self.nonce}:{middle}{digest(self.algorithm, a2)}")

    def __repr__(self) -> str:
        return f"Proof({self.algorithm}, user {self.user!r})"
