"""What the phone remembers of its minibrowser; small, because every phone has it from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snomtui.settings.registry import Settings

if TYPE_CHECKING:
    from snomtui.phone.browser.values import Shown
    from snomtui.phone.snapshot import Led


class Browser:
    """The open pages, and what documents have left behind."""

    def __init__(self) -> None:
        self.pages: dict[str, Shown] = {}
        """The open pages by the subject of their screens."""
        self.variables: dict[str, str] = {}
        """`var:NAME=VALUE` of URL fragments."""
        self.lights: dict[str, Led] = {}
        """LEDs that documents have switched, by key."""


def trusted(settings: Settings) -> list[str]:
    """The hosts that may send documents by themselves, and whose documents may change settings; in small letters."""
    return settings.text("mb_trusted_hosts").lower().replace(",", " ").split()


def trusts(settings: Settings, host: str) -> bool:
    """Whether a host may control the phone by SIP; an empty host is the server at which we are registered."""
    return not host or host.lower() in trusted(settings)


def admits(settings: Settings, host: str) -> bool:
    """Whether a host may send documents by itself; an empty host is the server at which we are registered."""
    return settings.on("xml_notify") and trusts(settings, host)
