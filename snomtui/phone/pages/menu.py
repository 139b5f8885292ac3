"""The menu: snom's tree, with every setting that a person may change.

The entries of the tree stand in the tables of this file; the settings among them come from the registry, by the web
page or the menu that each names there. A setting whose page is in no table is found under Maintenance, Other settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from snomtui.phone.intents import Go, Intent, Register
from snomtui.phone.keys import function_key
from snomtui.phone.leds import labels
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, back, choose, drawn, labelled, marked, ok
from snomtui.phone.pages.page import Kind, Step, clipped, soft_keys, wrapped
from snomtui.phone.pages.setting import help_of, label_of, titled, toggled
from snomtui.phone.snapshot import Page, Row
from snomtui.settings import modes
from snomtui.settings.registry import IDENTITIES, Setting, registry
from snomtui.skin import Shape

NARROW, SHORT = 30, 4
"""Columns of a narrow display; a value of so few characters is shown there all the same."""
ROOMY = 8
"""A display of so many rows shows the help of the marked setting below the list,"""
HELP_ROWS = 3
"""in so many of them."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    row: Row
    setting: str = ""
    """The full name of the setting that it is, such as `user_name1`; empty = it is something else."""


Items = Callable[[Model], Iterator[Item]]

PAGES: Mapping[str, str] = {
    "prefs": "preferences",
    "advanced_behavior": "features",
    "advanced_network": "network",
    "advanced_sip": "sip",
    "advanced_qos_security": "web",
    "sim": "simulation",
    "actions": "actions",
    "fkeys": "keys",
    "speed": "speed",
}
"""The menu in which the settings of a web page stand."""
TABS = ("line_login", "line_sip", "line_nat", "line_rtp")
"""The web pages of an identity; what else an identity has stands under More."""


def menu_of(setting: Setting) -> str:
    """The menu in which a setting stands; those of identities and function keys stand with their index."""
    return setting.menu or PAGES.get(setting.page, "other")


def _free(setting: Setting) -> bool:
    """Whether a person may change it."""
    return setting.permission != "&"


def _of_identity(setting: Setting) -> bool:
    return setting.first == 1 and setting.last == IDENTITIES


def _of_key(setting: Setting) -> bool:
    return setting.page == "fkeys" and setting.first == 0


def _settings(model: Model, menu: str) -> Iterator[Item]:
    """The settings of a menu, in the order of the registry."""
    for setting in registry().values():
        if _free(setting) and menu_of(setting) == menu and not _of_identity(setting) and not _of_key(setting):
            span = [""] if setting.first is None else map(str, range(setting.first, (setting.last or 0) + 1))
            yield from (_item(model, f"{setting.name}{index}") for index in span)


def _item(model: Model, name: str) -> Item:
    """A setting with its value; a switch is thrown at once, all others have a page."""
    special = _WAYS.get(name)
    wish: Intent = Go(special) if special else toggled(model, name) or Go(f"setting:{name}")
    return Item(Row(titled(model, name), right=label_of(model, name), intent=wish), name)


_WAYS = {"active_line": "identities", "presence_state": "presence"}
"""Settings with a page of their own."""


def _root(model: Model) -> Iterator[Item]:
    say = model.say
    titles = (
        (say("Preferences"), "menu:preferences"),
        (say("Call features"), "menu:features"),
        (say("Identity"), "menu:identity"),
        (say("Network"), "menu:network"),
        (say("Maintenance"), "menu:maintenance"),
        (say("Information"), "menu:information"),
        (say("Presence"), "presence"),
        (say("Lists"), "menu:lists"),
        (say("Sign in"), "sign_in"),
    )
    return (Item(Row(title, intent=Go(page))) for title, page in titles)


def _preferences(model: Model) -> Iterator[Item]:
    yield _item(model, "language")
    yield from (item for item in _settings(model, "preferences") if item.setting != "language")
    yield Item(Row(model.say("Function keys"), intent=Go("menu:keys")))
    yield Item(Row(model.say("Speed dial"), intent=Go("menu:speed")))


def _features(model: Model) -> Iterator[Item]:
    yield Item(Row(model.say("Redirection"), intent=Go("redirection")))
    yield Item(Row(model.say("Redirection settings"), intent=Go("menu:redirection")))
    yield from _settings(model, "features")


def _identity(model: Model) -> Iterator[Item]:
    here = model.say("line {number}", number=model.active_line)
    yield from _settings(model, "identity")
    yield Item(Row(model.say("Re-register"), right=here, intent=Register(model.active_line)))
    yield Item(Row(model.say("Edit"), right=here, intent=Go("sign_in")))
    yield Item(Row(model.say("Log off"), right=here, intent=Go(f"confirm:log_off/{model.active_line}")))
    yield Item(Row(model.say("Log off all"), intent=Go("confirm:log_off_all")))
    yield Item(Row(model.say("All settings"), intent=Go("menu:lines")))


def _lines(model: Model) -> Iterator[Item]:
    for number in range(1, IDENTITIES + 1):
        known = model.identities.get(number)
        title = model.say("Line {number}", number=number)
        yield Item(Row(title, right=known.aor if known else "", intent=Go(f"menu:line/{number}")))


def _tabs(model: Model, number: str) -> Iterator[Item]:
    names = (model.say("Login"), model.say("SIP"), model.say("NAT"), model.say("RTP"), model.say("More"))
    for tab, name in zip((*TABS, "more"), names, strict=True):
        yield Item(Row(name, intent=Go(f"menu:line/{number}/{tab}")))


def _tab(model: Model, number: str, tab: str) -> Iterator[Item]:
    for setting in registry().values():
        if _of_identity(setting) and _free(setting) and (setting.page if setting.page in TABS else "more") == tab:
            yield _item(model, f"{setting.name}{number}")


def _network(model: Model) -> Iterator[Item]:
    yield Item(Row(model.say("Web server"), right=model.web, intent=Go("menu:web")))
    yield Item(Row(model.say("SIP"), intent=Go("menu:sip")))
    yield from _settings(model, "network")


def _web(model: Model) -> Iterator[Item]:
    yield from _settings(model, "web")
    yield Item(Row(model.say("Security"), intent=Go("security")))


def _maintenance(model: Model) -> Iterator[Item]:
    yield Item(Row(model.say("System information"), intent=Go("info")))
    yield from _settings(model, "maintenance")
    yield Item(Row(model.say("Simulation"), intent=Go("menu:simulation")))
    yield Item(Row(model.say("Action URLs"), intent=Go("menu:actions")))
    mode = model.say("Administrator mode") if modes.administers(model.settings) else model.say("User mode")
    yield Item(Row(model.say("Mode"), right=mode, intent=Go("modes")))
    if any(_settings(model, "other")):
        yield Item(Row(model.say("Other settings"), intent=Go("menu:other")))
    yield Item(Row(model.say("Reboot"), intent=Go("confirm:reboot")))
    yield Item(Row(model.say("Reset"), intent=Go("confirm:reset")))


def _information(model: Model) -> Iterator[Item]:
    yield Item(Row(model.say("Help"), intent=Go("help")))
    yield Item(Row(model.say("System information"), intent=Go("info")))
    yield Item(Row(model.say("Security"), intent=Go("security")))


def _lists(model: Model) -> Iterator[Item]:
    yield Item(Row(model.say("Call lists"), intent=Go("call_lists")))
    yield Item(Row(model.say("Messages"), right=str(len(model.letters)), intent=Go("messages")))
    yield Item(Row(model.say("Contacts"), right=str(len(model.people())), intent=Go("contacts")))
    yield Item(Row(model.say("Directory"), right=str(len(model.directory)), intent=Go("directory")))
    yield Item(Row(model.say("Search the address book"), intent=Go("search")))


def _keys(model: Model) -> Iterator[Item]:
    """The function keys; then what else a key may mean."""
    setting, named = registry()["fkey"], labels(model)
    for index in range(setting.first or 0, (setting.last or 0) + 1):
        meant = function_key(model.settings, index + 1)
        right = named.get(f"P{index + 1}") or f"{meant.kind} {meant.argument}".strip()
        yield Item(Row(f"P{index + 1}", right=right, intent=Go(f"menu:key/{index}")))
    yield from _settings(model, "keys")


def _key(model: Model, index: str) -> Iterator[Item]:
    return (_item(model, f"{each.name}{index}") for each in registry().values() if _of_key(each) and _free(each))


_ADMINISTRATORS = frozenset(
    {"menu:network", "menu:simulation", "menu:actions", "menu:other", "menu:lines", "sign_in", "confirm:reset"}
)
"""Entries that mean nothing in user mode."""
_MENUS: Mapping[str, Items] = {
    "": _root,
    "preferences": _preferences,
    "features": _features,
    "identity": _identity,
    "lines": _lines,
    "network": _network,
    "web": _web,
    "maintenance": _maintenance,
    "information": _information,
    "lists": _lists,
    "keys": _keys,
}
"""Menus of several kinds of entries; all others hold settings alone."""


def _items(model: Model, subject: str) -> list[Item]:
    match subject.split("/"):
        case ["line", number] if _counts(number, 1, IDENTITIES):
            return list(_tabs(model, number))
        case ["line", number, tab] if _counts(number, 1, IDENTITIES):
            return list(_tab(model, number, tab))
        case ["key", index] if _counts(index, 0, registry()["fkey"].last or 0):
            return list(_key(model, index))
    menu = _MENUS.get(subject)
    items = menu(model) if menu else _settings(model, subject)
    return [item for item in items if modes.administers(model.settings) or _for_users(model, item)]


def _for_users(model: Model, item: Item) -> bool:
    """Whether an entry is left to users, or leads to one that is."""
    wish = item.row.intent
    if item.setting:
        return modes.allowed(item.setting, model.settings)
    return not (isinstance(wish, Go) and wish.page in _ADMINISTRATORS)


def _counts(text: str, low: int, high: int) -> bool:
    return text.isascii() and text.isdecimal() and low <= int(text) <= high


def _title(model: Model, subject: str) -> str:
    say = model.say
    match subject.split("/"):
        case ["line", number, *_]:
            return say("Line {number}", number=number)
        case ["key", index] if index.isdecimal():
            return f"P{int(index) + 1}"
    titles = {
        "": say("Menu"),
        "preferences": say("Preferences"),
        "features": say("Call features"),
        "redirection": say("Redirection settings"),
        "identity": say("Identity"),
        "lines": say("Identities"),
        "network": say("Network"),
        "web": say("Web server"),
        "sip": say("SIP"),
        "maintenance": say("Maintenance"),
        "simulation": say("Simulation"),
        "actions": say("Action URLs"),
        "information": say("Information"),
        "lists": say("Lists"),
        "keys": say("Function keys"),
        "speed": say("Speed dial"),
    }
    return titles.get(subject) or say("Other settings")


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The entries with their numbers and values; a roomy display helps with the marked setting."""
    items = _items(model, screen.subject)
    at = marked(screen, len(items))
    name = items[at].setting if items else ""
    helps = any(item.setting for item in items)
    soft = soft_keys(ok(model), labelled(model, "Help", Go(f"explain:{name}")) if name else None, None, back(model))
    rows = [_roomy(item.row, len(items), shape) for item in items]
    listing = Listing(_title(model, screen.subject), rows, soft, numbered=True)
    return drawn(model, shape, screen, "menu", listing, _help(model, name, shape) if helps else ())


def _roomy(row: Row, count: int, shape: Shape) -> Row:
    """A narrow display shows the name of a setting and not its value, where there is no room for both."""
    taken = len(str(count)) + 2 + len(row.text) + len(row.right)
    narrow = shape.columns < NARROW and len(row.right) > SHORT
    return replace(row, right="") if narrow and taken > shape.columns else row


def _help(model: Model, name: str, shape: Shape) -> list[Row]:
    """The rows below the list; always as many, so that nothing moves under the eyes."""
    if shape.rows < ROOMY:
        return []
    lines = wrapped(help_of(model, name), shape) if name else []
    return [Row(line, style="dim") for line in clipped(lines + [""] * (HELP_ROWS - len(lines)), HELP_ROWS)]


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK opens an entry or throws a switch; HELP explains the setting."""
    items = _items(model, screen.subject)
    if key == "HELP":
        name = items[marked(screen, len(items))].setting if items else ""
        return Go(f"explain:{name}") if name else None
    return choose(screen, key, [item.row for item in items], now)


KIND = Kind(draw, press)
