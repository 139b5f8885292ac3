"""Scripted colleagues: a small SIP user agent inside the house, so that there is somebody to call without a network."""

from __future__ import annotations

from snomtui.errors import MalformedMessage, MalformedSdp, NoMediaPort
from snomtui.kit.box import Surroundings
from snomtui.kit.ids import Ids
from snomtui.kit.machine import Machine
from snomtui.kit.timers import Timers
from snomtui.ocs.endpoint import gruu
from snomtui.office.people import Behaviour, People, Person
from snomtui.office.script import (
    ALLOW,
    FIRST_CALL,
    INSIDE,
    NEXT_CALL,
    REFUSALS,
    RING_TIME,
    RINGS_FOR,
    STILL_RINGING,
    TABLE,
    TALKS_FOR,
    TONE_TIME,
    Around,
    Call,
    Input,
    State,
)
from snomtui.office.sound import Sound, has_audio
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.transaction import (
    Answered,
    Arrived,
    Cancelled,
    Failed,
    Happening,
    NoAck,
    Repeated,
    ServerKey,
    Transactions,
)


class Colleagues:
    """All scripted people, behind one connection that needs no socket."""

    def __init__(self, people: People, surroundings: Surroundings, around: Around) -> None:
        self._people, self._surroundings, self._around = people, surroundings, around
        self._ids = Ids(surroundings.dice)
        self.timers = Timers()
        self._transactions = Transactions(self.timers)
        self._calls: dict[int, Call] = {}
        self._by_dialog: dict[tuple[str, str], Call] = {}
        """By Call-ID and our tag."""
        self._out: list[Message] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._calls)

    def transmit(self) -> list[Message]:
        """What the colleagues have to say, in order; empties itself."""
        out = [each.message for each in self._transactions.transmit()] + self._out
        self._out = []
        return out

    # -- in

    def receive(self, message: Message, now: float) -> None:
        """Take one message."""
        try:
            for happening in self._transactions.receive(message, INSIDE, now):
                self._happened(happening, now)
        except MalformedMessage:
            return  # nobody inside the house is hurt by it

    def tick(self, now: float) -> None:
        """Time has passed."""
        while (name := self.timers.pop(now)) is not None:
            kind, number = (name[0], name[1]) if isinstance(name, tuple) else ("", None)
            if kind == "transaction":
                for happening in self._transactions.fire(name, now):
                    self._happened(happening, now)
            elif kind == "dial" and isinstance(number, str):
                self._dial(number, now)
            elif isinstance(number, int) and number in self._calls:
                self._calls[number].timers.discard(name)
                self._due(str(kind), self._calls[number], now)

    def _happened(self, happening: Happening, now: float) -> None:
        match happening:
            case Arrived(request=request, key=key):
                self._arrived(request, key, now)
            case Cancelled(key=key):
                for call in [each for each in self._calls.values() if each.server == key]:
                    self._refuse(call, 487, now)
            case Answered(owner=Call() as call, request=request, response=response):
                self._answered(call, request, response, now)
            case Repeated(owner=Call() as call, request=request) if request.method == "INVITE":
                self._acknowledge(call, request)
            case Failed(owner=Call() as call):
                self._end(call, Input.GONE, now)
            case NoAck(key=key):
                for call in [each for each in self._calls.values() if each.server == key]:
                    self._hang_up(call, now)
            case _:
                return

    # -- being called

    def _arrived(self, request: Request, key: ServerKey | None, now: float) -> None:
        call = self._by_dialog.get((request.call_id, request.to.tag))
        if request.method == "ACK":
            if call and request.body:
                self._late_answer(call, request, now)
        elif key is None:
            return
        elif request.to.tag and not call:
            self._reply(key, respond(request, 481), now)
        elif call and call.dialog and not call.dialog.takes(request):
            self._reply(key, respond(request, 500, "Stale CSeq"), now)
        elif call:
            self._inside(call, request, key, now)
        elif request.method == "INVITE":
            self._called(request, key, now)
        else:
            known = request.method in ("OPTIONS", "MESSAGE", "INFO", "NOTIFY")
            self._reply(key, respond(request, 200 if known else 405, tag=self._ids.tag(), headers=[ALLOW]), now)

    def _called(self, request: Request, key: ServerKey, now: float) -> None:
        person = self._people.find(request.target.aor)
        refusal = REFUSALS.get(person.behaviour) if person else 404
        if refusal is None and not has_audio(request):
            refusal = 488
        if refusal or person is None:
            self._reply(key, respond(request, refusal or 404, tag=self._ids.tag()), now)
            return
        call = self._new(person, request.from_.uri.aor, State.OFFERED)
        call.server, call.invite = key, request
        tag = self._ids.tag()
        call.dialog = Dialog.uas(request, tag, f"<{self._contact(person)}>")
        self._by_dialog[request.call_id, tag] = call
        self._ring(call, now)
        if person.behaviour is not Behaviour.RINGS:
            self._start("answer", call, now + RING_TIME)

    def _ring(self, call: Call, now: float) -> None:
        if call.server and call.invite and call.dialog:
            headers = [("Contact", call.dialog.contact), ALLOW]
            ringing = respond(call.invite, 180, tag=call.dialog.local.tag, headers=headers)
            self._reply(call.server, ringing, now)
            self._start("ring", call, now + STILL_RINGING)

    def _due(self, kind: str, call: Call, now: float) -> None:
        match kind:
            case "answer":
                self._pick_up(call, now)
            case "ring" if call.machine.state is State.OFFERED:
                self._ring(call, now)
            case "echo" if call.sound:
                call.sound.echo()
            case "over":
                self._hang_up(call, now)

    def _pick_up(self, call: Call, now: float) -> None:
        if call.machine.state is not State.OFFERED or not (call.server and call.invite and call.dialog):
            return
        try:
            call.sound = self._sound(call)
            body = call.sound.describe(call.invite)
        except (MalformedSdp, NoMediaPort):
            self._refuse(call, 488, now)
            return
        call.machine.step(Input.PICK_UP)
        headers = [("Contact", call.dialog.contact), ALLOW]
        ok = respond(
            call.invite, 200, tag=call.dialog.local.tag, headers=headers, body=("application/sdp", bytes(body))
        )
        self._reply(call.server, ok, now)
        self._talking(call, now)

    def _talking(self, call: Call, now: float) -> None:
        self._start("echo", call, now + TONE_TIME)
        self._around.busy(call.person, self._talks(call.person), now)

    def _refuse(self, call: Call, status: int, now: float) -> None:
        if call.machine.state is State.OFFERED and call.server and call.invite and call.dialog:
            self._reply(call.server, respond(call.invite, status, tag=call.dialog.local.tag), now)
            self._end(call, Input.GONE, now)

    # -- inside a call

    def _inside(self, call: Call, request: Request, key: ServerKey, now: float) -> None:
        match request.method:
            case "BYE":
                self._reply(key, respond(request, 200), now)
                self._end(call, Input.GONE, now)
            case "INVITE" | "UPDATE" if call.machine.state is State.TALKING:
                self._changed(call, request, key, now)
            case "INVITE":
                self._reply(key, respond(request, 491), now)
            case "REFER":
                self._reply(key, respond(request, 603), now)
            case "PRACK" | "INFO" | "MESSAGE" | "NOTIFY" | "OPTIONS" | "UPDATE":
                self._reply(key, respond(request, 200, headers=[ALLOW]), now)
            case _:
                self._reply(key, respond(request, 405, headers=[ALLOW]), now)

    def _changed(self, call: Call, request: Request, key: ServerKey, now: float) -> None:
        """A re-INVITE or UPDATE: hold, resume, another address."""
        if not (call.dialog and call.sound):
            return
        call.dialog.refresh(request)
        body: tuple[str, bytes] | None = None
        try:
            if request.body or request.method == "INVITE":
                body = ("application/sdp", bytes(call.sound.describe(request)))
        except MalformedSdp:
            self._reply(key, respond(request, 488), now)
            return
        self._reply(key, respond(request, 200, headers=[("Contact", call.dialog.contact), ALLOW], body=body), now)

    # -- calling

    def phone_came(self, now: float) -> None:
        """A phone has signed in: those who call people get an idea."""
        for person in self._people.persons:
            if person.behaviour is Behaviour.CALLS and self.timers.deadline(("dial", person.aor)) is None:
                self.timers.start(("dial", person.aor), now + FIRST_CALL)

    def peer_gone(self, person: Person, now: float) -> None:
        """Somebody's last phone is gone; their calls are over without a BYE."""
        for call in [each for each in self._calls.values() if each.peer == person.aor]:
            if call.machine.state is State.OFFERED:
                self._refuse(call, 480, now)
            self._end(call, Input.GONE, now)

    def _dial(self, aor: str, now: float) -> None:
        """Call one of the phones; nobody signed in: wait until somebody is."""
        person, phones = self._people.find(aor), self._around.phones()
        if not person or not phones:
            return
        self.timers.start(("dial", aor), now + NEXT_CALL)
        if any(each.person is person for each in self._calls.values()):
            return
        self.call(person, phones[self._surroundings.dice(1)[0] % len(phones)], now)

    def call(self, person: Person, whom: Person, now: float) -> None:
        """A colleague calls somebody."""
        call = self._new(person, whom.aor, State.CALLING)
        try:
            call.sound = self._sound(call)
        except NoMediaPort:
            self._end(call, Input.HANG_UP, now)
            return
        tag = self._ids.tag()
        headers = Headers.of(
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            ("From", f'"{person.label}" <{person.uri}>;tag={tag}'),
            ("To", f"<{whom.uri}>"),
            ("Call-ID", self._ids.call_id()),
            ("CSeq", "1 INVITE"),
            ("Contact", f"<{self._contact(person)}>"),
            ALLOW,
            ("Content-Type", "application/sdp"),
        )
        call.invite = Request("INVITE", whom.uri, headers, bytes(call.sound.offer()))
        self._by_dialog[call.invite.call_id, tag] = call
        call.client = self._transactions.request(call.invite, INSIDE, call, now)
        self._start("over", call, now + RINGS_FOR)

    def _answered(self, call: Call, request: Request, response: Response, now: float) -> None:
        if request.method != "INVITE" or response.status < 200:
            return
        if response.status >= 300:
            self._end(call, Input.GONE, now)
            return
        if call.machine.state is not State.CALLING:
            self._too_late(request, response, now)
            return
        call.dialog = Dialog.uac(request, response)
        self._acknowledge(call, request)
        call.machine.step(Input.PICK_UP)
        try:
            if call.sound:
                call.sound.answered(response)
        except MalformedSdp:
            self._hang_up(call, now)
            return
        self._start("over", call, now + TALKS_FOR)
        self._talking(call, now)

    def _too_late(self, request: Request, response: Response, now: float) -> None:
        """Answered after we gave up, or at a second place: acknowledge and end that one."""
        dialog = Dialog.uac(request, response)
        self._out.append(dialog.ack(request, self._via()))
        self._transactions.request(dialog.request("BYE", self._via()), INSIDE, None, now)

    def _acknowledge(self, call: Call, request: Request) -> None:
        if call.dialog:
            self._out.append(call.dialog.ack(request, self._via()))

    def _hang_up(self, call: Call, now: float) -> None:
        if call.machine.state is State.CALLING and call.client:
            self._transactions.cancel(call.client, (), now=now)
        elif call.machine.state is State.TALKING and call.dialog:
            self._transactions.request(call.dialog.request("BYE", self._via()), INSIDE, call, now)
        self._end(call, Input.HANG_UP, now)

    def _sound(self, call: Call) -> Sound:
        host = self._around.host_for(call.peer)
        return Sound(f"colleague-{call.number}", host, self._surroundings, self._around.play)

    def _late_answer(self, call: Call, ack: Request, now: float) -> None:
        """The ACK holds the answer to our offer."""
        try:
            if call.sound:
                call.sound.answered(ack)
        except MalformedSdp:
            self._hang_up(call, now)

    # -- beginnings and ends

    def _new(self, person: Person, peer: str, state: State) -> Call:
        self._count += 1
        call = Call(self._count, person, peer.lower(), Machine(f"call of {person.label}", TABLE, state))
        self._calls[call.number] = call
        return call

    def _end(self, call: Call, how: Input, now: float) -> None:
        call.machine.step(how)
        if self._calls.pop(call.number, None) is None:
            return
        for name in call.timers:
            self.timers.stop(name)
        for key in [key for key, each in self._by_dialog.items() if each is call]:
            del self._by_dialog[key]
        if call.sound:
            call.sound.end()
        self._around.busy(call.person, self._talks(call.person), now)

    def _talks(self, person: Person) -> int:
        mine = (each for each in self._calls.values() if each.person is person)
        return sum(each.machine.state is State.TALKING for each in mine)

    def _start(self, kind: str, call: Call, at: float) -> None:
        name = (kind, call.number)
        call.timers.add(name)
        self.timers.start(name, at)

    def _reply(self, key: ServerKey, response: Response, now: float) -> None:
        self._transactions.respond(key, response, now)

    def _via(self) -> str:
        return f"SIP/2.0/TLS colleagues.invalid;branch={self._ids.branch()}"

    def _contact(self, person: Person) -> str:
        return gruu(person.address, person.epid)
