"""The certificate that the phone's web server shows: a setting's, the one in the state folder, or one that it makes.

It may change at any time: by a setting, by an enrolment, or because another program has replaced the file.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snomtui.errors import SettingsError
from snomtui.kit.box import Certificate
from snomtui.settings.registry import Settings
from snomtui.shell.webtls import CurrentContext, server_context

if TYPE_CHECKING:  # long to load, and the phone's first picture is not to wait for it
    from snomtui.shell.identity import Facts, Identity
    from snomtui.shell.identitystore import IdentityStore, Stamp

Object = dict[str, Any]
NAMES = ("webserver_cert", "sim_web_client_", "sim_est_")
"""How the names of settings begin on which certificates depend."""
_SHOWN = ("webserver_cert", "sim_web_client_ca_file", "sim_tls_certificate")


class WebIdentity:
    """Who the web server is."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        folder: Path | None,
        host: str,
        now: Callable[[], float],
        trouble: Callable[[str], None],
        told: Callable[[Object], None],
    ) -> None:
        """`host` is where the server listens; `trouble` hears what is wrong, `told` of each new certificate."""
        self._settings, self._folder, self._host = settings, folder, host
        self._now, self._trouble, self._told = now, trouble, told
        self._store: IdentityStore | None = None
        self._context: ssl.SSLContext | None = None
        self._of: tuple[str, ...] = ()
        self._stamp: Stamp = None
        self._identity: Identity | None = None
        self.facts: Facts | None = None
        """What the certificate of the moment says; None before it is there."""

    @property
    def common_name(self) -> str:
        """As on the certificate that a snom brings from the factory: the MAC address."""
        return self._settings().text("sim_mac")

    def names(self) -> list[str]:
        """The DNS names and addresses by which the web server is reached."""
        return names(self._host, self._settings().text("sim_http_names").split())

    @property
    def store(self) -> IdentityStore:
        """The files."""
        if self._store is None:
            from snomtui.shell.identitystore import IdentityStore

            self._store = IdentityStore(self._folder)
        return self._store

    async def context(self) -> CurrentContext:
        """What the HTTPS port listens with; loading and making keys is done in a thread. Never raises."""
        await asyncio.to_thread(_load)
        self.refresh()
        return CurrentContext.of(self._current)

    def look(self) -> None:
        """What is kept, without making anything; raises `SettingsError`."""
        from snomtui.shell.identity import facts

        self._identity = self.store.load()
        self.facts = facts(self._identity) if self._identity else None

    def refresh(self) -> None:
        """Look whether there is another certificate, and show it from now on; a bad one leaves the old."""
        self._current()

    def changed(self) -> None:
        """Settings have changed: whoever sets a certificate that cannot be used learns so at once."""
        if self._context is not None:
            self.refresh()

    @property
    def identity(self) -> Identity | None:
        """The certificate of the moment with its key."""
        return self._identity

    @property
    def renewable(self) -> Identity | None:
        """The certificate of an authority that may be shown to get the next one; None = there is none that holds."""
        seen = self.facts
        return self._identity if seen and not seen.own and seen.begins <= self._now() < seen.ends else None

    def is_over(self, identity: Identity) -> bool:
        """Whether a certificate has expired; one that begins soon is good, as clocks differ."""
        from snomtui.shell.identity import facts

        return self._now() >= facts(identity).ends

    def renewed(self, identity: Identity) -> None:
        """Keep a new certificate and show it; raises `SettingsError` if it cannot be kept."""
        self.store.save(identity)
        self._of = ()
        self.refresh()

    def _current(self) -> ssl.SSLContext:
        """The context for a connection that comes in now."""
        settings = self._settings()
        of = tuple(settings.text(name) for name in _SHOWN)
        stamp = self.store.stamp()
        if self._context is None or of != self._of or stamp != self._stamp or self._is_old():
            self._of, self._stamp = of, stamp
            self._change(settings)
            self._stamp = self.store.stamp()
        assert self._context
        return self._context

    def _is_old(self) -> bool:
        """Whether a certificate of our own making must be made anew."""
        return bool(self.facts and self.facts.own and self._now() >= self.facts.renewal)

    def _change(self, settings: Settings) -> None:
        client_ca = settings.text("sim_web_client_ca_file")
        try:
            self._use(self._found(settings), client_ca)
            return
        except (SettingsError, ValueError) as error:
            self._trouble(str(error) if isinstance(error, SettingsError) else f"The certificate: {error}")
        self._use(self._identity or self._made(keep=False), client_ca)

    def _use(self, identity: Identity, client_ca: str) -> None:
        from snomtui.shell.identity import facts

        try:
            self._context = server_context(identity.pem, client_ca)
        except SettingsError as error:
            self._trouble(f"{error}; nobody can log in by certificate")
            self._context = server_context(identity.pem)
        self._identity, before = identity, self.facts
        self.facts = facts(identity)
        if before is None or before.fingerprint != self.facts.fingerprint:
            self._told(self.object())

    def _found(self, settings: Settings) -> Identity:
        """What is to be shown; raises `SettingsError`."""
        given = settings.text("webserver_cert")
        if given:
            return of_setting(given)
        kept = self.store.load()
        if kept is None:
            return self._made()
        from snomtui.shell.identity import facts

        seen = facts(kept)
        return self._made() if seen.own and self._now() >= seen.renewal else kept

    def _made(self, keep: bool = True) -> Identity:
        from snomtui.shell.identity import own_identity

        made = own_identity(self.common_name, self.names(), self._now())
        if keep:
            try:
                self.store.save(made)
            except SettingsError as error:
                self._trouble(str(error))
        return made

    @property
    def certificate(self) -> Certificate | None:
        """What is shown now, for people; None before it is there."""
        seen = self.facts
        if seen is None:
            return None
        problem = "only it vouches for itself" if seen.own else ""
        ends = datetime.fromtimestamp(seen.ends, UTC).date().isoformat()
        return Certificate(seen.fingerprint, seen.subject, seen.issuer, ends, problem)

    def object(self) -> Object:
        """The event `web_certificate`: what clients see. There is nothing secret in it."""
        seen = self.facts
        assert seen
        return {
            "at": self._now(),
            "event": "web_certificate",
            "subject": seen.subject,
            "issuer": seen.issuer,
            "names": list(seen.names),
            "ends": seen.ends,
            "fingerprint": seen.fingerprint,
            "self_signed": seen.own,
        }


def of_setting(text: str) -> Identity:
    """What `webserver_cert` holds; raises `SettingsError` that never repeats it."""
    from snomtui.shell.identity import in_one

    try:
        return in_one(b64decode("".join(text.split()), validate=True), "webserver_cert")
    except ValueError as error:
        why = "it is not Base64" if isinstance(error, NotBase64) else str(error)
        raise SettingsError(f"webserver_cert: {why}; PEM with certificate and key is wanted, in Base64") from None


def names(host: str, others: Sequence[str] = ()) -> list[str]:
    """The names of a machine that listens at `host`: DNS names as certificates may hold them, then addresses.

    `others` are names that somebody has given it besides.
    """
    machine = socket.gethostname().lower().rstrip(".")
    found = [*(other.lower() for other in others), machine, "localhost"]
    try:
        listening = ip_address(host.strip("[]"))
        anywhere = listening.is_unspecified
        found += _addresses() if anywhere else [str(listening)]
    except ValueError:
        found.append(host.lower())
    found += ["127.0.0.1", "::1"]
    return [name for name in dict.fromkeys(found) if name and name.isascii() and not set(name) & set(" _/@")]


def _addresses() -> list[str]:
    """The addresses by which others see this machine."""
    try:
        return sorted({str(place[4][0]).partition("%")[0] for place in socket.getaddrinfo(socket.gethostname(), None)})
    except OSError:
        return []


def _load() -> None:
    """In a thread: what is long to load."""
    import snomtui.shell.identitystore  # noqa: F401
