"""Words can be read on their ground, with all colours and with sixteen."""

from __future__ import annotations

import pytest
from rich.color import Color as Terminal
from rich.color import ColorSystem
from textual.color import Color

from snomtui.skin import Skin, load, shipped

COLOURED = sorted(set(shipped()) - {"plain"})
"""The plain skin has the terminal's own colours, which see to that themselves."""
PAIRS = [
    ("desk_ink", "desk"),
    ("hint_ink", "hint"),
    ("ink", "body"),
    ("cap_ink", "cap"),
    ("paper_ink", "paper"),
    ("lcd_ink", "lcd"),
    ("lcd_ink", "lcd_title"),
    ("lcd_dim", "lcd"),
    ("lcd_alert", "lcd"),
    ("lcd_soft_ink", "lcd_soft"),
    ("cursor_ink", "cursor"),
    ("available", "lcd"),
    ("busy", "lcd"),
    ("away", "lcd"),
    ("offline", "lcd"),
]
"""An ink and the ground that it is written on."""
ON_COLOUR = [
    *((f"lcd_{word}_ink", f"lcd_{word}") for word in ("side", "card", "ring", "key")),
    *((word, "lcd_side") for word in ("available", "busy", "away", "offline")),
    *(("cap_ink", kind) for kind in ("function", "soft", "audio", "line", "ok", "cancel")),
    ("lcd_alert", "lcd_card"),
    ("dim", "body"),
]
"""The same on displays with colours, and on the keys around them."""
ON_GREY = [
    *(("ink", kind) for kind in ("function", "audio", "line", "ok", "cancel")),
    ("cap_ink", "soft"),
    ("dim", "body"),
]
"""The same on the keys of phones with a grey display, whose dark keys are written on in white."""
LAMPS = [(word, "body") for word in ("red", "green", "orange", "lamp_off")]
"""What is large enough to be seen with less."""
TEXT, LARGE = 4.5, 3.0
"""The least contrast of text, and of what is large (WCAG 2, level AA)."""


def contrast(skin: Skin, ink: str, ground: str, dark: bool) -> float:
    """How much one stands out from the other: 1 not at all, 21 as black on white (WCAG 2)."""
    palette = skin.palette_for(dark)
    lights = sorted(_luminance(Color.parse(palette[word])) for word in (ink, ground))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: Color) -> float:
    parts = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("name", COLOURED)
def test_words_stand_out_from_their_ground(name: str, dark: bool) -> None:
    skin = load(name)
    pairs = dict.fromkeys((*PAIRS, *(ON_GREY if skin.display.kind == "mono" else ON_COLOUR)), TEXT)
    found = {pair: contrast(skin, *pair, dark) for pair in (*pairs, *LAMPS)}
    assert {pair: round(one, 2) for pair, one in found.items() if one < pairs.get(pair, LARGE)} == {}


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("name", COLOURED)
def test_words_stand_out_in_sixteen_colours_too(name: str, dark: bool) -> None:
    palette = load(name).palette_for(dark)

    def shown(word: str) -> str:
        return Terminal.parse(palette[word]).downgrade(ColorSystem.STANDARD).name

    same = [(ink, ground) for ink, ground in PAIRS if shown(ink) == shown(ground)]
    assert not same
