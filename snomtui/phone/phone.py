"""The phone: a box of five doors, and two more for people, `do` and `snapshot`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import partial

from snomtui.kit.box import Conn, Fetched, HostPort, Keep, Linked, Output, Surroundings
from snomtui.kit.timers import Timers
from snomtui.line.events import INWARD, CallChanged, Event, RegistrationChanged, Trouble
from snomtui.line.interests import interests_of
from snomtui.line.line import Line
from snomtui.phone import ears
from snomtui.phone.browser.memory import admits, trusts
from snomtui.phone.events import MediaReported, PhoneEvent
from snomtui.phone.front import draw
from snomtui.phone.hands import Hands
from snomtui.phone.history import History, Record
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.keys import people_on_keys
from snomtui.phone.lineup import Lineup
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.signing import opened
from snomtui.phone.showing import Showing
from snomtui.phone.snapshot import Snapshot
from snomtui.phone.welcoming import busy, welcome
from snomtui.presence import Contact
from snomtui.settings.registry import IDENTITIES, Settings
from snomtui.skin import Shape

LINGER = {"local": 0.0, "cancelled": 0.0, "elsewhere": 0.0, "remote": 3.0}
"""Seconds that an ended call stays on the display, by cause."""
LINGER_LONG = 8.0
"""The same for a call that failed: its reason is to be read."""
NOTICE = 8.0
"""Seconds that a message stays on the status line."""


class Phone:
    """One snom phone."""

    def __init__(
        self,
        settings: Settings,
        shape: Shape,
        surroundings: Surroundings,
        contacts: Iterable[Contact] = (),
        records: Iterable[Record] = (),
        now: float = 0.0,
    ) -> None:
        """`contacts`: the phone's own directory; `records`: calls it remembers, the oldest first.

        Without any identity the sign-in form is shown.
        """
        self._model = Model(settings, history=History(tuple(records)))
        self._model.enlist(None, tuple(contacts))
        self._model.shape = shape
        self._timers = Timers()
        self._out: list[Output] = []
        self._events: list[PhoneEvent] = []
        self._unheard = False
        """Whether lines may have something to tell."""
        self._lineup = Lineup(self._model, surroundings, self._timers, self._equip, self._retired)
        self._hands = Hands(self)
        self._showing = Showing(self._model, self._timers, self.lines)
        self._snapshot: Snapshot | None = None
        self._dirty = True
        self._now = now
        for number in range(1, IDENTITIES + 1):
            ears.expect(self._model, number)
        if not self._model.identities:
            self._model.screens.append(opened(self._model))

    # -- the composition root's side

    def start(self, now: float) -> None:
        """Switch on: register every identity that is set up."""
        self._now, self._dirty = now, True
        for number in range(1, IDENTITIES + 1):
            self.rebuild(number, now)
        self._timers.start("minute", (now // 60 + 1) * 60)
        self._showing.used(now)
        self._after(now)
        self._hands.actions.fire("action_setup_url", now)

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._model.settings

    def contacts(self) -> tuple[Contact, ...]:
        """All contacts with their presence, sorted by name."""
        return self.model.contacts()

    def events(self) -> list[PhoneEvent]:
        """What happened since the last time; empties itself."""
        self._listen()
        events, self._events = self._events, []
        return events

    def reported(self, report: MediaReported) -> None:
        """The media thread tells how a call is doing."""
        self._events.append(report)

    def wear(self, shape: Shape) -> None:
        """Another display and other keys, while it runs. It stays the model that it has registered as."""
        self._model.shape, self._dirty = replace(shape, model=self._model.shape.model), True

    def serves(self, url: str) -> None:
        """The phone's web server is at this address."""
        self._model.web, self._dirty = url, True

    def fetched(self, ask: str, answer: Fetched, now: float) -> None:
        """What a `Fetch` has asked for came, or cannot be had."""
        self._listen()
        self._hands.browsing.fetched(ask, answer, now)
        self._dirty = True
        self._after(now)

    def trouble(self, what: str, why: str, now: float) -> None:
        """Something outside the box went wrong that a person should know."""
        self._listen()
        self._hear(Trouble(what, why), now)

    @property
    def quiet(self) -> bool:
        """Whether every line has left; then the program may end."""
        return all(line.gone for line in self._lineup.everyone())

    # -- the five doors

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        """Bytes came in."""
        self._listen()
        for line in self._lineup.everyone():
            if line.owns(conn):
                line.receive(conn, data, now, peer)
                break
        self._after(now)

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        """A connection opened or closed."""
        self._listen()
        for line in self._lineup.everyone():
            if line.owns(conn):
                line.linked(conn, state, now)
                break
        self._after(now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        self._listen()
        self._now = now
        while (name := self._timers.pop(now)) is not None:
            self._alarm(name, now)
        for line in self._lineup.everyone():
            line.tick(now)
        self._after(now)

    def outbox(self) -> list[Output]:
        """What is to be done, in order; empties itself. To be asked until it is empty: messages of lines come first.

        What lines tell is heard when these are on the wire: an INVITE does not wait for the phone to note the call.
        """
        if not self._out:
            self._listen()
        out, self._out = self._out, []
        return out

    def next_wake(self) -> float | None:
        """When to be ticked at the latest."""
        self._listen()
        wakes = [self._timers.next(), *(line.next_wake() for line in self._lineup.everyone())]
        return min((wake for wake in wakes if wake is not None), default=None)

    # -- two doors for people

    def do(self, intent: Intent, now: float) -> Refusal | None:
        """Do what a person wants, or say why not."""
        self._listen()
        self._now = now
        self._showing.used(now)
        self._model.notice = ""
        refusal = self._hands.do(intent, now)
        if refusal:
            self.notice(self._model.say(refusal.template or refusal.why, **refusal.values), now)
        self._dirty = True
        self._after(now)
        return refusal

    def snapshot(self) -> Snapshot:
        """The whole phone now; the same object as last time if nothing changed."""
        self._listen()
        if self._dirty or self._snapshot is None:
            self._dirty = False
            fresh = draw(self._model, self._model.shape, self._now)
            if fresh != self._snapshot:
                self._snapshot = fresh
        return self._snapshot

    # -- for the hands

    @property
    def model(self) -> Model:
        """The phone's memory."""
        self._listen()
        return self._model

    def line(self, number: int) -> Line | None:
        """The line of an identity, if it is set up."""
        return self._lineup.get(number)

    def lines(self) -> list[Line]:
        """All lines, by identity."""
        return list(self._lineup)

    def keep(self, name: str, value: str) -> None:
        """Have a value remembered over restarts."""
        self._out.append(Keep(name, value))

    def put(self, output: Output) -> None:
        """Have something done outside."""
        self._out.append(output)

    def tell(self, event: PhoneEvent) -> None:
        """Tell those who listen."""
        self._events.append(event)

    def notice(self, text: str, now: float) -> None:
        """Show a message on the status line for a while."""
        self._model.tell(text)
        self._dirty = True
        self._timers.start("notice", now + NOTICE)

    def mute(self, on: bool) -> None:
        """Switch the microphone off or on, in every call there is."""
        self._model.muted = on
        for line in self.lines():
            for call in line.calls:
                call.mute(on)

    def later(self, name: Hashable, at: float) -> None:
        """Be woken by `Hands.alarm(name)`."""
        self._timers.start(("hands", name), at)

    def rebuild(self, number: int, now: float) -> str:
        """Make the line of an identity anew from the settings; returns what is wrong with them, or nothing."""
        wrong = self._lineup.rebuild(number, now)
        if wrong:
            self._hear(Trouble("settings", wrong), now)
        return wrong

    def _equip(self, line: Line, now: float) -> None:
        """A new line learns what only the phone knows."""
        line.calls.pushes = partial(admits, self.settings)
        line.calls.remote.gate.trusts = partial(trusts, self.settings)
        line.calls.ways = partial(self._hands.diverting.way, line)
        line.calls.busy, line.calls.welcome = partial(busy, self._model), partial(welcome, self._model)
        line.wish(self._showing.wish(), now)
        line.watch_also(people_on_keys(self.settings, line.account.number, line.account.ocs), now)

    def _retired(self, line: Line, now: float) -> None:
        """A line leaves: its calls leave the display with it."""
        for event in line.events():
            self._hear(event, now)
        for call in [call for call in self._model.calls.values() if call.identity == line.account.number]:
            self._timers.stop(("ended", call.id))
            ears.forget_call(self._model, call.id)
        self._out += line.outbox()

    def leave(self, now: float) -> None:
        """End calls and unregister everywhere; `quiet` tells when it is done."""
        self._listen()
        self._lineup.leave(now)
        self._after(now)

    def publish(self, now: float) -> None:
        """Tell the servers how others shall see us."""
        self._showing.publish(now)

    def used(self, now: float) -> None:
        """Somebody is there; the time without a key begins anew."""
        self._showing.used(now)

    def watch_keys(self, now: float) -> None:
        """The keys mean something: the people on them and their phones are watched."""
        for line in self._lineup:
            interests = interests_of(self.settings, line.account.number)
            line.watch_lamps(interests.lamps, now)
            line.watch_also(people_on_keys(self.settings, line.account.number, line.account.ocs), now)

    # -- inside

    def _after(self, now: float) -> None:
        """Collect what the lines have to send."""
        self._now = now
        self._hands.actions.settle(now)
        for line in self._lineup.everyone():
            line.settle(now)
            self._out += line.outbox()
        self._unheard = True

    def _listen(self) -> None:
        """Hear what the lines have to tell, and collect what that makes them send."""
        if not self._unheard:
            return
        self._unheard, now = False, self._now
        try:
            while events := [event for line in self._lineup for event in line.events()]:
                for event in events:
                    self._hear(event, now)
                for line in self._lineup:
                    line.settle(now)
        finally:  # a defect does not keep back what the lines have to send
            for line in self._lineup.everyone():
                self._out += line.outbox()

    def _hear(self, event: Event, now: float) -> None:
        before, was = self._model.notice, self._hands.before(event)
        record = ears.hear(self._model, event, now)
        if record and ears.remembers(self._model, record.which, record.identity):
            self.keep("call", record.text())
        if self._model.notice != before:
            self._timers.start("notice", now + NOTICE)
        if isinstance(event, CallChanged):
            self._called(event, now)
            call = self._model.calls.get(event.id)
            event = replace(event, remote_name=call.remote_name) if call else event
        if isinstance(event, RegistrationChanged):
            self._clock_calls(now)
            if event.state == "registered":
                self.publish(now)  # what was chosen elsewhere meanwhile is not undone
        self._hands.heard(event, was, record, now)
        if not isinstance(event, INWARD):
            self._events.append(event)
        self._dirty = True

    def _called(self, event: CallChanged, now: float) -> None:
        call = self._model.calls.get(event.id)
        if event.state == "ended":
            self._hands.conferences.left(now)
        if event.state == "ended" and call:
            self._timers.start(("ended", event.id), now + LINGER.get(event.cause, LINGER_LONG))
        if call and call.since:
            self._showing.used(now)  # whoever talks, or did until now, is there
        self.publish(now)
        self._clock_calls(now)

    def _clock_calls(self, now: float) -> None:
        """The display counts seconds while a call lasts or a next try is shown."""
        counting = any(call.since and call.state != "ended" for call in self._model.calls.values())
        waiting = any(identity.retry_at for identity in self._model.identities.values())
        if counting or waiting:
            self._timers.start("second", now + 1)

    def _alarm(self, name: Hashable, now: float) -> None:
        self._dirty = True
        match name:
            case "minute":
                self._timers.start("minute", (now // 60 + 1) * 60)
            case "second":
                self._clock_calls(now)
            case "notice":
                self._model.tell("")
            case "idle":
                self._showing.alarm(now)
            case ("ended", str(id)):
                ears.forget_call(self._model, id)
            case ("farewell", Line() as line):
                self._lineup.drop(line)
                self._out += line.outbox()
            case ("begin", int(number)):
                self._lineup.begin(number, now)
            case ("hands", what):
                self._hands.alarm(what, now)

    def show(self, screen: Screen) -> None:
        """Put a page on top."""
        self._model.screens.append(screen)
