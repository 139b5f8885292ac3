"""The names that a skin file may use, and what stands where it says nothing."""

from __future__ import annotations

from snomtui.presence import Availability


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    return dict(zip(text.split()[::2], text.split()[1::2], strict=True))


PRINTED_KEYS = frozenset(
    _words(
        "0 1 2 3 4 5 6 7 8 9 * # F1 F2 F3 F4 LEFT RIGHT UP DOWN ENTER CANCEL OFFHOOK ONHOOK SPEAKER HEADSET MUTE "
        "VOLUME_UP VOLUME_DOWN TRANSFER REDIAL DND REC MENU F_HOLD CONFERENCE HELP SNOM RETRIEVE DIRECTORY SETTINGS "
        "HANDSET"
    )
)
"""Key names that a skin may place, beside `P1`...; `HANDSET` is the receiver that lifts (`OFFHOOK` and `ONHOOK`)."""

KINDS = ("digit", "soft", "nav", "ok", "cancel", "function", "audio", "line", "handset")
ICON_KEYS = frozenset(_words("F_CONTACTS F_CALL_LIST F_PRESENCE F_REDIRECT F_REGS"))
"""Key names that are on displays only: they open a page."""

LIGHTS = ("MESSAGE", "CALL", "MUTE", "SPEAKER", "HEADSET")
DISPLAYS = ("mono", "color", "touch")
LED_COLORS = ("red", "green", "orange")

GLYPHS = {
    **dict(zip((one.value for one in Availability), "+#%@!=x~&-o?", strict=True)),
    **_pairs("lit * off . blink_lit ! blink_dark : cursor > above ^ below v caret _ ellipsis . bar_lit = bar_off -"),
    **_pairs("bar_blink_lit ! bar_blink_dark : soft_left [ soft_right ] handset_top +-+ handset_bottom +-+"),
    **{"handset_side": "| |", "cap_middle": "[ ]", "cap_top": "", "cap_bottom": "", "round": ""},
    **{"both": "|", "alert": "!", "half": ""},
    **_pairs("outgoing > registered = unregistered x"),
}
"""Every glyph a skin may choose, and the plain ASCII one that stands if it does not."""

OPTIONAL = ("half",)
"""Glyphs that may be empty; without `half`, the upper half block, pictures are drawn with characters."""

TRIPLES = ("handset_top", "handset_side", "handset_bottom", "cap_middle", "cap_top", "cap_bottom")
"""Glyphs that are three characters: left, middle, right."""

PALETTE = {
    **dict.fromkeys(
        _words("desk desk_ink body bezel lcd cap paper well receiver ink lcd_ink cap_ink paper_ink"), "ansi_default"
    ),
    **dict.fromkeys(_words("lamp_off cap_edge dim lcd_dim lcd_title lcd_soft lcd_soft_ink soft line"), "ansi_default"),
    **dict.fromkeys(_words("function audio slot offline hint hint_ink"), "ansi_default"),
    **dict.fromkeys(_words("lcd_side lcd_side_ink lcd_card lcd_card_ink lcd_key lcd_key_ink"), "ansi_default"),
    **_pairs("lcd_ring ansi_green lcd_ring_ink ansi_black"),
    **_pairs("cursor ansi_blue cursor_ink ansi_bright_white red ansi_red green ansi_green orange ansi_yellow"),
    **_pairs("blue ansi_blue ok ansi_green cancel ansi_red lcd_alert ansi_red available ansi_green"),
    **_pairs("busy ansi_red away ansi_yellow"),
}
"""Every colour a skin may choose, and the terminal's own that stands if neither it nor one of `NEAR` is chosen."""

NEAR = {
    **dict.fromkeys(_words("soft function audio line receiver ink"), "cap"),
    **dict.fromkeys(_words("well bezel cap_edge"), "body"),
    **_pairs("dim ink lamp_off dim slot cap_edge hint desk hint_ink desk_ink lcd_title lcd lcd_card lcd"),
    **dict.fromkeys(_words("lcd_dim lcd_soft lcd_alert cursor available busy away offline"), "lcd_ink"),
    **dict.fromkeys(_words("lcd_card_ink lcd_side lcd_key lcd_ring"), "lcd_ink"),
    **dict.fromkeys(_words("lcd_soft_ink cursor_ink lcd_side_ink lcd_key_ink lcd_ring_ink"), "lcd"),
}
"""The colour that one takes which a skin leaves out: so that a few are enough, and can be read on each other."""
