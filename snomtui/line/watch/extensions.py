"""The extensions of SUBSCRIBE that a front end and its clients agree on ([MS-SIP] 2.1, 3.3, 3.4)."""

from __future__ import annotations

from snomtui.sip.headers import Item

COMMON: tuple[Item, ...] = (
    ("Supported", "com.microsoft.autoextend"),
    ("Supported", "ms-benotify"),
    ("Proxy-Require", "ms-benotify"),
    ("Supported", "ms-piggyback-first-notify"),
)
"""Traffic extends the subscription; what changes may come as BENOTIFY; the first document may come in the 200."""
