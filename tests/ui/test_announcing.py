"""Title and bell of the terminal while a call comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from snomtui.ui.announcing import BELL_EVERY, GIVE_BACK, KEEP, Announcer
from snomtui.ui.terminal import Terminal
from tests.ui.people import IDLE, RINGING, TALKING


@dataclass
class Timers:
    """Timers that run when the test says so."""

    running: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def every(self, seconds: float, what: Callable[[], None]) -> Timers:
        """Start one."""
        self.running.append((seconds, what))
        return self

    def stop(self) -> None:
        """Stop it."""
        self.running.clear()


def heard() -> tuple[list[str], Timers, Announcer]:
    """What is written, its timers, and who writes it."""
    written, timers = list[str](), Timers()
    return written, timers, Announcer(written.append, timers.every)


def test_title_names_the_caller_and_is_given_back_when_the_call_is_taken() -> None:
    written, _, announcer = heard()
    for snapshot in (IDLE, RINGING, replace(RINGING, clock="19:00"), TALKING, IDLE):
        announcer.show(snapshot, Terminal(title=True))
    assert written == [f"{KEEP}\x1b]2;Jan Dierich is calling\a", f"\x1b]2;snomtui\a{GIVE_BACK}"]


def test_name_of_a_stranger_cannot_reach_the_terminal() -> None:
    written, _, announcer = heard()
    bad = replace(RINGING, calls=(replace(RINGING.calls[0], remote_name="\x1b]52;c;eA==\a\x9bJan"),))
    announcer.show(bad, Terminal(title=True))
    assert written == [f"{KEEP}\x1b]2;]52;c;eA==Jan is calling\a"]


def test_title_speaks_the_language_of_the_display() -> None:
    written, _, announcer = heard()
    announcer.show(replace(RINGING, language="Deutsch"), Terminal(title=True))
    assert "Anruf von Jan Dierich" in written[0]


def test_bell_sounds_again_and_again_only_if_it_is_wanted_and_stops_at_once() -> None:
    written, timers, announcer = heard()
    announcer.show(RINGING, Terminal())
    assert written == [] and timers.running == []
    announcer.show(RINGING, Terminal(bell=True))
    assert written == ["\a"]
    ((seconds, stroke),) = timers.running
    stroke()
    announcer.show(TALKING, Terminal(bell=True))
    assert (seconds, written, timers.running) == (BELL_EVERY, ["\a", "\a"], [])


def test_end_of_the_program_gives_the_title_back() -> None:
    written, _, announcer = heard()
    announcer.show(RINGING, Terminal(title=True))
    announcer.end()
    announcer.end()
    assert written[1:] == [f"\x1b]2;snomtui\a{GIVE_BACK}"]
