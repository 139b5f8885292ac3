"""Certificates that a person accepts or rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snomtui.line.events import CertificateDoubted
from snomtui.phone.intents import AcceptCertificate, Refusal, RejectCertificate

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

PINS = "sim_tls_pins"
"""The setting that holds the fingerprints of accepted certificates."""
MOST = 24
"""So many are remembered; the oldest is forgotten, and asked about again if it is met."""
_UNASKED = Refusal("The phone has not asked about such a certificate")


class Certificates:
    """The part of the hands that decides about certificates."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def accept(self, wish: AcceptCertificate, now: float) -> Refusal | None:
        """Remember it, and let the identities that have met it register again at once."""
        asking = self._asking(wish.fingerprint)
        if not asking:
            return _UNASKED
        pins = dict.fromkeys([*self._pins(), wish.fingerprint])
        value = " ".join([*pins][-MOST:])
        self._phone.settings.set(PINS, value)
        self._phone.keep(f"setting:{PINS}", value)
        self._phone.model.settle_doubts(*asking)
        for identity in asking:
            self._phone.rebuild(identity, now)
        return None

    def reject(self, wish: RejectCertificate, now: float) -> Refusal | None:
        """Close the question; the identity stays unregistered and nobody is asked again before the next sign-in."""
        asking = self._asking(wish.fingerprint)
        if not asking:
            return _UNASKED
        model = self._phone.model
        model.rejected |= {(identity, wish.fingerprint) for identity in asking}
        model.settle_doubts(*asking)
        return None

    def doubted(self, event: CertificateDoubted, now: float) -> None:
        """A line has met a certificate that was accepted for another one meanwhile: it starts again, a moment later."""
        line, fingerprint = self._phone.line(event.identity), event.certificate.fingerprint
        if line is not None and fingerprint in self._pins() and fingerprint not in line.account.pins:
            self._phone.model.settle_doubts(event.identity)
            self._phone.later(("accepted", event.identity), now)

    def alarm(self, identity: int, now: float) -> None:
        """The moment has come."""
        self._phone.rebuild(identity, now)

    def _asking(self, fingerprint: str) -> list[int]:
        """The identities for which a person is asked about it."""
        doubts = self._phone.model.doubts.items()
        return [identity for identity, doubt in doubts if doubt.certificate.fingerprint == fingerprint]

    def _pins(self) -> list[str]:
        return self._phone.settings.text(PINS).split()
