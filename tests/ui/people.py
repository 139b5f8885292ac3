"""Hand-made snapshots, and a stand-in for the phone at the ui's border."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from snomtui.phone.intents import Dial, Go, Intent, Press, Refusal
from snomtui.phone.snapshot import CallState, Led, Page, Pattern, Row, Snapshot, SoftKey
from snomtui.presence import Availability, Presence

CLOCK = "27.10.2009 18:43"

LABELS = {
    **{"P1": "Line", "P2": "Jan Dierich", "P3": "Anna Lang", "P4": "Park 1", "P7": "Office", "P8": "Reception"},
    **{"P9": "Voice mail", "P12": "Bartholomäus Schmidt-Rottluff"},
}


def keys(*labels: str) -> tuple[SoftKey | None, ...]:
    """Four soft keys."""
    return tuple(SoftKey(label, Go(label.lower())) if label else None for label in labels)


IDLE = Snapshot(
    model="snom370",
    page=Page(
        name="idle",
        rows=(
            Row("Heiko Riedel", style="big"),
            Row("heiko.riedel@ucc.de", presence=Availability.AVAILABLE),
            Row(""),
            Row("second@example.org", right="off", style="dim"),
        ),
        softkeys=keys("Contacts", "Calls", "Presence", "Menu"),
    ),
    status="Missed: 1",
    clock=CLOCK,
    leds={"P2": Led("green", Pattern.ON), "P3": Led("red", Pattern.ON), "MESSAGE": Led("red", Pattern.SLOW)},
    labels=LABELS,
    own=Presence(Availability.AVAILABLE),
)

ENTERING = replace(
    IDLE,
    page=Page(
        name="entry",
        title="Enter number",
        rows=(Row("Anna Lang", right="+49 30 1234567"), Row("Jan Dierich", right="+49 30 1234599")),
        entry="+4930123",
        mode="123",
        softkeys=keys("123", "Directory", "Redial", "Delete"),
    ),
    handset="handset",
    status="",
    clock="18:43",
)

CALL = CallState("1-1", 1, "in", "sip:jan@ucc.de", "Jan Dierich", "+49301234599", "offered", key="P1", shown=True)

RINGING = replace(
    IDLE,
    calls=(CALL,),
    page=Page(
        name="call",
        title="Ringing",
        rows=(
            Row("Jan Dierich", style="big", presence=Availability.IN_A_CALL),
            Row("+49 30 1234599"),
            Row(""),
            Row("for heiko.riedel@ucc.de", style="dim"),
        ),
        softkeys=keys("Answer", "Deny", "", "Silent"),
    ),
    leds={**IDLE.leds, "P1": Led("orange", Pattern.FAST), "CALL": Led("red", Pattern.FAST)},
    status="",
    clock="18:44",
)

TALKING = replace(
    IDLE,
    calls=(replace(CALL, state="talking"),),
    page=Page(
        name="call",
        title="Connected",
        rows=(Row("Jan Dierich", right="0:42", style="big"), Row("sip:jan@ucc.de"), Row("PCMA, TLS", style="dim")),
        softkeys=keys("Hold", "Conf.", "Record", "End"),
    ),
    leds={**IDLE.leds, "P1": Led("orange", Pattern.ON)},
    handset="speaker",
    muted=True,
    clock="18:45",
    status="",
)

PEOPLE = (
    ("Anna Lang", Availability.AVAILABLE),
    ("Bartholomäus Schmidt-Rottluff", Availability.IN_A_MEETING),
    ("Carla Núñez", Availability.BUSY),
    ("Dirk Ohm", Availability.DND),
    ("Eva Prinz", Availability.AWAY),
    ("Jan Dierich", Availability.IN_A_CALL),
    ("Kenji 田中", Availability.BE_RIGHT_BACK),
    ("Lars Winter", Availability.OFFLINE),
)

CONTACTS = replace(
    IDLE,
    page=Page(
        name="contacts",
        title="Contacts",
        rows=tuple(Row(name, presence=one, intent=Dial(f"sip:{name[:3].lower()}@ucc.de")) for name, one in PEOPLE),
        cursor=5,
        above=3,
        below=12,
        softkeys=keys("Call", "Details", "", "Search"),
    ),
    status="23 contacts",
    clock="18:43",
)

SIGN_IN = replace(
    IDLE,
    page=Page(
        name="sign_in",
        title="Sign in",
        rows=(
            Row("Address", right="heiko.riedel@ucc.de"),
            Row("Login", right="UCC\\heiko.riedel"),
            Row("Password", right="********"),
            Row("Server", right="sip.ucc.de:5061"),
            Row("Kind", right="OCS"),
        ),
        cursor=1,
        entry="UCC\\heiko.rie",
        mode="abc",
        softkeys=keys("Sign in", "abc", "", "Clear"),
    ),
    status="",
    leds={},
    labels={"P1": "Line"},
)

REFUSED = replace(
    IDLE,
    page=Page(
        name="idle",
        rows=(
            Row("Heiko Riedel", style="big"),
            Row("heiko.riedel@ucc.de", right="NR", style="alert"),
            Row("Refused with code 401", style="alert"),
            Row("The server takes NTLMv2 only.", style="dim"),
            Row("Next try in 300 seconds.", style="dim"),
        ),
        softkeys=keys("Reg", "Calls", "", "Menu"),
    ),
    status="NR",
    leds={},
)

SNAPSHOTS = {
    "idle": IDLE,
    "entering": ENTERING,
    "ringing": RINGING,
    "talking": TALKING,
    "contacts": CONTACTS,
    "sign_in": SIGN_IN,
    "refused": REFUSED,
}


class Border:
    """A stand-in for the phone: notes every intent, refuses what it is told to, hands out snapshots."""

    def __init__(self, snapshot: Snapshot = IDLE, refuses: str = "") -> None:
        self.now, self.refuses = snapshot, refuses
        self.wishes: list[Intent] = []
        self.listeners: list[Callable[[Snapshot], None]] = []

    def snapshot(self) -> Snapshot:
        """The present one."""
        return self.now

    def do(self, intent: Intent) -> Refusal | None:
        """Note it."""
        self.wishes.append(intent)
        return Refusal(self.refuses) if self.refuses else None

    def listen(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """One more listener."""
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    def show(self, snapshot: Snapshot) -> None:
        """The phone has changed."""
        self.now = snapshot
        for listener in list(self.listeners):
            listener(snapshot)

    @property
    def pressed(self) -> list[str]:
        """The names of all keys pressed, in order."""
        return [wish.key for wish in self.wishes if isinstance(wish, Press)]
