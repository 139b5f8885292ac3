"""The menu of the web pages."""

from __future__ import annotations

from snomtui.remote.pages.menu import MENU, entry_of


def test_menu_has_the_order_of_the_real_one() -> None:
    assert [section.title for section in MENU] == ["Operation", "Setup", "Status"]
    setup = [entry.title for entry in MENU[1].entries]
    assert setup[:3] == ["Preferences", "Speed Dial", "Function Keys"] and setup.count("Identity {number}") == 12
    status = [entry.title for entry in MENU[2].entries]
    assert status[:3] == ["System Information", "Log", "SIP Trace"] and "Settings" in status[5:]


def test_page_is_found_by_its_address_and_by_those_of_its_tabs() -> None:
    entry = entry_of("/line_rtp.htm?l=3")
    assert entry is not None and entry.values == {"number": 3} and entry.holds("/line_login.htm?l=3")
    assert not entry.holds("/line_login.htm?l=4")
    assert entry_of("/banana.htm") is None


def test_no_address_stands_in_the_menu_twice() -> None:
    all_of = [entry for section in MENU for entry in section.entries]
    addresses = [href for each in all_of for href in {each.href, *(tab.href for tab in each.tabs)}]
    assert len(addresses) == len(set(addresses))
