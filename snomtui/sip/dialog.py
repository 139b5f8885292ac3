"""Dialogs: what two phones remember of each other between requests (RFC 3261 12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.errors import MalformedMessage
from snomtui.sip.address import Address, uri_text
from snomtui.sip.headers import Headers, Item
from snomtui.sip.headers import key as header_key
from snomtui.sip.message import Message, Request, Response
from snomtui.sip.uri import Uri

_CARRY_CONTACT = frozenset({"INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"})
"""Requests that say where we are (RFC 3261 12.2, RFC 3311, RFC 6665)."""
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_NOT_COUNTED = frozenset({"ACK", "CANCEL"})
"""These carry the number of the INVITE they belong to."""


@dataclass(slots=True)
class Dialog:
    """One dialog, early or confirmed. From, To and Route are kept as they were written, parameters included."""

    call_id: str
    local_text: str
    """Our From header, with tag."""
    remote_text: str
    """Our To header, with the tag of the other side if it gave one."""
    target: str
    """The remote Contact URI, verbatim."""
    routes: tuple[str, ...]
    """Route values in sending order, verbatim (Microsoft signs them)."""
    local_cseq: int
    remote_cseq: int | None
    contact: str = ""
    """Our Contact header, put into requests that need one; "" if the caller always gives it."""

    @classmethod
    def uac(cls, request: Request, response: Response) -> Dialog:
        """The dialog of a request of ours and its answer (RFC 3261 12.1.2); raises `MalformedMessage`."""
        return cls(
            call_id=request.call_id,
            local_text=request.headers.get("From") or "",
            remote_text=response.headers.get("To") or "",
            target=_target(response) or request.uri,
            routes=response.headers.values("Record-Route")[::-1],
            local_cseq=request.cseq.number,
            remote_cseq=None,
            contact=request.headers.get("Contact") or "",
        )

    @classmethod
    def uas(cls, request: Request, local_tag: str, contact: str = "") -> Dialog:
        """The dialog of a request to us (RFC 3261 12.1.1); `contact` is our Contact header, if requests shall carry it.

        Raises `MalformedMessage`.
        """
        to = request.headers.get("To") or ""
        return cls(
            call_id=request.call_id,
            local_text=to if request.to.tag else f"{to};tag={local_tag}",
            remote_text=request.headers.get("From") or "",
            target=_target(request) or str(request.from_.uri),
            routes=request.headers.values("Record-Route"),
            local_cseq=0,
            remote_cseq=request.cseq.number,
            contact=contact,
        )

    @classmethod
    def notified(cls, request: Request, notify: Request) -> Dialog:
        """The dialog of a SUBSCRIBE or REFER of ours whose NOTIFY came before its answer (RFC 6665 4.4.1)."""
        dialog = cls.uas(notify, request.from_.tag, request.headers.get("Contact") or "")
        dialog.local_text = request.headers.get("From") or ""
        dialog.local_cseq = request.cseq.number
        return dialog

    @property
    def local(self) -> Address:
        """Our own address; its tag is ours."""
        return Address.parse(self.local_text)

    @property
    def remote(self) -> Address:
        """The address of the other side; its tag is theirs."""
        return Address.parse(self.remote_text)

    @property
    def key(self) -> tuple[str, str, str]:
        """Call-ID, local tag, remote tag (RFC 3261 12)."""
        return self.call_id, self.local.tag, self.remote.tag

    def request(
        self, method: str, via: str, headers: Iterable[Item] = (), body: tuple[str, bytes] | None = None
    ) -> Request:
        """Make the next request in the dialog (RFC 3261 12.2.1.1); `body` is content type and bytes."""
        self.local_cseq += 1
        extra = list(headers)
        if self.contact and method in _CARRY_CONTACT and all(header_key(name) != "contact" for name, _ in extra):
            extra.insert(0, ("Contact", self.contact))
        return self._made(method, self.local_cseq, via, extra, body)

    def renumbered(self, request: Request) -> int:
        """The number with which a challenged request goes out again; no other request has it (RFC 3261 22.2)."""
        self.local_cseq = max(self.local_cseq, request.cseq.number) + 1
        return self.local_cseq

    def ack(
        self, request: Request, via: str, headers: Iterable[Item] = (), body: tuple[str, bytes] | None = None
    ) -> Request:
        """Make the ACK to a 2xx (RFC 3261 13.2.2.4): CSeq number and credentials (22.1) are those of the INVITE."""
        proofs = [item for item in request.headers if header_key(item[0]) in _CREDENTIALS]
        return self._made("ACK", request.cseq.number, via, [*proofs, *headers], body)

    def takes(self, request: Request) -> bool:
        """Note the CSeq of a request of the other side; False if it does not rise, to be answered with 500."""
        number = request.cseq.number
        if request.method in _NOT_COUNTED:
            return True
        if self.remote_cseq is not None and number <= self.remote_cseq:
            return False
        self.remote_cseq = number
        return True

    def refresh(self, message: Message) -> None:
        """Take over the Contact of a target refresh (RFC 3261 12.2); a message without one changes nothing."""
        self.target = _target(message) or self.target

    def confirm(self, response: Response) -> None:
        """The 2xx to our INVITE is here: its routes and Contact replace those of the early dialog (13.2.2.4)."""
        self.remote_text = response.headers.get("To") or self.remote_text
        self.routes = response.headers.values("Record-Route")[::-1]
        self.refresh(response)

    def _made(self, method: str, number: int, via: str, extra: list[Item], body: tuple[str, bytes] | None) -> Request:
        uri, routes = self._way()
        items: list[Item] = [("Via", via), *(("Route", route) for route in routes)]
        items += [("Max-Forwards", "70"), ("From", self.local_text), ("To", self.remote_text)]
        items += [("Call-ID", self.call_id), ("CSeq", f"{number} {method}"), *extra]
        if body:
            items.append(("Content-Type", body[0]))
        return Request(method, uri, Headers.of(*items), body[1] if body else b"")

    def _way(self) -> tuple[str, tuple[str, ...]]:
        """Request URI and Routes; a first route without `lr` is a strict router (RFC 3261 12.2.1.1)."""
        if not self.routes:
            return self.target, ()
        try:
            first = Address.parse(self.routes[0]).uri
        except MalformedMessage:
            return self.target, self.routes
        if first.param("lr") is not None or not first.host:
            return self.target, self.routes
        return uri_text(self.routes[0]), (*self.routes[1:], f"<{self.target}>")


def _target(message: Message) -> str:
    """The first Contact URI as written, "" if there is none; raises `MalformedMessage` if it is no URI."""
    contacts = message.headers.values("Contact")
    if not contacts:
        return ""
    text = uri_text(contacts[0])
    Uri.parse(text)
    return text
