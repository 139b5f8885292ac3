"""Certificates of the simulated front end: an authority of its own, and a server certificate that it vouches for."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from snomtui.shell.webtls import show

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Bundle:
    """PEM texts of one authority and one server."""

    authority: str
    """The certificate that clients trust."""
    certificate: str
    key: str
    authority_key: str = ""
    """Empty = it is not there, so nobody else can be vouched for."""

    def __repr__(self) -> str:
        return "Bundle(...)"

    @property
    def root(self) -> Authority:
        """The authority, to vouch for others."""
        return Authority(self.authority, self.authority_key)

    def good(self, names: Sequence[str], now: float) -> bool:
        """Whether it is for these names, and for a week more; raises ValueError if it cannot be read."""
        certificate = x509.load_pem_x509_certificate(self.certificate.encode())
        _same_key(certificate, _load(self.key))
        try:
            certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(self.authority.encode()))
        except InvalidSignature:
            return False
        known = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return {_general(name) for name in names} <= set(known) and _lasts(certificate, now, 7)

    def server_context(self) -> ssl.SSLContext:
        """A TLS context to listen with; TLS 1.2 and later."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        show(context, self.certificate + self.key)
        return context


@dataclass(frozen=True, slots=True)
class Authority:
    """PEM texts of an authority that can vouch for others."""

    certificate: str
    key: str

    def __repr__(self) -> str:
        return "Authority(...)"

    def signing_key(self) -> Key:
        """What it vouches with; raises ValueError if it cannot be read."""
        return _load(self.key)

    def good(self, now: float) -> bool:
        """Whether it may still vouch, a month from now on; raises ValueError if it cannot be read."""
        certificate = x509.load_pem_x509_certificate(self.certificate.encode())
        _same_key(certificate, _load(self.key))
        return _lasts(certificate, now, 31)


def make(names: Sequence[str], now: float, days: int = 30) -> Bundle:
    """A new authority and a certificate for `names` (DNS names and IP addresses), valid from a day before `now`."""
    return issue(authority(now, days), names, now, days)


def authority(now: float, days: int) -> Authority:
    """A new authority, valid from a day before `now`."""
    begin, end = _span(now, days)
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("snomtui simulated front end, authority of its own")
    root = _builder(name, name, key, begin, end)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(_usage(signs_certificates=True), critical=True)
    root = root.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Authority(_pem(root.sign(key, hashes.SHA256())), _key_pem(key))


def issue(root: Authority, names: Sequence[str], now: float, days: int) -> Bundle:
    """A certificate for `names` by this authority, valid from a day before `now`; raises ValueError for a bad one."""
    begin, end = _span(now, days)
    vouching, root_key = x509.load_pem_x509_certificate(root.certificate.encode()), _load(root.key)
    key = ec.generate_private_key(ec.SECP256R1())
    server = _builder(_name(names[0]), vouching.subject, key, begin, min(end, vouching.not_valid_after_utc))
    server = server.add_extension(x509.SubjectAlternativeName([_general(n) for n in names]), critical=False)
    server = server.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    server = server.add_extension(_usage(signs_certificates=False), critical=True)
    server = server.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    server = server.add_extension(issuer, critical=False)
    return Bundle(root.certificate, _pem(server.sign(root_key, hashes.SHA256())), _key_pem(key), root.key)


def _span(now: float, days: int) -> tuple[datetime, datetime]:
    begin = datetime.fromtimestamp(now, UTC) - timedelta(days=1)
    return begin, begin + timedelta(days=days + 1)


def _lasts(certificate: x509.Certificate, now: float, days: int) -> bool:
    moment = datetime.fromtimestamp(now, UTC)
    return certificate.not_valid_before_utc <= moment < certificate.not_valid_after_utc - timedelta(days=days)


def _load(pem: str) -> Key:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the key is not one of this program's")
    return key


def _same_key(certificate: x509.Certificate, key: Key) -> None:
    if certificate.public_key() != key.public_key():
        raise ValueError("the key is not that of the certificate")


def _key_pem(key: Key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), begin, end)


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
