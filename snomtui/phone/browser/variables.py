"""Variables in URLs: what a call, the phone or any setting tells (fact file, chapter 2). Secrets are empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from snomtui.errors import SettingsError
from snomtui.phone.intents import is_secret
from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState
from snomtui.settings.registry import find

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

_LOADERS = {"snom820": "1.1.4-IFX-26.11.09", "snom821": "1.1.4-IFX-26.11.09", "snom870": "SPEAr300 SNOM 1.4"}


def agent(model: str, firmware: str) -> str:
    """How the phone names itself to web servers; programs read the model from it."""
    return f"Mozilla/4.0 (compatible; {model}-SIP {firmware} {_LOADERS.get(model, '1.1.3-s')})"


def setting(model: Model, name: str) -> str | None:
    """The value of a setting, with or without index; a secret is empty, what is no setting is None."""
    for full in (name, f"{name}{model.active_line}"):
        if is_secret(full):
            return ""
        try:
            find(full)
        except SettingsError:
            continue
        return model.settings.text(full)
    return None


def value(phone: Phone, name: str, call: CallState | None, more: Mapping[str, str]) -> str | None:
    """The value of a variable; `more` is what only the moment knows. None = there is no such variable."""
    model = phone.model
    if name in more:
        return more[name]
    match name:
        case "mac":
            return model.settings.text("sim_mac")
        case "phone_ip" | "local_ip":
            return _own_address(phone)
        case "phone_type" | "model":
            return model.shape.model
        case "nr_ongoing_calls":
            return str(sum(each.state != "ended" for each in model.calls.values()))
        case "expansion_module":
            return "1" if model.settings.on("sim_expansion_module") else ""
        case "context_url":
            return _of_identity(model, "active_url", call.identity if call else model.active_line)
        case "longpress_key":
            return ""
    if name in _OF_IDENTITY:
        return _of_identity(model, name, model.active_line)
    if name in _OF_CALL:
        return _of_call(model, name, call)
    if name.startswith("sip_header("):
        return ""
    if _UID.fullmatch(name):
        line = phone.line(int(name[8:] or model.active_line))
        return line.account.instance if line else ""
    return setting(model, name)


_UID = re.compile(r"user_uid[0-9]{0,2}")
"""The name under which an identity is registered (RFC 5626); no setting here, but tools ask for it."""
_OF_IDENTITY = ("active_url", "active_user", "active_host")
_OF_CALL = ("local", "remote", "display_local", "display_remote", "active_key", "cancel_reason", "call-id", "csta_id")


def _own_address(phone: Phone) -> str:
    line = phone.line(phone.model.active_line)
    return line.letterhead.local_address() if line else "127.0.0.1"


def _of_identity(model: Model, name: str, number: int) -> str:
    identity = model.identities.get(number)
    aor = identity.aor if identity else ""
    user, _, host = aor.rpartition("@")
    return {"active_url": f"sip:{aor}" if aor else "", "active_user": user, "active_host": host}[name]


def _of_call(model: Model, name: str, call: CallState | None) -> str:
    """`local` is ourselves and `remote` the other side, whoever called."""
    if call is None:
        return ""
    identity = model.identities.get(call.identity)
    known = {
        "local": f"sip:{identity.aor}" if identity and identity.aor else "",
        "remote": call.remote,
        "display_local": identity.name if identity else "",
        "display_remote": call.remote_name,
        "active_key": call.key,
        "cancel_reason": call.reason if call.state == "ended" else "",
    }
    return known.get(name, "")
