"""TLS contexts of the phone as a client."""

from __future__ import annotations

import errno
import ssl
from dataclasses import dataclass, field

from snomtui.errors import SettingsError

_MINIMUM = {"1.0": ssl.TLSVersion.TLSv1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the phone believes."""

    ca_file: str = ""
    """Further authorities (`sim_tls_ca_file`)."""
    ca_text: str = field(default="", repr=False)
    """PEM text of an authority to trust alone, for the embedded front end."""
    minimum: str = "1.2"
    """`sim_tls_minimum`."""

    def context(self) -> ssl.SSLContext:
        """A context that verifies name and chain; raises `SettingsError` for a CA file that cannot be read."""
        try:
            context = ssl.create_default_context(cadata=self.ca_text or None)
            if self.ca_file:
                context.load_verify_locations(self.ca_file)
        except OSError as error:
            # An SSLError is an OSError too, with words that only a programmer understands.
            why = "it holds no PEM certificate" if isinstance(error, ssl.SSLError) else error.strerror
            raise SettingsError(f"sim_tls_ca_file: {self.ca_file}: {why}") from None
        context.minimum_version = _MINIMUM[self.minimum]
        if self.minimum == "1.0":
            _speak_to_2009(context)
        return context


def _speak_to_2009(context: ssl.SSLContext) -> None:
    """TLS 1.0 needs the lowest security level besides the version, and old renegotiation allowed (OpenSSL 3)."""
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= 0x4  # SSL_OP_LEGACY_SERVER_CONNECT; named in the standard library from 3.12 on
    context.verify_flags &= ~0x20  # X509_V_FLAG_X509_STRICT, set by default from 3.13 on


_NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
_STRANGERS = (2, 18, 19, 20, 21)
"""OpenSSL's X509_V_ERR_ codes for a chain that ends at nobody we know, unlike a wrong name or date."""


def address(host: str, port: int) -> str:
    """`host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


def in_words(error: BaseException, host: str, port: int) -> str:
    """What went wrong with a connection, as a telephone person would say it."""
    where = address(host, port)
    match error:
        case ssl.SSLCertVerificationError():
            hint = "; sim_tls_ca_file names further authorities" if error.verify_code in _STRANGERS else ""
            return f"The certificate of {where} is not trusted ({error.verify_message}){hint}"
        case ssl.SSLError(reason=str(reason)) if reason in _NOT_TLS:
            return f"{where} does not speak TLS"
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
