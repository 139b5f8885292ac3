"""What a server's door offers in a 401, and what it says to a proof that it refuses ([MS-SIPAE] 2.2.1, [MS-OCER])."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.auth.challenge import AuthLine, AuthParam
from snomtui.auth.faults import Fault

NEWEST = 4
"""The version of TLS-DSK lines: servers that know the scheme know no older one."""
REASONS = {
    1000: "Final handshake failed",
    1013: "Significant time skew detected during authentication.",
}
"""Texts of ms-diagnostics by number."""
_HRESULT = ';HRESULT="0xC3E93EC3(SIP_E_AUTH_UNAUTHORIZED)"'


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a server in its challenges."""

    realm: str
    targetname: str
    """The FQDN."""
    version: int

    def params(self, targetname: str = "") -> tuple[AuthParam, ...]:
        """Realm, targetname and version; version 2 is never written."""
        known = (AuthParam("realm", self.realm), AuthParam("targetname", targetname or self.targetname))
        return known if self.version < 3 else (*known, AuthParam("version", str(self.version), quoted=False))

    @property
    def ntlm(self) -> str:
        """The line that offers NTLM."""
        return str(AuthLine("NTLM", self.params()))

    @property
    def kerberos(self) -> str:
        """The line that offers Kerberos: there the target is a service principal."""
        return str(AuthLine("Kerberos", self.params(f"sip/{self.targetname}")))

    @property
    def tls_dsk(self) -> str:
        """The line that offers TLS-DSK, with the place where a client would get its certificate."""
        uri = f"https://{self.targetname}:443/CertProv/CertProvisioningService.svc"
        names = Names(self.realm, self.targetname, NEWEST).params()
        return str(AuthLine("TLS-DSK", (*names, AuthParam("sts-uri", uri))))

    def challenge(self, opaque: str, token: str) -> str:
        """The line that carries an NTLM CHALLENGE, in base64."""
        return str(AuthLine("NTLM", (AuthParam("opaque", opaque), AuthParam("gssapi-data", token), *self.params())))

    def diagnostics(self, fault: Fault) -> str:
        """The ms-diagnostics of a refused proof. It tells a wrong clock, and no other cause from another."""
        number = 1013 if fault is Fault.CLOCK else 1000
        detail = _HRESULT if number == 1000 and self.version >= NEWEST else ""
        return f'{number};reason="{REASONS[number]}";source="{self.targetname}"{detail}'
