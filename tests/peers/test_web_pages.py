"""The web pages in a real Chromium: every one of the menu opens, names its controls, and the home page lives."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from snomtui.remote.pages.menu import MENU
from tests.chromium import Chromium, Tab
from tests.peers.test_web_setup import Visitor, web
from tests.programs import Program

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]
PEOPLE = Path(__file__).with_name("quiet.toml")
PAGES = [tab.href for section in MENU for entry in section.entries for tab in (entry.tabs or (entry,))]
NAMED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "image", "listbox"}
"""Roles of what a person uses, and so must be able to call by a name."""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests of this file."""
    made = Chromium(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A phone with its front end, registered, one for all tests of this file."""
    state = tmp_path_factory.mktemp("state")
    words = ["demo", "--headless", "--people", str(PEOPLE), "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0"]
    with Program(*words, "--state-dir", str(state)) as made:
        made.wait("registration", state="registered")
        yield made
        made.quit()


class Status:
    """Notes with which status a tab's pages were answered."""

    def __init__(self, chromium: Chromium, tab: Tab) -> None:
        self.seen: dict[str, int] = {}
        session = tab._session
        before = chromium.hear[session]

        def heard(told: dict[str, Any]) -> None:
            if told["method"] == "Network.responseReceived" and told["params"]["type"] == "Document":
                answer = told["params"]["response"]
                self.seen[answer["url"]] = answer["status"]
            before(told)

        chromium.hear[session] = heard


def nameless(tab: Tab) -> list[str]:
    """What a person can use on the page without being told what it is."""
    nodes = tab.order("Accessibility.getFullAXTree")["nodes"]
    return [
        json.dumps(node["role"])
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"] in NAMED
        and not node.get("name", {}).get("value", "").strip()
    ]


def go(tab: Tab, url: str) -> None:
    """Open a page and wait until it stands."""
    tab._loaded = threading.Event()
    tab.order("Page.navigate", url=url)
    assert tab._loaded.wait(30)


def test_every_page_of_the_menu_opens_without_an_error_and_names_what_can_be_used(
    chromium: Chromium, phone: Program
) -> None:
    tab = chromium.tab(f"{web(phone)}/index.htm")
    statuses = Status(chromium, tab)
    wrong: dict[str, object] = {}
    for page in PAGES:
        tab.said.clear()
        go(tab, f"{web(phone)}{page}")
        found = (
            nameless(tab),
            [each for each in tab.said if not each.startswith("[DOM] ")],
            statuses.seen[f"{web(phone)}{page}"],
        )
        here = tab.evaluate("document.querySelector('nav a[aria-current=page]')?.innerText ?? ''")
        language, title = tab.evaluate("[document.documentElement.lang, document.title]")
        if found != ([], [], 200) or not here or language != "en" or not title:
            wrong[page] = (*found, here, language, title)
    tab.close()
    assert wrong == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_is_wider_than_a_narrow_window_or_hard_to_read(chromium: Chromium, phone: Program, theme: str) -> None:
    tab = chromium.tab(f"{web(phone)}/index.htm", 320, 640)
    tab.order("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    wrong: dict[str, object] = {}
    for page in PAGES:
        go(tab, f"{web(phone)}{page}")
        width, faint = tab.evaluate("document.documentElement.scrollWidth"), tab.evaluate(FAINT)
        if width > 320 or faint:
            wrong[page] = (width, faint)
    tab.close()
    assert wrong == {}


FAINT = """(() => {
  const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    const text = walk.currentNode.nodeValue.trim().slice(0, 40);
    if (!text || !e.checkVisibility() || e.matches('script, style, :disabled, :disabled *')) continue;
    const a = light(numbers(getComputedStyle(e).color)), b = light(ground(e));
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) found.add(text);
  }
  return [...found];
})()"""
"""Texts with less contrast than WCAG 2.2 AA asks for (1.4.3)."""


def test_call_that_comes_in_is_shown_at_once_and_a_click_answers_it(chromium: Chromium, phone: Program) -> None:
    visitor = Visitor(chromium.tab(f"{web(phone)}/index.htm"))
    visitor.reads("No call.")
    visitor.write("NUMBER", "+4930")
    since = phone.mark()
    phone.do("call", who="jan@ucc.test")
    call = phone.wait("call", since, state="offered")["id"]
    visitor.reads("Incoming call")
    spoken = visitor.finds("document.querySelector('#told[role=status]').textContent")
    assert spoken == "Incoming call: Jan"
    typed = visitor.tab.evaluate("[document.activeElement.name, document.activeElement.value]")
    assert typed == ["NUMBER", "+4930"]
    visitor.click("Answer")
    phone.wait("call", since, state="talking", id=call)
    visitor.reads("connected")
    visitor.write("to", "4711")
    phone.do("hold", call=call)  # somebody at the phone itself
    visitor.reads("on hold")
    typed = visitor.tab.evaluate("[document.activeElement.name, document.activeElement.value]")
    assert typed == ["to", "4711"]
    visitor.click("Take back")
    phone.wait("call", since, state="talking", id=call)
    visitor.click("Hold")
    visitor.reads("on hold")
    visitor.click("Take back")
    visitor.reads("connected")
    visitor.click("Hang up")
    phone.wait("call", since, state="ended", id=call)
    visitor.reads("No call.")
    assert visitor.tab.said == []
    visitor.tab.close()


def test_keyboard_alone_reaches_the_dial_field_and_dials(chromium: Chromium, phone: Program) -> None:
    visitor = Visitor(chromium.tab(f"{web(phone)}/index.htm"))
    tab = visitor.tab
    tab.waits("document.activeElement.name === 'NUMBER'")  # that is what people come for
    stops: list[str] = []
    while "NUMBER" not in stops and len(stops) < 200:
        tab.press("Tab", 9)
        stops.append(tab.evaluate("document.activeElement.name || document.activeElement.innerText"))
    assert stops[-1] == "NUMBER" and {"Skip to the content", "Home", "Memory", "presence"} <= set(stops)
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    since = phone.mark()
    tab.order("Input.insertText", text="jan@ucc.test")
    tab.press("Enter", 13)
    assert phone.wait("call", since, state="talking")["remote"] == "sip:jan@ucc.test"
    visitor.reads("connected")
    visitor.click("Hang up")
    phone.wait("call", since, state="ended")
    tab.close()


def test_person_at_a_narrow_window_opens_the_menu_without_any_script(chromium: Chromium, phone: Program) -> None:
    tab = chromium.tab(f"{web(phone)}/info.htm", 320, 640)
    tab.order("Emulation.setScriptExecutionDisabled", value=True)
    go(tab, f"{web(phone)}/info.htm")
    visible = "document.querySelector('nav').checkVisibility()"
    assert tab.evaluate(visible) is False
    x, y = tab.evaluate(
        "(({x, y, width, height}) => [x + width / 2, y + height / 2])"
        "(document.querySelector('header button').getBoundingClientRect())"
    )
    tab.click_at(x, y)
    tab.waits(visible)
    tab.press("Escape", 27)
    tab.waits(f"!{visible}")
    tab.close()


def test_pages_are_in_german_when_web_language_says_so(chromium: Chromium, phone: Program) -> None:
    phone.do("set", name="web_language", value="Deutsch")
    visitor = Visitor(chromium.tab(f"{web(phone)}/index.htm"))
    visitor.reads("Nummer wählen")
    assert visitor.tab.evaluate("document.documentElement.lang") == "de"
    visitor.click("Protokoll")
    visitor.is_at("Protokoll")
    visitor.tab.close()
    phone.do("set", name="web_language", value="English")


def test_entry_written_into_the_directory_is_there_dialled_and_deleted(chromium: Chromium, phone: Program) -> None:
    visitor = Visitor(chromium.tab(f"{web(phone)}/tbook.htm"))
    visitor.write("name", "Jan at home")
    visitor.write("numbers", "+4930123456")
    visitor.choose("type", "v")
    visitor.click("Save")
    visitor.reads("1 in this phone")
    visitor.reads("VIP")
    visitor.click("Delete")
    visitor.reads("0 in this phone")
    visitor.tab.close()
