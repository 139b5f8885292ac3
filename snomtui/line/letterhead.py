"""What stands at the top of everything that a line sends: our name and our addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address

from snomtui.errors import MalformedMessage
from snomtui.kit.box import HostPort, host_port
from snomtui.kit.ids import Ids
from snomtui.line.account import Account
from snomtui.line.answers import bindings, service_routes
from snomtui.line.link import Link
from snomtui.sip.address import Address
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.message import Request, Response
from snomtui.sip.uri import Uri


class Letterhead:
    """One line's own addresses, and the requests that carry them."""

    def __init__(self, account: Account, ids: Ids, link: Link, registered: Callable[[], bool]) -> None:
        """`registered`: whether the server knows us now."""
        self._account, self._ids, self._link, self._registered = account, ids, link, registered
        self.token = ids.token(8)
        """The `line=` parameter by which the phone knows its own binding again."""
        self._gruu = ""
        self._service_routes: tuple[str, ...] = ()
        self._seen: HostPort | None = None
        """Where the server sees us, if that is not where we are (RFC 3581)."""

    # -- what a registrar tells about us

    def learn(self, response: Response) -> bool:
        """Note what a 2xx to a REGISTER says; True if the server sees us at another address than before.

        The GRUU (RFC 5627; [MS-SIPREGE] 3.1), the Service-Route (RFC 3608), received and rport (RFC 3581).
        """
        self._gruu = ""
        for contact in bindings(response):
            if self._account.instance in (contact.params.get("+sip.instance") or "").lower():
                self._gruu = self._gruu_of(contact) or self._gruu
        self._service_routes = service_routes(response)
        return self._look(response)

    def _gruu_of(self, contact: Address) -> str:
        """The GRUU in a binding of ours; what cannot be read as a SIP address is none."""
        if not self._account.ocs and not self._account.gruu:
            return ""
        text = contact.params.get("gruu" if self._account.ocs else "pub-gruu") or ""
        try:
            return text if Uri.parse(text).host else ""
        except MalformedMessage:
            return ""

    def _look(self, response: Response) -> bool:
        """Whether we stand behind an address translation that we did not know of, or another one than before."""
        if self._account.ocs or self._account.address or not self._link.up:
            return False
        before, via = self._seen, response.via
        local = self._link.up.local
        received = via.received.strip("[]")
        seen = (received if _is_somebodys(received) else local[0], via.rport or local[1])
        self._seen = None if seen == local else seen
        return self._seen != before

    def stranger(self, request: Request) -> str:
        """The address from which a request came over UDP, if that is not our server's; empty = our server sent it."""
        if self._link.transport != "udp":
            return ""
        host = (request.via.received or request.via.host).strip("[]").lower()
        return "" if self._link.up and host == self._link.up.remote[0].lower() else host

    def forget(self) -> None:
        """The connection is gone, and with it what the server said of it."""
        self._seen, self._service_routes = None, ()

    @property
    def translated(self) -> bool:
        """Whether the server sees us at another address than our own."""
        return self._seen is not None

    # -- addresses

    def local_address(self) -> str:
        """The address at which others reach our media."""
        return self._account.address or (self._link.up.local[0] if self._link.up else "127.0.0.1")

    def _local(self) -> HostPort:
        host, port = self._link.up.local if self._link.up else ("127.0.0.1", 5060)
        return self._account.address or host, port

    def via(self) -> str:
        """A fresh Via value."""
        return self.via_over(self._link.transport, self._local())

    def via_over(self, transport: str, local: HostPort) -> str:
        """A fresh Via value for another connection than the line's own."""
        rport = "" if self._account.ocs else ";rport"
        return f"SIP/2.0/{transport.upper()} {_written(local)};branch={self._ids.branch()}{rport}"

    def is_here(self, uri: Uri) -> bool:
        """Whether an address is where we are now."""
        host, port = self._seen or self._local()
        return (uri.host.strip("[]"), uri.port) == (host, port)

    def contact(self) -> str:
        """Our address for dialogs, in brackets."""
        return f"<{self._gruu}>" if self._gruu and self._registered() else self.location()

    def location(self) -> str:
        """Where we are, in brackets, for a registrar."""
        transport = self._link.transport
        param = "" if transport == "udp" else f";transport={transport}"
        if self._account.ocs:
            return f"<sip:{_written(self._local())}{param};ms-opaque={self.token}>"
        return f"<sip:{self._account.user}@{_written(self._seen or self._local())}{param};line={self.token}>"

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
                *(("Route", route) for route in self._service_routes if method != "REGISTER"),
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
        fresh = {"via": self.via(), "cseq": f"{number} {request.method}"}
        items = ((name, fresh.get(key(name), value)) for name, value in request.headers)
        return request.with_headers(Headers.of(*items))


def _is_somebodys(host: str) -> bool:
    """Whether this is an IP address that a phone can have; what a server writes there goes into our Contact."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_multicast)


def _written(place: HostPort) -> str:
    """`host:port`, with brackets around an IPv6 address and without its zone, which means nothing elsewhere."""
    return host_port((place[0].partition("%")[0], place[1]))
