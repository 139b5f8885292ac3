"""Skins: where the keys of a model are and what they look like. Data only; a skin never says what a key does.

A skin is a folder with `skin.toml` and perhaps `skin.tcss`, or one file `NAME.toml`. It may start from another skin
with `base = "snom370"` and then gives only what differs. Colours are words for the terminal's toolkit; this floor
does not know that toolkit, so the text of `skin.tcss` is carried along unread.

    [shape]              what the phone itself is told: rows, columns, number of keys
    [display]            what only some displays have: labels at the edge, keys on the screen
    [keys.REDIAL]        what is printed on a key
    [glyphs] [palette]   characters and colours by name
    [faces.full]         one arrangement; the first that fits the terminal is drawn
    [faces.full.at]      the place of each key: [x, y, width, height] in character cells
    [faces.full.lamps]   the place of each LED
    [faces.full.labels]  the place of each paper label beside a programmable key
    [expansion]          a module with more keys, drawn at the right if it is wanted

May import `errors` and `presence` only. Must not know the terminal's toolkit, the phone or what a key does.
"""

from __future__ import annotations

from snomtui.skin.closet import Closet
from snomtui.skin.expansion import expanded
from snomtui.skin.lines import origin
from snomtui.skin.plan import Content, Plan, Spot, plan
from snomtui.skin.shelf import find_skins, load, locate, problems, shipped, user_folder
from snomtui.skin.values import EXPANSION, Display, Expansion, Face, Icon, KeyShape, Panel, Place, Shape, Sheet, Skin
from snomtui.skin.words import GLYPHS, KINDS, LIGHTS, NEAR, OPTIONAL, PALETTE, PRINTED_KEYS

__all__ = [
    "EXPANSION",
    "GLYPHS",
    "KINDS",
    "LIGHTS",
    "NEAR",
    "OPTIONAL",
    "PALETTE",
    "PRINTED_KEYS",
    "Closet",
    "Content",
    "Display",
    "Expansion",
    "Face",
    "Icon",
    "KeyShape",
    "Panel",
    "Place",
    "Plan",
    "Shape",
    "Sheet",
    "Skin",
    "Spot",
    "expanded",
    "find_skins",
    "load",
    "locate",
    "origin",
    "plan",
    "problems",
    "shipped",
    "user_folder",
]
