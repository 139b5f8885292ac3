"""An enterprise's certificate server made of openssl and the standard library's web server: nothing in it is ours."""

from __future__ import annotations

import base64
import http.server
import ssl
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import ClassVar

LOGIN = "phones:Not-a-secret-7"


def openssl(*words: str | Path, given: bytes = b"") -> bytes:
    """Run openssl; what it printed."""
    ran = subprocess.run(["openssl", *map(str, words)], input=given, capture_output=True, timeout=30)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


class Authority:
    """A certificate authority in a folder: `ca.pem` and `ca.key`, and what it has signed."""

    def __init__(self, folder: Path, name: str = "Enterprise") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.certificate, self._key = folder, folder / "ca.pem", folder / "ca.key"
        subject = ("-subj", f"/O=Test/CN={name}", "-days", "30")
        openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self._key, "-out", self.certificate, *subject
        )

    def sign(self, request: bytes, days: int = 30) -> bytes:
        """A certificate in PEM for a request in DER, with the names that it asks for."""
        words = ("-CA", self.certificate, "-CAkey", self._key, "-days", str(days), "-copy_extensions", "copy")
        return openssl("x509", "-req", "-inform", "DER", *words, given=request)

    def gives(self, name: str, subject: str, *more: str, days: int = 30) -> tuple[Path, Path]:
        """A certificate with its key, as files; `more` goes to `openssl req`."""
        key, request, made = (self.folder / f"{name}.{end}" for end in ("key", "der", "pem"))
        words = ("-newkey", "rsa:2048", "-nodes", "-keyout", key, "-outform", "DER", "-out", request)
        openssl("req", "-new", *words, "-subj", subject, *more)
        made.write_bytes(self.sign(request.read_bytes(), days))
        return made, key


class CertServer:
    """EST as RFC 7030 has it: login by Basic for a first certificate, by certificate for the next."""

    def __init__(self, authority: Authority, later: int = 0) -> None:
        """`later`: so many requests are put off by 202 before one is answered."""
        self.authority, self.later = authority, later
        self.asked: list[str] = []
        """The paths that were asked for, with the subject of whoever showed a certificate."""
        certificate, key = authority.gives("est", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.certificate)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_cert_chain(certificate, key)
        handler = type("Handler", (_Handler,), {"house": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def __enter__(self) -> CertServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    house: ClassVar[CertServer]

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        """Only the authority's certificate."""
        self.house.asked.append(self.path)
        if self.path != "/.well-known/est/cacerts":
            return self.send_error(404)
        self._answer(self.house.authority.certificate.read_bytes())

    def do_POST(self) -> None:
        """A certificate for those who may have one."""
        shown = self.connection.getpeercert()
        subject = "/".join(f"{kind}={value}" for part in (shown or {}).get("subject", ()) for kind, value in part)
        self.house.asked.append(f"{self.path} {subject}".strip())
        body = base64.b64decode(self.rfile.read(int(self.headers["Content-Length"])))
        login = base64.b64encode(LOGIN.encode()).decode()
        renews = self.path.endswith("/simplereenroll") and subject
        if not renews and self.headers.get("Authorization") != f"Basic {login}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="enterprise"')
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if self.headers["Content-Type"] != "application/pkcs10":
            return self.send_error(415)
        if self.house.later:
            self.house.later -= 1
            self.send_response(202)
            self.send_header("Retry-After", "1")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self._answer(self.house.authority.sign(body))

    def _answer(self, pem: bytes) -> None:
        file = self.house.authority.folder / "answer.pem"
        file.write_bytes(pem)
        whole = base64.encodebytes(openssl("crl2pkcs7", "-nocrl", "-certfile", file, "-outform", "DER"))
        self.send_response(200)
        self.send_header("Content-Type", "application/pkcs7-mime; smime-type=certs-only")
        self.send_header("Content-Transfer-Encoding", "base64")
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole)
