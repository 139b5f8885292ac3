"""The table of command.htm: one row a parameter, and what it makes the phone do.

`read` turns a request into intents; `target` is the same table read backwards, for the client. What snom's firmware
does with a parameter is in the fact file, chapter 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from snomtui.errors import LocalError
from snomtui.phone.intents import Answer, ClearList, Dial, Dtmf, HangUp, Intent, LogOff, Press, Register, Show
from snomtui.phone.snapshot import IdentityState
from snomtui.remote import query
from snomtui.remote.api.shapes import one_line
from snomtui.remote.keys import presses, sequence
from snomtui.remote.saves import NO_SETTINGS, saved
from snomtui.remote.touch import Touch, touches
from snomtui.settings.registry import IDENTITIES

PAGE = "/command.htm"
_SCHEMELESS = re.compile(r"(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost)(?::[0-9]{1,5})?/")
"""How an address without `http://` begins: with a host. Without one it would belong to the page that is shown."""
LONGEST_NUMBER = 255


class BadCommand(LocalError):
    """A command that cannot be understood; the text says which part and why."""


@dataclass(frozen=True, slots=True)
class Command:
    """What one request asks of the phone."""

    intents: tuple[Intent, ...]
    dials: bool = False
    """Whether it dials: then the answer leads to index.htm, as with the real phone."""
    touches: tuple[Touch, ...] = ()
    """Where the display is touched, after all else."""


Identities = Sequence[IdentityState]
Reader = Callable[[str, Mapping[str, str], Identities], tuple[Intent, ...]]


def _dial(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    wanted = query.number(value)
    if not wanted:
        raise BadCommand("no number given")
    if len(wanted) > LONGEST_NUMBER or not one_line(wanted):
        raise BadCommand("that is not a number that can be dialled")
    return (Dial(wanted, identity_of(others.get("outgoing_uri", ""), identities)),)


def _press(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    return presses(value)


def _dtmf(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    digits = re.sub(r"[ ;,+]", "", value).upper()
    if not re.fullmatch(r"[0-9*#A-D]{1,255}", digits):
        raise BadCommand("key_dtmf takes the digits 0 to 9, *, # and A to D")
    return (Dtmf(digits),)


def _release(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    return (HangUp(every=True),)


def _log_off_all(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    return (LogOff(None),)


def _log_off(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    return (LogOff(_identity_number("LOGOFFLINE", value)),)


def _register(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    return (Register(_identity_number("REREGISTER", value)),)


def _nothing(value: str, others: Mapping[str, str], identities: Identities) -> tuple[Intent, ...]:
    return ()


_COMMANDS: Mapping[str, Reader] = {
    "number": _dial,
    "outgoing_uri": _nothing,  # belongs to number
    "key": _press,
    "key_dtmf": _dtmf,
    "release_all_calls": _release,
    "logoffall": _log_off_all,
    "logoffline": _log_off,
    "reregister": _register,
    "touch": _nothing,  # needs to know what is on the display by then
    "fix_lil": _nothing,  # asks for what screen.bmp shows here anyway
}
"""Names in lower case: matching does not look at the case."""

ADDITIONS = frozenset({"key_dtmf", "release_all_calls", "logoffall", "logoffline", "reregister", "touch", "fix_lil"})
"""What came after 2009 (`sim_remote_additions`)."""
_LISTS = {"misseddel": "missed", "dialeddel": "dialed", "receiveddel": "received"}


def read(asked: query.Pairs, identities: Identities, additions: bool = True) -> Command:
    """What command.htm is to do; raises `LocalError` in words, and then nothing at all is to be done.

    What has no name here is passed over as long as there is a command beside it: a lost call is worse. Without
    `additions` it is the firmware of 2009.
    """
    others = {name.lower(): value for name, value in asked}
    known = [name for name in others if name in _COMMANDS and (additions or name not in ADDITIONS)]
    if others and not known:
        raise BadCommand(f"unknown command {ascii(next(iter(others))[:40])}")
    intents: list[Intent] = []
    seen: set[str] = set()
    for name, value in asked:
        command = name.lower()
        if command in known and (command not in seen or command == "key"):
            intents += _COMMANDS[command](value, others, identities)
            seen.add(command)
    return Command(tuple(intents), "number" in seen, touches(others["touch"]) if "touch" in seen else ())


def read_home(asked: query.Pairs, identities: Identities) -> Command:
    """What index.htm is to do: dial (`NUMBER`, `number`), clear call lists (`misseddel` ...), or one thing to a call.

    `answer` and `hangup` take the call's id; ours only. A key would do something else once that call has gone.
    """
    others = {name.lower(): value for name, value in asked}
    intents: tuple[Intent, ...] = ()
    if "number" in others and (others["number"].strip() or "dial" in others):
        intents = _dial(others["number"], others, identities)
    if "answer" in others:
        return Command((Answer(others["answer"] or None),))
    if "hangup" in others:
        return Command((HangUp(others["hangup"] or None),))
    cleared = tuple(ClearList(which) for name, which in _LISTS.items() if name in others)
    return Command(intents + cleared, dials=bool(intents))


def read_settings(asked: query.Pairs) -> Command:
    """What `settings=save&NAME=VALUE...` on a page is to do; without `settings=save` nothing."""
    return Command(saved(asked))


def read_minibrowser(asked: query.Pairs) -> Command:
    """What `minibrowser.htm?url=URL` is to do: show a page; with `settings=save` the other parameters are settings.

    Without `settings=save` they belong to a URL that nobody has escaped. Raises `BadCommand`.
    """
    saving = saved([(name, value) for name, value in asked if name.lower() != "url"])
    url, open_end = "", False
    for name, value in asked:
        if name.lower() == "url" and not url:
            url, open_end = value.strip(), True
        elif open_end and not saving and name.lower() not in NO_SETTINGS:
            url += f"&{name}={value}" if value else f"&{name}"
    if not url.replace("+", " ").strip():  # blanks as forms encode them are no URL either
        raise BadCommand("no url given: minibrowser.htm?url=http://...")
    return Command((*saving, Show(f"http://{url}" if _SCHEMELESS.match(url) else url)))


def identity_of(uri: str, identities: Identities) -> int | None:
    """The identity that `outgoing_uri=` means: by address, user part or display name; None = the active one."""
    wanted = query.number(uri).strip('<>" ').lower()
    if not wanted:
        return None
    address = re.sub(r"^sips?:", "", wanted).partition(";")[0].partition("?")[0]
    address = re.sub(r":[0-9]{1,5}$", "", address)
    user = address.partition("@")[0]
    known = [(each, each.aor.lower()) for each in identities if each.aor]
    alike = (
        [each for each, aor in known if aor == address],
        [each for each, aor in known if aor.partition("@")[0] == user],  # of another host: the phone has just one such
        [each for each, _ in known if each.name.lower() == wanted],
    )
    return next((found[0].number for found in alike if found), None)


def target(intents: Sequence[Intent], outgoing_uri: str = "") -> str:
    """The table read backwards: the request target that asks for these intents; raises `BadCommand`."""
    if intents and all(isinstance(intent, Press) for intent in intents):
        keys = sequence(intent for intent in intents if isinstance(intent, Press))
        return f"{PAGE}?key={query.encoded(keys)}"
    if len(intents) != 1:
        raise BadCommand("one command at a time, please")
    return f"{PAGE}?{_query_of(intents[0], outgoing_uri)}"


def _query_of(intent: Intent, outgoing_uri: str) -> str:
    match intent:
        case Dial(number):
            return query.dialling(number, outgoing_uri)
        case HangUp(every=every):
            return "RELEASE_ALL_CALLS" if every else "key=CANCEL"
        case Answer():
            return "key=ENTER"
        case Dtmf(digits):
            return f"key_dtmf={query.encoded(digits)}"
        case Register(identity):
            return f"REREGISTER={identity}"
        case LogOff(identity):
            return "LOGOFFALL" if identity is None else f"LOGOFFLINE={identity}"
        case _:
            raise BadCommand(f"no snom phone can be asked for {type(intent).__name__} this way")


def _identity_number(name: str, value: str) -> int:
    text = value.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= IDENTITIES):
        raise BadCommand(f"{name} takes an identity from 1 to {IDENTITIES}, not {ascii(text[:20])}")
    return int(text)
