"""A call through any snom phone over HTTP, real or simulated, and the pieces of all commands to phones.

A command is sent once: what may have reached the phone is never sent again. Loads little: a dial should be on its way
at once; all other commands are in `driver`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from snomtui.errors import LocalError, Unreachable
from snomtui.remote import query
from snomtui.remote.driving import strangers, verdict
from snomtui.remote.driving.client import Answered, Client, NotASnom, Refused, Tls, Unanswered
from snomtui.remote.driving.numbers import LONGEST, Rules, cleaned

PAGE = "/command.htm"
FORM = "application/x-www-form-urlencoded"


def _silent(note: str) -> None:
    """Nobody wants to hear."""


class Dialler:
    """One phone, by its address. Use as a context manager, or call `close`."""

    def __init__(
        self,
        url: str,
        user: str = "",
        password: str = "",
        timeout: float = 5.0,
        tls: Tls | None = None,
        note: Callable[[str], None] = _silent,
    ) -> None:
        """`note` hears what a person should know although nothing failed; raises `LocalError` for a bad address."""
        self._client = Client(url, user, password, timeout, tls)
        self._opened = [self._client]
        self._note = note

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        for client in self._opened:
            client.close()

    @property
    def where(self) -> str:
        """`host` or `host:port`, as it was given."""
        return self._client.where

    @property
    def secure(self) -> bool:
        """Whether it is spoken to over HTTPS."""
        return self._client.secure

    def dial(self, number: str, outgoing: str = "", rules: Rules | None = None) -> str:
        """Call a number or SIP address, from the identity `outgoing` (`user@host`) or the active one.

        Returns what was dialled. Some firmware closes the connection without an answer although it dials.
        """
        wanted = (rules or Rules()).dialled(cleaned(number))
        if not wanted:
            raise LocalError("no number given")
        if len(wanted) > LONGEST or not wanted.isprintable():
            raise LocalError(f"{ascii(number[:60])} is no number that can be dialled")
        try:
            self._command(f"{PAGE}?{query.dialling(wanted, outgoing)}")
        except Unanswered as error:
            self._maybe_dialled(error)
        return wanted

    def _command(self, target: str, form: bytes | None = None) -> Answered:
        """Ask once; a redirect to a page is success, one to the phone's other port is followed."""
        answer = self._ask("GET" if form is None else "POST", target, form, FORM if form else "")
        try:
            verdict.check(answer, self.where, self._client.has_login)
        except NotASnom as error:
            raise NotASnom(f"{error}{self._who(answer)}") from None
        return answer

    def _maybe_dialled(self, error: Unanswered) -> None:
        """After a dial without an answer: look whether a snom stands there at all; never dial again."""
        doubt = Unanswered(f"{error}; the number was sent, so look at the phone before you dial again", closed=False)
        if not error.closed:
            raise doubt from None
        try:
            page = self._ask("GET", "/index.htm")
            verdict.check_login(page, self.where, self._client.has_login)
        except Unreachable:
            raise doubt from None
        if not strangers.is_snom(page.headers.get("server", ""), page.text):
            raise error
        self._note(f"{self.where}: closed the connection without an answer, as some firmware does when it dials")

    def _get(self, target: str, forbidding: bool = True) -> Answered:
        answer = self._ask("GET", target)
        verdict.check_login(answer, self.where, self._client.has_login, forbidding)
        return answer

    def _ask(self, method: str, target: str, body: bytes | None = None, kind: str = "") -> Answered:
        """One request; the phone's other port is asked if it sends us there, and from then on."""
        answer = self._client.ask(method, target, body, kind)
        if not self._is_other_door(answer.location, target):
            return answer
        if self._client.secure and answer.location.startswith("http:"):
            raise Refused(f"{self.where}: sends us from https to http; if that is wanted, write http:// in its address")
        self._client = self._client.at(answer.location)
        self._opened.append(self._client)
        return self._client.ask(method, answer.location, body, kind)

    def _is_other_door(self, moved: str, target: str) -> bool:
        """Whether a redirect leads to the same page at the phone's other port; never to another host."""
        here, there = urlsplit(self._client.base), urlsplit(moved)
        same_phone = there.hostname == here.hostname and there.path == target.partition("?")[0]
        return same_phone and (there.scheme, there.netloc) != (here.scheme, here.netloc)

    def _who(self, answer: Answered) -> str:
        """What stands there instead, if its first page tells."""
        name = strangers.title(answer.text)
        with suppress(Unreachable, Refused):
            name = strangers.title(self._client.ask("GET", "/").text) or name
        shown = re.sub(r"[^\x20-\x7e\xa0-\uffff]", "", name)[:60]
        return f"; its first page is called {shown!r}" if shown else ""
