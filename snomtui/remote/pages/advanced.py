"""`advanced.htm`, the overview of the advanced settings, and `advanced_update.htm` with reboot and reset."""

from __future__ import annotations

from starlette.routing import Route

from snomtui.remote import query
from snomtui.remote.pages.field import names_on
from snomtui.remote.pages.frame import Frame
from snomtui.remote.pages.menu import entry_of
from snomtui.remote.pages.setup import Sheet, form_route, group_of
from snomtui.settings.registry import Settings, find

HERE = "/advanced.htm"


def routes(frame: Frame) -> list[Route]:
    """Both pages."""
    return [form_route(frame, "advanced", _overview), form_route(frame, "advanced_update", _update)]


def _overview(settings: Settings, asked: query.Pairs) -> Sheet:
    """The tabs, each with the titles of what stands there."""
    advanced = entry_of(HERE)
    assert advanced is not None
    tabs = [(tab, _titles(tab.href)) for tab in advanced.tabs if tab.href != HERE]
    return Sheet(HERE, (), "advanced.html", {"overview": tabs})


def _titles(href: str) -> list[str]:
    names = names_on(href.removeprefix("/").removesuffix(".htm"))
    return list(dict.fromkeys(find(name)[0].title for name in names))


def _update(settings: Settings, asked: query.Pairs) -> Sheet:
    return Sheet("/advanced_update.htm", (group_of(names_on("advanced_update"), settings),), "update.html")
