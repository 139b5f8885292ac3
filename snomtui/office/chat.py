"""Instant messages to those who are played: they take a chat and say back what they were told."""

from __future__ import annotations

from snomtui.ocs import chatoffer
from snomtui.ocs.chattext import TEXT, text_in
from snomtui.office.agent import Agent
from snomtui.office.people import Behaviour, Person
from snomtui.office.script import ALLOW, script_of
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, respond
from snomtui.sip.sdp import sdp_part
from snomtui.sip.transaction import ServerKey

MOST = 1000
"""So many chats may be open; the oldest makes room."""
LONGEST = 2000
"""Characters of a message that are said back."""


class Chats:
    """All chats with those who are played."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._dialogs: dict[tuple[str, str], Dialog] = {}
        """By Call-ID and our tag."""

    def has(self, request: Request) -> bool:
        """Whether a request belongs to one of the chats."""
        return (request.call_id, request.to.tag) in self._dialogs

    def offered(self, person: Person, request: Request, key: ServerKey, now: float) -> None:
        """Somebody opens a chat."""
        agent, tag = self._agent, self._agent.ids.tag()
        if person.outside or person.behaviour is Behaviour.REJECTS:
            agent.reply(key, respond(request, 488 if person.outside else 603, tag=tag), now)
            return
        body = self._session(request)
        if body is None:
            agent.reply(key, respond(request, 488, tag=tag), now)
            return
        contact = f"<{agent.contact(person, script_of(person))}>"
        while len(self._dialogs) >= MOST:
            del self._dialogs[next(iter(self._dialogs))]
        self._dialogs[request.call_id, tag] = Dialog.uas(request, tag, contact)
        headers: list[Item] = [("Contact", contact), ALLOW]
        agent.reply(key, respond(request, 200, tag=tag, headers=headers, body=body), now)

    def inside(self, request: Request, key: ServerKey, now: float) -> None:
        """A request within a chat."""
        agent, place = self._agent, (request.call_id, request.to.tag)
        dialog = self._dialogs[place]
        if not dialog.takes(request):
            agent.reply(key, respond(request, 500, "Stale CSeq"), now)
            return
        if request.method == "BYE":
            del self._dialogs[place]
        if request.method == "INVITE":
            self._changed(dialog, request, key, now)
            return
        agent.reply(key, respond(request, 200, headers=[ALLOW]), now)
        echo = _echo(request)
        if request.method == "MESSAGE" and echo:
            agent.ask(dialog.request("MESSAGE", agent.via(), body=echo), None, now)

    def _changed(self, dialog: Dialog, request: Request, key: ServerKey, now: float) -> None:
        """A second offer: nothing can be changed, but it is answered (RFC 3261 14.2)."""
        body = self._session(request)
        headers: list[Item] = [("Contact", dialog.contact), ALLOW]
        answer = respond(request, 488) if body is None else respond(request, 200, headers=headers, body=body)
        self._agent.reply(key, answer, now)

    def _session(self, request: Request) -> tuple[str, bytes] | None:
        """Our answer to an offer, or our offer where there is none; None if nothing of it is a chat."""
        host = self._agent.around.host_for(request.from_.uri.aor)
        made = chatoffer.answer(request, host) if sdp_part(request) else chatoffer.offer(host)
        return None if made is None else ("application/sdp", made)

    def single(self, person: Person, request: Request, key: ServerKey, now: float) -> None:
        """A message without a chat (RFC 3428)."""
        agent = self._agent
        refused = person.outside or person.behaviour is Behaviour.REJECTS
        status = 405 if person.outside else 603 if refused else 200
        agent.reply(key, respond(request, status, tag=agent.ids.tag(), headers=[ALLOW]), now)
        echo = _echo(request)
        if refused or not echo:
            return
        back = agent.outside("MESSAGE", person, str(request.from_.uri), agent.ids.tag(), body=echo)
        agent.ask(back, None, now)


def _echo(request: Request) -> tuple[str, bytes] | None:
    """What is said back; nothing to what is no text, such as the news that somebody is typing."""
    text = (text_in(request) or "").strip()[:LONGEST]
    return (TEXT, f"You said: {text}".encode("utf-8", "replace")) if text else None
