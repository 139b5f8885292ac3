"""A login as a person types it."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.kit.secret import Secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, for NTLM and for Digest."""

    user: str
    """For NTLM. A login such as `heiko@ucc.test` stays whole and goes without a domain ([MS-NLMP] 3.3.2)."""
    domain: str
    password: Secret
    realm_user: str
    """The user name for Digest."""
    realm: str = ""
    """The realm that they belong to, so that no other realm gets them; empty = any."""

    @classmethod
    def parse(cls, login: str, password: Secret, realm: str = "") -> Credentials:
        """Read `DOMAIN\\user`, `user@domain` or `user`."""
        text = login.strip()
        domain, backslash, user = text.partition("\\")
        if backslash:
            return cls(user, domain, password, user, realm)
        return cls(text, "", password, text, realm)

    def belong_to(self, realm: str | None) -> bool:
        """Whether a server that asks in this realm may have them (RFC 3261 22.1)."""
        return not self.realm or realm == self.realm
