"""What may be asked of the phone over which connection, and in which mode.

`dummy.htm` takes passwords over plain HTTP, because that is how real phones are configured. The doors of today do not:
a password goes in over HTTPS, or from this machine, where nobody listens.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from snomtui.phone.intents import Intent, SetSetting, is_secret
from snomtui.remote.api.operation import CONFLICT, Refused
from snomtui.remote.doing import Outcome
from snomtui.remote.reply import Scope
from snomtui.settings.modes import allowed
from snomtui.settings.registry import Settings

ONLY_HTTPS = "only over HTTPS"


def gate(scope: Scope, wanted: Sequence[Intent], settings: Settings) -> None:
    """Raise `Refused` if one of these may not be asked: 403 over this connection, 409 in this mode."""
    changes = [intent for intent in wanted if isinstance(intent, SetSetting)]
    secret = next((each.name for each in changes if is_secret(each.name)), None)
    if secret is not None and not (is_https(scope) or is_near(scope)):
        why = f"{secret[:60]} is a secret: {ONLY_HTTPS}, or from the phone's own machine"
        raise Refused(why, 403, outcome=Outcome(why=why, wanted=tuple(wanted)))
    locked = next((each.name for each in changes if not allowed(each.name, settings)), None)
    if locked is not None:
        why = f"{locked} can be changed in administrator mode only"
        raise Refused(why, CONFLICT, outcome=Outcome(why=why, wanted=tuple(wanted)))


def only_https(scope: Scope) -> None:
    """Raise `Refused` (403) over plain HTTP."""
    if not is_https(scope):
        raise Refused(ONLY_HTTPS, 403)


def is_https(scope: Scope) -> bool:
    """Whether nobody on the way can read along."""
    return scope.get("scheme") == "https"


def is_near(scope: Scope) -> bool:
    """Whether who asks is on the phone's own machine."""
    client = scope.get("client")
    try:
        address = ip_address(client[0]) if client else None
    except ValueError:
        return False
    if address is None:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
