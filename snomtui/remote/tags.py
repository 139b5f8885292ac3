"""Hidden tags (`use_hidden_tags`): each page carries a secret, and a form that comes without it is not of this phone.

A page of another site can make a browser send a form, but cannot read ours. The tag is a time and a signature over it,
so that nothing has to be remembered; it holds for `web_logout_timer` minutes.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from hmac import compare_digest
from hmac import digest as signature

from markupsafe import Markup

from snomtui.remote import query
from snomtui.remote.saves import saves
from snomtui.settings import modes
from snomtui.settings.registry import Settings

NAME = query.HIDDEN_TAG
"""The form field that carries it."""
LONGEST_LIFE = 86_400.0
"""How long a tag holds when no time is set, seconds."""
LOOKING = frozenset({"l", "k", "q", "search", "from", "page", "list", "level", "view", "edit", "lang", NAME})
"""Parameters of a GET that only choose what is shown; they need no tag."""
REMOTE = frozenset({"/", "/index.htm", "/dummy.htm", "/settings.htm", "/minibrowser.htm"})
"""Pages through which programs control the phone with a GET; like command.htm they go by `forbids_remote`."""

NO_TAG = "hidden tags are on: this form did not come from a page of this phone, or the page is too old; load it again"
NO_QUERY = "hidden tags are on (use_hidden_tags): a URL may not change anything here, use the form on the page"
NO_URLS = "settings in URLs are not taken (restrict_uri_queries); send them in the body of a POST"
NO_REMOTE = (
    "hidden tags are on (use_hidden_tags): remote control is not allowed. Switch them off under "
    "Setup > Advanced > QoS/Security to allow it"
)


class Tags:
    """Makes the tags of one web server and knows them again."""

    def __init__(self, settings: Callable[[], Settings], clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        self._key = secrets.token_bytes(32)

    @property
    def on(self) -> bool:
        """Whether tags are asked for."""
        return self._settings().on("use_hidden_tags")

    def field(self) -> Markup:
        """The hidden input for a form; empty when tags are off."""
        if not self.on:
            return Markup("")
        return Markup('<input type="hidden" name="{}" value="{}">').format(NAME, self.fresh())

    def fresh(self) -> str:
        """A new tag."""
        stamp = f"{int(self._clock()):x}-{secrets.token_hex(8)}"
        return f"{stamp}-{self._signed(stamp)}"

    def knows(self, tag: str) -> bool:
        """Whether a tag is one of ours and not too old."""
        found = re.fullmatch(r"([0-9a-f]{1,12})-[0-9a-f]{16}-[0-9a-f]{32}", tag)
        if not found:
            return False
        stamp, _, signed = tag.rpartition("-")
        age = self._clock() - int(found[1], 16)
        return compare_digest(signed, self._signed(stamp)) and age <= life(self._settings())

    def refuses(self, method: str, path: str, asked: query.Pairs) -> str:
        """Why a form (POST) or a URL with parameters (GET) must not take effect, or nothing."""
        if not self.on:
            return ""
        if method == "POST":
            return "" if any(name == NAME and self.knows(value) for name, value in asked) else NO_TAG
        acts = any(name.lower() not in LOOKING for name, _ in asked)
        if path in REMOTE:
            return forbids_remote(self._settings()) if acts else ""
        return NO_QUERY if acts else ""

    def _signed(self, stamp: str) -> str:
        return signature(self._key, stamp.encode(), "sha256").hex()[:32]


def life(settings: Settings) -> float:
    """For how many seconds a tag holds (`web_logout_timer`)."""
    return settings.number("web_logout_timer") * 60.0 or LONGEST_LIFE


def forbids_remote(settings: Settings) -> str:
    """Why remote control is refused, or nothing: hidden tags are on, and no login has its factory value any more."""
    return NO_REMOTE if settings.on("use_hidden_tags") and modes.secured(settings) else ""


def forbids_urls(settings: Settings, raw_query: bytes) -> str:
    """Why settings in this query are refused, or nothing (`restrict_uri_queries`)."""
    if not raw_query or not settings.on("restrict_uri_queries"):
        return ""
    return NO_URLS if saves(query.pairs(raw_query)) else ""


def without(asked: query.Pairs) -> query.Pairs:
    """What a form asks, without its tag."""
    return [(name, value) for name, value in asked if name != NAME]
