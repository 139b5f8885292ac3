"""The states of a client's NTLM handshake with a server ([MS-SIPAE] 3.2), and what it reads from a challenge."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from enum import Enum, auto

from snomtui.auth.challenge import AuthLine
from snomtui.auth.dates import parse_date
from snomtui.auth.ntlm.policy import ResponseKind
from snomtui.errors import BadToken
from snomtui.kit.machine import Table
from snomtui.sip.message import Response

SKEW_WORTH_SAYING = 900.0
"""Seconds between the clocks above which a refusal mentions them ([MS-SIPAE] asks for 15 minutes)."""
HIGHEST_VERSION = 4


class State(Enum):
    """How far the NTLM handshake with this server has come."""

    FRESH = auto()
    """No handshake; the next REGISTER goes without credentials."""
    OFFERED = auto()
    """The server speaks NTLM; the next REGISTER asks for its CHALLENGE."""
    PROVING = auto()
    """The CHALLENGE is answered; the server's proof is awaited."""
    TRUSTED = auto()
    """Both sides have proven themselves; everything is signed."""
    REFUSED = auto()
    """It did not work; nothing is tried until `forget`."""


class Given(Enum):
    """What moves a handshake."""

    SCHEMES = auto()
    TOKEN = auto()
    PROVEN = auto()
    GIVEN_UP = auto()
    STARTED_OVER = auto()
    FORGOTTEN = auto()


TABLE: Table[State, Given] = {
    State.FRESH: {
        Given.SCHEMES: State.OFFERED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.OFFERED: {
        Given.TOKEN: State.PROVING,
        Given.GIVEN_UP: State.REFUSED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.PROVING: {
        Given.PROVEN: State.TRUSTED,
        Given.SCHEMES: State.OFFERED,
        Given.GIVEN_UP: State.REFUSED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.TRUSTED: {
        Given.SCHEMES: State.OFFERED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.REFUSED: {Given.FORGOTTEN: State.FRESH},
}


def version_of(line: AuthLine) -> int:
    """The protocol version of a challenge that we follow: none means 2 ([MS-SIPAE] 2.2.1)."""
    text = line.get("version") or ""
    return min(int(text), HIGHEST_VERSION) if text in ("3", "4", "5", "6") else 2


def decoded(token: str) -> bytes:
    try:
        return b64decode(token, validate=True)
    except (Base64Error, ValueError) as error:
        raise BadToken("not base64") from error


def refusal_of(kind: ResponseKind, response: Response, now: float) -> str:
    """Why a proof was refused, as far as a client can know."""
    why = f"the server refused the {kind.value} answer: wrong user, password or domain, or its policy forbids it"
    theirs = parse_date(response.headers.get("Date") or "")
    if theirs is not None and abs(theirs - now) > SKEW_WORTH_SAYING:
        why += f"; the clocks differ by {_lasting(abs(theirs - now))}"
    return why


def _lasting(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"
