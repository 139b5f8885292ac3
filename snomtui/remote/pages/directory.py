"""`tbook.htm`: the phone's own directory, and the contacts that the server keeps; `tbook.csv` is it as a table."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.errors import LocalError
from snomtui.phone.directory import TYPES
from snomtui.phone.intents import DeleteEntry, Intent, SaveEntry
from snomtui.presence import WORDS, Contact
from snomtui.remote import bookcsv
from snomtui.remote.doing import Outcome
from snomtui.remote.intentjson import whole_text
from snomtui.remote.pages.frame import LOOKED_AT, USED, Frame
from snomtui.remote.reply import BadRequest

PAGE, FILE = "/tbook.htm", "/tbook.csv"
ROWS = 50
"""So many entries are on one page."""
LONGEST = 255
"""Characters of a name, a number or an address."""


def routes(frame: Frame) -> list[Route]:
    """The page and its file."""
    pages = Directory(frame)
    return [Route(PAGE, pages.answer, methods=USED), Route(FILE, pages.file, methods=LOOKED_AT)]


class Directory:
    """Answers them."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def answer(self, request: Request) -> Response:
        """Show entries (`search`, `from`), offer one for a change (`edit`); by POST save, delete or import."""
        frame = self._frame
        foreign = frame.foreign(request) if request.method == "POST" else None
        if foreign:
            return foreign
        try:
            asked = {name.lower(): value for name, value in await frame.asked(request)}
        except BadRequest as error:
            return self._shown({}, str(error), error.status)
        if request.method != "POST":
            return self._shown(asked)
        try:
            wanted = self._wanted(asked)
        except LocalError as error:
            return self._shown(asked, str(error), frame.failed(request, error))
        return self._done(request, asked, wanted)

    def _done(self, request: Request, asked: dict[str, str], wanted: Sequence[tuple[str, Intent]]) -> Response:
        did: list[Intent] = []
        why = said = ""
        for place, wish in wanted:
            outcome = self._frame.doing.do((wish,))
            did += outcome.did
            if outcome.why:
                why, said = f"{place}{outcome.why}", f"{place}{self._frame.said(outcome)}"
                break
        outcome = Outcome(tuple(did), why)
        self._frame.doing.tell(request.scope, 409 if why else 302, outcome)
        if not why:
            return self._frame.redirect(PAGE, outcome)
        say = self._frame.language.say
        count = say("{count} entries were saved before.", count=len(did)) if did else ""
        return self._shown(asked, f"{said}. {count}".strip(), 409, outcome)

    def _wanted(self, asked: dict[str, str]) -> list[tuple[str, Intent]]:
        """What is to be done, each with the place in a file from which it comes."""
        if "delete" in asked:
            return [("", DeleteEntry(asked["delete"]))]
        if "csv" in asked:
            known = {each.uri for each in self._frame.doors.directory()}
            return [(f"line {line}: ", wish) for line, wish in bookcsv.read(asked["csv"], known)]
        if "save" not in asked:
            return []
        texts = {name: asked.get(name, "").strip() for name in ("name", "numbers", "address", "type", "old")}
        for name, text in texts.items():
            if len(text) > LONGEST or not text.isprintable():
                raise bookcsv.BadBook(f"{name}: one line with at most {LONGEST} characters")
        numbers = tuple(filter(None, (each.strip() for each in texts["numbers"].split(";"))))
        return [("", SaveEntry(texts["name"], numbers, texts["address"], texts["type"], texts["old"]))]

    def _shown(
        self, asked: dict[str, str], error: str = "", status: int = 200, outcome: Outcome | None = None
    ) -> Response:
        doors = self._frame.doors
        search = asked.get("search", "").strip()[:LONGEST]
        entries, people = _found(doors.directory(), search), _found(doors.contacts(), search)
        own = {each.uri for each in doors.directory()}
        people = [each for each in people if each.uri not in own]
        first = min(_number(asked.get("from", "")), max(0, len(entries) + len(people) - 1) // ROWS * ROWS)
        edited = asked.get("edit") or (asked.get("old") if error else "")
        return self._frame.page(
            "tbook.html",
            status,
            outcome,
            here=PAGE,
            error=error,
            search=search,
            entries=entries[first : first + ROWS],
            people=people[max(0, first - len(entries)) : max(0, first + ROWS - len(entries))],
            first=first,
            rows=ROWS,
            count=len(entries),
            total=len(entries) + len(people),
            presence={each.uri: each.presence for each in doors.contacts()},
            words=WORDS,
            types=TYPES,
            edited=next((each for each in doors.directory() if edited and each.uri == edited), None),
            typed=asked if error and "save" in asked else {},
            csv=asked.get("csv", "") if error else "",
        )

    async def file(self, request: Request) -> Response:
        """The own directory as a table with commas (RFC 4180)."""
        foreign = self._frame.foreign(request)
        if foreign:
            return foreign
        body = whole_text(bookcsv.written(self._frame.doors.directory())).encode()
        headers = {"content-disposition": 'attachment; filename="tbook.csv"', "cache-control": "no-store"}
        return Response(body, 200, {**headers, "x-content-type-options": "nosniff"}, "text/csv; charset=utf-8")


def _found(people: Sequence[Contact], search: str) -> list[Contact]:
    """Those with this in their name, address or numbers, by name."""
    low = search.casefold()
    found = [
        each
        for each in people
        if not low or low in each.name.casefold() or low in each.uri.casefold() or any(low in n for n in each.numbers)
    ]
    return sorted(found, key=lambda each: each.label.casefold())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
