"""Instant messages to those who are played: they take a chat and say back what they were told."""

from __future__ import annotations

import re
from html import unescape

from snomtui.errors import MalformedSdp
from snomtui.office.agent import Agent
from snomtui.office.people import Behaviour, Person
from snomtui.office.script import ALLOW, script_of
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Message, Request, respond
from snomtui.sip.multipart import text_of
from snomtui.sip.sdp import Sdp, sdp_part
from snomtui.sip.transaction import ServerKey

MOST = 1000
"""So many chats may be open; the oldest makes room."""
LONGEST = 2000
"""Characters of a message that are said back."""
_MARKUP = re.compile(r"<[^>]*>")


def is_chat(message: Message) -> bool:
    """Whether an INVITE opens a chat: its session has a line for messages and none for sound."""
    part = sdp_part(message)
    try:
        kinds = [media.kind.lower() for media in Sdp.parse(part).media] if part else []
    except MalformedSdp:
        return False
    return "message" in kinds and "audio" not in kinds


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
        contact = f"<{agent.contact(person, script_of(person))}>"
        while len(self._dialogs) >= MOST:
            del self._dialogs[next(iter(self._dialogs))]
        self._dialogs[request.call_id, tag] = Dialog.uas(request, tag, contact)
        body = ("application/sdp", _session(agent.around.host_for(request.from_.uri.aor)))
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
            body = ("application/sdp", _session(agent.around.host_for(request.from_.uri.aor)))
            agent.reply(key, respond(request, 200, headers=[("Contact", dialog.contact), ALLOW], body=body), now)
            return
        agent.reply(key, respond(request, 200, headers=[ALLOW]), now)
        echo = _echo(request)
        if request.method == "MESSAGE" and echo:
            agent.ask(dialog.request("MESSAGE", agent.via(), body=echo), None, now)

    def single(self, person: Person, request: Request, key: ServerKey, now: float) -> None:
        """A message without a chat (RFC 3428)."""
        agent = self._agent
        refused = person.outside or person.behaviour is Behaviour.REJECTS
        status = 405 if person.outside else 603 if refused else 200
        agent.reply(key, respond(request, status, tag=agent.ids.tag(), headers=[ALLOW]), now)
        echo = _echo(request)
        if refused or not echo:
            return
        uri = str(request.from_.uri)
        headers = Headers.of(
            ("Via", agent.via()),
            ("Max-Forwards", "70"),
            ("From", f"{person.written};tag={agent.ids.tag()}"),
            ("To", f"<{uri}>"),
            ("Call-ID", agent.ids.call_id()),
            ("CSeq", "1 MESSAGE"),
            ("Content-Type", echo[0]),
        )
        agent.ask(Request("MESSAGE", uri, headers, echo[1]), None, now)


def _echo(request: Request) -> tuple[str, bytes] | None:
    """What is said back; nothing to what is no text, such as the news that somebody is typing."""
    if not request.content_type.startswith(("text/plain", "text/html", "multipart/")):
        return None
    text = text_of(request)
    if request.content_type == "text/html":
        text = unescape(_MARKUP.sub("", text))
    text = text.strip()[:LONGEST]
    return ("text/plain; charset=UTF-8", f"You said: {text}".encode("utf-8", "replace")) if text else None


def _session(host: str) -> bytes:
    """The session of a chat, as an OCS client describes it: the messages go by the server, not to this address."""
    family = "IP6" if ":" in host else "IP4"
    lines = ("v=0", f"o=- 0 0 IN {family} {host}", "s=session", f"c=IN {family} {host}", "t=0 0")
    return "\r\n".join((*lines, "m=message 5060 sip null", "a=accept-types:text/plain", "")).encode()
