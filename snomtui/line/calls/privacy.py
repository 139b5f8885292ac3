"""Calls without showing who calls (RFC 3323 4.1, RFC 3325 9)."""

from __future__ import annotations

from snomtui.line.account import Account
from snomtui.sip.grammar import quote
from snomtui.sip.message import Request


def concealed(invite: Request, account: Account) -> Request:
    """The INVITE with an anonymous From; who calls stands where only a server that we trust looks.

    OCS believes no From but our own, so there the wish alone must do.
    """
    if not account.ocs:
        name = f"{quote(account.name)} " if account.name else ""
        anonymous = f'"Anonymous" <sip:anonymous@anonymous.invalid>;tag={invite.from_.tag}'
        invite = invite.with_("From", anonymous).with_("P-Preferred-Identity", f"{name}<{account.uri}>")
    return invite.with_("Privacy", "id")
