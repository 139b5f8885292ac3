"""Those who are played are called: ringing, answering, refusing, and what happens inside of the call."""

from __future__ import annotations

from snomtui.errors import MalformedSdp, NoMediaPort
from snomtui.ocs.routing import is_voicemail
from snomtui.office import gateway
from snomtui.office.agent import Agent
from snomtui.office.people import Person
from snomtui.office.script import ALLOW, STILL_RINGING, Call, Input, Script, State, script_of
from snomtui.office.sound import has_audio
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, respond
from snomtui.sip.sdp import sdp_part
from snomtui.sip.transaction import ServerKey
from snomtui.sip.uri import Uri


class Called:
    """The callee's side."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def whose(self, uri: Uri) -> tuple[Person, Script] | None:
        """Who is played at an address, and how."""
        people = self._agent.people
        if is_voicemail(uri):
            owner = people.find(uri.aor)
            return (owner or Person(uri.aor, outside=True), gateway.MAILBOX)
        person = people.find(uri.aor)
        if person:
            return person, script_of(person)
        number = uri.plain_user
        return (people.party(number), gateway.script_of(number, people)) if number.startswith("+") else None

    def offered(self, request: Request, key: ServerKey, now: float) -> None:
        """A call comes in."""
        agent, found = self._agent, self.whose(request.target)
        tag = agent.ids.tag()
        if found is None:
            agent.reply(key, respond(request, 404, tag=tag), now)
            return
        person, script = found
        refusal = script.refusal or (0 if has_audio(request) else 488)
        if refusal:
            agent.reply(key, respond(request, refusal, tag=tag, headers=agent.diagnostics(script)), now)
            return
        call = agent.new(person, request.from_.uri.aor, State.OFFERED, script)
        call.server, call.invite = key, request
        call.dialog = Dialog.uas(request, tag, f"<{agent.contact(person, script)}>")
        agent.by_dialog[request.call_id, tag] = call
        self._ring(call, now)
        if script.rings is not None:
            agent.start("answer", call, now + script.rings)
        elif script.gives_up is not None:
            agent.start("give up", call, now + script.gives_up)

    def due(self, kind: str, call: Call, now: float) -> None:
        """A timer of a call is due."""
        if kind.startswith("sound "):
            if call.sound:
                call.sound.say(call.script.sounds[int(kind.removeprefix("sound "))][1])
            return
        match kind:
            case "answer":
                self._pick_up(call, now)
            case "ring" if call.machine.state is State.OFFERED:
                self._ring(call, now)
            case "give up":
                self._agent.refuse(call, call.script.after, now, self._agent.diagnostics(call.script))
            case "over":
                self._agent.hang_up(call, now)

    def _ring(self, call: Call, now: float) -> None:
        """180, or 183 with the tone that the caller shall hear meanwhile; again and again (RFC 3261 13.3.1.1)."""
        if not (call.server and call.invite and call.dialog):
            return
        self._early(call)
        body = ("application/sdp", call.answer) if call.answer else None
        ringing = respond(
            call.invite, 183 if body else 180, tag=call.dialog.local.tag, headers=_headers(call), body=body
        )
        self._agent.reply(call.server, ringing, now)
        self._agent.start("ring", call, now + STILL_RINGING)

    def _early(self, call: Call) -> None:
        """Begin to send sound before the answer; only an offer makes that possible (RFC 3960)."""
        if not call.script.early or call.sound or not call.invite or sdp_part(call.invite) is None:
            return
        try:
            call.sound = self._agent.sound(call, call.script.early)
            call.answer = bytes(call.sound.describe(call.invite))
        except (MalformedSdp, NoMediaPort):
            call.answer = b""  # the answer to the call will tell

    def _pick_up(self, call: Call, now: float) -> None:
        if call.machine.state is not State.OFFERED or not (call.server and call.invite and call.dialog):
            return
        try:
            call.sound = call.sound or self._agent.sound(call, call.script.sounds[0][1])
            call.answer = call.answer or bytes(call.sound.describe(call.invite))
        except (MalformedSdp, NoMediaPort):
            self._agent.refuse(call, 488, now)
            return
        call.machine.step(Input.PICK_UP)
        body = ("application/sdp", call.answer)
        ok = respond(call.invite, 200, tag=call.dialog.local.tag, headers=_headers(call), body=body)
        self._agent.reply(call.server, ok, now)
        self._agent.talking(call, now)

    # -- inside a call

    def inside(self, call: Call, request: Request, key: ServerKey, now: float) -> None:
        """A request within a call."""
        reply = self._agent.reply
        match request.method:
            case "BYE":
                reply(key, respond(request, 200), now)
                self._agent.end(call, Input.GONE, now)
            case "INVITE" | "UPDATE" if call.machine.state is State.TALKING:
                self._changed(call, request, key, now)
            case "INVITE":
                reply(key, respond(request, 491), now)
            case "REFER":
                reply(key, respond(request, 603), now)
            case "PRACK" | "INFO" | "MESSAGE" | "NOTIFY" | "OPTIONS" | "UPDATE":
                reply(key, respond(request, 200, headers=[ALLOW]), now)
            case _:
                reply(key, respond(request, 405, headers=[ALLOW]), now)

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
            self._agent.reply(key, respond(request, 488), now)
            return
        self._agent.reply(key, respond(request, 200, headers=_headers(call), body=body), now)


def _headers(call: Call) -> list[Item]:
    return [("Contact", call.dialog.contact), ALLOW] if call.dialog else [ALLOW]
