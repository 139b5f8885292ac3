"""Our side of Digest: the nonces that we hold, one for each realm, and what was answered with them (RFC 2617 3.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hmac import compare_digest

from snomtui.auth.challenge import AuthLine, lines_of
from snomtui.auth.credentials import Credentials
from snomtui.auth.digest import DigestAnswer, DigestOffer, answer
from snomtui.kit.ids import Dice
from snomtui.sip.message import Message, Request, Response

MOST_REALMS = 16
MOST_WAITING = 256
"""Requests whose answers are awaited; the oldest is forgotten."""
MOST_STALE = 3
"""How often in a row a server may call a nonce stale."""

Key = tuple[str, int, str]
_UNCHALLENGED = ("ACK", "CANCEL")
"""Methods that are never challenged (RFC 3261 22.1)."""
_INFO = {"Authorization": "Authentication-Info", "Proxy-Authorization": "Proxy-Authentication-Info"}


def key_of(message: Message) -> Key:
    """What ties an answer to its request: Call-ID and CSeq; raises `MalformedMessage`."""
    return message.call_id, message.cseq.number, message.cseq.method


@dataclass(slots=True)
class _Realm:
    """One nonce in use."""

    offer: DigestOffer
    header: str
    uses: int = 0
    taken: int = 0
    """How many answers with this nonce the server took."""
    stale: int = 0
    """How often in a row it was called stale."""


class DigestRealms:
    """Answers Digest challenges, counts, and checks the server's own proof."""

    def __init__(self, credentials: Credentials, dice: Dice) -> None:
        self._credentials = credentials
        self._dice = dice
        self._realms: dict[str, _Realm] = {}
        self._waiting: dict[Key, dict[str, DigestAnswer]] = {}

    @property
    def trusted(self) -> bool:
        """Whether a server took our answers."""
        return any(realm.taken for realm in self._realms.values())

    def add_to(self, request: Request) -> Request:
        """Add an answer for each realm that is known."""
        if request.method in _UNCHALLENGED or not self._realms:
            return request
        answers: dict[str, DigestAnswer] = {}
        headers = request.headers
        for name, realm in self._realms.items():
            realm.uses += 1
            user, password = self._credentials.realm_user, self._credentials.password
            made = answer(realm.offer, user, password, request.method, request.uri, realm.uses, self._dice)
            headers = headers.adding(realm.header, str(made.line))
            answers[name] = made
        self._waiting[key_of(request)] = answers
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        return request.with_headers(headers)

    def challenged(self, request: Request, lines: tuple[AuthLine, ...], header: str) -> bool:
        """Take the best challenge of each realm; whether it is worth to try (again)."""
        best: dict[str, DigestOffer] = {}
        for offer in filter(None, map(DigestOffer.of, lines)):
            held = best.get(offer.realm)
            if held is None or offer.strength > held.strength:
                best[offer.realm] = offer
        answered = self._waiting.pop(key_of(request), {})
        again = [self._again(offer, header, answered.get(name)) for name, offer in best.items()]
        return bool(again) and all(again)

    def _again(self, offer: DigestOffer, header: str, answered: DigestAnswer | None) -> bool:
        held = self._realms.pop(offer.realm, None)
        stale = 0
        # A second refusal of a nonce that was never taken means: wrong password. Stale ones are counted.
        if answered and held:
            stale = held.stale + 1 if offer.stale else 0
            same = answered.offer.nonce == held.offer.nonce
            if stale > MOST_STALE or (same and not offer.stale and not held.taken):
                return False
        self._realms[offer.realm] = _Realm(offer, header, stale=stale)
        if len(self._realms) > MOST_REALMS:
            del self._realms[next(iter(self._realms))]
        return True

    def doubts(self, response: Response) -> str:
        """Take a final answer: in words what is wrong with the server's proof, or ""."""
        if response.status < 200 or response.status in (401, 407):
            return ""
        wrong = ""
        for name, made in self._waiting.pop(key_of(response), {}).items():
            realm = self._realms.get(name)
            if realm is None or realm.offer.nonce != made.offer.nonce:
                continue
            infos = [line for line in lines_of(response, _INFO[realm.header]) if line.scheme.lower() in ("", "digest")]
            wrong = wrong or self._check(realm, made, infos)
        return wrong

    @staticmethod
    def _check(realm: _Realm, made: DigestAnswer, infos: list[AuthLine]) -> str:
        for info in infos:
            given = info.get("rspauth")
            if (
                made.rspauth
                and given
                and not compare_digest(given.lower().encode(errors="replace"), made.rspauth.encode())
            ):
                return "the server's Digest proof (rspauth) is wrong"
            following = info.get("nextnonce")
            if following and following != realm.offer.nonce:
                realm.offer, realm.uses = replace(realm.offer, nonce=following), 0
        realm.taken += 1
        realm.stale = 0
        return ""

    def forget(self) -> None:
        """Forget all nonces."""
        self._realms.clear()
        self._waiting.clear()
