"""The accounts of a phone seen from outside: through our own API, or as settings of a real snom.

Only over HTTPS; the one who asks sees to that before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

from snomtui.remote.api.accounts import FIELDS
from snomtui.remote.api.accounts import PATH as ACCOUNTS
from snomtui.remote.driving import realsnom
from snomtui.remote.driving.client import Refused
from snomtui.settings.registry import IDENTITIES

if TYPE_CHECKING:
    from snomtui.remote.driving.driver import Remote

LOGIN = "/api/v1/login"
_LINE = re.compile(r"(?m)^\s*(?:<[^>]*>)*(user_[a-z_]+?)([0-9]{1,2})[!$&]?:[ ]?([^\r\n<]*)")


def shown(remote: Remote, identity: int = 0) -> list[dict[str, Any]]:
    """All accounts that are set up, or the one that is asked for; raises `Refused`."""
    if remote.is_ours():
        return _from_api(remote, identity)
    answer = remote.send(realsnom.Request("/settings.htm"))
    rows: dict[int, dict[str, Any]] = {}
    names = {setting: name for name, setting in FIELDS.items() if name != "password"}
    for setting, number, value in _LINE.findall(answer.text):
        if setting in names and 1 <= int(number) <= IDENTITIES:
            text = unescape(value).strip()
            rows.setdefault(int(number), {})[names[setting]] = text == "on" if names[setting] == "active" else text
    if not rows:
        raise Refused(f"{remote.where}: its settings page (settings.htm) tells of no account")
    wanted = [identity] if identity else [number for number in sorted(rows) if rows[number].get("name")]
    return [{"identity": number, **rows.get(number, {})} for number in wanted]


def change(remote: Remote, identity: int, wanted: Mapping[str, object]) -> None:
    """Change these fields of one account; raises `Refused`."""
    if remote.is_ours():
        _told(remote, "PATCH", f"{ACCOUNTS}/{identity}", dict(wanted))
        return
    values = {f"{FIELDS[name]}{identity}": _text(value) for name, value in wanted.items()}
    remote.send(realsnom.settings(values))


def change_login(remote: Remote, user: str, password: str, scheme: str) -> None:
    """Change the login of the phone's own web server; raises `Refused`."""
    if remote.is_ours():
        _told(remote, "PUT", LOGIN, {"user": user, "password": password, "scheme": scheme})
        return
    digest = "on" if scheme == "digest" else "off"
    remote.send(realsnom.settings({"http_scheme": digest, "http_user": user, "http_pass": password}))


def in_words(account: Mapping[str, Any]) -> str:
    """One account in a line."""
    aor = f"{account.get('name', '')}@{account.get('host', '')}".strip("@") or "not set up"
    said = ("display_name", "login", "outbound", "server_type", "state", "reason")
    more = ["on" if account.get("active") else "off", *(str(account[name]) for name in said if account.get(name))]
    return f"identity {account.get('identity', '?')}: {aor} ({', '.join(more)})"


def _from_api(remote: Remote, identity: int) -> list[dict[str, Any]]:
    found = _told(remote, "GET", f"{ACCOUNTS}/{identity}" if identity else ACCOUNTS)
    if identity:
        return [{"identity": identity, **found.get("account", found)}]
    listed = found.get("accounts", [])
    return [each for each in listed if isinstance(each, dict) and each.get("name")] if isinstance(listed, list) else []


def _told(remote: Remote, method: str, target: str, value: dict[str, Any] | None = None) -> dict[str, Any]:
    found = remote.json(method, target, value)
    if found is None:
        raise Refused(f"{remote.where}: this phone is too old for {target}")
    return {name: each for name, each in found.items() if name != "ok"}


def _text(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
