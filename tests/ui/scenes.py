"""All pages of the phone, each reached as a person would: a real phone in a real office, on a pretend wire."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.phone.intents import (
    Answer,
    Conference,
    Dial,
    Go,
    HangUp,
    Hold,
    Press,
    Redirect,
    Search,
    SetPresence,
    SetSetting,
    Write,
)
from snomtui.phone.snapshot import Snapshot
from snomtui.presence import Availability
from snomtui.skin import Shape
from tests.ui.stage import ANNA, BERT, CLARA, DORA, GREGOR, Refused, Stage

HEIKO = "sip:Heiko.Riedel@ucc.de"
Play = Callable[[Shape, str], Stage]
"""Plays a scene with a phone of this shape, in this language."""
SCENES: dict[str, Play] = {}
"""All scenes by name, in the order of the gallery."""


def scene(play: Play) -> Play:
    """Take a function's name for the scene's."""
    SCENES[play.__name__.lstrip("_")] = play
    return play


def snapshot_of(name: str, shape: Shape, language: str = "English") -> Snapshot:
    """What a phone of this shape shows in a scene."""
    return SCENES[name](shape, language).snapshot


def _on(shape: Shape, language: str, *intents: object, **settings: str) -> Stage:
    stage = Stage(shape, language, **settings)
    stage.do(*intents)  # type: ignore[arg-type]
    return stage


# -- idle


@scene
def idle(shape: Shape, language: str) -> Stage:
    """Registered, nothing special."""
    return Stage(shape, language)


@scene
def idle_not_registered(shape: Shape, language: str) -> Stage:
    """The firmware of before 8.2 at a domain of level 5."""
    return Refused(shape, language, sim_firmware="8.1")


@scene
def idle_dnd_missed(shape: Shape, language: str) -> Stage:
    """Somebody called while nobody was there; do not disturb is on now."""
    stage = Stage(shape, language)
    stage.jan.do(Dial(HEIKO))
    stage.wait(3)
    stage.jan.do(HangUp())
    stage.wait(4)
    stage.press("DND")
    stage.wait(30)
    return stage


@scene
def idle_redirected(shape: Shape, language: str) -> Stage:
    """All calls go elsewhere, and a message waits."""
    stage = Stage(shape, language)
    stage.jan.do(Write(HEIKO, "Lunch at 12?"))
    stage.do(Redirect("all", on=True, to="+4930123456"))
    stage.wait(30)
    return stage


@scene
def idle_three_identities(shape: Shape, language: str) -> Stage:
    """Two are registered, the third one is unknown to its server."""
    second = {"user_name2": "Jan.Dierich", "user_host2": "ucc.de", "user_realname2": "Sales", "user_active2": "on"}
    login = {"user_pname2": "ucc\\Jan.Dierich", "user_pass2": "Winter2009!", "user_server_type2": "ocs"}
    outbound = {f"user_outbound{number}": "sip.ucc.de:5061;transport=tls" for number in (2, 3)}
    third = {"user_name3": "fax", "user_host3": "ucc.de", "user_realname3": "Fax", "user_active3": "on"}
    stage = Stage(shape, language, **second, **login, **outbound, **third)
    stage.wait(2)
    return stage


# -- signing in


@scene
def sign_in(shape: Shape, language: str) -> Stage:
    """The first start: the address is typed, the password under way."""
    stage = Stage.bare(shape, language)
    stage.write("heiko.riedel@ucc.de")
    stage.press("DOWN")
    stage.write("UCC\\heiko.riedel")
    stage.press("DOWN")
    stage.write("Sommer")
    return stage


@scene
def certificate(shape: Shape, language: str) -> Stage:
    """Nobody vouches for the server."""
    stage = Stage(shape, language)
    stage.doubt()
    return stage


@scene
def security(shape: Shape, language: str) -> Stage:
    """The web server has no password."""
    stage = _on(shape, language, ignore_security_warning="off")
    stage.phone.serves("http://127.0.0.1:8080")
    stage.open("security")
    return stage


# -- numbers


@scene
def entry_number(shape: Shape, language: str) -> Stage:
    """A few digits, and whom they may mean."""
    return _on(shape, language, *map(Press, ("0", "3", "0", "1", "2", "3")))


@scene
def entry_letters(shape: Shape, language: str) -> Stage:
    """A name, by the letters of the keypad."""
    stage = _on(shape, language, Press("5"), Press("LEFT"), Press("5"), Go("mode"), Press("LEFT"))
    stage.write("an")
    stage.press("DOWN")
    return stage


# -- calls


@scene
def dialling(shape: Shape, language: str) -> Stage:
    """Nobody has answered anything yet."""
    stage = Stage(shape, language)
    stage.phone.do(Dial("+4989123456"), stage.house.now)
    return stage


@scene
def ringing(shape: Shape, language: str) -> Stage:
    """It rings at Clara's, who never answers."""
    stage = _on(shape, language, Dial(CLARA))
    stage.wait(5)
    return stage


@scene
def incoming(shape: Shape, language: str) -> Stage:
    """Jan calls."""
    stage = Stage(shape, language)
    stage.jan.do(Dial(HEIKO))
    stage.wait(2)
    return stage


@scene
def talking(shape: Shape, language: str) -> Stage:
    """Connected, by the loudspeaker, without the microphone."""
    stage = Stage(shape, language)
    stage.press("SPEAKER", "CANCEL")
    stage.talk()
    stage.press("SPEAKER", "MUTE")
    return stage


@scene
def talking_digits(shape: Shape, language: str) -> Stage:
    """Digits are sent to a machine."""
    stage = Stage(shape, language)
    stage.talk("sip:Bartholomaeus@ucc.de", 3700)
    stage.press(*"4711#")
    return stage


@scene
def several_calls(shape: Shape, language: str) -> Stage:
    """One on hold, one on the phone, one rings."""
    stage = Stage(shape, language)
    stage.talk(ANNA, 100)
    stage.do(Hold())
    stage.talk(GREGOR, 20)
    stage.jan.do(Dial(HEIKO))
    stage.wait(2)
    return stage


@scene
def on_hold(shape: Shape, language: str) -> Stage:
    """Held by us."""
    stage = Stage(shape, language)
    stage.talk(ANNA, 75)
    stage.do(Hold())
    return stage


@scene
def held(shape: Shape, language: str) -> Stage:
    """Held by the other side."""
    stage = Stage(shape, language)
    stage.jan.do(Dial(HEIKO))
    stage.do(Answer())
    stage.wait(63)
    stage.jan.do(Hold())
    return stage


@scene
def ended_busy(shape: Shape, language: str) -> Stage:
    """Bert is on the phone."""
    stage = _on(shape, language, Dial(BERT))
    stage.wait(0.5)
    return stage


@scene
def ended_unknown(shape: Shape, language: str) -> Stage:
    """There is nobody of that name."""
    stage = _on(shape, language, Dial("sip:nobody.at.all@ucc.de"))
    stage.wait(0.5)
    return stage


@scene
def transfer(shape: Shape, language: str) -> Stage:
    """To whom?"""
    stage = Stage(shape, language)
    stage.talk(ANNA, 20)
    stage.press("TRANSFER")
    stage.press(*"0301")
    return stage


@scene
def transfer_to_call(shape: Shape, language: str) -> Stage:
    """To the other call."""
    stage = Stage(shape, language)
    stage.talk(ANNA, 20)
    stage.do(Hold())
    stage.talk(GREGOR, 20)
    stage.press("TRANSFER")
    return stage


@scene
def conference(shape: Shape, language: str) -> Stage:
    """Three of them."""
    stage = Stage(shape, language)
    stage.talk(ANNA, 100)
    stage.do(Hold())
    stage.talk(GREGOR, 20)
    stage.do(Conference())
    stage.wait(10)
    return stage


# -- people


@scene
def contacts(shape: Shape, language: str) -> Stage:
    """In their groups, with presence."""
    stage = _on(shape, language, Go("contacts"))
    stage.press("DOWN", "DOWN", "DOWN")
    return stage


@scene
def contacts_narrowed(shape: Shape, language: str) -> Stage:
    """Those with these letters."""
    stage = _on(shape, language, Go("contacts"))
    stage.write("an")
    return stage


@scene
def contacts_more(shape: Shape, language: str) -> Stage:
    """What else can be done."""
    return _on(shape, language, Go("contacts"), Go(f"more:{GREGOR}"))


@scene
def contact(shape: Shape, language: str) -> Stage:
    """Somebody with several numbers."""
    return _on(shape, language, Go("contacts"), Go(f"contact:{GREGOR}"), Press("DOWN"))


@scene
def contact_remove(shape: Shape, language: str) -> Stage:
    """A question."""
    return _on(shape, language, Go(f"contact:{DORA}"), Go(f"remove:{DORA}"))


@scene
def contact_add(shape: Shape, language: str) -> Stage:
    """Into which group?"""
    return _on(shape, language, Go(f"contact:{DORA}"), Go(f"add:{DORA}"))


@scene
def directory(shape: Shape, language: str) -> Stage:
    """The phone's own."""
    return _on(shape, language, Go("directory"))


@scene
def directory_entry(shape: Shape, language: str) -> Stage:
    """Eva is changed."""
    return _on(shape, language, Go("directory"), Go("entry_form:tel:+491721234599"), Press("DOWN"))


@scene
def search(shape: Shape, language: str) -> Stage:
    """The address book of the server."""
    stage = _on(shape, language, Go("search"))
    stage.write("an")
    return stage


@scene
def search_found(shape: Shape, language: str) -> Stage:
    """Who was found."""
    stage = _on(shape, language, Go("search:an"), Search("ann"))
    stage.wait(2)
    return stage


@scene
def presence(shape: Shape, language: str) -> Stage:
    """Which one is chosen, and the note."""
    return _on(shape, language, SetPresence(Availability.BUSY, "Back at 3"), Go("presence"))


@scene
def note(shape: Shape, language: str) -> Stage:
    """It is being written."""
    stage = _on(shape, language, Go("presence"), Go("note"))
    stage.write("In the workshop until four")
    return stage


# -- lists


@scene
def call_lists(shape: Shape, language: str) -> Stage:
    """Which there are."""
    return _on(shape, language, Go("call_lists"))


@scene
def calls_missed(shape: Shape, language: str) -> Stage:
    """One of them."""
    return _on(shape, language, Go("calls:missed"))


@scene
def calls_dialled(shape: Shape, language: str) -> Stage:
    """Another one."""
    return _on(shape, language, Go("calls:dialed"), Press("DOWN"))


@scene
def call_record(shape: Shape, language: str) -> Stage:
    """One call with all that is known."""
    return _on(shape, language, Go("calls:received"), Press("RIGHT"))


@scene
def clear_list(shape: Shape, language: str) -> Stage:
    """Really?"""
    return _on(shape, language, Go("calls:missed"), Go("confirm:clear/missed"))


@scene
def messages(shape: Shape, language: str) -> Stage:
    """Two of them."""
    stage = Stage(shape, language)
    stage.jan.do(Write(HEIKO, "Lunch at 12?"))
    stage.wait(60)
    stage.jan.do(Write(HEIKO, "The new price list is ready. Please have a look at page 7 before you call Munich."))
    stage.wait(60)
    stage.open("messages")
    return stage


@scene
def message(shape: Shape, language: str) -> Stage:
    """The whole text."""
    stage = messages(shape, language)
    stage.press("ENTER")
    return stage


@scene
def message_answer(shape: Shape, language: str) -> Stage:
    """An answer."""
    stage = message(shape, language)
    stage.open("write:sip:Jan.Dierich@ucc.de")
    stage.write("I will, thank you")
    return stage


# -- menu


@scene
def menu(shape: Shape, language: str) -> Stage:
    """Its root."""
    return _on(shape, language, Go("menu"), Press("DOWN"))


@scene
def menu_preferences(shape: Shape, language: str) -> Stage:
    """Settings with their values."""
    return _on(shape, language, Go("menu:preferences"), Press("DOWN"))


@scene
def menu_identity(shape: Shape, language: str) -> Stage:
    """What can be done with it."""
    return _on(shape, language, Go("menu:identity"))


@scene
def menu_keys(shape: Shape, language: str) -> Stage:
    """What lies on the keys."""
    return _on(shape, language, Go("menu:keys"), Press("DOWN"))


@scene
def menu_switches(shape: Shape, language: str) -> Stage:
    """Settings that are on or off."""
    return _on(shape, language, Go("menu:features"), *[Press("DOWN")] * 4)


@scene
def setting_choice(shape: Shape, language: str) -> Stage:
    """One of several."""
    return _on(shape, language, Go("setting:language"))


@scene
def setting_number(shape: Shape, language: str) -> Stage:
    """A number with limits."""
    return _on(shape, language, Go("setting:redirect_time"))


@scene
def setting_text(shape: Shape, language: str) -> Stage:
    """A text."""
    return _on(shape, language, Go("setting:user_realname1"))


@scene
def setting_secret(shape: Shape, language: str) -> Stage:
    """Nobody reads it."""
    return _on(shape, language, Go("setting:http_pass"), Press("2"), Press("3"))


@scene
def setting_refused(shape: Shape, language: str) -> Stage:
    """A wrong value."""
    stage = Stage(shape, language)
    stage.open("setting:redirect_time")
    stage.press("9", "9", "9", "9")
    stage.phone.do(Press("ENTER"), stage.house.now)
    return stage


@scene
def setting_help(shape: Shape, language: str) -> Stage:
    """What it is for."""
    return _on(shape, language, Go("explain:redirect_time"))


@scene
def redirection(shape: Shape, language: str) -> Stage:
    """Who is sent elsewhere."""
    stage = _on(shape, language, Redirect("time", on=True, to="+4930123456"), Go("redirection"))
    stage.wait(10)
    return stage


@scene
def redirect_to(shape: Shape, language: str) -> Stage:
    """Where to?"""
    return _on(shape, language, Go("redirection"), Go("redirect_to:busy"), *map(Press, "0301"))


@scene
def identities(shape: Shape, language: str) -> Stage:
    """Which there are."""
    return _on(shape, language, Go("identities"))


@scene
def reset(shape: Shape, language: str) -> Stage:
    """Really?"""
    return _on(shape, language, Go("confirm:reset"))


@scene
def info(shape: Shape, language: str) -> Stage:
    """The phone about itself."""
    return _on(shape, language, Go("info"))


@scene
def help(shape: Shape, language: str) -> Stage:
    """In short."""
    return _on(shape, language, Go("help"))


@scene
def refused(shape: Shape, language: str) -> Stage:
    """What was wanted cannot be done."""
    stage = Stage(shape, language)
    stage.phone.do(SetSetting("redirect_time", "soon"), stage.house.now)
    return stage


# -- minibrowser


def _browsing(shape: Shape, language: str, page: str) -> Stage:
    stage = Stage(shape, language)
    stage.browse(page)
    return stage


@scene
def browser_text(shape: Shape, language: str) -> Stage:
    """A text."""
    text = "The front door is open since 10:04.<br/>Ring the porter, or come down."
    return _browsing(
        shape,
        language,
        f"<SnomIPPhoneText><Title>Alarm</Title><Prompt>Prompt</Prompt><Text>{text}</Text></SnomIPPhoneText>",
    )


@scene
def browser_menu(shape: Shape, language: str) -> Stage:
    """A menu with a soft key and an LED."""
    names = ("Who is in", "Call a taxi", "Do not disturb", "Conference room on the third floor")
    items = "".join(f"<MenuItem><Name>{name}</Name><URL>x.xml</URL></MenuItem>" for name in names)
    close = "<SoftKeyItem><Name>F1</Name><Label>Close</Label><URL>snom://mb_exit</URL></SoftKeyItem>"
    return _browsing(
        shape,
        language,
        f'<SnomIPPhoneMenu><Title>Reception</Title>{items}{close}<Led number="5">Blink</Led></SnomIPPhoneMenu>',
    )


@scene
def browser_directory(shape: Shape, language: str) -> Stage:
    """Names and numbers."""
    people = (("Anna Lindner", "+49301234502"), ("Bartholomäus Schmidt-Rottluff", "+49401234510"), ("Taxi", "210101"))
    items = "".join(
        f"<DirectoryEntry><Name>{name}</Name><Telephone>{number}</Telephone></DirectoryEntry>"
        for name, number in people
    )
    return _browsing(shape, language, f"<SnomIPPhoneDirectory><Title>Phone book</Title>{items}</SnomIPPhoneDirectory>")


@scene
def browser_input(shape: Shape, language: str) -> Stage:
    """A form."""
    stage = _browsing(
        shape,
        language,
        "<SnomIPPhoneInput><Title>Time clock</Title><Prompt>Number</Prompt><URL>http://192.0.2.5/in</URL><InputItem>"
        "<DisplayName>Your number</DisplayName><QueryStringParam>n</QueryStringParam><DefaultValue/>"
        "<InputFlags>n</InputFlags></InputItem></SnomIPPhoneInput>",
    )
    stage.press("4", "7")
    return stage


@scene
def browser_image(shape: Shape, language: str) -> Stage:
    """What a camera sees."""
    return _browsing(
        shape,
        language,
        "<SnomIPPhoneImageFile><Title>Door</Title><LocationX>0</LocationX><LocationY>0</LocationY>"
        "<URL>door.png</URL></SnomIPPhoneImageFile>",
    )


@scene
def browser_mistake(shape: Shape, language: str) -> Stage:
    """A page that is broken."""
    return _browsing(shape, language, "<SnomIPPhoneText><Title>Alarm</Text></SnomIPPhoneText>")
