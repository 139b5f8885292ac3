"""The pages that remote control programs of real phones use, as openapi.json describes them.

Only those are here that take commands or are pictures; the others are for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from snomtui.remote.api.shapes import FILLED, LINE, Shape, text, whole
from snomtui.remote.api.wishes import KEYS
from snomtui.remote.commands import LONGEST_NUMBER
from snomtui.remote.pictures import KINDS
from snomtui.settings.registry import IDENTITIES

_PAGE: Shape = {"text/html": {"schema": {"type": "string"}}}
_PLAIN: Shape = {"text/plain": {"schema": {"type": "string"}}}
_IDENTITY = whole(1, IDENTITIES)
_TOUCH = "^(?:[1-3]?[0-9]{1,2}|4[0-7][0-9]) (?:1?[0-9]{1,2}|2[0-6][0-9]|27[01])(?: (?:press|release|pr|p|r))?$"
"""One touch inside of 480 by 272 pixels; several may follow each other."""
_COMMANDS: Mapping[str, Shape] = {
    "number": text("Call this number or address; its plus may stand raw.", pattern=LINE, maxLength=LONGEST_NUMBER),
    "outgoing_uri": text("With number: the identity to call from, user@host."),
    "key": text("Press keys: KEY or KEY,TIME,PAUSE in ms, with ; between.", pattern=KEYS, maxLength=4096),
    "key_dtmf": text("Send digits in the call.", pattern="^[0-9*#A-D]{1,255}$"),
    "RELEASE_ALL_CALLS": text("End every call; the value means nothing."),
    "LOGOFFALL": text("Log off every identity; the value means nothing."),
    "LOGOFFLINE": {**_IDENTITY, "description": "Log off this identity."},
    "REREGISTER": {**_IDENTITY, "description": "Register this identity anew."},
    "touch": text("Touch the display of the snom 870: X Y, or X Y press, release or pr.", pattern=_TOUCH),
}
_DONE = {
    "200": "Done; what the phone refused is told in the header X-Phone-Refusal.",
    "302": "The number is being called; leads to index.htm.",
    "400": "Nothing was done: what was sent cannot be understood.",
}
_SAVED = {"200": "Saved; what was refused is told in the header X-Phone-Refusal."}
_BODY = {
    "408": "The body did not come in time.",
    "413": "The body is too large.",
    "415": "The form must be urlencoded.",
}
_LOCKED = {"401": "No login, or a wrong one."}
_FOREIGN = {"403": "Not for a page of another site, or not in this mode."}
_SHOWING: Mapping[str, Shape] = {"url": text("The page that the phone is to fetch and show.", pattern=FILLED)}
_SAVING: Mapping[str, Shape] = {
    "settings": text("`save`; without it nothing is saved. Beside it stand settings by name."),
    "store_settings": text("Real phones write to flash with it; here all is kept."),
}


def paths(locked: bool, pictures: bool) -> dict[str, dict[str, Any]]:
    """Their part of the document; `locked` tells whether there is a login, `pictures` whether somebody draws."""
    login = _LOCKED if locked else {}
    command = {**_DONE, **_FOREIGN, **login}
    saved = {**_SAVED, **_FOREIGN, **login}
    shown = {**_SAVED, "400": "There is no url.", **_FOREIGN, **login}
    found: dict[str, dict[str, Any]] = {
        "/command.htm": _both("command", "Remote control, as snom's firmware takes it.", _COMMANDS, command),
        "/dummy.htm": _both("save", "Set settings: settings=save&NAME=VALUE.", _SAVING, saved),
        "/minibrowser.htm": _both("show", "Show a page on the display.", _SHOWING, shown, needs=("url",)),
    }
    if pictures:
        found |= {f"/screen.{kind}": {"get": _picture(kind, login)} for kind in KINDS}
    return found


def _both(
    name: str, about: str, fields: Mapping[str, Shape], answers: Mapping[str, str], needs: tuple[str, ...] = ()
) -> dict[str, Any]:
    """GET with a query, POST with a form. Either may also have the other's; what stands in both counts once."""
    answers = {**answers, "414": "The address is too long."}
    asked = [
        {"name": field, "in": "query", "schema": shape, "required": field in needs} for field, shape in fields.items()
    ]
    form: Shape = {"type": "object", "properties": dict(fields), "required": list(needs)}
    if fields is _COMMANDS:  # names that no command has are passed over where one stands beside them
        form["anyOf"] = [{"required": [field]} for field in fields] + [{"propertyNames": {"const": ""}}]
    body = {"required": bool(needs), "content": {"application/x-www-form-urlencoded": {"schema": form}}}
    said = {"tags": ["snom"], "summary": about}
    posted = {**answers, **_BODY}
    return {
        "get": {"operationId": name, **said, "parameters": asked, "responses": _pages(answers)},
        "post": {"operationId": f"{name}_form", **said, "requestBody": body, "responses": _pages(posted)},
    }


def _picture(kind: str, login: Mapping[str, str]) -> dict[str, Any]:
    answers = {
        "200": {"description": "The picture.", "content": {KINDS[kind]: {"schema": {"type": "string"}}}},
        "403": {"description": _FOREIGN["403"], "content": _PLAIN},
        "503": {"description": "It cannot be drawn now.", "content": _PLAIN},
    }
    about = "The display as it is now." if kind == "bmp" else "The phone as it looks now."
    return {
        "operationId": f"screen_{kind}",
        "tags": ["snom"],
        "summary": about,
        "responses": {**answers, **_pages(login)},
    }


def _pages(answers: Mapping[str, str]) -> dict[str, Any]:
    kinds = {"414": _PLAIN}
    return {status: {"description": about, "content": kinds.get(status, _PAGE)} for status, about in answers.items()}
