"""The authority of the simulated front end as an enterprise uses one: it reads requests and gives certificates.

PKCS#10 (RFC 2986) in, PKCS#7 with certificates only (RFC 5652) out. Slow to import: import it late.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from snomtui.shell.certificates import Authority
from snomtui.shell.papers import vouches

SHORTEST_RSA = 2048
"""Bits."""
_PEM = re.compile(rb"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----(.*)-----END (?:NEW )?CERTIFICATE REQUEST-----", re.S)


class Issuing:
    """Gives certificates for computers and people; never one for the front end itself."""

    def __init__(self, root: Authority, reserved: Sequence[str], days: float = 90.0) -> None:
        """`reserved`: DNS names that belong to the front end; `days`: how long a certificate lasts."""
        self._root = x509.load_pem_x509_certificate(root.certificate.encode())
        self._key = root.signing_key()
        self._reserved = tuple(name.casefold().rstrip(".") for name in reserved)
        self._days = days

    def authorities(self) -> bytes:
        """The authority's own certificate, PKCS#7 in DER."""
        return _pkcs7(self._root)

    def issue(self, request: bytes, login: str, now: float, old: bytes | None = None) -> tuple[bytes, str]:
        """A certificate for a request, as PKCS#7 in DER, and its subject.

        `login` is who asks; it stands in the certificate if the request names nobody. `old` is the certificate (DER)
        that shall be renewed: then the names must be its own (RFC 7030 4.2.2). Raises ValueError that says what is
        wrong, in words for the one who asks.
        """
        asked = _read(request)
        names = _names(asked)
        for name in names or ():
            self._allow(name)
        if old is not None:
            self._same(asked, names, old, now)
        subject = asked.subject if len(list(asked.subject)) else _common(login)
        for part in subject.get_attributes_for_oid(NameOID.COMMON_NAME):
            self._allow(x509.DNSName(str(part.value)) if str(part.value).isascii() else None)
        return _pkcs7(self._made(subject, asked, names, now)), subject.rfc4514_string()

    def _allow(self, name: x509.GeneralName | None) -> None:
        if isinstance(name, x509.DNSName):
            text = name.value.strip().casefold().rstrip(".")
            if "*" in text.removeprefix("*."):
                raise ValueError(f"{text}: a star may stand for the whole first label only")
            covered = {text, text.removeprefix("*.")}
            if any(own in covered or (text.startswith("*.") and own.endswith(text[1:])) for own in self._reserved):
                raise ValueError(f"{text} is a name of the front end itself")
        elif name is not None and not isinstance(
            name, x509.IPAddress | x509.RFC822Name | x509.UniformResourceIdentifier
        ):
            raise ValueError("names may be DNS names, IP addresses, mail addresses and URIs only")

    def _same(
        self, asked: x509.CertificateSigningRequest, names: x509.SubjectAlternativeName | None, old: bytes, now: float
    ) -> None:
        before = x509.load_der_x509_certificate(old)
        if not vouches(self._root, before):
            raise ValueError("the certificate to be renewed is not of this authority")
        if not before.not_valid_before_utc.timestamp() <= now < before.not_valid_after_utc.timestamp():
            raise ValueError("the certificate to be renewed is not valid now; enrol afresh")
        if asked.subject != before.subject or set(names or ()) != set(_names(before) or ()):
            raise ValueError("subject and names must be those of the certificate that is renewed")

    def _made(
        self,
        subject: x509.Name,
        asked: x509.CertificateSigningRequest,
        names: x509.SubjectAlternativeName | None,
        now: float,
    ) -> x509.Certificate:
        begins = datetime.fromtimestamp(now, UTC) - timedelta(minutes=5)
        ends = min(datetime.fromtimestamp(now, UTC) + timedelta(days=self._days), self._root.not_valid_after_utc)
        public, serial = asked.public_key(), x509.random_serial_number()
        made = x509.CertificateBuilder(self._root.subject, subject, public, serial, begins, ends)
        if names:
            made = made.add_extension(names, critical=False)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = made.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return made.add_extension(issuer, critical=False).sign(self._key, hashes.SHA256())


def _read(request: bytes) -> x509.CertificateSigningRequest:
    """A request in DER, Base64 (RFC 8951) or PEM; raises ValueError."""
    try:
        asked = x509.load_der_x509_csr(_der(request))
        public = asked.public_key()
        over = asked.signature_hash_algorithm
        good = asked.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("that is no PKCS#10 request in Base64") from None
    if isinstance(over, hashes.SHA1 | hashes.MD5):
        raise ValueError(f"the request is signed over {over.name.upper()}, which is not believed; take SHA256")
    if not good:
        raise ValueError("the request is not signed by its own key")
    if isinstance(public, rsa.RSAPublicKey) and public.key_size < SHORTEST_RSA:
        raise ValueError(f"an RSA key has {SHORTEST_RSA} bits at least, this one has {public.key_size}")
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        raise ValueError("keys are RSA, EC or Ed25519")
    return asked


def _der(request: bytes) -> bytes:
    found = _PEM.search(request)
    if found:
        request = found[1]
    elif request[:1] == b"\x30" and request[1:2] >= b"\x80":
        return request
    return b64decode(b"".join(request.split()), validate=True)


def _names(asked: x509.CertificateSigningRequest | x509.Certificate) -> x509.SubjectAlternativeName | None:
    try:
        return asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise ValueError("the extensions of the request cannot be read") from None


def _common(login: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, login[:64])])


def _pkcs7(*certificates: x509.Certificate) -> bytes:
    return pkcs7.serialize_certificates(list(certificates), serialization.Encoding.DER)
