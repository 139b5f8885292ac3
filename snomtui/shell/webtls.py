"""TLS as the phone's web server speaks it: TLS 1.2 and later, with the certificate of the moment."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from snomtui.errors import SettingsError


class CurrentContext(ssl.SSLContext):
    """Stands for whatever context is the right one when a connection comes in.

    So a new certificate is shown to new connections, and nobody who is connected notices.
    """

    current: Callable[[], ssl.SSLContext]

    @classmethod
    def of(cls, current: Callable[[], ssl.SSLContext]) -> CurrentContext:
        """`current` is asked at each connection."""
        made = cls(ssl.PROTOCOL_TLS_SERVER)
        made.current = current
        return made

    def wrap_bio(self, *given: Any, **named: Any) -> ssl.SSLObject:
        """A connection begins."""
        return self.current().wrap_bio(*given, **named)


def server_context(pem: str, client_ca: str = "", setting: str = "sim_web_client_ca_file") -> ssl.SSLContext:
    """A context that shows the certificate in `pem`, which holds its key as well.

    `client_ca` names a file with authorities: then clients are asked for a certificate by one of them, and need none.
    Raises `SettingsError` that names `setting` for a file that cannot be used, ValueError for a `pem` that is wrong.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    show(context, pem)
    if client_ca:
        _ask(context, client_ca, setting)
    return context


def show(context: ssl.SSLContext, pem: str) -> None:
    """Have a context show a certificate; raises ValueError if key and certificate do not fit.

    The standard library reads keys out of files only, so one stands there for a moment, for its owner only.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        try:
            context.load_cert_chain(file.name)
        except ssl.SSLError as error:
            raise ValueError((error.reason or "it cannot be used").lower().replace("_", " ")) from None


def _ask(context: ssl.SSLContext, file: str, setting: str) -> None:
    try:
        context.load_verify_locations(Path(file).expanduser())
    except OSError as error:
        # An SSLError is an OSError too, with words that only a programmer understands.
        why = "it holds no PEM certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise SettingsError(f"{setting}: {file}: {why}") from None
    context.verify_mode = ssl.CERT_OPTIONAL
