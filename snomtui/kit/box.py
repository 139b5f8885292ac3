"""The five doors of a box, and what comes out of it.

A box is anything sans-IO that the shell can drive: the `Phone` and the `Office`. It never awaits, sleeps, reads a
clock or rolls dice. `now` is one number: seconds since 1970 that never step back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from snomtui.kit.ids import Dice

Conn = int
"""A connection, or for UDP one local socket.

A box numbers those it opens from 1 up, the shell those that came in from -1 down.
"""

HostPort = tuple[str, int]
"""An address as a socket shows it: IP literal or name, and port."""


def host_port(place: HostPort) -> str:
    """The address as people write it, `host:port`, with brackets around an IPv6 literal."""
    host, port = place
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class Up:
    """A connection is there."""

    transport: str
    """`udp`, `tcp` or `tls`."""
    local: HostPort
    remote: HostPort
    """For a UDP socket that listens to everybody: ("", 0)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate that nobody whom we trust vouches for."""

    fingerprint: str
    """SHA-256 of the certificate: 64 hexadecimal digits in lower case."""
    subject: str
    """To whom it was given, as people read it: `CN=sip.ucc.de`."""
    issuer: str
    ends: str
    """The day on which it ends: `2026-11-23`."""
    problem: str
    """Why it is not trusted, in words."""


@dataclass(frozen=True, slots=True)
class Down:
    """A connection is gone, or never came up."""

    why: str
    """In words that a telephone person understands."""
    certificate: Certificate | None = None
    """What a person may decide to trust all the same."""


@dataclass(frozen=True, slots=True)
class Target:
    """One place where a server may be reached (RFC 3263 4.2)."""

    transport: str
    """`udp`, `tcp` or `tls`."""
    host: str
    """The name or IP literal, for people and for TLS."""
    port: int
    address: str = ""
    """The IP address of the host; empty = whoever connects finds it out."""
    name: str = ""
    """The domain that a TLS certificate must be for (RFC 5922 4), or for the host if that is inside it; empty = the
    host."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a server may be reached, the best place first."""

    targets: tuple[Target, ...]
    why: str = ""
    """What is wrong, in words, if there is no target."""


@dataclass(frozen=True, slots=True)
class Locate:
    """Please find out where a server is (RFC 3263); the answer is `linked` with `Located`."""

    conn: Conn
    """A number of its own, as for a connection."""
    host: str
    """A domain, a host name or an IP literal (IPv6 in brackets or not)."""
    port: int | None = None
    """A port that was given: then only the address is looked for."""
    transport: str | None = None
    """A transport that was given."""
    ocs: bool = False
    """Whether to look as Office Communicator does, see `sip.locating`."""


@dataclass(frozen=True, slots=True)
class Open:
    """Please connect; the answer is `linked`."""

    conn: Conn
    transport: str
    host: str
    port: int
    local_port: int = 0
    """UDP: bind here, 0 = any."""
    address: str = ""
    """The IP address of `host`; empty = find it out."""
    name: str = ""
    """The domain that a TLS certificate must be for, see `Target.name`; empty = `host`."""
    pins: tuple[str, ...] = ()
    """SHA-256 fingerprints of certificates that a person has accepted, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Send:
    """Please put these bytes on the wire."""

    conn: Conn
    data: bytes
    to: HostPort | None = None
    """UDP only: another peer than the one the socket was opened to."""


@dataclass(frozen=True, slots=True)
class Close:
    """Please close; no `linked` follows."""

    conn: Conn


@dataclass(frozen=True, slots=True)
class Log:
    """One line of the phone's own log, `[level]date time: text`; level 0 (important) to 9 (flood)."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """Please GET this URL; never waited for."""

    url: str
    """`http:` or `https:`; for a picture also `data:`."""
    ask: str = ""
    """With it the answer comes back, as `Fetched`."""
    agent: str = ""
    """How to name ourselves; empty = not at all."""
    language: str = ""
    """The language in which we read, `de`; empty = any."""
    pixels: tuple[int, int] = (0, 0)
    """So many pixels wide and high a picture may be; (0, 0) = it is none."""
    tones: str = "color"
    """How a picture is wanted: `mono`, `grey` or `color`."""
    orderly: bool = False
    """Whether it goes out after those before it to the same server: what happened first shall be heard first."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a `Fetch` with `ask` has brought."""

    url: str = ""
    """Where it was in the end; empty = where it was looked for."""
    status: int = 0
    """The status of HTTP; 0 = nobody answered."""
    kind: str = ""
    """The Content-Type as it was sent."""
    body: bytes = b""
    why: str = ""
    """Why there is nothing, in words; empty = there is."""
    pixels: tuple[tuple[int, ...], ...] = ()
    """A picture as `phone.snapshot.Picture` has it."""
    own: bool = False
    """Whether the phone's own web server has answered."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Please remember this value over restarts, under this name."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Play:
    """Please run the media of one call: at the reserved RTP port `port`, as `plan` says; None ends it."""

    port: int
    plan: object | None
    """A `media.stream.Plan`; typed as object because this floor does not know media."""


@dataclass(frozen=True, slots=True)
class Digits:
    """Please send these DTMF digits in the stream at `port` (RFC 4733)."""

    port: int
    digits: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that came in, as it stood on the wire, and what was thought of it; nobody needs to do anything."""

    conn: Conn
    data: bytes
    at: float
    """Seconds since 1970."""
    peer: HostPort | None
    """From whom, over UDP."""
    verdict: str
    """`valid`: its signature is right; `none`: it has none and needs none; else why it was not believed or not read."""


Output = Locate | Open | Send | Close | Log | Fetch | Keep | Play | Digits


Linked = Up | Down | Located
"""What a box hears of a connection."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a box needs from outside and cannot make itself."""

    dice: Dice
    """n random bytes."""
    rtp_port: Callable[[], int]
    """Reserves an even UDP port for RTP; raises `NoMediaPort`. Given back by `Play(port, None)`."""
    witness: Callable[[Heard], None] | None = None
    """Is shown every message that comes in; None = nobody looks."""


class Box(Protocol):
    """The five doors."""

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        """Bytes came in; `peer` says from whom, for UDP."""

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        """A connection opened or closed, or a server was located."""

    def tick(self, now: float) -> None:
        """Time has passed."""

    def outbox(self) -> list[Output]:
        """What is to be done, in order; empties itself."""

    def next_wake(self) -> float | None:
        """When to be ticked at the latest."""
