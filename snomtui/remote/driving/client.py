"""One HTTP exchange with a phone, as phones really answer: the login they ask for, closed connections, odd bodies.

The only module of the house that imports httpx; others have it from here. Slow to import: import it late.
"""

from __future__ import annotations

import re
import ssl
import sys
from base64 import b64encode
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import monotonic
from typing import Any, cast
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from snomtui.errors import LocalError, RemoteError, Unreachable
from snomtui.remote.driving.strangers import named

_nothing = cast(Any, None)
# The command line of httpx, with all that it loads, is half of its loading time, and nobody here needs it.
sys.modules.setdefault("httpx._main", _nothing)
import httpx as httpx  # noqa: E402

if sys.modules["httpx._main"] is None:
    del sys.modules["httpx._main"]

LONGEST = 1 << 20
"""So many bytes of an answer are read; more are left alone."""

Tls = Callable[[str], ssl.SSLContext]
"""How to talk TLS to `host:port`."""


class Refused(RemoteError):
    """The phone, or what stands at its address, said no; exit code 1.

    Its text may have words of the other side, which move no cursor and begin no line here.
    """

    def __init__(self, why: str) -> None:
        super().__init__(harmless(why))


class NotASnom(Refused):
    """Something answered, but no snom phone with remote control."""


class Unanswered(Unreachable):
    """The request went out, and no answer came; what it asked for may have been done."""

    def __init__(self, why: str, closed: bool) -> None:
        super().__init__(why)
        self.closed = closed
        """Whether the other side closed the connection in peace, as some firmware does after a command."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    """Where it came from."""

    @property
    def text(self) -> str:
        """The body as text, whatever it holds."""
        return self.body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        """Where a redirect leads to, whole; empty if it is none."""
        to = self.headers.get("location", "")
        try:
            return urljoin(self.url, to) if 300 <= self.status < 400 and to else ""
        except ValueError:
            return ""


class Client:
    """One web server. A new connection for each request: then one that is closed without an answer has one meaning."""

    def __init__(self, url: str, user: str = "", password: str = "", timeout: float = 5.0, tls: Tls | None = None):
        """`url` such as `http://192.0.2.7`, with or without the login in it; raises `LocalError` if it is none."""
        base = _base(url)
        self.where = base.netloc.rpartition("@")[2]
        self.base = f"{base.scheme}://{self.where}"
        self.secure = base.scheme == "https"
        self._user = user or unquote(base.username or "")
        self._password = password or unquote(base.password or "")
        self.has_login = bool(self._user or self._password)
        self._timeout, self._tls = timeout, tls
        port = base.port or (443 if self.secure else 80)
        context = tls(f"{base.hostname}:{port}") if tls and self.secure else trusting()
        self._http = httpx.Client(
            auth=_Login(self._user, self._password, self.where) if self.has_login else None,
            timeout=timeout,
            trust_env=False,
            verify=context,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "snomtui", "Connection": "close", "Accept-Encoding": "identity"},
        )

    def at(self, url: str) -> Client:
        """The same phone at its other port."""
        parts = urlsplit(url)
        return Client(f"{parts.scheme}://{parts.netloc}", self._user, self._password, self._timeout, self._tls)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def ask(self, method: str, target: str, body: bytes | None = None, kind: str = "") -> Answered:
        """One request and its answer; nothing is followed, and sent again only with the login that was asked for.

        Raises `Unreachable` if nothing was sent, `Unanswered` if no answer came.
        """
        try:
            with self._http.stream(
                method,
                urljoin(self.base, target),
                content=body,
                headers={"Content-Type": kind} if kind else None,
                extensions={"trace": _patient(2 * self._timeout)},
            ) as answer:
                return Answered(answer.status_code, answer.headers, self._body(answer), str(answer.url))
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise self.unreachable(error) from None

    def stream(self, target: str, headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
        """An answer without an end, such as an event stream; raises what httpx raises."""
        patient = httpx.Timeout(self._timeout, read=60.0)  # four heartbeats
        return self._http.stream("GET", f"{self.base}{target}", headers=headers, timeout=patient)

    def unreachable(self, error: Exception) -> Unreachable:
        """Why there is no answer, in words."""
        if isinstance(error, httpx.ConnectTimeout):
            return Unreachable(f"no answer from {self.where}")
        if isinstance(error, httpx.ConnectError):
            return Unreachable(f"could not connect to {self.where}: {_innermost(error)}{_old_tls(error)}")
        if isinstance(error, httpx.TimeoutException):
            return Unanswered(f"no answer from {self.where}", closed=False)
        closed = isinstance(error, httpx.ReadError) or "without sending a response" in str(error)
        return Unanswered(f"{self.where} closed the connection without a proper answer", closed)

    def _body(self, answer: httpx.Response) -> bytes:
        """What came of the body: the status counts, and small servers count their bytes wrong or never end."""
        read, end = bytearray(), monotonic() + self._timeout
        try:
            for piece in answer.iter_raw():
                read += piece
                if len(read) > LONGEST or monotonic() > end:
                    break
        except httpx.TransportError:
            pass
        return bytes(read[:LONGEST])


class _Login(httpx.Auth):
    """Basic or Digest, as the phone asks for; nothing is sent before it asks, and never to another make.

    Answers are not read here: the one to `watch` has no end.
    """

    def __init__(self, user: str, password: str, where: str) -> None:
        self._user, self._password, self._where = user, password, where

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send; if a login is asked for, send once more with it."""
        answer = yield request
        if answer.status_code != 401:
            return
        asked = ", ".join(answer.headers.get_list("www-authenticate"))
        stranger = named(f"{asked} {answer.headers.get('server', '')}")
        if stranger:
            raise NotASnom(f"{self._where}: {stranger}; the login was not sent to it")
        digest = re.search(r"\bdigest\s.*", asked, re.IGNORECASE | re.DOTALL)
        if digest:
            yield self._by_digest(request, digest[0])
        elif re.search(r"\bbasic\b", asked, re.IGNORECASE):
            token = b64encode(f"{self._user}:{self._password}".encode()).decode("ascii")
            request.headers["Authorization"] = f"Basic {token}"
            yield request

    def _by_digest(self, request: httpx.Request, asked: str) -> httpx.Request:
        try:
            return with_digest(request, asked, self._user, self._password)
        except ValueError:
            raise Refused(f"{self._where}: asks for a kind of Digest login that is not known here") from None


def with_digest(request: httpx.Request, asked: str, user: str, password: str) -> httpx.Request:
    """The same request with the answer to a challenge that begins with `Digest`; others may follow it.

    Raises ValueError for a kind of Digest that is not known here.
    """
    challenge = re.split(r",\s*(?:basic|negotiate|ntlm|bearer)\b", asked, maxsplit=1, flags=re.IGNORECASE)[0]
    flow = httpx.DigestAuth(user, password).auth_flow(request)
    next(flow)  # its first, bare request is the one that we have sent already
    try:
        return flow.send(httpx.Response(401, headers={"WWW-Authenticate": challenge}, request=request))
    except (StopIteration, NotImplementedError, KeyError, httpx.ProtocolError):
        raise ValueError("a kind of Digest that is not known here") from None


def _patient(seconds: float) -> Callable[[str, Mapping[str, Any]], None]:
    """Has a connection end after so long, however often a byte comes: httpx bounds each single read only."""

    def trace(event: str, told: Mapping[str, Any]) -> None:
        if event not in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            return
        stream, end = told["return_value"], monotonic() + seconds
        read = stream.read

        def bounded(most: int, timeout: float | None = None) -> bytes:
            left = end - monotonic()
            if left <= 0:
                raise httpx.ReadTimeout("too slow")
            return cast(bytes, read(most, min(left, timeout or left)))

        stream.read = bounded

    return trace


def harmless(text: str) -> str:
    """A text of the other side in one line, without characters that a terminal obeys."""
    return "".join(each if each.isprintable() else "?" for each in " ".join(text.split()))


def trusting() -> ssl.SSLContext:
    """Phones have certificates that they signed themselves, so nothing is checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _base(url: str) -> SplitResult:
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        good = None
    if not good or not text.isprintable() or " " in text:
        shown = re.sub(r"//[^/@]*@", "//", text)
        raise LocalError(f"{shown!r} is not the address of a phone; write http://HOST or http://HOST:PORT")
    return parts


def _innermost(error: BaseException) -> str:
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message or error.reason}"
    if isinstance(error, ssl.SSLError):
        return (error.reason or "TLS failed").lower().replace("_", " ")
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text or type(error).__name__


def _old_tls(error: BaseException) -> str:
    """What to do about a phone that speaks nothing newer than it is itself."""
    old = re.search(r"unsupported protocol|protocol version|key too small|md too weak", str(error), re.IGNORECASE)
    return " (an old phone? try --tls-minimum 1.0)" if old else ""
