"""A page's form as a browser would send it: every field with what stands in it, and the button that was clicked."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass
class Page:
    """What a test wants to know of a page."""

    fields: dict[str, str] = field(default_factory=dict)
    """The fields that would be sent, by name."""
    labels: set[str] = field(default_factory=set)
    """The ids that labels name."""
    ids: dict[str, str] = field(default_factory=dict)
    """The tag of each id."""
    controls: list[dict[str, str]] = field(default_factory=list)
    """The attributes of everything that can be filled in."""


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.select = page, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what belongs to a form."""
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if "id" in told:
            assert told["id"] not in self.page.ids, f"two elements are called {told['id']}"
            self.page.ids[told["id"]] = tag
        if tag == "label":
            self.page.labels.add(told.get("for", ""))
        if tag in ("input", "select") and told.get("type") != "hidden":
            self.page.controls.append(told)
        if tag == "input" and name and "disabled" not in told:
            self.page.fields[name] = told.get("value", "")
        if tag == "select":
            self.select = name if "disabled" not in told else ""
        if tag == "option" and self.select and ("selected" in told or self.select not in self.page.fields):
            self.page.fields[self.select] = told["value"]


def read(html: str) -> Page:
    """The form of a page; fails if two elements have the same id."""
    page = Page()
    _Reader(page).feed(html)
    return page


async def opened(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    """The fields of a page as it stands, ready to be changed and sent."""
    answer = await client.get(path)
    assert answer.status_code == 200
    return {**read(answer.text).fields, "Settings": "Save"}
