"""Where a call goes that was sent elsewhere with a 3xx (RFC 3261 8.1.3.4)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from snomtui.errors import MalformedMessage
from snomtui.line.answers import best_first
from snomtui.sip.message import Response
from snomtui.sip.uri import Uri

MOST = 5
"""So many times a call is sent on, and no more."""
MOST_CONTACTS = 20
"""So many contacts of one 3xx are looked at."""
_FOLLOWED = (300, 301, 302)
_USE_PROXY = 305
_SEPARATORS = str.maketrans("", "", "-.() ")


@dataclass(frozen=True, slots=True)
class Step:
    """One further try."""

    uri: str
    """The new request URI."""
    route: str = ""
    """The Route of a proxy that is to be used; empty = none."""


class Targets:
    """The places that a call was sent to and has not tried yet."""

    def __init__(self, uri: str, host: str, secure: bool) -> None:
        """`uri` is where it went first; `host` takes telephone numbers; `secure`: whether sips can be served."""
        self._host, self._secure = host, secure
        self._uri = uri
        self._tried = {_same(uri)}
        self._waiting: list[Step] = []
        self._steps = 0

    def learn(self, response: Response) -> None:
        """Note the contacts of a 3xx, the best first; they come before those that were known already."""
        if response.status == _USE_PROXY:
            self._waiting = [*self._proxies(response), *self._waiting]
        elif response.status in _FOLLOWED:
            self._waiting = [*self._places(response), *self._waiting]

    def next(self) -> Step | None:
        """The next try, None if there is none or there were too many."""
        if not self._waiting or self._steps >= MOST:
            return None
        self._steps += 1
        step = self._waiting.pop(0)
        self._uri = step.uri
        return step

    def _places(self, response: Response) -> list[Step]:
        found: list[Step] = []
        for address in best_first(response)[:MOST_CONTACTS]:
            uri = self._usable(address.uri)
            if uri is not None and (same := _same(uri)) not in self._tried:
                self._tried.add(same)
                found.append(Step(uri))
        return found

    def _proxies(self, response: Response) -> list[Step]:
        """A proxy is used once, for the same request URI."""
        for address in best_first(response)[:MOST_CONTACTS]:
            if address.uri.host and (same := f"proxy {address.uri.host.lower()}:{address.uri.port}") not in self._tried:
                self._tried.add(same)
                proxy = replace(address.uri, headers="")
                lr = proxy if "lr" in proxy.params else proxy.with_param("lr", None)
                return [Step(self._uri, f"<{lr}>")]
        return []

    def _usable(self, uri: Uri) -> str | None:
        """A request URI, None if we cannot call it (RFC 3261 19.1.5, 19.1.6)."""
        if uri.scheme == "tel":
            number = uri.user.translate(_SEPARATORS)
            return f"sip:{number}@{self._host};user=phone" if number else None
        if uri.scheme == "sip" or (uri.scheme == "sips" and self._secure):
            return str(replace(uri, headers="").without_param("method"))
        return None


def _same(uri: str) -> str:
    """What two spellings of one address have in common."""
    with suppress(MalformedMessage):
        parsed = Uri.parse(uri)
        return f"{parsed.aor}:{parsed.port or ''};{parsed.transport or ''}"
    return uri
