"""Who I am, on both sides: NTLM as Microsoft's SIP servers want it ([MS-SIPAE]), and Digest (RFC 2617, RFC 7616).

`guard` is our side (a phone's line), `doorman` is their side (a registrar). Both are given the time and random bytes.
May import `sip`, `kit` and `errors`. Must not know presence dialects, lines, calls, sockets or the clock.
"""
