"""The registration of an identity (RFC 3261 10; [MS-SIPREGE] at OCS), with the real phone's log lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable

from snomtui.kit.machine import Machine
from snomtui.line.account import Server
from snomtui.line.answers import bindings
from snomtui.line.desk import Desk
from snomtui.line.events import RegistrationChanged
from snomtui.line.methods import ALLOW
from snomtui.line.retries import Haste
from snomtui.line.seconds import retry_after, seconds
from snomtui.line.server.announcing import abilities, contacts
from snomtui.line.server.regtable import SAID, TABLE, Input, State
from snomtui.line.server.verdict import elsewhere, words
from snomtui.sip.address import Address
from snomtui.sip.grammar import readable
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Message, Request, Response

MOST_HOPS = 5
"""So often in a row a server may send us elsewhere."""
BRIEFS = 3
"""So many 423 in a row, then it is a refusal."""
IMPATIENCE = 16
"""Times T1 that a REGISTER may stay without any answer while another server could be asked instead."""
INSTEAD = 600
"""Seconds; taken where a server grants none at all, as the real phone does."""
LONGEST = 2_000_000
"""Seconds; about 23 days."""
_FORGOTTEN = re.compile(r'register-action\s*=\s*"?(?:added|fixed)\b', re.IGNORECASE)
"""The server had to make the binding anew, or to mend it ([MS-SIPREGE] 2.2.1)."""


class Registration:
    """Keeps one identity known to its registrar."""

    def __init__(self, desk: Desk, on_registered: Callable[[Response, bool, float], None]) -> None:
        """`on_registered(response, first, now)`: each 200; `first` if the server did not know us before."""
        self._desk = desk
        self._on_registered = on_registered
        self._machine = Machine(f"registration {desk.account.number}", TABLE, State.OFF)
        self._call_id, self._tag, self._cseq = desk.ids.call_id(), desk.ids.tag(), 0
        self._asked = desk.account.expiry
        self._briefs = 0
        """How many 423 came in a row."""
        self.expires: int | None = None
        self._code: int | None = None
        self._reason = ""
        self._said: RegistrationChanged | None = None
        self._pause = desk.account.retry
        self._hurry = 0
        """Seconds to the next try after a connection that worked was lost, doubled each time; 0 = no hurry."""
        self._haste = Haste()
        self._registrar = f"sip:{desk.account.host}"
        self._been: set[Server] = set()
        """Where servers have sent us since the last success."""
        self._unwanted: set[str] = set()
        """Extensions that the server does not know (RFC 3261 8.1.3.5, RFC 5626 11.6)."""
        self._bound = ""
        """The contact under which the server knows us."""
        self._asking = 0
        """The number of the REGISTER that is out; 0 = none."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    @property
    def wanted(self) -> bool:
        """Whether anybody wants to be registered."""
        return self.state not in (State.OFF, State.QUITTING, State.LEAVING)

    @property
    def established(self) -> bool:
        """Whether the server knows us now."""
        return self.state in (State.REGISTERED, State.REFRESHING)

    @property
    def idle(self) -> bool:
        """Whether the server knows us and nothing is being asked."""
        return self.state is State.REGISTERED

    @property
    def under_way(self) -> bool:
        """Whether it depends on the connection: the server knows us, or a REGISTER is out."""
        return self.established or self.state in (State.REGISTERING, State.QUITTING, State.LEAVING)

    def awaits(self, message: Message) -> bool:
        """Whether the answer to this REGISTER, or this answer to a REGISTER, still matters."""
        if message.call_id != self._call_id or message.cseq.number != self._cseq:
            return False
        return self._machine.knows(Input.CHALLENGED)

    # -- what the line and the person want

    def start(self, now: float) -> None:
        """Begin, or refresh at once."""
        self._machine.step(Input.START)
        self._stop_timers()
        self._say()

    def leave(self, now: float) -> None:
        """Unregister; if a first REGISTER is out, as soon as it is answered."""
        self._stop_timers()
        after = self._machine.step(Input.LEAVE)
        if after is State.LEAVING:
            self._send(now, expires=0)
        elif after is State.QUITTING and not self._asking:
            self._machine.step(Input.LOST)
        self._code, self._reason = None, ""
        self._say()

    def lost(self, why: str, now: float) -> None:
        """The connection is gone, or never came up."""
        # A server that takes us and hangs up again and again is asked less and less often (RFC 5626 4.5).
        self._hurry = (int(self._haste.pause(now)) or 1) if self.established else 2 * self._hurry
        self._home()
        if self._machine.step(Input.LOST) is State.WAITING:
            self._code, self._reason = None, why
            # A connection that worked is tried again soon, but not by all phones in the same moment.
            soon = self._hurry + self._desk.ids.dice(1)[0] % 3 if self._hurry else self._desk.account.retry
            self._retry(now, min(soon, self._desk.account.retry))
        self._say()

    def banned(self, why: str, now: float) -> None:
        """The server has ended the registration and does not want us back: no hurry to ask again."""
        self._desk.log(2, f"Registrar has ended the registration of {self._desk.account.aor}: {why}")
        if self._machine.knows(Input.DENIED) and self._machine.step(Input.DENIED) is State.REFUSED:
            self._code, self._reason, self._hurry = None, why, 0
            self._home()
            self._retry(now, self._desk.account.retry)
        self._say()

    def doubted(self, why: str, now: float) -> None:
        """The answer to our REGISTER has a wrong signature: the server is not believed, whatever it says."""
        self._desk.log(2, f"Registrar {self._desk.account.aor} is not believed: {why}")
        if self._machine.step(Input.DENIED) is State.REFUSED:
            self._code, self._reason, self._hurry = None, f"The server could not prove who it is ({why})", 0
            self._retry(now, self._desk.account.retry)
        self._say()

    def connected(self, now: float) -> None:
        """The connection is there: register over it."""
        if self.state in (State.REGISTERING, State.REFRESHING):
            self._send(now)

    def moved(self) -> None:
        """Another server takes over; it is registered there as soon as the connection is up."""
        if self._machine.knows(Input.MOVED):
            self._machine.step(Input.MOVED)
            self._stop_timers()
            self._say()

    def anew(self, now: float) -> None:
        """The address at which the server reaches us has changed: tell it at once."""
        if self.state is State.REGISTERED:
            self._machine.step(Input.DUE)
            self._send(now)

    # -- the REGISTER

    def _send(self, now: float, expires: int | None = None) -> None:
        """A fresh REGISTER outside any handshake."""
        account = self._desk.account
        self._tag = self._desk.ids.tag()
        self._cseq += 1
        asked = self._asked if expires is None else expires
        headers = [*contacts(self._desk, self._bound, self._unwanted), *abilities(account, self._unwanted)]
        if not account.ocs:
            headers.append(("Allow", ALLOW))
        headers.append(("Expires", str(asked)))
        to = f"<{account.uri}>"
        request = self._desk.letterhead.request(
            "REGISTER", self._registrar, to, self._tag, self._call_id, self._cseq, headers
        )
        self._desk.send(request, self, now)
        self._asking = self._cseq
        self._desk.alarm(self, "impatient", now + IMPATIENCE * account.t1)
        if expires is None and not self.established:
            self._log_timer(account.retry)

    def _log_timer(self, seconds: int) -> None:
        line = self._desk.account.number - 1
        self._desk.log(5, f"sip::send_register: reregister timer for line {line} set to {seconds}s")

    # -- what the server says

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to a REGISTER."""
        if request.cseq.number != self._cseq:
            return
        self._desk.alarm(self, "impatient", None)
        if response.status < 200:
            return
        self._asking = 0
        if self.state is State.QUITTING:
            self._quit(response, now)
        elif response.status < 300:
            self._accepted(response, now)
        elif self.state is State.LEAVING or not self._otherwise(response, now):
            self._denied(response, now)

    def _quit(self, response: Response, now: float) -> None:
        """We wanted to leave while this was asked: take back what was granted meanwhile."""
        if response.status < 300:
            self._machine.step(Input.ACCEPTED)
            self._send(now, expires=0)
        else:
            self._machine.step(Input.DENIED)
        self._say()

    def _otherwise(self, response: Response, now: float) -> bool:
        """Whether a refusal says how to do it instead, so that it is done that way at once."""
        match response.status:
            case 423:
                least = seconds(response.headers.get("Min-Expires")) or 0
                self._briefs += 1
                return self._asked < least <= LONGEST and self._briefs <= BRIEFS and self._with_expiry(least, now)
            case 420:
                return self._without(response.headers.values("Unsupported"), now)
            case 439:
                return self._without(("outbound",), now)
            case 301 | 302 | 305:
                return self._redirected(response, now)
            case 503:
                return self.elsewhere(retry_after(response), now)
        return False

    def _with_expiry(self, least: int, now: float) -> bool:
        self._asked = least
        self._send(now)
        return True

    def _without(self, options: Iterable[str], now: float) -> bool:
        """Leave out what the server does not know, unless that was left out already."""
        unknown = {option.lower() for option in options} & {"path", "outbound", "gruu"}
        if self._desk.account.ocs or not unknown - self._unwanted:
            return False
        self._unwanted |= unknown
        self._send(now)
        return True

    def _redirected(self, response: Response, now: float) -> bool:
        """Go where a 3xx sends us, but not in circles and not from TLS to a place without."""
        ocs, secure = self._desk.account.ocs, self._desk.transport() == "tls"
        places = [place for place in elsewhere(response, secure, ocs) if place not in self._been]
        if not places or len(self._been) >= MOST_HOPS:
            return False
        place = places[0]
        self._been.add(place)
        if response.status != 305 and not ocs:
            port = f":{place.port}" if place.port else ""
            self._registrar = f"sip:{place.host}{port}"
        self._desk.log(5, f"Registrar sends us to {place} ({response.status})")
        self._machine.step(Input.MOVED)
        self._say()
        self._desk.go_to(place, now)
        return True

    def elsewhere(self, pause: int | None, now: float) -> bool:
        """Try the next server, if there is one (RFC 3263 4.3)."""
        if not self._machine.knows(Input.MOVED):
            return False
        self._cseq += 1  # what still comes of the last REGISTER no longer counts
        if not self._desk.next_server(pause, now):
            self._cseq -= 1
            return False
        self._machine.step(Input.MOVED)
        self._say()
        return True

    def _home(self) -> None:
        """The next attempt begins at the account's own server."""
        self._been.clear()
        self._registrar = f"sip:{self._desk.account.host}"
        self._desk.go_home()

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """The line answered a challenge with this request, the next in the handshake."""
        self._machine.step(Input.CHALLENGED)
        self._cseq = self._asking = request.cseq.number
        self._desk.alarm(self, "impatient", None)  # it is there, after all

    def _accepted(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.ACCEPTED):
            return
        known = self.state is State.REFRESHING
        if self._machine.step(Input.ACCEPTED) is State.OFF:
            self._say()
            return
        account = self._desk.account
        self.expires, self._briefs = self._granted(response), 0
        self._code, self._reason, self._bound = response.status, response.reason, self._desk.letterhead.location()
        self._been.clear()
        self._desk.log(2, f"Registered at registrar as {account.aor} (Expires: {self.expires} secs)")
        again = max(1, self.expires // 3)
        self._log_timer(again)
        self._desk.alarm(self, "refresh", now + again * self._jitter())
        self._say()
        forgotten = bool(_FORGOTTEN.search(response.headers.get("presence-state") or ""))
        self._on_registered(response, not known or forgotten, now)

    def _jitter(self) -> float:
        """A bit less than 1, so that phones that were switched on together do not refresh together."""
        return 1 - self._desk.ids.dice(1)[0] / 2560

    def _granted(self, response: Response) -> int:
        """The expiry from our own contact, else from the header (RFC 3261 10.2.4)."""
        best = max(bindings(response), key=self._ours, default=None)
        own = seconds(best.params.get("expires")) if best and self._ours(best) else None
        granted = own if own is not None else response.expires
        return self._asked if granted is None else min(granted, LONGEST) or INSTEAD

    def _ours(self, contact: Address) -> int:
        """How surely a binding is the present one of ours; 0 = it is not. Older ones may have our token as well."""
        letterhead, uri = self._desk.letterhead, contact.uri
        if uri.params.get("line") == letterhead.token:
            return 3 if letterhead.is_here(uri) else 2
        return int(self._desk.account.instance in (contact.params.get("+sip.instance") or "").lower())

    def _denied(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.DENIED):
            return
        account = self._desk.account
        if self._machine.step(Input.DENIED) is State.REFUSED:
            login = response.status in (401, 407)
            if account.ocs and login:
                self._desk.log(6, "gui_object::challenge_user: Challenge User but wrong state 16")
            self._desk.log(2, f"Registrar {account.aor} refused with code {response.status}")
            why = self._desk.login_refused() if login else words(response)
            self._asked, self._briefs = account.expiry, 0
            self._code, self._reason, self._hurry = response.status, why, 0
            self._home()
            self._retry(now, retry_after(response) or account.retry)
        self._say()

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """The REGISTER came to nothing."""
        if self.state is State.QUITTING and request.cseq.number == self._cseq:
            self.lost(why, now)
        if not self.awaits(request):
            return
        self._desk.alarm(self, "impatient", None)
        said = f"{self._desk.place()} does not answer" if status == 408 else why
        if not self.elsewhere(None, now):
            self.lost(said, now)

    def _retry(self, now: float, seconds: int) -> None:
        self._pause = seconds
        self._desk.log(5, f"Will try to reregister in {seconds} seconds")
        self._desk.alarm(self, "refresh", None)
        self._desk.alarm(self, "retry", now + seconds)

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to refresh or to try again; the line sees to the connection."""
        if name == "impatient":
            self.elsewhere(None, now)
            return
        self._machine.step(Input.DUE)
        self._say()
        self._desk.reconnect(now)

    def _stop_timers(self) -> None:
        self._desk.alarm(self, "refresh", None)
        self._desk.alarm(self, "retry", None)
        self._desk.alarm(self, "impatient", None)

    def _say(self) -> None:
        desk, state = self._desk, self.state
        event = RegistrationChanged(
            identity=desk.account.number,
            aor=desk.account.aor,
            state=SAID[state],
            code=self._code,
            reason=readable(self._reason) if state in (State.REFUSED, State.WAITING) else "",
            expires=self.expires if self.established else None,
            auth=desk.auth(),
            transport=desk.transport(),
            retry_in=self._pause if state in (State.REFUSED, State.WAITING) else None,
        )
        if event != self._said or state in (State.REFUSED, State.WAITING):
            self._said = event
            desk.tell(event)
