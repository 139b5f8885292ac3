"""Certificates and keys as people have them: PEM, DER, PKCS#7, Base64, one or many. Slow to import: import it late."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from snomtui.errors import SettingsError

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
LARGEST = 256 * 1024
"""Bytes that are looked at."""

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \1-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Papers:
    """What a file holds."""

    certificates: tuple[x509.Certificate, ...]
    key: Key | None = None

    def __repr__(self) -> str:
        return f"Papers({len(self.certificates)} certificates)"


def read(data: bytes, what: str) -> Papers:
    """All certificates and the key in these bytes; raises `SettingsError` that begins with `what` it is."""
    if len(data) > LARGEST:
        raise SettingsError(f"{what}: larger than {LARGEST} bytes, so it is no certificate")
    try:
        blocks = _BLOCK.findall(data)
        found = _of_pem(data) if blocks else Papers(_of_der(_plain(data)))
    except (ValueError, TypeError) as error:
        if isinstance(error, _Locked):
            raise SettingsError(f"{what}: the key is encrypted; one without a password is needed") from None
        raise SettingsError(f"{what}: it cannot be read; PEM, DER or PKCS#7 certificates are wanted") from None
    if not found.certificates and found.key is None:
        raise SettingsError(f"{what}: it holds no certificate")
    return found


def _of_pem(data: bytes) -> Papers:
    certificates: list[x509.Certificate] = []
    keys: list[Key] = []
    for block in _BLOCK.finditer(data):
        label, whole = block[1].decode(), block[0]
        if label in ("CERTIFICATE", "X509 CERTIFICATE"):
            certificates.append(x509.load_pem_x509_certificate(whole))
        elif label in ("PKCS7", "CMS"):
            certificates += _of_der(b64decode(block[2]))
        elif label.endswith("PRIVATE KEY"):
            keys.append(key_of(whole))
    return Papers(tuple(certificates), keys[0] if keys else None)


def _of_der(data: bytes) -> tuple[x509.Certificate, ...]:
    try:
        return (x509.load_der_x509_certificate(data),)
    except ValueError:
        return tuple(pkcs7.load_der_pkcs7_certificates(data))


def _plain(data: bytes) -> bytes:
    """What stands in Base64, or the bytes as they are."""
    return b64decode(b"".join(data.split())) if re.fullmatch(rb"[A-Za-z0-9+/=\s]+", data) else data


class _Locked(ValueError):
    """The key needs a password."""


def key_of(pem: bytes) -> Key:
    """A private key in PEM; raises ValueError for one that this program cannot use."""
    if b"ENCRYPTED" in pem:
        raise _Locked
    try:
        key = serialization.load_pem_private_key(pem, None)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from None
    if not isinstance(key, Key):
        raise ValueError("a kind of key that TLS does not take")
    return key


def chain_of(key: Key, certificates: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificate of this key, then those that vouch for it, without the root; raises ValueError if none fits."""
    own = next((one for one in certificates if _is_for(one, key)), None)
    if own is None:
        raise ValueError("no certificate in it is for the phone's key")
    chain = [own]
    while (above := voucher(chain[-1], certificates)) and above not in chain and above.subject != above.issuer:
        chain.append(above)
    return tuple(chain)


def _is_for(certificate: x509.Certificate, key: Key) -> bool:
    """Whether a certificate is for this key; one of a kind that nobody here knows is not."""
    try:
        return certificate.public_key() == key.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return False


def voucher(certificate: x509.Certificate, among: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """Who of these has signed a certificate."""
    return next((one for one in among if vouches(one, certificate)), None)


def vouches(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether one certificate has signed the other."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def pem_of(certificates: Sequence[x509.Certificate]) -> str:
    """Certificates as PEM text."""
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode("ascii") for one in certificates)


def key_pem(key: Key) -> str:
    """A key as PEM text, PKCS#8, not encrypted."""
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode("ascii")
