"""Where the scenes of the gallery are played: a real phone, a real office, and a clock that a test turns."""

from __future__ import annotations

import io
from functools import cached_property

from PIL import Image, ImageDraw

from snomtui.kit.box import Certificate, Down, Fetch, Fetched
from snomtui.phone.history import Record
from snomtui.phone.intents import Go, Intent, Press, Show
from snomtui.phone.phone import Phone
from snomtui.phone.snapshot import Snapshot
from snomtui.presence import Contact
from snomtui.settings.registry import Settings
from snomtui.shell.pixels import unpacked
from snomtui.skin import Shape
from tests.stories.house import Desk, House, settings_of
from tests.wire import START, surroundings

STAFF = """
domain = "ucc.de"
netbios = "UCC"
[[person]]
uri = "sip:Heiko.Riedel@ucc.de"
password = "Sommer2009!"
name = "Heiko Riedel"
numbers = ["+49301234500"]
contacts = [
  "sip:Jan.Dierich@ucc.de", "sip:Anna.Lindner@ucc.de", "sip:Bert.Kowalski@ucc.de", "sip:Clara.Nord@ucc.de",
  "sip:Dora.Ost@ucc.de", "sip:Frieda.Wolff@ucc.de", "sip:Gregor.Brandt@ucc.de",
]
groups = { Sales = ["sip:Hanna.Petersen@ucc.de", "sip:Bartholomaeus@ucc.de"] }
[[person]]
uri = "sip:Jan.Dierich@ucc.de"
password = "Winter2009!"
name = "Jan Dierich"
numbers = ["+4930123456"]
contacts = ["sip:Heiko.Riedel@ucc.de"]
[[person]]
uri = "sip:Anna.Lindner@ucc.de"
password = "Herbst2009!"
name = "Anna Lindner"
numbers = ["+49301234502"]
behaviour = "answers"
availability = "AVAILABLE"
[[person]]
uri = "sip:Bert.Kowalski@ucc.de"
name = "Bert Kowalski"
numbers = ["+49301234503"]
behaviour = "busy"
availability = "IN_A_CALL"
note = "Quarter end"
[[person]]
uri = "sip:Clara.Nord@ucc.de"
name = "Clara Nord"
numbers = ["+49301234504"]
behaviour = "rings"
availability = "AWAY"
[[person]]
uri = "sip:Dora.Ost@ucc.de"
name = "Dora Ost"
numbers = ["+49301234505"]
behaviour = "rejects"
availability = "DND"
note = "Please write instead"
[[person]]
uri = "sip:Frieda.Wolff@ucc.de"
name = "Frieda Wolff"
numbers = ["+49301234507"]
behaviour = "answers"
availability = "BE_RIGHT_BACK"
[[person]]
uri = "sip:Gregor.Brandt@ucc.de"
name = "Gregor Brandt"
numbers = ["+49301234508"]
mobile = "+491721234508"
behaviour = "answers"
availability = "IN_A_MEETING"
note = "Room 3"
[[person]]
uri = "sip:Hanna.Petersen@ucc.de"
name = "Hanna Petersen"
numbers = ["+49401234509"]
behaviour = "answers"
availability = "OFFLINE"
[[person]]
uri = "sip:Bartholomaeus@ucc.de"
name = "Bartholomäus Schmidt-Rottluff"
numbers = ["+49401234510"]
behaviour = "answers"
availability = "BUSY"
"""
KEYS = {
    **{f"fkey{n}": f"dest <sip:{who}@ucc.de>" for n, who in enumerate(("Jan.Dierich", "Anna.Lindner"), 1)},
    **{f"fkey{n}": f"dest <sip:{who}@ucc.de>" for n, who in enumerate(("Bert.Kowalski", "Clara.Nord", "Dora.Ost"), 3)},
    "fkey6": "dest <sip:Gregor.Brandt@ucc.de>",
    "fkey7": "dest <sip:Bartholomaeus@ucc.de>",
    "fkey8": "keyevent F_DND",
}
"""What lies on the keys P2 to P9."""
HEIKO = "sip:Heiko.Riedel@ucc.de"
JAN, ANNA, BERT, CLARA, DORA, GREGOR = (
    f"sip:{who}@ucc.de"
    for who in ("Jan.Dierich", "Anna.Lindner", "Bert.Kowalski", "Clara.Nord", "Dora.Ost", "Gregor.Brandt")
)
DIRECTORY = (
    Contact("sip:reception@ucc.de", "Reception", ("+49301234567",), watched=False, type="Work"),
    Contact("tel:+4930210101", "Taxi Berlin", ("+4930210101",), watched=False),
    Contact("tel:+491721234599", "Eva", ("+491721234599", "+493099887766"), watched=False, type="VIP"),
)
CALLS = (
    Record("received", "Jan Dierich", JAN, START - 90_000, seconds=312),
    Record("dialed", "Taxi Berlin", "+4930210101", START - 80_000, seconds=41),
    Record("dialed", "Anna Lindner", ANNA, START - 7_200, seconds=124),
    Record("missed", "", "+4989123456", START - 5_400),
    Record("received", "Clara Nord", CLARA, START - 4_000, seconds=65),
    Record("missed", "Bert Kowalski", BERT, START - 1_800),
)
CERTIFICATE = Certificate(
    "0123456789abcdef" * 4,
    "CN=sip.ucc.de,O=UCC",
    "CN=UCC Root Authority,O=UCC",
    "2027-11-23",
    "nobody we trust vouches for it",
)
EIGHT_HOURS = "28800"
"""East of Greenwich, so that scenes are played in the morning."""


class Stage:
    """One phone of a model, its office, and a colleague with a real phone where a scene wants one."""

    def __init__(self, shape: Shape, language: str = "English", **settings: str) -> None:
        """`settings` are the phone's own."""
        self.house = House(staff=STAFF)
        more = {"language": language, "utc_offset": EIGHT_HOURS, "ignore_security_warning": "on"}
        values = settings_of("Heiko.Riedel", **{**more, **KEYS, **settings})
        self._put(Phone(values, shape, surroundings(31), DIRECTORY, CALLS, self.house.now))
        self.begin()

    def begin(self) -> None:
        """The scene begins when it is registered and has its contacts."""
        wire = self.house.wire
        wire.until(lambda: self.desk.registered and len(self.phone.contacts()) > len(DIRECTORY), 10)
        wire.advance(1)

    def _put(self, phone: Phone) -> None:
        self.phone = phone
        self.house.wire.boxes.insert(0, phone)
        self.desk = Desk(self.house, phone)
        self.desk.start()

    @classmethod
    def bare(cls, shape: Shape, language: str) -> Stage:
        """A phone as it comes out of its box."""
        made = cls.__new__(cls)
        made.house = House(staff=STAFF)
        values = Settings({"language": language, "utc_offset": EIGHT_HOURS, "ignore_security_warning": "on"})
        made._put(Phone(values, shape, surroundings(31), now=made.house.now))
        return made

    @property
    def snapshot(self) -> Snapshot:
        """What is to be drawn."""
        return self.phone.snapshot()

    @cached_property
    def jan(self) -> Desk:
        """A colleague with a phone of the same kind."""
        return self.house.signed_in("Jan.Dierich")

    def wait(self, seconds: float) -> None:
        """Turn the clock."""
        self.house.wire.advance(seconds)

    def do(self, *intents: Intent) -> None:
        """What a person wants."""
        self.desk.do(*intents)

    def open(self, *pages: str) -> None:
        """Go to pages, one after the other."""
        self.do(*(Go(page) for page in pages))

    def press(self, *keys: str) -> None:
        """Press keys."""
        self.desk.press(*keys)

    def write(self, text: str) -> None:
        """Type on the keyboard of the computer."""
        self.do(*(Press(f"TEXT:{sign}") for sign in text))

    def talk(self, uri: str = ANNA, seconds: float = 42) -> None:
        """Call somebody who answers."""
        from snomtui.phone.intents import Dial

        self.do(Dial(uri))
        self.house.wire.until(lambda: self.desk.calls[-1:] == ["talking"], 20)
        self.wait(seconds)

    def doubt(self) -> None:
        """The server shows a certificate for which nobody vouches."""
        line = self.phone.line(1)
        assert line is not None
        conn = next(number for number in range(1, 1000) if line.owns(number))
        self.house.wire.refusing = True
        self.phone.linked(conn, Down("The certificate of sip.ucc.de:5061 is not trusted", CERTIFICATE), self.house.now)
        self.house.settle()

    def browse(self, page: str) -> None:
        """The minibrowser shows what a web server has."""
        self.do(Show("http://192.0.2.5/page.xml"))
        answered = 0
        while len(asked := list(self.house.wire.of_kind(self.phone, Fetch))) > answered:
            fetch = asked[answered]
            answered += 1
            assert isinstance(fetch, Fetch)
            if not fetch.ask:
                continue
            if fetch.pixels == (0, 0):
                answer = Fetched(fetch.url, 200, "text/xml", page.encode())
            else:
                answer = Fetched(fetch.url, 200, "image/png", pixels=unpacked(_photo(), fetch.pixels, fetch.tones))
            self.phone.fetched(fetch.ask, answer, self.house.now)
            self.house.settle()


class Refused(Stage):
    """A phone that its front end will not take."""

    def begin(self) -> None:
        """It begins when that is known."""
        self.wait(2)


def _photo() -> bytes:
    """A door, as a camera sees it at night."""
    image = Image.new("RGB", (320, 240), "#203a5f")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 180, 320, 240), fill="#4d5a3a")
    pen.rectangle((110, 50, 210, 200), fill="#7a4a22", outline="#e8d8b0", width=6)
    pen.ellipse((188, 120, 202, 134), fill="#ffd23f")
    pen.ellipse((250, 16, 290, 56), fill="#f4f1d0")
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()
