"""What the phone may want of a line besides calls: to be seen, to see others, and to change the contact list."""

from __future__ import annotations

from collections.abc import Iterable

from snomtui.line.watch.publication import Publisher, Wish
from snomtui.line.watch.roaming import Roaming
from snomtui.line.watch.subscription import Subscription
from snomtui.line.watch.watching import Watching

NOT_REGISTERED = "This identity is not registered"


class Wants:
    """The part of a line that has to do with people."""

    _server: Roaming | Watching
    _wish: Wish

    @property
    def registered(self) -> bool:
        """Whether the server knows us now."""
        raise NotImplementedError

    @property
    def subscriptions(self) -> list[Subscription]:
        """Everything that the server is asked to tell."""
        return self._server.subscriptions

    @property
    def publisher(self) -> Publisher:
        """Who tells the server how others shall see us."""
        return self._server.publisher

    def shared(self) -> bool:
        """Whether this person is signed in with another device as well, as far as the server tells."""
        return isinstance(self._server, Roaming) and self._server.shared

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this."""
        self._wish = wish
        if self.registered:
            self._server.wish(wish, now)

    def watch_lamps(self, uris: Iterable[str], now: float) -> None:
        """The keys were changed: these phones are watched from now on."""
        if isinstance(self._server, Watching):
            self._server.lamps(uris, self.registered, now)

    def watch_also(self, uris: Iterable[str], now: float) -> None:
        """The keys were changed: the presence of these is wanted, though they need not be in the contact list."""
        self._server.watch_also(uris, self.registered, now)

    def add_contact(self, uri: str, name: str, group: str, now: float) -> str:
        """Have the server add somebody to the contact list, or put a contact into one more group.

        An empty `group` means other contacts, a name that is not there makes a new group. Returns why it cannot be,
        or "": then the change shows when the server tells it, and a refusal comes as `Trouble("contacts", ...)`.
        """
        return self._server.add_contact(uri, name, group, now) if self.registered else NOT_REGISTERED

    def remove_contact(self, uri: str, now: float) -> str:
        """Have the server take somebody out of the contact list; returns why it cannot be, or "" as above."""
        return self._server.remove_contact(uri, now) if self.registered else NOT_REGISTERED

    def search(self, text: str, now: float) -> str:
        """Search the server's address book; returns why it cannot be, or "": then `Found` ends the search."""
        return self._server.search(text, now) if self.registered else NOT_REGISTERED
