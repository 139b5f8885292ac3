"""What the phone keeps telling: not registered, do not disturb, calls that go elsewhere, missed calls, no password."""

from __future__ import annotations

from snomtui.phone import redirection
from snomtui.phone.model import Model
from snomtui.phone.pages import security


def status(model: Model) -> list[str]:
    """Short texts in the words of snom, the most important first; empty if all is as usual."""
    parts = []
    identity = model.identities.get(model.active_line)
    if identity and identity.state in ("refused", "waiting"):
        parts.append(model.say("NR"))
    if model.settings.on("dnd_mode"):
        parts.append(model.say("DND active!"))
    parts += _forwards(model)
    if model.missed:
        parts.append(model.say("Missed: {count}", count=model.missed))
    if model.screen.name == "idle" and security.warns(model):
        parts.append(model.say("No web password!"))
    return parts


def _forwards(model: Model) -> list[str]:
    """Where callers go instead; who sends all of them elsewhere need not read of the others."""
    settings, say = model.settings, model.say
    to = {kind: redirection.target(settings, kind) for kind in redirection.KINDS if redirection.works(settings, kind)}
    if "all" in to:
        return [say("Forward All: {number}", number=to["all"])]
    busy = [say("Forward when busy: {number}", number=to["busy"])] if "busy" in to else []
    return [*busy, say("Forward after timeout: {number}", number=to["time"])] if "time" in to else busy
