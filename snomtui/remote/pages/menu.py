"""The menu of the web pages, as snom's firmware 7 and 8 have it: Operation, Setup, Status (fact file 1.4).

Pages are named by their address, such as `/line_login.htm?l=3`; `base.html` draws the menu from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from snomtui.settings.registry import IDENTITIES


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu, or one tab of it."""

    title: str
    """In English, as it is given to `say`."""
    href: str
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands in the places of the title."""
    tabs: tuple[Entry, ...] = ()
    """The pages that it opens; the first one has its own address."""

    def holds(self, here: str) -> bool:
        """Whether the page with this address is reached by it."""
        return here == self.href or any(tab.href == here for tab in self.tabs)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the three parts of the menu."""

    title: str
    entries: tuple[Entry, ...]


_LINE_TABS = {"Login": "line_login", "SIP": "line_sip", "NAT": "line_nat", "RTP": "line_rtp"}


def _identity(number: int) -> Entry:
    tabs = tuple(Entry(title, f"/{page}.htm?l={number}") for title, page in _LINE_TABS.items())
    return Entry("Identity {number}", tabs[0].href, {"number": number}, tabs)


_ADVANCED = (
    Entry("Overview", "/advanced.htm"),
    Entry("Network", "/advanced_network.htm"),
    Entry("Behavior", "/advanced_behavior.htm"),
    Entry("Audio", "/advanced_audio.htm"),
    Entry("SIP/RTP", "/advanced_sip.htm"),
    Entry("QoS/Security", "/advanced_qos_security.htm"),
    Entry("Update", "/advanced_update.htm"),
)

MENU = (
    Section("Operation", (Entry("Home", "/index.htm"), Entry("Directory", "/tbook.htm"))),
    Section(
        "Setup",
        (
            Entry("Preferences", "/prefs.htm"),
            Entry("Speed Dial", "/speed.htm"),
            Entry("Function Keys", "/fkeys.htm"),
            *(_identity(number) for number in range(1, IDENTITIES + 1)),
            Entry("Action URL Settings", "/actions.htm"),
            Entry("Advanced", "/advanced.htm", tabs=_ADVANCED),
            Entry("Simulation", "/sim.htm"),
        ),
    ),
    Section(
        "Status",
        (
            Entry("System Information", "/info.htm"),
            Entry("Log", "/log.htm"),
            Entry("SIP Trace", "/sip_trace.htm"),
            Entry("DNS Cache", "/dns_cache.htm"),
            Entry("Subscriptions", "/subscriptions.htm"),
            Entry("PCAP Trace", "/pcap.htm"),
            Entry("Memory", "/memory.htm"),
            Entry("Settings", "/settings.htm"),
            Entry("Remote Commands", "/commands.htm"),
        ),
    ),
)
"""The whole menu; what no snom has, the simulation, stands at the end of Setup."""


def entry_of(here: str) -> Entry | None:
    """The line of the menu to which a page belongs."""
    return next((entry for section in MENU for entry in section.entries if entry.holds(here)), None)
