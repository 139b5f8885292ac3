"""The gateway to the telephone network, and the voice mail: what is heard from numbers and mailboxes nobody plays."""

from __future__ import annotations

from dataclasses import replace

from snomtui.office.outside import Beyond
from snomtui.office.people import People
from snomtui.office.script import Script
from snomtui.sip.reasons import reason_of

RINGING = Script(rings=2.0, early="tone:ringback")
ANNOUNCED = 6.0
"""Seconds of an announcement."""
GIVES_UP = 120.0
"""Seconds after which the telephone network no longer rings."""
GREETING, BEEP = 2.4, 0.5
"""Seconds of the voice mail's announcement and of its beep."""
LONGEST_MESSAGE = 180.0
"""Seconds for which the voice mail listens at most."""

MAILBOX = Script(
    rings=0.2,
    sounds=((0.0, "tone:chime"), (GREETING, "tone:beep"), (GREETING + BEEP, "silence")),
    lasts=GREETING + BEEP + LONGEST_MESSAGE,
    mailbox=True,
)
"""A voice mail: announcement, beep, and then it listens. Nothing is recorded."""
NO_ROUTE = (12004, "No route found")
NO_GATEWAY = (12000, "Routes available for this request but no available gateway at this point")


def _failed(status: int) -> tuple[int, str]:
    """Number and words with which a mediation server passes on what the network says ([MS-OCER], 10000 to 10999)."""
    return 10000 + status, f"Gateway responded with {status} {reason_of(status)}"


SCRIPTS = {
    Beyond.ANSWERS: RINGING,
    Beyond.CALLS: RINGING,
    Beyond.BUSY: Script(refusal=486, why=_failed(486)),
    Beyond.REJECTS: Script(refusal=603, why=_failed(603)),
    Beyond.UNREACHABLE: Script(refusal=503, why=NO_GATEWAY),
    Beyond.RINGS: replace(RINGING, rings=None, gives_up=GIVES_UP, after=480, why=_failed(480)),
    Beyond.ANNOUNCEMENT: replace(RINGING, sounds=((0.0, "tone:chime"),), lasts=ANNOUNCED),
    Beyond.UNASSIGNED: Script(rings=None, early="tone:information", gives_up=ANNOUNCED, after=404, why=_failed(404)),
}
"""What each kind of number does."""


def script_of(number: str, people: People) -> Script:
    """What the number outside does; one that no entry covers cannot be routed."""
    entry = people.beyond(number)
    return SCRIPTS[entry.behaviour] if entry else Script(refusal=404, why=NO_ROUTE)
