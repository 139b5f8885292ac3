"""Those who are played call somebody: colleagues and numbers outside whose behaviour is `calls`."""

from __future__ import annotations

from snomtui.errors import MalformedSdp, NoMediaPort
from snomtui.office import gateway
from snomtui.office.agent import Agent
from snomtui.office.outside import Beyond
from snomtui.office.people import Behaviour, Person
from snomtui.office.script import ALLOW, FIRST_CALL, NEXT_CALL, RINGS_FOR, TALKS_FOR, Call, Input, State, script_of
from snomtui.sip.dialog import Dialog
from snomtui.sip.message import Request, Response

BETWEEN = 45.0
"""Seconds after the first caller at which the next one has the idea."""


class Calling:
    """The caller's side."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        people = agent.people
        self._callers = {each.aor: each for each in people.persons if each.behaviour is Behaviour.CALLS}
        for entry in people.gateway:
            if entry.behaviour is Beyond.CALLS and not entry.number.endswith("*"):
                party = people.party(entry.number)
                self._callers[party.aor] = party

    def phone_came(self, now: float) -> None:
        """A phone has signed in: those who call people get an idea, one after the other."""
        timers = self._agent.timers
        for place, aor in enumerate(self._callers):
            if timers.deadline(("dial", aor)) is None:
                timers.start(("dial", aor), now + FIRST_CALL + place * BETWEEN)

    def dial(self, aor: str, now: float) -> None:
        """Call one of the phones; nobody signed in: wait until somebody is."""
        agent = self._agent
        person, phones = self._callers.get(aor), agent.around.phones()
        if not person or not phones:
            return
        agent.timers.start(("dial", aor), now + NEXT_CALL)
        if any(each.person is person for each in agent.calls.values()):
            return
        self.call(person, phones[agent.surroundings.dice(1)[0] % len(phones)], now)

    def call(self, person: Person, whom: Person, now: float) -> None:
        """Somebody who is played calls somebody."""
        agent = self._agent
        script = gateway.RINGING if person.outside else script_of(person)
        call = agent.new(person, whom.aor, State.CALLING, script)
        try:
            call.sound = agent.sound(call, "tone")
        except NoMediaPort:
            agent.end(call, Input.HANG_UP, now)
            return
        tag, contact = agent.ids.tag(), ("Contact", f"<{agent.contact(person, script)}>")
        body = ("application/sdp", bytes(call.sound.offer()))
        call.invite = agent.outside("INVITE", person, whom.uri, tag, contact, ALLOW, body=body)
        agent.by_dialog[call.invite.call_id, tag] = call
        call.client = agent.ask(call.invite, call, now)
        agent.start("over", call, now + RINGS_FOR)

    def answered(self, call: Call, request: Request, response: Response, now: float) -> None:
        """An answer to a request of ours."""
        if request.method != "INVITE" or response.status < 200:
            return
        if response.status >= 300:
            self._agent.end(call, Input.GONE, now)
            return
        if call.machine.state is not State.CALLING:
            self._too_late(request, response, now)
            return
        call.dialog = Dialog.uac(request, response)
        self._agent.acknowledge(call, request)
        call.machine.step(Input.PICK_UP)
        try:
            if call.sound:
                call.sound.answered(response)
        except MalformedSdp:
            self._agent.hang_up(call, now)
            return
        self._agent.talking(call, now)
        self._agent.start("over", call, now + TALKS_FOR)

    def _too_late(self, request: Request, response: Response, now: float) -> None:
        """Answered after we gave up, or at a second place: acknowledge and end that one."""
        agent, dialog = self._agent, Dialog.uac(request, response)
        agent.say(dialog.ack(request, agent.via()))
        agent.ask(dialog.request("BYE", agent.via()), None, now)
