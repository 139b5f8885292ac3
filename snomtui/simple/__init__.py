"""How the IETF says it: presence (RFC 3863, RFC 4480) and waiting messages (RFC 3842).

Pure functions and frozen values. May import `sip` and the ground floor. Must not know `ocs`, lines or timers.
"""
