"""What a program that monitors the phone is told of calls (ECMA-269 18)."""

from __future__ import annotations

from collections.abc import Iterator

from snomtui.kit.xml import Markup, tag
from snomtui.phone.csta.numbers import number_of
from snomtui.phone.csta.services import View, connection_state
from snomtui.phone.csta.words import Style, connection, device, elements
from snomtui.phone.snapshot import CallState

_CAUSES = {486: "busy", 600: "busy", 404: "destNotObtainable", 480: "callNotAnswered", 408: "callNotAnswered"}


def told(monitor: str, style: Style, view: View, before: CallState | None, call: CallState) -> Iterator[bytes]:
    """The events of one step of a call; `before` is what it was, None = it is new."""
    for name, parts in _events(view, before, call):
        yield style.whole(name, tag("monitorCrossRefID", None, monitor), *parts)


def _events(view: View, before: CallState | None, call: CallState) -> Iterator[tuple[str, tuple[Markup, ...]]]:
    was = before.state if before else ""
    if call.state == was:
        return
    new, out = _how(call, "newCall"), call.direction == "out"
    if not was and out:
        yield "OriginatedEvent", (view.connection("originatedConnection", call), *_parties(view, call), new)
    match call.state:
        case "offered" | "ringing":
            end = _end(view, call, own=not out)
            alerting = (connection("connection", number_of(call), end), device("alertingDevice", end))
            yield "DeliveredEvent", (*alerting, *_parties(view, call), _last(), new)
        case "talking" | "held" if before is None or not before.since:
            end = _end(view, call, own=not out)
            answering = connection("establishedConnection", number_of(call), end), device("answeringDevice", end)
            yield "EstablishedEvent", (*answering, *_parties(view, call), _last(), new)
        case "talking" if was in ("holding", "held"):
            end = _end(view, call, own=was == "holding")
            retrieved = connection("retrievedConnection", number_of(call), end), device("retrievingDevice", end)
            yield "RetrievedEvent", (*retrieved, _how(call, "normal"))
        case "holding" | "held":
            end = _end(view, call, own=call.state == "holding")
            held = connection("heldConnection", number_of(call), end), device("holdingDevice", end)
            yield "HeldEvent", (*held, _how(call, "normal"))
        case "ended":
            yield from _ended(view, before, call)


def _ended(view: View, before: CallState | None, call: CallState) -> Iterator[tuple[str, tuple[Markup, ...]]]:
    talked = before is not None and bool(before.since)
    cause = _CAUSES.get(call.code, "destNotObtainable") if call.code else "callCancelled"
    cause = "normalClearing" if talked else cause
    if call.direction == "out" and not talked and call.code and call.code >= 400 and call.cause != "local":
        end = call.remote
        failed = connection("failedConnection", number_of(call), end), device("failingDevice", end)
        yield "FailedEvent", (*failed, *_parties(view, call), _last(), _how(call, cause))
    end = _end(view, call, own=call.cause != "remote")
    dropped = connection("droppedConnection", number_of(call), end), device("releasingDevice", end)
    yield "ConnectionClearedEvent", (*dropped, _how(call, cause))


def _end(view: View, call: CallState, own: bool) -> str:
    """One end of a call."""
    return view.device(call.identity) if own else call.remote


def _parties(view: View, call: CallState) -> tuple[Markup, Markup]:
    """Who calls, and who is called."""
    came = call.direction == "in"
    return (
        device("callingDevice", _end(view, call, own=not came)),
        device("calledDevice", _end(view, call, own=came)),
    )


def _last() -> Markup:
    return tag("lastRedirectionDevice", None, tag("notRequired"))


def _how(call: CallState, cause: str) -> Markup:
    return elements(("localConnectionInfo", connection_state(call)), ("cause", cause))
