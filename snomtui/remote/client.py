"""Commands any snom phone over HTTP, real or simulated: `snomtui dial, press, hangup, answer, status, watch`.

The only module of the house that imports httpx; `getter` has it from here.
"""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import httpx as httpx

from snomtui.errors import LocalError, RemoteError, Unreachable
from snomtui.phone.intents import Answer, Dial, HangUp, Intent
from snomtui.remote import commands
from snomtui.remote.intentjson import BadIntent, Object, decode, encode, object_of
from snomtui.remote.keys import presses
from snomtui.remote.readback import events, in_words, lines_of, text_of

REFUSAL = "x-phone-refusal"
_INTENTS = "/api/v1/intents"


class Refused(RemoteError):
    """The phone, or what stands at its address, said no; exit code 1."""


class NotASnom(Refused):
    """Something answered, but no snom phone with remote control."""


def dialable(number: str) -> str:
    """A number as every firmware dials it: `tel:` and `callto:` taken off, and the separators that people write."""
    text = number.strip()
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("tel", "callto"):
        text = unquote(rest).partition(";")[0].removeprefix("//").strip()
    if re.search(r"[@A-Za-z]", text):
        return text  # an address or a name
    without_trunk = re.sub(r"(?<=\d)\s*\(0\)", "", text) if text.startswith(("+", "00")) else text
    return re.sub(r"[\s()/.\-\u00a0]", "", without_trunk) or text


class Remote:
    """One phone, by its address. Use as a context manager, or call `close`."""

    def __init__(self, url: str, user: str = "", password: str = "", timeout: float = 5.0) -> None:
        """`url` such as `http://192.0.2.7`, with or without the login in it; raises `LocalError` if it is none."""
        base = _base(url)
        self._base = f"{base.scheme}://{base.netloc.rpartition('@')[2]}"
        self._where = base.netloc.rpartition("@")[2]
        user = user or unquote(base.username or "")
        password = password or unquote(base.password or "")
        self._has_login = bool(user or password)
        self._http = httpx.Client(
            auth=_Login(user, password) if self._has_login else None,
            timeout=timeout,
            trust_env=False,
            verify=trusting(),
            headers={"User-Agent": "snomtui"},
        )

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def dial(self, number: str, outgoing: str = "") -> None:
        """Call a number or SIP address, from the identity `outgoing` (`user@host`) or the active one."""
        wanted = dialable(number)
        if not wanted:
            raise LocalError("no number given")
        self._command([Dial(wanted)], outgoing)

    def press(self, keys: str) -> None:
        """Press keys, `K;K,PRESS,PAUSE;...`; raises `BadKeys` before anything is sent."""
        self._command(presses(keys))

    def hangup(self, every: bool = False) -> None:
        """End the call on the display, or every call."""
        if every or not self._done_by_wish(HangUp()):
            self._command([HangUp(every=every)])

    def answer(self) -> None:
        """Take the ringing call."""
        if not self._done_by_wish(Answer()):
            self._command([Answer()])

    def phone(self) -> Object | None:
        """The whole phone as our own API tells it; None for a real snom, which has no such thing."""
        answer = self._get("/api/v1/phone")
        if answer.status_code != 200 or not answer.headers.get("content-type", "").startswith("application/json"):
            if answer.status_code in (403, 429):
                raise Refused(f"{self._where}: {_why(answer)}")
            return None
        try:
            return decode(answer.content)
        except BadIntent:
            return None

    def status(self) -> str:
        """The phone in a few lines of words, from its API or from its information page."""
        phone = self.phone()
        if phone is not None:
            return in_words(phone)
        answer = self._get("/info.htm")
        if answer.status_code == 404:
            answer = self._get("/index.htm")
        text = text_of(answer.text)
        if answer.status_code != 200 or not re.search(r"snom", answer.text, re.IGNORECASE):
            raise NotASnom(f"{self._where}: this is no snom phone (answer {answer.status_code})")
        return text

    def watch(self) -> Iterator[Object]:
        """The events of a simulated phone, until it ends them; takes up a broken stream where it broke."""
        last, silent = "", 0
        while silent < 3:
            silent += 1
            try:
                with self._stream(last) as answer:
                    self._check_stream(answer)
                    for number, event in events(lines_of(answer.iter_text()), last):
                        last, silent = number, 0
                        yield event
                return
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise self._unreachable(error) from None
            except httpx.TransportError as error:
                broken = error  # once more; if nobody is there any more, that attempt says so
        raise self._unreachable(broken)

    def _stream(self, last: str) -> AbstractContextManager[httpx.Response]:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        patient = httpx.Timeout(self._http.timeout.connect, read=60.0)  # four heartbeats
        return self._http.stream("GET", f"{self._base}/api/v1/events", headers=headers, timeout=patient)

    def _check_stream(self, answer: httpx.Response) -> None:
        if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/event-stream"):
            return
        answer.read()
        self._check_login(answer)
        if answer.headers.get("content-type", "").startswith("application/json"):
            raise Refused(f"{self._where}: {_why(answer)}")
        raise NotASnom(f"{self._where}: only a simulated phone can be watched (answer {answer.status_code})")

    def _done_by_wish(self, wish: Intent) -> bool:
        """Ask a simulated phone for just this; False if a real snom stands there, which knows keys only.

        A key may mean something else: ENTER at an idle phone dials the last number again. Raises `Refused`.
        """
        try:
            answer = self._send("POST", _INTENTS, object_of(wish))
            moved = urljoin(f"{self._base}{_INTENTS}", answer.headers.get("location", ""))
            if answer.is_redirect and self._is_other_door(moved, _INTENTS):
                answer = self._send("POST", moved, object_of(wish))
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            return False  # some firmware hangs up on what it does not know; if nobody is there, the key will tell
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise self._unreachable(error) from None
        said = _said(answer)
        if said is None:
            self._check_login(answer, forbidding=False)
            return False
        self._check_login(answer)
        if not said["ok"]:
            raise Refused(f"the phone refused: {_why(answer)}")
        return True

    def _command(self, intents: Sequence[Intent], outgoing: str = "") -> None:
        """Ask once; a redirect to a page is success, one to the other scheme is followed."""
        target = commands.target(intents, outgoing)
        answer = self._get(target)
        moved = urljoin(f"{self._base}{target}", answer.headers.get("location", ""))
        if answer.is_redirect and self._is_other_door(moved):
            answer = self._get(moved)
        if answer.headers.get(REFUSAL):
            raise Refused(f"the phone refused: {answer.headers[REFUSAL]}")
        if answer.status_code in (404, 405, 501) or "login" in answer.headers.get("location", "").lower():
            raise NotASnom(f"{self._where}: no snom phone with remote control (answer {answer.status_code})")
        if not (answer.is_success or answer.is_redirect):
            raise Refused(f"the phone refused the command (answer {answer.status_code})")

    def _is_other_door(self, moved: str, path: str = commands.PAGE) -> bool:
        """Whether a redirect leads to the same command at the phone's other port; never to another host."""
        here, there = urlsplit(self._base), urlsplit(moved)
        same_phone = there.hostname == here.hostname and there.path == path
        return same_phone and (there.scheme, there.netloc) != (here.scheme, here.netloc)

    def _get(self, target: str) -> httpx.Response:
        try:
            answer = self._send("GET", target)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise self._unreachable(error) from None
        self._check_login(answer)
        return answer

    def _send(self, method: str, target: str, value: Object | None = None) -> httpx.Response:
        """One request as it is, with a JSON object or without; raises what httpx raises."""
        where = urljoin(self._base, target)
        body, kind = (None, None) if value is None else (encode(value), {"Content-Type": "application/json"})
        return self._http.request(method, where, content=body, headers=kind, follow_redirects=False)

    def _check_login(self, answer: httpx.Response, forbidding: bool = True) -> None:
        """Raise `Refused` if the login is missing, wrong, blocked or, with `forbidding`, not enough."""
        if answer.status_code == 401:
            wrong = "wrong login" if self._has_login else "a login is needed, give --user NAME"
            raise Refused(f"{self._where}: {wrong}")
        if _is_page(answer) and re.search(r"\bblocked\b", answer.text, re.IGNORECASE):
            left = answer.headers.get("retry-after", "")
            when = f"{left} seconds" if re.fullmatch("[0-9]{1,9}", left) else "a few minutes"
            raise Refused(f"{self._where}: blocked after too many wrong logins; try again in {when}")
        if forbidding and answer.status_code == 403 and not answer.headers.get(REFUSAL):
            said = _said(answer)
            raise Refused(f"{self._where}: {said['why'] if said and 'why' in said else 'this login may not do that'}")

    def _unreachable(self, error: Exception) -> Unreachable:
        if isinstance(error, httpx.TimeoutException):
            return Unreachable(f"no answer from {self._where}")
        if isinstance(error, httpx.RemoteProtocolError):
            return Unreachable(f"{self._where} closed the connection without a proper answer")
        return Unreachable(f"could not connect to {self._where}: {_innermost(error)}")


class _Login(httpx.Auth):
    """Basic or Digest, as the phone asks for; nothing is sent before it asks.

    Answers are not read here: the one to `watch` has no end.
    """

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send; if a login is asked for, send once more with it."""
        answer = yield request
        if answer.status_code != 401:
            return
        asked = " ".join(answer.headers.get_list("www-authenticate")).lower()
        if "digest" in asked:
            digest = httpx.DigestAuth(self._user, self._password).auth_flow(request)
            next(digest)  # its first, bare request is the one that we have sent already
            try:
                yield digest.send(answer)
            except StopIteration:
                return
        elif "basic" in asked:
            token = b64encode(f"{self._user}:{self._password}".encode()).decode("ascii")
            request.headers["Authorization"] = f"Basic {token}"
            yield request


def _is_page(answer: httpx.Response) -> bool:
    """Whether this may be the short page of a phone that blocks its web interface."""
    if answer.status_code not in (200, 429, 503) or answer.headers.get("content-type", "").startswith("text/ev"):
        return False
    return len(answer.content) < 4096


def _base(url: str) -> SplitResult:
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        good = None
    if not good:
        raise LocalError(f"{url!r} is not the address of a phone; write http://HOST or http://HOST:PORT")
    return parts


def trusting() -> ssl.SSLContext:
    """Phones have certificates that they signed themselves, so nothing is checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _said(answer: httpx.Response) -> Object | None:
    """What our own phone says to an intent; None for anything else."""
    try:
        said = decode(answer.content)
    except BadIntent:
        return None
    return said if isinstance(said.get("ok"), bool) else None


def _why(answer: httpx.Response) -> str:
    try:
        return str(decode(answer.content).get("why", "refused"))
    except BadIntent:
        return f"refused (answer {answer.status_code})"


def _innermost(error: BaseException) -> str:
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text or type(error).__name__
