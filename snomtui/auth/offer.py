"""Digest challenges and the client's answers to them (RFC 7616 3.3 and 3.4, RFC 8760, RFC 2069 without qop)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from unicodedata import normalize

from snomtui.auth.challenge import AuthLine, AuthParam
from snomtui.auth.proof import Proof, is_session, knows, user_hash
from snomtui.kit.ids import Dice
from snomtui.kit.secret import Secret


@dataclass(frozen=True, slots=True)
class DigestOffer:
    """A Digest challenge that we can answer. What is echoed is kept as the server wrote it, escapes and all."""

    realm: AuthParam
    nonce: AuthParam
    opaque: AuthParam | None
    algorithm: str | None
    """As the server spelled it; None means MD5 and is not echoed."""
    qop: str | None
    """`auth`, `auth-int` if only that is offered, or None for a server of RFC 2069's days."""
    stale: bool
    userhash: bool = False
    """Whether the server takes the hash of the user name (RFC 7616 3.4.4)."""
    utf8: bool = False
    """Whether it wants user and password as normalized UTF-8 (RFC 7616 4)."""

    @classmethod
    def of(cls, line: AuthLine) -> DigestOffer | None:
        """Read a challenge; None if it is not Digest, lacks something, or wants what we have not."""
        realm, nonce, algorithm = line.param("realm"), line.param("nonce"), line.get("algorithm")
        if not line.is_scheme("Digest") or realm is None or nonce is None or not knows(algorithm or "MD5"):
            return None
        offered = {qop.strip().lower() for qop in (line.get("qop") or "").split(",")} - {""}
        qop = next((one for one in ("auth", "auth-int") if one in offered), None)
        if offered and qop is None:
            return None
        says = {name: (line.get(name) or "").strip().lower() for name in ("stale", "userhash", "charset")}
        return cls(
            realm=realm,
            nonce=nonce,
            opaque=line.param("opaque"),
            algorithm=algorithm or None,
            qop=qop,
            stale=says["stale"] == "true",
            userhash=says["userhash"] == "true",
            utf8=says["charset"] == "utf-8",
        )

    def renewed(self, nonce: AuthParam) -> DigestOffer:
        """The same with the nonce of a `nextnonce` (RFC 7616 3.5)."""
        return replace(self, nonce=nonce, stale=False)

    def without_body(self) -> DigestOffer:
        """The same, answered with `auth` though `auth-int` is asked for."""
        return replace(self, qop="auth" if self.qop else None)

    @property
    def session(self) -> bool:
        """Whether the key is bound to nonce and cnonce, so that both should stay together."""
        return is_session(self.algorithm or "MD5")


@dataclass(frozen=True, slots=True, repr=False)
class DigestAnswer:
    """Credentials for one request, and what the server's answer to them must say."""

    line: AuthLine
    offer: DigestOffer
    proof: Proof

    def rspauth(self, qop: str | None, body: bytes) -> str | None:
        """What an Authentication-Info with this qop must hold as `rspauth`; None if we sent no qop (RFC 7616 3.5)."""
        if not self.proof.qop:
            return None
        given = (qop or self.proof.qop).lower()
        return replace(self.proof, qop=given if given in ("auth", "auth-int") else self.proof.qop).value("", body)


def answer(
    offer: DigestOffer,
    user: str,
    password: Secret,
    method: str,
    uri: str,
    nc: int,
    dice: Dice,
    *,
    body: bytes = b"",
    cnonce: str = "",
) -> DigestAnswer:
    """Answer a challenge for one request; `nc` counts the uses of this nonce from 1.

    The body counts with qop `auth-int`; a `cnonce` is drawn if none is given.
    """
    algorithm = offer.algorithm or "MD5"
    known = password.reveal()
    if offer.utf8:
        user, known = normalize("NFC", user), normalize("NFC", known)
    if not cnonce and (offer.qop or offer.session):
        cnonce = dice(8).hex()
    count = f"{nc:08x}"
    proof = Proof(algorithm, user, offer.realm.value, known, offer.nonce.value, uri, offer.qop, count, cnonce)
    return DigestAnswer(AuthLine("Digest", _params(offer, proof, proof.value(method, body))), offer, proof)


def _params(offer: DigestOffer, proof: Proof, response: str) -> tuple[AuthParam, ...]:
    """The parameters of an answer, those without quotes where RFC 7616 3.4 wants none."""
    hidden = offer.userhash
    name = user_hash(proof.algorithm, proof.user, proof.realm) if hidden else proof.user
    params = [AuthParam.of("username", name), offer.realm.echoed("realm"), offer.nonce.echoed("nonce")]
    params += [AuthParam.of("uri", proof.uri), AuthParam("response", response)]
    if offer.algorithm:
        params.append(AuthParam("algorithm", offer.algorithm, quoted=False))
    if proof.cnonce:
        params.append(AuthParam("cnonce", proof.cnonce))
    if offer.opaque:
        params.append(offer.opaque.echoed("opaque"))
    if offer.qop:
        params += [AuthParam("qop", offer.qop, quoted=False), AuthParam("nc", proof.nc, quoted=False)]
    if hidden:
        params.append(AuthParam("userhash", "true", quoted=False))
    return tuple(params)
