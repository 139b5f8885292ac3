"""The user agent inside the house with which colleagues, numbers outside and voice mails speak SIP."""

from __future__ import annotations

from snomtui.errors import MalformedSdp
from snomtui.kit.box import Surroundings
from snomtui.kit.ids import Ids
from snomtui.kit.machine import Machine
from snomtui.kit.timers import Timers
from snomtui.ocs.diagnostics import diagnostics
from snomtui.ocs.endpoint import gruu
from snomtui.ocs.routing import VOICEMAIL
from snomtui.office.people import People, Person
from snomtui.office.script import INSIDE, TABLE, Around, Call, Input, Script, State
from snomtui.office.sound import Sound
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.transaction import ClientKey, ServerKey, Transactions


class Agent:
    """All calls of those who are played, behind one connection that needs no socket."""

    def __init__(self, people: People, surroundings: Surroundings, around: Around) -> None:
        self.people, self.surroundings, self.around = people, surroundings, around
        self.ids = Ids(surroundings.dice)
        self.timers = Timers()
        self.transactions = Transactions(self.timers)
        self.calls: dict[int, Call] = {}
        self.by_dialog: dict[tuple[str, str], Call] = {}
        """By Call-ID and our tag."""
        self._out: list[Message] = []
        self._count = 0

    def transmit(self) -> list[Message]:
        """What is to be said, in order; empties itself."""
        out = [each.message for each in self.transactions.transmit()] + self._out
        self._out = []
        return out

    def reply(self, key: ServerKey, response: Response, now: float) -> None:
        """Answer a request."""
        self.transactions.respond(key, response, now)

    def ask(self, request: Request, owner: object, now: float) -> ClientKey:
        """Send a request in a transaction of its own."""
        return self.transactions.request(request, INSIDE, owner, now)

    def outside(self, method: str, person: Person, uri: str, tag: str, *more: Item, body: tuple[str, bytes]) -> Request:
        """A request of somebody who is played, outside of any dialog; `tag` is ours, `body` its type and its bytes."""
        headers = Headers.of(
            ("Via", self.via()),
            ("Max-Forwards", "70"),
            ("From", f"{person.written};tag={tag}"),
            ("To", f"<{uri}>"),
            ("Call-ID", self.ids.call_id()),
            ("CSeq", f"1 {method}"),
            *more,
            ("Content-Type", body[0]),
        )
        return Request(method, uri, headers, body[1])

    def via(self) -> str:
        """A Via with a new branch."""
        return f"SIP/2.0/TLS colleagues.invalid;branch={self.ids.branch()}"

    def contact(self, person: Person, script: Script) -> str:
        """Where somebody who is played is reached: the GRUU, the number, or the voice mail's address."""
        if script.mailbox:
            return f"{person.uri};{VOICEMAIL}"
        return f"{person.uri};user=phone" if person.outside else gruu(person.address, person.epid)

    def diagnostics(self, script: Script) -> list[Item]:
        """Why a call is refused ([MS-OCER])."""
        number, why = script.why
        return [diagnostics(number, why, self.people.server)] if number else []

    # -- calls

    def new(self, person: Person, peer: str, state: State, script: Script) -> Call:
        """Note a new call; `peer` is the other's address."""
        self._count += 1
        call = Call(self._count, person, peer.lower(), Machine(f"call of {person.label}", TABLE, state), script=script)
        self.calls[call.number] = call
        return call

    def start(self, kind: str, call: Call, at: float) -> None:
        """Start a timer that ends with the call."""
        name = (kind, call.number)
        call.timers.add(name)
        self.timers.start(name, at)

    def sound(self, call: Call, source: str) -> Sound:
        """Media for a call; raises `NoMediaPort`."""
        host = self.around.host_for(call.peer)
        return Sound(f"colleague-{call.number}", host, self.surroundings, self.around.play, source)

    def talking(self, call: Call, now: float) -> None:
        """The call is up: what is heard from now on, and until when."""
        for place, (after, source) in enumerate(call.script.sounds):
            if after:
                self.start(f"sound {place}", call, now + after)
            elif call.sound:
                call.sound.say(source)
        if call.script.lasts is not None:
            self.start("over", call, now + call.script.lasts)
        self._tell(call, now)

    def refuse(self, call: Call, status: int, now: float, headers: list[Item] | None = None) -> None:
        """Refuse a call that is offered."""
        if call.machine.state is State.OFFERED and call.server and call.invite and call.dialog:
            refusal = respond(call.invite, status, tag=call.dialog.local.tag, headers=headers or ())
            self.reply(call.server, refusal, now)
            self.end(call, Input.GONE, now)

    def hang_up(self, call: Call, now: float) -> None:
        """End a call from our side."""
        if call.machine.state is State.CALLING and call.client:
            self.transactions.cancel(call.client, (), now=now)
        elif call.machine.state is State.TALKING and call.dialog:
            self.ask(call.dialog.request("BYE", self.via()), call, now)
        self.end(call, Input.HANG_UP, now)

    def acknowledge(self, call: Call, request: Request) -> None:
        """Send the ACK to a 2xx, once more if need be."""
        if call.dialog:
            self.say(call.dialog.ack(request, self.via()))

    def say(self, message: Message) -> None:
        """Send what needs no transaction."""
        self._out.append(message)

    def late_answer(self, call: Call, ack: Request, now: float) -> None:
        """The ACK holds the answer to our offer."""
        try:
            if call.sound:
                call.sound.answered(ack)
        except MalformedSdp:
            self.hang_up(call, now)

    def end(self, call: Call, how: Input, now: float) -> None:
        """A call is over."""
        call.machine.step(how)
        if self.calls.pop(call.number, None) is None:
            return
        for name in call.timers:
            self.timers.stop(name)
        for key in [key for key, each in self.by_dialog.items() if each is call]:
            del self.by_dialog[key]
        if call.sound:
            call.sound.end()
        self._tell(call, now)

    def _tell(self, call: Call, now: float) -> None:
        """Others see that a colleague is on the phone; a number or a voice mail shows nothing."""
        if call.person.scripted and not call.script.mailbox:
            self.around.busy(call.person, self._talks(call.person), now)

    def _talks(self, person: Person) -> int:
        mine = (each for each in self.calls.values() if each.person is person and not each.script.mailbox)
        return sum(each.machine.state is State.TALKING for each in mine)
