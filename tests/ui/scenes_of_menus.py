"""Scenes: the menu, one setting of each kind, questions, texts, and the minibrowser."""

from __future__ import annotations

from snomtui.phone.intents import Go, Press, Redirect, SetSetting
from snomtui.skin import Shape
from tests.ui.playing import begun, scene
from tests.ui.stage import Stage

# -- menu


@scene
def menu(shape: Shape, language: str) -> Stage:
    """Its root."""
    return begun(shape, language, Go("menu"), Press("DOWN"))


@scene
def menu_preferences(shape: Shape, language: str) -> Stage:
    """Settings with their values."""
    return begun(shape, language, Go("menu:preferences"), Press("DOWN"))


@scene
def menu_identity(shape: Shape, language: str) -> Stage:
    """What can be done with it."""
    return begun(shape, language, Go("menu:identity"))


@scene
def menu_keys(shape: Shape, language: str) -> Stage:
    """What lies on the keys."""
    return begun(shape, language, Go("menu:keys"), Press("DOWN"))


@scene
def menu_switches(shape: Shape, language: str) -> Stage:
    """Settings that are on or off."""
    return begun(shape, language, Go("menu:features"), *[Press("DOWN")] * 4)


@scene
def setting_choice(shape: Shape, language: str) -> Stage:
    """One of several."""
    return begun(shape, language, Go("setting:language"))


@scene
def setting_number(shape: Shape, language: str) -> Stage:
    """A number with limits."""
    return begun(shape, language, Go("setting:redirect_time"))


@scene
def setting_text(shape: Shape, language: str) -> Stage:
    """A text."""
    return begun(shape, language, Go("setting:user_realname1"))


@scene
def setting_secret(shape: Shape, language: str) -> Stage:
    """Nobody reads it."""
    return begun(shape, language, Go("setting:http_pass"), Press("2"), Press("3"))


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
    return begun(shape, language, Go("explain:redirect_time"))


@scene
def redirection(shape: Shape, language: str) -> Stage:
    """Who is sent elsewhere."""
    stage = begun(shape, language, Redirect("time", on=True, to="+4930123456"), Go("redirection"))
    stage.wait(10)
    return stage


@scene
def redirect_to(shape: Shape, language: str) -> Stage:
    """Where to?"""
    return begun(shape, language, Go("redirection"), Go("redirect_to:busy"), *map(Press, "0301"))


@scene
def identities(shape: Shape, language: str) -> Stage:
    """Which there are."""
    return begun(shape, language, Go("identities"))


@scene
def reset(shape: Shape, language: str) -> Stage:
    """Really?"""
    return begun(shape, language, Go("confirm:reset"))


@scene
def info(shape: Shape, language: str) -> Stage:
    """The phone about itself."""
    return begun(shape, language, Go("info"))


@scene
def help(shape: Shape, language: str) -> Stage:
    """In short."""
    return begun(shape, language, Go("help"))


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
