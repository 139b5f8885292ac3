"""The pages with instant messages."""

from __future__ import annotations

from snomtui.line.events import CallChanged, MessageCame
from snomtui.phone.intents import Go, Press
from snomtui.phone.letters import LENGTH
from snomtui.phone.snapshot import Pattern
from snomtui.presence import Contact
from tests.line.peer import says, silent
from tests.phone.bench import Bench

ANNA = Contact("sip:anna@example.org", "Anna Lindner", watched=False)
LONG = "Eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf.\nZweite Zeile. " * 6


def bench(*texts: str) -> Bench:
    """A phone to which Anna has written."""
    made = Bench(contacts=[ANNA])
    for number, text in enumerate(texts):
        made.tell(made.peer.make("MESSAGE", call_id=f"m{number}", body=("text/plain;charset=UTF-8", text.encode())))
        made.advance(1)
    return made


def test_new_messages_are_shown_until_somebody_looks() -> None:
    one = bench("Essen?", "Jetzt\ngleich")
    assert one.snapshot.status == "Anna Lindner: Jetzt gleich"
    assert "Messages: 2 new" in one.rows
    assert one.snapshot.leds["MESSAGE"].pattern is Pattern.ON
    one.press("MESSAGE")
    assert one.page.title == "Messages"
    assert one.rows == ["Anna Lindner: Jetzt gleich", "Anna Lindner: Essen?"]
    assert "MESSAGE" not in one.snapshot.leds
    one.press("CANCEL")
    assert not any("Messages" in row for row in one.rows)


def test_message_that_comes_while_the_list_is_open_is_not_new() -> None:
    one = bench("eins")
    one.press("RETRIEVE")
    one.tell(one.peer.make("MESSAGE", call_id="x", body=("text/plain", b"zwei")))
    assert one.rows == ["Anna Lindner: zwei", "Anna Lindner: eins"]
    assert "MESSAGE" not in one.snapshot.leds


def test_long_message_is_read_on_a_page_of_its_own() -> None:
    one = bench(LONG, "kurz")
    one.press("MESSAGE", "DOWN", "ENTER")
    assert one.page.name == "message" and one.page.title.startswith("Anna Lindner, ")
    first = one.rows
    one.press(*["DOWN"] * 30)
    assert one.rows != first and one.page.below == 0
    one.press("CANCEL")
    assert one.page.name == "messages"


def test_sender_of_a_message_is_called_back() -> None:
    one = bench("Ruf mich an")
    one.peer.rules["INVITE"] = silent
    one.press("MESSAGE", "ENTER", "ENTER")
    assert one.events(CallChanged)[-1].remote == ANNA.uri


def test_without_messages_the_list_is_empty_and_the_key_speaks_of_the_mailbox() -> None:
    one = bench()
    refusal = one.do(Press("RETRIEVE"))
    assert refusal is not None and "mailbox" in refusal.why
    one.do(Go("messages"))
    assert one.rows == ["No messages"]
    one.press("ENTER", "F2", "DOWN")
    one.do(Go("message:nothing"))
    assert one.rows == ["No messages"]


def test_only_the_last_messages_are_remembered() -> None:
    one = bench(*(f"Text {number}" for number in range(LENGTH + 3)))
    one.do(Go("messages"))
    assert len(one.events(MessageCame)) == LENGTH + 3
    assert one.page.below + len(one.page.rows) == LENGTH
    assert one.rows[0] == f"Anna Lindner: Text {LENGTH + 2}"


def test_message_is_answered_with_a_text() -> None:
    one = bench("Essen?")
    one.peer.rules["MESSAGE"] = says(200)
    one.press("MESSAGE", "ENTER", "F1")
    assert one.page.title == "To Anna Lindner"
    one.press("ENTER")
    assert one.page.name == "write"  # nothing is sent without a text
    one.write("Ja, gleich")
    one.press("F1")
    assert one.page.name == "message"
    assert one.peer.last("MESSAGE").body == b"Ja, gleich"


def test_messages_are_deleted_in_the_list_and_when_read() -> None:
    one = bench("eins", "zwei")
    one.press("MESSAGE", "ENTER", "F3")
    assert (one.page.name, one.rows) == ("messages", ["Anna Lindner: eins"])
    one.press("F3")
    assert one.rows == ["No messages"]


def test_long_answer_is_seen_whole() -> None:
    one = bench("Essen?")
    one.do(Go(f"write:{ANNA.uri}"))
    one.write("Heute nicht, morgen aber sehr gern um zwölf Uhr")
    assert " ".join(one.rows) == "Heute nicht, morgen aber sehr gern um zwölf Uhr"
    one.press("LEFT", "LEFT", "LEFT")
    assert one.screen.entry.endswith("zwölf ")
