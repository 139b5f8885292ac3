"""Answers and the dialogs they make."""

from __future__ import annotations

import pytest

from snomtui.line.answers import bindings, dialog_of, refresh
from snomtui.sip.message import Response, respond
from tests.line.peer import Peer

INVITE = Peer().make("INVITE", ("Contact", "<sip:heiko@192.0.2.1>"), uri="sip:anna@example.org")


def answer(*contacts: str) -> Response:
    """200 with these contacts."""
    return respond(INVITE, 200, tag="x", headers=[("Contact", each) for each in contacts])


@pytest.mark.parametrize(
    ("contact", "target"),
    [("<sip:anna@192.0.2.9>", "sip:anna@192.0.2.9"), ("<sip:[broken", "sip:anna@example.org")],
)
def test_contact_that_cannot_be_read_costs_itself_not_the_dialog(contact: str, target: str) -> None:
    dialog = dialog_of(INVITE, answer(contact))
    assert (dialog.target, dialog.remote.tag) == (target, "x")


def test_target_is_refreshed_by_what_can_be_read() -> None:
    dialog = dialog_of(INVITE, answer("<sip:anna@192.0.2.9>"))
    refresh(dialog, answer("<sip:[broken"))
    assert dialog.target == "sip:anna@192.0.2.9"
    refresh(dialog, answer("<sip:anna@192.0.2.10>"))
    assert dialog.target == "sip:anna@192.0.2.10"


def test_bindings_are_those_that_can_be_read() -> None:
    found = bindings(answer("<sip:a@192.0.2.1>;expires=5", "<sip:[broken", "<sip:b@192.0.2.2>"))
    assert [each.uri.user for each in found] == ["a", "b"]
