"""The README makes a skin of one's own: what stands there works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from snomtui.cli import run
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.snapshot import Snapshot
from snomtui.skin import GLYPHS, KINDS, LIGHTS, PALETTE, PRINTED_KEYS, load, shipped
from snomtui.ui.app import PhoneApp
from tests.phone.bench import Bench
from tests.ui.people import Border

README = Path(__file__).parent.parent / "README.md"
CHAPTER = README.read_text("utf-8").split("\n## Skins\n")[1].split("\n## ")[0]


class Desk(Border):
    """A real phone behind the ui, with its server."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.phone.snapshot())
        self.bench = bench

    def do(self, intent: Intent) -> Refusal | None:
        """Do it, and show what it led to."""
        refusal = self.bench.do(intent)
        self.show(self.bench.phone.snapshot())
        return refusal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The example, saved as the README says."""
    (example,) = re.findall(r"```toml\n(.*?)```", CHAPTER, re.DOTALL)
    path = tmp_path / "desk.toml"
    path.write_text(example, "utf-8")
    return path


def test_example_of_the_readme_has_no_mistake(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["skins", "check", str(file)]) == 0
    assert "nothing is wrong" in capsys.readouterr().out


async def test_example_of_the_readme_is_a_phone_that_dials(file: Path) -> None:
    skin = load(file)
    bench = Bench(shape=skin.shape)
    desk = Desk(bench)
    app = PhoneApp(desk, skin, blinking=False)

    def shown() -> Snapshot:
        return bench.phone.snapshot()

    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        drawn = app.export_screenshot()
        assert "DESK" in drawn and "Riedel" in drawn and "Line" in drawn
        for key in ("#key-2", "#key-3", "#key-ENTER"):
            await pilot.click(key)
        await pilot.pause()
        assert [call.number for call in shown().calls] == ["23"]
        assert shown().calls[0].key == "P1" and "P1" in shown().leds
        await pilot.click("#key-CANCEL")
        await pilot.pause()
    assert not [call for call in shown().calls if call.state != "ended"]


@pytest.mark.parametrize("words", [PALETTE, GLYPHS, KINDS, LIGHTS, PRINTED_KEYS, shipped()])
def test_readme_names_every_word_of_a_skin(words: dict[str, str]) -> None:
    known = set(re.findall(r"[\w#*]+", CHAPTER))
    missing = set(words) - known
    assert missing <= set("12345678") | {"F2", "F3"}  # written as `0` to `9` and `F1` to `F4`
