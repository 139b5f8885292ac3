"""Puts a skin's colours and style sheet on the app, without ever breaking the one that is on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.color import Color, ColorParseError
from textual.css.errors import StylesheetError
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.css.tokenizer import TokenError
from textual.theme import BUILTIN_THEMES, Theme

from snomtui.errors import SkinError
from snomtui.skin import NEAR, PALETTE, Skin, origin
from snomtui.ui.selectors import misnamed

if TYPE_CHECKING:
    from textual.css._help_renderables import HelpText

_MARKUP = re.compile(r"\[/?[a-z0-9#(), ]*\]")
SLOT = "skin"
"""The place among the app's style sheets that a skin takes."""


def variables(palette: dict[str, str]) -> dict[str, str]:
    """The theme variables of a palette: `lcd_ink` is `$skin-lcd-ink`."""
    return {f"skin-{name.replace('_', '-')}": value for name, value in palette.items()}


def theme_of(skin: Skin) -> Theme:
    """A Textual theme with the skin's colours; raises `SkinError` naming those that are none."""
    wrong = color_problems(skin)
    if wrong:
        raise SkinError("\n".join(wrong))
    palette = dict(skin.palette)
    # Colours that a skin leaves out are the terminal's own; only one that has none of its own is all in those.
    ansi = all(palette[name].startswith("ansi_") for name in ("desk", "body", "lcd"))
    names = BUILTIN_THEMES["ansi-dark"].variables if ansi else {}
    return Theme(
        name=f"skin-{skin.name}",
        primary=palette["cursor"],
        foreground=palette["ink"],
        background=palette["desk"],
        surface=palette["body"],
        panel=palette["body"],
        error=palette["red"],
        dark=skin.dark,
        ansi=ansi,
        variables={**names, **variables(palette)},
    )


def dress(app: App[None], skin: Skin) -> None:
    """Put a skin on an app that does not run yet; raises `SkinError` naming file and line.

    So its colours are known when the style sheets are read, and nothing has to be worked out twice for the first paint.
    """
    theme = theme_of(skin)
    app.register_theme(theme)
    app.set_reactive(App.theme, theme.name)
    names = app.get_css_variables()
    if skin.sheets:
        with_css(Stylesheet(variables=names), skin, names)
    app.stylesheet.set_variables(names)
    for number in range(len(skin.sheets)):
        _add(app.stylesheet, skin, number)


def wear(app: App[None], skin: Skin) -> None:
    """Put on a skin; raises `SkinError` naming file and line, and then the old one stays on."""
    theme = theme_of(skin)
    names = {**app.get_css_variables(), **theme.to_color_system().generate(), **variables(dict(skin.palette))}
    sheet = with_css(app.stylesheet, skin, names)
    app.register_theme(theme)
    app.theme = theme.name
    app.stylesheet = sheet


def with_css(sheet: Stylesheet, skin: Skin, names: dict[str, str]) -> Stylesheet:
    """A copy of the style sheet with the skin's own text in it; raises `SkinError`.

    Always a copy: a sheet that failed once remembers the bad text and passes it silently the second time.
    """
    fresh = sheet.copy()
    fresh.set_variables(names)
    for old in [key for key in fresh.source if key[1] == SLOT]:
        del fresh.source[old]
    if not skin.sheets:
        fresh.parse()  # a copy has no rules until then
    for number, one in enumerate(skin.sheets):
        _add(fresh, skin, number)
        try:
            fresh.parse()
        except StylesheetParseError as error:
            raise SkinError("\n".join(_wrong_styles(one.path, error))) from None
        except TokenError as error:
            raise SkinError(f"{one.path}:{error.start[0]}: {error}") from None
        except StylesheetError as error:
            raise SkinError(f"{one.path}:1: {error}") from None
        if wrong := misnamed(one):
            raise SkinError("\n".join(wrong))
    return fresh


def _wrong_styles(path: Path, error: StylesheetParseError) -> list[str]:
    """Every style that the toolkit does not know and every value that it does not take, with its line."""
    found = [(token.location[0] + 1, said) for rule in error.errors.rules for token, said in rule.errors]
    return [f"{path}:{line}: {_in_words(said)}" for line, said in found] or [f"{path}:1: no style sheet"]


def _in_words(said: str | HelpText) -> str:
    """What the toolkit says, without its markup, and with its first example."""
    if isinstance(said, str):
        return " ".join(said.split())
    examples = [
        example.markup.partition("[dim]")[0] for bullet in said.bullets or () for example in bullet.examples or ()
    ]
    told = f"{said.summary}; for example {examples[0]}" if examples else " ".join(_marked(said))
    return " ".join(_MARKUP.sub("", told).rstrip("; ").split())


def _marked(said: HelpText) -> list[str]:
    return [f"{said.summary}.", *(bullet.markup for bullet in said.bullets or ())]


def _add(sheet: Stylesheet, skin: Skin, number: int) -> None:
    """One of the skin's own sheets; later ones win."""
    one = skin.sheets[number]
    sheet.add_source(one.text, read_from=(str(one.path), SLOT), is_default_css=False, tie_breaker=number + 1)


def color_problems(skin: Skin) -> list[str]:
    """Colours of the palette that are not colours."""
    # A colour that was taken from its neighbour is told there.
    own = ((name, value) for name, value in skin.palette.items() if value != skin.palette.get(NEAR.get(name, "")))
    named = [(f"palette.{name}", value) for name, value in own]
    named += [(f"palette.light.{name}", value) for name, value in skin.in_light.items()]
    named += [(f"palette.dark.{name}", value) for name, value in skin.in_dark.items()]
    return [_no_color(skin, name, value) for name, value in named if not _is_color(value)]


def _is_color(value: str) -> bool:
    try:
        Color.parse(value)
    except ColorParseError:
        return False
    return True


def _no_color(skin: Skin, where: str, value: str) -> str:
    path, line = origin(skin.files, where) if skin.files else (skin.path, 1)
    return f"{path}:{line}: {where}: {value!r} is no colour; '#rrggbb' or a name is expected"


def style_problems(skin: Skin) -> list[str]:
    """What is wrong with colours and style sheet, one line each; empty if they are fine."""
    wrong = color_problems(skin)
    sheet = Stylesheet(variables=variables(dict(PALETTE)))
    try:
        with_css(sheet, skin, {**App().get_css_variables(), **variables(dict(PALETTE))})
    except SkinError as error:
        wrong += str(error).splitlines()
    return wrong


def own_css() -> Path:
    """The ui's own style sheet."""
    return Path(__file__).with_name("phone.tcss")
