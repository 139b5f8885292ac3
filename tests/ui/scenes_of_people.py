"""Scenes: contacts, directory, search, presence, call lists and messages."""

from __future__ import annotations

from snomtui.phone.intents import Go, Press, Search, SetPresence, Write
from snomtui.presence import Availability
from snomtui.skin import Shape
from tests.ui.playing import begun, scene
from tests.ui.stage import DORA, GREGOR, HEIKO, Stage

# -- people


@scene
def contacts(shape: Shape, language: str) -> Stage:
    """In their groups, with presence."""
    stage = begun(shape, language, Go("contacts"))
    stage.press("DOWN", "DOWN", "DOWN")
    return stage


@scene
def contacts_narrowed(shape: Shape, language: str) -> Stage:
    """Those with these letters."""
    stage = begun(shape, language, Go("contacts"))
    stage.write("an")
    return stage


@scene
def contacts_more(shape: Shape, language: str) -> Stage:
    """What else can be done."""
    return begun(shape, language, Go("contacts"), Go(f"more:{GREGOR}"))


@scene
def contact(shape: Shape, language: str) -> Stage:
    """Somebody with several numbers."""
    return begun(shape, language, Go("contacts"), Go(f"contact:{GREGOR}"), Press("DOWN"))


@scene
def contact_remove(shape: Shape, language: str) -> Stage:
    """A question."""
    return begun(shape, language, Go(f"contact:{DORA}"), Go(f"remove:{DORA}"))


@scene
def contact_add(shape: Shape, language: str) -> Stage:
    """Into which group?"""
    return begun(shape, language, Go(f"contact:{DORA}"), Go(f"add:{DORA}"))


@scene
def directory(shape: Shape, language: str) -> Stage:
    """The phone's own."""
    return begun(shape, language, Go("directory"))


@scene
def directory_entry(shape: Shape, language: str) -> Stage:
    """Eva is changed."""
    return begun(shape, language, Go("directory"), Go("entry_form:tel:+491721234599"), Press("DOWN"))


@scene
def search(shape: Shape, language: str) -> Stage:
    """The address book of the server."""
    stage = begun(shape, language, Go("search"))
    stage.write("an")
    return stage


@scene
def search_found(shape: Shape, language: str) -> Stage:
    """Who was found."""
    stage = begun(shape, language, Go("search:an"), Search("ann"))
    stage.wait(2)
    return stage


@scene
def presence(shape: Shape, language: str) -> Stage:
    """Which one is chosen, and the note."""
    return begun(shape, language, SetPresence(Availability.BUSY, "Back at 3"), Go("presence"))


@scene
def note(shape: Shape, language: str) -> Stage:
    """It is being written."""
    stage = begun(shape, language, Go("presence"), Go("note"))
    stage.write("In the workshop until four")
    return stage


# -- lists


@scene
def call_lists(shape: Shape, language: str) -> Stage:
    """Which there are."""
    return begun(shape, language, Go("call_lists"))


@scene
def calls_missed(shape: Shape, language: str) -> Stage:
    """One of them."""
    return begun(shape, language, Go("calls:missed"))


@scene
def calls_dialled(shape: Shape, language: str) -> Stage:
    """Another one."""
    return begun(shape, language, Go("calls:dialed"), Press("DOWN"))


@scene
def call_record(shape: Shape, language: str) -> Stage:
    """One call with all that is known."""
    return begun(shape, language, Go("calls:received"), Press("RIGHT"))


@scene
def clear_list(shape: Shape, language: str) -> Stage:
    """Really?"""
    return begun(shape, language, Go("calls:missed"), Go("confirm:clear/missed"))


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
