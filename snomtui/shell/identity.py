"""Who the phone's web server is: its key and certificate; made by itself, or to be asked of an authority.

Slow to import: import it late.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from snomtui.shell.papers import chain_of, key_of, key_pem, pem_of, read, vouches
from snomtui.shell.tls import fingerprint

LIFE = 3650
"""Days of a certificate that the phone makes for itself: whoever has pinned it shall not be troubled often."""
LAST_DAYS = 31
"""Days before its end at which it is made anew."""
RENEWAL = 2 / 3
"""After this part of its life a certificate of an authority is renewed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A key and its certificate with those that vouch for it."""

    key: str = field(repr=False)
    """PEM; a secret."""
    chain: str
    """PEM, the own certificate first."""

    @property
    def pem(self) -> str:
        """Both in one text, as TLS wants them."""
        return self.key + self.chain


@dataclass(frozen=True, slots=True)
class Facts:
    """What a certificate says, for people and programs."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    """DNS names and IP addresses for which it is."""
    begins: float
    """Seconds since 1970."""
    ends: float
    fingerprint: str
    """SHA-256, 64 hexadecimal digits."""
    serial: str
    """Hexadecimal."""
    own: bool
    """Whether only it vouches for itself."""

    @property
    def renewal(self) -> float:
        """When it is to be replaced, seconds since 1970."""
        if self.own:
            return self.ends - LAST_DAYS * 86_400
        return self.begins + (self.ends - self.begins) * RENEWAL


@dataclass(frozen=True, slots=True)
class Request:
    """A certificate that is asked for, and the key that it is for (PKCS#10, RFC 2986)."""

    key: str = field(repr=False)
    """PEM; a secret."""
    csr: str
    """PEM."""

    @property
    def der(self) -> bytes:
        """What an authority reads."""
        return x509.load_pem_x509_csr(self.csr.encode()).public_bytes(serialization.Encoding.DER)


def own_identity(common: str, names: Sequence[str], now: float) -> Identity:
    """A key and a certificate for which nobody else vouches, valid from a day before `now`."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name(common)
    begins = datetime.fromtimestamp(now, UTC) - timedelta(days=1)
    ends = begins + timedelta(days=LIFE)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begins, ends)
    made = made.add_extension(_alternatives(names), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Identity(key_pem(key), pem_of([made.sign(key, hashes.SHA256())]))


def request(common: str, names: Sequence[str], like: Identity | None = None) -> Request:
    """A new key and a request for it.

    `like`: a certificate that is to be replaced; then subject and names are as in it (RFC 7030 4.2.2).
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject, extensions = _name(common), [_alternatives(names)]
    if like:
        old = leaf(like)
        subject, extensions = old.subject, _alternatives_of(old)
    asked = x509.CertificateSigningRequestBuilder(subject)
    for extension in extensions:
        asked = asked.add_extension(extension, critical=False)
    signed = asked.sign(key, hashes.SHA256())
    return Request(key_pem(key), signed.public_bytes(serialization.Encoding.PEM).decode("ascii"))


def joined(key: str, certificates: Sequence[x509.Certificate]) -> Identity:
    """The identity of a key with the certificate that is for it; raises ValueError if none of these is."""
    return Identity(key, pem_of(chain_of(key_of(key.encode()), certificates)))


def in_one(data: bytes, what: str) -> Identity:
    """Key and certificate out of one text; raises `SettingsError`, or ValueError if they do not fit."""
    papers = read(data, what)
    if papers.key is None:
        raise ValueError("the private key is missing")
    return Identity(key_pem(papers.key), pem_of(chain_of(papers.key, papers.certificates)))


def leaf(identity: Identity) -> x509.Certificate:
    """The own certificate."""
    return x509.load_pem_x509_certificate(identity.chain.encode())


def facts(identity: Identity) -> Facts:
    """What its certificate says."""
    read = leaf(identity)
    return Facts(
        subject=read.subject.rfc4514_string(),
        issuer=read.issuer.rfc4514_string(),
        names=tuple(str(one.value) for some in _alternatives_of(read) for one in some),
        begins=read.not_valid_before_utc.timestamp(),
        ends=read.not_valid_after_utc.timestamp(),
        fingerprint=fingerprint(read.public_bytes(serialization.Encoding.DER)),
        serial=f"{read.serial_number:x}",
        own=vouches(read, read),
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _alternatives_of(certificate: x509.Certificate) -> list[x509.SubjectAlternativeName]:
    try:
        return [certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value]
    except (x509.ExtensionNotFound, ValueError):
        return []


def _alternatives(names: Sequence[str]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_general(name) for name in dict.fromkeys(names)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
