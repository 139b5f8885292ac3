"""NTLM in datagram mode ([MS-NLMP]): tokens, keys, both contexts, the LAN Manager level, the SIP signature.

May import `sip`, `kit` and `errors`; only `signature` knows SIP. Must not know which header carries a token, or when.
"""
