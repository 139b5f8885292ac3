"""One RTP socket with its stream and its recording; and where the sockets come from."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from snomtui.errors import LocalError, NoMediaPort
from snomtui.kit.box import HostPort
from snomtui.kit.ids import Dice
from snomtui.media import wav
from snomtui.media.stream import Digit, Heard, Packet, Plan, Stats, Stream, Voice

_LARGEST_CLIP = 32 * 1024 * 1024
_AT_ONCE = 16
"""Datagrams read from one socket before the others get their turn."""


@dataclass(frozen=True, slots=True)
class MediaReport:
    """How the media of a call goes: about every second, and once at its end."""

    call: str
    codec: str
    """`PCMA` or `PCMU`."""
    stats: Stats
    final: bool = False


@dataclass(frozen=True, slots=True)
class DigitHeard:
    """The other side of a call pressed a key."""

    call: str
    digit: str


@dataclass(frozen=True, slots=True)
class MediaTrouble:
    """Something about the media of a call does not work; the call goes on without it."""

    call: str
    why: str


MediaNews = MediaReport | DigitHeard | MediaTrouble
Tell = Callable[[MediaNews], None]


class Ports:
    """Even UDP ports, handed out in a circle so that a port rests before it is used again."""

    def __init__(self, local: str, ports: range, tos: int, dice: Dice) -> None:
        self._local, self._tos = local, tos
        self._even = range(ports.start + ports.start % 2, ports.stop, 2)
        self._next = int.from_bytes(dice(2), "big")

    def bind(self) -> socket.socket:
        """A socket on the next port that is free; raises `NoMediaPort`."""
        for _ in self._even:
            port = self._even[self._next % len(self._even)]
            self._next += 1
            sock = self._try(port)
            if sock is not None:
                return sock
        raise NoMediaPort(f"no free RTP port from {self._even.start} to {self._even.stop - 1}")

    def _try(self, port: int) -> socket.socket | None:
        family = socket.AF_INET6 if ":" in self._local else socket.AF_INET
        sock: socket.socket | None = None
        try:
            sock = socket.socket(family, socket.SOCK_DGRAM)
            sock.setblocking(False)
            sock.bind((self._local, port))
        except OSError as error:
            if sock is not None:
                sock.close()
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return None
            raise NoMediaPort(f"no RTP port on {self._local}: {error.strerror or error}") from error
        with suppress(OSError):  # a mark on the packets, nice to have
            if family == socket.AF_INET:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, self._tos)
        return sock


class Recording:
    """A WAV file that grows; it can be played at any time, up to the last `mark`."""

    def __init__(self, path: str) -> None:
        """Make the file and its folder; raises `OSError`."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._octets = 0
        self._file: BinaryIO = open(path, "wb")  # noqa: SIM115 - lives as long as the call
        self._file.write(wav.header(0))

    def add(self, pcm: bytes) -> None:
        """Append samples (8000 Hz, 16 bits, mono); raises `OSError`."""
        self._file.write(wav.stored(pcm))
        self._octets += len(pcm)

    def mark(self) -> None:
        """Write the present length into the header; raises `OSError`."""
        self._file.seek(0)
        self._file.write(wav.header(self._octets))
        self._file.seek(0, 2)
        self._file.flush()

    def close(self) -> None:
        """Finish the file; raises `OSError`."""
        try:
            self.mark()
        finally:
            self._file.close()


class Channel:
    """One socket, driven by the media thread."""

    def __init__(
        self, sock: socket.socket, stream: Stream, tell: Tell, spread: Callable[[Channel, bytes], None]
    ) -> None:
        """`spread` lets the others of its conference hear what the other side of this one says."""
        self.sock, self.stream = sock, stream
        self._tell, self._spread = tell, spread
        self._recording: Recording | None = None
        self._complained = False
        """Whether a send failed and was told; once is enough."""
        self._record(stream.plan.record)

    def read(self, now: float) -> None:
        """Give the stream what has come."""
        for _ in range(_AT_ONCE):
            try:
                data, peer = self.sock.recvfrom(2049)
            except OSError:  # nothing more, or an ICMP error of an earlier packet
                break
            self.stream.receive(data, (peer[0], peer[1]), now)
        self.settle()

    def drain(self) -> None:
        """Throw away what came before the call had a plan: nobody knows from whom it is, or when it came."""
        with suppress(OSError):
            for _ in range(1000):
                self.sock.recvfrom(1)

    def change(self, plan: Plan, now: float) -> None:
        """Go on with another plan; raises `LocalError`, and changes nothing, if it cannot be played."""
        old = self.stream.plan.record
        self.stream.change(plan, now)
        self.settle()
        if plan.record != old:
            self._finish()
            self._record(plan.record)

    def settle(self) -> None:
        """Do what the stream wants."""
        for wish in self.stream.outbox():
            if isinstance(wish, Packet):
                self._send(wish)
            elif isinstance(wish, Heard):
                self._keep(wish.pcm)
            elif isinstance(wish, Voice):
                self._spread(self, wish.pcm)
            elif isinstance(wish, Digit):
                self._tell(DigitHeard(self.stream.plan.call, wish.digit))

    def report(self, now: float, final: bool = False) -> None:
        """Tell the counters."""
        if self._recording is not None and not final:
            self._try_file(self._recording.mark)
        plan = self.stream.plan
        self._tell(MediaReport(plan.call, plan.codec, self.stream.stats(now), final))

    def close(self, now: float) -> None:
        """End it: the last samples are kept, the WAV file is finished, the last counters are told."""
        self.stream.end()
        self.settle()
        self._finish()
        self.sock.close()
        self.report(now, final=True)

    def trouble(self, why: str) -> None:
        """Tell what does not work."""
        self._tell(MediaTrouble(self.stream.plan.call, why))

    def _send(self, packet: Packet) -> None:
        try:
            self.sock.sendto(packet.data, packet.to)
        except BlockingIOError:  # late media is worth nothing: drop it
            return
        except OSError as error:
            if not self._complained:
                self._complained = True
                self.trouble(f"cannot send media to {packet.to[0]}:{packet.to[1]}: {error.strerror or error}")

    def _record(self, path: str) -> None:
        if not path:
            return
        try:
            self._recording = Recording(path)
        except OSError as error:
            self.trouble(f"cannot record to {path}: {error.strerror or error}")

    def _keep(self, pcm: bytes) -> None:
        recording = self._recording
        if recording is not None:
            self._try_file(lambda: recording.add(pcm))

    def _finish(self) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            self._try_file(recording.close)

    def _try_file(self, work: Callable[[], None]) -> None:
        """Do `work` on the recording; a full disk ends the recording, not the call."""
        try:
            work()
        except OSError as error:
            broken, self._recording = self._recording, None
            if broken is not None:
                with suppress(OSError):
                    broken.close()
            self.trouble(f"recording stopped: {error.strerror or error}")


def load_wav(path: str) -> bytes:
    """The samples of a WAV file (8000 Hz, 16 bits, mono); raises `LocalError`, naming the file, if it cannot."""
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST_CLIP + 1)
    except OSError as error:
        raise LocalError(f"{path}: {error.strerror or error}") from error
    if len(data) > _LARGEST_CLIP:
        raise LocalError(f"{path}: this WAV file is larger than {_LARGEST_CLIP // 1024 // 1024} MiB")
    return wav.clip(data, path)


def is_literal(remote: HostPort) -> bool:
    """Whether a host is an address and not a name that somebody would have to look up."""
    try:
        ipaddress.ip_address(remote[0].partition("%")[0])
    except ValueError:
        return False
    return True
