"""The card of one person: every way to call, presence and note; being put into a group, and taken out of the list."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.book import bare
from snomtui.phone.intents import AddContact, Dial, Go, RemoveContact
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import back, labelled, mode_key
from snomtui.phone.pages.page import Back, Kind, Many, Step, move, next_mode, pick, scroll, soft_keys, typed
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.presence import OTHER_CONTACTS, WORDS, Contact
from snomtui.skin import Shape


def gone(model: Model, name: str, title: str) -> Page:
    """What stands on the page of somebody who is in the list no more."""
    row = Row(model.say("No longer in the list"), style="dim")
    return Page(name, title, (row,), soft_keys(None, None, None, back(model)))


def person(model: Model, uri: str) -> Contact | None:
    """The contact with this address, or else the one that a search has found."""
    known = model.book.find(uri)
    if known is not None or model.found is None:
        return known
    return next((each for each in model.found.people if bare(each.uri) == bare(uri)), None)


def preferred(contact: Contact) -> str:
    """What is dialled when nobody says how: the address, which reaches the person wherever signed in."""
    return contact.uri if contact.uri.startswith("sip") or not contact.numbers else contact.numbers[0]


def on_person(contact: Contact, key: str) -> Step:
    """What a key does on somebody's row in a list: call, ask which number if there are several, or show the card."""
    if key in ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET", "dial"):
        return Go(f"contact:{contact.uri}") if len(contact.numbers) > 1 else Dial(preferred(contact))
    return Go(f"contact:{contact.uri}") if key in ("RIGHT", "details") else None


def ways(contact: Contact) -> list[Row]:
    """Every way to call, the address first."""
    found = [Row(contact.uri, right="SIP", intent=Dial(contact.uri))] if contact.uri.startswith("sip") else []
    kinds = (*contact.kinds, *("" for _ in contact.numbers))
    pairs = zip(contact.numbers, kinds, strict=False)
    return found + [Row(number, right=kind, intent=Dial(number)) for number, kind in pairs]


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """One person: presence, note, and every way to call."""
    contact = person(model, screen.subject)
    if contact is None:
        return gone(model, "contact", model.say("Contact"))
    say = model.say
    write = labelled(model, "Write", Go(f"write:{contact.uri}")) if contact.uri.startswith("sip") else None
    soft = soft_keys(labelled(model, "Dial", Go("dial")), write, _change(model, contact), back(model))
    about = _about(model, contact, shape)
    page = Page("contact", title=contact.label, softkeys=soft)
    kinds = {"work": say("work"), "mobile": say("mobile"), "home": say("home"), "other": say("other")}
    rows = [replace(row, right=kinds.get(row.right, row.right)) for row in ways(contact)]
    shown = scroll(page, rows, screen.cursor, max(1, shape.rows - len(about)))
    return replace(shown, rows=(*shown.rows, *about))


def _change(model: Model, contact: Contact) -> SoftKey:
    """Removing from the server's list, changing in the phone's own directory, or adding."""
    if model.book.lister(contact.uri) is not None:
        return labelled(model, "Remove", Go(f"remove:{contact.uri}"))
    if any(each.uri == contact.uri for each in model.directory):
        return labelled(model, "Edit", Go(f"entry_form:{contact.uri}"))
    return labelled(model, "Add", Go(f"add:{contact.uri}"))


def _about(model: Model, contact: Contact, shape: Shape) -> list[Row]:
    """What is known of the person, in the rows that the ways to call leave."""
    seen = model.seen(contact.uri)
    known = contact.watched and model.book.find(contact.uri) is not None
    about = [Row(model.say(WORDS[seen.availability]), presence=seen.availability)] if known else []
    about += [Row(seen.note, style="dim")] if seen.note else []
    groups = ", ".join(contact.groups)
    about += [Row(model.say("In {groups}", groups=groups), style="dim")] if groups else []
    about += [Row(model.say(contact.type), style="dim")] if contact.type else []
    room = shape.rows - min(len(ways(contact)), max(1, shape.rows - 2))
    return about[: max(0, room)]


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials the marked number."""
    contact = person(model, screen.subject)
    if key in ("CANCEL", "LEFT", "back") or contact is None:
        return Back()
    key = "ENTER" if key in ("OFFHOOK", "SPEAKER", "HEADSET", "dial") else key
    return pick(screen, key, ways(contact))


# -- taking out of the list


def draw_remove(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """A question; nothing is done without an answer."""
    contact = person(model, screen.subject)
    if contact is None:
        return gone(model, "remove", model.say("Remove"))
    say = model.say
    soft = soft_keys(labelled(model, "Remove", Go("ok")), None, None, labelled(model, "Keep", Go("back")))
    page = Page("remove", say("Remove {name}?", name=contact.label), softkeys=soft)
    return scroll(page, _answers(model), screen.cursor, shape.rows)


def _answers(model: Model) -> list[Row]:
    say = model.say
    return [
        Row(say("No, keep this contact"), intent=Go("back")),
        Row(say("Yes, remove"), intent=Go("ok")),
    ]


def press_remove(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK takes the marked answer, which is No at first."""
    contact = person(model, screen.subject)
    if key in ("CANCEL", "ONHOOK", "LEFT", "back") or contact is None:
        return Back()
    if key == "ok":
        return Many((RemoveContact(contact.uri), Go("back")))
    return pick(screen, key, _answers(model))


# -- putting into a group


def draw_add(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The groups to choose from; a name that is typed makes a new one."""
    contact = person(model, screen.subject)
    if contact is None:
        return gone(model, "add", model.say("Add"))
    page = Page(
        "add",
        model.say("Add {name}", name=contact.label),
        softkeys=soft_keys(labelled(model, "Add", Go("ok")), mode_key(model), None, back(model)),
        entry=screen.entry,
        mode=screen.mode,
    )
    if screen.entry.strip():
        return replace(page, rows=(Row(model.say("To the new group {name}", name=screen.entry.strip())),))
    return scroll(page, _groups(model, contact), screen.cursor, max(1, shape.rows - 1))


def _groups(model: Model, contact: Contact) -> list[Row]:
    """The groups in which the person does not stand yet; everybody may be among other contacts."""
    names = dict.fromkeys((OTHER_CONTACTS, *(name for n in sorted(model.roster) for name in model.roster[n][1])))
    free = [name for name in names if name not in contact.groups] or [OTHER_CONTACTS]
    other = model.say("Other contacts")
    wishes = ((other, "") if name == OTHER_CONTACTS else (name, name) for name in free)
    return [Row(shown, intent=AddContact(contact.uri, contact.name, group)) for shown, group in wishes]


def press_add(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK adds the person to the marked group, or to the new one whose name was typed."""
    contact = person(model, screen.subject)
    if key in ("CANCEL", "ONHOOK", "back") or contact is None:
        return Back()
    if key == "mode":
        return next_mode(screen)
    groups = _groups(model, contact)
    if key in ("ENTER", "ok"):
        new = screen.entry.strip()
        wish = AddContact(contact.uri, contact.name, new) if new else groups[screen.cursor % len(groups)].intent
        return Many((wish,)) if wish else screen
    wanted = typed(screen, "BACKSPACE" if key == "LEFT" else key, now)
    return move(screen, key, len(groups)) or wanted or (Back() if key == "LEFT" else screen)


CARD = Kind(draw, press)
REMOVE = Kind(draw_remove, press_remove)
ADD = Kind(draw_add, press_add)
