"""What stands at the top of everything that a line sends: our name and our addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snomtui.kit.ids import Ids
from snomtui.line.account import Account
from snomtui.line.answers import bindings
from snomtui.line.link import Link
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request, Response


class Letterhead:
    """One line's own addresses, and the requests that carry them."""

    def __init__(self, account: Account, ids: Ids, link: Link, registered: Callable[[], bool]) -> None:
        """`registered`: whether the server knows us now."""
        self._account, self._ids, self._link, self._registered = account, ids, link, registered
        self.token = ids.token(8)
        """The `line=` parameter by which the phone knows its own binding again."""
        self._gruu = ""

    def learn(self, response: Response) -> None:
        """Note the GRUU that a registrar gave us (RFC 5627; [MS-SIPREGE] 3.1)."""
        for contact in bindings(response):
            if self._account.instance in (contact.params.get("+sip.instance") or "").lower():
                self._gruu = contact.params.get("gruu") or self._gruu

    # -- addresses

    def local_address(self) -> str:
        """The address at which others reach our media."""
        return self._account.address or (self._link.up.local[0] if self._link.up else "127.0.0.1")

    def _here(self) -> str:
        host, port = self._link.up.local if self._link.up else ("127.0.0.1", 5060)
        host = self._account.address or host
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def via(self) -> str:
        """A fresh Via value."""
        rport = "" if self._account.ocs else ";rport"
        return f"SIP/2.0/{self._account.server.transport.upper()} {self._here()};branch={self._ids.branch()}{rport}"

    def contact(self) -> str:
        """Our address for dialogs, in brackets."""
        if self._gruu and self._registered():
            return f"<{self._gruu}>"
        transport = self._account.server.transport
        param = "" if transport == "udp" else f";transport={transport}"
        if self._account.ocs:
            return f"<sip:{self._here()}{param};ms-opaque={self.token}>"
        return f"<sip:{self._account.user}@{self._here()}{param};line={self.token}>"

    def caller(self, tag: str) -> str:
        """A From value with our name."""
        account = self._account
        quoted = account.name.replace("\\", "\\\\").replace('"', '\\"')
        epid = f";epid={account.epid}" if account.ocs else ""
        return f'"{quoted}" <{account.uri}>;tag={tag}{epid}' if quoted else f"<{account.uri}>;tag={tag}{epid}"

    # -- requests

    def request(
        self, method: str, uri: str, to: str, tag: str, call_id: str, cseq: int, headers: Iterable[Item] = ()
    ) -> Request:
        """A request outside a dialog, with all that every request needs (RFC 3261 8.1.1)."""
        return Request(
            method,
            uri,
            Headers.of(
                ("Via", self.via()),
                ("From", self.caller(tag)),
                ("To", to),
                ("Call-ID", call_id),
                ("CSeq", f"{cseq} {method}"),
                ("Max-Forwards", str(self._account.max_forwards)),
                *headers,
            ),
        )

    def again(self, request: Request, number: int) -> Request:
        """The same request once more with a new CSeq number, for a new transaction (RFC 3261 22.2)."""
        headers = request.headers.with_("Via", self.via()).with_("CSeq", f"{number} {request.method}")
        return request.with_headers(headers)
