"""What the phone notes when something happened on a line. The only place where events change the model."""

from __future__ import annotations

from dataclasses import replace

from snomtui.line.events import (
    CallChanged,
    CertificateDoubted,
    ContactsChanged,
    Event,
    Found,
    LampChanged,
    MailboxChanged,
    MessageCame,
    OwnPresenceChanged,
    PresenceChanged,
    RegistrationChanged,
    Trouble,
)
from snomtui.phone import transferring
from snomtui.phone.endings import why_not
from snomtui.phone.history import Record
from snomtui.phone.keys import call_on, line_keys
from snomtui.phone.letters import Letter, in_one_line
from snomtui.phone.model import IDLE, Model, Screen
from snomtui.phone.snapshot import CallState, IdentityState
from snomtui.presence import CHOICES, Presence

MISSED_BY = ("cancelled", "timeout", "failed")
"""Ends of a ringing call that make it a missed one."""


def hear(model: Model, event: Event, now: float) -> Record | None:
    """Note an event; returns the record of a call that is over."""
    match event:
        case RegistrationChanged():
            _registration(model, event, now)
        case CallChanged():
            return _call(model, event, now)
        case PresenceChanged(uri, _, presence):
            model.saw(uri, presence)
        case OwnPresenceChanged():
            _own(model, event)
        case ContactsChanged(identity, contacts, groups):
            model.enlist(identity, contacts, groups)
        case Found():
            _found(model, event)
        case MailboxChanged(identity, waiting, new, old):
            model.mailbox = {**model.mailbox, identity: (new or int(waiting), old)}
        case LampChanged(_, uri, lamp):
            model.lit(uri, lamp)
        case MessageCame(sender, text):
            _message(model, Letter(sender, text, now))
        case CertificateDoubted():
            _doubted(model, event)
        case Trouble("transfer", why):
            model.notice = model.say("Transfer failed: {why}", why=why_not(model, why))
        case Trouble(_, why):
            model.notice = why
    return None


def expect(model: Model, number: int) -> None:
    """An identity that is set up is shown before it registers."""
    settings = model.settings
    user, host = settings.text("user_name", number), settings.text("user_host", number)
    if user and host and settings.on("user_active", number):
        name = settings.text("user_realname", number)
        active = number == model.active_line
        model.identities[number] = IdentityState(number, f"{user}@{host}", name, "off", active=active)


def _registration(model: Model, event: RegistrationChanged, now: float) -> None:
    settings = model.settings
    model.identities[event.identity] = IdentityState(
        number=event.identity,
        aor=event.aor,
        name=settings.text("user_realname", event.identity),
        state=event.state,
        code=event.code,
        reason=event.reason,
        expires=event.expires,
        auth=event.auth,
        transport=event.transport,
        retry_at=now + event.retry_in if event.retry_in is not None else None,
        active=event.identity == model.active_line,
    )
    if event.state != "registered":
        model.own.pop(event.identity, None)
    if event.state in ("registered", "off"):
        model.settle_doubts(event.identity)


def _doubted(model: Model, event: CertificateDoubted) -> None:
    """Ask once about each certificate; a call stays in front of the question."""
    subject = event.certificate.fingerprint
    if (event.identity, subject) in model.rejected:
        return
    model.doubts[event.identity] = event
    model.settle_doubts()
    if not any(screen.name == "certificate" and screen.subject == subject for screen in model.screens):
        calls = (n for n, screen in enumerate(model.screens) if screen.name in ("call", "transfer"))
        model.screens.insert(next(calls, len(model.screens)), Screen("certificate", subject=subject))


def _own(model: Model, event: OwnPresenceChanged) -> None:
    """How others see us. What was chosen or written elsewhere counts here too, so that nothing here undoes it."""
    before = model.own.get(event.identity, Presence())
    model.own[event.identity] = event.presence
    if event.chosen in CHOICES:
        model.settings.set("presence_state", event.chosen.value)
    if model.note and event.presence.note != before.note:
        model.note = event.presence.note


def _found(model: Model, event: Found) -> None:
    """A search has ended; on its page the first who was found is marked."""
    if model.searching is None or event.text != model.searching:
        return
    model.searching, model.found = None, event
    screen = model.screen
    if screen.name == "search" and event.people and screen.entry.strip() == event.text:
        model.screens[-1] = replace(screen, cursor=1)


def _message(model: Model, letter: Letter) -> None:
    """An instant message; it is new until somebody looks at the page."""
    model.letters = letter.on_top_of(model.letters)
    if model.screen.name != "messages":
        model.unread += 1
    model.notice = f"{model.name_of(letter.sender) or letter.sender}: {in_one_line(letter.text)}"


def mark_active(model: Model) -> None:
    """The outgoing identity was changed."""
    for number, identity in model.identities.items():
        model.identities[number] = replace(identity, active=number == model.active_line)


def _call(model: Model, event: CallChanged, now: float) -> Record | None:
    transferring.heard(model, event)
    before = model.calls.get(event.id)
    if before is None and event.state == "ended":
        return _sent_on(model, event, now)
    since = before.since if before else 0.0
    if event.state == "talking" and not since:
        since = now
    call = CallState(
        id=event.id,
        identity=event.identity,
        direction=event.direction,
        remote=event.remote,
        remote_name=event.remote_name or model.name_of(event.remote) or model.name_of(event.number),
        number=event.number,
        state=event.state,
        code=event.code,
        reason=event.reason,
        cause=event.cause,
        since=since,
        key=before.key if before else _free_key(model),
        conference=before is not None and before.conference and event.state != "ended",
        diverted_by=event.diverted_by,
    )
    model.calls[event.id] = call
    if before is None:
        _show(model, call)
    if before is not None and event.state == "ended" and before.state != "ended":
        if before.state == "offered" and event.cause == "elsewhere" and event.code == 302:
            _redirected(model, call.remote_name or call.number)
        _give_way(model, call)
        return _record(model, before, call, now)
    return None


def _sent_on(model: Model, event: CallChanged, now: float) -> Record | None:
    """A caller was sent elsewhere before it rang here: such a call was received, not missed."""
    if event.direction != "in" or event.cause != "elsewhere":
        return None
    name = event.remote_name or model.name_of(event.remote) or model.name_of(event.number)
    _redirected(model, name or event.number)
    number = event.number if event.number.lstrip("+").isdigit() else event.remote
    record = Record("received", name, number, now, event.identity)
    if remembers(model, record.which, event.identity):
        model.history.add(record)
    return record


def _redirected(model: Model, name: str) -> None:
    model.notice = model.say("Redirected: {name}", name=name)


def _give_way(model: Model, ended: CallState) -> None:
    """A call that rings is more important than one that is over."""
    ringing = next((call.id for call in model.calls.values() if call.state == "offered"), None)
    if ringing and model.shown_call == ended.id:
        model.shown_call = ringing


def _free_key(model: Model) -> str:
    return next((key for key in line_keys(model.settings, model.shape.key_names) if call_on(model, key) is None), "")


def _show(model: Model, call: CallState) -> None:
    """A new call comes to the front; what was typed for it is gone."""
    model.shown_call = call.id
    if call.direction == "out":
        model.screens = [IDLE]
    if model.screen.name != "call":
        model.screens = [s for s in model.screens if s.name != "call"]
        model.screens.append(Screen("call"))


def _record(model: Model, before: CallState, call: CallState, now: float) -> Record:
    if call.direction == "out":
        which = "dialed"
    else:
        which = "missed" if before.state == "offered" and call.cause in MISSED_BY else "received"
    remembered = remembers(model, which, call.identity)
    if which == "missed" and remembered:
        model.missed += 1
    talked = int(now - call.since) if call.since else 0
    number = call.number if call.number.lstrip("+").isdigit() else call.remote
    record = Record(which, call.remote_name, number, call.since or now, call.identity, talked)
    if remembered:
        model.history.add(record)
    return record


def remembers(model: Model, which: str, identity: int) -> bool:
    """Whether calls of an identity are written into a list (`record_missed_calls` and its like)."""
    return model.settings.on(f"record_{which}_calls", identity)


def forget_call(model: Model, id: str) -> None:
    """An ended call leaves the display."""
    model.calls.pop(id, None)
    if model.shown_call == id:
        alive = [call.id for call in model.calls.values() if call.state != "ended"] or list(model.calls)
        model.shown_call = alive[-1] if alive else ""
    if not model.calls:
        model.screens = [s for s in model.screens if s.name not in ("call", "transfer")] or [IDLE]
        model.device, model.muted = "", False
