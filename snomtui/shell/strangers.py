"""A certificate that nobody vouches for, as a person can judge it. Slow to import: import it late."""

from __future__ import annotations

from cryptography import x509

from snomtui.kit.box import Certificate
from snomtui.shell.tls import fingerprint


def described(certificate: bytes, problem: str) -> Certificate:
    """A certificate in DER, in words; what cannot be read is a question mark."""
    try:
        read = x509.load_der_x509_certificate(certificate)
        subject, issuer = read.subject.rfc4514_string(), read.issuer.rfc4514_string()
        ends = read.not_valid_after_utc.date().isoformat()
    except ValueError:
        subject, issuer, ends = "?", "?", "?"
    return Certificate(fingerprint(certificate), subject or "?", issuer or "?", ends, problem)
