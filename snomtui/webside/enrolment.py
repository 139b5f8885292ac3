"""Gets the web server's certificate from the enterprise's EST server (RFC 7030), and renews it in time.

Nothing of it delays a call, and the old certificate stays until the new one is there.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from snomtui.errors import RemoteError, SettingsError, SnomtuiError, Unreachable
from snomtui.settings.registry import Settings

if TYPE_CHECKING:  # long to load, and the phone's first picture is not to wait for it
    from cryptography import x509

    from snomtui.remote.estclient import EstClient
    from snomtui.shell.identity import Identity, Request
    from snomtui.webside.identity import WebIdentity

FIRST_PAUSE, LONGEST_PAUSE = 60.0, 6 * 3600.0
"""Seconds until the next try after one that failed; twice as many after each further one."""
LOGIN_PAUSE = 300.0
"""Seconds after a wrong login, which a directory may count."""
MOST_LATER = 86_400.0
"""No server has us wait longer, seconds."""
LONGEST_SLEEP = 3600.0

Log = Callable[[int, str], None]
"""Takes a line of the phone's log with its level."""


class Enrolment:
    """Sees to it that the web server has a certificate of the enterprise, as long as `sim_est_url` is set."""

    def __init__(
        self, who: WebIdentity, settings: Callable[[], Settings], trusted: str, now: Callable[[], float], log: Log
    ) -> None:
        """`trusted`: PEM of an authority that vouches for the EST server where no setting names one."""
        self._who, self._settings, self._trusted = who, settings, trusted
        self._now, self._log = now, log
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._failed = 0
        self.why = ""
        """Why the last try brought nothing; empty = it did, or there was none."""

    def start(self) -> None:
        """Begin, unless it has begun; to be called in the loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def look(self) -> None:
        """Settings have changed: what failed is tried again at once."""
        self._failed = 0
        self._news.set()

    async def stop(self) -> None:
        """Give up what is under way."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def due(self) -> float | None:
        """When there is something to be done, seconds since 1970; None = nothing ever."""
        settings, seen = self._settings(), self._who.facts
        if not settings.text("sim_est_url") or settings.text("webserver_cert") or seen is None:
            return None
        return 0.0 if seen.own else seen.renewal

    async def _run(self) -> None:
        pause = 0.0
        while True:
            due = self.due()
            left = LONGEST_SLEEP if due is None else max(pause, due - self._now())
            if due is None or left > 0:
                pause = 0.0 if await self._disturbed(min(left, LONGEST_SLEEP)) else max(0.0, pause - LONGEST_SLEEP)
                continue
            pause = await self._tried()

    async def _disturbed(self, seconds: float) -> bool:
        """Wait; whether settings have changed before the time was over."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return False
        self._news.clear()
        return True

    async def _tried(self) -> float:
        """One try; returns the pause after it."""
        try:
            identity = await obtained(self._who, self._settings(), self._trusted)
            self._who.renewed(identity)
        except (SnomtuiError, ValueError, OSError) as error:
            return self._put_off(error)
        self._failed, self.why = 0, ""
        seen = self._who.facts
        assert seen
        self._log(5, f"Certificate of the web server enrolled: {seen.subject}, by {seen.issuer}")
        return 0.0 if not seen.own and seen.renewal > self._now() else FIRST_PAUSE

    def _put_off(self, error: Exception) -> float:
        from snomtui.remote.estclient import EstLater, EstRefused

        self._failed += 1
        self.why = str(error)
        first = LOGIN_PAUSE if isinstance(error, EstRefused) and error.login else FIRST_PAUSE
        pause = min(first * 2.0 ** min(self._failed - 1, 20), LONGEST_PAUSE)
        if isinstance(error, EstLater):
            self._failed = 0
            pause = min(max(error.seconds, 1.0), MOST_LATER)
        self._log(2, f"Certificate enrolment: {error}; next try in {pause:.0f} seconds")
        return pause


async def obtained(who: WebIdentity, settings: Settings, trusted: str = "") -> Identity:
    """A certificate of the enterprise: a first one, or a new one for the one that we have from there.

    The request and its key are kept until the certificate is there, as a server may take its time. Raises
    `SettingsError` or `RemoteError`.
    """
    from snomtui.remote.estclient import EstClient, EstRefused

    if not settings.text("sim_est_url"):
        raise SettingsError("sim_est_url is empty: no EST server is known")
    old = who.renewable
    pending = _request(who, old)
    login = settings.text("sim_est_user"), settings.text("sim_est_password")
    where = settings.text("sim_est_url"), settings.text("sim_est_label")
    async with EstClient(*where, tls_of(settings, trusted, old), *login) as server:
        try:
            return await _exchanged(who, server, pending, again=old is not None)
        except (EstRefused, Unreachable) as error:
            if old is None:
                _forget(who, error)
                raise
    # Whoever gave us the old one may be another authority, or may not renew what it has not made.
    async with EstClient(*where, tls_of(settings, trusted), *login) as server:
        try:
            return await _exchanged(who, server, pending, again=False)
        except EstRefused as error:
            _forget(who, error)
            raise


def _request(who: WebIdentity, old: Identity | None) -> Request:
    from snomtui.shell.identity import request
    from snomtui.shell.identitystore import EST

    pending = who.store.pending(EST)
    if pending is None:
        pending = request(who.common_name, who.names(), old)
        who.store.ask(pending, EST)
    return pending


def _forget(who: WebIdentity, error: Exception) -> None:
    """A request that was refused is not sent again; the next one may have other names."""
    from snomtui.remote.estclient import EstRefused
    from snomtui.shell.identitystore import EST

    if isinstance(error, EstRefused) and not error.login:
        who.store.ask(None, EST)


async def _exchanged(who: WebIdentity, server: EstClient, pending: Request, again: bool) -> Identity:
    from snomtui.shell.identity import joined
    from snomtui.shell.identitystore import EST
    from snomtui.shell.papers import read

    what = f"the answer of {server.where}"
    try:
        authorities = read(await server.authorities(), what).certificates
        certificates = (*read(await server.enrol(pending.der, again), what).certificates, *authorities)
        identity = joined(pending.key, certificates)
    except (SettingsError, ValueError) as error:
        raise RemoteError(str(error) if isinstance(error, SettingsError) else f"{what}: {error}") from None
    _check(identity, certificates, what)
    if who.is_over(identity):
        raise RemoteError(f"{what}: the certificate has expired already")
    who.store.ask(None, EST)
    return identity


def _check(identity: Identity, certificates: Sequence[x509.Certificate], what: str) -> None:
    """A certificate that none of the authorities has given is not taken (RFC 7030 4.2.3)."""
    from snomtui.shell.identity import leaf
    from snomtui.shell.papers import voucher

    own = leaf(identity)
    if voucher(own, [one for one in certificates if one != own]) is None:
        raise RemoteError(f"{what}: none of its authorities vouches for the certificate")


def tls_of(settings: Settings, trusted: str = "", shown: Identity | None = None) -> ssl.SSLContext:
    """How to talk to the EST server; raises `SettingsError` for a file that cannot be used.

    An authority that is named is believed alone (RFC 7030 3.6.1); `shown` is our certificate, for a renewal.
    """
    from snomtui.shell.webtls import show

    named = settings.text("sim_est_ca_file")
    file = str(Path(named).expanduser()) if named else ""
    try:
        context = ssl.create_default_context(cafile=file or None, cadata=None if file else trusted or None)
    except OSError as error:
        why = "it holds no PEM certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise SettingsError(f"sim_est_ca_file: {file}: {why}") from None
    if shown:
        show(context, shown.pem)
    return context
