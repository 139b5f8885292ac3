"""Conferences: several calls of ours whose voices this phone mixes (snom's conference on the phone itself)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from snomtui.line.calls.call import Call
from snomtui.line.calls.calltable import State
from snomtui.phone import intents
from snomtui.phone.intents import Refusal
from snomtui.phone.model import Model

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

JOINABLE = (State.TALKING, State.HOLDING, State.HELD)
"""States of a call that can be a member."""


class Conferring:
    """The part of the hands that joins calls and parts them."""

    def __init__(self, phone: Phone, hold: Callable[[Call, float], None]) -> None:
        self._phone, self._hold = phone, hold
        self._room = ""

    @property
    def _model(self) -> Model:
        return self._phone.model

    def confer(self, wish: intents.Conference, now: float) -> Refusal | None:
        """Join all calls that are up into one conference, or part them: all but the shown one go on hold."""
        return self._join(now) if wish.on else self._part(now)

    def _join(self, now: float) -> Refusal | None:
        joined = [call for call in self._calls() if call.state in JOINABLE]
        if len(joined) < 2:
            return Refusal("A conference needs two calls")
        if all(self.member(call.id) for call in joined):
            return Refusal("All calls are in the conference")
        if not self.members():
            self._room = joined[0].call_id  # a name that no other phone's streams have
        for call in joined:
            call.confer(self._room)
            self._mark(call.id, True)
            if call.state is State.HOLDING:
                call.resume(now)
        return None

    def _part(self, now: float) -> Refusal | None:
        members = self.members()
        if not members:
            return Refusal("There is no conference")
        for call in members:
            self._leave(call)
            if call.id != self._model.shown_call:
                self._hold(call, now)
        return None

    def left(self, now: float) -> None:
        """A call has ended: a conference of one is none."""
        members = self.members()
        if len(members) == 1:
            self._leave(members[0])

    def member(self, id: str) -> bool:
        """Whether this call is in the conference."""
        known = self._model.calls.get(id)
        return known is not None and known.conference

    def members(self) -> list[Call]:
        """The calls in the conference."""
        return [call for call in self._calls() if self.member(call.id)]

    def _calls(self) -> Iterator[Call]:
        for line in self._phone.lines():
            yield from line.calls

    def _leave(self, call: Call) -> None:
        call.confer("")
        self._mark(call.id, False)

    def _mark(self, id: str, on: bool) -> None:
        known = self._model.calls.get(id)
        if known is not None:
            self._model.calls[id] = replace(known, conference=on)
