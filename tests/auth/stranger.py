"""Somebody else's NTLM client at our door: the SIP around its tokens and signatures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import b64decode, b64encode

from snomtui.auth.challenge import AuthLine
from snomtui.auth.doorman import Admit, Ask, Discard, Doorman, Ruling
from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.signature import Stamp, signed_text
from snomtui.sip.message import Message, Request, respond
from tests.auth.wire import PASSWORD, REALM, TARGET, request

CRAND = "1a2b3c4d"
LOGIN = r"UCC\Heiko.Riedel"


class Stranger(ABC):
    """One sign-in of a client that none of us made."""

    def __init__(
        self,
        doorman: Doorman,
        now: float,
        login: str = LOGIN,
        password: str = PASSWORD,
        *,
        cleared: Flags = Flags(0),  # noqa: B008
        version: int = 4,
    ) -> None:
        """`cleared` are flags of the offer that this client never sees."""
        self.doorman, self.now = doorman, now
        self.login, self.password = login, password
        self.cleared, self.version = cleared, version
        self.opaque, self.token = "", b""

    @abstractmethod
    def answer(self, challenge: bytes) -> bytes:
        """The AUTHENTICATE for a CHALLENGE."""

    @abstractmethod
    def sign(self, text: bytes) -> bytes:
        """The client's signature of one message."""

    @abstractmethod
    def accepts(self, text: bytes, signature: bytes) -> bool:
        """Whether the server's signature of one message is right."""

    def register(self) -> Ruling:
        """The empty step and the AUTHENTICATE; what the doorman says to it."""
        first = self.doorman.check(self._with(request("REGISTER", 2), ("gssapi-data", "")), -1, self.now)
        assert isinstance(first, Ask)
        line = AuthLine.parse(dict(first.headers)["WWW-Authenticate"])
        self.opaque = line.get("opaque") or ""
        challenge = b64decode(line.get("gssapi-data") or "")
        flags = int.from_bytes(challenge[20:24], "little") & ~int(self.cleared)
        self.token = self.answer(challenge[:20] + flags.to_bytes(4, "little") + challenge[24:])
        token = b64encode(self.token).decode()
        return self.doorman.check(self.signed(request("REGISTER", 3), 1, ("gssapi-data", token)), -1, self.now)

    def _with(self, made: Request, *more: tuple[str, str]) -> Request:
        pairs = [("qop", "auth"), ("realm", REALM), ("targetname", TARGET), *more, ("version", str(self.version))]
        return made.with_("Authorization", str(AuthLine.of("NTLM", *pairs)))

    def signed(self, made: Request, number: int, *more: tuple[str, str]) -> Request:
        """A request with credentials, and the client's signature of it."""
        text = signed_text(made, Stamp(CRAND, str(number), REALM, TARGET, self.version))
        pairs = [("opaque", self.opaque), *more, ("crand", CRAND), ("cnum", str(number))]
        return self._with(made, *pairs, ("response", self.sign(text).hex()))

    def believes(self, message: Message, line: AuthLine) -> bool:
        """Whether a message of the server has the signature that this client wants."""
        stamp = Stamp(line.raw("srand") or "", line.raw("snum") or "", REALM, TARGET, self.version)
        return self.accepts(signed_text(message, stamp), bytes.fromhex(line.get("rspauth") or ""))

    def talk(self, admitted: Admit) -> None:
        """Each side believes what the other one signs, and only that."""
        made = request("SUBSCRIBE", 10)
        for number in (2, 3):
            made = self.signed(request("SUBSCRIBE", 10 + number), number)
            assert isinstance(self.doorman.check(made, -1, self.now), Admit)
        bent = self.signed(request("SUBSCRIBE", 20), 4).with_("Expires", "901")
        assert isinstance(self.doorman.check(bent, -1, self.now), Discard)
        for _ in range(2):
            answer = self.doorman.seal(respond(made, 200, tag="s"), admitted.association, self.now)
            line = AuthLine.parse(answer.headers.get("Authentication-Info") or "")
            assert self.believes(answer, line)
            assert not self.believes(answer.with_("To", "<sip:jan@ucc.test>;tag=t"), line)
