"""Plays a script on a stage, and takes down what a terminal would show."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from snomtui.errors import LocalError
from snomtui.office.people import People
from snomtui.phone.intents import Dial, Intent, Press, Refusal
from snomtui.recording.script import Script, ScriptError, Step
from snomtui.recording.stage import Stage
from snomtui.settings.registry import Settings
from snomtui.ui.blink import TICK, blinks
from snomtui.ui.picture.cast import Cast
from snomtui.ui.picture.cells import Grid, text_of
from snomtui.ui.picture.sitter import PATIENCE, Shot, Sitter, is_key
from snomtui.ui.picture.svg import svg

BETWEEN = {"press": 0.4, "key": 0.4, "type": 0.14}
"""Seconds from one key to the next, so that a person can follow."""
DESK = 0.15
"""Real seconds after which the desk around the phone has looked for something new."""
MARGIN, CORNER = 12, 10
"""Of the SVG."""


class Player:
    """Plays one script once."""

    def __init__(self, script: Script, people: People, settings: Settings) -> None:
        self._script = script
        self.stage = Stage(settings, people, script.skin.shape, script.seed, script.start)
        self.cast = Cast(*script.size, script.title, int(script.start))
        self._shot: Shot | None = None
        self._tick = 0
        self._app = Sitter(
            script.size,
            self.stage,
            script.skin,
            desk=lambda: self.stage.kept,
            log_lines=lambda: self.stage.book.lines,
        )

    async def play(self) -> Grid:
        """Play all of it, and return the last picture; raises `ScriptError`."""
        for step in self._script.steps:
            self._check(step)
        running = asyncio.create_task(self._app.run_async(), name="recording")
        try:
            ready = asyncio.create_task(self._app.ready.wait())
            await asyncio.wait({running, ready}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            front = self._app.front
            if front is None or not self._app.ready.is_set():
                raise LocalError(str(self._app.wrong or "the phone could not be drawn"))
            front.clock = lambda: self.stage.now
            self.stage.start()
            await self._look()
            for step in self._script.steps:
                await self._do(step)
            self.cast.hold(self.stage.elapsed)
            return self._seen.screen
        finally:
            self._app.exit()
            await asyncio.wait({running}, timeout=PATIENCE)

    @property
    def _seen(self) -> Shot:
        assert self._shot is not None
        return self._shot

    def _check(self, step: Step) -> None:
        wrong = next((name for name in step.names if step.do == "press" and not is_key(name)), "")
        if wrong:
            raise self._script.wrong(
                step.line, f"press: {wrong!r} is no key; there are letters, enter, escape, f1, ..."
            )

    # -- steps

    async def _do(self, step: Step) -> None:
        match step.do:
            case "press":
                await self._press(step.names, "press")
            case "type":
                await self._press(tuple(step.text), "type")
            case "key":
                for name in step.names:
                    self._order(step, Press(name))
                    await self._pass(BETWEEN["key"])
            case "dial":
                self._order(step, Dial(self._number(step.text)))
                await self._pass(0)
            case "pause":
                await self._pass(step.seconds)
            case "wait":
                await self._wait(step)
            case "picture":
                written({self._script.beside(step.text): self._seen.screen}, self._script.title)
        if not self._app.is_running:
            raise self._script.wrong(step.line, f"{step.do}: this has ended the phone")

    async def _press(self, names: tuple[str, ...], how: str) -> None:
        for name in names:
            await self._app.keys([name])
            await self._look()
            await self._pass(BETWEEN[how])

    def _order(self, step: Step, intent: Intent) -> None:
        refusal: Refusal | None = self.stage.do(intent)
        if refusal is not None:
            raise self._script.wrong(step.line, f"{step.do}: {refusal.why}")

    def _number(self, who: str) -> str:
        """The address of the contact with this name, else what stands there."""
        return next((one.uri for one in self.stage.phone.contacts() if one.name.lower() == who.lower()), who)

    async def _wait(self, step: Step) -> None:
        if not await self._pass(step.seconds, step.text):
            page = self.stage.snapshot().page
            rows = (f"{row.text} {row.right}".strip() for row in page.rows)
            shown = " | ".join(text for text in (page.title, *rows) if text)
            why = (
                f"wait: {step.text!r} was not on the screen within {step.seconds:g} seconds; the display says: {shown}"
            )
            raise self._script.wrong(step.line, why)

    # -- time

    async def _pass(self, seconds: float, text: str = "") -> bool:
        """Let time pass, from event to event; with a text until it is on the screen. Whether it is."""
        end = self.stage.now + seconds
        while True:
            await self._look()
            if text and text in text_of(self._seen.screen):
                return True
            if self.stage.now >= end:
                return False
            wakes = (end, self.stage.next_wake(), self._next_tick())
            self.stage.turn(min(wake for wake in wakes if wake is not None))

    def _next_tick(self) -> float | None:
        """When what blinks looks different, if anything does."""
        if not any(blinks(led.pattern) for led in self.stage.snapshot().leds.values()):
            return None
        return self.stage.began + (int(self.stage.elapsed / TICK + 1e-6) + 1) * TICK

    async def _look(self) -> None:
        """Take a picture, if anything can have changed since the last one."""
        tick = int(self.stage.elapsed / TICK + 1e-6) if self._next_tick() else 0
        if not self._app.is_running:
            return
        if self._app.front is not None and self._app.front.desk_tab:
            await asyncio.sleep(DESK)
        self._shot = await self._app.shot(tick)
        self.cast.frame(self.stage.elapsed, self._shot.screen)


def written(files: Mapping[Path, Grid], title: str) -> None:
    """Write pictures, each in the form that its name ends with; raises `ScriptError`."""
    for file, grid in files.items():
        if file.suffix.lower() == ".svg":
            data = svg(grid, title, MARGIN, CORNER).encode()
        else:
            from snomtui.ui.picture.pixels import png

            data = png(grid)
        keep(file, data)


def keep(file: Path, data: bytes) -> None:
    """Write a file; raises `ScriptError` that names it."""
    try:
        file.write_bytes(data)
    except OSError as error:
        raise ScriptError(f"{file}: cannot be written: {error.strerror}") from None
