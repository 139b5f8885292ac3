"""Our side of Digest: the nonces that we hold, one for each realm, and what was answered with them (RFC 7616 3.3, 3.6).

Who gets an answer without asking again: a proxy that has asked before, over the connection to our server; a registrar
or far end that has asked before, in requests to the same domain or in the same dialog. Nobody else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from typing import TypeVar

from snomtui.auth.challenge import AuthLine, lines_of
from snomtui.auth.credentials import Credentials
from snomtui.auth.offer import DigestAnswer, DigestOffer, answer
from snomtui.errors import MalformedMessage
from snomtui.kit.ids import Dice
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request, Response

MOST_REALMS = 16
MOST_CALLS = 256
"""Calls of which is remembered that they know a realm; the oldest is forgotten."""
MOST_WAITING = 1024
"""Requests whose answers are awaited; the oldest is forgotten."""
MOST_STALE = 3
"""How often a server may call the nonces of one request stale."""
MOST_ROUNDS = 6
"""How many challenges to one request are answered: a proxy, a registrar and some old nonces."""

WRONG = "wrong user name or password"
TIRED = "the server asks for credentials again and again"

Key = tuple[str, int, str]
Place = tuple[str, str]
"""Our header and the realm: the same realm may ask as a proxy and as a registrar."""
PROXY = "Proxy-Authorization"
_K = TypeVar("_K")
_V = TypeVar("_V")
_INFO = {"Authorization": "Authentication-Info", PROXY: "Proxy-Authentication-Info"}


def key_of(message: Message) -> Key:
    """What ties an answer to its request: Call-ID and CSeq; raises `MalformedMessage`."""
    return message.call_id, message.cseq.number, message.cseq.method


@dataclass(slots=True)
class _Realm:
    """One nonce in use."""

    offer: DigestOffer
    host: str
    """The domain of the request that was challenged."""
    away: bool
    """Whether that went past our server, straight to somebody else."""
    calls: dict[str, None] = field(default_factory=dict)
    """Calls in which this realm has asked, or got an answer."""
    cnonce: str = ""
    """With -sess one for the whole session; else each answer has its own."""
    uses: int = 0
    taken: bool = False
    """Whether the server took an answer with this nonce."""
    lax: bool = False
    """Whether `auth` is answered where `auth-int` is asked for: Kamailio offers that, but cannot check it."""

    def fits(self, header: str, request: Request, away: bool) -> bool:
        """Whether the request may carry an answer for this realm though nobody has asked yet."""
        if away is not self.away:
            return False
        if header == PROXY and not away:
            return True
        return _host(request) == self.host or bool(request.to.tag and request.call_id in self.calls)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request that went out, and what became of the ones before it that were challenged."""

    answers: Mapping[Place, DigestAnswer] = field(default_factory=dict)
    rounds: int = 0
    stale: int = 0
    refused: frozenset[Place] = frozenset()
    """Realms that have refused an answer, and not because it was stale."""


class DigestRealms:
    """Answers Digest challenges, counts, and checks the server's own proof."""

    def __init__(self, credentials: Credentials, dice: Dice) -> None:
        self._credentials = credentials
        self._dice = dice
        self._realms: dict[Place, _Realm] = {}
        self._waiting: dict[Key, _Sent] = {}
        self._again: dict[tuple[str, str], _Sent] = {}
        """What the next request of a call and method follows: the one that was just challenged."""
        self._invites: dict[tuple[str, int], tuple[bool, tuple[Item, ...]]] = {}
        """The credentials of INVITEs by Call-ID and number, for their ACKs."""

    @property
    def trusted(self) -> bool:
        """Whether a server took our answers."""
        return any(realm.taken for realm in self._realms.values())

    # -- going out

    def add_to(self, request: Request, away: bool) -> Request:
        """Add an answer for each realm that may have one; `away`: it goes past our server to somebody else."""
        before = self._again.pop((request.call_id, request.method), _Sent())
        answers: dict[Place, DigestAnswer] = {}
        for place, realm in self._realms.items():
            if realm.fits(place[0], request, away):
                answers[place] = self._answer(realm, request)
            elif not request.to.tag:
                realm.calls.pop(request.call_id, None)  # the call goes on elsewhere, with the same Call-ID
        if answers or before.rounds:
            _put(self._waiting, key_of(request), replace(before, answers=answers), MOST_WAITING)
        if not answers:
            return request
        items = tuple((header, str(made.line)) for (header, _), made in answers.items())
        if request.method == "INVITE":
            _put(self._invites, (request.call_id, request.cseq.number), (away, items), MOST_CALLS)
        return _with(request, items)

    def acknowledge(self, ack: Request, away: bool) -> Request:
        """Give the ACK to a 2xx the credentials of its INVITE, as they were (RFC 3261 13.2.2.4, 22.1)."""
        there, items = self._invites.get((ack.call_id, ack.cseq.number), (away, ()))
        return _with(ack, items) if there is away else ack

    def _answer(self, realm: _Realm, request: Request) -> DigestAnswer:
        realm.uses += 1
        _put(realm.calls, request.call_id, None, MOST_CALLS)
        if realm.offer.session and not realm.cnonce:
            realm.cnonce = self._dice(8).hex()
        return answer(
            realm.offer,
            self._credentials.realm_user,
            self._credentials.password,
            request.method,
            request.uri,
            realm.uses,
            self._dice,
            body=request.body,
            cnonce=realm.cnonce,
        )

    # -- challenges

    def follow(self, request: Request) -> None:
        """A request was challenged: the next one of its call and method follows it, unless `close` is called."""
        sent = self._waiting.pop(key_of(request), _Sent())
        _put(self._again, (request.call_id, request.method), replace(sent, rounds=sent.rounds + 1), MOST_WAITING)

    def close(self, request: Request) -> None:
        """The request is not made again."""
        self._again.pop((request.call_id, request.method), None)

    def challenged(self, request: Request, offers: Mapping[Place, DigestOffer], away: bool) -> str:
        """Take the challenges to a request, one for each realm: "" to try again, or in words why not (RFC 3261 22.3).

        The same credentials go once more only if their nonce was stale, or had been taken before, or if they were
        bound to the body: some servers that want `auth-int` only know `auth`.
        """
        chain = (request.call_id, request.method)
        sent = self._again.get(chain, _Sent())
        for passed in sent.answers.keys() - offers.keys():
            if passed in self._realms:
                self._realms[passed].taken = True  # another one asks now, so this one was content
        worth = [place for place, offer in offers.items() if self._worth(place, offer, sent)]
        refused = {place for place in offers if place in sent.answers and not offers[place].stale}
        stale = any(offer.stale for place, offer in offers.items() if place in sent.answers)
        self._again[chain] = replace(sent, stale=sent.stale + stale, refused=sent.refused | refused)
        for each, offer in offers.items():
            self._hold(each, offer, request, away, wanted=each in worth, refused=sent.answers.get(each))
        if sent.rounds > MOST_ROUNDS:
            return TIRED
        if worth:
            return ""
        return TIRED if stale else WRONG

    def _worth(self, place: Place, offer: DigestOffer, sent: _Sent) -> bool:
        """Whether an answer to this challenge may be taken."""
        made = sent.answers.get(place)
        if made and offer.stale:
            return sent.stale < MOST_STALE
        if place in sent.refused:
            return False
        if made is None:
            return True
        held = self._realms.get(place)
        if held and _bound(made):
            return True
        # Another request may have brought a new nonce since. A nonce that was never taken means: wrong password.
        return held is not None and (held.offer.nonce.value != made.offer.nonce.value or held.taken)

    def _hold(
        self,
        place: Place,
        offer: DigestOffer,
        request: Request,
        away: bool,
        *,
        wanted: bool,
        refused: DigestAnswer | None,
    ) -> None:
        held = self._realms.pop(place, None)
        if not wanted:
            return
        made = _Realm(offer, _host(request), away)
        if held:
            made.lax = held.lax or bool(refused and _bound(refused) and not offer.stale and not held.taken)
            made.calls = held.calls
            if held.offer.nonce.value == offer.nonce.value:  # counts of one nonce never go back
                made.uses, made.cnonce = held.uses, held.cnonce
        if made.lax:
            made.offer = offer.without_body()
        _put(made.calls, request.call_id, None, MOST_CALLS)
        _put(self._realms, place, made, MOST_REALMS)

    # -- coming in

    def doubts(self, response: Response) -> str:
        """Take an answer that is no challenge: in words what is wrong with the server's proof, or ""."""
        if response.status == 100 or response.status in (401, 407):
            return ""
        key = key_of(response)
        sent = self._waiting.get(key, _Sent())
        infos = {header: _infos(response, name) for header, name in _INFO.items()} if sent.answers else {}
        for header, said in infos.items():
            # A header that both realms of one request share may be about either.
            ours = [made for (asked, _), made in sent.answers.items() if asked == header]
            if ours and not all(any(_is_right(info, made, response) for made in ours) for info in said):
                return "the server's Digest proof (rspauth) is wrong"
        for place, made in sent.answers.items():
            realm = self._realms.get(place)
            if realm and realm.offer.nonce.value == made.offer.nonce.value:
                mine = [info for info in infos[place[0]] if _is_right(info, made, response)]
                self._took(realm, mine, response.status)
        if response.status >= 200:
            self._waiting.pop(key, None)
        return ""

    @staticmethod
    def _took(realm: _Realm, infos: list[AuthLine], status: int) -> None:
        """The server has dealt with a request; a refusal such as 403 may be one of the password."""
        realm.taken = realm.taken or status < 400
        following = next((nonce for info in infos if (nonce := info.param("nextnonce")) and nonce.value), None)
        if following and following.value != realm.offer.nonce.value:
            realm.offer, realm.uses, realm.cnonce = realm.offer.renewed(following), 0, ""

    def forget(self) -> None:
        """Forget all nonces."""
        self._realms.clear()
        self._waiting.clear()
        self._again.clear()
        self._invites.clear()


def _put(held: dict[_K, _V], key: _K, value: _V, most: int) -> None:
    """Put an entry in as the youngest; the oldest leaves if there are too many."""
    held.pop(key, None)
    held[key] = value
    if len(held) > most:
        del held[next(iter(held))]


def _with(request: Request, items: tuple[Item, ...]) -> Request:
    for name, value in items:
        request = request.adding(name, value)
    return request


def _host(request: Request) -> str:
    try:
        return request.target.host.lower()
    except MalformedMessage:
        return ""


def _bound(made: DigestAnswer) -> bool:
    return made.proof.qop == "auth-int"


def _infos(response: Response, name: str) -> list[AuthLine]:
    return [line for line in lines_of(response, name) if line.scheme.lower() in ("", "digest")]


def _is_right(info: AuthLine, made: DigestAnswer, response: Response) -> bool:
    """Whether a server that proves itself does so rightly (RFC 7616 3.5)."""
    given = info.get("rspauth")
    wanted = made.rspauth(info.get("qop"), response.body) if given else None
    return not given or not wanted or compare_digest(given.lower().encode(errors="replace"), wanted.encode())
