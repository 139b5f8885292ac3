"""Pages that are lists to pick from or to read: presence choice, identities, information, help."""

from __future__ import annotations

from dataclasses import replace

from snomtui import __version__
from snomtui.phone.intents import Go, SetPresence, SetSetting
from snomtui.phone.keys import function_key
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, back, labelled, list_page, ok, text_page
from snomtui.phone.pages.idle import reason_of
from snomtui.phone.pages.page import lone, soft_keys, wrapped
from snomtui.phone.snapshot import IdentityState, Row
from snomtui.presence import CHOICES, WORDS, Availability
from snomtui.skin import Shape

_PROOFS = {"digest": "Digest", "ntlmv1": "NTLMv1", "ntlmv2": "NTLMv2"}


def _presence(model: Model, screen: Screen, now: float) -> Listing:
    say, chosen = model.say, model.settings.text("presence_state")
    rows = [
        Row(
            say("Appear offline") if state is Availability.OFFLINE else say(WORDS[state]),
            right=say("chosen") if state.value == chosen else "",
            presence=state,
            intent=SetPresence(state),
        )
        for state in CHOICES
    ]
    if model.note:
        rows.append(Row(say("Note: {note}", note=model.note), intent=Go("note")))
    soft = soft_keys(ok(model), labelled(model, "Note", Go("note")), None, back(model))
    return Listing(say("My presence"), rows, soft)


def state_of(model: Model, state: str) -> str:
    """The state of a registration in words."""
    say = model.say
    words = {
        "registering": say("registering"),
        "registered": say("registered"),
        "refused": say("refused"),
        "waiting": say("waiting"),
    }
    return words.get(state) or say("off")


def _identities(model: Model, screen: Screen, now: float) -> Listing:
    rows = [
        Row(
            f"{n}: {identity.aor}",
            right=model.say("active") if identity.active else state_of(model, identity.state),
            intent=SetSetting("active_line", str(n)),
        )
        for n, identity in sorted(model.identities.items())
    ]
    soft = soft_keys(
        ok(model),
        labelled(model, "Sign in", Go("sign_in")),
        labelled(model, "Options", Go("menu:identity")),
        back(model),
    )
    return Listing(model.say("Identities"), rows, soft, empty=model.say("No identity"))


def _info(model: Model, screen: Screen, now: float) -> Listing:
    say, identity = model.say, model.identities.get(model.active_line)
    rows = [
        Row(say("Firmware"), right=model.settings.text("sim_firmware")),
        Row(say("Program"), right=f"snomtui {__version__}"),
        Row("MAC", right=model.settings.text("sim_mac")),
    ]
    if identity:
        rows += [
            Row(say("Identity"), right=identity.aor),
            Row(say("Registration"), right=state_of(model, identity.state)),
            *_reason(model, identity),
            Row(say("Transport"), right=identity.transport or "-"),
            Row(say("Authentication"), right=_PROOFS.get(identity.auth) or say("none")),
            Row(say("Expires"), right=f"{identity.expires} s" if identity.expires else "-"),
        ]
    rows.append(Row(say("Web server"), right=model.web or say("off")))
    rows.append(Row(say("Model"), right=model.shape.model))
    rows = [part for row in rows for part in _whole(row, model.shape)]
    return Listing(say("System information"), rows, soft_keys(None, None, None, back(model)))


def _reason(model: Model, identity: IdentityState) -> list[Row]:
    """Why it is not registered; the display of one row says it in full nowhere else."""
    if identity.state not in ("refused", "waiting") or not identity.reason:
        return []
    return [Row(line, style="alert") for line in _lines(reason_of(model, identity), model.shape)]


def _whole(row: Row, shape: Shape) -> list[Row]:
    """A row whose value does not fit beside its name has it below, in as many rows as it takes."""
    if len(row.text) + 1 + len(row.right) <= _room(shape):
        return [row]
    return [Row(row.text), *(Row(line) for line in _lines(row.right, shape))] if row.right else [row]


def _lines(text: str, shape: Shape) -> list[str]:
    return wrapped(text, replace(shape, columns=_room(shape)))


def _room(shape: Shape) -> int:
    """The columns of a row that the mark and, on a display of one row, its place in the list leave."""
    return shape.columns - (7 if lone(shape) else 2)


def _help(model: Model, screen: Screen) -> tuple[str, list[str]]:
    """How the keys of this model work."""
    say, shape = model.say, model.shape
    texts = [
        say("Type a number, then OK."),
        say("OK takes a call and chooses; X ends it and goes back."),
        say("Up and down move the cursor, right opens, left goes back. A digit jumps to that entry of a list."),
    ]
    if shape.soft_keys:
        texts.append(say("The {count} keys under the display do what stands above them.", count=shape.soft_keys))
    else:
        texts.append(say("Tap what stands in the last line of the display."))
    if shape.programmable_keys:
        lines = sum(function_key(model.settings, n).kind == "line" for n in range(1, shape.programmable_keys + 1))
        texts.append(
            say(
                "P1 to P{count} are lines ({lines} of them), people and functions. A line key that blinks fast is a "
                "call that rings, one that blinks slowly a call on hold.",
                count=shape.programmable_keys,
                lines=lines,
            )
        )
    texts += [
        say("Hold puts a call on hold and takes it back; Transfer sends it on; DND is do not disturb."),
        say("When idle: up and down change the identity, left shows received calls, right missed ones."),
        say("While you type, the soft key 123/abc changes between digits and letters; left deletes."),
        say("In the menu and with a setting the key Help explains the setting."),
    ]
    return say("Help"), texts


PRESENCE = list_page("presence", _presence)
IDENTITIES = list_page("identities", _identities)
INFO = list_page("info", _info)
HELP = text_page("help", _help)
NOTICE = text_page("notice", lambda model, screen: (model.say("Note"), [screen.subject]))
"""A message that does not fit on the only row."""
