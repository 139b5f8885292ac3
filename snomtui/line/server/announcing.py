"""What a REGISTER says about us: where we are, and what we can do ([MS-SIPREGE] 3.1; RFC 3327, 5626, 5627)."""

from __future__ import annotations

from collections.abc import Set

from snomtui.line.account import Account
from snomtui.line.desk import Desk
from snomtui.line.methods import OCS_METHODS
from snomtui.sip.headers import Item


def contacts(desk: Desk, bound: str, unwanted: Set[str]) -> list[Item]:
    """Where we are now; and an old place `bound` that the server still knows is taken back.

    `unwanted` are extensions that the server does not know.
    """
    here = desk.letterhead.location()
    made = [("Contact", _binding(desk.account, here, unwanted))]
    if bound and bound != here and not desk.account.ocs:
        made.append(("Contact", f"{bound};expires=0"))
    return made


def _binding(account: Account, here: str, unwanted: Set[str]) -> str:
    instance = f'+sip.instance="<urn:uuid:{account.instance}>"'
    if account.ocs:
        return f'{here};methods="{OCS_METHODS}";proxy=replace;{instance}'
    flow = "" if "outbound" in unwanted else ";reg-id=1"
    return f'{here}{flow};q=1.0;{instance};audio;mobility="fixed";duplex="full";actor="principal"'


def abilities(account: Account, unwanted: Set[str]) -> list[Item]:
    """Headers by which a server knows what the phone can do, without the extensions that are `unwanted`."""
    if account.ocs:
        return [
            ("Supported", "gruu-10, adhoclist, msrtc-event-categories"),
            ("Supported", "ms-forking"),
            ("ms-keep-alive", "UAC;hop-hop=yes"),
            ("Event", "registration"),
        ]
    known = ["path", "outbound", *(["gruu"] if account.gruu else [])]
    wanted = [each for each in known if each not in unwanted]
    return [("Supported", ", ".join(wanted))] if wanted else []
