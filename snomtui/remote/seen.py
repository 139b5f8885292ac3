"""The remote commands of the last hours, as they came and with what became of them: to be shown and done again."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from snomtui.phone.intents import Intent, SetSetting, is_secret
from snomtui.remote import reply
from snomtui.remote.blanking import LONGEST, STARS, shown_body
from snomtui.remote.intentjson import Object
from snomtui.remote.reply import Event, Receive, Scope

KEPT = 500
"""So many commands are kept."""
_BODY = "snomtui.body"
_USERNAME = re.compile(r'\busername\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(frozen=True, slots=True)
class Seen:
    """One command."""

    number: int
    """Counted from 1 since the web server was switched on."""
    event: Object
    """Its `command` event: nothing in it is secret."""
    wanted: tuple[Intent, ...]
    """What it asked for, done or refused; empty if there was nothing, or if a secret is in it."""
    bars: str = ""
    """Why it cannot be done again; empty = it can."""

    def shown(self) -> Object:
        """For programs: the event with its number, and whether it can be done again."""
        whole: Object = {"n": self.number, **self.event, "replay": not self.bars}
        return {**whole, "replay_why": self.bars} if self.bars else whole


class Commands:
    """The newest commands."""

    def __init__(self) -> None:
        self._ring: deque[Seen] = deque(maxlen=KEPT)
        self._count = 0

    def note(self, event: Object, wanted: Sequence[Intent]) -> None:
        """Keep one; secrets are not kept."""
        self._count += 1
        secret = any(isinstance(each, SetSetting) and each.value and is_secret(each.name) for each in wanted)
        why = _bars(wanted, secret)
        self._ring.append(Seen(self._count, event, () if secret else tuple(wanted), why))

    def find(self, number: int) -> Seen | None:
        """The command of this number, if it is still kept."""
        return next((one for one in self._ring if one.number == number), None)

    def __iter__(self) -> Iterator[Seen]:
        """All of them, the newest first."""
        return iter(tuple(reversed(self._ring)))


def _bars(wanted: Sequence[Intent], secret: bool) -> str:
    if secret:
        return "There is a secret in it, and secrets are not kept"
    if not wanted:
        return "It asked for nothing that could be done"
    return ""


def curl(event: Object, base: str, login: bool, digest: bool) -> str:
    """A line for sh that sends the same request; where stars hide a secret stands a variable of the shell.

    `base` is the URL of the phone; with `login` curl asks for user and password itself, so none is in the line.
    """
    method, target = str(event["method"]), _path(str(event["target"]))
    words = ["curl", "--globoff", "--path-as-is"]
    if method == "HEAD":
        words.append("--head")
    elif method not in ("GET", "POST") or (method == "POST" and "body" not in event):
        words += ["--request", method]
    if login:
        words += ["--digest"] if digest else []
        words += ["--user", "USER"]
    if "content_type" in event:
        words += ["--header", _quoted(f"Content-Type: {event['content_type']}")]
    if "body" in event:
        words += ["--data-raw", _quoted(str(event["body"]))]
    return " ".join([*words, _quoted(base.rstrip("/") + target)])


def _path(target: str) -> str:
    """The path and query of a target, also of one in absolute form (RFC 9112 3.2.2)."""
    if target.startswith("/") or "://" not in target:
        return target
    return "/" + target.partition("://")[2].partition("/")[2]


def _quoted(text: str) -> str:
    """A text in single quotes; stars become a variable that must be set before."""
    parts = ("'" + part.replace("'", "'\"'\"'") + "'" for part in text.split(STARS))
    return '"${SECRET:?}"'.join(parts)


def name_of(authorization: str, certificate: str = "") -> str:
    """Who logged in, from the `Authorization` header (RFC 7617, RFC 7616) or the client certificate; may be empty."""
    scheme, _, rest = authorization.strip().partition(" ")
    found = certificate
    if scheme.lower() == "basic":
        found = (reply.basic(authorization) or b"").decode("utf-8", "replace").partition(":")[0]
    elif scheme.lower() == "digest":
        named = _USERNAME.search(rest)
        found = (named[1] or named[2] or "") if named else ""
    return "".join(each for each in found if each.isprintable())[:64]


def noted(scope: Scope, receive: Receive) -> Receive:
    """The same, and what of the body comes in is kept in the scope, so that it can be shown."""
    body = scope[_BODY] = bytearray()

    async def noting() -> Event:
        event = await receive()
        if event["type"] == "http.request" and len(body) <= LONGEST:
            body.extend(event.get("body", b"")[: LONGEST + 1])
        return event

    return noting


def asker_and_body(scope: Scope) -> Object:
    """What a `command` event tells of its request besides: `user`, and `body` with `content_type`, if there are."""
    certificate = scope.get("extensions", {}).get("tls", {}).get("client_cert_name") or ""
    user = name_of(reply.header(scope, b"authorization") or "", certificate) if "headers" in scope else ""
    told: Object = {"user": user} if user else {}
    kind = (reply.header(scope, b"content-type") or "") if scope.get(_BODY) else ""
    body = shown_body(kind.lower(), bytes(scope.get(_BODY, b"")))
    if body:
        told["body"] = body
        told |= {"content_type": " ".join(kind.split())} if kind else {}
    return told
