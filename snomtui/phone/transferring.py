"""Transfers that are under way: who is sent where, and that it worked."""

from __future__ import annotations

from snomtui.line.events import CallChanged
from snomtui.phone.model import Model


def begun(model: Model, call: str, to: str) -> None:
    """The other side of a call is being sent to `to`, a number or an address."""
    model.transfers[call] = model.name_of(to) or to.removeprefix("sip:").partition(";")[0]


def heard(model: Model, event: CallChanged) -> None:
    """A call took a step: if it is over, the transfer has succeeded; if it says why not, it has failed."""
    to = model.transfers.get(event.id)
    if to is None or not (event.state == "ended" or event.reason):
        return
    del model.transfers[event.id]
    call = model.calls.get(event.id)
    if event.state == "ended":
        name = (call.remote_name or call.number) if call else event.number
        model.notice = model.say("{name} was transferred to {number}", name=name, number=to)
