"""What the DNS has told, until it ends."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.sip.locating import Answer, Naptr, Question, Record, Srv

SHORTEST, LONGEST = 1, 86_400
"""Seconds for which an answer is kept, whatever it says."""
LONGEST_NOTHING = 900
"""The same for the answer that there is nothing: somebody may be putting it right just now."""
MOST = 1000
"""Answers that are kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer in the cache."""

    question: Question
    answer: Answer
    ends: float
    """Seconds since 1970."""

    def __str__(self) -> str:
        """As the log has it: `a sip.ucc.de -> 192.0.2.1`."""
        return told(self.question, self.answer)


class DnsCache:
    """Answers by question; names are the same in capitals and small letters (RFC 4343)."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Entry] = {}

    def add(self, question: Question, answer: Answer, ttl: int, now: float) -> Entry:
        """Keep an answer for `ttl` seconds, within limits."""
        longest = LONGEST if answer.records else LONGEST_NOTHING
        entry = Entry(question, answer, now + max(SHORTEST, min(ttl, longest)))
        self._entries[_key(question)] = entry
        if len(self._entries) > MOST:
            self._make_room(now)
        return entry

    def find(self, question: Question, now: float) -> Answer | None:
        """The answer, if it still holds."""
        entry = self._entries.get(_key(question))
        if entry is None or entry.ends <= now:
            return None
        return entry.answer

    def entries(self, now: float) -> tuple[Entry, ...]:
        """All that holds, the first to end first."""
        return tuple(sorted((each for each in self._entries.values() if each.ends > now), key=lambda each: each.ends))

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    def _make_room(self, now: float) -> None:
        kept = self.entries(now)[-MOST // 2 :]
        self._entries = {_key(each.question): each for each in kept}


def _key(question: Question) -> tuple[str, str]:
    return question.kind, question.name.casefold()


def told(question: Question, answer: Answer | None) -> str:
    """A question and its answer in one line; without an answer nothing stands behind the arrow."""
    line = f"{question.kind} {question.name} ->"
    if answer is None:
        return line
    return f"{line} {', '.join(map(_record, answer.records)) or 'nothing'}"


def _record(record: Record) -> str:
    match record:
        case Srv(priority, weight, port, target):
            return f"{priority} {weight} {port} {target}"
        case Naptr(order, preference, flags, service, replacement):
            return f"{order} {preference} {flags} {service} {replacement}"
    return str(record)
