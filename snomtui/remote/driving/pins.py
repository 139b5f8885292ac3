"""Certificates of phones that nobody vouches for, taken at first use and then known again.

A phone's certificate is its own signature under its own name, so the first one seen is remembered (SHA-256, one line a
phone, readable by its owner only) and any other is refused: a phone that has a new one, and a stranger in between, look
alike, and only a person can tell which it is.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Any

from snomtui.errors import LocalError, RemoteError, Unreachable
from snomtui.remote.driving import files

Seen = Callable[[bytes], None]
"""Told of each certificate (DER) before anything is sent; raises if it is not to be talked to."""

_LINE = re.compile(r"(\S+) sha256:([0-9a-f]{64})")
_WRITING = threading.Lock()


class CertificateChanged(RemoteError):
    """The phone shows another certificate than before; nothing was sent."""


class Pins:
    """The certificates that are known, in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self, where: str) -> str:
        """The fingerprint of the phone at `host:port`, or nothing; raises `LocalError` if the file cannot be read."""
        return self._all().get(where.lower(), "")

    def keep(self, where: str, fingerprint: str) -> None:
        """Remember a certificate in place of the one before; an empty fingerprint forgets it."""
        with _WRITING:
            pins = {**self._all(), where.lower(): fingerprint}
            lines = [f"{place} sha256:{print_}\n" for place, print_ in sorted(pins.items()) if print_]
            try:
                files.write(self.path, "".join(lines), private=True)
            except OSError as error:
                raise LocalError(f"{self.path}: the phone's certificate cannot be remembered: {error}") from None

    def _all(self) -> dict[str, str]:
        try:
            lines = self.path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise LocalError(f"{self.path}: {error}") from None
        found = {}
        for number, line in enumerate(lines, 1):
            match = _LINE.fullmatch(line.strip())
            if not match and line.strip() and not line.startswith("#"):
                raise LocalError(f"{self.path}: line {number} must be HOST:PORT sha256:FINGERPRINT")
            if match:
                found[match[1].lower()] = match[2]
        return found


def own_file() -> Path:
    """Where the certificates of phones are remembered."""
    from platformdirs import user_state_path

    return user_state_path("snomtui") / "known_phones"


def fingerprint_of(text: str) -> str:
    """A SHA-256 as people write it, as 64 digits; raises `LocalError`."""
    digits = text.strip().lower().removeprefix("sha256:").replace(":", "").replace(" ", "")
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise LocalError(f"{text!r} is no SHA-256 fingerprint; it has 64 hexadecimal digits")
    return digits


def in_pairs(fingerprint: str) -> str:
    """A fingerprint as certificates are compared everywhere: `AB:CD:...`."""
    return ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()


def checking(where: str, pins: Pins, expected: str, say: Callable[[str], None]) -> Seen:
    """Takes only the certificate `expected`, or if that is empty the one that is known, or at first use any.

    `say` hears of a certificate that was taken at first use.
    """

    def check(certificate: bytes) -> None:
        shown = sha256(certificate).hexdigest()
        known = expected or pins.known(where)
        if not known:
            pins.keep(where, shown)
            say(f"{where}: certificate seen for the first time and remembered, SHA-256 {in_pairs(shown)}")
        elif not compare_digest(known, shown):
            raise CertificateChanged(
                f"{where} shows another certificate than before, so nothing was sent to it\n"
                f"  known: SHA-256 {in_pairs(known)}\n"
                f"  now:   SHA-256 {in_pairs(shown)}\n"
                "  If the phone has a new one (compare with its display or its Status page), accept it with\n"
                f"  --accept-certificate {shown}"
            )

    return check


class Doubting(ssl.SSLContext):
    """A context that shows each peer's certificate to `seen`, before a byte of HTTP is sent."""

    seen: Seen = staticmethod(lambda certificate: None)

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        """As usual, then check; the connection is closed if the certificate is not to be talked to."""
        sock = super().wrap_socket(*args, **options)
        try:
            self.seen(sock.getpeercert(binary_form=True) or b"")
        except BaseException:
            sock.close()
            raise
        return sock


def context(
    seen: Seen | None, ca_file: str = "", cert: str = "", key: str = "", tls_minimum: str = "1.2"
) -> ssl.SSLContext:
    """How to talk TLS to a phone; raises `LocalError` for files that are none.

    With `ca_file` its certificate must be vouched for and fit its name; without, `seen` decides.
    """
    made = Doubting(ssl.PROTOCOL_TLS_CLIENT)
    with _telling(ca_file):
        if ca_file == "system":
            made.load_default_certs()
        elif ca_file:
            made.load_verify_locations(ca_file)
        else:
            made.check_hostname = False
            made.verify_mode = ssl.CERT_NONE
            made.seen = seen or made.seen
    with _telling(f"{cert} and {key}" if key else cert):
        if cert:
            made.load_cert_chain(cert, key or None, password=_key_password)
    if tls_minimum == "1.0":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it is for phones that know nothing newer
            made.minimum_version = ssl.TLSVersion.TLSv1
        made.set_ciphers("DEFAULT:@SECLEVEL=0")  # what phones of 2009 know: TLS 1.0, RSA keys of 1024 bits, SHA-1
    elif tls_minimum != "1.2":
        raise LocalError(f"tls_minimum: 1.0 or 1.2 is wanted, not {tls_minimum!r}")
    return made


@contextmanager
def _telling(file: str) -> Iterator[None]:
    """What is wrong with a file, by its name."""
    try:
        yield
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        said = getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)
        raise LocalError(f"{file}: {said}") from None


def _key_password() -> str:
    known = os.environ.get("SNOMTUI_KEY_PASSWORD")
    if known is None:
        raise ValueError("the key is protected by a password: set SNOMTUI_KEY_PASSWORD")
    return known


def shown_by(host: str, port: int, timeout: float, tls_minimum: str = "1.2") -> str:
    """The fingerprint of the certificate that is shown there now; raises `Unreachable`. Nothing else is sent."""
    seen: list[bytes] = []
    made = context(seen.append, tls_minimum=tls_minimum)
    try:
        with socket.create_connection((host, port), timeout) as sock, made.wrap_socket(sock, server_hostname=host):
            return sha256(seen[0]).hexdigest()
    except (OSError, IndexError) as error:
        said = getattr(error, "strerror", None) or str(error) or "no certificate"
        raise Unreachable(f"could not connect to {host}:{port}: {said}") from None
