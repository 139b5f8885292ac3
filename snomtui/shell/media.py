"""The media thread: one thread with its own loop for the RTP of all calls.

It has its own loop because the one of the terminal is busy with drawing for tens of milliseconds at a time, and a
packet of 20 ms of speech cannot wait for that. `play`, `digits` and `reserve` may be called from any thread; of them
only `reserve` raises. Listeners are called in the media thread: hand the news on with `loop.call_soon_threadsafe`.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from snomtui.errors import LocalError
from snomtui.kit.ids import Dice
from snomtui.kit.timers import Timers
from snomtui.media.stream import Plan, Stream
from snomtui.shell.clock import Clock
from snomtui.shell.media_channel import (
    Channel,
    DigitHeard,
    MediaNews,
    MediaReport,
    MediaTrouble,
    Ports,
    Tell,
    is_literal,
    load_wav,
)

__all__ = ["DigitHeard", "MediaNews", "MediaReport", "MediaThread", "MediaTrouble", "load_wav"]

_log = logging.getLogger(__name__)

RTP_PORTS = range(49152, 65535)
"""The ports of a snom (`rtp_port_start`, `rtp_port_end`); only the even ones are used (RFC 3550 section 11)."""
_TOS = 160
"""How media packets are marked for routers (a snom's `codec_tos`)."""
_REPORT_EVERY = 1.0
_PATIENCE = 2.0
"""Seconds that `stop` waits for the thread."""


class MediaThread:
    """Runs the streams of all calls."""

    def __init__(
        self,
        dice: Dice,
        local: str = "0.0.0.0",
        ports: range = RTP_PORTS,
        tos: int = _TOS,
        clock: Clock | None = None,
    ) -> None:
        """`dice` is asked from two threads; `local` is the address to bind, `ports` the range for RTP."""
        self._dice, self._clock = dice, clock or Clock()
        self._ports = Ports(local, ports, tos, dice)
        self._lock = threading.Lock()
        self._reserved: dict[int, socket.socket] = {}
        """Sockets that have no plan yet. This and `_playing` belong to the callers, under the lock."""
        self._playing: set[int] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._listeners: list[Tell] = []
        self._engine: _Engine | None = None

    def listen(self, callback: Tell) -> None:
        """Call `callback` in the media thread with each `MediaReport`, `DigitHeard` and `MediaTrouble`."""
        self._listeners.append(callback)

    def start(self) -> None:
        """Start the thread; a second time does nothing."""
        with self._lock:
            if self._thread is not None:
                return
            self._loop = asyncio.SelectorEventLoop()
            self._engine = _Engine(self._loop, self._clock, self._dice, self._tell)
            self._thread = threading.Thread(target=_run, args=(self._loop,), name="snomtui-media", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End all streams, finish the recordings, tell the last counters and join; never waits more than 2 s."""
        with self._lock:
            thread, self._thread = self._thread, None
            loop, self._loop = self._loop, None
            sockets, self._reserved = list(self._reserved.values()), {}
            self._playing.clear()
            if loop is not None and self._engine is not None:
                loop.call_soon_threadsafe(self._engine.shut)
        for sock in sockets:
            sock.close()
        if thread is not None and thread is not threading.current_thread():
            thread.join(_PATIENCE)

    def reserve(self) -> int:
        """Bind an even UDP port and keep it for a call; raises `NoMediaPort`. `play(port, None)` gives it back."""
        with self._lock:
            sock = self._ports.bind()
            port = int(sock.getsockname()[1])
            self._reserved[port] = sock
            return port

    def play(self, port: int, plan: object | None) -> None:
        """Run the stream at a reserved port as the `Plan` says; None ends it and gives the port back.

        What does not work (a port that is not reserved, no such codec or WAV file) is told as `MediaTrouble`: by now
        the call stands, and must not fall because of its sound.
        """
        with self._lock:
            if not isinstance(plan, Plan):
                self._give_back(port)
                return
            try:
                self._hand_over(port, plan)
            except LocalError as error:
                if self._loop is not None:
                    self._loop.call_soon_threadsafe(self._tell, MediaTrouble(plan.call, str(error)))

    def digits(self, port: int, text: str) -> None:
        """Send DTMF digits in the stream at `port`; what is no digit is told as `MediaTrouble`."""
        with self._lock:
            if port in self._playing:
                self._post(_Engine.dial, port, text)

    def _hand_over(self, port: int, plan: Plan) -> None:
        plan.check()
        if self._loop is None:
            return
        if port in self._reserved:
            self._playing.add(port)
            self._post(_Engine.begin, port, self._reserved.pop(port), plan)
        elif port in self._playing:
            self._post(_Engine.change, port, plan)
        else:
            raise LocalError(f"port {port} is not reserved for media")

    def _give_back(self, port: int) -> None:
        sock = self._reserved.pop(port, None)
        if sock is not None:
            sock.close()
        elif port in self._playing:
            self._playing.discard(port)
            self._post(_Engine.end, port)

    def _post(self, work: Callable[..., None], *args: Any) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(partial(work, self._engine, *args))

    def _tell(self, news: MediaNews) -> None:
        for listener in self._listeners:
            try:
                listener(news)
            except Exception:  # a listener's mistake must not cost the calls their sound
                _log.exception("a listener of the media thread failed")


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


class _Engine:
    """What lives inside the thread: all channels, and one alarm for the earliest of their deadlines."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock, dice: Dice, tell: Tell) -> None:
        self._loop, self._dice, self._tell = loop, dice, tell
        self._offset = clock.now() - loop.time()
        self._channels: dict[int, Channel] = {}
        self._timers = Timers()
        self._alarm: asyncio.TimerHandle | None = None
        self._clips: dict[str, tuple[float, bytes]] = {}

    def begin(self, port: int, sock: socket.socket, plan: Plan) -> None:
        """The first plan of a port."""
        plan, now = self._reachable(plan), self._now()
        try:
            stream = Stream(plan, self._dice, now, self._clip)
        except LocalError as error:
            self._tell(MediaTrouble(plan.call, str(error)))
            stream = Stream(replace(plan, source="silence"), self._dice, now)
        channel = Channel(sock, stream, self._tell, self._spread)
        channel.drain()
        self._channels[port] = channel
        self._loop.add_reader(sock.fileno(), self._read, channel)
        self._timers.start(("report", port), now + _REPORT_EVERY)
        self._expect(port, channel)

    def change(self, port: int, plan: Plan) -> None:
        """Another plan for a running stream."""
        channel, plan, now = self._channels[port], self._reachable(plan), self._now()
        try:
            channel.change(plan, now)
        except LocalError as error:
            channel.trouble(str(error))
            channel.change(replace(plan, source="silence"), now)
        self._expect(port, channel)

    def dial(self, port: int, text: str) -> None:
        """Digits for a running stream."""
        channel = self._channels[port]
        try:
            channel.stream.dial(text, self._now())
        except LocalError as error:
            channel.trouble(str(error))

    def end(self, port: int) -> None:
        """A stream is over."""
        channel = self._channels.pop(port)
        self._timers.stop(("frame", port))
        self._timers.stop(("report", port))
        self._loop.remove_reader(channel.sock.fileno())
        channel.close(self._now())

    def shut(self) -> None:
        """All streams are over, and so is the loop."""
        try:
            for port in list(self._channels):
                self.end(port)
        finally:
            self._loop.stop()

    def _now(self) -> float:
        return self._loop.time() + self._offset

    def _spread(self, speaker: Channel, pcm: bytes) -> None:
        """All others of a conference hear one of them."""
        for channel in self._channels.values():
            if channel is not speaker and channel.stream.plan.room == speaker.stream.plan.room:
                channel.stream.join(id(speaker), pcm)

    def _read(self, channel: Channel) -> None:
        channel.read(self._now())

    def _expect(self, port: int, channel: Channel) -> None:
        """Wait for the next frame of this stream."""
        due = channel.stream.next_wake()
        if due is None:
            self._timers.stop(("frame", port))
        else:
            self._timers.start(("frame", port), due)
        self._arm()

    def _arm(self) -> None:
        """Set the alarm to the earliest deadline. Deadlines count from the start of a stream, so nothing drifts."""
        due = self._timers.next()
        if self._alarm is not None:
            if due is not None and self._alarm.when() == due - self._offset:
                return
            self._alarm.cancel()
        self._alarm = None if due is None else self._loop.call_at(due - self._offset, self._turn)

    def _turn(self) -> None:
        """Serve every stream that is due."""
        self._alarm = None
        try:
            now = self._now()
            while (name := self._timers.pop(now)) is not None:
                self._serve(name, now)
        finally:
            self._arm()

    def _serve(self, name: Hashable, now: float) -> None:
        match name:
            case ("report", int(port)):
                self._timers.start(name, now + _REPORT_EVERY)
                self._channels[port].report(now)
            case ("frame", int(port)):
                channel = self._channels[port]
                channel.stream.tick(now)
                channel.settle()
                due = channel.stream.next_wake()
                if due is not None:
                    self._timers.start(name, due)

    def _clip(self, file: str) -> bytes:
        """The samples of a WAV file; read again only if it changed."""
        try:
            stamp = Path(file).stat().st_mtime
        except OSError as error:
            raise LocalError(f"{file}: {error.strerror or error}") from error
        known = self._clips.get(file)
        if known is None or known[0] != stamp:
            self._clips[file] = known = (stamp, load_wav(file))
        return known[1]

    def _reachable(self, plan: Plan) -> Plan:
        """A plan without names: looking one up would hold up all calls. Who has a name must speak first."""
        if plan.remote is None or is_literal(plan.remote):
            return plan
        self._tell(MediaTrouble(plan.call, f"media address {plan.remote[0]} is a name; waiting for it to speak first"))
        return replace(plan, remote=None)
