"""Asks an EST server for certificates (RFC 7030). Slow to import: import it late.

Knows HTTP and Base64; what stands in a request or a certificate is the caller's business.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from base64 import b64decode, encodebytes
from binascii import Error as NotBase64
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from snomtui.errors import LocalError, RemoteError, Unreachable
from snomtui.remote.driving.client import httpx, with_digest

WELL_KNOWN = "/.well-known/est"
TIME = 20.0
"""Seconds that one exchange may take."""
LARGEST = 256 * 1024
"""Bytes of an answer."""


class EstRefused(RemoteError):
    """The server said no; `login` tells whether it is the login that is wrong or missing."""

    def __init__(self, why: str, login: bool = False) -> None:
        super().__init__(why)
        self.login = login


class EstLater(RemoteError):
    """The server has yet to decide: ask again after so many seconds (RFC 7030 4.2.3, 202)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"somebody has yet to approve it; the server wants to be asked again in {seconds:.0f} seconds")
        self.seconds = seconds


class EstClient:
    """One EST server. Use as an async context manager."""

    def __init__(self, url: str, label: str, tls: ssl.SSLContext, user: str = "", password: str = "") -> None:
        """`tls` says whom to believe and may show a certificate of ours; the login is sent when it is asked for.

        Raises `LocalError` for a URL that is none.
        """
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise LocalError(f"sim_est_url: {error}") from None
        path = parts.path.rstrip("/")
        root = path if WELL_KNOWN in path else path + WELL_KNOWN
        self._base = f"https://{parts.netloc}{root}" + (f"/{label}" if label else "")
        self.where = parts.netloc
        """`host:port`, for people."""
        self._user, self._password = user, password
        self._http = httpx.AsyncClient(timeout=TIME, trust_env=False, verify=tls, headers={"User-Agent": "snomtui"})

    async def __aenter__(self) -> EstClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def authorities(self) -> bytes:
        """The certificates of the authority, PKCS#7 in DER (RFC 7030 4.1); raises `RemoteError`."""
        return await self._asked("GET", "cacerts")

    async def enrol(self, request: bytes, again: bool = False) -> bytes:
        """The certificate for a PKCS#10 request in DER, as PKCS#7 in DER (RFC 7030 4.2).

        `again` renews the certificate that was shown. Raises `EstLater`, `EstRefused` or `Unreachable`.
        """
        return await self._asked("POST", "simplereenroll" if again else "simpleenroll", encodebytes(request))

    async def _asked(self, method: str, what: str, body: bytes | None = None) -> bytes:
        try:
            async with asyncio.timeout(TIME):
                answer, content = await self._exchange(method, what, body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise Unreachable(f"{self.where}: {_words(error)}") from None
        return self._content(what, answer, content)

    async def _exchange(self, method: str, what: str, body: bytes | None) -> tuple[httpx.Response, bytes]:
        kind = {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"} if body else {}
        request = self._http.build_request(method, f"{self._base}/{what}", content=body, headers=kind)
        answer, content = await self._sent(request)
        if answer.status_code != 401 or not (self._user or self._password):
            return answer, content
        return await self._sent(self._logged_in(request, ", ".join(answer.headers.get_list("www-authenticate"))))

    def _logged_in(self, request: httpx.Request, asked: str) -> httpx.Request:
        """The same request with the login that was asked for: Digest rather than Basic, which is read on its way."""
        digest = re.search(r"\bdigest\s.*", asked, re.IGNORECASE | re.DOTALL)
        if digest:
            try:
                return with_digest(request, digest[0], self._user, self._password)
            except ValueError as error:
                raise EstRefused(f"{self.where} asks for {error}", login=True) from None
        if asked and not re.search(r"\bbasic\b", asked, re.IGNORECASE):
            raise EstRefused(f"{self.where} asks for a login that is neither Basic nor Digest", login=True)
        return next(httpx.BasicAuth(self._user, self._password).auth_flow(request))

    async def _sent(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        answer = await self._http.send(request, stream=True)
        whole = bytearray()
        try:
            async for piece in answer.aiter_bytes():
                whole += piece
                if len(whole) > LARGEST:
                    raise httpx.ReadError("the answer is too large")
        finally:
            await answer.aclose()
        return answer, bytes(whole)

    def _content(self, what: str, answer: httpx.Response, content: bytes) -> bytes:
        status = answer.status_code
        if status == 202:
            raise EstLater(_seconds(answer.headers))
        if status in (401, 403):
            said = "a login is needed" if not self._user and status == 401 else "the login is refused"
            raise EstRefused(f"{self.where}: {said}{_reason(content)}", login=True)
        if status != 200:
            raise EstRefused(f"{self.where} refused {what} with {status}{_reason(content)}")
        kind = answer.headers.get("content-type", "").lower()
        if "pkcs7" not in kind:
            raise EstRefused(f"{self.where} answered {what} with {kind[:60] or 'nothing'}; it is no EST server")
        if b"-----BEGIN" in content[:100]:
            return content  # PEM, against the RFC; whoever reads certificates knows it
        try:
            # RFC 8951 3: always Base64, whatever the transfer encoding says; some send it plain all the same.
            return content if content[:1] == b"\x30" and content[1:2] >= b"\x80" else b64decode(content)
        except NotBase64:
            raise EstRefused(f"{self.where} answered {what} with something else than Base64") from None


def _seconds(headers: Mapping[str, str]) -> float:
    """How long to wait: seconds or a date (RFC 9110 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        then, now = parsedate_to_datetime(text), parsedate_to_datetime(headers["date"])
        return max(0.0, (then - now).total_seconds())
    except (ValueError, KeyError, TypeError):
        return 60.0


def _reason(content: bytes) -> str:
    """What the server said to it, if that is a line for people."""
    text = content[:200].decode("utf-8", "replace").strip()
    return f" ({text})" if text.isprintable() and text and not text.startswith("<") else ""


def _words(error: BaseException) -> str:
    text = str(error)
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "no answer in time"
    if "CERTIFICATE_VERIFY" in text:
        why = text.partition("verify failed: ")[2].partition(" (_ssl")[0]
        return f"its certificate is not trusted ({why}); sim_est_ca_file names its authority"
    return text or type(error).__name__
