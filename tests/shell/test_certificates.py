"""The certificates that the front end makes for itself, read by the library that clients use."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from snomtui.shell.certificates import Bundle, make

NAMES = ["sip.ucc.test", "ucc.test", "127.0.0.1", "::1"]


def shake_hands(bundle: Bundle, name: str, trusted: str) -> dict[str, object]:
    """A TLS handshake in memory; returns the server's certificate as the client sees it."""
    context = ssl.create_default_context(cadata=trusted)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=name)
    server = bundle.server_context().wrap_bio(to_server, to_client, server_side=True)
    for _ in range(5):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return dict(client.getpeercert() or {})


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return make(NAMES, time.time())


@pytest.mark.parametrize("name", NAMES)
def test_client_that_trusts_the_authority_accepts_every_name(bundle: Bundle, name: str) -> None:
    assert shake_hands(bundle, name, bundle.authority)["subject"] == ((("commonName", "sip.ucc.test"),),)


def test_client_refuses_another_name(bundle: Bundle) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="not valid for 'other.test'"):
        shake_hands(bundle, "other.test", bundle.authority)


def test_client_that_trusts_another_authority_refuses(bundle: Bundle) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(bundle, "ucc.test", make(["x.test"], time.time()).authority)


def test_certificates_pass_the_strict_rules_of_rfc_5280(bundle: Bundle) -> None:
    root = x509.load_pem_x509_certificate(bundle.authority.encode())
    leaf = x509.load_pem_x509_certificate(bundle.certificate.encode())
    verifier = PolicyBuilder().store(Store([root])).build_server_verifier(x509.DNSName("sip.ucc.test"))
    assert verifier.verify(leaf, [])[-1] == root


def test_certificate_is_valid_from_yesterday_for_a_month() -> None:
    now = datetime(2026, 10, 27, tzinfo=UTC)
    leaf = x509.load_pem_x509_certificate(make(["x.test"], now.timestamp()).certificate.encode())
    assert (leaf.not_valid_before_utc - now).days == -1
    assert (leaf.not_valid_after_utc - now).days == 30


def test_key_never_shows_in_the_bundles_repr(bundle: Bundle) -> None:
    assert "PRIVATE" in bundle.key and repr(bundle) == "Bundle(...)"
