"""Scripted colleagues, numbers outside and voice mails, so that there is somebody to call without a network."""

from __future__ import annotations

from snomtui.errors import MalformedMessage
from snomtui.kit.box import Surroundings
from snomtui.kit.timers import Timers
from snomtui.ocs.chatoffer import is_chat
from snomtui.office.agent import Agent
from snomtui.office.called import Called
from snomtui.office.calling import Calling
from snomtui.office.chat import Chats
from snomtui.office.people import People, Person
from snomtui.office.script import ALLOW, INSIDE, Around, Call, Input, State
from snomtui.sip.message import Message, Request, respond
from snomtui.sip.transaction import (
    Answered,
    Arrived,
    Cancelled,
    Failed,
    Happening,
    NoAck,
    Repeated,
    ServerKey,
)


class Colleagues:
    """All who are played, behind one connection that needs no socket."""

    def __init__(self, people: People, surroundings: Surroundings, around: Around) -> None:
        self._agent = Agent(people, surroundings, around)
        self._called, self._calling, self._chats = Called(self._agent), Calling(self._agent), Chats(self._agent)

    def __len__(self) -> int:
        return len(self._agent.calls)

    @property
    def timers(self) -> Timers:
        """When something is to happen by itself."""
        return self._agent.timers

    def transmit(self) -> list[Message]:
        """What the colleagues have to say, in order; empties itself."""
        return self._agent.transmit()

    def have_call(self, who: str, whom: str, now: float) -> str:
        """Somebody who is played, or a number outside, calls a phone; returns why not, or nothing."""
        people, phones = self._agent.people, self._agent.around.phones()
        caller = people.named(who)
        called = people.named(whom) if whom else next(iter(phones), None)
        if caller is None or not (caller.scripted or caller.outside):
            return f"{who} is nobody who is played here"
        if called is None or called not in phones:
            return f"{whom} is not signed in" if whom else "no phone is signed in"
        self._calling.call(caller, called, now)
        return ""

    def have_hang_up(self, who: str, now: float) -> str:
        """Somebody ends all calls; returns why not, or nothing."""
        person = self._agent.people.named(who)
        calls = [each for each in self._agent.calls.values() if person and each.person.aor == person.aor]
        for call in calls:
            if call.machine.state is State.OFFERED:
                self._agent.refuse(call, 603, now)
            else:
                self._agent.hang_up(call, now)
        return "" if calls else f"{who} has no call"

    # -- in

    def receive(self, message: Message, now: float) -> None:
        """Take one message."""
        try:
            for happening in self._agent.transactions.receive(message, INSIDE, now):
                self._happened(happening, now)
        except MalformedMessage:
            return  # nobody inside the house is hurt by it

    def tick(self, now: float) -> None:
        """Time has passed."""
        while (name := self.timers.pop(now)) is not None:
            kind, number = (name[0], name[1]) if isinstance(name, tuple) else ("", None)
            if kind == "transaction":
                for happening in self._agent.transactions.fire(name, now):
                    self._happened(happening, now)
            elif kind == "dial" and isinstance(number, str):
                self._calling.dial(number, now)
            elif isinstance(number, int) and number in self._agent.calls:
                call = self._agent.calls[number]
                call.timers.discard(name)
                self._called.due(str(kind), call, now)

    def _happened(self, happening: Happening, now: float) -> None:
        match happening:
            case Arrived(request=request, key=key):
                self._arrived(request, key, now)
            case Cancelled(key=key):
                for call in self._served(key):
                    self._agent.refuse(call, 487, now)
            case Answered(owner=Call() as call, request=request, response=response):
                self._calling.answered(call, request, response, now)
            case Repeated(owner=Call() as call, request=request) if request.method == "INVITE":
                self._agent.acknowledge(call, request)
            case Failed(owner=Call() as call):
                self._agent.end(call, Input.GONE, now)
            case NoAck(key=key):
                for call in self._served(key):
                    self._agent.hang_up(call, now)
            case _:
                return

    def _served(self, key: ServerKey) -> list[Call]:
        return [each for each in self._agent.calls.values() if each.server == key]

    def _arrived(self, request: Request, key: ServerKey | None, now: float) -> None:
        call = self._agent.by_dialog.get((request.call_id, request.to.tag))
        if request.method == "ACK":
            if call and request.body:
                self._agent.late_answer(call, request, now)
        elif key is None:
            return
        elif call and call.dialog and not call.dialog.takes(request):
            self._agent.reply(key, respond(request, 500, "Stale CSeq"), now)
        elif call:
            self._called.inside(call, request, key, now)
        elif self._chats.has(request):
            self._chats.inside(request, key, now)
        elif request.to.tag:
            self._agent.reply(key, respond(request, 481), now)
        else:
            self._outside(request, key, now)

    def _outside(self, request: Request, key: ServerKey, now: float) -> None:
        """A request outside of a dialog."""
        found = self._called.whose(request.target)
        if found and request.method == "MESSAGE":
            self._chats.single(found[0], request, key, now)
        elif found and request.method == "INVITE" and is_chat(request):
            self._chats.offered(found[0], request, key, now)
        elif request.method == "INVITE":
            self._called.offered(request, key, now)
        else:
            known = request.method in ("OPTIONS", "INFO", "NOTIFY")
            tag = self._agent.ids.tag()
            self._agent.reply(key, respond(request, 200 if known else 405, tag=tag, headers=[ALLOW]), now)

    # -- out

    def phone_came(self, now: float) -> None:
        """A phone has signed in: those who call people get an idea."""
        self._calling.phone_came(now)

    def peer_gone(self, person: Person, now: float) -> None:
        """Somebody's last phone is gone; their calls are over without a BYE."""
        for call in [each for each in self._agent.calls.values() if each.peer == person.aor]:
            if call.machine.state is State.OFFERED:
                self._agent.refuse(call, 480, now)
            self._agent.end(call, Input.GONE, now)
