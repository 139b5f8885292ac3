"""The accounts of the identities, and the login of this web server: changed from elsewhere, over HTTPS only."""

from __future__ import annotations

from snomtui.phone.snapshot import IdentityState
from snomtui.remote.api.changes import change, checked
from snomtui.remote.api.gate import only_https
from snomtui.remote.api.operation import CONFLICT, MALFORMED, Answer, Asked, Operation, Refused, in_path
from snomtui.remote.api.shapes import Shape, fields_of, maybe, named, one_of, row_of, switch, text, thing, whole
from snomtui.remote.doing import Doing, Outcome
from snomtui.remote.doors import Doors
from snomtui.remote.intentjson import LONGEST, BadIntent, Object
from snomtui.settings.registry import IDENTITIES, find

PATH = "/api/v1/accounts"
FIELDS = {
    "active": "user_active",
    "name": "user_name",
    "host": "user_host",
    "login": "user_pname",
    "password": "user_pass",
    "display_name": "user_realname",
    "outbound": "user_outbound",
    "server_type": "user_server_type",
}
"""What an account's fields are called here and in the settings."""
LOGIN = {"user": "http_user", "password": "http_pass", "scheme": "http_scheme"}
SCHEMES = {"basic": "off", "digest": "on"}


def operations(doors: Doors, doing: Doing) -> tuple[Operation, ...]:
    """The rows of this room."""
    accounts = _Accounts(doors, doing)
    one, number = f"{PATH}/{{identity}}", in_path("identity", whole(1, IDENTITIES), "The identity.")
    account, bad = {200: named("Account")}, (408, CONFLICT, 413, 415, MALFORMED)
    example = {"name": "heiko.riedel", "host": "ucc.de", "login": "UCC\\heiko.riedel", "password": "..."}
    return (
        Operation(
            "GET",
            PATH,
            "accounts",
            "All accounts (only over HTTPS).",
            accounts.every,
            {200: thing({"accounts": row_of(named("Account"))})},
        ),
        Operation(
            "GET", one, "account", "One account (only over HTTPS).", accounts.one, account, None, (404,), (number,)
        ),
        Operation(
            "PATCH",
            one,
            "change_account",
            "Change an account: all of it, or nothing (only over HTTPS). Fields that are not given stay.",
            accounts.changed,
            account,
            named("AccountChange"),
            (404, *bad),
            (number,),
            example=example,
        ),
        _login_row(accounts, bad),
    )


def _login_row(accounts: _Accounts, bad: tuple[int, ...]) -> Operation:
    kept = thing({"ok": switch(), "user": text(), "scheme": one_of(*SCHEMES), "password_set": switch()})
    secret = text(maxLength=LONGEST, writeOnly=True)
    given = {"user": text(maxLength=LONGEST), "password": secret, "scheme": one_of(*SCHEMES)}
    return Operation(
        "PUT",
        "/api/v1/login",
        "change_login",
        "Change user, password and scheme of this web server (only over HTTPS). All empty = no login.",
        accounts.login,
        {200: kept},
        thing(given, ("scheme",), additionalProperties=False),
        bad,
        example={"user": "admin", "password": "...", "scheme": "digest"},
    )


def components() -> dict[str, Shape]:
    """An account as it is, and as it is changed."""
    row = find(f"{FIELDS['server_type']}1")[0]
    kinds = {name: text(maxLength=LONGEST) for name in FIELDS} | {
        "server_type": one_of(*row.choices),
        "active": switch(),
    }
    shown: Shape = {name: {"type": "string"} for name in FIELDS if name not in ("password", "active")}
    states = fields_of(IdentityState)
    state = {"state": states["state"], "code": states["code"], "reason": states["reason"]}
    number, known = whole(1, IDENTITIES), switch("Whether there is a password; it is never told.")
    change = {name: maybe(kind) for name, kind in kinds.items()}  # what is null stays, as with settings
    change["password"] = {**change["password"], "writeOnly": True}
    return {
        "Account": thing({"identity": number, "active": switch(), **shown, "password_set": known, **state}),
        "AccountChange": thing(change, tuple(change), additionalProperties=False),
    }


class _Accounts:
    """Answers them."""

    def __init__(self, doors: Doors, doing: Doing) -> None:
        self._doors, self._doing = doors, doing

    async def every(self, asked: Asked) -> Answer:
        only_https(asked.scope)
        return Answer(200, {"accounts": [self._account(number) for number in range(1, IDENTITIES + 1)]})

    async def one(self, asked: Asked) -> Answer:
        only_https(asked.scope)
        return Answer(200, self._account(_number(asked)))

    async def changed(self, asked: Asked) -> Answer:
        only_https(asked.scope)
        number = _number(asked)
        given = await asked.object()
        if not isinstance(given.get("active"), bool | None):
            raise BadIntent('"active" must be true or false')
        for name in FIELDS.keys() - {"active"}:
            if not isinstance(given.get(name), str | None):
                raise BadIntent(f'"{name}" must be a text')
        names = {name: f"{setting}{number}" for name, setting in FIELDS.items()}
        outcome = self._change(asked, given, names)
        return Answer(200, self._account(number), outcome=outcome)

    async def login(self, asked: Asked) -> Answer:
        only_https(asked.scope)
        given = await asked.object()
        missing = [name for name in ("user", "password") if not isinstance(given.get(name), str)]
        if missing:
            raise BadIntent(f"needs {' and '.join(missing)}, as texts")
        scheme = given.get("scheme")
        if "scheme" in given and scheme not in SCHEMES:
            raise BadIntent(f'"scheme" must be one of {", ".join(SCHEMES)}')
        given = {**given, "scheme": SCHEMES[scheme]} if scheme else given
        outcome = self._change(asked, given, LOGIN)
        settings = self._doors.settings
        said = {
            "ok": True,
            "user": settings.text("http_user"),
            "scheme": "digest" if settings.on("http_scheme") else "basic",
            "password_set": bool(settings.text("http_pass")),
        }
        return Answer(200, said, outcome=outcome)

    def _change(self, asked: Asked, given: Object, names: dict[str, str]) -> Outcome:
        """All or nothing; what is wrong is told by the names of the API."""
        changes = checked(given, names)
        back = {setting: name for name, setting in names.items()}
        return change(asked.scope, changes, self._doors.settings, self._doing, back)

    def _account(self, number: int) -> Object:
        settings = self._doors.settings
        values: Object = {name: settings.text(setting, number) for name, setting in FIELDS.items()}
        password = values.pop("password")
        state = next((each for each in self._doors.snapshot().identities if each.number == number), None)
        return {
            "identity": number,
            **values,
            "active": settings.on(FIELDS["active"], number),
            "password_set": bool(password),
            "state": state.state if state else "off",
            "code": state.code if state else None,
            "reason": state.reason if state else "",
        }


def _number(asked: Asked) -> int:
    given = asked.place["identity"]
    if not (given.isascii() and given.isdigit() and len(given) <= 2 and 1 <= int(given) <= IDENTITIES):
        raise Refused(f"the identities are 1 to {IDENTITIES}", 404)
    return int(given)
