"""How the IETF says it: presence (RFC 3863, RFC 4480), who is on the phone (RFC 4235), waiting messages (RFC 3842).

Also who is registered (RFC 3680), and many of these at once (RFC 4662).

Pure functions and frozen values. May import `sip` and the ground floor. Must not know `ocs`, lines or timers.
"""
