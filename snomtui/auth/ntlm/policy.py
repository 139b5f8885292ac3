"""The LAN Manager authentication level ([MS-NLMP] 3.1.1.1 and the Windows policy editor): what is sent, what is taken.

The NTLM version is never negotiated. Each side is configured; a refusal looks like a wrong password.
"""

from __future__ import annotations

from enum import Enum, IntEnum

from snomtui.auth.ntlm.messages import V2_RESPONSE_MINIMUM, Authenticate, Flags
from snomtui.errors import BadToken


class ResponseKind(Enum):
    """Which of the five kinds of response an AUTHENTICATE holds ([MS-NLMP] 3.3); the value is its name in words."""

    LM = "LM"
    """Only the LM field can be used; the NT field is empty."""
    NTLMV1 = "NTLMv1"
    """24 bytes in the NT field, no extended session security."""
    NTLM2_SESSION = "NTLM2 session"
    """24 bytes in the NT field with extended session security. Still version 1."""
    NTLMV2 = "NTLMv2"
    """More than 24 bytes in the NT field."""
    ANONYMOUS = "anonymous"
    """No user and no response."""

    @property
    def auth(self) -> str:
        """The short word for logs and events: `ntlmv1` or `ntlmv2`, `none` for anonymous."""
        if self is ResponseKind.ANONYMOUS:
            return "none"
        return "ntlmv2" if self is ResponseKind.NTLMV2 else "ntlmv1"


class LmLevel(IntEnum):
    """LmCompatibilityLevel: 0 (everything goes) to 5 (NTLMv2 only)."""

    SEND_LM_AND_NTLM = 0
    """Sends LM and NTLM, never extended session security."""
    NTLM2_SESSION_IF_NEGOTIATED = 1
    """Sends LM and NTLM, or the NTLM2 session response where offered."""
    SEND_NTLM_ONLY = 2
    """Sends NTLM without LM, or the NTLM2 session response where offered."""
    SEND_NTLMV2_ONLY = 3
    """Sends NTLMv2, takes everything."""
    REFUSE_LM = 4
    """Sends NTLMv2, refuses LM."""
    REFUSE_LM_AND_NTLM = 5
    """Sends NTLMv2, refuses LM and NTLM."""

    @property
    def title(self) -> str:
        """The name in the Windows policy editor."""
        return _TITLES[self]

    @property
    def sends_v2(self) -> bool:
        """Whether a client at this level answers with NTLMv2."""
        return self >= LmLevel.SEND_NTLMV2_ONLY

    @property
    def sends_lm(self) -> bool:
        """Whether a client at this level fills the LM field with a real LM response, where that is possible."""
        return self <= LmLevel.NTLM2_SESSION_IF_NEGOTIATED

    @property
    def may_use_ess(self) -> bool:
        """Whether a client at this level takes extended session security when it is offered."""
        return self is not LmLevel.SEND_LM_AND_NTLM

    def sends(self, ess: bool) -> ResponseKind:
        """The kind of response a client at this level gives; `ess` says whether the server offers it."""
        if self.sends_v2:
            return ResponseKind.NTLMV2
        return ResponseKind.NTLM2_SESSION if ess and self.may_use_ess else ResponseKind.NTLMV1

    def accepts(self, kind: ResponseKind) -> bool:
        """Whether a server at this level takes this kind of response; nobody takes anonymous."""
        if kind is ResponseKind.ANONYMOUS:
            return False
        if kind is ResponseKind.NTLMV2:
            return True
        if kind is ResponseKind.LM:
            return self < LmLevel.REFUSE_LM
        return self < LmLevel.REFUSE_LM_AND_NTLM


_TITLES = {
    LmLevel.SEND_LM_AND_NTLM: "Send LM & NTLM responses",
    LmLevel.NTLM2_SESSION_IF_NEGOTIATED: "Send LM & NTLM - use NTLMv2 session security if negotiated",
    LmLevel.SEND_NTLM_ONLY: "Send NTLM response only",
    LmLevel.SEND_NTLMV2_ONLY: "Send NTLMv2 response only",
    LmLevel.REFUSE_LM: "Send NTLMv2 response only. Refuse LM",
    LmLevel.REFUSE_LM_AND_NTLM: "Send NTLMv2 response only. Refuse LM & NTLM",
}


def classify(authenticate: Authenticate) -> ResponseKind:
    """Say which kind of response an AUTHENTICATE holds; raises `BadToken` for a length that no kind has."""
    size = len(authenticate.nt)
    if size == 0:
        return ResponseKind.LM if authenticate.user else ResponseKind.ANONYMOUS
    if size == 24:
        ess = Flags.ESS in authenticate.flags
        return ResponseKind.NTLM2_SESSION if ess else ResponseKind.NTLMV1
    if size >= V2_RESPONSE_MINIMUM:
        return ResponseKind.NTLMV2
    raise BadToken(f"an NT response of {size} bytes is of no known kind")
