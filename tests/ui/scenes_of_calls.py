"""Scenes: idle, signing in, numbers and calls."""

from __future__ import annotations

from snomtui.phone.intents import Answer, Conference, Dial, Go, HangUp, Hold, Press, Redirect, Write
from snomtui.skin import Shape
from tests.ui.playing import begun, scene
from tests.ui.stage import ANNA, BERT, CLARA, GREGOR, HEIKO, Refused, Stage

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
    stage = begun(shape, language, ignore_security_warning="off")
    stage.phone.serves("http://127.0.0.1:8080")
    stage.open("security")
    return stage


# -- numbers


@scene
def entry_number(shape: Shape, language: str) -> Stage:
    """A few digits, and whom they may mean."""
    return begun(shape, language, *map(Press, ("0", "3", "0", "1", "2", "3")))


@scene
def entry_letters(shape: Shape, language: str) -> Stage:
    """A name, by the letters of the keypad."""
    stage = begun(shape, language, Press("5"), Press("LEFT"), Press("5"), Go("mode"), Press("LEFT"))
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
    stage = begun(shape, language, Dial(CLARA))
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
    stage = begun(shape, language, Dial(BERT))
    stage.wait(0.5)
    return stage


@scene
def ended_unknown(shape: Shape, language: str) -> Stage:
    """There is nobody of that name."""
    stage = begun(shape, language, Dial("sip:nobody.at.all@ucc.de"))
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
