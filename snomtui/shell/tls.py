"""TLS contexts of the phone as a client, and what it says when it does not trust."""

from __future__ import annotations

import errno
import hashlib
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from snomtui.errors import SettingsError
from snomtui.kit.box import host_port

_MINIMUM = {"1.0": ssl.TLSVersion.TLSv1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the phone believes, and how it shows who it is."""

    ca_file: str = ""
    """Further authorities (`sim_tls_ca_file`)."""
    ca_text: str = field(default="", repr=False)
    """PEM text of an authority to trust alone, for the embedded front end."""
    minimum: str = "1.2"
    """`sim_tls_minimum`."""
    certificate: str = ""
    """A PEM file with our own certificate, and perhaps its key (`sim_tls_certificate`)."""
    key: str = ""
    """A PEM file with the key; empty = it stands in the certificate's file (`sim_tls_key`)."""

    def context(self, verify: bool = True) -> ssl.SSLContext:
        """A context that verifies name and chain; raises `SettingsError` for a file that cannot be used.

        `verify=False`: to look at a certificate that was refused, never to talk to a stranger.
        """
        context = self._believer() if verify else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if not verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self._show_who_we_are(context)
        context.minimum_version = _MINIMUM[self.minimum]
        if self.minimum == "1.0":
            _speak_to_2009(context)
        return context

    def _believer(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cadata=self.ca_text or None)
            if self.ca_file:
                context.load_verify_locations(self.ca_file)
        except OSError as error:
            # An SSLError is an OSError too, with words that only a programmer understands.
            why = "it holds no PEM certificate" if isinstance(error, ssl.SSLError) else error.strerror
            raise SettingsError(f"sim_tls_ca_file: {self.ca_file}: {why}") from None
        return context

    def _show_who_we_are(self, context: ssl.SSLContext) -> None:
        if self.certificate:
            _holds("sim_tls_certificate", self.certificate, "CERTIFICATE-----", "certificate")
            name, file = ("sim_tls_key", self.key) if self.key else ("sim_tls_certificate", self.certificate)
            _holds(name, file, "PRIVATE KEY-----", "private key")
            try:
                context.load_cert_chain(self.certificate, self.key or None, password=lambda: _locked(name, file))
            except ssl.SSLError as error:
                why = "it is not the key of the certificate" if "MISMATCH" in str(error.reason) else "it is damaged"
                raise SettingsError(f"{name}: {file}: {why}") from None
        elif self.key:
            raise SettingsError("sim_tls_key: a key without a certificate (sim_tls_certificate)")


def _holds(name: str, file: str, mark: str, what: str) -> None:
    try:
        text = Path(file).read_text("ascii", "replace")
    except OSError as error:
        raise SettingsError(f"{name}: {file}: {error.strerror}") from None
    if mark not in text:
        raise SettingsError(f"{name}: {file}: it holds no PEM {what}")


def _locked(name: str, file: str) -> NoReturn:
    """Asked for a password; without this OpenSSL would ask on the terminal."""
    raise SettingsError(f"{name}: {file}: the key is encrypted; one without a password is needed")


def _speak_to_2009(context: ssl.SSLContext) -> None:
    """TLS 1.0 needs the lowest security level besides the version, and old renegotiation allowed (OpenSSL 3)."""
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= 0x4  # SSL_OP_LEGACY_SERVER_CONNECT; named in the standard library from 3.12 on
    context.verify_flags &= ~0x20  # X509_V_FLAG_X509_STRICT, set by default from 3.13 on


OLD_TLS = (
    "sim_tls_minimum is 1.0: TLS 1.0 and 1.1, SHA-1 signatures and short keys are accepted; "
    "who sits on the way may read and change what is said"
)
"""What the lowest minimum gives up, for the log."""


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER, 64 hexadecimal digits."""
    return hashlib.sha256(certificate).hexdigest()


def names(host: str, domain: str) -> tuple[str, ...]:
    """The names for which a certificate may be, the likeliest first (RFC 5922 4).

    Who asked for a domain and was led to a host inside it takes a certificate for either; a host elsewhere must show
    one for the domain, since whoever answers for the DNS could lead us anywhere.
    """
    host = host.strip("[]").partition("%")[0]
    inside = host.casefold() == domain.casefold() or host.casefold().endswith(f".{domain.casefold()}")
    if not domain:
        return (host,)
    return tuple(dict.fromkeys((host, domain))) if inside else (domain,)


_NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
_STRANGERS = (2, 18, 19, 20, 21)
"""OpenSSL's X509_V_ERR_ codes for a chain that ends at nobody we know, unlike a wrong name or date."""
_OTHER_NAME = (62, 64)
"""The codes for a host name and an IP address for which the certificate is not."""
_PROBLEMS = {9: "it is not valid yet", 10: "it has expired", 18: "only it vouches for itself"}


def is_other_name(error: ssl.SSLCertVerificationError) -> bool:
    """Whether the certificate is fine but for somebody else."""
    return error.verify_code in _OTHER_NAME


def problem(error: ssl.SSLCertVerificationError, name: str) -> str:
    """Why a certificate is not trusted, in a few words for the display."""
    if is_other_name(error):
        return f"it is not for {name}"
    if error.verify_code in _PROBLEMS:
        return _PROBLEMS[error.verify_code]
    return "nobody we trust vouches for it" if error.verify_code in _STRANGERS else str(error.verify_message)


def in_words(error: BaseException, host: str, port: int) -> str:
    """What went wrong with a connection, as a telephone person would say it."""
    where = host_port((host, port))
    match error:
        case ssl.SSLCertVerificationError():
            hint = "; sim_tls_ca_file names further authorities" if error.verify_code in _STRANGERS else ""
            return f"The certificate of {where} is not trusted ({error.verify_message}){hint}"
        case ssl.SSLError(reason=str(reason)) if reason in _NOT_TLS:
            return f"{where} does not speak TLS"
        case ssl.SSLError(reason=str(reason)) if "CERTIFICATE_REQUIRED" in reason:
            return f"{where} wants a certificate of ours (sim_tls_certificate)"
        case ssl.SSLError():
            return f"TLS with {where} failed ({(error.reason or 'no reason given').lower().replace('_', ' ')})"
        case ConnectionRefusedError():
            return f"Nobody listens at {where}"
        case TimeoutError():
            return f"{where} does not answer"
        case ConnectionResetError() | BrokenPipeError() | EOFError():
            return f"{where} closed the connection"
        case OSError(errno=None) if f"[Errno {errno.ECONNREFUSED}]" in str(error):
            return f"Nobody listens at {where}"  # asyncio puts the errors of several addresses into one text
        case OSError():
            return f"{where} cannot be reached ({error.strerror or error})"
    return f"{where}: {error}"
