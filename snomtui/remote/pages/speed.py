"""`speed.htm`: the numbers of speed dial, each with a button that dials it."""

from __future__ import annotations

from dataclasses import replace

from starlette.routing import Route

from snomtui.phone.shortdial import signs_of
from snomtui.remote import query
from snomtui.remote.pages.field import Field, Group, names_on
from snomtui.remote.pages.frame import Frame
from snomtui.remote.pages.setup import Sheet, form_route, group_of
from snomtui.settings.registry import Settings, find


def routes(frame: Frame) -> list[Route]:
    """`speed.htm`."""
    return [form_route(frame, "speed", _sheet)]


def _sheet(settings: Settings, asked: query.Pairs) -> Sheet:
    fields = group_of(names_on("speed"), settings).fields
    return Sheet("/speed.htm", (Group(tuple(_signed(field) for field in fields)),), "speed.html")


def _signed(field: Field) -> Field:
    """The same field, called by what is typed for it; that is a word in no language."""
    return replace(field, title=signs_of(find(field.name)[1] or 0), number=None)
