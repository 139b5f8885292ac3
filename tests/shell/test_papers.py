"""Certificates and keys in the forms in which people have them."""

from __future__ import annotations

import time
from base64 import b64encode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from snomtui.errors import SettingsError
from snomtui.shell.certificates import Bundle, make
from snomtui.shell.papers import Papers, chain_of, key_of, pem_of, read, vouches

DER = serialization.Encoding.DER


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return make(["desk.example.org"], time.time())


def both(bundle: Bundle) -> list[x509.Certificate]:
    """Authority first, which is the wrong order."""
    return [x509.load_pem_x509_certificate(text.encode()) for text in (bundle.authority, bundle.certificate)]


def test_every_form_of_a_certificate_is_read(bundle: Bundle) -> None:
    root, own = both(bundle)
    der = own.public_bytes(DER)
    packed = pkcs7.serialize_certificates([root, own], DER)
    assert read(der, "x").certificates == (own,)
    assert read(b64encode(der), "x").certificates == (own,)
    assert read(bundle.certificate.encode(), "x").certificates == (own,)
    assert set(read(packed, "x").certificates) == {root, own}
    assert set(read(pkcs7.serialize_certificates([root, own], serialization.Encoding.PEM), "x").certificates) == {
        root,
        own,
    }
    whole = read(("Bag Attributes\n" + bundle.key + bundle.certificate).encode(), "x")
    assert whole.key is not None and whole.certificates == (own,)


@pytest.mark.parametrize(
    "data", [b"", b"banana", b"\x30\x82\x01\x00" + b"x" * 256, b"-----BEGIN CERTIFICATE-----\nAAAA\n"]
)
def test_what_holds_no_certificate_is_named(data: bytes) -> None:
    with pytest.raises(SettingsError, match="^file.pem: it "):
        read(data, "file.pem")


def test_encrypted_key_and_huge_file_are_said_in_words(bundle: Bundle) -> None:
    locked = key_of(bundle.key.encode()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")
    )
    with pytest.raises(SettingsError, match="one without a password is needed"):
        read(locked, "file.pem")
    with pytest.raises(SettingsError, match="larger than"):
        read(b"x" * 300_000, "file.pem")


def test_chain_begins_with_the_own_certificate_and_leaves_the_root_out(bundle: Bundle) -> None:
    root, own = both(bundle)
    assert chain_of(key_of(bundle.key.encode()), [root, own]) == (own,)
    assert pem_of([own]) == bundle.certificate
    assert vouches(root, own) and not vouches(own, root)


def test_certificate_for_another_key_is_refused(bundle: Bundle) -> None:
    other = rsa.generate_private_key(65537, 2048)
    with pytest.raises(ValueError, match="for the phone's key"):
        chain_of(other, both(bundle))


def test_papers_do_not_print_their_key(bundle: Bundle) -> None:
    assert repr(Papers((), key_of(bundle.key.encode()))) == "Papers(0 certificates)"


SM2 = """\
-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUAK5vRLYDzdV5wri6bnn7YP2Vbr4wCgYIKoEcz1UBg3Uw
DjEMMAoGA1UEAwwDc20yMB4XDTI2MTEyMzIwMDIzOFoXDTI2MTIyMzIwMDIzOFow
DjEMMAoGA1UEAwwDc20yMFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEf7VmtzP2
fSPHRuaFNPj3LpAWqIed2Mj71DxjKvNyiAABiRbyN1NdWDqEjTO55qLJnY0iwXHy
Xd1beQgfW6V356NTMFEwHQYDVR0OBBYEFMRhkxOOPJ0qPTBBH1msnBC5eHDhMB8G
A1UdIwQYMBaAFMRhkxOOPJ0qPTBBH1msnBC5eHDhMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoEcz1UBg3UDSAAwRQIhALxJ9TGtQa9lglSMcRRNkPGULkq2chASGlbRGdY/
YazGAiBhYkv24s8bMZdYDz55vmeMhLFGQbDNzY5ciHckX3fS6w==
-----END CERTIFICATE-----
"""
"""By an authority whose kind of key nobody here knows."""


def test_authority_with_an_unknown_kind_of_key_disturbs_nobody(bundle: Bundle) -> None:
    root, own = both(bundle)
    strange = x509.load_pem_x509_certificate(SM2.encode())
    assert chain_of(key_of(bundle.key.encode()), [strange, root, own])[0] == own
    assert not vouches(strange, own) and not vouches(strange, strange)
