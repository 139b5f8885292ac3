"""The lines of a phone: made from the settings, made anew when those change, and given time to leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from snomtui.errors import SettingsError
from snomtui.kit.box import Surroundings
from snomtui.kit.timers import Timers
from snomtui.line.account import account_of
from snomtui.line.line import Line
from snomtui.phone.model import Model

FAREWELL = 2.0
"""Seconds that a line may take to unregister."""


class Lineup:
    """One line for each identity that is set up, and those that still say goodbye."""

    def __init__(
        self,
        model: Model,
        surroundings: Surroundings,
        timers: Timers,
        equip: Callable[[Line, float], None],
        retired: Callable[[Line, float], None],
    ) -> None:
        """`equip` gives a new line what the phone knows; `retired` takes what an old one still has to say.

        The timers `("begin", number)` and `("farewell", line)` are for `begin` and `drop`.
        """
        self._model, self._surroundings, self._timers = model, surroundings, timers
        self._equip, self._retired = equip, retired
        self._numbers = count(1)
        self._lines: dict[int, Line] = {}
        self._leaving: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        """The lines that are set up, by identity."""
        return iter([self._lines[number] for number in sorted(self._lines)])

    def everyone(self) -> list[Line]:
        """Those that are leaving as well."""
        return [*self, *self._leaving]

    def get(self, number: int) -> Line | None:
        """The line of an identity, if it is set up."""
        return self._lines.get(number)

    def rebuild(self, number: int, now: float) -> str:
        """Make the line of an identity anew from the settings; returns what is wrong with them, or nothing."""
        model = self._model
        try:
            account = account_of(model.settings, number, model.shape.model)
        except SettingsError as error:
            return str(error)
        old = self._lines.pop(number, None)
        if old:
            self._retire(old, now)
        if account is None:
            model.identities.pop(number, None)
            model.enlist(number, ())
            return ""
        line = Line(account, self._surroundings, lambda: next(self._numbers), model.shape.model, model.directory)
        self._lines[number] = line
        self._equip(line, now)
        if old and old.account.local_port and old.account.local_port == account.local_port:
            self._timers.start(("begin", number), now + FAREWELL)  # until then the old line needs the port
        else:
            line.start(now)
        return ""

    def _retire(self, line: Line, now: float) -> None:
        line.leave(now)
        line.settle(now)
        self._retired(line, now)
        self._leaving.append(line)
        self._timers.start(("farewell", line), now + FAREWELL)

    def begin(self, number: int, now: float) -> None:
        """The old line has left the port: the new one starts, if there still is one."""
        line = self._lines.get(number)
        if line:
            line.start(now)

    def drop(self, line: Line) -> None:
        """A line has had its time to unregister; others that left later still have theirs."""
        line.close()
        self._leaving.remove(line)

    def leave(self, now: float) -> None:
        """End calls and unregister everywhere."""
        for line in self:
            line.leave(now)
