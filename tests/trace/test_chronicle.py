"""Remote commands and the media of calls, kept for the desk."""

from __future__ import annotations

from snomtui.trace.chronicle import CALLS, COMMANDS, Chronicle


def test_commands_are_kept_and_others_are_not() -> None:
    kept = Chronicle()
    kept.note({"event": "command", "target": "/a"})
    kept.note({"event": "led"})
    assert [one["target"] for one in kept.commands()] == ["/a"]
    assert kept.count == 1


def test_action_urls_are_kept_among_the_commands() -> None:
    kept = Chronicle()
    kept.note({"event": "command", "target": "/a"})
    kept.note({"event": "action", "url": "http://x/", "setting": "action_hold", "status": 200, "why": ""})
    assert [one["event"] for one in kept.commands()] == ["command", "action"]


def test_newest_report_of_a_call_wins_and_keeps_its_name() -> None:
    kept = Chronicle()
    kept.note({"event": "media", "id": "1", "remote": "Jan", "sent": 1})
    kept.note({"event": "media", "id": "1", "sent": 2})
    assert [(one["sent"], one["remote"]) for one in kept.media()] == [(2, "Jan")]


def test_what_is_kept_is_bounded() -> None:
    kept = Chronicle()
    for number in range(COMMANDS + CALLS):
        kept.note({"event": "command", "target": str(number)})
        kept.note({"event": "media", "id": str(number)})
    assert len(list(kept.commands())) == COMMANDS
    assert len(list(kept.media())) == CALLS
