"""What the front end insists on: the domain's policy and the server's, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.auth.ntlm.policy import LmLevel

REALM = "SIP Communications Service"


@dataclass(frozen=True, slots=True)
class Policy:
    """The knobs of a front end; the defaults are those of OCS 2007 R2 in a strict domain."""

    level: LmLevel = LmLevel.REFUSE_LM_AND_NTLM
    """LAN Manager authentication level: 5 takes NTLMv2 only."""
    version: int = 4
    """Protocol version of [MS-SIPAE]: 2 (LCS 2005), 3 (OCS 2007) or 4 (OCS 2007 R2)."""
    digest: bool = True
    """Ordinary phones may sign in with Digest (RFC 2617); an OCS client never does."""
    realm: str = REALM
    server_header: str = "RTC/3.5"
    """3.0 is OCS 2007, 3.5 OCS 2007 R2, 4.0 Lync 2010."""
    shortest: int = 60
    """Seconds; a shorter registration gets 423 with Min-Expires (RFC 3261 10.3 step 7)."""
    longest: int = 7200
    """Seconds; the most a registration is good for, and what is granted unasked."""
    longest_phone: int = 900
    """The same for desk phones."""
    subscription: int = 37000
    """Seconds; the most a subscription is good for."""
    keep_alive: int = 300
    """Seconds of silence after which a client says CRLF CRLF."""
    timer_c: float = 180.0
    """Seconds that an INVITE may ring without a word from the callee (RFC 3261 16.6 step 11)."""
    settle: float = 0.05
    """Seconds for which presence changes are gathered before watchers are told."""

    def longest_for(self, user_agent: str) -> int:
        """The most that a registration by this program is good for, in seconds."""
        return self.longest_phone if user_agent.lower().startswith("snom") else self.longest
