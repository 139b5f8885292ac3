"""Skins that change while the phone runs: whoever saves the file of a skin sees the phone repainted.

Nothing of the toolkit is imported here before a file has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from snomtui.errors import SkinError
from snomtui.skin import Closet, Shape, Skin, load

EVERY = 0.5
"""Seconds between two looks at the dates of the files."""


@dataclass(frozen=True, slots=True)
class Wearer:
    """One screen that shows the phone."""

    put_on: Callable[[Skin], object]
    say: Callable[[str], object]
    """Told what is wrong with a skin."""


class Wardrobe:
    """The skin of one phone, for all of its screens."""

    def __init__(self, closet: Closet, log: Callable[[str], None]) -> None:
        """`log` is told every mistake, one a line."""
        self._closet, self._log = closet, log
        self.wore: Callable[[Shape], None] = lambda shape: None
        """Told the shape of each new skin: the phone's display and keys are different ones now."""
        self._wearers: list[Wearer] = []
        self._task: asyncio.Task[None] | None = None
        for line in closet.wrong:
            log(line)

    @property
    def skin(self) -> Skin:
        """What is worn."""
        return self._closet.skin

    @property
    def wrong(self) -> str:
        """What is wrong with the skin that was asked for, in one short line; empty if it is fine."""
        return brief(self._closet.wrong) if self._closet.wrong else ""

    def listen(self, wearer: Wearer) -> Callable[[], None]:
        """Hand on every new skin; what is returned ends that."""
        self._wearers.append(wearer)
        return lambda: self._wearers.remove(wearer)

    def instead(self, why: str) -> Skin:
        """The toolkit cannot draw the skin: what is worn in its place."""
        self._log(why)
        self._closet.wrong = why.splitlines()
        self._closet.skin = self._closet.instead()
        self.wore(self.skin.shape)
        return self.skin

    def choose(self, name: str) -> None:
        """Put on another skin; raises `SkinError`, and then the old one stays on."""
        fresh = load(name)
        _check_style(fresh)
        skin = self._closet.choose(name)
        self.wore(skin.shape)
        for wearer in tuple(self._wearers):
            wearer.put_on(skin)

    def look(self) -> None:
        """Put on what has been saved since the last look; a skin with mistakes is told and not put on."""
        before = self._closet.skin
        try:
            skin = self._closet.look()
            if skin is None:
                return
            _check_style(skin)
        except SkinError as error:
            self._closet.skin, self._closet.wrong = before, str(error).splitlines()
            self._log(str(error))
            for wearer in tuple(self._wearers):
                wearer.say(self.wrong)
            return
        self.wore(skin.shape)
        for wearer in tuple(self._wearers):
            wearer.put_on(skin)

    def start(self) -> None:
        """Look again and again, in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._follow(), name="skin")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                self.look()
            except Exception as error:  # a skin never stops the phone, and the next one is seen again
                self._log(f"a defect of this program: {error!r}")


def brief(wrong: list[str]) -> str:
    """The first mistake with the last part of its path, and how many more there are."""
    place, colon, what = wrong[0].partition(": ")
    short = "/".join(place.split("/")[-2:])
    more = f" (+{len(wrong) - 1})" if len(wrong) > 1 else ""
    return f"{short}{colon}{what}{more}"


def _check_style(skin: Skin) -> None:
    from snomtui.ui.dress import style_problems

    wrong = style_problems(skin)
    if wrong:
        raise SkinError("\n".join(wrong))
